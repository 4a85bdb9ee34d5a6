"""Application of the publicity room."""

from portal.shared import rooms


class PublicityConfig(rooms.Room):
    """Connects notices and objections with the rooms below."""

    name = "portal.publicity"
