"""Addresses of the agency's half, process by process."""

from django.urls import URLPattern, URLResolver, path

from review.views import checking

app_name = "review"

CHECKING: list[URLPattern | URLResolver] = [
    path("", checking.Queue.as_view(), name="queue"),
    path("overdue/", checking.Overdue.as_view(), name="overdue"),
    path("files/<str:code>/", checking.File.as_view(), name="file"),
]

urlpatterns: list[URLPattern | URLResolver] = [*CHECKING]
