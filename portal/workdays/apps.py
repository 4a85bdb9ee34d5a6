"""Application of the working-day calendar."""

from portal.shared import rooms


class WorkdaysConfig(rooms.Room):
    """Adds the calendar to the desks."""

    name = "portal.workdays"
