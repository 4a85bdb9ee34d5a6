"""Roof: the one router of the API; each room's views stand under one address."""

from rest_framework.routers import SimpleRouter

from portal.catalogue import api as catalogue
from portal.notifications.api import Messages

router = SimpleRouter()
router.register("messages", Messages, basename="message")
router.register("catalogue/editions", catalogue.Editions, basename="edition")
router.register("catalogue/series", catalogue.AllSeries, basename="series")
router.register("catalogue/specialties", catalogue.Specialties, basename="specialty")
router.register("catalogue/entries", catalogue.Entries, basename="entry")
router.register("catalogue/conditions", catalogue.Conditions, basename="conditions")
router.register("catalogue/schedules", catalogue.Schedules, basename="schedule")
router.register("catalogue/policies", catalogue.Policies, basename="policy")

app_name = "api"
urlpatterns = router.urls
