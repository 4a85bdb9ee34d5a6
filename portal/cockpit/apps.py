"""Application of the bureau's cockpit."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.cockpit.rules import watches
from portal.http import navigation


class CockpitConfig(AppConfig):
    """Leads from the bureau's desk to its figures."""

    name = "portal.cockpit"

    def ready(self) -> None:
        navigation.register("cockpit:funnel", _("统计分析"), who=watches, place=32)
