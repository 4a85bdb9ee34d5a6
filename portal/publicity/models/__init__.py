"""Tables of notices and objections."""

from portal.publicity.models.availability import Outage, Presence
from portal.publicity.models.notice import Line, Notice
from portal.publicity.models.objection import Objection

__all__ = ["Line", "Notice", "Objection", "Outage", "Presence"]
