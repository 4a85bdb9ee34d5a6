"""Roof: the one router of the API; each room's views stand under one address."""

from rest_framework.routers import SimpleRouter

from portal.notifications.api import Messages

router = SimpleRouter()
router.register("messages", Messages, basename="message")

app_name = "api"
urlpatterns = router.urls
