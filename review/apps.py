"""Application of the agency's half of the procedure: check, fee and defence."""

from portal.shared import rooms


class ReviewConfig(rooms.Room):
    """Connects the agency's check, the fee and the defence with the rooms below."""

    name = "review"
