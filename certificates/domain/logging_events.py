"""What the steps of a certificate tell the log."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from certificates.domain import transparency
from portal.shared.clock import BEIJING


class LogEvent(TextChoices):
    """What can happen to a certificate, as the log names it for ever."""

    ISSUED = "issued", _("签发")
    CORRECTED = "corrected", _("更正换发")
    SUSPENDED = "suspended", _("暂停使用")
    RESUMED = "resumed", _("恢复使用")
    REVOKED = "revoked", _("撤销")
    RESTORED = "restored", _("撤销后恢复")


# Why a certificate changed, as strangers may know it: neither the suspicion nor whose decision it is.
REASON_CODES = {
    LogEvent.SUSPENDED: "under_review",
    LogEvent.RESUMED: "review_closed",
    LogEvent.REVOKED: "title_revoked",
    LogEvent.RESTORED: "decision_quashed",
}


@dataclass(frozen=True)
class Happening:
    """One event of one certificate; ``face`` is `Face.record()`, ``more`` such as ``replaces`` or ``reason_code``."""

    event: LogEvent
    number: str
    face: Mapping[str, str]
    more: Mapping[str, str] = field(default_factory=dict)


def log_event(
    event: LogEvent, certificate_number: str, face_record: Mapping[str, str], at: dt.datetime, **more: str
) -> int:
    """Log one event and return its place; call it last in the transaction of the step that it tells of."""
    return log_events([Happening(event, certificate_number, face_record, more)], at=at)


def log_events(happenings: Sequence[Happening], *, at: dt.datetime) -> int:
    """Log many events of one step in their order and return the place of the first; call it last in its transaction.

    Every other writer waits from here until the transaction ends. Raises ValueError for the face of another certificate.
    """
    return transparency.append([_record(one, at) for one in happenings])


def face_hash(face_record: Mapping[str, str]) -> str:
    """Return by which hash the log names what a certificate shows: the SHA-256 of the file that is attached to its PDF."""
    return hashlib.sha256(transparency.canonical(face_record).encode()).hexdigest()


def _record(one: Happening, at: dt.datetime) -> dict[str, str]:
    if one.face.get("number") != one.number:
        raise ValueError("The face is that of another certificate.")
    own = {
        "event": LogEvent(one.event).value,
        "number": one.number,
        "face_sha256": face_hash(one.face),
        "at": at.astimezone(BEIJING).isoformat(timespec="seconds"),
    }
    if taken := own.keys() & one.more.keys():
        raise ValueError(f"{sorted(taken)} are told of every event.")
    return {**one.more, **own}
