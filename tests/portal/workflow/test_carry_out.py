"""The one caller of transitions: order of questions, reasons, idempotency, races, the database's second lock."""

import datetime as dt
import threading
from collections.abc import Callable

import django_fsm as fsm
import pytest
from django.db import DatabaseError, connection, connections, transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.roles import Role
from portal.ledger.models import Entry
from portal.shared.errors import KeyReused, StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow import carry_out, open_steps, register_settler
from portal.workflow import expiry as expiry_room
from tests.errand.models import Errand, State


def entries(errand: Errand) -> list[tuple[str, str, str]]:
    return list(
        Entry.objects.filter(subject_type="errand.Errand", subject_id=errand.pk)
        .order_by("pk")
        .values_list("step", "before", "after")
    )


def ready() -> Errand:
    return Errand.objects.create(papers=2)


def test_a_step_moves_the_row_and_writes_who_why_and_when(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = carry_out(ready(), "finish", by=bureau_clerk, at=now, note="齐全", opinion="同意")
    entry = Entry.objects.get(subject_type="errand.Errand")
    assert (errand.state, errand.opinion, errand.ended_at) == (State.DONE, "同意", now)
    assert (entry.step, entry.before, entry.after, entry.at) == ("finish", "open", "done", now)
    assert (entry.person, entry.organisation, entry.roles) == (
        bureau_clerk.person,
        bureau_clerk.organisation,
        "bureau_clerk",
    )
    assert (entry.note, entry.facts, entry.basis) == ("齐全", {"opinion": "同意"}, "R-071")


def test_every_failing_guard_gives_its_reason_and_nothing_moves(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = Errand.objects.create(papers=1)
    with pytest.raises(StepRefused) as refused:
        carry_out(errand, "finish", by=bureau_clerk, at=now, opinion="同意" * 11)
    told = [(reason.code, reason.basis, reason.field, str(reason.text)) for reason in refused.value.reasons]
    assert told == [
        ("papers_complete", "R-065", "", "材料未齐，请先补齐材料。"),
        ("opinion_given", "R-075", "opinion", "办理意见不得超过20字，现有22字。"),
    ]
    assert Errand.objects.get().state == State.OPEN
    assert entries(errand) == []


def test_a_stranger_is_refused_before_guards_are_asked(actor: Callable[..., Actor], now: dt.datetime) -> None:
    with pytest.raises(StepNotPermitted) as refused:
        carry_out(ready(), "finish", by=actor(Role.EMPLOYER_HEAD), at=now)
    assert [reason.code for reason in refused.value.reasons] == ["step_not_permitted"]


def test_a_step_from_another_state_names_the_state(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = carry_out(ready(), "finish", by=bureau_clerk, at=now, opinion="同意")
    with pytest.raises(StepNotOpen) as refused:
        carry_out(errand, "finish", by=bureau_clerk, at=now, opinion="同意")
    assert str(refused.value.reasons[0].text) == "当前状态为「已办」，不能办理「办结」。"


def test_an_unknown_step_is_a_programming_error(bureau_clerk: Actor, now: dt.datetime) -> None:
    with pytest.raises(LookupError):
        carry_out(ready(), "finnish", by=bureau_clerk, at=now)


def test_the_same_key_does_the_step_once(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = ready()
    first = carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    again = carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    assert (first.state, again.state) == (State.DONE, State.DONE)
    assert entries(errand) == [("finish", "open", "done")]


def test_the_same_key_stays_used_when_the_step_is_open_again(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime
) -> None:
    errand = ready()
    carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    carry_out(errand, "reopen", by=bureau_lead, at=now, key="k2")
    again = carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    assert (again.state, again.ended_at) == (State.OPEN, None)
    assert [step for step, _, _ in entries(errand)] == ["finish", "reopen"]


def test_a_key_does_not_open_a_step_that_was_never_done(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = ready()
    carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    with pytest.raises(StepNotOpen):
        carry_out(errand, "finish", by=bureau_clerk, at=now, key="k2", opinion="同意")


def test_a_key_used_for_one_row_is_refused_for_another(bureau_clerk: Actor, now: dt.datetime) -> None:
    carry_out(ready(), "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    other = ready()
    with pytest.raises(KeyReused):
        carry_out(other, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    assert Errand.objects.get(pk=other.pk).state == State.OPEN


def test_two_people_may_happen_to_use_the_same_key(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    carry_out(ready(), "finish", by=bureau_clerk, at=now, key="k1", opinion="同意")
    other = carry_out(ready(), "finish", by=bureau_lead, at=now, key="k1", opinion="同意")
    assert other.state == State.DONE


def test_nobody_else_calls_a_transition(bureau_clerk: Actor, now: dt.datetime) -> None:
    with pytest.raises(fsm.TransitionNotAllowed):
        ready().finish(by=bureau_clerk, at=now)


@pytest.mark.parametrize(
    "sql", ["UPDATE errand_errand SET state = 'lapsed'", "UPDATE errand_errand SET state = 'nonsense'"]
)
def test_the_database_refuses_undeclared_moves_by_sql(
    db: None, sql: str, bureau_clerk: Actor, now: dt.datetime
) -> None:
    carry_out(ready(), "finish", by=bureau_clerk, at=now, opinion="同意")
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_refuses_a_row_that_starts_elsewhere(db: None) -> None:
    with pytest.raises(DatabaseError, match="starts as open"), transaction.atomic():
        Errand.objects.create(state=State.DONE)


def test_buttons_show_reasons_that_are_known_and_leave_inputs_for_later(bureau_clerk: Actor, now: dt.datetime) -> None:
    (step,) = open_steps(Errand.objects.create(papers=1), by=bureau_clerk, at=now)
    assert (step.name, [reason.code for reason in step.reasons], step.is_pressable) == (
        "finish",
        ["papers_complete"],
        False,
    )
    (step,) = open_steps(ready(), by=bureau_clerk, at=now)
    assert step.is_pressable


def test_buttons_leave_out_what_the_actor_may_never(actor: Callable[..., Actor], now: dt.datetime) -> None:
    assert open_steps(ready(), by=actor(Role.EMPLOYER_HEAD), at=now) == []


def test_what_has_fallen_due_is_executed_before_the_step_is_judged(
    bureau_clerk: Actor, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    errand = ready()
    monkeypatch.setattr(expiry_room, "_settlers", [])

    def lapse(subject: Errand, at: dt.datetime) -> bool:
        if settled or Errand.objects.get(pk=subject.pk).state != State.OPEN:
            return False
        settled.append(subject.pk)
        carry_out(subject, "lapse", by=SYSTEM, at=at)
        return True

    settled: list[int] = []
    register_settler(lapse)
    with pytest.raises(StepNotOpen) as refused:
        carry_out(errand, "finish", by=bureau_clerk, at=now, opinion="同意")
    assert "已过期" in str(refused.value.reasons[0].text)
    assert entries(errand) == [("lapse", "open", "lapsed")]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_press_at_once_and_one_moves_it(actor: Callable[..., Actor], now: dt.datetime) -> None:
    errand, clerks = ready(), [actor(Role.BUREAU_CLERK) for _ in range(2)]
    start, seen = threading.Barrier(2), []

    def press(clerk: Actor) -> None:
        start.wait()
        try:
            seen.append(carry_out(errand, "finish", by=clerk, at=now, opinion="同意").state)
        except StepRefused as refusal:
            seen.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == ["StepNotOpen", "done"]
    assert entries(errand) == [("finish", "open", "done")]


@pytest.mark.django_db(transaction=True)
def test_one_press_that_arrives_twice_at_once_is_answered_twice_and_done_once(
    bureau_clerk: Actor, now: dt.datetime
) -> None:
    errand, start, seen = ready(), threading.Barrier(2), []

    def press() -> None:
        start.wait()
        seen.append(carry_out(errand, "finish", by=bureau_clerk, at=now, key="k1", opinion="同意").state)
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["done", "done"]
    assert entries(errand) == [("finish", "open", "done")]
