"""Application of the sealing room."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.sealing import checks


class SealingConfig(AppConfig):
    """Registers the checks of the keys."""

    name = "portal.sealing"

    def ready(self) -> None:
        register(checks.keys_are_whole, Tags.security, deploy=True)
        register(checks.keys_are_for_earnest, Tags.security, deploy=True)
        register(checks.private_keys_are_private, Tags.security)
