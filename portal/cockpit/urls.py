"""Addresses of the cockpit."""

from django.urls import path

from portal.cockpit import views

app_name = "cockpit"

urlpatterns = [
    path("", views.Funnel.as_view(), name="funnel"),
    path("list/", views.Behind.as_view(), name="list"),
    path("<slug:report>/", views.Show.as_view(), name="report"),
    path("<slug:report>/<slug:table>/sheet/", views.Sheet.as_view(), name="sheet"),
]
