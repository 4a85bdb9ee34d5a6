"""The portal, and the errand's one address for programs."""

from django.urls import include, path

from tests.errand.urls import Steps

urlpatterns = [
    path("api/errand/<str:code>/", Steps.as_view(), name="steps"),
    path("", include("portal.urls")),
]
