"""A person asks that an outcome be looked at again, and gets an answer at two instances (R-130, A-24, domain §8.17)."""

import datetime as dt

import pytest

from applications.domain.figures import Scope
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.cockpit import lists
from portal.deadlines.ringing import ring_due
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.redress.domain import answering, filing, queries
from portal.redress.enums import NotAdmittedGround, RequestState
from portal.redress.models import ReviewRequest
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted, StepRefused
from review.domain.figures import lateness
from tests.factories import acceptances, accounts, agency_reviews, applications, catalogue

pytestmark = pytest.mark.django_db
FACTS = "审核意见所述业绩与申报书第三页的专利证书不符，请核对。"
ANSWER = "经核对办理记录，审核程序和认定的事实无误。"
WRONG = "经核对，专利证书在申报时已经提交，审核认定的事实有误。"


def made_once() -> Application:
    """Somebody whom the agency rejected."""
    acceptances.bureau()
    return agency_reviews.rejected(catalogue.published_entry())


@pytest.fixture
def rejected(kept: Application) -> Application:
    return kept


@pytest.fixture
def me(rejected: Application) -> Actor:
    return acting_personally(rejected.applicant)


@pytest.fixture
def told(rejected: Application) -> dt.datetime:
    assert rejected.ended_at is not None
    return rejected.ended_at


@pytest.fixture
def asked(rejected: Application, me: Actor, told: dt.datetime) -> ReviewRequest:
    return filing.ask(rejected, facts=FACTS, by=me, at=told + dt.timedelta(hours=1))


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def another(role: Role, of: Application) -> Actor:
    """Return somebody of the agency who took no step on the file."""
    return accounts.actor(role, at=of.entry.agency)


def fresh(request: ReviewRequest) -> ReviewRequest:
    return ReviewRequest.objects.get(pk=request.pk)


def letters(kind: str) -> int:
    return Notification.objects.filter(kind=f"redress.{kind}").count()


@pytest.mark.rule("R-130", "A-24")
def test_a_review_is_asked_for_within_fifteen_working_days_and_the_answer_is_due_in_as_many(
    rejected: Application, me: Actor, told: dt.datetime
) -> None:
    term = filing.time_to_ask(told)
    assert (term.start, len(term.counted)) == (told.date(), 15)
    last = term.ends_at - dt.timedelta(microseconds=1)
    with pytest.raises(Refusal) as refused:
        filing.ask(rejected, facts=FACTS, by=me, at=term.ends_at)
    assert codes(refused) == ["too_late"]
    request = filing.ask(rejected, facts=FACTS, by=me, at=last)
    assert (request.state, request.result, request.told_at) == (RequestState.FILED, ApplicationState.REJECTED, told)
    assert request.handler == rejected.entry.agency
    due = answering.answer_due(request)
    assert due is not None
    assert due.due_at == filing.time_to_ask(last).ends_at
    assert (letters("request_received"), letters("request_to_handle")) == (1, 2)


@pytest.mark.rule("R-130")
def test_only_the_person_asks_once_about_what_ended_against_them(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    for who, facts, expected in (
        (me, FACTS, ["asked_already"]),
        (applications.applicant(), FACTS, ["not_own"]),
        (agency_reviews.clerk_of(rejected.review), FACTS, ["not_own"]),
    ):
        with pytest.raises(Refusal) as refused:
            filing.ask(rejected, facts=facts, by=who, at=told)
        assert codes(refused) == expected
    live = applications.submitted(rejected.entry, applications.applicant())
    with pytest.raises(Refusal) as refused:
        filing.ask(live, facts="短", by=acting_personally(live.applicant), at=told)
    assert codes(refused) == ["nothing_to_review", "facts_too_short"]
    assert queries.standing_of(live, by=acting_personally(live.applicant), at=told) is None


@pytest.mark.rule("R-130", "A-24")
def test_whoever_took_part_does_not_handle_it_and_whoever_handles_it_does_not_decide(
    rejected: Application, asked: ReviewRequest, told: dt.datetime
) -> None:
    clerk, lead = agency_reviews.clerk_of(rejected.review), agency_reviews.lead_of(rejected.review)
    for who in (clerk, lead):
        with pytest.raises(StepRefused) as refused:
            answering.admit(asked, by=who, at=told)
        assert codes(refused) == ["not_involved"]
    first, second = another(Role.AGENCY_LEAD, rejected), another(Role.AGENCY_LEAD, rejected)
    with pytest.raises(StepNotPermitted):
        answering.admit(asked, by=accounts.actor(Role.AGENCY_CLERK), at=told)
    admitted = answering.admit(asked, by=first, at=told)
    assert (admitted.state, admitted.handled_by) == (RequestState.HANDLING, first.person)
    for who, expected in ((first, ["another_handled"]), (lead, ["not_involved"])):
        with pytest.raises(StepRefused) as refused:
            answering.let_stand(admitted, answer=ANSWER, by=who, at=told)
        assert codes(refused) == expected
    with pytest.raises(StepRefused) as refused:
        answering.let_stand(admitted, answer="无误", by=second, at=told)
    assert codes(refused) == ["answer_given"]
    answered = answering.let_stand(admitted, answer=ANSWER, by=second, at=told)
    assert (answered.state, answered.answer) == (RequestState.ANSWERED_UPHELD, ANSWER)
    assert answered.may_go_higher_until == filing.time_to_ask(told).ends_at
    assert answering.answer_due(answered) is None
    assert Application.objects.get(pk=rejected.pk).state == ApplicationState.REJECTED
    body = Notification.objects.get(kind="redress.request_answered", person=rejected.applicant).body
    assert all(words in body for words in ("维持原结果", ANSWER, "申请复核"))


@pytest.mark.rule("A-24")
def test_an_upheld_review_lets_the_check_go_on(rejected: Application, asked: ReviewRequest, told: dt.datetime) -> None:
    admitted = answering.admit(asked, by=another(Role.AGENCY_CLERK, rejected), at=told)
    lead = another(Role.AGENCY_LEAD, rejected)
    done = answering.uphold(admitted, answer=WRONG, by=lead, at=told, key="once")
    assert (done.state, done.is_upheld) == (RequestState.UPHELD_PROCEDURE, True)
    revived = Application.objects.get(pk=rejected.pk)
    assert (revived.state, revived.ended_at) == (ApplicationState.UNDER_REVIEW, None)
    assert answering.uphold(done, answer=WRONG, by=lead, at=told + dt.timedelta(hours=1), key="once").pk == done.pk
    assert letters("request_upheld") > 0
    assert Notification.objects.filter(kind="redress.request_upheld", person=rejected.applicant).count() == 1
    assert filing.reasons_against_asking(revived, by=acting_personally(revived.applicant), at=told)[0].code == (
        "nothing_to_review"
    )


@pytest.mark.rule("A-25")
def test_nobody_is_brought_back_beside_another_application_of_the_year(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    applications.draft(rejected.entry, me)
    admitted = answering.admit(asked, by=another(Role.AGENCY_CLERK, rejected), at=told)
    with pytest.raises(StepRefused) as refused:
        answering.uphold(admitted, answer=WRONG, by=another(Role.AGENCY_LEAD, rejected), at=told)
    assert codes(refused) == ["no_other_this_year"]
    assert fresh(asked).state == RequestState.HANDLING


@pytest.mark.rule("A-24")
def test_what_is_not_admitted_names_its_ground_and_goes_to_the_bureau_in_time(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    clerk = another(Role.AGENCY_CLERK, rejected)
    with pytest.raises(StepRefused) as refused:
        answering.not_admit(asked, ground="", answer=ANSWER, by=clerk, at=told)
    assert codes(refused) == ["ground_given"]
    answered = answering.not_admit(asked, ground=NotAdmittedGround.NO_FAULT, answer=ANSWER, by=clerk, at=told)
    assert answered.state == RequestState.NOT_ADMITTED
    until = filing.time_to_ask(told).ends_at
    with pytest.raises(StepRefused) as refused:
        answering.go_higher(answered, objection=FACTS, by=me, at=until)
    assert codes(refused) == ["in_time_to_go_higher"]
    with pytest.raises(StepNotPermitted):
        answering.go_higher(answered, objection=FACTS, by=clerk, at=told)
    higher = answering.go_higher(answered, objection=FACTS, by=me, at=until - dt.timedelta(seconds=1))
    assert (higher.state, higher.handler, higher.first_handler) == (
        RequestState.SECOND_INSTANCE,
        acceptances.bureau(),
        rejected.entry.agency,
    )
    assert higher.handled_by is None
    due = answering.answer_due(higher)
    assert due is not None
    assert due.due_at == filing.time_to_ask(until - dt.timedelta(seconds=1)).ends_at


@pytest.mark.rule("A-24")
def test_the_second_instance_has_four_eyes_and_the_last_word(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    answered = answering.not_admit(
        asked, ground=NotAdmittedGround.ACADEMIC, answer=ANSWER, by=another(Role.AGENCY_CLERK, rejected), at=told
    )
    higher = answering.go_higher(answered, objection=FACTS, by=me, at=told)
    lead = acceptances.lead()
    with pytest.raises(StepRefused) as refused:
        answering.close_standing(higher, answer=ANSWER, by=lead, at=told)
    assert codes(refused) == ["taken_up"]
    taken = answering.take_up(higher, by=lead, at=told)
    with pytest.raises(StepRefused) as refused:
        answering.close_upholding(taken, answer=WRONG, by=lead, at=told)
    assert codes(refused) == ["another_handled"]
    taken = answering.take_up(taken, by=acceptances.clerk(), at=told)
    closed = answering.close_upholding(taken, answer=WRONG, by=lead, at=told)
    assert (closed.state, closed.is_upheld, closed.final_answer) == (RequestState.CLOSED, True, WRONG)
    assert closed.answer == ANSWER, "the first answer stays"
    assert Application.objects.get(pk=rejected.pk).state == ApplicationState.UNDER_REVIEW
    with pytest.raises(StepNotOpen):
        answering.go_higher(closed, objection=FACTS, by=me, at=told)


@pytest.mark.rule("A-24", "R-130")
def test_what_nobody_answers_in_time_goes_to_the_bureau_and_its_lead_is_told_where_that_is_late_too(
    rejected: Application, asked: ReviewRequest
) -> None:
    first = answering.answer_due(asked)
    assert first is not None
    assert first.due_at is not None
    ring_due(at=first.due_at - dt.timedelta(seconds=1))
    assert fresh(asked).state == RequestState.FILED
    ring_due(at=first.due_at)
    higher = fresh(asked)
    assert (higher.state, higher.handler, higher.went_higher_at) == (
        RequestState.SECOND_INSTANCE,
        acceptances.bureau(),
        first.due_at,
    )
    second = answering.answer_due(higher)
    assert second is not None
    assert second.due_at == filing.time_to_ask(first.due_at).ends_at
    acceptances.lead()
    told_before = letters("answer_overdue")
    assert not lateness.unanswered_reviews().exists(), "the bureau has time of its own"
    ring_due(at=second.due_at)
    assert list(lateness.unanswered_reviews()) == [asked]
    behind = lists.behind(Scope(), "review", second.due_at)
    assert [behind.told(one).code for one in behind.rows] == [asked.code]
    assert fresh(asked).state == RequestState.SECOND_INSTANCE, "it can still be answered"
    assert letters("answer_overdue") == told_before + 1
    assert [entry.step for entry in history_of(higher)] == ["ask", "escalate", "overdue"]


@pytest.mark.rule("A-24")
def test_an_answer_is_lengthened_once_while_its_time_runs(
    rejected: Application, asked: ReviewRequest, told: dt.datetime
) -> None:
    admitted = answering.admit(asked, by=another(Role.AGENCY_CLERK, rejected), at=told)
    lead = another(Role.AGENCY_LEAD, rejected)
    with pytest.raises(StepRefused) as refused:
        answering.extend(admitted, reason=" ", by=lead, at=told)
    assert codes(refused) == ["reason_of_extension"]
    extended = answering.extend(admitted, reason="需要向发证机关核实。", by=lead, at=told)
    due = answering.answer_due(extended)
    assert due is not None
    assert due.workdays == 30
    with pytest.raises(StepNotOpen):
        answering.extend(extended, reason="再次延长。", by=lead, at=told)


def test_a_withdrawn_request_may_be_asked_again(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    withdrawn = answering.withdraw(asked, by=me, at=told)
    assert withdrawn.state == RequestState.WITHDRAWN
    assert answering.answer_due(withdrawn) is None
    assert filing.ask(rejected, facts=FACTS, by=me, at=told).state == RequestState.FILED


def test_where_everybody_took_part_the_agency_hands_it_to_the_bureau(
    rejected: Application, asked: ReviewRequest, told: dt.datetime
) -> None:
    higher = answering.escalate(asked, by=agency_reviews.clerk_of(rejected.review), at=told)
    assert (higher.state, higher.handler) == (RequestState.SECOND_INSTANCE, acceptances.bureau())
    assert Notification.objects.filter(kind="redress.request_went_higher", person=rejected.applicant).count() == 1


@pytest.mark.rule("A-24")
def test_the_desks_see_what_is_theirs(
    rejected: Application, me: Actor, asked: ReviewRequest, told: dt.datetime
) -> None:
    clerk = another(Role.AGENCY_CLERK, rejected)
    stranger = accounts.actor(Role.AGENCY_CLERK)
    assert list(queries.requests_seen_by(clerk)) == [asked]
    assert not queries.requests_seen_by(stranger).exists()
    assert list(queries.requests_seen_by(acceptances.clerk())) == [asked], "the bureau supervises"
    assert not queries.to_admit(acceptances.clerk()).exists()
    assert list(queries.to_admit(clerk)) == [asked]
    assert list(queries.own_requests(me)) == [asked]
    assert not queries.own_requests(applications.applicant()).exists()
    assert queries.subject_of(me, rejected.code) == rejected
    assert queries.subject_of(applications.applicant(), rejected.code) is None
    answering.admit(asked, by=clerk, at=told)
    assert not queries.to_decide(clerk).exists()
    assert list(queries.to_decide(another(Role.AGENCY_LEAD, rejected))) == [asked]
