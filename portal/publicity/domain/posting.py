"""Composing a notice, posting it, and what time does to it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation, Person
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.ledger.record import record
from portal.publicity import letters
from portal.publicity.domain import availability
from portal.publicity.enums import ARCHIVES, CLEARS, ENDS, ON_THE_BOARD, NoticeKind, NoticeState
from portal.publicity.models import Line, Notice, Proof
from portal.publicity.registry import owner_of
from portal.shared import clock
from portal.workflow import carry_out

# What its owner does for each line takes a dozen statements, and the notice is locked meanwhile.
CLEARED_AT_ONCE = 100


@dataclass(frozen=True)
class Shown:
    """What one line shows, whom it speaks of, and to which row it belongs."""

    content: Mapping[str, str]
    person: Person | None = None
    subject: models.Model | None = field(default=None, compare=False)


@transaction.atomic
def compose(
    *,
    kind: NoticeKind,
    title: str,
    publisher: Organisation,
    lines: Iterable[Shown],
    contact: str,
    workdays: int,
    by: Actor,
    at: dt.datetime,
    text: str = "",
    policy_code: str = "",
    corrects: Notice | None = None,
) -> Notice:
    """Store a draft with its lines numbered from 1; nothing is shown before ``post``. ``workdays`` is the length."""
    notice = Notice.objects.create(
        kind=kind,
        title=title,
        text=text,
        publisher=publisher,
        composed_by=by.person,
        contact=contact,
        workdays=workdays,
        policy_code=policy_code,
        corrects=corrects,
    )
    Line.objects.bulk_create(_line(notice, number, shown) for number, shown in enumerate(lines, start=1))
    record(notice, "compose", by=by, at=at, after=NoticeState.DRAFT, basis="R-072", policy=policy_code)
    return notice


@transaction.atomic
def post(notice: Notice, *, by: Actor, at: dt.datetime, key: str | None = None) -> Notice:
    """Show the notice and set its end: 24:00 of the last of its full working days, the posting day not counted (A-05).

    Raises StepRefused with every reason, among them those of the room that owns the kind.
    """
    posted = carry_out(notice, "post", by=by, at=at, key=key)
    if setting.waiting(ENDS, posted) is None:
        deadline = setting.set_workdays(ENDS, posted, workdays=posted.workdays, at=at)
        if posted.kind in ON_THE_BOARD:
            letters.tell_posted(posted, deadline, at)
    return posted


@transaction.atomic
def withdraw(notice: Notice, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> Notice:
    """Take a running notice back for a serious mistake; its lines clear nobody, and those named learn why."""
    withdrawn = carry_out(notice, "withdraw", by=by, at=at, key=key, reason=reason)
    if setting.waiting(ENDS, withdrawn) is not None:
        setting.lift(ENDS, withdrawn, at=at)
        owner_of(withdrawn.kind).withdrawn(withdrawn, reason, at)
        letters.tell_withdrawn(withdrawn, reason, at)
    return withdrawn


def end(notice: Notice, at: dt.datetime) -> None:
    """Close the notice at its end, or let it run on by the working days on which the board could not be read for long.

    Closed, what was shown is sealed, its lines are cleared in small transactions and its proof is written.
    """
    due = end_of(notice)
    lacking = availability.workdays_lacking(notice, due, at) if due else 0
    if due and lacking:
        setting.set_workdays(ENDS, notice, workdays=(due.workdays or 0) + lacking, at=due.started_at)
        letters.tell_lengthened(notice, at)
        return
    ended = carry_out(notice, "end", by=SYSTEM, at=at)
    owner_of(ended.kind).ended(ended, at)
    setting.set_instant(CLEARS, ended, due_at=at, at=at)
    shown_on = dt.timedelta(days=policy_in_force(clock.day_of(at)).days("result_notice.public_days_after"))
    setting.set_instant(ARCHIVES, ended, due_at=at + shown_on, at=at)
    Proof.objects.order(ended, at=at)


def clear_lines(notice: Notice, at: dt.datetime) -> None:
    """Clear the next lines that nothing holds; where more remain, the same timer rings again."""
    clean = notice.lines.pending().not_held().order_by("number").select_for_update(of=("self",))
    chosen = list(clean[: CLEARED_AT_ONCE + 1])
    cleared = chosen[:CLEARED_AT_ONCE]
    Line.objects.filter(pk__in=[line.pk for line in cleared]).update(cleared_at=at)
    for line in cleared:
        _tell_cleared(line, at)
    if len(chosen) > CLEARED_AT_ONCE:
        setting.set_instant(CLEARS, notice, due_at=at, at=at)


def clear(line: Line, at: dt.datetime) -> None:
    """Clear one line and tell its owner; a line already cleared or struck is left alone."""
    if Line.objects.filter(pk=line.pk, cleared_at=None, struck_at=None).update(cleared_at=at):
        _tell_cleared(line, at)


def archive(notice: Notice, at: dt.datetime) -> None:
    """Take the names off the public page; what was shown stays in the record with its proof."""
    carry_out(notice, "archive", by=SYSTEM, at=at)


def end_of(notice: Notice) -> Deadline | None:
    """Return the deadline at which the notice ends or ended, with its day-by-day explanation; None for a draft."""
    return Deadline.objects.of(notice).filter(kind=ENDS).order_by("-pk").first()


def _tell_cleared(line: Line, at: dt.datetime) -> None:
    line.cleared_at = at
    owner_of(line.notice.kind).cleared(line, at)


def _line(notice: Notice, number: int, shown: Shown) -> Line:
    owned: dict[str, Any] = {"subject": shown.subject} if shown.subject is not None else {}
    content = {name: value for name, value in shown.content.items() if value}
    return Line(
        notice=notice, number=number, content=content, name=content.get("name", ""), person=shown.person, **owned
    )
