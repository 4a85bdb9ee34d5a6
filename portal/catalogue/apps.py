"""Application of the catalogue."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The room of series, levels, agencies, schedules and policy."""

    name = "portal.catalogue"
