"""Application of the deadlines' room."""

from portal.shared import rooms


class DeadlinesConfig(rooms.Room):
    """Connects the deadlines with the rooms below."""

    name = "portal.deadlines"
