"""Placing people into slots: as many as can be, nobody twice, nobody before a panel that keeps out; and the database's word."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.models import Application
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import Refusal
from review.domain import planning, rounds, scheduling
from review.domain.scheduling import matched
from review.enums.defending import DefenceState
from review.models import Defence, Sitting, Slot
from tests.factories import accounts, applications, catalogue, defences
from tests.factories.defences import PLANNED, on

WISHES = st.lists(st.lists(st.integers(0, 3), unique=True, max_size=4), max_size=5)
ROOM = st.lists(st.integers(0, 2), min_size=4, max_size=4)


def best_by_trying(wishes: dict[int, list[int]], room_in: dict[int, int]) -> int:
    """Return the greatest number that can be placed, by trying everything."""
    best = 0
    for choice in itertools.product(*([None, *places] for places in wishes.values())):
        taken = Counter(place for place in choice if place is not None)
        if all(number <= room_in[place] for place, number in taken.items()):
            best = max(best, taken.total())
    return best


@settings(max_examples=300, deadline=None)
@given(WISHES, ROOM)
def test_the_most_are_placed_and_nobody_beyond_room_or_wish(lists: list[list[int]], room: list[int]) -> None:
    wishes, room_in = dict(enumerate(lists)), dict(enumerate(room))
    placed = matched(wishes, room_in)
    assert all(place in wishes[who] for who, place in placed.items())
    assert all(number <= room_in[place] for place, number in Counter(placed.values()).items())
    assert len(placed) == best_by_trying(wishes, room_in)


@settings(max_examples=100, deadline=None)
@given(WISHES, ROOM)
def test_who_comes_later_takes_nobodys_place(lists: list[list[int]], room: list[int]) -> None:
    room_in = dict(enumerate(room))
    before = matched(dict(enumerate(lists[:-1])), room_in)
    after = matched(dict(enumerate(lists)), room_in)
    assert before.keys() <= after.keys()


# --- Proposing --------------------------------------------------------------------------------
@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.mark.django_db
def test_a_proposal_places_the_most_and_says_why_not_the_others(entry: CatalogueEntry) -> None:
    agency, round_ = entry.agency, defences.round_of(entry.committee)
    people = [defences.paid(entry) for _each in range(3)]
    crowded = defences.experts(agency)
    applications.know(crowded[0].person, people[0].employer)
    first = defences.slots(defences.panel(round_, crowded))[0]
    second = defences.slots(defences.panel(round_, name="第二评议组"), room="答辩室二")[0]
    proposal = scheduling.propose(round_, at=PLANNED)
    assert {(one.application, one.slot) for one in proposal.placed} == {(people[0], second), (people[1], first)}
    assert [(one.application, one.reason.code) for one in proposal.unplaced] == [(people[2], "slots_full")]
    made = planning.confirm(round_, proposal.digest, by=defences.staff_of(people[0]), at=PLANNED)
    assert {one.state for one in made} == {DefenceState.PLANNED}


@pytest.mark.django_db
@pytest.mark.rule("A-48")
def test_who_is_kept_from_every_panel_is_told_why(entry: CatalogueEntry) -> None:
    application, round_ = defences.paid(entry), defences.round_of(entry.committee)
    sitting = defences.experts(entry.agency)
    applications.know(sitting[0].person, application.employer)
    defences.slots(defences.panel(round_, sitting))
    assert [one.reason.code for one in scheduling.propose(round_, at=PLANNED).unplaced] == ["panels_recused"]


@pytest.mark.django_db
def test_slots_too_near_to_be_told_are_not_proposed(entry: CatalogueEntry) -> None:
    defences.paid(entry)
    round_ = defences.round_of(entry.committee)
    defences.slots(defences.panel(round_))
    assert len(scheduling.propose(round_, at=on(9, 15)).placed) == 1
    assert [one.reason.code for one in scheduling.propose(round_, at=on(9, 16)).unplaced] == ["no_timely_slot"]


@pytest.mark.django_db
def test_another_proposal_than_the_shown_one_is_not_confirmed(entry: CatalogueEntry) -> None:
    application, round_ = defences.paid(entry), defences.round_of(entry.committee)
    panel = defences.panel(round_)
    defences.slots(panel)
    shown = scheduling.propose(round_, at=PLANNED)
    defences.slots(panel, begins_at=on(9, 20, 8), room="早场")
    with pytest.raises(Refusal) as refused:
        planning.confirm(round_, shown.digest, by=defences.staff_of(application), at=PLANNED)
    assert refused.value.reasons[0].code == "proposal_changed"
    assert not Defence.objects.exists()


# --- Panels and slots -------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.rule("R-110")
def test_a_panel_has_at_least_three_experts_of_the_agency(entry: CatalogueEntry) -> None:
    round_ = defences.round_of(entry.committee)
    with pytest.raises(Refusal) as refused:
        defences.panel(round_, defences.experts(entry.agency, 2))
    assert [reason.code for reason in refused.value.reasons] == ["panel_too_small"]
    strangers = [accounts.actor(Role.EXPERT) for _each in range(3)]
    with pytest.raises(Refusal) as refused:
        defences.panel(round_, strangers)
    assert [reason.code for reason in refused.value.reasons] == ["not_an_expert"]


@pytest.mark.django_db
@pytest.mark.rule("A-49")
def test_staff_of_the_agency_sit_on_no_panel(entry: CatalogueEntry) -> None:
    round_, sitting = defences.round_of(entry.committee), defences.experts(entry.agency)
    both = {"person": sitting[0].person, "organisation": entry.agency, "role": Role.AGENCY_CLERK}
    Membership.objects.create(**both, since=accounts.SINCE)
    with pytest.raises(Refusal) as refused:
        defences.panel(round_, sitting)
    assert [reason.code for reason in refused.value.reasons] == ["expert_is_staff"]
    panel = defences.panel(round_)
    with pytest.raises(Refusal) as refused:
        rounds.add_expert(panel, sitting[0].person, by=defences.agency_staff(entry.agency), at=PLANNED)
    assert [reason.code for reason in refused.value.reasons] == ["expert_is_staff"]


@pytest.mark.django_db
def test_nobody_and_nothing_is_in_two_places_at_once(entry: CatalogueEntry) -> None:
    round_, sitting = defences.round_of(entry.committee), defences.experts(entry.agency, 4)
    panel = defences.panel(round_, sitting[:3])
    defences.slots(panel)
    other = defences.panel(round_, sitting[1:], name="第二评议组")
    third = defences.panel(round_, name="第三评议组")
    for of, room, expected in (
        (panel, "答辩室二", "panel_busy"),
        (third, "答辩室一", "room_busy"),
        (other, "答辩室二", "expert_busy"),
    ):
        with pytest.raises(Refusal) as refused:
            defences.slots(of, room=room, begins_at=on(9, 20, 9, 15))
        assert [reason.code for reason in refused.value.reasons] == [expected]
    assert Slot.objects.filter(panel__round=round_).count() == 1
    assert defences.slots(other, room="答辩室二", begins_at=on(9, 20, 9, 30))


@pytest.mark.django_db
def test_slots_lie_in_the_days_of_their_round_and_in_one_day(entry: CatalogueEntry) -> None:
    panel = defences.panel(defences.round_of(entry.committee))
    for begins_at, number, expected in (
        (on(9, 19, 9), 1, "outside_the_round"),
        (on(9, 21, 22), 10, "past_midnight"),
        (on(9, 1, 9), 1, "slot_in_the_past"),
    ):
        with pytest.raises(Refusal) as refused:
            defences.slots(panel, number, begins_at=begins_at)
        assert expected in [reason.code for reason in refused.value.reasons]


@pytest.mark.django_db
def test_another_expert_joins_the_coming_slots(entry: CatalogueEntry) -> None:
    panel = defences.panel(defences.round_of(entry.committee))
    slot = defences.slots(panel)[0]
    more = defences.experts(entry.agency, 1)[0].person
    rounds.add_expert(panel, more, by=defences.agency_staff(entry.agency), at=PLANNED)
    assert slot.sittings.filter(expert=more).exists()


@pytest.mark.django_db
def test_a_full_slot_takes_nobody_more_by_hand_or_by_sql(entry: CatalogueEntry) -> None:
    first, second = defences.paid(entry), defences.paid(entry)
    panel = defences.panel(defences.round_of(entry.committee))
    one, two = defences.slots(panel, 2)
    defences.planned(first, one)
    moved = defences.planned(second, two)
    with pytest.raises(Refusal) as refused:
        planning.move(moved, one, by=defences.staff_of(second), at=PLANNED)
    assert [reason.code for reason in refused.value.reasons] == ["slot_has_room"]
    with pytest.raises(IntegrityError, match="is full"), transaction.atomic():
        Defence.objects.filter(pk=moved.pk).update(slot=one)


# --- Races ------------------------------------------------------------------------------------
def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run everything at the same time and return what became of each: done, or the code or kind of its refusal."""
    begin, told = threading.Barrier(len(acts)), ["" for _each in acts]

    def run(number: int, act: Callable[[], object]) -> None:
        begin.wait(5)
        try:
            act()
            told[number] = "done"
        except Refusal as refusal:
            told[number] = refusal.reasons[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(told)


@pytest.mark.django_db
@pytest.mark.rule("R-107")
def test_an_address_stays_once_somebody_was_called_to_it(entry: CatalogueEntry) -> None:
    defence = defences.planned(defences.paid(entry))
    assert defence.slot is not None
    agency, name = entry.committee.agency, defence.slot.room.name
    assert rounds.room_of(agency, name, "示例路2号").address == "示例路2号"
    planning.notify(defence, by=defences.staff_of(defence.application), at=defences.TOLD)
    assert rounds.room_of(agency, name, "示例路2号").address == "示例路2号"
    with pytest.raises(Refusal) as refused:
        rounds.room_of(agency, name, "示例路3号")
    assert [(one.code, one.basis) for one in refused.value.reasons] == [("place_was_told", "R-107")]
    assert rounds.room_of(agency, "答辩室二", "示例路3号").address == "示例路3号"


@pytest.mark.django_db(transaction=True)
def test_two_who_seat_one_expert_at_once_do_not_both_succeed() -> None:
    entry = catalogue.published_entry()
    agency: Organisation = entry.agency
    round_, sitting = defences.round_of(entry.committee), defences.experts(agency)
    one, two = defences.panel(round_, sitting), defences.panel(round_, sitting, name="第二评议组")
    for name in ("答辩室一", "答辩室二"):
        rounds.room_of(agency, name, "示例路1号")
    told = at_once(lambda: defences.slots(one), lambda: defences.slots(two, room="答辩室二"))
    assert told == ["done", "expert_busy"]
    assert Sitting.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_place_at_once_do_not_both_succeed() -> None:
    entry = catalogue.published_entry()
    first, second = defences.paid(entry), defences.paid(entry)
    slot = defences.slots(defences.panel(defences.round_of(entry.committee)))[0]
    clerk = defences.staff_of(first)

    def plan(one: Application) -> Callable[[], object]:
        return lambda: planning.plan(one, slot, by=clerk, at=PLANNED)

    assert at_once(plan(first), plan(second)) == ["done", "slot_has_room"]
    assert Defence.objects.filter(slot=slot).count() == 1
