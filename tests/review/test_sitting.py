"""A session from its plan to the signature, and every reason against each of its steps (domain §8.6, CommitteeSession)."""

import datetime as dt

import pytest
from django.db import Error, transaction
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.ledger.models import Entry
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted
from portal.workflow import carry_out
from review.domain import agenda, keeping_out, seating, sitting
from review.enums.defending import Relation
from review.enums.filing import FilingState
from review.enums.pooling import Attendance
from review.enums.sitting import ItemState, MemberState, SessionState
from review.models import AgendaItem, CommitteeFiling, CommitteeSession, DutyRecord
from tests.factories import accounts, sessions
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
VOID = "会议期间有无关人员在场，程序违规。"


@pytest.fixture
def entry(at_the_door: tuple[int, int]) -> CatalogueEntry:
    return CatalogueEntry.objects.with_all().get(pk=at_the_door[0])


@pytest.fixture
def case(at_the_door: tuple[int, int]) -> Application:
    return Application.objects.get(pk=at_the_door[1])


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def state_of(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


def small(entry: CatalogueEntry) -> CommitteeSession:
    return sessions.planned(entry.committee, members=13, size=11)


# --- The whole way ----------------------------------------------------------------------------
@pytest.mark.rule("R-112")
def test_from_the_plan_to_the_signature(entry: CatalogueEntry) -> None:
    passing, failing = sessions.ready(entry, 2)
    session = sessions.opened(sessions.planned(entry.committee), [passing, failing], present=13)
    first, second = sessions.items(session)
    assert sessions.decided(first, agree=9, against=4).state == ItemState.DECIDED_PASS
    assert sessions.decided(second, agree=8, against=5).state == ItemState.DECIDED_FAIL
    assert {state_of(passing), state_of(failing)} == {ApplicationState.ON_AGENDA}
    signed = sessions.signed(session)
    assert (signed.state, len(signed.signature)) == (SessionState.SIGNED, 64)
    assert state_of(passing) == ApplicationState.VOTED_PASS
    assert state_of(failing) == ApplicationState.VOTED_FAIL
    steps = Entry.objects.filter(subject_type="review.CommitteeSession", subject_id=session.pk).order_by("pk")
    told = [step for step in steps.values_list("step", flat=True) if not step.startswith(("name_", "commissioner"))]
    assert told == [
        "plan",
        "draw_members",
        "convene",
        "open_session",
        "close_session",
        "write_minutes",
        "remark",
        "sign",
    ]


def test_the_person_learns_nothing_before_acceptance(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    sessions.decided(sessions.items(session)[0], agree=0, against=11)
    sessions.signed(session)
    voted = Application.objects.with_all().get(pk=case.pk)
    assert voted.state == ApplicationState.VOTED_FAIL
    assert voted.state_before_acceptance == ApplicationState.ON_AGENDA
    assert "评审中" in str(voted.state_shown_to(acting_personally(voted.applicant)))
    answer = accounts.client(acting_personally(voted.applicant)).get(
        reverse("api:application-detail", args=[voted.code])
    )
    assert answer.status_code == 200
    assert "voted" not in answer.content.decode()
    with pytest.raises(StepNotOpen):
        carry_out(voted, "withdraw", by=acting_personally(voted.applicant), at=sessions.BEGUN)


# --- Planning (row 1) -------------------------------------------------------------------------
@pytest.mark.rule("E-04")
def test_no_session_without_a_filing_on_its_day(entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    by = sessions.defences.agency_staff(entry.committee.agency)
    plan = sitting.Plan("会议", sessions.STARTS, "三层会议室")
    with pytest.raises(Refusal) as refused:
        sitting.plan(entry.committee, plan, by=by, at=sessions.PREPARED)
    assert codes(refused) == ["filing_in_force"]
    sessions.filings.filed(entry.committee, 13, size=11, valid_to=dt.date(2026, 10, 9))
    with pytest.raises(Refusal) as refused:
        sitting.plan(entry.committee, plan, by=by, at=sessions.PREPARED)
    assert codes(refused) == ["filing_in_force"]


@pytest.mark.rule("R-152")
def test_a_suspended_agency_plans_nothing(entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    sessions.filing(entry.committee, members=13, size=11)
    AgencyAuthority.objects.filter(agency=entry.committee.agency).delete()
    by = sessions.defences.agency_staff(entry.committee.agency)
    with pytest.raises(Refusal) as refused:
        sitting.plan(entry.committee, sitting.Plan("会议", sessions.STARTS, "三层"), by=by, at=sessions.PREPARED)
    assert codes(refused) == ["agency_may_evaluate"]


@pytest.mark.rule("R-003")
def test_another_agency_plans_nothing(entry: CatalogueEntry) -> None:
    assert entry.committee is not None
    stranger = accounts.actor(Role.AGENCY_CLERK)
    with pytest.raises(StepNotPermitted):
        sitting.plan(entry.committee, sitting.Plan("会议", sessions.STARTS, "三层"), by=stranger, at=sessions.PREPARED)


@pytest.mark.rule("E-05")
@pytest.mark.parametrize(("size", "allowed"), [(9, False), (11, True), (12, False)])
def test_the_size_is_odd_and_large_enough(entry: CatalogueEntry, size: int, *, allowed: bool) -> None:
    assert entry.committee is not None
    sessions.filing(entry.committee, members=13, size=size)
    by = sessions.defences.agency_staff(entry.committee.agency)
    plan = sitting.Plan("会议", sessions.STARTS, "三层")
    if allowed:
        assert sitting.plan(entry.committee, plan, by=by, at=sessions.PREPARED).size == size
        return
    with pytest.raises(Refusal) as refused:
        sitting.plan(entry.committee, plan, by=by, at=sessions.PREPARED)
    assert codes(refused) == ["size_is_lawful"]


# --- Convening (row 3) ------------------------------------------------------------------------
@pytest.mark.rule("E-11")
def test_everybody_accepts_and_promises_before_convening(entry: CatalogueEntry) -> None:
    session = sessions.drawn(small(entry))
    clerk = sessions.clerk(session)
    seating.invite_all(session, by=clerk, at=sessions.DRAWN)
    first, *others = sessions.members(session)
    with pytest.raises(Refusal) as refused:
        seating.accept(first, promise=False, by=sessions.acting(first), at=sessions.DRAWN)
    assert codes(refused) == ["promise_made"]
    for member in others:
        seating.accept(member, promise=True, by=sessions.acting(member), at=sessions.DRAWN)
    with pytest.raises(Refusal) as refused:
        sitting.convene(session, by=clerk, at=sessions.CONVENED)
    assert codes(refused) == ["everybody_accepted", "chair_named"]
    with pytest.raises(StepNotPermitted):
        seating.accept(first, promise=True, by=clerk, at=sessions.DRAWN)


@pytest.mark.rule("R-114")
def test_only_chair_and_deputies_can_chair(entry: CatalogueEntry) -> None:
    session = sessions.accepted(small(entry))
    with pytest.raises(Refusal) as refused:
        sitting.name_chair(session, sessions.ordinary(session)[0], by=sessions.clerk(session), at=sessions.DRAWN)
    assert codes(refused) == ["cannot_chair"]


@pytest.mark.rule("R-111")
def test_scrutineers_are_three_members_who_do_not_chair(entry: CatalogueEntry) -> None:
    session = sessions.convened(small(entry))
    clerk, others = sessions.clerk(session), sessions.ordinary(session)
    head = next(one for one in sessions.members(session) if one.is_chair)
    for chosen, told in (([*others[:2], head], "not_a_member"), (others[:2], "three_scrutineers")):
        with pytest.raises(Refusal) as refused:
            sitting.name_scrutineers(session, chosen, by=clerk, at=sessions.CONVENED)
        assert codes(refused) == [told]


# --- Opening (row 4) --------------------------------------------------------------------------
@pytest.mark.rule("A-03")
@pytest.mark.parametrize(("present", "opens"), [(7, False), (8, True)])
def test_two_thirds_of_the_seats_open_the_meeting(
    entry: CatalogueEntry, case: Application, present: int, *, opens: bool
) -> None:
    session = sessions.convened(small(entry), [case])
    sessions.check_in(session, present)
    sitting.name_scrutineers(
        session,
        [one for one in sessions.ordinary(session) if one.is_present][:3],
        by=sessions.clerk(session),
        at=sessions.STARTS,
    )
    chair, absence = sessions.chair(session), "监督委员临时因公出差，已报备。"
    if opens:
        done = sitting.open_session(session, commissioner_absence=absence, by=chair, at=sessions.BEGUN)
        assert done.commissioner_absence == absence
        return
    with pytest.raises(Refusal) as refused:
        sitting.open_session(session, commissioner_absence=absence, by=chair, at=sessions.BEGUN)
    assert codes(refused) == ["quorum_at_opening"]
    assert "已签到7人" in str(refused.value.reasons[0].text)


@pytest.mark.rule("R-115")
def test_an_empty_room_opens_nothing(entry: CatalogueEntry) -> None:
    session = sessions.convened(small(entry))
    sessions.check_in(session, 1)
    with pytest.raises(Refusal) as refused:
        sitting.open_session(session, by=sessions.chair(session), at=sessions.BEGUN)
    assert codes(refused) == [
        "quorum_at_opening",
        "scrutineers_present",
        "commissioner_accounted_for",
        "something_to_decide",
    ]


@pytest.mark.rule("E-04")
def test_an_expired_filing_opens_nothing(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.convened(small(entry), [case])
    sessions.check_in(session)
    seating.commissioner_comes(session, by=sessions.commissioner_of(session), at=sessions.STARTS)
    filing = CommitteeFiling.objects.filter(pk=session.filing_id)
    filing.update(state=FilingState.EXPIRING)
    filing.update(state=FilingState.EXPIRED)
    with pytest.raises(Refusal) as refused:
        sitting.open_session(session, by=sessions.chair(session), at=sessions.BEGUN)
    assert codes(refused) == ["filing_in_force"]


@pytest.mark.rule("R-118")
def test_only_the_chair_opens_and_only_on_the_day(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.convened(small(entry), [case])
    first = sessions.members(session)[0]
    with pytest.raises(Refusal) as refused:
        seating.check_in(first, by=sessions.acting(first), at=on(10, 9))
    assert codes(refused) == ["doors_are_open"]
    sessions.check_in(session)
    for other in (sessions.clerk(session), sessions.acting(sessions.ordinary(session)[0])):
        with pytest.raises(StepNotPermitted):
            sitting.open_session(session, by=other, at=sessions.BEGUN)
    with pytest.raises(Refusal) as refused:
        sitting.open_session(
            session, commissioner_absence="监督委员因故不能到场。", by=sessions.chair(session), at=on(10, 11)
        )
    assert codes(refused) == ["on_the_day"]


# --- Attendance -------------------------------------------------------------------------------
@pytest.mark.rule("A-02")
def test_late_coming_and_leaving_count_from_the_next_vote(entry: CatalogueEntry) -> None:
    cases = sessions.ready(entry, 2)
    session = sessions.opened(small(entry), cases, present=9)
    first, second = sessions.items(session)
    voting = sessions.voting(first)
    assert voting.present_for_item == 9
    late = next(one for one in sessions.members(session) if one.state == MemberState.ACCEPTED)
    seating.check_in(late, by=sessions.acting(late), at=sessions.BEGUN)
    gone = next(one for one in sessions.ordinary(session) if one.is_present and not hasattr(one, "scrutiny"))
    seating.leave(gone, by=sessions.acting(gone), at=sessions.BEGUN)
    assert AgendaItem.objects.get(pk=first.pk).present_for_item == first.roll.count() == 9
    agenda.close_vote(voting, by=sessions.leader(voting), at=sessions.BEGUN)
    sessions.counted_on_paper(AgendaItem.objects.with_all().get(pk=first.pk), 9)
    after = sessions.voting(second)
    on_roll = set(after.roll.values_list("member", flat=True))
    assert (late.pk in on_roll, gone.pk in on_roll, after.present_for_item) == (True, False, 9)


# --- Closing, signing (rows 5 and 6) ----------------------------------------------------------
@pytest.mark.rule("R-114")
def test_nothing_closes_before_every_case_is_settled(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    with pytest.raises(Refusal) as refused:
        sitting.close_session(session, by=sessions.chair(session), at=sessions.BEGUN)
    assert codes(refused) == ["every_item_settled"]
    assert "第1项" in str(refused.value.reasons[0].text)


@pytest.mark.rule("E-11")
def test_minutes_and_remarks_come_before_the_signature(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    sessions.decided(sessions.items(session)[0], agree=11)
    closed = sessions.closed(session)
    with pytest.raises(Refusal) as refused:
        sitting.sign(closed, by=sessions.chair(closed), at=sessions.BEGUN)
    assert codes(refused) == ["minutes_written", "commissioner_remarked"]
    with pytest.raises(StepNotPermitted):
        sitting.sign(closed, by=sessions.clerk(closed), at=sessions.BEGUN)


def test_what_was_signed_does_not_change(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    item = sessions.decided(sessions.items(session)[0], agree=11)
    signed = sessions.signed(session)
    for change in (
        lambda: AgendaItem.objects.filter(pk=item.pk).update(agree=0, against=11),
        lambda: item.roll.all().delete(),
        item.delete,
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
    with pytest.raises(Refusal) as refused:
        sitting.write_minutes(signed, "另一份记录", by=sessions.chair(signed), at=sessions.BEGUN)
    assert codes(refused) == ["not_now"]


# --- Cancelling, voiding (rows 8 and 9) -------------------------------------------------------
def test_a_cancelled_session_gives_its_cases_back(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.convened(small(entry), [case])
    with pytest.raises(StepNotPermitted):
        sitting.cancel(session, reason="会议场地无法使用。", by=sessions.clerk(session), at=sessions.CONVENED)
    with pytest.raises(Refusal) as refused:
        sitting.cancel(session, reason="无", by=sessions.lead(session), at=sessions.CONVENED)
    assert codes(refused) == ["reason_given"]
    reason = "会议场地临时无法使用，另行召开。"
    done = sitting.cancel(session, reason=reason, by=sessions.lead(session), at=sessions.CONVENED)
    assert done.state == SessionState.CANCELLED
    assert state_of(case) == ApplicationState.READY_FOR_COMMITTEE
    assert sessions.items(session)[0].state == ItemState.REMOVED


@pytest.mark.rule("A-23")
def test_a_voided_session_is_voted_on_again(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    sessions.decided(sessions.items(session)[0], agree=11)
    signed = sessions.signed(session)
    with pytest.raises(StepNotPermitted):
        sitting.void(signed, reason=VOID, by=accounts.actor(Role.BUREAU_CLERK), at=sessions.BEGUN)
    done = sitting.void(signed, reason=VOID, by=accounts.actor(Role.BUREAU_LEAD), at=sessions.BEGUN)
    (item,) = sessions.items(session)
    assert (done.state, item.state, item.agree) == (SessionState.VOIDED, ItemState.VOIDED, 11)
    assert state_of(case) == ApplicationState.READY_FOR_COMMITTEE


@pytest.mark.rule("A-47")
def test_the_commissioner_watches_remarks_and_asks_to_stop(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    watching = sessions.commissioner_of(session)
    asked = seating.ask_to_stop(session, "发现无关人员在场，建议停止会议。", by=watching, at=sessions.BEGUN)
    assert asked.stop_asked_at == sessions.BEGUN
    assert asked.state == SessionState.OPEN
    with pytest.raises(StepNotPermitted):
        seating.remark(session, "程序合规。", by=sessions.clerk(session), at=sessions.BEGUN)
    with pytest.raises(Refusal) as refused:
        seating.remark(session, " ", by=watching, at=sessions.BEGUN)
    assert codes(refused) == ["remark_missing"]


def test_the_revision_grows_with_every_visible_move(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    seen = [sessions.fresh(session).revision]
    item = sessions.presented(sessions.items(session)[0])
    seen.append(sessions.fresh(session).revision)
    agenda.open_vote(item, by=sessions.leader(item), at=sessions.BEGUN)
    seen.append(sessions.fresh(session).revision)
    assert seen == sorted(set(seen))


# --- What follows from a session --------------------------------------------------------------
@pytest.mark.rule("R-164")
def test_the_duty_of_every_member_is_written_down(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case], present=9)
    (item,) = sessions.items(session)
    own, ordered = [one for one in sessions.ordinary(session) if one.is_present and not hasattr(one, "scrutiny")][:2]
    keeping_out.declare(item, Relation.TEACHER, "", by=sessions.acting(own), at=sessions.BEGUN)
    keeping_out.order(item, ordered, Relation.KIN, "", by=sessions.clerk(session), at=sessions.BEGUN)
    sessions.decided(item, agree=7)
    signed = sessions.signed(session)
    written = DutyRecord.objects.filter(session=signed.code)
    assert written.count() == 11
    assert written.filter(attendance=Attendance.PRESENT).count() == 9
    assert written.get(term=own.term).recusals == 1
    assert written.get(term=ordered.term).recusals == 0


def test_draw_and_count_can_be_printed(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(small(entry), [case])
    sessions.decided(sessions.items(session)[0], agree=11)
    watching = accounts.client(sessions.commissioner_of(session))
    paper = watching.get(reverse("review:session_draw_paper", args=[session.code]))
    assert paper.content.startswith(b"%PDF")
    count = reverse("review:session_count_paper", args=[session.code])
    assert watching.get(count).status_code == 409
    by_program = f"/api/sessions/{session.code}/count-sheet/paper/"
    refused = watching.get(by_program, headers={"Accept": "application/pdf"})
    assert (refused.json()["code"], refused["Content-Type"]) == ("not_signed", "application/problem+json")
    assert watching.get(f"/api/sessions/{session.code}/draw/paper/").content.startswith(b"%PDF")
    sessions.signed(session)
    assert watching.get(count).content.startswith(b"%PDF")
    assert watching.get(by_program, headers={"Accept": "application/pdf"})["Content-Type"] == "application/pdf"
    chair = accounts.client(sessions.chair(session))
    assert chair.get(by_program).status_code == 403
    stranger = accounts.client(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.get(by_program).status_code == 404
