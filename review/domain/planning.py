"""Giving people their slots: many at once as it was shown, one by hand, and telling them in time (R-105, R-107)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.domain import clocks
from applications.domain.settling import settled_first
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.deadlines import setting
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepRefused
from portal.workflow import Attempt, carry_out, settle_due
from portal.workflow.carry_out import locked
from review.domain import recusing, scheduling, telling_defence
from review.enums.defending import NO_SHOW, TOLD, DefenceState
from review.guards import defending as guards
from review.models import Defence, DefenceRound, Slot

PLANNING = (
    guards.level_is_heard,
    guards.application_not_held,
    guards.not_suspended,
    guards.slot_of_the_committee,
    guards.slot_has_room,
    guards.inside_the_session,
    guards.panel_can_hear,
)
LONGEST_REASON = 300


@dataclass(frozen=True)
class Told:
    """What became of telling many: how many were told, and who was not for which reasons."""

    done: int
    refused: tuple[tuple[Defence, tuple[Reason, ...]], ...]


@settled_first
def plan(application: Application, slot: Slot, *, by: Actor, at: dt.datetime) -> Defence:
    """Give one paid applicant a slot (domain §8.1 #18, §8.5 #1); raises StepRefused with every reason."""
    row = locked(application)
    _note_recusals(row, slot, at)
    defence = Defence(application=row, slot=slot, state_since=at)
    attempt = Attempt("plan", by, at, facts={"slot": slot})
    reasons = [reason for guard in PLANNING for reason in guard.reasons_against(defence, attempt)]
    if reasons:
        raise StepRefused("plan", reasons)
    carry_out(row, "plan_defence", by=by, at=at)
    with _last_place(slot):
        defence.save()
    record(defence, "plan", by=by, at=at, after=defence.state, basis="R-105", facts={"slot": slot.code})
    return defence


def confirm(round_: DefenceRound, digest: str, *, by: Actor, at: dt.datetime) -> list[Defence]:
    """Give everybody of the proposal that was shown their slot; raises Refusal where it would be another one now."""
    with transaction.atomic():
        DefenceRound.objects.select_for_update(no_key=True).get(pk=round_.pk)
        proposal = scheduling.propose(round_, at=at)
        if not proposal.placed:
            raise Refusal([Reason(_("没有可以安排的人。"), "R-105", "nobody_to_place")])
        if proposal.digest != digest:
            text = _("预览后情况有变化（如有人撤回、新缴费或者场次调整），请核对新的安排后再确认。")
            raise Refusal([Reason(text, "R-105", "proposal_changed")])
        in_order = sorted(proposal.placed, key=lambda one: one.application.pk)
        return [plan(one.application, one.slot, by=by, at=at) for one in in_order]


def move(defence: Defence, slot: Slot, *, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Give one person another slot before they were told."""
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        _note_recusals(defence.application, slot, at)
        with _last_place(slot):
            return carry_out(defence, "move", by=by, at=at, key=key, slot=slot)


def notify(
    defence: Defence, *, by: Actor, at: dt.datetime, slot: Slot | None = None, key: str | None = None
) -> Defence:
    """Tell the person when and where, after an agreed request in ``slot``; raises StepRefused when it is too late (R-107)."""
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        chosen = slot or defence.slot
        if chosen is not None:
            _note_recusals(defence.application, chosen, at)
        with _last_place(chosen):
            done = carry_out(defence, "notify", by=by, at=at, key=key, slot=chosen)
        if done.notified_at == at and done.slot is not None:
            if setting.waiting(NO_SHOW, done.application) is None:
                expect(done, done.slot, at)
            telling_defence.tell_notified(done, done.slot, at)
            _call_panel(done, done.slot, at)
        return done


def change(defence: Defence, slot: Slot, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Move a person who was told, for a reason of the agency's own, with a new notice in time (R-107).

    It does not use up the person's one reschedule. Raises StepRefused without a reason, too late for the days of
    notice (``defence.notice_days``), or while the person's own request waits for an answer.
    """
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        before = locked(defence).slot
        _note_recusals(defence.application, slot, at)
        words = reason.strip()[:LONGEST_REASON]
        with _last_place(slot):
            done = carry_out(defence, "change_slot", by=by, at=at, key=key, slot=slot, reason=words)
        if done.notified_at == at and before is not None and before != slot:
            setting.lift(NO_SHOW, done.application, at=at)
            expect(done, slot, at)
            telling_defence.tell_changed(done, slot, before, words, at)
            _call_panel(done, slot, at)
        return done


def expect(defence: Defence, slot: Slot, at: dt.datetime) -> None:
    """Have the end of the day find out who did not come."""
    due_at = clock.end_of(clock.day_of(slot.starts_at))
    clocks.set_instant(NO_SHOW, defence.application, due_at=due_at, at=at)


def notify_all(round_: DefenceRound, *, by: Actor, at: dt.datetime) -> Told:
    """Tell everybody of the round who is planned; one who cannot be told keeps nobody else waiting."""
    planned = Defence.objects.with_all().filter(state=DefenceState.PLANNED, slot__panel__round=round_)
    done, refused = 0, []
    for defence in planned.order_by("application_id"):
        try:
            with transaction.atomic():
                notify(defence, by=by, at=at)
            done += 1
        except Refusal as refusal:
            refused.append((defence, tuple(refusal.reasons)))
    return Told(done, tuple(refused))


def _note_recusals(application: Application, slot: Slot, at: dt.datetime) -> None:
    recusing.note_found(application, _experts(slot), at=at)


def _experts(slot: Slot) -> list[Person]:
    return [sitting.expert for sitting in slot.sittings.select_related("expert")]


def _call_panel(defence: Defence, slot: Slot, at: dt.datetime) -> None:
    """Tell the panel of a slot once: when the first person of it is told."""
    others = slot.defences.filter(state__in=TOLD).exclude(pk=defence.pk)
    if not others.exists():
        telling_defence.tell_panel(slot, _experts(slot), at)


@contextmanager
def _last_place(slot: Slot | None) -> Iterator[None]:
    """Turn the database's count of a slot's places into the guard's words: two may reach for the last place at once."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "is full" not in str(error):
            raise
        guard = guards.slot_has_room
        raise StepRefused("plan", [Reason(guard.refusal, guard.basis, guard.code, guard.field)]) from error
