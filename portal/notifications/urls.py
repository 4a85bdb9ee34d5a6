"""Addresses of the messages."""

from django.urls import path

from portal.notifications.views import inbox, office

app_name = "notifications"

urlpatterns = [
    path("", inbox.Inbox.as_view(), name="inbox"),
    path("read/", inbox.ReadAll.as_view(), name="read_all"),
    path("preferences/", inbox.Preferences.as_view(), name="preferences"),
    path("deliveries/", office.Failures.as_view(), name="failures"),
    path("deliveries/<str:code>/retry/", office.Retry.as_view(), name="retry"),
    path("<str:code>/", inbox.Message.as_view(), name="message"),
]
