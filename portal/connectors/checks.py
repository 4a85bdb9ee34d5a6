"""Checks at start: no sandbox in production, and a word about what is not configured."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004

from portal.connectors import sandbox
from portal.connectors.systems import System, way_to


def sandbox_is_for_demonstrations(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse the sandbox's published key outside of a demonstration: whoever knows it could forge payments."""
    if settings.DEMO_CLOCK:
        return []
    return [
        Error(f"The connector {system} uses the sandbox's published key.", id="connectors.E001")
        for system, way in _ways()
        if way.secret == sandbox.SECRET
    ]


def systems_are_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name the systems that this installation cannot reach; their callers fall back (A-46)."""
    missing = [system.value for system in System if way_to(system) is None]
    if not missing:
        return []
    return [Warning(f"Connectors without an address: {', '.join(missing)}.", id="connectors.W001")]


def connections_are_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of personal data on unencrypted connections."""
    return [
        Warning(f"The connector {system} is reached without TLS.", id="connectors.W002")
        for system, way in _ways()
        if not way.url.startswith("https://")
    ]


def trusted_certificates_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a start without the certificates that connections shall trust: every call would fail."""
    named = settings.CONNECTORS_CA_FILE
    if not named or Path(named).is_file():
        return []
    return [Error(f"CONNECTORS_CA_FILE names no file: {named}.", id="connectors.E002")]


def _ways() -> list[tuple[System, Any]]:
    return [(system, way) for system in System if (way := way_to(system))]
