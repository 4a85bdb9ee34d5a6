"""From the clue to the subject's answer: investigating, closing, telling the subject, hearing the subject."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db import transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.documents.models import StoredFile
from portal.integrity import letters
from portal.integrity.domain.measures import in_order
from portal.integrity.enums import STATEMENT, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.integrity.papers import Intent, Words
from portal.integrity.registry import handlers
from portal.ledger.record import record as write_down
from portal.shared import clock
from portal.workflow import carry_out


@transaction.atomic
def investigate(
    record: IntegrityRecord, *, findings: str, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Store what an investigation found; whoever did one can never decide about the record."""
    return carry_out(record, "investigate", by=by, at=at, key=key, findings=Words(findings))


@transaction.atomic
def close(
    record: IntegrityRecord, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Close a record of which nothing remained, with the reason; cases on hold go on."""
    closed = carry_out(record, "close", by=by, at=at, key=key, reason=Words(reason))
    if closed.closed_at == at:
        for handler in handlers():
            handler.closed(closed, at)
    return closed


@transaction.atomic
def give_notice(
    record: IntegrityRecord, intent: Intent, *, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Tell the subject facts, grounds and intended measures, and give the policy's working days to answer (A-45).

    The day of the notice is not counted. Being put on record is part of every intent.
    """
    intent = replace(intent, measures=in_order(SubjectRole(record.role), intent.measures))
    known: dict[str, Any] = {"act": intent.act, "measures": intent.measures, "is_serious": intent.is_serious}
    noticed = carry_out(record, "give_notice", by=by, at=at, key=key, intent=intent, **known)
    if noticed.noticed_at == at:
        workdays = policy_in_force(clock.day_of(at)).number("sanction.statement_workdays")
        deadline = setting.set_workdays(STATEMENT, noticed, workdays=workdays, at=at)
        letters.tell_noticed(noticed, deadline, at)
    return noticed


@transaction.atomic
def state_own_case(
    record: IntegrityRecord,
    *,
    statement: str,
    file: StoredFile | None = None,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> IntegrityRecord:
    """Keep what the subject says, with a file of evidence where there is one; from now on it may be decided."""
    stated = carry_out(record, "state_own_case", by=by, at=at, key=key, statement=Words(statement), file=file)
    end_time_to_state(stated, at)
    return stated


def time_to_state(record: IntegrityRecord) -> Deadline | None:
    """Return until when the subject may answer, or None where it did, or the time is over."""
    return setting.waiting(STATEMENT, record)


def end_time_to_state(record: IntegrityRecord, at: dt.datetime) -> None:
    """Lift the timer and take its reminder back, because there was an answer."""
    setting.lift(STATEMENT, record, at=at)
    letters.forget_reminder(record, at)


def time_over(record: IntegrityRecord, at: dt.datetime) -> None:
    """The time to answer ended without an answer: noted for the record, from now on it may be decided."""
    write_down(record, "statement_time_over", by=SYSTEM, at=at, basis="A-45")
    letters.forget_reminder(record, at)
