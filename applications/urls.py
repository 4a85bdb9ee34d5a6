"""Addresses of the applicant's and the employer's desks."""

from django.urls import path

from applications.views import applicant, archive, employer

app_name = "applications"

urlpatterns = [
    path("", applicant.Own.as_view(), name="own"),
    path("archive/", archive.Archive.as_view(), name="archive"),
    path("recommendations/", employer.Queue.as_view(), name="queue"),
    path("recommendations/<str:code>/", employer.File.as_view(), name="file"),
    path("<str:code>/", applicant.Mine.as_view(), name="mine"),
]
