"""Results before the bureau: reported, taken, sent back, accepted, partly accepted, refused (domain §8.7)."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.roles import Role
from portal.catalogue.models import AgencyAuthority
from portal.deadlines import setting
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted
from portal.workflow import open_steps
from review.domain import accepting, promising, sitting
from review.enums.accepting import PROMISE, AcceptanceState, CaseState, PaperKind
from review.enums.sitting import ItemState, SessionState
from review.models import AcceptedCase, CommitteeSession, ResultAcceptance
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
WHY = "核查发现会议期间有无关人员在场，程序违规。"


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def state_of(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


def last_day(deadline_end: dt.datetime | None) -> dt.date:
    assert deadline_end is not None
    return clock.day_of(deadline_end - dt.timedelta(microseconds=1))


def made_once() -> tuple[list[Application], CommitteeSession]:
    """Two people of one session, of whom the first passes and the second does not."""
    pair = sessions.ready(catalogue.published_entry(), 2)
    return pair, acceptances.voted(pair, [9, 8])


@pytest.fixture
def pair(kept: tuple[list[Application], CommitteeSession]) -> list[Application]:
    return kept[0]


@pytest.fixture
def signed(kept: tuple[list[Application], CommitteeSession]) -> CommitteeSession:
    return kept[1]


@pytest.mark.rule("R-120")
@pytest.mark.rule("R-121")
@pytest.mark.rule("A-24")
def test_a_batch_is_reported_taken_and_accepted(signed: CommitteeSession, pair: list[Application]) -> None:
    batch = acceptances.reported(signed)
    assert (batch.state, len(batch.digest)) == (AcceptanceState.SUBMITTED, 64)
    assert sessions.fresh(signed).state == SessionState.REPORTED
    assert {one.kind for one in batch.papers.all()} == {PaperKind.REPORT, PaperKind.MINUTES, PaperKind.COUNT_SHEET}
    assert [case.is_pass for case in batch.cases.all()] == [True, False]
    again = accepting.accept(
        accepting.take(batch, by=acceptances.clerk(), at=acceptances.TAKEN),
        by=acceptances.lead(),
        at=acceptances.DECIDED,
    )
    assert again.state == AcceptanceState.ACCEPTED
    assert [state_of(one) for one in pair] == [ApplicationState.ACCEPTED, ApplicationState.NOT_PASSED]
    passed = acceptances.case_of(pair[0])
    assert acceptances.case_of(pair[1]).state == CaseState.ACCEPTED
    assert (passed.passed_on, passed.title, passed.district_limited) == (signed.day, pair[0].title, "")
    assert all(not one["reasons"] for one in [*again.checks, *passed.checks])
    told = Notification.objects.get(kind="review.result_not_passed")
    assert told.person == pair[1].applicant
    assert "2026年11月6日（星期五）24:00" in told.body  # fifteen working days after 16 October
    assert not Notification.objects.filter(person=pair[0].applicant, kind__startswith="review.result").exists()


def test_nobody_learns_the_result_before_acceptance(signed: CommitteeSession, pair: list[Application]) -> None:
    acceptances.taken(signed)
    for one in Application.objects.filter(pk__in=[case.pk for case in pair]):
        assert one.state_before_acceptance == ApplicationState.ON_AGENDA


@pytest.mark.rule("A-23")
def test_who_took_it_does_not_decide_on_it(signed: CommitteeSession) -> None:
    batch = accepting.take(acceptances.reported(signed), by=acceptances.lead(), at=acceptances.TAKEN)
    for step in (accepting.accept, lambda *a, **k: accepting.refuse(*a, **k, reason=WHY)):
        with pytest.raises(Refusal) as refused:
            step(batch, by=acceptances.lead(), at=acceptances.DECIDED)
        assert codes(refused) == ["another_checked"]
    with pytest.raises(StepNotPermitted):
        accepting.accept(batch, by=acceptances.clerk(), at=acceptances.DECIDED)
    another = acceptances.officer(Role.BUREAU_LEAD, another=True)
    assert accepting.accept(batch, by=another, at=acceptances.DECIDED).state == AcceptanceState.ACCEPTED


def test_an_unsigned_session_and_another_agency_report_nothing(signed: CommitteeSession) -> None:
    with pytest.raises(StepNotPermitted):
        accepting.report(signed, paper=acceptances.paper(signed), by=acceptances.clerk(), at=acceptances.REPORTED)
    acceptances.reported(signed)
    with pytest.raises(StepNotOpen):
        acceptances.reported(sessions.fresh(signed))
    with pytest.raises(Refusal) as refused:
        sitting.void(sessions.fresh(signed), reason=WHY, by=acceptances.lead(), at=acceptances.TAKEN)
    assert codes(refused) == ["not_before_the_bureau"]


@pytest.mark.rule("A-06")
@pytest.mark.rule("R-006")
def test_the_promise_stands_while_papers_are_completed(signed: CommitteeSession) -> None:
    batch = acceptances.reported(signed)
    deadline = setting.waiting(PROMISE, batch)
    assert deadline is not None
    assert last_day(deadline.due_at) == dt.date(2026, 11, 9)
    batch = accepting.take(batch, by=acceptances.clerk(), at=acceptances.TAKEN)
    with pytest.raises(Refusal) as refused:
        accepting.send_back(batch, reason="缺", by=acceptances.clerk(), at=acceptances.TAKEN)
    assert codes(refused) == ["reason_given"]
    batch = accepting.send_back(batch, reason="请补充评审工作报告的附表。", by=acceptances.clerk(), at=on(10, 14))
    stopped = promising.clock_of(batch)
    assert stopped is not None
    assert stopped.due_at is None
    assert promising.used(stopped, on(10, 20)) == 1
    frozen, agency = batch.digest, sessions.clerk(signed)
    with pytest.raises(Refusal) as refused:
        accepting.report_again(batch, by=agency, at=on(10, 15))
    assert codes(refused) == ["answered"]
    more = acceptances.paper(signed, at=on(10, 15))
    batch = accepting.report_again(batch, paper=more, by=agency, at=on(10, 15))
    assert batch.state == AcceptanceState.SUBMITTED
    assert batch.digest != frozen
    deadline = setting.waiting(PROMISE, batch)
    assert deadline is not None
    assert last_day(deadline.due_at) == dt.date(2026, 11, 11)


@pytest.mark.rule("A-23")
def test_one_is_held_and_accepted_later(signed: CommitteeSession, pair: list[Application]) -> None:
    batch = acceptances.taken(signed)
    held = acceptances.case_of(pair[0])
    for chosen, wrong in (([], "some_held_some_not"), ([one.code for one in batch.cases.all()], "some_held_some_not")):
        with pytest.raises(Refusal) as refused:
            accepting.accept_partly(batch, held=chosen, reason=WHY, by=acceptances.lead(), at=acceptances.DECIDED)
        assert codes(refused) == [wrong]
    done = accepting.accept_partly(batch, held=[held.code], reason=WHY, by=acceptances.lead(), at=acceptances.DECIDED)
    assert done.state == AcceptanceState.PARTLY_ACCEPTED
    assert [state_of(one) for one in pair] == [ApplicationState.VOTED_PASS, ApplicationState.NOT_PASSED]
    paused = promising.clock_of(done)
    assert paused is not None
    assert paused.pauses.get().basis == "A-08"
    released = accepting.release(
        AcceptedCase.objects.get(pk=held.pk),
        reason="经核查没有发现问题，予以验收。",
        by=acceptances.lead(),
        at=on(10, 20),
    )
    assert released.state == CaseState.ACCEPTED
    assert state_of(pair[0]) == ApplicationState.ACCEPTED


@pytest.mark.rule("A-24")
def test_one_who_was_held_is_voted_on_again(signed: CommitteeSession, pair: list[Application]) -> None:
    batch = acceptances.taken(signed)
    held = acceptances.case_of(pair[0])
    accepting.accept_partly(batch, held=[held.code], reason=WHY, by=acceptances.lead(), at=acceptances.DECIDED)
    done = accepting.order_revote(acceptances.case_of(pair[0]), reason=WHY, by=acceptances.lead(), at=on(10, 20))
    assert done.state == CaseState.REVOTED
    assert state_of(pair[0]) == ApplicationState.READY_FOR_COMMITTEE
    assert sessions.items(signed)[0].state == ItemState.VOIDED
    assert acceptances.fresh(batch).state == AcceptanceState.CERTIFIED  # nobody else passed
    assert setting.waiting(PROMISE, batch) is None


@pytest.mark.rule("R-152")
def test_a_refused_batch_voids_the_session(signed: CommitteeSession, pair: list[Application]) -> None:
    done = accepting.refuse(acceptances.taken(signed), reason=WHY, by=acceptances.lead(), at=acceptances.DECIDED)
    assert (done.state, done.reason) == (AcceptanceState.REFUSED, WHY)
    assert sessions.fresh(signed).state == SessionState.VOIDED
    assert {state_of(one) for one in pair} == {ApplicationState.READY_FOR_COMMITTEE}
    assert set(done.cases.values_list("state", flat=True)) == {CaseState.VOIDED}
    assert Notification.objects.filter(kind="review.voted_again").count() == 2
    shown = accounts.client(acceptances.clerk()).get(reverse("review:acceptance", args=[done.code])).content.decode()
    assert "报送验收" in shown.partition('id="history"')[2]
    authority = AgencyAuthority.objects.get(agency=signed.committee.agency)
    assert reverse("catalogue:authority:show", args=[authority.code]) in shown


@pytest.mark.rule("R-148")
def test_what_changed_since_the_report_is_not_accepted(signed: CommitteeSession) -> None:
    batch = acceptances.taken(signed)
    CommitteeSession.objects.filter(pk=signed.pk).update(minutes="另一份会议记录。")
    with pytest.raises(Refusal) as refused:
        accepting.accept(acceptances.fresh(batch), by=acceptances.lead(), at=acceptances.DECIDED)
    assert set(codes(refused)) == {"record_is_unchanged", "signature"}


def test_every_step_is_in_the_ledger(signed: CommitteeSession) -> None:
    batch = acceptances.accepted(signed)
    steps = Entry.objects.filter(subject_type="review.ResultAcceptance", subject_id=batch.pk).order_by("pk")
    assert list(steps.values_list("step", flat=True)) == ["report", "take", "accept"]
    assert [one.name for one in open_steps(batch, by=acceptances.lead(), at=acceptances.DECIDED)] == []
    assert ResultAcceptance.objects.at(sessions.clerk(signed)).count() == 1
    assert ResultAcceptance.objects.at(sessions.chair(signed)).count() == 0
