"""The only caller of a transition."""

import datetime as dt
from functools import cache
from typing import Any, TypeVar, cast

import django_fsm as fsm
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.ledger import queries as ledger
from portal.ledger.models import Entry
from portal.ledger.record import record
from portal.shared.errors import KeyReused, Reason, StepNotOpen, StepNotPermitted, StepRefused
from portal.shared.prepared import ByKey
from portal.workflow.expiry import settle_due
from portal.workflow.guards import Attempt
from portal.workflow.machine import carrying_out, state_field_of, transitions_of

Subject = TypeVar("Subject", bound=models.Model)


def carry_out(
    subject: Subject, step: str, *, by: Actor, at: dt.datetime, key: str | None = None, note: str = "", **facts: Any
) -> Subject:
    """Take ``step`` on ``subject`` and return the row as it then stands; use it instead of the instance passed in.

    Executes first what has fallen due on the subject. Then locks the row, asks whether the step is open, whether
    ``by`` may take it and whether every guard holds, then moves, saves and writes the ledger in one transaction.
    ``key`` makes the call idempotent for this actor: the same key again answers with the row and changes nothing,
    as the ledger takes a key once. ``facts`` go to the guards, to the transition method and,
    where they are plain JSON, to the ledger; keep personal data out of them.

    Raises StepNotOpen, StepNotPermitted or StepRefused with all reasons, KeyReused for a key of another step.
    """
    attempt = Attempt(step=step, by=by, at=at, note=note, facts=facts)
    settle_due(subject, at)
    try:
        with transaction.atomic():
            row = locked(subject)
            found = transition_open_for(row, attempt)
            _refuse_unless_all_hold(found, row, attempt)
            return _move(row, found, attempt, key or "")
    except (StepRefused, IntegrityError):
        if not key or not _already_done(subject, attempt, key):
            raise
    with transaction.atomic():
        return locked(subject)


def locked(subject: Subject, *, alone: bool = False) -> Subject:
    """Return a fresh, locked copy of ``subject``; must run inside a transaction.

    A model may name in ``FETCHED_WITH`` the rows that its guards always ask for; they come with it and are not locked.
    ``alone`` leaves them out, for whoever asks the row itself and nothing else.
    """
    return cast(Subject, _lock_of(type(subject), alone=alone).get(subject.pk))


def fresh(subject: Subject) -> Subject:
    """Return a fresh copy of ``subject`` with what its guards ask for, as ``locked`` does, without a lock."""
    return cast(Subject, _reading_of(type(subject)).get(subject.pk))


@cache
def _lock_of(model: type[models.Model], *, alone: bool) -> ByKey[Any]:
    rows = model._base_manager.select_for_update(of=("self",), no_key=True)
    related = () if alone else getattr(model, "FETCHED_WITH", ())
    return ByKey(rows.select_related(*related) if related else rows)


@cache
def _reading_of(model: type[models.Model]) -> ByKey[Any]:
    rows, related = model._base_manager.all(), getattr(model, "FETCHED_WITH", ())
    return ByKey(rows.select_related(*related) if related else rows)


def transition_open_for(row: models.Model, attempt: Attempt) -> fsm.Transition:
    """Return the declared transition; raises StepNotOpen from another state, StepNotPermitted for another actor."""
    state = getattr(row, state_field_of(type(row)).attname)
    offered = [found for found in transitions_of(type(row)) if found.name == attempt.step]
    if not offered:
        raise LookupError(f"{type(row).__name__} declares no step {attempt.step!r}.")
    for found in offered:
        if found.source == state:
            break
    else:
        raise StepNotOpen(attempt.step, [_not_open(row, found)])
    if not found.custom["who"].test(attempt.by, row):
        raise StepNotPermitted(attempt.step, [_not_permitted(found)])
    return found


def reasons_against(found: fsm.Transition, row: models.Model, attempt: Attempt, *, known_only: bool) -> list[Reason]:
    """Return every reason that speaks against the step; ``known_only`` leaves out guards that lack their inputs."""
    guards = found.custom["guards"]
    judged = [guard for guard in guards if not known_only or guard.can_be_judged(attempt)]
    return [reason for guard in judged for reason in guard.reasons_against(row, attempt)]


def _refuse_unless_all_hold(found: fsm.Transition, row: models.Model, attempt: Attempt) -> None:
    reasons = reasons_against(found, row, attempt, known_only=False)
    if reasons:
        raise StepRefused(attempt.step, reasons)


def _move(row: Subject, found: fsm.Transition, attempt: Attempt, key: str) -> Subject:
    attname = state_field_of(type(row)).attname
    before = getattr(row, attname)
    with carrying_out():
        getattr(row, attempt.step)(by=attempt.by, at=attempt.at, **attempt.facts)
    row.save()
    record(
        row,
        attempt.step,
        by=attempt.by,
        at=attempt.at,
        before=before,
        after=getattr(row, attname),
        note=attempt.note,
        facts=_plain(attempt.facts),
        basis=found.custom["basis"],
        policy=str(getattr(row, "policy_code", "")),
        key=key,
    )
    return row


def _already_done(row: models.Model, attempt: Attempt, key: str) -> bool:
    """Return whether the key's step was done before: asked only when it is refused now, or written for a second time."""
    earlier: Entry | None = ledger.entry_of_key(key, attempt.by)
    if earlier is None:
        return False
    if (earlier.subject_type, earlier.subject_id, earlier.step) != (row._meta.label, row.pk, attempt.step):
        reason = Reason(_("该请求编号已用于另一事项，请刷新页面后重试。"), code="key_reused")
        raise KeyReused(attempt.step, [reason])
    return True


def _plain(facts: dict[str, Any] | Any) -> dict[str, Any]:
    """Return what of the facts a ledger entry can hold: rows by their public code, plain values as they are."""
    plain: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, models.Model):
            plain[name] = getattr(value, "code", value.pk)
        elif value is None or isinstance(value, str | int | float | dt.date | list | tuple):
            plain[name] = value
    return plain


def _not_open(row: models.Model, found: fsm.Transition) -> Reason:
    state = row._get_FIELD_display(  # type: ignore[attr-defined]
        state_field_of(type(row))
    )
    text = _("当前状态为「%(state)s」，不能办理「%(step)s」。") % {"state": state, "step": found.custom["label"]}
    return Reason(text, basis=found.custom["basis"], code="step_not_open")


def _not_permitted(found: fsm.Transition) -> Reason:
    text = _("您当前的身份不能办理「%(step)s」。") % {"step": found.custom["label"]}
    return Reason(text, basis=found.custom["basis"], code="step_not_permitted")
