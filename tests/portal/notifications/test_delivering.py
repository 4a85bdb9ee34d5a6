"""Deliveries: sent once whoever works, tried again at the right times, given up at last, and known to staff."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.ledger.models import Entry
from portal.notifications import delivering, sweep
from portal.notifications.channels import ChannelDown, Fate, NeverTaken, Report, TryLater
from portal.notifications.delivering import LEASE, MOST_ATTEMPTS, Outcome, claim_next, deliver, pause_before
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery, Notification
from portal.notifications.post import cancel, post
from portal.shared.errors import StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.errand.letters import DueSoon, Summoned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import Switchboard, again

MINUTE = dt.timedelta(minutes=1)


def run(at: dt.datetime) -> dict[str, int]:
    return dict(sweep.deliver_waiting(seconds=10, now=lambda: at))


def steps_of(delivery: Delivery) -> list[tuple[str, str, str]]:
    entries = Entry.objects.filter(subject_type="notifications.Delivery", subject_id=delivery.pk).order_by("pk")
    return list(entries.values_list("step", "before", "after"))


@pytest.mark.rule("R-107")
def test_a_waiting_message_is_sent_once_with_its_line_and_receipt(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    assert (run(now), run(now)) == ({Outcome.MOVED: 1}, {})
    (parcel,) = switchboard.taken.values()
    row = again(delivery)
    assert (parcel.message_id, parcel.address, parcel.line) == (f"{row.code}-0", "13800001234", row.line)
    assert (row.state, row.sent_at, row.sent_to, row.not_before) == (DeliveryState.SENT, now, "…1234", None)
    assert row.receipt == f"R-{row.code}-0"
    assert steps_of(row) == [("mark_sent", "waiting", "sent")]


def test_nothing_personal_enters_the_ledger(delivery: Delivery, switchboard: Switchboard, now: dt.datetime) -> None:
    run(now)
    entry = Entry.objects.get(subject_type="notifications.Delivery")
    assert "1234" not in str(entry.facts)


@pytest.mark.rule("R-107")
def test_a_person_without_a_number_is_shown_to_staff_and_breaks_nothing(
    errand: Errand, switchboard: Switchboard, now: dt.datetime
) -> None:
    without, with_number = accounts.person(), accounts.person(phone="13900005678")
    post(Summoned, to=[without, with_number], about=errand, at=now, facts={"on": now.date()})
    assert run(now) == {Outcome.MOVED: 2}
    found = Delivery.objects.get(notification__person=without)
    assert (found.state, found.why) == (DeliveryState.IMPOSSIBLE, "没有登记号码或地址")
    assert [parcel.address for parcel in switchboard.taken.values()] == ["13900005678"]


def test_a_failed_attempt_is_repeated_ever_more_slowly(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    switchboard.fault, at, pauses = TryLater("timeout"), now, []
    for _ in range(MOST_ATTEMPTS):
        assert run(at) == {Outcome.POSTPONED: 1}
        due = again(delivery).not_before
        assert due is not None
        assert run(due - dt.timedelta(microseconds=1)) == {}
        pauses.append((due - at).total_seconds())
        at = due
    plain = [min(30 * 2**n, 7200) for n in range(MOST_ATTEMPTS)]
    assert all(0.75 * base <= pause <= 1.25 * base for base, pause in zip(plain, pauses, strict=True))
    assert [asked for _, asked in switchboard.calls] == [False, *[True] * (MOST_ATTEMPTS - 1)]
    assert {message_id for message_id, _ in switchboard.calls} == {delivery.message_id}


def test_after_the_last_attempt_it_waits_for_staff(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(attempts=MOST_ATTEMPTS, last_error="timeout")
    run(now)
    row = again(delivery)
    assert (row.state, row.last_error, row.ended_at, row.not_before) == (DeliveryState.FAILED, "timeout", now, None)
    assert switchboard.calls == []


def test_pauses_are_the_same_for_one_and_different_among_many(delivery: Delivery) -> None:
    def pause(code: str) -> dt.timedelta:
        return pause_before(Delivery(code=code, attempts=3))

    assert pause("FS-A") == pause("FS-A")
    assert len({pause(f"FS-{number}") for number in range(50)}) == 50


def test_a_refusal_for_good_is_not_repeated(delivery: Delivery, switchboard: Switchboard, now: dt.datetime) -> None:
    switchboard.fault = NeverTaken("bad_phone")
    run(now)
    row = again(delivery)
    assert (row.state, row.why, len(switchboard.calls)) == (DeliveryState.FAILED, "手机号码有误", 1)


def test_an_outage_costs_no_attempts_and_asks_once_a_run(
    errand: Errand, switchboard: Switchboard, now: dt.datetime
) -> None:
    people = [accounts.person(phone="13800001234") for _ in range(5)]
    post(Summoned, to=people, about=errand, at=now, facts={"on": now.date()})
    switchboard.fault = ChannelDown("circuit_open")
    for number in range(1, 20):
        assert run(now + number * MINUTE) == {Outcome.CHANNEL_DOWN: 1}
    assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    switchboard.fault = None
    assert run(now + 30 * MINUTE) == {Outcome.MOVED: 5}


def test_while_the_lease_holds_nobody_else_takes_it(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    claimed = claim_next(at=now)
    assert claimed == delivery
    assert claim_next(at=now + LEASE - MINUTE / 60) is None
    assert claim_next(at=now + LEASE) == delivery


def test_a_slow_worker_and_its_successor_tell_the_person_once(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    slow = claim_next(at=now)
    successor = claim_next(at=now + LEASE)
    assert slow is not None
    assert successor is not None
    assert deliver(slow, at=now + LEASE) is Outcome.MOVED
    assert deliver(successor, at=now + LEASE) is Outcome.MOVED
    assert len(switchboard.taken) == 1
    assert steps_of(delivery) == [("mark_sent", "waiting", "sent")]


def test_a_slow_failure_does_not_disturb_the_successor(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    slow, successor = claim_next(at=now), claim_next(at=now + LEASE)
    assert slow is not None
    assert successor is not None
    switchboard.fault = TryLater("timeout")
    deliver(slow, at=now + LEASE)
    assert (again(delivery).attempts, again(delivery).not_before) == (2, now + LEASE + LEASE)


def test_sent_is_true_even_after_another_gave_up(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime
) -> None:
    slow = claim_next(at=now)
    assert slow is not None
    carry_out(delivery, "give_up", by=SYSTEM, at=now, why="timeout")
    deliver(slow, at=now)
    assert again(delivery).state == DeliveryState.SENT


def test_a_fault_of_ours_stops_one_run_but_not_the_other_messages(
    errand: Errand, switchboard: Switchboard, now: dt.datetime
) -> None:
    first, second = accounts.person(phone="13800000001"), accounts.person(phone="13800000002")
    post(Summoned, to=[first, second], about=errand, at=now, facts={"on": now.date()})
    switchboard.fault = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        run(now)
    switchboard.fault = None
    assert run(now) == {Outcome.MOVED: 1}
    assert [parcel.address for parcel in switchboard.taken.values()] == ["13800000002"]
    assert run(now + LEASE) == {Outcome.MOVED: 1}


def test_a_task_done_meanwhile_sends_no_reminder(
    applicant: Person, errand: Errand, switchboard: Switchboard, now: dt.datetime
) -> None:
    post(DueSoon, to=applicant, about=errand, at=now, facts={"remaining": 3})
    claimed = claim_next(at=now)
    Notification.objects.update(lapsed_at=now)
    assert claimed is not None
    fresh = Delivery.objects.select_related("notification__person").get(pk=claimed.pk)
    deliver(fresh, at=now)
    assert (again(fresh).state, switchboard.taken) == (DeliveryState.CANCELLED, {})


@pytest.mark.parametrize(
    ("fate", "state", "why"),
    [
        (Report(Fate.ARRIVED), DeliveryState.ARRIVED, ""),
        (Report(Fate.LOST, "UNDELIV"), DeliveryState.FAILED, "对方无法接收，可能关机或停机"),
        (Report(Fate.PENDING), DeliveryState.SENT, ""),
    ],
)
def test_the_operator_is_asked_what_became_of_it(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime, *, fate: Report, state: str, why: str
) -> None:
    switchboard.knows_fate, switchboard.fate = True, fate
    run(now)
    asked_at = again(delivery).not_before
    assert asked_at == now + delivering.FIRST_QUESTION
    run(asked_at)
    assert (again(delivery).state, again(delivery).why) == (state, why)


def test_questions_end_after_three_days(delivery: Delivery, switchboard: Switchboard, now: dt.datetime) -> None:
    switchboard.knows_fate, switchboard.fate = True, Report(Fate.PENDING)
    run(now)
    Delivery.objects.update(not_before=now + delivering.LAST_QUESTION + MINUTE)
    run(now + delivering.LAST_QUESTION + MINUTE)
    assert (again(delivery).state, again(delivery).not_before) == (DeliveryState.SENT, None)


def test_staff_begins_anew_under_a_new_message_id(
    delivery: Delivery, switchboard: Switchboard, now: dt.datetime, actor: Callable[..., Actor]
) -> None:
    switchboard.fault = NeverTaken("bad_phone")
    run(now)
    switchboard.fault = None
    carry_out(delivery, "retry", by=actor(Role.SYSADMIN), at=now + MINUTE)
    run(now + MINUTE)
    assert (again(delivery).state, again(delivery).receipt) == (DeliveryState.SENT, f"R-{delivery.code}-1")
    assert [step for step, _, _ in steps_of(delivery)] == ["give_up", "retry", "mark_sent"]


def test_beginning_anew_is_refused_with_every_reason(
    errand: Errand, switchboard: Switchboard, now: dt.datetime, actor: Callable[..., Actor]
) -> None:
    post(DueSoon, to=accounts.person(), about=errand, at=now, facts={"remaining": 3})
    run(now)
    cancel(DueSoon, about=errand, at=now)
    with pytest.raises(StepRefused) as refused:
        carry_out(Delivery.objects.get(), "retry", by=actor(Role.BUREAU_CLERK), at=now)
    told = [(reason.code, str(reason.text)) for reason in refused.value.reasons]
    assert told == [
        ("still_matters", "提醒对应的事项已经办结，不必再发。"),
        ("address_is_known", "收件人没有登记手机号码，请先由本人补充。"),
    ]
    with pytest.raises(StepNotPermitted):
        carry_out(Delivery.objects.get(), "retry", by=actor(Role.AGENCY_LEAD), at=now)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(switchboard: Switchboard, now: dt.datetime) -> None:
    people, errand = [accounts.person(phone="13800001234") for _ in range(20)], Errand.objects.create()
    with transaction.atomic():
        post(Summoned, to=people, about=errand, at=now, facts={"on": now.date()})
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        try:
            run(now)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message_id for message_id, _ in switchboard.calls) == sorted(switchboard.taken)
    assert len(switchboard.taken) == 20
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


@pytest.mark.django_db(transaction=True)
def test_the_channel_is_called_outside_any_transaction(switchboard: Switchboard, now: dt.datetime) -> None:
    with transaction.atomic():
        post(
            Summoned,
            to=accounts.person(phone="13800001234"),
            about=Errand.objects.create(),
            at=now,
            facts={"on": now.date()},
        )
    seen: list[bool] = []
    switchboard.during = lambda: seen.append(connections["default"].in_atomic_block)
    run(now)
    assert seen == [False]


def test_delivering_costs_a_fixed_number_of_queries(
    errand: Errand, switchboard: Switchboard, now: dt.datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    def told(count: int) -> None:
        people = [accounts.person(phone="13800001234") for _ in range(count)]
        post(Summoned, to=people, about=errand, at=now, facts={"on": now.date()})

    told(1)
    run(now)
    per_message, per_run = 11, 6
    for count in (1, 4):
        told(count)
        with django_assert_num_queries(per_run + per_message * count):
            run(now)
