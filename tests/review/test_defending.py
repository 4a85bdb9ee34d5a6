"""A defence from the slot to the committee's door, or to its end: every step and every reason against it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from applications.domain import submitting
from applications.enums import EXCUSE, ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.ledger.models import Entry
from portal.notifications.enums import Channel, Need
from portal.notifications.models import Delivery, Notification
from portal.shared.errors import Refusal
from portal.workflow import carry_out
from review.domain import attending, opining, planning, recusing, rescheduling, scheduling
from review.enums.defending import NO_SHOW, DefenceState, Mode, RequestState
from review.letters.defending import DefenceNotified
from review.models import ChangeRequest, Defence
from tests.factories import accounts, applications, catalogue, defences
from tests.factories.defences import BEGINS, TOLD, on

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> tuple[int, int, int]:
    """Keep somebody who paid, and somebody of another committee who was told when to come."""

    def make() -> tuple[int, int, int]:
        entry = catalogue.published_entry()
        told = defences.notified(defences.paid(catalogue.published_entry()))
        return entry.pk, defences.paid(entry).pk, told.pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def entry(made: tuple[int, int, int]) -> CatalogueEntry:
    return CatalogueEntry.objects.with_all().get(pk=made[0])


@pytest.fixture
def paid(made: tuple[int, int, int]) -> Application:
    return Application.objects.get(pk=made[1])


@pytest.fixture
def notified(made: tuple[int, int, int]) -> Defence:
    return Defence.objects.with_all().get(pk=made[2])


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def state_of(defence: Defence) -> str:
    return str(Defence.objects.get(pk=defence.pk).state)


def ends(defence: Defence) -> tuple[str, str]:
    application = Application.objects.get(pk=defence.application_id)
    return str(application.state), application.end_reason


# --- The whole way ----------------------------------------------------------------------------
@pytest.mark.rule("R-105")
def test_who_was_heard_waits_for_the_committee(paid: Application) -> None:
    done = defences.heard(paid)
    defence = done.defence
    assert (defence.state, done.state) == (DefenceState.COMPLETED, ApplicationState.READY_FOR_COMMITTEE)
    assert defence.opinions.count() == 3
    steps = Entry.objects.filter(subject_type="review.Defence", subject_id=defence.pk).order_by("pk")
    assert list(steps.values_list("step", flat=True)) == ["plan", "notify", "check_in", "complete"]
    assert setting.kinds_waiting(done) == set()


@pytest.mark.rule("R-106")
def test_a_junior_is_never_heard() -> None:
    application = defences.paid(catalogue.published_entry())
    CatalogueEntry.objects.filter(pk=application.entry_id).update(level=catalogue.level(LevelKey.ASSISTANT))
    round_ = defences.round_of(application.entry.committee)
    slot = defences.slots(defences.panel(round_))[0]
    with pytest.raises(Refusal) as refused:
        planning.plan(application, slot, by=defences.staff_of(application), at=defences.PLANNED)
    assert codes(refused) == ["level_is_heard"]
    assert refused.value.reasons[0].basis == "R-106"
    assert scheduling.propose(round_, at=defences.PLANNED).placed == ()


# --- Telling ----------------------------------------------------------------------------------
@pytest.mark.rule("R-107")
def test_told_on_monday_for_the_sunday_after(paid: Application) -> None:
    """Scenario S1: the text message of Monday 14 September for the defence on Sunday 20 September 2026."""
    defence = defences.notified(paid, at=on(9, 14))
    message = Notification.objects.get(kind="review.defence_notified", person=paid.applicant)
    delivery = Delivery.objects.get(notification=message, channel="sms")
    assert "2026年9月20日（星期日）09:00" in message.body
    assert "下载答辩通知书" in delivery.line
    assert defence.state == DefenceState.NOTIFIED
    deadline = setting.waiting(NO_SHOW, paid)
    assert deadline is not None
    assert deadline.due_at == on(9, 21, 0)


@pytest.mark.rule("R-107")
@pytest.mark.parametrize("day", [14, 15])
def test_five_calendar_days_before_it_is_early_enough(paid: Application, day: int) -> None:
    done = planning.notify(defences.planned(paid), by=defences.staff_of(paid), at=on(9, day, 23, 59))
    assert done.state == DefenceState.NOTIFIED


@pytest.mark.rule("R-107")
@pytest.mark.parametrize("day", [16, 19])
def test_later_the_earliest_lawful_day_is_named(paid: Application, day: int) -> None:
    defence, clerk = defences.planned(paid), defences.staff_of(paid)
    with pytest.raises(Refusal) as refused:
        planning.notify(defence, by=clerk, at=on(9, day))
    assert codes(refused) == ["told_early_enough"]
    assert f"最早可安排在2026年9月{day + 5}日" in str(refused.value.reasons[0].text)
    assert state_of(defence) == DefenceState.PLANNED


def test_the_message_cannot_be_declined() -> None:
    assert DefenceNotified.channels[Channel.SMS] is Need.REQUIRED


def test_the_panel_is_called_once_without_any_name(entry: CatalogueEntry) -> None:
    first, second = defences.paid(entry), defences.paid(entry)
    slot = defences.slots(defences.panel(defences.round_of(entry.committee)), capacity=2)[0]
    for one in (first, second):
        defences.notified(one, slot)
    sitting = slot.sittings.values("expert")
    called = Notification.objects.filter(kind="review.panel_called", person__in=sitting)
    assert called.count() == 3
    for message in called:
        for one in (first, second):
            assert one.applicant.full_name not in message.subject + message.body
            assert one.code not in message.subject + message.body + message.about_code


def test_telling_all_names_who_cannot_be_told(entry: CatalogueEntry) -> None:
    near, far = defences.paid(entry), defences.paid(entry)
    round_ = defences.round_of(entry.committee)
    panel = defences.panel(round_)
    soon, late = defences.slots(panel), defences.slots(panel, begins_at=on(9, 28, 9))
    held = defences.planned(near, soon[0])
    defences.planned(far, late[0])
    told = planning.notify_all(round_, by=defences.staff_of(near), at=on(9, 17))
    assert told.done == 1
    assert [(one.pk, [reason.code for reason in reasons]) for one, reasons in told.refused] == [
        (held.pk, ["told_early_enough"])
    ]


# --- Place and time ---------------------------------------------------------------------------
@pytest.mark.rule("R-108")
def test_online_needs_the_pilot_flag(entry: CatalogueEntry) -> None:
    with pytest.raises(Refusal) as refused:
        defences.round_of(entry.committee, mode=Mode.ONLINE)
    assert codes(refused) == ["online_only_with_pilot"]
    entry.committee.online_defence = True
    entry.committee.save()
    assert defences.round_of(entry.committee, mode=Mode.ONLINE).is_online


@pytest.mark.rule("R-028")
def test_a_slot_after_the_session_period_is_refused(paid: Application) -> None:
    days = (dt.date(2026, 12, 1), dt.date(2026, 12, 2))
    panel = defences.panel(defences.round_of(paid.entry.committee, days=days))
    slot = defences.slots(panel, begins_at=on(12, 1, 9))[0]
    with pytest.raises(Refusal) as refused:
        defences.planned(paid, slot)
    assert codes(refused) == ["inside_the_session"]
    assert "2026年11月30日" in str(refused.value.reasons[0].text)


def test_a_slot_of_another_committee_is_refused(paid: Application) -> None:
    other = defences.slots(defences.panel(defences.round_of(catalogue.published_entry().committee)))[0]
    with pytest.raises(Refusal) as refused:
        defences.planned(paid, other)
    assert "slot_of_the_committee" in codes(refused)


def test_a_held_application_is_not_planned(paid: Application) -> None:
    Application.objects.filter(pk=paid.pk).update(hold="investigation")
    with pytest.raises(Refusal) as refused:
        defences.planned(paid)
    assert codes(refused) == ["application_not_held"]


# --- Another date -----------------------------------------------------------------------------
@pytest.mark.rule("A-27")
def test_one_other_date_for_cause_and_no_second(notified: Defence) -> None:
    clerk = defences.staff_of(notified.application)
    agreed = rescheduling.agree(defences.asked(notified, at=on(9, 15)), by=clerk, at=on(9, 16))
    assert (agreed.state, agreed.slot, agreed.reschedules) == (DefenceState.RESCHEDULED, None, 1)
    assert setting.waiting(NO_SHOW, notified.application) is None
    panel = notified.slot.panel
    slot = defences.slots(panel, begins_at=on(9, 28, 9))[0]
    again = planning.notify(agreed, slot=slot, by=clerk, at=on(9, 17))
    assert (again.state, again.slot) == (DefenceState.NOTIFIED, slot)
    assert again.nonce != notified.nonce
    with pytest.raises(Refusal) as refused:
        defences.asked(again, at=on(9, 18))
    assert codes(refused) == ["not_rescheduled_before"]
    assert refused.value.reasons[0].basis == "A-27"


def test_a_refusal_needs_a_reason_and_changes_nothing(notified: Defence) -> None:
    clerk, request = defences.staff_of(notified.application), defences.asked(notified, at=on(9, 15))
    with pytest.raises(Refusal) as refused:
        rescheduling.refuse(request, decision="不行", by=clerk, at=on(9, 16))
    assert codes(refused) == ["decision_explained"]
    rescheduling.refuse(request, decision="证明材料与所述原因不符，不予改期。", by=clerk, at=on(9, 16))
    assert ChangeRequest.objects.get(pk=request.pk).state == RequestState.REFUSED
    assert state_of(notified) == DefenceState.NOTIFIED
    told = Notification.objects.get(kind="review.date_change_answered")
    assert "证明材料与所述原因不符" in told.body


def test_another_date_must_fit_the_session_period(entry: CatalogueEntry) -> None:
    application = defences.paid(entry)
    days = (dt.date(2026, 11, 20), dt.date(2026, 11, 30))
    panel = defences.panel(defences.round_of(entry.committee, days=days))
    defence = defences.notified(application, defences.slots(panel, begins_at=on(11, 28, 9))[0], at=on(11, 20))
    with pytest.raises(Refusal) as refused:
        defences.asked(defence, at=on(11, 27))
    assert codes(refused) == ["session_runs_on"]


def test_only_the_person_asks_and_only_before_the_time(notified: Defence) -> None:
    file = defences.proof(notified)
    stranger = acting_personally(accounts.person())
    with pytest.raises(Refusal) as refused:
        rescheduling.ask(notified, reason=defences.ASK, file=file, by=stranger, at=on(9, 15))
    assert codes(refused) == ["step_not_permitted"]
    with pytest.raises(Refusal) as refused:
        defences.asked(notified, at=BEGINS)
    assert codes(refused) == ["too_late"]
    defences.asked(notified, at=on(9, 15))
    with pytest.raises(Refusal) as refused:
        defences.asked(notified, at=on(9, 16))
    assert codes(refused) == ["request_waits"]


# --- The day ----------------------------------------------------------------------------------
@pytest.mark.rule("R-105")
def test_only_the_right_code_a_checked_face_and_the_right_day_let_in(notified: Defence) -> None:
    clerk, code = defences.staff_of(notified.application), attending.code_of(notified)
    for typed, identity, at, expected in (
        ("XXXX-XXXX-XXXX", True, BEGINS, "code_is_right"),
        (code, False, BEGINS, "identity_checked"),
        (code, True, on(9, 19), "on_its_day"),
    ):
        with pytest.raises(Refusal) as refused:
            attending.check_in(notified, typed=typed, identity=identity, by=clerk, at=at)
        assert codes(refused) == [expected]
    done = attending.check_in(notified, typed=code.lower().replace("-", " "), identity=True, by=clerk, at=BEGINS)
    assert done.state == DefenceState.IN_PROGRESS
    assert done.checked_by == clerk.person


def test_the_code_tells_nothing_and_cannot_be_made_up(notified: Defence) -> None:
    clerk, code = defences.staff_of(notified.application), attending.code_of(notified)
    assert len(code) == 14
    assert notified.blind_number.removeprefix("MP-") not in code.replace("-", "")
    assert attending.found_by(code, clerk) == notified
    forged = code[:-1] + ("2" if code[-1] != "2" else "3")
    assert attending.found_by(forged, clerk) is None
    assert attending.found_by(code, accounts.actor(Role.AGENCY_CLERK)) is None


@pytest.mark.rule("A-27")
def test_who_does_not_come_and_says_nothing_gives_up(notified: Defence) -> None:
    """Sunday 20 September is a working day: absent at its 24:00; two working days are 21 and 22 September."""
    ring_due(at=on(9, 20, 23, 59))
    assert state_of(notified) == DefenceState.NOTIFIED
    ring_due(at=on(9, 21, 1))
    assert state_of(notified) == DefenceState.ABSENT
    deadline = setting.waiting(EXCUSE, notified.application)
    assert deadline is not None
    assert deadline.due_at == on(9, 23, 0)
    ring_due(at=on(9, 22, 23))
    assert state_of(notified) == DefenceState.ABSENT
    ring_due(at=on(9, 23, 1))
    assert state_of(notified) == DefenceState.ABSENT_FINAL
    assert ends(notified) == (ApplicationState.DEEMED_WITHDRAWN, "未按通知参加答辩，且无正当理由，视为放弃申报。")
    assert setting.kinds_waiting(notified.application) == set()
    assert Notification.objects.filter(kind="review.defence_forfeited", person=notified.application.applicant).exists()


def test_absence_is_the_same_however_late_the_timers_ring(notified: Defence) -> None:
    ring_due(at=on(10, 20))
    assert state_of(notified) == DefenceState.ABSENT_FINAL
    assert Application.objects.get(pk=notified.application_id).ended_at == on(9, 23, 0)


def test_nobody_is_absent_before_the_time(notified: Defence) -> None:
    with pytest.raises(Refusal) as refused:
        attending.miss(notified, by=defences.staff_of(notified.application), at=BEGINS - dt.timedelta(minutes=1))
    assert codes(refused) == ["time_has_come"]


@pytest.mark.rule("A-27")
def test_an_excuse_in_time_waits_for_its_answer_and_gives_the_one_other_date(notified: Defence) -> None:
    clerk = defences.staff_of(notified.application)
    absent = attending.miss(notified, by=clerk, at=on(9, 20, 11))
    request = defences.asked(absent, at=on(9, 21, 12))
    ring_due(at=on(9, 28))
    assert state_of(notified) == DefenceState.ABSENT
    done = rescheduling.agree(request, decision="同意", by=clerk, at=on(9, 28))
    assert done.state == DefenceState.RESCHEDULED


def test_an_excuse_that_is_refused_ends_the_application(notified: Defence) -> None:
    clerk = defences.staff_of(notified.application)
    request = defences.asked(attending.miss(notified, by=clerk, at=on(9, 20, 11)), at=on(9, 21, 12))
    done = rescheduling.refuse(request, decision="所述原因没有证明材料支持。", by=clerk, at=on(9, 22))
    assert done.state == DefenceState.ABSENT_FINAL
    assert ends(notified)[0] == ApplicationState.DEEMED_WITHDRAWN


def test_staff_cannot_give_up_for_somebody_before_the_time_is_over(notified: Defence) -> None:
    clerk = defences.staff_of(notified.application)
    absent = attending.miss(notified, by=clerk, at=on(9, 20, 11))
    with pytest.raises(Refusal) as refused:
        carry_out(absent, "give_up", by=clerk, at=on(9, 21))
    assert codes(refused) == ["no_excuse_left"]


def test_a_withdrawn_application_frees_its_place(notified: Defence) -> None:
    who = acting_personally(notified.application.applicant)
    submitting.withdraw(notified.application, reason="", by=who, at=on(9, 15))
    assert state_of(notified) == DefenceState.CLOSED
    other = defences.paid(notified.application.entry)
    assert defences.planned(other, notified.slot).slot == notified.slot


# --- The panel --------------------------------------------------------------------------------
@pytest.mark.rule("R-110")
def test_the_hearing_ends_when_the_whole_panel_handed_in(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    clerk, later = defences.staff_of(paid), BEGINS + dt.timedelta(minutes=30)
    first, *others = defences.panel_of(defence)
    defences.write(defence, first, at=later)
    opining.hand_in(defence, by=first, at=later)
    with pytest.raises(Refusal) as refused:
        attending.complete(defence, by=clerk, at=later)
    assert codes(refused) == ["panel_handed_in"]
    assert "还有2位专家" in str(refused.value.reasons[0].text)
    for expert in others:
        defences.write(defence, expert, at=later)
        opining.hand_in(defence, by=expert, at=later)
    assert attending.complete(defence, by=first, at=later).state == DefenceState.COMPLETED


def test_an_opinion_is_whole_before_it_is_handed_in_and_fixed_after(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    expert = defences.panel_of(defence)[0]
    opining.save(defence, {"opinion": "好", "scores": {"1": 30}}, based_on=0, by=expert, at=BEGINS)
    with pytest.raises(Refusal) as refused:
        opining.hand_in(defence, by=expert, at=BEGINS)
    assert codes(refused) == ["every_criterion_scored", "opinion_written"]
    defences.write(defence, expert, at=BEGINS)
    opining.hand_in(defence, by=expert, at=BEGINS)
    with pytest.raises(Refusal) as refused:
        opining.save(defence, {"opinion": "改"}, based_on=2, by=expert, at=BEGINS)
    assert codes(refused) == ["opinion_fixed"]


def test_two_windows_do_not_overwrite_each_other(paid: Application) -> None:
    defence = defences.begun(paid)
    expert = defences.panel_of(defence)[0]
    saved = opining.save(defence, {"opinion": "一"}, based_on=0, by=expert, at=BEGINS)
    assert saved.version == 1
    assert opining.save(defence, {"opinion": "一"}, based_on=0, by=expert, at=BEGINS).version == 1
    with pytest.raises(Refusal) as refused:
        opining.save(defence, {"opinion": "二"}, based_on=0, by=expert, at=BEGINS)
    assert codes(refused) == ["changed_elsewhere"]


def test_a_score_beyond_its_criterion_is_refused(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    with pytest.raises(Refusal) as refused:
        opining.save(defence, {"scores": {"1": 41}}, based_on=0, by=defences.panel_of(defence)[0], at=BEGINS)
    assert codes(refused) == ["score_out_of_range"]
    assert refused.value.reasons[0].field == "score_1"


# --- Recusal ----------------------------------------------------------------------------------
@pytest.mark.rule("A-48")
def test_an_expert_of_the_applicants_employer_keeps_out_by_itself(paid: Application) -> None:
    agency = paid.entry.agency
    sitting = defences.experts(agency, 4)
    applications.know(sitting[0].person, paid.employer)
    slot = defences.slots(defences.panel(defences.round_of(paid.entry.committee), sitting))[0]
    defence = defences.notified(paid, slot)
    assert paid.recusals.get().relation == "same_employer"
    assert sitting[0] not in defences.panel_of(defence)
    assert not Defence.objects.of_expert(sitting[0]).exists()
    assert Defence.objects.of_expert(sitting[1]).exists()


@pytest.mark.rule("A-48")
def test_too_small_a_panel_without_the_recused_cannot_hear(paid: Application) -> None:
    sitting = defences.experts(paid.entry.agency, 3)
    applications.know(sitting[0].person, paid.employer)
    slot = defences.slots(defences.panel(defences.round_of(paid.entry.committee), sitting))[0]
    with pytest.raises(Refusal) as refused:
        defences.planned(paid, slot)
    assert codes(refused) == ["panel_can_hear"]
    assert "只有2人" in str(refused.value.reasons[0].text)


def test_an_expert_declares_and_sees_it_no_more(notified: Defence) -> None:
    first, *_others = defences.panel_of(notified)
    recusing.declare(notified, "co_author", "曾合作项目", by=first, at=on(9, 16))
    assert not Defence.objects.of_expert(first).exists()
    with pytest.raises(Refusal) as refused:
        defences.let_in(notified, at=BEGINS)
    assert codes(refused) == ["panel_can_hear"]
    with pytest.raises(Refusal) as refused:
        recusing.declare(notified, "co_author", "", by=accounts.actor(Role.EXPERT), at=on(9, 16))
    assert codes(refused) == ["not_on_the_panel"]


def test_the_system_alone_closes(notified: Defence) -> None:
    with pytest.raises(Refusal) as refused:
        carry_out(notified, "close", by=defences.staff_of(notified.application), at=TOLD)
    assert codes(refused) == ["step_not_permitted"]
    assert carry_out(notified, "close", by=SYSTEM, at=TOLD).state == DefenceState.CLOSED
