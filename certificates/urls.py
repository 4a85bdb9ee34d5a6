"""Addresses of certificates, desk by desk."""

from django.urls import URLPattern, URLResolver, path

from certificates.views import (
    applicant,
    bureau,
    changes,
    checking,
    file_checks,
    log_evidence,
    own_checks,
    public_log,
    register,
    sheet_checks,
    stuck,
)

app_name = "certificates"

ORDERS: list[URLPattern | URLResolver] = [
    path("orders/", bureau.Orders.as_view(), name="orders"),
    path("orders/new/", bureau.Waiting.as_view(), name="waiting"),
    path("orders/new/<str:code>/", bureau.WaitingPeople.as_view(), name="waiting_people"),
    path("orders/<str:code>/", bureau.Order.as_view(), name="order"),
    path("orders/<str:code>/moves/", bureau.OrderMoves.as_view(), name="order_moves"),
    path("orders/<str:code>/give/", bureau.Give.as_view(), name="give"),
    path("orders/<str:code>/drop/", bureau.Drop.as_view(), name="drop"),
    path("orders/<str:code>/again/", stuck.TryAllAgain.as_view(), name="try_all_again"),
    path("stuck/", stuck.Stuck.as_view(), name="stuck"),
    path("stuck/<str:code>/again/", stuck.TryAgain.as_view(), name="try_again"),
    path("pushes/<str:code>/again/", stuck.PushAgain.as_view(), name="push_again"),
]

REGISTER: list[URLPattern | URLResolver] = [
    path("register/", register.Register.as_view(), name="register"),
    path("register/search/", register.Search.as_view(), name="register_search"),
    path("register/export/", register.Export.as_view(), name="register_export"),
    path("exports/<str:code>/", register.Exported.as_view(), name="exported"),
    path("register/<str:code>/", register.ShowCertificate.as_view(), name="certificate"),
    path("register/<str:code>/changes/<str:kind>/", changes.Propose.as_view(), name="propose_change"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("changes/<str:code>/", changes.ShowChange.as_view(), name="change"),
    path("changes/<str:code>/approve/", changes.Approve.as_view(), name="approve"),
    path("changes/<str:code>/decline/", changes.Decline.as_view(), name="decline"),
]

HOLDER: list[URLPattern | URLResolver] = [
    path("own/", applicant.Own.as_view(), name="own"),
    path("own/<str:code>/", applicant.Mine.as_view(), name="mine"),
    path("own/<str:code>/evidence/", log_evidence.Evidence.as_view(), name="evidence"),
]

LOG: list[URLPattern | URLResolver] = [
    path("log/", public_log.Log.as_view(), name="log"),
    path("log/verifier/", public_log.Verifier.as_view(), name="log_verifier"),
]

CHECKING: list[URLPattern | URLResolver] = [
    path("check/", checking.Check.as_view(), name="check"),
    path("check/file/", file_checks.CheckFile.as_view(), name="check_file"),
    path("check/sheet/", sheet_checks.CheckSheet.as_view(), name="check_sheet"),
    path("check/sheet/template/", sheet_checks.Template.as_view(), name="check_template"),
    path("check/sheet/results/", sheet_checks.Results.as_view(), name="check_results"),
    path("own/<str:code>/checks/", own_checks.Checks.as_view(), name="checks"),
    path("own/<str:code>/checks/codes/", own_checks.MakeOneTimeCode.as_view(), name="make_one_time_code"),
]

urlpatterns = [*ORDERS, *REGISTER, *HOLDER, *LOG, *CHECKING]
