"""Deadlines: where they end, that they ring once, what stops and moves them, and that they never move earlier."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.actors import SYSTEM, Actor
from portal.deadlines import registry, ringing, setting
from portal.deadlines.models import Deadline, Reminder
from portal.deadlines.registry import DeadlineKind, Ring
from portal.deadlines.terms import explanation_of
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import StepNotOpen
from portal.workdays.counting import DayException, DayKind
from portal.workdays.publishing import prepare, publish
from portal.workflow import carry_out, settle_due
from tests.errand import wiring
from tests.errand.models import Errand, State
from tests.errand.wiring import LAPSES

ONE_SECOND = dt.timedelta(seconds=1)


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)


RETURNED = instant("2026-09-10T15:00")
ENDS = instant("2026-09-24T00:00")
CAUSE, OTHER = "errand.suspended", "errand.looked_into"


@pytest.fixture(autouse=True)
def _nothing_reminded() -> None:
    wiring.reminded.clear()


def errand_with_deadline(at: dt.datetime = RETURNED, workdays: int = 10) -> Errand:
    errand = Errand.objects.create(papers=2)
    setting.set_workdays(LAPSES, errand, workdays=workdays, at=at)
    return errand


def state_of(errand: Errand) -> str:
    return Errand.objects.get(pk=errand.pk).state


def only() -> Deadline:
    return Deadline.objects.get()


@pytest.mark.rule("R-093", "A-04")
def test_ten_working_days_end_at_midnight_after_the_make_up_sunday(db: None) -> None:
    errand_with_deadline()
    deadline = only()
    assert (deadline.due_at, deadline.basis, deadline.is_provisional) == (ENDS, "R-093", False)
    days = explanation_of(deadline)
    assert [day.date.day for day in days if day.is_workday] == [11, 14, 15, 16, 17, 18, 20, 21, 22, 23]
    assert [day.date.day for day in days if day.kind is DayKind.MAKE_UP] == [20]


@pytest.mark.rule("R-093")
@pytest.mark.parametrize("late", [dt.timedelta(0), ONE_SECOND, dt.timedelta(days=40)])
def test_the_result_is_the_same_on_time_late_and_twice(db: None, late: dt.timedelta) -> None:
    errand = errand_with_deadline()
    assert ringing.ring_due(at=ENDS - ONE_SECOND).rung == 0
    assert ringing.ring_due(at=ENDS + late).rung == 1
    assert ringing.ring_due(at=ENDS + late).rung == 0
    row = Errand.objects.get(pk=errand.pk)
    assert (row.state, row.ended_at) == (State.LAPSED, ENDS)
    assert Entry.objects.filter(subject_type="errand.Errand").count() == 1


@pytest.mark.rule("R-093")
def test_a_person_who_comes_too_late_meets_the_expiry_first(bureau_clerk: Actor) -> None:
    errand = errand_with_deadline()
    with pytest.raises(StepNotOpen) as refused:
        carry_out(errand, "finish", by=bureau_clerk, at=instant("2026-09-24T09:15"), opinion="同意")
    assert "已过期" in str(refused.value.reasons[0].text)
    assert (state_of(errand), only().rung_at) == (State.LAPSED, ENDS)


def test_a_person_in_the_last_second_is_in_time(bureau_clerk: Actor) -> None:
    errand = errand_with_deadline()
    carry_out(errand, "finish", by=bureau_clerk, at=ENDS - dt.timedelta(microseconds=1), opinion="同意")
    assert state_of(errand) == State.DONE


def test_one_of_a_kind_waits_on_a_subject(db: None) -> None:
    errand = errand_with_deadline()
    with pytest.raises(IntegrityError, match="one_waiting_deadline_per_kind"), transaction.atomic():
        setting.set_workdays(LAPSES, errand, workdays=3, at=RETURNED)


def test_an_unregistered_kind_is_a_programming_error(db: None) -> None:
    with pytest.raises(LookupError, match=r"errand\.nobody"):
        setting.set_workdays("errand.nobody", Errand.objects.create(), workdays=3, at=RETURNED)


def test_a_lifted_deadline_neither_rings_nor_reminds(db: None) -> None:
    errand = errand_with_deadline()
    setting.lift(LAPSES, errand, at=instant("2026-09-18T10:00"))
    ringing.ring_due(at=ENDS)
    assert (state_of(errand), wiring.reminded) == (State.OPEN, [])
    setting.set_workdays(LAPSES, errand, workdays=3, at=ENDS)


@pytest.mark.rule("N-05")
def test_reminders_come_three_and_one_working_day_before(db: None) -> None:
    errand = errand_with_deadline()
    at = list(Reminder.objects.order_by("remind_at").values_list("remaining", "remind_at"))
    assert at == [(3, instant("2026-09-20T09:00")), (1, instant("2026-09-22T09:00"))]
    for moment in ("2026-09-20T08:59", "2026-09-20T09:00", "2026-09-20T09:01", "2026-09-22T12:00"):
        ringing.ring_due(at=instant(moment))
    assert [(pk, left) for pk, left, _ in wiring.reminded] == [(errand.pk, 3), (errand.pk, 1)]


@pytest.mark.rule("N-05")
def test_who_was_reminded_of_an_earlier_end_is_reminded_of_the_later_one(db: None) -> None:
    errand = errand_with_deadline()
    ringing.ring_due(at=instant("2026-09-20T09:00"))
    setting.extend(LAPSES, errand, workdays=0)
    assert sorted(Reminder.objects.values_list("remaining", "reminded_at")) == [
        (1, None),
        (3, instant("2026-09-20T09:00")),
    ]
    setting.extend(LAPSES, errand, workdays=3)
    assert only().due_at == instant("2026-09-30T00:00")
    assert sorted(Reminder.objects.values_list("remaining", "remind_at", "reminded_at")) == [
        (1, instant("2026-09-28T09:00"), None),
        (3, instant("2026-09-23T09:00"), None),
    ]


def test_reminders_of_an_ended_deadline_are_never_sent(db: None) -> None:
    errand_with_deadline()
    ringing.ring_due(at=ENDS + dt.timedelta(days=1))
    assert wiring.reminded == []
    assert not Reminder.objects.exists()


@pytest.mark.rule("R-152")
def test_while_paused_nothing_rings_and_touched_days_do_not_count(db: None) -> None:
    errand = errand_with_deadline()
    setting.pause(
        LAPSES, errand, cause=CAUSE, at=instant("2026-09-15T10:00"), reason="评审服务机构暂停评审", basis="R-152"
    )
    setting.pause(LAPSES, errand, cause=CAUSE, at=instant("2026-09-15T11:00"), reason="重复", basis="R-152")
    assert (only().due_at, ringing.ring_due(at=instant("2026-12-01T00:00")).rung) == (None, 0)
    setting.resume(LAPSES, errand, cause=CAUSE, at=instant("2026-09-17T16:00"))
    days = explanation_of(only())
    assert [day.date.day for day in days if day.kind is DayKind.PAUSED] == [15, 16, 17]
    assert only().due_at == instant("2026-09-30T00:00")
    assert sorted(Reminder.objects.values_list("remind_at", flat=True)) == [
        instant("2026-09-23T09:00"),
        instant("2026-09-28T09:00"),
    ]


def test_a_fixed_end_moves_by_as_long_as_it_stood_still(db: None) -> None:
    errand = Errand.objects.create()
    setting.set_instant(LAPSES, errand, due_at=ENDS, at=RETURNED)
    setting.pause(LAPSES, errand, cause=CAUSE, at=instant("2026-09-11T10:00"), reason="暂停", basis="R-152")
    assert only().due_at is None
    setting.resume(LAPSES, errand, cause=CAUSE, at=instant("2026-09-12T13:30"))
    assert only().due_at == instant("2026-09-25T03:30")


@pytest.mark.rule("A-09", "R-152")
@pytest.mark.parametrize("last", [CAUSE, OTHER])
def test_a_clock_that_two_causes_hold_runs_on_after_the_last_of_them(db: None, last: str) -> None:
    (first,) = {CAUSE, OTHER} - {last}
    errand = errand_with_deadline()
    setting.pause(LAPSES, errand, cause=CAUSE, at=instant("2026-09-11T10:00"), reason="暂停", basis="R-152")
    setting.pause(LAPSES, errand, cause=OTHER, at=instant("2026-09-14T10:00"), reason="核查", basis="A-08")
    setting.resume(LAPSES, errand, cause=first, at=instant("2026-09-15T10:00"))
    assert only().due_at is None
    setting.resume(LAPSES, errand, cause=first, at=instant("2026-09-15T11:00"))
    assert only().due_at is None
    setting.resume(LAPSES, errand, cause=last, at=instant("2026-09-17T16:00"))
    days = explanation_of(only())
    assert [day.date.day for day in days if day.kind is DayKind.PAUSED] == [11, 12, 13, 14, 15, 16, 17]


@pytest.mark.parametrize("last", [CAUSE, OTHER])
def test_a_fixed_end_counts_time_that_two_causes_held_once(db: None, last: str) -> None:
    (first,) = {CAUSE, OTHER} - {last}
    errand = Errand.objects.create()
    setting.set_instant(LAPSES, errand, due_at=ENDS, at=RETURNED)
    setting.pause(LAPSES, errand, cause=CAUSE, at=instant("2026-09-11T10:00"), reason="暂停", basis="R-152")
    setting.pause(LAPSES, errand, cause=OTHER, at=instant("2026-09-12T10:00"), reason="核查", basis="A-08")
    setting.resume(LAPSES, errand, cause=first, at=instant("2026-09-13T10:00"))
    assert only().due_at is None
    setting.resume(LAPSES, errand, cause=last, at=instant("2026-09-14T13:30"))
    assert only().due_at == instant("2026-09-27T03:30")
    setting.pause(LAPSES, errand, cause=CAUSE, at=instant("2026-09-15T10:00"), reason="暂停", basis="R-152")
    setting.resume(LAPSES, errand, cause=CAUSE, at=instant("2026-09-15T11:00"))
    assert only().due_at == instant("2026-09-27T04:30")


def test_a_pause_that_had_not_begun_is_forgotten(db: None) -> None:
    errand = errand_with_deadline(at=instant("2026-07-22T16:40"))
    other = Errand.objects.create()
    setting.set_instant(LAPSES, other, due_at=ENDS, at=RETURNED)
    for one, due in ((errand, instant("2026-08-06T00:00")), (other, ENDS)):
        setting.pause(LAPSES, one, cause=CAUSE, at=instant("2026-07-24T00:00"), reason="公示", basis="A-06")
        setting.resume(LAPSES, one, cause=CAUSE, at=instant("2026-07-23T16:00"))
        deadline = setting.waiting(LAPSES, one)
        assert deadline is not None
        assert (deadline.due_at, deadline.pauses.count()) == (due, 0)


@pytest.mark.rule("A-08")
def test_an_extension_adds_working_days(db: None) -> None:
    errand = errand_with_deadline(at=instant("2026-07-22T16:40"))
    assert only().due_at == instant("2026-08-06T00:00")
    setting.extend(LAPSES, errand, workdays=10)
    assert only().due_at == instant("2026-08-20T00:00")


def test_a_fixed_end_has_no_count_to_extend(db: None) -> None:
    errand = Errand.objects.create()
    setting.set_instant(LAPSES, errand, due_at=ENDS, at=RETURNED)
    with pytest.raises(ValueError, match="fixed instant"):
        setting.extend(LAPSES, errand, workdays=1)
    assert only().due_at == ENDS


def publish_2026(extra: dict[dt.date, DayException], clerk: Actor, lead: Actor, at: dt.datetime) -> None:
    days = {dt.date(2026, 9, 20): DayException(True, "国庆节"), **extra}
    publish(prepare(year=2026, title="更正", source="", days=days, by=clerk, at=at), by=lead, at=at)


def test_a_new_notice_lengthens_open_deadlines(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    errand_with_deadline()
    publish_2026({dt.date(2026, 9, 16): DayException(False, "临时放假")}, bureau_clerk, bureau_lead, RETURNED)
    assert only().due_at == instant("2026-09-25T00:00")
    assert instant("2026-09-23T09:00") in set(Reminder.objects.values_list("remind_at", flat=True))


def test_a_new_notice_never_shortens_what_was_told(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    errand_with_deadline()
    publish_2026({dt.date(2026, 9, 12): DayException(True, "调休")}, bureau_clerk, bureau_lead, RETURNED)
    assert only().due_at == ENDS


def test_a_provisional_end_becomes_certain_when_the_year_is_published(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    errand_with_deadline(at=instant("2026-12-30T10:00"), workdays=3)
    assert (only().is_provisional, only().due_at) == (True, instant("2027-01-05T00:00"))
    days = {dt.date(2027, 1, day): DayException(False, "元旦") for day in (1, 2, 3)}
    at = instant("2026-12-31T10:00")
    publish(prepare(year=2027, title="通知", source="", days=days, by=bureau_clerk, at=at), by=bureau_lead, at=at)
    assert (only().is_provisional, only().due_at) == (False, instant("2027-01-06T00:00"))


def test_one_that_fails_is_noted_retried_later_and_holds_nobody_up(db: None) -> None:
    poisoned, healthy = errand_with_deadline(), errand_with_deadline()
    Errand.objects.filter(pk=poisoned.pk).update(opinion="poison")
    done = ringing.ring_due(at=ENDS)
    assert (done.rung, done.failed, state_of(healthy), state_of(poisoned)) == (1, 1, State.LAPSED, State.OPEN)
    (failed,) = ringing.failing()
    assert (failed.attempts, failed.last_error) == (1, "RuntimeError: this errand cannot lapse")
    assert ringing.ring_due(at=ENDS + dt.timedelta(seconds=29)).failed == 0
    Errand.objects.filter(pk=poisoned.pk).update(opinion="")
    assert ringing.ring_due(at=ENDS + dt.timedelta(seconds=30)).rung == 1


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Ring], None]:
    """Return a maker of kinds of deadline for this test alone."""

    def make(name: str, ring: Ring) -> None:
        monkeypatch.setitem(registry._kinds, name, DeadlineKind(name, name, "R-093", ring=ring))

    return make


def test_what_fell_due_earlier_rings_first_even_where_the_later_one_is_met_first(
    db: None, kinds: Callable[[str, Ring], None]
) -> None:
    rang: list[str] = []
    kinds("later", lambda errand, at: rang.append("later"))
    kinds("earlier", lambda errand, at: rang.append("earlier"))
    errand = Errand.objects.create()
    later = setting.set_instant("later", errand, due_at=ENDS, at=RETURNED)
    setting.set_instant("earlier", errand, due_at=ENDS - ONE_SECOND, at=RETURNED)
    assert ringing._ring(later, wait=False)
    assert rang == ["earlier", "later"]
    assert ringing.ring_due(at=ENDS).rung == 0


@pytest.mark.parametrize("by_way_of_another", [False, True])
def test_a_deadline_that_a_ring_sets_in_the_past_rings_before_the_next_step(
    db: None, kinds: Callable[[str, Ring], None], *, by_way_of_another: bool
) -> None:
    """The ring noted that nothing else waits; what is set since then, even in another's ring, must undo the note."""
    seen: list[str] = []
    errand, other = Errand.objects.create(), Errand.objects.create()

    def set_in_the_past(_: Errand, at: dt.datetime) -> None:
        setting.set_instant("past", errand, due_at=at - ONE_SECOND, at=at)

    def set_and_lapse(subject: Errand, at: dt.datetime) -> None:
        if by_way_of_another:
            settle_due(other, at)
        else:
            set_in_the_past(subject, at)
        carry_out(subject, "lapse", by=SYSTEM, at=at)

    kinds("first", set_and_lapse)
    kinds("past", lambda subject, at: seen.append(state_of(subject)))
    kinds("others", set_in_the_past)
    first = setting.set_instant("first", errand, due_at=ENDS, at=RETURNED)
    if by_way_of_another:
        setting.set_instant("others", other, due_at=ENDS - ONE_SECOND, at=RETURNED)
    assert ringing._ring(first, wait=False)
    assert (seen, state_of(errand)) == ([State.OPEN], State.LAPSED)


def test_a_ring_asks_the_database_as_little_as_it_can(db: None, django_assert_num_queries: Any) -> None:
    errand_with_deadline()
    opens_and_closes, lock_mark_lock_move_note, sweep = 4, 5, 4
    with django_assert_num_queries(opens_and_closes + lock_mark_lock_move_note + sweep):
        ringing.ring_due(at=ENDS)


@pytest.mark.django_db(transaction=True)
def test_each_change_of_a_timer_is_a_transaction_of_its_own() -> None:
    errand = errand_with_deadline()
    setting.pause(LAPSES, errand, cause=CAUSE, at=RETURNED, reason="核查", basis="A-08")
    setting.resume(LAPSES, errand, cause=CAUSE, at=RETURNED)
    assert setting.kinds_waiting(errand) == {LAPSES}
    setting.lift(LAPSES, errand, at=RETURNED)
    assert setting.kinds_waiting(errand) == set()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_ring_each_deadline_once() -> None:
    errands = [errand_with_deadline() for _ in range(40)]
    start, totals = threading.Barrier(2), []

    def sweep() -> None:
        start.wait()
        totals.append(ringing.ring_due(at=ENDS).rung)
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(totals) == 40
    assert {state_of(errand) for errand in errands} == {State.LAPSED}
    assert Entry.objects.filter(subject_type="errand.Errand").count() == 40


@pytest.mark.django_db(transaction=True)
def test_a_sweep_steps_aside_for_a_person_at_work_on_the_subject(bureau_clerk: Actor) -> None:
    errand = errand_with_deadline()
    rung: list[int] = []

    def sweep() -> None:
        rung.append(ringing.ring_due(at=ENDS).rung)
        connections.close_all()

    with transaction.atomic():
        Errand.objects.select_for_update().get(pk=errand.pk)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(timeout=10)
        assert rung == [0]
    assert ringing.ring_due(at=ENDS).rung == 1


moments = st.integers(0, 27 * 24 * 60).map(lambda minutes: instant("2026-09-01T00:00") + dt.timedelta(minutes=minutes))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(["sweep", "person", "sweep"]), min_size=1, max_size=4), moment=moments)
def test_whoever_comes_first_the_end_is_the_same(bureau_clerk: Actor, order: list[str], moment: dt.datetime) -> None:
    """Invariant 6: before the end a person finishes, after it the errand has lapsed, whatever ran in between."""
    with transaction.atomic():
        errand, at = errand_with_deadline(), moment
        for who in order:
            if who == "sweep":
                ringing.ring_due(at=at)
            elif state_of(errand) == State.OPEN:
                try:
                    carry_out(errand, "finish", by=bureau_clerk, at=at, opinion="同意")
                except StepNotOpen:
                    assert at >= ENDS
        ringing.ring_due(at=max(at, ENDS))
        assert state_of(errand) == (State.DONE if "person" in order and at < ENDS else State.LAPSED)
        transaction.set_rollback(True)
