"""Application of the entrance."""

from django.core.checks import Tags, register

from portal.entrance import checks
from portal.shared import rooms


class EntranceConfig(rooms.Room):
    """Connects the entrance with the rooms below and registers its check."""

    name = "portal.entrance"

    def ready(self) -> None:
        super().ready()
        register(checks.second_factor_is_required, Tags.security, deploy=True)
