"""Application of the connectors room."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.connectors import checks


class ConnectorsConfig(AppConfig):
    """Registers the checks of the outside systems' configuration."""

    name = "portal.connectors"

    def ready(self) -> None:
        register(checks.sandbox_is_for_demonstrations, Tags.security)
        register(checks.trusted_certificates_are_there)
        register(checks.systems_are_configured, deploy=True)
        register(checks.connections_are_encrypted, Tags.security, deploy=True)
