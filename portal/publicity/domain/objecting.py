"""Lodging an objection, and everything the handler does with it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import PUBLIC, SYSTEM, Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.queries import people_holding
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.ledger.record import record
from portal.publicity import letters, rules
from portal.publicity.domain import collecting, posting
from portal.publicity.enums import ANSWER, RAN_ITS_TIME, RELEASING, UPHELD, NoticeState, ObjectionState
from portal.publicity.models import Evidence, Line, Notice, Objection
from portal.publicity.registry import owner_of
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out, settle_due

FEWEST_SIGNS = 10


@dataclass(frozen=True)
class Statement:
    """What an objector says; name and contact are empty for an anonymous one."""

    facts: str
    name: str = ""
    contact: str = ""
    may_be_named_to_employer: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the objector gave a name and so gets an answer."""
        return bool(self.name.strip() or self.contact.strip())


def lodge(
    line: Line,
    statement: Statement,
    *,
    by: Actor,
    at: dt.datetime,
    evidence: "Iterable[UploadedFile[bytes]]" = (),
) -> Objection:
    """Take an objection against ``line``: that line is on hold from now on, and every other goes on (A-08).

    ``evidence`` are files that come with it. Raises Refusal where the notice is not running at ``at``, the statement
    lacks what is needed, or a file cannot be taken. Who objects is entered nowhere but in the statement, even where
    ``by`` is known: whoever reads the record must not find out.
    """
    settle_due(line.notice, at)
    with transaction.atomic():
        rows = Line.objects.select_related("notice")
        _refuse_unless_open(rows.get(pk=line.pk), statement, at)
        # Examining files takes seconds: before the lock, or nobody else could object meanwhile.
        files = collecting.keep(evidence, by=PUBLIC, at=at)
        line = rows.select_for_update(of=("self", "notice")).get(pk=line.pk)
        _refuse_unless_open(line, statement, at)
        objection = _received(line, statement, at)
        Evidence.objects.bulk_create(Evidence(objection=objection, file=file) for file in files)
        facts = {"line": line.number, "files": [file.code for file in files]}
        record(objection, "lodge", by=PUBLIC, at=at, after=ObjectionState.RECEIVED, basis="A-08", facts=facts)
        setting.set_workdays(ANSWER, objection, workdays=_days("objection.workdays", at), at=at)
        owner_of(line.notice.kind).held(line, objection, at)
        letters.tell_received(objection, at)
    return objection


@transaction.atomic
def accept(objection: Objection, *, by: Actor, at: dt.datetime, key: str | None = None) -> Objection:
    """Begin the investigation; the person who does stands recorded."""
    accepted = carry_out(objection, "accept", by=by, at=at, key=key)
    letters.tell_accepted(accepted, at)
    return accepted


@transaction.atomic
def extend(objection: Objection, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> Objection:
    """Give a complex case more working days, once, and tell both sides why."""
    extended = carry_out(objection, "extend", by=by, at=at, key=key, reason=reason)
    setting.extend(ANSWER, extended, workdays=_days("objection.extension_workdays", at))
    letters.tell_extended(extended, reason, at)
    return extended


@transaction.atomic
def escalate(objection: Objection, *, by: Actor, at: dt.datetime, key: str | None = None) -> Objection:
    """Hand the objection to the next instance, with the full time anew; StepRefused where nobody stands above."""
    escalated = carry_out(objection, "escalate", by=by, at=at, key=key, to=next_instance(objection))
    setting.lift(ANSWER, escalated, at=at)
    setting.set_workdays(ANSWER, escalated, workdays=_days("objection.workdays", at), at=at)
    letters.tell_handler(escalated, at)
    return escalated


@transaction.atomic
def decide(
    objection: Objection,
    step: str,
    *,
    answer: str,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
    ground: str = "",
    suspects_fraud: bool = False,
) -> Objection:
    """Close the objection by ``step`` (``reject_form`` or one of the ``find_…`` steps) with written reasons.

    Releases the line where nothing else is open against its row: a line whose notice has ended is cleared at once,
    without a new notice. An upheld objection strikes the line, and the row's line on a later notice with it.
    ``ground`` belongs to ``reject_form``; ``suspects_fraud`` to ``find_fatal``, where the owner of the notice reports
    it to the bureau (§8.8 #9).
    """
    for notice in Notice.objects.filter(lines__in=Line.objects.of_matter(objection.line)):
        settle_due(notice, at)
    own: dict[str, dict[str, Any]] = {
        "reject_form": {"ground": ground},
        "find_fatal": {"suspects_fraud": suspects_fraud},
    }
    closed = carry_out(objection, step, by=by, at=at, key=key, answer=answer, **own.get(step, {}))
    if closed.closed_at != at:
        return closed
    setting.lift(ANSWER, closed, at=at)
    _settle_matter(closed, at)
    letters.tell_closed(closed, at)
    return closed


def overdue(objection: Objection, at: dt.datetime) -> None:
    """The time to answer is over: the next instance takes it, and at the top the leads are told."""
    if next_instance(objection) is not None:
        escalate(objection, by=SYSTEM, at=at)
    else:
        record(objection, "overdue", by=SYSTEM, at=at, basis="A-08")
        letters.tell_overdue(objection, at)


def answer_due(objection: Objection) -> Deadline | None:
    """Return until when the objection must be answered, or None when it is closed or overdue at the top."""
    return setting.waiting(ANSWER, objection)


def _settle_matter(objection: Objection, at: dt.datetime) -> None:
    """Do to every line of the matter what follows; locked, so that of two last objections one sees the other closed."""
    line, owner = objection.line, owner_of(objection.line.notice.kind)
    lines = Line.objects.of_matter(line).select_related("notice").order_by("pk")
    keys = [one.pk for one in lines.select_for_update(of=("self",))]
    state = ObjectionState(objection.state)
    if state in UPHELD:
        lines.pending().update(struck_at=at)
        owner.struck(line, objection, state, at)
    elif state in RELEASING and not Objection.objects.awaiting().filter(line__in=keys).exists():
        owner.released(line, objection, at)
        for one in lines.pending().filter(notice__state__in=RAN_ITS_TIME):
            posting.clear(one, at)


def next_instance(objection: Objection) -> Organisation | None:
    return owner_of(objection.line.notice.kind).next_instance(objection)


def _refuse_unless_open(line: Line, statement: Statement, at: dt.datetime) -> None:
    reasons = [*_against_the_time(line, at), *_against_the_words(statement)]
    if reasons:
        raise Refusal(reasons)


def _received(line: Line, statement: Statement, at: dt.datetime) -> Objection:
    objection = Objection(
        line=line,
        facts=statement.facts.strip(),
        is_named=statement.is_named,
        objector_name=statement.name.strip(),
        objector_contact=statement.contact.strip(),
        may_be_named_to_employer=statement.may_be_named_to_employer,
        received_at=at,
    )
    objection.handler = owner_of(line.notice.kind).handler(objection)
    if _leads(line.person, objection.handler, at):
        objection.handler = next_instance(objection) or objection.handler
    objection.save()
    return objection


def _leads(person: Person | None, organisation: Organisation, at: dt.datetime) -> bool:
    """Return whether the person concerned decides at the handler: then the next instance takes it at once (A-08)."""
    if person is None:
        return False
    leads = people_holding(frozenset(rules.LEADS), organisation, on=clock.day_of(at))
    return leads.filter(pk=person.pk).exists()


def _against_the_time(line: Line, at: dt.datetime) -> list[Reason]:
    notice = line.notice
    due = posting.end_of(notice)
    is_running = notice.state == NoticeState.POSTED and due is not None and due.due_at is not None and at < due.due_at
    if is_running:
        return [_takes_no_more()] if line.struck_at else []
    if notice.state in RAN_ITS_TIME and notice.ended_at is not None:
        last = clock.day_of(notice.ended_at - dt.timedelta(microseconds=1))
        text = _("公示已于%(day)s 24:00结束，不再受理异议。如掌握问题线索，可向市人力资源社会保障局举报（电话12333）。")
        return [Reason(text % {"day": last.isoformat()}, basis="A-08", code="notice_ended")]
    return [Reason(_("该公示目前不在公示期内，不能提出异议。"), basis="A-08", code="notice_not_running")]


def _against_the_words(statement: Statement) -> list[Reason]:
    reasons = []
    if len(statement.facts.strip()) < FEWEST_SIGNS:
        text = _("请写明可以核查的事实，至少%(fewest)s个字。") % {"fewest": FEWEST_SIGNS}
        reasons.append(Reason(text, basis="A-08", code="facts_too_short", field="facts"))
    if statement.is_named and not statement.name.strip():
        reasons.append(Reason(_("实名提出异议请填写姓名。"), basis="A-08", code="name_missing", field="name"))
    if statement.is_named and not statement.contact.strip():
        text = _("实名提出异议请填写联系方式，以便答复您。")
        reasons.append(Reason(text, basis="A-08", code="contact_missing", field="contact"))
    return reasons


def _takes_no_more() -> Reason:
    # That an objection was upheld is nothing that the public reads of a person (domain §8.8 #1).
    return Reason(_("该公示对象不再受理异议。"), basis="A-08", code="takes_no_more_objections")


def _days(key: str, at: dt.datetime) -> int:
    return policy_in_force(clock.day_of(at)).number(key)
