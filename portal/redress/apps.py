"""Application of the room for review requests."""

from portal.shared import rooms


class RedressConfig(rooms.Room):
    """Connects review requests with the rooms below."""

    name = "portal.redress"
