"""What keeps a review honest: who may not answer it, what it cannot take back, and what ends it otherwise (R-130, A-24)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.urls import reverse

from applications.enums import ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import PUBLIC, acting_for, acting_personally
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines.ringing import ring_due
from portal.integrity.enums import Measure
from portal.integrity.models import IntegrityRecord
from portal.notifications.models import Notification
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.redress.domain import answering, filing, queries
from portal.redress.enums import NotAdmittedGround, RequestState
from portal.redress.models import ReviewRequest
from portal.shared import clock
from portal.shared.errors import Refusal, StepRefused
from portal.workflow import carry_out
from review.domain import accepting, crediting, upheld_reviews
from review.domain.redress import ApplicationMatter
from review.models import AgencyReview
from tests.factories import (
    acceptances,
    accounts,
    agency_reviews,
    applications,
    defences,
    integrity,
    payments,
    sessions,
)
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
FACTS = "审核意见所述业绩与申报书第三页的专利证书不符，请核对。"
ANSWER = "经核对办理记录，审核程序和认定的事实无误。"
WHY = "计票时一名应当回避的委员没有离场，程序有误。"
SAID = Statement("2024年的论文署名与事实不符，可向期刊核实。", name="吴某", contact="13800001111")
AN_HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def bureau(db: None) -> None:
    acceptances.bureau()


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def told(application: Application) -> dt.datetime:
    assert application.ended_at is not None
    return application.ended_at


def asked(application: Application) -> ReviewRequest:
    me = acting_personally(application.applicant)
    return filing.ask(application, facts=FACTS, by=me, at=told(application) + AN_HOUR)


def admitted(application: Application) -> ReviewRequest:
    clerk = accounts.actor(Role.AGENCY_CLERK, at=application.entry.agency)
    return answering.admit(asked(application), by=clerk, at=told(application) + AN_HOUR)


def upheld(application: Application) -> ReviewRequest:
    lead = accounts.actor(Role.AGENCY_LEAD, at=application.entry.agency)
    return answering.uphold(admitted(application), answer=WHY, by=lead, at=told(application) + AN_HOUR)


def voted_down(entry: CatalogueEntry) -> Application:
    pair = sessions.ready(entry, 2)
    acceptances.accepted(acceptances.voted(pair, [9, 8]))
    return fresh(pair[1])


def unrecognised(entry: CatalogueEntry) -> tuple[Application, list[int]]:
    """Let an objection take a result away, and return who of the bureau did nothing else but decide on it."""
    (case,) = sessions.ready(entry, 1)
    notice = acceptances.posted(acceptances.accepted(acceptances.voted([case], [10])))
    clerk = acceptances.officer(Role.BUREAU_CLERK, another=True)
    lead = acceptances.officer(Role.BUREAU_LEAD, another=True)
    objection = objecting.lodge(notice.lines.select_related("notice").get(), SAID, by=PUBLIC, at=on(10, 21))
    objection = objecting.escalate(objection, by=defences.agency_staff(case.entry.agency), at=on(10, 21))
    objection = objecting.accept(objection, by=clerk, at=on(10, 22))
    objecting.decide(objection, "find_fatal", answer="经核查，异议成立。", by=lead, at=on(10, 23))
    assert clerk.person is not None
    assert lead.person is not None
    return fresh(case), [clerk.person.pk, lead.person.pk]


# --- Who may not answer -----------------------------------------------------------------------
@pytest.mark.rule("R-130")
def test_whoever_decided_the_objection_does_not_answer_for_it(entry: CatalogueEntry) -> None:
    ended, decided = unrecognised(entry)
    assert ended.state == ApplicationState.NOT_RECOGNISED
    assert set(decided) <= ApplicationMatter().involved(ended)


@pytest.mark.rule("R-130")
def test_everybody_who_sat_in_the_session_is_involved(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    session = failed.agenda_items.get().session
    present = set(session.members.filter(state__in=["present", "left"]).values_list("person", flat=True))
    assert len(present) > 3
    assert present <= ApplicationMatter().involved(failed)


@pytest.mark.rule("A-24")
def test_nobody_answers_at_both_instances(entry: CatalogueEntry) -> None:
    ended = agency_reviews.rejected(entry)
    clerk = accounts.actor(Role.AGENCY_CLERK, at=ended.entry.agency)
    answered = answering.not_admit(
        asked(ended), ground=NotAdmittedGround.NO_FAULT, answer=ANSWER, by=clerk, at=told(ended) + AN_HOUR
    )
    me = acting_personally(ended.applicant)
    higher = answering.go_higher(answered, objection=FACTS, by=me, at=told(ended) + AN_HOUR)
    assert clerk.person is not None
    Membership.objects.create(
        person=clerk.person, organisation=acceptances.bureau(), role=Role.BUREAU_CLERK, since=accounts.SINCE
    )
    twice = acting_for(clerk.person, acceptances.bureau(), frozenset({Role.BUREAU_CLERK}))
    with pytest.raises(StepRefused) as refused:
        answering.take_up(higher, by=twice, at=told(ended) + AN_HOUR)
    assert codes(refused) == ["not_involved"]
    other = acceptances.officer(another=True)
    assert answering.take_up(higher, by=other, at=told(ended) + AN_HOUR).handled_by == other.person


def test_an_agency_that_can_answer_does_not_hand_it_on(entry: CatalogueEntry) -> None:
    ended = agency_reviews.rejected(entry)
    clerk = accounts.actor(Role.AGENCY_CLERK, at=ended.entry.agency)
    accounts.actor(Role.AGENCY_LEAD, at=ended.entry.agency)
    request = asked(ended)
    with pytest.raises(StepRefused) as refused:
        answering.escalate(request, by=clerk, at=told(ended) + AN_HOUR)
    assert codes(refused) == ["nobody_here_may_answer"]


# --- Where the bureau answers first -----------------------------------------------------------
@pytest.mark.rule("A-24")
def test_where_the_bureau_answers_first_there_is_no_second_instance(
    entry: CatalogueEntry, at: Callable[[dt.datetime], None]
) -> None:
    ended, _decided = unrecognised(entry)
    request = asked(ended)
    assert request.handler == acceptances.bureau()
    clerk = acceptances.officer(Role.BUREAU_CLERK, another=True)
    lead = acceptances.officer(Role.BUREAU_LEAD, another=True)
    now = told(ended) + 2 * AN_HOUR
    at(now)
    handled = answering.admit(request, by=clerk, at=now)
    page = accounts.client(lead).get(reverse("redress:let_stand", args=[request.code])).content.decode()
    assert "本答复为最终答复" in page
    answered = answering.let_stand(handled, answer=ANSWER, by=lead, at=now)
    assert answered.may_go_higher_until is None
    body = Notification.objects.get(kind="redress.request_answered").body
    assert "行政复议" in body
    assert "申请复核" not in body
    with pytest.raises(StepRefused) as refused:
        answering.go_higher(answered, objection=FACTS, by=acting_personally(ended.applicant), at=now)
    assert codes(refused) == ["somebody_stands_above"]


def test_what_the_bureau_let_lie_can_still_be_admitted_and_upheld(entry: CatalogueEntry) -> None:
    ended, _decided = unrecognised(entry)
    request = asked(ended)
    due = answering.answer_due(request)
    assert due is not None
    assert due.due_at is not None
    ring_due(at=due.due_at)
    late = due.due_at + AN_HOUR
    clerk = acceptances.officer(Role.BUREAU_CLERK, another=True)
    handled = answering.admit(request, by=clerk, at=late)
    assert "答复期限已过" in Notification.objects.get(kind="redress.request_admitted").body
    lead = acceptances.officer(Role.BUREAU_LEAD, another=True)
    assert answering.uphold(handled, answer=WHY, by=lead, at=late).is_upheld
    assert fresh(ended).state == ApplicationState.ACCEPTED
    told_of_it = Notification.objects.filter(kind="redress.request_upheld", organisation=ended.entry.agency)
    assert told_of_it.exists(), "the agency learns that the result stands again"


# --- What cannot be taken back ----------------------------------------------------------------
@pytest.mark.rule("A-25")
def test_a_vote_is_not_found_faulty_beside_another_application_of_the_year(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    handled, lead = admitted(failed), accounts.actor(Role.AGENCY_LEAD, at=failed.entry.agency)
    applications.draft(entry, acting_personally(failed.applicant))
    with pytest.raises(StepRefused) as refused:
        answering.uphold(handled, answer=WHY, by=lead, at=told(failed) + 2 * AN_HOUR)
    assert codes(refused) == ["no_other_this_year"]


@pytest.mark.rule("R-140")
def test_a_vote_is_not_found_faulty_for_somebody_who_was_disqualified_since(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    handled, lead = admitted(failed), accounts.actor(Role.AGENCY_LEAD, at=failed.entry.agency)
    now, cancelling = told(failed) + 2 * AN_HOUR, (Measure.CANCEL_APPLICATION,)
    integrity.Bureau().in_force(
        person=failed.applicant,
        ruling=replace(integrity.RULING, measures=cancelling),
        intent=replace(integrity.INTENT, measures=cancelling),
    )
    IntegrityRecord.objects.update(in_force_at=told(failed) + AN_HOUR)
    with pytest.raises(StepRefused) as refused:
        answering.uphold(handled, answer=WHY, by=lead, at=now)
    assert codes(refused) == ["cancelled_since"]


@pytest.mark.rule("R-029", "A-24")
def test_a_schedule_is_not_closed_over_reviews_and_new_votes_that_wait(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    schedule, lead = failed.entry.schedule, accounts.actor(Role.BUREAU_LEAD)
    assert upheld_reviews.waiting_in(schedule) == 0
    request = upheld(failed)
    assert request.state == RequestState.UPHELD_PROCEDURE
    assert upheld_reviews.waiting_in(schedule) == 1
    with pytest.raises(StepRefused) as refused:
        carry_out(schedule, "close", by=lead, at=on(12, 3))
    assert codes(refused) == ["nobody_waits_in_it"]


# --- A new vote -------------------------------------------------------------------------------
@pytest.mark.rule("A-08", "R-152")
def test_a_vote_that_is_repeated_stands_still_while_the_agency_or_the_person_does(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    request, now = upheld(failed), told(failed) + 2 * AN_HOUR
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.suspend(
        authority, reason="程序违规", remedy_due_on=dt.date(2026, 12, 30), by=accounts.actor(Role.BUREAU_LEAD), at=now
    )
    integrity.Bureau().opened(person=failed.applicant, at=now)
    told_so = {"reason": WHY, "decision_number": request.code, "decision": None}
    accepting.revote_on_appeal(acceptances.case_of(failed), **told_so, by=acceptances.lead(), at=now + AN_HOUR)
    revived = fresh(failed)
    assert (revived.state, revived.hold) == (ApplicationState.READY_FOR_COMMITTEE, Hold.INVESTIGATION)
    assert AgencyReview.objects.get(application=revived).suspended_since is not None


@pytest.mark.rule("A-24")
def test_the_bureau_finds_the_order_of_a_new_vote_from_the_review(
    entry: CatalogueEntry, at: Callable[[dt.datetime], None]
) -> None:
    failed = voted_down(entry)
    request = upheld(failed)
    at(told(failed) + 2 * AN_HOUR)
    shown = accounts.client(acceptances.lead()).get(reverse("redress:request", args=[request.code])).content.decode()
    assert reverse("review:result", args=[acceptances.case_of(failed).code]) in shown


# --- What ends it otherwise -------------------------------------------------------------------
@pytest.mark.rule("A-10", "A-24")
def test_money_that_came_in_time_after_all_ends_the_review(at: Callable[[dt.datetime], None]) -> None:
    order = payments.ordered(payments.due())
    ring_due(at=payments.DUE_AT + dt.timedelta(days=1))
    ended = fresh(order.payment.application)
    assert ended.state == ApplicationState.DEEMED_WITHDRAWN
    request = asked(ended)
    crediting.credit(order, payments.money(order, paid_at=payments.DUE_AT - AN_HOUR), at=told(ended) + 2 * AN_HOUR)
    revived, moot = fresh(ended), ReviewRequest.objects.get(pk=request.pk)
    assert (revived.ended_at, moot.state) == (None, RequestState.MOOT)
    assert answering.answer_due(moot) is None
    assert Notification.objects.filter(kind="redress.request_moot", person=ended.applicant).count() == 1
    at(told(ended) + 3 * AN_HOUR)
    me = acting_personally(ended.applicant)
    shown = accounts.client(me).get(reverse("applications:progress", args=[ended.code])).content.decode()
    assert request.code in shown
    assert "复查终结" in shown
    standing_now = queries.standing_of(revived, by=me, at=clock.now())
    assert standing_now is not None
    assert (standing_now.outcome, standing_now.may_ask) == (None, False)


@pytest.mark.rule("A-24")
def test_who_was_brought_back_otherwise_does_not_go_higher(entry: CatalogueEntry) -> None:
    failed = voted_down(entry)
    now = told(failed) + 2 * AN_HOUR
    handled, lead = admitted(failed), accounts.actor(Role.AGENCY_LEAD, at=failed.entry.agency)
    answered = answering.let_stand(handled, answer=ANSWER, by=lead, at=now)
    accepting.revote_on_appeal(
        acceptances.case_of(failed),
        reason=WHY,
        decision_number="京人社复〔2026〕3号",
        decision=acceptances.paper(failed.agenda_items.get().session),
        by=acceptances.lead(),
        at=now,
    )
    with pytest.raises(StepRefused) as refused:
        answering.go_higher(answered, objection=FACTS, by=acting_personally(failed.applicant), at=now)
    assert codes(refused) == ["outcome_stands"]


def test_who_was_disqualified_is_promised_no_review_on_the_page(
    entry: CatalogueEntry, at: Callable[[dt.datetime], None]
) -> None:
    live = applications.submitted(entry)
    cancelling = (Measure.CANCEL_APPLICATION,)
    integrity.Bureau().in_force(
        person=live.applicant,
        ruling=replace(integrity.RULING, measures=cancelling),
        intent=replace(integrity.INTENT, measures=cancelling),
    )
    ended = fresh(live)
    assert ended.state == ApplicationState.DISQUALIFIED
    at(told(ended) + AN_HOUR)
    me = acting_personally(ended.applicant)
    shown = accounts.client(me).get(reverse("applications:progress", args=[ended.code])).content.decode()
    assert "申请复查" not in shown


# --- Given twice ------------------------------------------------------------------------------
def test_a_step_given_twice_happened_once(entry: CatalogueEntry) -> None:
    ended = agency_reviews.rejected(entry)
    now = told(ended) + AN_HOUR
    clerk, lead = (accounts.actor(role, at=ended.entry.agency) for role in (Role.AGENCY_CLERK, Role.AGENCY_LEAD))
    request = asked(ended)
    for _time in range(2):
        handled = answering.admit(request, by=clerk, at=now, key="admit")
        answering.extend(handled, reason="需要向发证机关核实。", by=lead, at=now, key="extend")
    due = answering.answer_due(request)
    assert due is not None
    assert due.workdays == 30
    assert Notification.objects.filter(kind="redress.request_admitted").count() == 1
    assert Notification.objects.filter(kind="redress.request_extended").count() == 1
