"""Application of the shared room."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.shared import checks


class SharedConfig(AppConfig):
    """Registers the checks at start."""

    name = "portal.shared"

    def ready(self) -> None:
        register(checks.demo_clock_is_off, Tags.security, deploy=True)
        register(checks.field_keys_are_secret, Tags.security, deploy=True)
        register(checks.packages_are_the_chosen_ones)
        register(checks.database_is_postgresql_through_psycopg2, Tags.database)
