"""Whom a register is asked about."""

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentKind(StrEnum):
    """Identity documents, by their code on the wire (GB 11643 and the documents beside it)."""

    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE_PERMIT = "hmt_residence_permit"
    HM_TRAVEL_PERMIT = "hm_travel_permit"
    TW_TRAVEL_PERMIT = "tw_travel_permit"
    FOREIGN_RESIDENT_ID = "foreign_resident_id"
    FOREIGN_WORK_PERMIT = "foreign_work_permit"
    PASSPORT = "passport"


@dataclass(frozen=True)
class Who:
    """A natural person by name and document; its representation shows neither."""

    name: str = field(repr=False)
    document: DocumentKind
    number: str = field(repr=False)

    def on_the_wire(self) -> dict[str, str]:
        """Return the person as every register's contract names one."""
        return {"name": self.name, "document": self.document.value, "number": self.number.upper()}
