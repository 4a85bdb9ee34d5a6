"""Deciding, correcting a decision before its service, and quashing one that an appeal or a court lifted."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db import transaction

from portal.accounts.actors import Actor
from portal.deadlines import setting
from portal.integrity import letters
from portal.integrity.domain import reporting
from portal.integrity.domain.measures import in_order
from portal.integrity.domain.terms import sentence_from
from portal.integrity.enums import EXPIRES, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.integrity.papers import Ruling, Words
from portal.integrity.registry import handlers
from portal.workflow import carry_out


@transaction.atomic
def decide(
    record: IntegrityRecord, ruling: Ruling, *, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Decide: the bars hold from ``at`` on, for the years of the policy of that day (R-142, R-143, A-13).

    Raises StepRefused with every reason: a subject not heard while the time runs, a decider who investigated, measures
    beyond what was told.
    """
    role = SubjectRole(record.role)
    ruling = replace(ruling, measures=in_order(role, ruling.measures))
    sentence = sentence_from(at, role, is_serious=ruling.is_serious)
    decided = carry_out(record, "decide", by=by, at=at, key=key, ruling=ruling, sentence=sentence, **_plain(ruling))
    if decided.decided_at == at and decided.amended_at is None:
        for handler in handlers():
            handler.decided(decided, at)
        letters.tell_decided(decided, at)
    return decided


@transaction.atomic
def amend(
    record: IntegrityRecord, ruling: Ruling, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Put an error of a decision right before it is served; its years still run from the first decision."""
    role = SubjectRole(record.role)
    ruling = replace(ruling, measures=in_order(role, ruling.measures))
    sentence = sentence_from(record.decided_at or at, role, is_serious=ruling.is_serious)
    facts: dict[str, Any] = {"ruling": ruling, "sentence": sentence, "reason": Words(reason), **_plain(ruling)}
    amended = carry_out(record, "amend", by=by, at=at, key=key, **facts)
    if amended.amended_at == at:
        for handler in handlers():
            handler.decided(amended, at)
        letters.tell_amended(amended, at)
    return amended


@transaction.atomic
def quash(
    record: IntegrityRecord, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> IntegrityRecord:
    """Lift a decision with every effect: the bars at once, the entries on the platforms as soon as they answer (A-45)."""
    quashed = carry_out(record, "quash", by=by, at=at, key=key, reason=Words(reason))
    if quashed.ended_at == at:
        setting.lift(EXPIRES, quashed, at=at)
        reporting.take_off(quashed, at)
        for handler in handlers():
            handler.quashed(quashed, at)
        letters.tell_quashed(quashed, at)
    return quashed


def _plain(ruling: Ruling) -> dict[str, Any]:
    """Return what the ledger keeps of a ruling: no words about the person."""
    return {"measures": ruling.measures, "is_serious": ruling.is_serious}
