"""Addresses of the integrity archive."""

from django.urls import path

from portal.integrity.views import bureau, steps, subject

app_name = "integrity"

urlpatterns = [
    path("", bureau.Records.as_view(), name="records"),
    path("open/", bureau.Open.as_view(), name="open"),
    path("own/", subject.OwnRecords.as_view(), name="own_records"),
    path("own/<str:code>/", subject.OwnRecord.as_view(), name="own_record"),
    path("own/<str:code>/statement/", subject.StateOwnCase.as_view(), name="state_own_case"),
    path("platforms/<str:code>/show/", steps.ShowAgain.as_view(), name="show_again"),
    path("platforms/<str:code>/remove/", steps.RemoveAgain.as_view(), name="remove_again"),
    path("<str:code>/", bureau.Record.as_view(), name="record"),
    path("<str:code>/investigate/", steps.Investigate.as_view(), name="investigate"),
    path("<str:code>/close/", steps.Close.as_view(), name="close"),
    path("<str:code>/notice/", steps.GiveNotice.as_view(), name="give_notice"),
    path("<str:code>/decide/", steps.Decide.as_view(), name="decide"),
    path("<str:code>/amend/", steps.Amend.as_view(), name="amend"),
    path("<str:code>/serve/", steps.Serve.as_view(), name="serve"),
    path("<str:code>/serve-again/", steps.ServeAgain.as_view(), name="serve_again"),
    path("<str:code>/quash/", steps.Quash.as_view(), name="quash"),
]
