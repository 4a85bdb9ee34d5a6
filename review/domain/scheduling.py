"""Placing many people into slots: the most that can be placed, first those who paid first, and why the others cannot.

The proposal is counted anew when it is confirmed and compared by its digest: what is confirmed is what was shown.
"""

import datetime as dt
import hashlib
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from applications.enums import ApplicationState, Hold
from applications.models import Application
from portal.catalogue.models import PolicyVersion
from portal.catalogue.queries import policy_of
from portal.shared import clock
from portal.shared.errors import Reason
from review.domain import recusing
from review.enums.defending import DefenceState
from review.models import DefenceRound, Recusal, Slot

Who = TypeVar("Who", bound=Hashable)
Where = TypeVar("Where", bound=Hashable)


@dataclass(frozen=True)
class Placed:
    """One person with a slot."""

    application: Application
    slot: Slot


@dataclass(frozen=True)
class Unplaced:
    """One person without, and why."""

    application: Application
    reason: Reason


@dataclass(frozen=True)
class Proposal:
    """What the agency confirms; ``digest`` names exactly this proposal."""

    placed: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    digest: str


def matched(wishes: Mapping[Who, Sequence[Where]], room_in: Mapping[Where, int]) -> dict[Who, Where]:
    """Return a placement of the greatest possible number, nobody beyond ``room_in`` and everybody where they can be.

    Augmenting paths (Kuhn): who is placed once stays placed, perhaps elsewhere, so that earlier keys of ``wishes``
    never lose to later ones; among equal places the earlier one of each list is taken.
    """
    placed: dict[Who, Where] = {}
    sitting: dict[Where, list[Who]] = defaultdict(list)
    for newcomer in wishes:
        reached: dict[Where, Who] = {}
        waiting = deque([newcomer])
        while waiting:
            who = waiting.popleft()
            fresh = [where for where in wishes[who] if where not in reached]
            reached.update(dict.fromkeys(fresh, who))
            free = next((where for where in fresh if len(sitting[where]) < room_in.get(where, 0)), None)
            if free is not None:
                _move_along(free, reached, placed, sitting)
                break
            waiting.extend(other for where in fresh for other in sitting[where])
    return placed


def _move_along(
    free: Where, reached: Mapping[Where, Who], placed: dict[Who, Where], sitting: Mapping[Where, list[Who]]
) -> None:
    """Seat everybody on the path one place on, from the free place back to the newcomer, who had none."""
    where: Where | None = free
    while where is not None:
        who = reached[where]
        left = placed.get(who)
        placed[who] = where
        sitting[where].append(who)
        if left is not None:
            sitting[left].remove(who)
        where = left


def waiting_for(round_: DefenceRound) -> QuerySet[Application]:
    """Return who has to be heard before the round's committee and has no defence yet, those who paid first first."""
    return (
        Application.objects.filter(
            state=ApplicationState.PAID, entry__committee=round_.committee, entry__level__needs_defence=True
        )
        .select_related("applicant", "employer", "entry__level", "entry__specialty", "entry__schedule")
        .order_by("state_since", "pk")
    )


def propose(round_: DefenceRound, *, at: dt.datetime) -> Proposal:
    """Return where everybody who waits would be heard; changes nothing."""
    people = list(waiting_for(round_))
    slots = list(_open_slots(round_, at))
    board = _Board(slots, people, at)
    wishes = {one.pk: [slot.pk for slot in slots if board.fits(one, slot)] for one in people}
    found = matched(wishes, {slot.pk: board.free[slot.pk] for slot in slots})
    by_pk = {slot.pk: slot for slot in slots}
    placed = tuple(Placed(one, by_pk[found[one.pk]]) for one in people if one.pk in found)
    unplaced = tuple(Unplaced(one, board.why_not(one)) for one in people if one.pk not in found)
    return Proposal(placed, unplaced, _digest(placed))


def _open_slots(round_: DefenceRound, at: dt.datetime) -> QuerySet[Slot]:
    occupied = Count("defences", filter=~Q(defences__state=DefenceState.CLOSED))
    return (
        Slot.objects.filter(panel__round=round_, starts_at__gt=at)
        .select_related("panel__round__committee", "room")
        .prefetch_related("sittings__expert")
        .annotate(occupied=occupied)
        .order_by("starts_at", "pk")
    )


class _Board:
    """Everything that decides who can sit where, read once for all."""

    def __init__(self, slots: Sequence[Slot], people: Sequence[Application], at: dt.datetime) -> None:
        self.at, self.slots = at, slots
        self.free = {slot.pk: slot.capacity - slot.occupied for slot in slots}  # type: ignore[attr-defined]
        self.experts = {slot.pk: {one.expert_id for one in slot.sittings.all()} for slot in slots}
        everybody = {one.expert_id: one.expert for slot in slots for one in slot.sittings.all()}
        self.employers = recusing.employers_of(everybody.values(), on=clock.day_of(at))
        self.given = recusing.recommended_by(people)
        self.declared = _declared(people)
        self.policies: dict[str, PolicyVersion] = {}

    def policy(self, one: Application) -> PolicyVersion:
        """Return the policy that holds for the application."""
        if one.policy_code not in self.policies:
            self.policies[one.policy_code] = policy_of(one.policy_code)
        return self.policies[one.policy_code]

    def fits(self, one: Application, slot: Slot) -> bool:
        """Return whether nothing but a want of room keeps the person from the slot."""
        return one.hold == Hold.NONE and self.is_in_time(one, slot) and self.can_hear(one, slot)

    def is_in_time(self, one: Application, slot: Slot) -> bool:
        """Return whether the days of notice lie before the slot, and the slot in the session period."""
        days = self.policy(one).days("defence.notice_days")
        closes = one.entry.schedule.committee_closes_at if one.entry.schedule else slot.ends_at
        is_late_enough = clock.day_of(slot.starts_at) >= clock.day_of(self.at) + dt.timedelta(days=days)
        return is_late_enough and slot.ends_at <= closes

    def can_hear(self, one: Application, slot: Slot) -> bool:
        """Return whether enough experts are left without those who keep out."""
        sitting = self.experts[slot.pk] - self.declared[one.pk]
        left = [expert for expert in sitting if recusing.relation_to(one, expert, self.employers, self.given) is None]
        return len(left) >= self.policy(one).number("panel.min")

    def why_not(self, one: Application) -> Reason:
        """Return what to do so that the person can be placed."""
        if one.hold != Hold.NONE:
            return Reason(_("该申报正在核查，核查办结前不能安排。"), "A-08", "application_not_held")
        timely = [slot for slot in self.slots if self.is_in_time(one, slot)]
        if not timely:
            text = _("没有可用场次：须晚于提前通知的日期，并在本年度评审期内。请增加场次。")
            return Reason(text, "R-107", "no_timely_slot")
        if not any(self.can_hear(one, slot) for slot in timely):
            text = _("除去应回避的专家，各评议组均不足规定人数。请增补专家或者增加评议组。")
            return Reason(text, "A-48", "panels_recused")
        return Reason(_("可以安排的场次人数已满，请增加场次。"), "R-105", "slots_full")


def _declared(people: Iterable[Application]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for application, expert in Recusal.objects.filter(application__in=people).values_list("application", "expert"):
        found[application].add(expert)
    return found


def _digest(placed: Iterable[Placed]) -> str:
    pairs = "\n".join(f"{one.application.code} {one.slot.code}" for one in placed)
    return hashlib.sha256(pairs.encode()).hexdigest()[:32]
