"""Application of the messages."""

from portal.shared import rooms


class NotificationsConfig(rooms.Room):
    """Gathers the letters, connects the channels and the frame of the pages."""

    name = "portal.notifications"
