"""Addresses of the roof."""

from django.urls import path

from portal.web.views import clock, health, home, operations, pages, preferences, rulebook

app_name = "web"

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("desk/", home.Desk.as_view(), name="desk"),
    path("help/", pages.Help.as_view(), name="help"),
    path("help/<slug:slug>/", pages.Guide.as_view(), name="guide"),
    path("privacy/", pages.Privacy.as_view(), name="privacy"),
    path("accessibility/", pages.Accessibility.as_view(), name="accessibility"),
    path("rules/", rulebook.Rules.as_view(), name="rules"),
    path("rules/<str:number>/", rulebook.Rule.as_view(), name="rule"),
    path("language/<slug:tag>/", preferences.language, name="language"),
    path("size/<slug:size>/", preferences.size, name="size"),
    path("operations/", operations.Operations.as_view(), name="operations"),
    path("operations/ledger/", operations.VerifyLedger.as_view(), name="verify_ledger"),
    path("operations/certificate-log/", operations.VerifyCertificateLog.as_view(), name="verify_certificate_log"),
    path("operations/deadlines/", operations.RingAgain.as_view(), name="ring_again"),
    path("clock/", clock.MoveClock.as_view(), name="clock"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
