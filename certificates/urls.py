"""Addresses of certificates."""

from django.urls import path

from certificates.views import public_log

app_name = "certificates"

urlpatterns = [
    path("log/", public_log.Log.as_view(), name="log"),
    path("log/verifier/", public_log.Verifier.as_view(), name="log_verifier"),
]
