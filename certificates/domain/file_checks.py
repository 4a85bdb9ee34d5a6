"""Judging a file that somebody brings as a certificate: who sealed it, whether it was changed, and how it stands now."""

import datetime as dt
from dataclasses import dataclass

from certificates.domain import checking
from certificates.domain.checking import Answer
from certificates.enums import CheckWay
from portal.accounts.actors import Actor
from portal.sealing import judgement
from portal.sealing.judgement import Judgement


@dataclass(frozen=True)
class FileAnswer:
    """What the file is, and how the certificate stands that its sealed record names; None for a file that names none.

    The answer is what the portal issued, whatever a changed file shows. A restricted certificate is not found (A-12).
    """

    judgement: Judgement
    answer: Answer | None

    @property
    def names_one(self) -> bool:
        """Whether a sealed record in the file names a certificate."""
        return self.judgement.record is not None


def check_file(pdf: bytes, *, by: Actor, at: dt.datetime) -> FileAnswer:
    """Judge a file and check what it names; nothing of the file is kept. Takes about a second.

    Raises KeysUnfitError without a ring of keys.
    """
    judged = judgement.judge(pdf)
    told = judged.record
    if told is None:
        return FileAnswer(judged, None)
    number, name, code = (told.get(part, "") for part in ("number", "holder_name", "check_code"))
    return FileAnswer(judged, checking.check(number, name, code, way=CheckWay.FILE, by=by, at=at))
