"""Addresses of the working-day calendar."""

from django.urls import path

from portal.workdays.views import bureau, public

app_name = "workdays"

urlpatterns = [
    path("", public.Years.as_view(), name="years"),
    path("<int:year>/", public.Year.as_view(), name="year"),
    path("notices/", bureau.Notices.as_view(), name="notices"),
    path("notices/prepare/", bureau.Prepare.as_view(), name="prepare"),
    path("notices/<str:code>/", bureau.Notice.as_view(), name="notice"),
    path("notices/<str:code>/publish/", bureau.Publish.as_view(), name="publish"),
]
