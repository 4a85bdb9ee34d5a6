"""Checks at start that keep a dangerous set-up from running."""

from importlib import metadata
from typing import Any

from django.conf import settings
from django.core.checks import Error
from django.db import connection

from portal.settings import demonstration

FORBIDDEN = {
    "django-fsm": "It was superseded by django-fsm-2, which installs the same module.",
    "psycopg": "Django silently prefers psycopg 3 to psycopg2 when both are installed.",
}


def demo_clock_is_off(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start with a clock that people can move."""
    if not settings.DEMO_CLOCK:
        return []
    return [Error("DEMO_CLOCK must be off in production: every deadline rests on the clock.", id="portal.E001")]


def field_keys_are_secret(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse a production start without keys of one's own for the encrypted columns."""
    readable = {demonstration.FIELD_KEY.partition(":")[2], demonstration.FIELD_INDEX_KEY, ""}
    used = [configured.partition(":")[2] for configured in settings.FIELD_KEYS]
    if used and not readable & {*used, settings.FIELD_INDEX_KEY}:
        return []
    return [Error("FIELD_KEYS and FIELD_INDEX_KEY must be secret keys of this installation.", id="portal.E004")]


def packages_are_the_chosen_ones(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse an environment with a package that quietly replaces a chosen one."""
    found = {str(dist.metadata["Name"]).lower() for dist in metadata.distributions()}
    return [
        Error(f"The package {name} must not be installed. {why}", id="portal.E002")
        for name, why in FORBIDDEN.items()
        if name in found
    ]


def database_is_postgresql_through_psycopg2(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse any database but PostgreSQL: the portal relies on its row locks, triggers and SKIP LOCKED."""
    driver = getattr(connection, "Database", None)
    if connection.vendor == "postgresql" and getattr(driver, "__name__", "") == "psycopg2":
        return []
    return [Error("The portal runs on PostgreSQL through psycopg2 only.", id="portal.E003")]
