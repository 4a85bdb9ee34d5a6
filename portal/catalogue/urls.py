"""Addresses of the catalogue: public pages first, the bureau's under ``manage``."""

from django.urls import include, path

from portal.catalogue.views import (
    agencies,
    conditions,
    editions,
    exchange,
    guides,
    policies,
    public,
    recognitions,
    rows,
    schedules,
)

app_name = "catalogue"

edition = (
    [
        path("", editions.Show.as_view(), name="show"),
        path("submit/", editions.Submit.as_view(), name="submit"),
        path("send-back/", editions.SendBack.as_view(), name="send_back"),
        path("approve/", editions.Approve.as_view(), name="approve"),
        path("publish/", editions.Publish.as_view(), name="publish"),
        path("amend/", editions.Amend.as_view(), name="amend"),
        path("close/", editions.Close.as_view(), name="close"),
        path("schedules/new/", schedules.New.as_view(), name="new_schedule"),
        path("rows/", rows.Rows.as_view(), name="rows"),
        path("rows/new/", rows.AddRow.as_view(), name="add_row"),
        path("rows/<str:row>/", rows.ChangeRow.as_view(), name="change_row"),
        path("rows/<str:row>/drop/", rows.DropRow.as_view(), name="drop_row"),
        path("committees/", rows.Committees.as_view(), name="committees"),
        path("committees/new/", rows.AddCommittee.as_view(), name="add_committee"),
        path("committees/districts/", rows.DistrictCommittees.as_view(), name="district_committees"),
        path("committees/<str:committee>/", rows.ChangeCommittee.as_view(), name="change_committee"),
        path("conditions/", conditions.Conditions.as_view(), name="conditions"),
        path("conditions/new/", conditions.AddConditions.as_view(), name="add_conditions"),
        path("conditions/<str:conditions>/", conditions.ChangeConditions.as_view(), name="change_conditions"),
        path("conditions/<str:conditions>/drop/", conditions.DropConditions.as_view(), name="drop_conditions"),
        path("export/", exchange.Export.as_view(), name="export"),
        path("import/", exchange.Import.as_view(), name="import"),
        path("import/<str:sheet>/", exchange.Preview.as_view(), name="import_preview"),
    ],
    "edition",
)
schedule = (
    [
        path("", schedules.Show.as_view(), name="show"),
        path("change/", schedules.Change.as_view(), name="change"),
        path("verify/", schedules.Verify.as_view(), name="verify"),
        path("send-back/", schedules.SendBack.as_view(), name="send_back"),
        path("publish/", schedules.Publish.as_view(), name="publish"),
        path("amend/", schedules.Amend.as_view(), name="amend"),
        path("close/", schedules.Close.as_view(), name="close"),
    ],
    "schedule",
)
policy = (
    [
        path("", policies.Show.as_view(), name="show"),
        path("change/", policies.Change.as_view(), name="change"),
        path("approve/", policies.Approve.as_view(), name="approve"),
        path("send-back/", policies.SendBack.as_view(), name="send_back"),
        path("publish/", policies.Publish.as_view(), name="publish"),
    ],
    "policy",
)
guide = (
    [
        path("", guides.Show.as_view(), name="show"),
        path("write/", guides.Write.as_view(), name="write"),
        path("verify/", guides.Verify.as_view(), name="verify"),
        path("send-back/", guides.SendBack.as_view(), name="send_back"),
        path("approve/", guides.Approve.as_view(), name="approve"),
        path("publish/", guides.Publish.as_view(), name="publish"),
        path("archive/", guides.Archive.as_view(), name="archive"),
    ],
    "guide",
)
authority = (
    [
        path("", agencies.Show.as_view(), name="show"),
        path("suspend/", agencies.Suspend.as_view(), name="suspend"),
        path("restore/", agencies.Restore.as_view(), name="restore"),
        path("withdraw/", agencies.Withdraw.as_view(), name="withdraw"),
    ],
    "authority",
)
recognition = (
    [
        path("", recognitions.Show.as_view(), name="show"),
        path("approve/", recognitions.Approve.as_view(), name="approve"),
        path("decline/", recognitions.Decline.as_view(), name="decline"),
        path("end/", recognitions.End.as_view(), name="end"),
    ],
    "recognition",
)

urlpatterns = [
    path("", public.Browse.as_view(), name="browse"),
    path("schedules/", public.Schedules.as_view(), name="schedules"),
    path("associations/", recognitions.Associations.as_view(), name="associations"),
    path("entries/<str:code>/", public.Entry.as_view(), name="entry"),
    path("editions/<str:code>/", public.History.as_view(), name="history"),
    path("policies/<str:code>/", public.Policy.as_view(), name="policy_public"),
    path("manage/", editions.Overview.as_view(), name="overview"),
    path("manage/editions/new/", editions.New.as_view(), name="new_edition"),
    path("manage/editions/<str:code>/", include(edition)),
    path("manage/schedules/", schedules.Own.as_view(), name="own_schedules"),
    path("manage/schedules/<str:code>/", include(schedule)),
    path("manage/policies/new/", policies.New.as_view(), name="new_policy"),
    path("manage/policies/<str:code>/", include(policy)),
    path("manage/agencies/<str:code>/", include(authority)),
    path("manage/recognitions/", recognitions.Recognitions.as_view(), name="recognitions"),
    path("manage/recognitions/new/", recognitions.Propose.as_view(), name="propose_recognition"),
    path("manage/recognitions/<str:code>/", include(recognition)),
    path("manage/guides/", guides.Committees.as_view(), name="guides"),
    path("manage/guides/<str:code>/", include(guide)),
    path("manage/specialties/", rows.Specialties.as_view(), name="specialties"),
    path("manage/specialties/new/", rows.AddSpecialty.as_view(), name="add_specialty"),
    path("manage/specialties/<str:code>/", rows.ChangeSpecialty.as_view(), name="change_specialty"),
]
