"""A defence whose day falls into an investigation, or into the suspension of its agency: nobody loses by it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from applications.domain.holding import set_hold
from applications.enums import EXCUSE, ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.accounts.roles import Role
from portal.catalogue.domain import schedules, standing
from portal.catalogue.models import AgencyAuthority
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.notifications.models import Notification
from portal.shared.errors import Refusal
from portal.workflow import carry_out
from review.domain import attending, opining, planning, rescheduling, unheard
from review.enums.defending import NO_SHOW, DefenceState, RequestState
from review.models import ChangeRequest, Defence, Panel
from tests.factories import accounts, catalogue, defences
from tests.factories.defences import BEGINS, on

pytestmark = pytest.mark.django_db
STOPS, ENDS = on(9, 18), on(9, 28)


def made_once() -> Defence:
    """Somebody who was told to come on 20 September, at nine."""
    return defences.notified(defences.paid(catalogue.published_entry()))


@pytest.fixture
def notified(kept: Defence) -> Defence:
    return Defence.objects.with_all().get(pk=kept.pk)


def fresh(defence: Defence) -> Defence:
    return Defence.objects.with_all().get(pk=defence.pk)


def hold(defence: Defence, at: dt.datetime) -> None:
    set_hold(defence.application, Hold.INVESTIGATION, at=at, basis="R-148")


def release(defence: Defence, at: dt.datetime) -> None:
    set_hold(defence.application, Hold.NONE, at=at, basis="R-148")


def suspend(defence: Defence, at: dt.datetime) -> None:
    lead, remedy = accounts.actor(Role.BUREAU_LEAD), dt.date(2026, 10, 31)
    standing.suspend(authority_over(defence), reason="程序违规", remedy_due_on=remedy, by=lead, at=at)


def restore(defence: Defence, at: dt.datetime) -> None:
    standing.restore(authority_over(defence), reason="整改到位", by=accounts.actor(Role.BUREAU_LEAD), at=at)


def authority_over(defence: Defence) -> AgencyAuthority:
    entry = defence.application.entry
    return AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)


STOPPED_BY = pytest.mark.parametrize(("stop", "run_on"), [(hold, release), (suspend, restore)])


# --- A day that passes meanwhile --------------------------------------------------------------
@pytest.mark.rule("A-08", "A-27", "R-152")
@STOPPED_BY
def test_who_could_not_be_heard_on_the_day_gets_another_and_keeps_the_one_change(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None]
) -> None:
    defences.asked(notified, at=on(9, 17))
    stop(notified, STOPS)
    ring_due(at=ENDS)
    run_on(notified, ENDS)
    moved = fresh(notified)
    assert (moved.state, moved.slot, moved.reschedules) == (DefenceState.RESCHEDULED, None, 0)
    assert setting.kinds_waiting(notified.application) == set()
    assert ChangeRequest.objects.get().state == RequestState.LAPSED
    (told,) = Notification.objects.filter(kind="review.defence_put_off")
    assert (told.person, "不占用您的改期机会" in told.body) == (notified.application.applicant, True)
    ring_due(at=on(10, 20))
    assert fresh(notified).state == DefenceState.RESCHEDULED
    slot = defences.slots(Panel.objects.get(), begins_at=on(10, 8, 9))[0]
    again = planning.notify(moved, slot=slot, by=defences.staff_of(notified.application), at=on(9, 29))
    assert defences.asked(again, at=on(9, 30)).state == RequestState.ASKED


@pytest.mark.rule("A-08", "A-27", "R-152")
@STOPPED_BY
def test_a_day_that_is_still_ahead_stands_and_its_end_is_the_same(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None]
) -> None:
    stop(notified, on(9, 15))
    run_on(notified, STOPS)
    assert fresh(notified).slot == notified.slot
    deadline = setting.waiting(NO_SHOW, notified.application)
    assert deadline is not None
    assert deadline.due_at == on(9, 21, 0)
    ring_due(at=on(9, 21, 1))
    assert fresh(notified).state == DefenceState.ABSENT
    deadline = setting.waiting(EXCUSE, notified.application)
    assert deadline is not None
    assert deadline.due_at == on(9, 23, 0)


@pytest.mark.rule("A-08", "R-028", "R-152", "A-35")
@STOPPED_BY
def test_who_is_let_go_after_the_session_period_is_heard_in_a_longer_one(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None]
) -> None:
    entry, lead = notified.application.entry, accounts.actor(Role.BUREAU_LEAD)
    stop(notified, STOPS)
    assert list(unheard.overdue(on(11, 30))) == []
    run_on(notified, on(12, 10))
    told = Notification.objects.get(kind="review.defence_put_off")
    assert "延长评审期后安排" in told.body
    assert [one.application for one in unheard.overdue(on(12, 10))] == [notified.application]
    with pytest.raises(Refusal) as refused:
        carry_out(entry.schedule, "close", by=lead, at=on(12, 10))
    assert [(one.code, one.basis) for one in refused.value.reasons] == [("nobody_waits_in_it", "R-028")]
    days = (dt.date(2026, 12, 20), dt.date(2026, 12, 30))
    later = defences.round_of(entry.committee, title="2026年补充答辩", days=days)
    slot = defences.slots(defences.panel(later), begins_at=on(12, 21, 9))[0]
    again = {"slot": slot, "by": defences.staff_of(notified.application), "at": on(12, 11)}
    with pytest.raises(Refusal) as refused:
        planning.notify(fresh(notified), **again)
    assert "报请市人力资源社会保障局调整年度安排" in str(refused.value.reasons[0].text)
    longer = replace(entry.schedule.windows, committee_closes_at=on(12, 31, 0))
    schedules.amend(entry.schedule, windows=longer, note="核查办结后补充安排答辩", by=lead, at=on(12, 11))
    assert planning.notify(fresh(notified), **again).state == DefenceState.NOTIFIED
    assert list(unheard.overdue(on(12, 12))) == []


@pytest.mark.rule("A-08", "A-27", "R-152")
@STOPPED_BY
def test_who_had_not_come_before_the_clock_stopped_is_absent(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None]
) -> None:
    stop(notified, on(9, 20, 15))  # six hours after the time that was told, nine before the day is over
    run_on(notified, ENDS)
    assert fresh(notified).state == DefenceState.NOTIFIED
    ring_due(at=ENDS + dt.timedelta(hours=9))
    assert fresh(notified).state == DefenceState.ABSENT
    deadline = setting.waiting(EXCUSE, notified.application)
    assert deadline is not None
    assert deadline.due_at == on(10, 1, 0)  # two working days after the 28th, on which the absence is written down


@pytest.mark.rule("A-08", "R-152")
def test_nothing_is_moved_before_the_last_of_two_causes_ended(notified: Defence) -> None:
    hold(notified, on(9, 17))
    suspend(notified, STOPS)
    release(notified, on(9, 24))
    assert fresh(notified).state == DefenceState.NOTIFIED
    hold(notified, on(9, 25))
    restore(notified, on(9, 26))
    assert fresh(notified).state == DefenceState.NOTIFIED
    release(notified, ENDS)
    assert fresh(notified).state == DefenceState.RESCHEDULED


# --- What is not done meanwhile ---------------------------------------------------------------
@pytest.mark.rule("A-08", "A-27", "R-152")
@pytest.mark.parametrize(
    ("stop", "refusal"), [(hold, ("application_not_held", "A-08")), (suspend, ("not_suspended", "R-152"))]
)
def test_nobody_is_absent_while_their_time_stands_still(
    notified: Defence, stop: Callable[..., None], refusal: tuple[str, str]
) -> None:
    stop(notified, STOPS)
    with pytest.raises(Refusal) as refused:
        attending.miss(notified, by=defences.staff_of(notified.application), at=on(9, 20, 11))
    assert [(one.code, one.basis) for one in refused.value.reasons] == [refusal]
    assert setting.waiting(EXCUSE, notified.application) is None


@pytest.mark.rule("A-08", "A-27", "R-152")
@pytest.mark.parametrize(
    ("stop", "run_on", "refusal"),
    [
        (hold, release, ("nothing_ends_while_held", "A-08")),
        (suspend, restore, ("nothing_ends_while_suspended", "R-152")),
    ],
)
def test_an_excuse_is_not_refused_while_their_time_stands_still(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None], refusal: tuple[str, str]
) -> None:
    ring_due(at=on(9, 21, 0))
    asked, clerk = defences.asked(fresh(notified), at=on(9, 21)), defences.staff_of(notified.application)
    stop(notified, on(9, 22))
    answer = {"decision": "证明材料不足以说明未到场的原因。", "by": clerk}
    with pytest.raises(Refusal) as refused:
        rescheduling.refuse(asked, at=on(9, 23), **answer)
    assert [(one.code, one.basis) for one in refused.value.reasons] == [refusal]
    assert "申请保持待答复" in str(refused.value.reasons[0].text)
    assert Application.objects.get(pk=notified.application_id).is_live
    run_on(notified, ENDS)
    assert rescheduling.refuse(asked, at=ENDS, **answer).state == DefenceState.ABSENT_FINAL


@pytest.mark.rule("A-08", "R-152")
@STOPPED_BY
def test_nothing_ends_by_an_absence_while_their_time_stands_still(
    notified: Defence, stop: Callable[..., None], run_on: Callable[..., None]
) -> None:
    ring_due(at=on(9, 21, 0))
    asked = defences.asked(fresh(notified), at=on(9, 21))
    carry_out(
        asked, "refuse", by=defences.staff_of(notified.application), at=on(9, 21), decision="证明材料不足以说明。"
    )
    stop(notified, on(9, 22))
    with pytest.raises(Refusal):
        attending.give_up(fresh(notified), by=SYSTEM, at=on(9, 23))


@pytest.mark.rule("R-152")
def test_a_suspended_agency_plans_and_tells_and_hears_nobody(notified: Defence) -> None:
    entry, clerk = notified.application.entry, defences.staff_of(notified.application)
    waiting, unplaced = defences.paid(entry), defences.paid(entry)
    here, there, free = defences.slots(Panel.objects.get(), 3, begins_at=on(9, 28, 9))
    planned = defences.planned(waiting, here)
    suspend(notified, on(9, 15))
    now: dict[str, Any] = {"by": clerk, "at": on(9, 16)}
    steps: list[Callable[[], object]] = [
        lambda: planning.plan(unplaced, free, **now),
        lambda: planning.move(planned, there, **now),
        lambda: planning.notify(planned, **now),
        lambda: planning.change(notified, there, reason="答辩当日楼宇停电，须另行安排。", **now),
        lambda: defences.let_in(notified, at=BEGINS),
    ]
    for step in steps:
        with pytest.raises(Refusal) as refused:
            step()
        assert [(one.code, one.basis) for one in refused.value.reasons] == [("not_suspended", "R-152")]
    assert planning.notify_all(Panel.objects.get().round, **now).done == 0
    restore(notified, on(9, 17))
    assert planning.notify(planned, by=clerk, at=on(9, 17)).state == DefenceState.NOTIFIED


@pytest.mark.rule("R-152", "R-105")
def test_a_hearing_that_began_is_finished(notified: Defence) -> None:
    defence, later = defences.let_in(notified, at=BEGINS), BEGINS + dt.timedelta(minutes=30)
    suspend(notified, BEGINS + dt.timedelta(minutes=10))
    for expert in defences.panel_of(defence):
        defences.write(defence, expert, at=later)
        opining.hand_in(defence, by=expert, at=later)
    clerk = defences.staff_of(notified.application)
    assert attending.complete(defence, by=clerk, at=later).state == DefenceState.COMPLETED
    assert Application.objects.get(pk=notified.application_id).state == ApplicationState.READY_FOR_COMMITTEE
