"""Making a round: its days, places, panels of experts and slots; whatever meets twice is refused."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.accounts import queries as accounts
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF, Role
from portal.catalogue.models import Committee, PolicyVersion
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined
from review.domain import recusing
from review.enums.defending import OPEN, TOLD, DefenceState, Mode
from review.guards import defending as guards
from review.models import Defence, DefenceRound, Panel, Room, Seat, Sitting, Slot

MOST_SLOTS = 60
TWICE = {
    "one_place_for_a_panel": "panel_busy",
    "one_panel_in_a_room": "room_busy",
    "an_expert_sits_once_at_a_time": "expert_busy",
}


@dataclass(frozen=True)
class Times:
    """A row of slots on one day: ``number`` of ``minutes`` each, ``pause`` minutes between, ``capacity`` people in each."""

    begins_at: dt.datetime
    minutes: int
    number: int = 1
    pause: int = 0
    capacity: int = 1

    def spans(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """Return beginning and end of each slot."""
        length, step = dt.timedelta(minutes=self.minutes), dt.timedelta(minutes=self.minutes + self.pause)
        return [(self.begins_at + n * step, self.begins_at + n * step + length) for n in range(self.number)]


def open_round(
    committee: Committee,
    *,
    title: str,
    mode: str,
    days: tuple[dt.date, dt.date],
    by: Actor,
    at: dt.datetime,
    to_bring: str = "",
) -> DefenceRound:
    """Open a round of the committee; raises Refusal for an online one without the bureau's pilot flag (A-27)."""
    first, last = days
    reasons = []
    if mode == Mode.ONLINE and not committee.online_defence:
        text = _("该评审委员会未列入线上答辩试点，须现场答辩。")
        reasons.append(Reason(text, "R-108", "online_only_with_pilot", "mode"))
    if last < first:
        reasons.append(Reason(_("结束日期不能早于开始日期。"), "R-105", "days_reversed", "last_day"))
    if last < clock.day_of(at):
        reasons.append(Reason(_("答辩日期已经过去。"), "R-105", "days_over", "last_day"))
    if DefenceRound.objects.filter(committee=committee, title=title).exists():
        reasons.append(Reason(_("该评审委员会已有同名的答辩安排。"), "R-105", "title_taken", "title"))
    if reasons:
        raise Refusal(reasons)
    made = DefenceRound.objects.create(
        committee=committee, title=title, mode=mode, first_day=first, last_day=last, to_bring=to_bring
    )
    record(made, "open", by=by, at=at, basis="R-105", facts={"mode": mode, "from": str(first), "to": str(last)})
    return made


def room_of(agency: Organisation, name: str, address: str) -> Room:
    """Return the agency's place of that name, made or brought up to date.

    Raises Refusal for another address where somebody was called to the old one: only a change of slot tells them anew,
    and in time (R-107).
    """
    room, is_new = Room.objects.get_or_create(agency=agency, name=name, defaults={"address": address})
    if not is_new and address and room.address != address:
        if Defence.objects.filter(slot__room=room, state__in=TOLD | {DefenceState.IN_PROGRESS}).exists():
            text = _("已有申报人接到在该场所答辩的通知，不能修改其地址。请登记新的场所，再调整这些申报人的场次。")
            raise Refusal([Reason(text, "R-107", "place_was_told", "address")])
        room.address = address
        room.save(update_fields=["address", "updated_at"])
    return room


def experts_at(agency: Organisation, *, on: dt.date) -> QuerySet[Person]:
    """Return the people who are experts at the agency on the day ``on``."""
    return accounts.people_holding(frozenset({Role.EXPERT}), agency, on=on)


@transaction.atomic
def add_panel(round_: DefenceRound, name: str, experts: Sequence[Person], *, by: Actor, at: dt.datetime) -> Panel:
    """Add a panel; raises Refusal with fewer experts than the policy wants (``panel.min``, E-10)."""
    least = PolicyVersion.objects.in_force(clock.day_of(at)).number("panel.min")
    known = set(experts_at(round_.committee.agency, on=clock.day_of(at)).values_list("pk", flat=True))
    reasons = []
    if len(set(experts)) < least:
        text = _("评议组不少于%(least)s名专家。") % {"least": least}
        reasons.append(Reason(text, "R-110", "panel_too_small", "experts"))
    if any(expert.pk not in known for expert in experts):
        reasons.append(Reason(_("所选人员不是本机构的评审专家。"), "R-160", "not_an_expert", "experts"))
    reasons += _reasons_against_staff(round_, experts, at, "experts")
    if round_.panels.filter(name=name).exists():
        reasons.append(Reason(_("已有同名的评议组。"), "R-110", "panel_name_taken", "name"))
    if reasons:
        raise Refusal(reasons)
    panel = Panel.objects.create(round=round_, name=name)
    Seat.objects.bulk_create(Seat(panel=panel, expert=expert) for expert in dict.fromkeys(experts))
    record(panel, "form", by=by, at=at, basis="R-110", facts={"experts": [one.code for one in experts]})
    return panel


@transaction.atomic
def add_expert(panel: Panel, expert: Person, *, by: Actor, at: dt.datetime) -> list[Slot]:
    """Let another expert join a panel; returns the slots that the expert sits in, raises Refusal where they sit elsewhere then.

    What the registers show against the expert in the case of anybody who already has a place is written down (A-48).
    """
    if not experts_at(panel.round.committee.agency, on=clock.day_of(at)).filter(pk=expert.pk).exists():
        raise Refusal([Reason(_("所选人员不是本机构的评审专家。"), "R-160", "not_an_expert", "expert")])
    known_to_all = _reasons_against_staff(panel.round, [expert], at, "expert")
    if known_to_all:
        raise Refusal(known_to_all)
    _seat, is_new = Seat.objects.get_or_create(panel=panel, expert=expert)
    if not is_new:
        raise Refusal([Reason(_("该专家已在评议组中。"), "R-110", "seated_already", "expert")])
    _take_turns(Person, [expert])
    joined = _to_join(panel, at)
    for slot in joined:
        _seat_in(slot, [expert])
    for defence in Defence.objects.filter(slot__in=joined, state__in=OPEN):
        recusing.note_found(defence.application, [expert], at=at)
    record(panel, "join", by=by, at=at, basis="R-110", facts={"expert": expert.code})
    return joined


def not_over(panel: Panel, at: dt.datetime) -> QuerySet[Slot]:
    """Return the slots to come, and those where somebody is still being heard."""
    is_heard = Q(defences__state=DefenceState.IN_PROGRESS)
    return Slot.objects.filter(Q(ends_at__gt=at) | is_heard, panel=panel).order_by("starts_at", "pk").distinct()


def is_short(defence: Defence) -> bool:
    """Return whether too few experts sit for the person (``panel.min``), once those who keep out are gone (A-48)."""
    assert defence.slot is not None  # noqa: S101 - found by its slot
    return guards.hearers(defence, defence.slot).count() < guards.fewest_hearers(defence)


def _to_join(panel: Panel, at: dt.datetime) -> list[Slot]:
    """Return the slots to come, and those that began and cannot be finished without another expert.

    Who comes in the middle did not hear the whole person, and gives no opinion where enough others do.
    """
    return [
        slot
        for slot in not_over(panel, at)
        if slot.starts_at > at or any(map(is_short, slot.defences.filter(state__in=OPEN)))
    ]


@transaction.atomic
def add_slots(panel: Panel, room: Room, times: Times, *, by: Actor, at: dt.datetime) -> list[Slot]:
    """Add a row of slots; raises Refusal outside the round's days, in the past, or where anybody would be in two places."""
    spans = times.spans()
    reasons = _reasons_against(panel.round, spans, at)
    if reasons:
        raise Refusal(reasons)
    experts = [seat.expert for seat in panel.seats.select_related("expert")]
    _take_turns(Room, [room])
    _take_turns(Panel, [panel])
    _take_turns(Person, experts)
    made = []
    for starts_at, ends_at in spans:
        fields = {"starts_at": starts_at, "ends_at": ends_at, "capacity": times.capacity}
        with _told_of_overlaps(starts_at):
            slot = Slot.objects.create(panel=panel, room=room, **fields)
        _seat_in(slot, experts)
        record(slot, "add", by=by, at=at, basis="R-105", facts={"room": room.code, "starts_at": starts_at.isoformat()})
        made.append(slot)
    return made


def _reasons_against_staff(
    round_: DefenceRound, experts: Sequence[Person], at: dt.datetime, field: str
) -> list[Reason]:
    """Staff of the agency know whose file it is: who is both cannot judge blind (A-49)."""
    staff = accounts.people_holding(AGENCY_STAFF, round_.committee.agency, on=clock.day_of(at))
    named = [one.full_name for one in staff.filter(pk__in=[expert.pk for expert in experts])]
    if not named:
        return []
    text = _("%(names)s是本机构工作人员，知悉申报人身份，不能参加盲评。") % {"names": joined(named)}
    return [Reason(text, "A-49", "expert_is_staff", field)]


def _reasons_against(
    round_: DefenceRound, spans: Sequence[tuple[dt.datetime, dt.datetime]], at: dt.datetime
) -> list[Reason]:
    begins, ends = spans[0][0], spans[-1][1]
    day, last = clock.day_of(begins), clock.day_of(ends - dt.timedelta(microseconds=1))
    reasons = []
    if not round_.first_day <= day or not last <= round_.last_day:
        reasons.append(Reason(_("场次应在本次答辩的日期内。"), "R-105", "outside_the_round", "day"))
    if last != day:
        reasons.append(Reason(_("一次添加的场次须在同一天内结束。"), "R-105", "past_midnight", "number"))
    if begins <= at:
        reasons.append(Reason(_("场次时间已经过去。"), "R-105", "slot_in_the_past", "starts"))
    return reasons


def _take_turns(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Lock ``rows``, lest two who place them at once each wait for the other's row, as the constraints alone would have it."""
    keys = [row.pk for row in rows]
    list(model._base_manager.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))


def _seat_in(slot: Slot, experts: Sequence[Person]) -> None:
    with _told_of_overlaps(slot.starts_at):
        Sitting.objects.bulk_create(
            Sitting(slot=slot, expert=expert, starts_at=slot.starts_at, ends_at=slot.ends_at) for expert in experts
        )


@contextmanager
def _told_of_overlaps(starts_at: dt.datetime) -> Iterator[None]:
    """Turn the database's refusal of two places at one time into words; only what the block wrote is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise _overlap(error, starts_at) from error


def _overlap(error: IntegrityError, starts_at: dt.datetime) -> Exception:
    code = next((code for name, code in TWICE.items() if name in str(error)), "")
    local = dateformat.format(starts_at.astimezone(clock.BEIJING), _("n月j日 H:i"))
    texts = {
        "panel_busy": _("%(time)s该评议组已有其他场次。"),
        "room_busy": _("%(time)s该场所已被占用。"),
        "expert_busy": _("%(time)s有专家已在其他评议组参加答辩。"),
    }
    return Refusal([Reason(texts[code] % {"time": local}, "R-105", code, "starts")]) if code else error
