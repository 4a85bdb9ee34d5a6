"""What a notice means to its owner: each room above registers one subscriber per kind of notice in its wiring."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.publicity.enums import NoticeKind, ObjectionState
from portal.shared.errors import Reason

if TYPE_CHECKING:
    from portal.publicity.models import Line, Notice, Objection


class Owner:
    """Answers for one kind of notice; every method is called in the transaction of the step it speaks of.

    A line is cleared exactly once: when the notice ends, or later when the last objection against it was found
    unfounded. A struck line is never cleared. Lines of several notices that belong to one row are one matter: an
    objection to one of them holds the others, too.
    """

    def reasons_against_posting(self, notice: "Notice", at: dt.datetime) -> list[Reason]:
        """Return what besides the common rules speaks against posting, such as a result that was not accepted."""
        return []

    def reasons_against_deciding(self, objection: "Objection") -> list[Reason]:
        """Return what keeps the present handler from deciding an objection, such as that another authority decides."""
        return []

    def handler(self, objection: "Objection") -> Organisation:
        """Return who answers the objection first: the publisher, unless the kind says otherwise (A-08)."""
        return objection.line.notice.publisher

    def next_instance(self, objection: "Objection") -> Organisation | None:
        """Return who answers after the present handler, or None at the top."""
        return None

    def copied(self, objection: "Objection") -> Iterable[Organisation]:
        """Return which organisations besides the handler learn of an objection and of its outcome, never who objects."""
        return []

    def following(self, notice: "Notice") -> Iterable[Organisation]:
        """Return which organisations besides the publisher were told when the notice ends, and learn where that changes."""
        return []

    def ended(self, notice: "Notice", at: dt.datetime) -> None:
        """The notice ran its full time."""

    def withdrawn(self, notice: "Notice", reason: str, at: dt.datetime) -> None:
        """The notice was taken back for a serious mistake; none of its lines will be cleared."""

    def reads_proof(self, actor: Actor, notice: "Notice", line: "Line | None") -> bool:
        """Return whether ``actor`` may read a proof of publicity, besides its publisher and the one person it speaks of."""
        return False

    def cleared(self, line: "Line", at: dt.datetime) -> None:
        """The line stood the full time and nothing is open against it."""

    def held(self, line: "Line", objection: "Objection", at: dt.datetime) -> None:
        """An objection holds the line."""

    def released(self, line: "Line", objection: "Objection", at: dt.datetime) -> None:
        """The last objection against the line's row was closed as unfounded or not admitted."""

    def struck(self, line: "Line", objection: "Objection", outcome: ObjectionState, at: dt.datetime) -> None:
        """An objection against the line was upheld with ``outcome``."""


_owners: dict[NoticeKind, Owner] = {}


def register(kind: NoticeKind, owner: Owner) -> None:
    """Have ``owner`` answer for notices of ``kind``; raises ValueError where another already does."""
    if kind in _owners and type(_owners[kind]) is not type(owner):
        raise ValueError(f"Notices of kind {kind} already have an owner.")
    _owners[kind] = owner


def owner_of(kind: str) -> Owner:
    """Return who answers for notices of ``kind``; raises LookupError where nobody does."""
    try:
        return _owners[NoticeKind(kind)]
    except KeyError:
        raise LookupError(f"No room answers for notices of kind {kind!r}.") from None


def owned_kinds() -> frozenset[NoticeKind]:
    """Return the kinds for which somebody answers; only they can be composed."""
    return frozenset(_owners)
