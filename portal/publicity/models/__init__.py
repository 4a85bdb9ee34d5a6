"""Tables of notices and objections."""

from portal.publicity.models.availability import Outage, Presence
from portal.publicity.models.notice import Line, Notice
from portal.publicity.models.objection import Evidence, Objection
from portal.publicity.models.proof import Opening, Proof

__all__ = ["Evidence", "Line", "Notice", "Objection", "Opening", "Outage", "Presence", "Proof"]
