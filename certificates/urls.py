"""Addresses of certificates, desk by desk."""

from django.urls import URLPattern, URLResolver, path

from certificates.views import checking, public_log

app_name = "certificates"

LOG: list[URLPattern | URLResolver] = [
    path("log/", public_log.Log.as_view(), name="log"),
    path("log/verifier/", public_log.Verifier.as_view(), name="log_verifier"),
]

CHECKING: list[URLPattern | URLResolver] = [
    path("check/", checking.Check.as_view(), name="check"),
]

urlpatterns = [*LOG, *CHECKING]
