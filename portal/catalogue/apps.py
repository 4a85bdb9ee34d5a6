"""Application of the catalogue."""

from portal.shared import rooms


class CatalogueConfig(rooms.Room):
    """The room of series, levels, agencies, schedules and policy."""

    name = "portal.catalogue"
