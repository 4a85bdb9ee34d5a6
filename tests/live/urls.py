"""The portal, and the errand's one address for programs."""

from django.urls import include, path

from portal.urls import handler404, handler500
from tests.errand.urls import Steps

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("api/errand/<str:code>/", Steps.as_view(), name="steps"),
    path("", include("portal.urls")),
]
