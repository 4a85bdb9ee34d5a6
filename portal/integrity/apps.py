"""Application of the integrity room."""

from portal.shared import rooms


class IntegrityConfig(rooms.Room):
    """Connects the integrity archive with the rooms below."""

    name = "portal.integrity"
