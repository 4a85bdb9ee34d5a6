"""Application of the pages' foundation."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.http import checks


class HttpConfig(AppConfig):
    """Registers the check that every view declares who may."""

    name = "portal.http"

    def ready(self) -> None:
        register(checks.every_view_declares_who_may, Tags.urls)
