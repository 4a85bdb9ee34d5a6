"""An objection keeps its effect until it is closed, whatever becomes of the notice or the application meanwhile (A-08, R-073)."""

import datetime as dt

import pytest

from applications.domain import publicising, receiving, recommending, submitting
from applications.enums import ApplicationState, Hold, RecommendationState
from applications.models import Application, Recommendation
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.models import CatalogueEntry
from portal.deadlines.ringing import failing, ring_due
from portal.integrity.models import IntegrityRecord
from portal.notifications.models import Notification
from portal.publicity.domain import objecting, posting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import NoticeState, ObjectionState
from portal.publicity.models import Notice, Objection
from portal.shared.errors import StepNotOpen
from portal.workflow.carry_out import fresh
from tests.applications.test_lives import moment
from tests.factories import accounts, applications, catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-08", "R-073")]
WHY = "单位名称有误，更正后重新公示。"
ANSWER = "经核实专利登记簿，情况如下所述。"


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture
def shown(entry: CatalogueEntry) -> tuple[Recommendation, Notice]:
    """A recommendation on a notice from Monday 13 to Monday 20 July."""
    return applications.publicised(entry, at=moment(7, 13))


def objected(notice: Notice, *, at: dt.datetime, name: str = "王同事") -> Objection:
    statement = Statement("该同志并非所列专利的发明人，请核实。", name=name, contact="13800000000")
    return objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=at)


def decided(objection: Objection, step: str, recommendation: Recommendation, *, at: dt.datetime, **facts: bool) -> None:
    head = applications.head_of(recommendation.organisation)
    accepted = objecting.accept(objection, by=head, at=at)
    objecting.decide(accepted, step, answer=ANSWER, by=head, at=at, **facts)


def withdrawn_and_posted_again(recommendation: Recommendation, notice: Notice, *, at: dt.datetime) -> Notice:
    head = applications.head_of(recommendation.organisation)
    posting.withdraw(notice, reason=WHY, by=head, at=at)
    return publicising.publicise([recommendation], contact="x", by=head, at=at)


def corrected_and_shown_again(recommendation: Recommendation, *, at: dt.datetime) -> Notice:
    application = Application.objects.get(pk=recommendation.application_id)
    submitting.submit(application, commitment=True, by=applications.acting_personally(application.applicant), at=at)
    head = applications.head_of(recommendation.organisation)
    again = receiving.receive(fresh(recommendation), by=head, at=at)
    return publicising.publicise([applications.checked(again, at=at)], contact="x", by=head, at=at)


def bureau() -> Organisation:
    found = Organisation.objects.filter(kind=OrganisationKind.BUREAU).first()
    return found or accounts.organisation(OrganisationKind.BUREAU)


def stands(recommendation: Recommendation) -> tuple[str, str, str]:
    """Return the states of the recommendation and of the application, and its hold."""
    row = Recommendation.objects.select_related("application").get(pk=recommendation.pk)
    return row.state, row.application.state, row.application.hold


def test_it_outlasts_a_withdrawn_notice(shown: tuple[Recommendation, Notice]) -> None:
    recommendation, notice = shown
    objection = objected(notice, at=moment(7, 14))
    second = withdrawn_and_posted_again(recommendation, notice, at=moment(7, 15))
    held = (RecommendationState.HELD, ApplicationState.WITH_EMPLOYER, Hold.OBJECTION)
    assert stands(recommendation) == held
    ring_due(at=moment(7, 23))
    assert Notice.objects.get(pk=second.pk).state == NoticeState.ENDED  # for the record
    assert stands(recommendation) == held
    head = applications.head_of(recommendation.organisation)
    with pytest.raises(StepNotOpen):
        recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(7, 23))
    decided(objection, "find_fatal", recommendation, at=moment(7, 24), suspects_fraud=True)
    ended = (RecommendationState.REFUSED, ApplicationState.NOT_RECOMMENDED, Hold.NONE)
    assert stands(recommendation) == ended
    assert IntegrityRecord.objects.filter(person=recommendation.application.applicant).count() == 1


@pytest.mark.parametrize("day", [17, 24])
def test_unfounded_it_lets_the_new_notice_go_on(shown: tuple[Recommendation, Notice], day: int) -> None:
    recommendation, notice = shown
    objection = objected(notice, at=moment(7, 14))
    second = withdrawn_and_posted_again(recommendation, notice, at=moment(7, 15))
    decided(objection, "find_unfounded", recommendation, at=moment(7, day))
    if day == 17:
        assert stands(recommendation)[0] == RecommendationState.PUBLICISING
        ring_due(at=moment(7, 23))
    assert stands(recommendation) == (RecommendationState.PUBLICISED, ApplicationState.WITH_EMPLOYER, Hold.NONE)
    assert second.lines.get().cleared_at is not None
    assert notice.lines.get().cleared_at is None  # it never ran its time


def test_unfounded_between_two_notices_it_is_gone(shown: tuple[Recommendation, Notice]) -> None:
    recommendation, notice = shown
    objection = objected(notice, at=moment(7, 14))
    head = applications.head_of(recommendation.organisation)
    posting.withdraw(notice, reason=WHY, by=head, at=moment(7, 15))
    assert stands(recommendation) == (RecommendationState.CHECKING, ApplicationState.WITH_EMPLOYER, Hold.OBJECTION)
    decided(objection, "find_unfounded", recommendation, at=moment(7, 16))
    assert stands(recommendation)[2] == Hold.NONE
    publicising.publicise([recommendation], contact="x", by=head, at=moment(7, 16))
    assert stands(recommendation)[0] == RecommendationState.PUBLICISING


@pytest.mark.parametrize("comes", ["while it is corrected", "on the next notice"])
def test_a_second_one_decides_after_the_first_was_put_right(shown: tuple[Recommendation, Notice], comes: str) -> None:
    recommendation, notice = shown
    first = objected(notice, at=moment(7, 14))
    second = objected(notice, at=moment(7, 14, 11), name="李同事")
    decided(first, "find_correctable", recommendation, at=moment(7, 15))
    assert stands(recommendation) == (RecommendationState.SENT_BACK, ApplicationState.DRAFT, Hold.OBJECTION)
    if comes == "on the next notice":
        corrected_and_shown_again(recommendation, at=moment(7, 16))
        assert stands(recommendation)[0] == RecommendationState.HELD
    decided(second, "find_fatal", recommendation, at=moment(7, 20))
    ended = (RecommendationState.REFUSED, ApplicationState.NOT_RECOMMENDED, Hold.NONE)
    assert stands(recommendation) == ended
    ring_due(at=moment(7, 28))
    assert stands(recommendation) == ended


@pytest.mark.parametrize("comes", ["once submitted", "on the next notice"])
def test_a_second_one_asks_again_to_correct(shown: tuple[Recommendation, Notice], comes: str) -> None:
    recommendation, notice = shown
    first = objected(notice, at=moment(7, 14))
    second = objected(notice, at=moment(7, 14, 11), name="李同事")
    decided(first, "find_correctable", recommendation, at=moment(7, 15))
    if comes == "on the next notice":
        again = corrected_and_shown_again(recommendation, at=moment(7, 16))
    else:
        again = None
        application = Application.objects.get(pk=recommendation.application_id)
        who = applications.acting_personally(application.applicant)
        submitting.submit(application, commitment=True, by=who, at=moment(7, 16))
    decided(second, "find_correctable", recommendation, at=moment(7, 20))
    assert stands(recommendation) == (RecommendationState.SENT_BACK, ApplicationState.DRAFT, Hold.NONE)
    assert again is None or again.lines.get().struck_at == moment(7, 20)
    corrected_and_shown_again(recommendation, at=moment(7, 21))
    ring_due(at=moment(7, 29))
    assert stands(recommendation)[0] == RecommendationState.PUBLICISED


@pytest.mark.rule("A-34")
def test_a_second_one_upheld_while_the_first_is_corrected_gives_its_own_days(
    shown: tuple[Recommendation, Notice],
) -> None:
    recommendation, notice = shown
    first = objected(notice, at=moment(7, 20))
    second = objected(notice, at=moment(7, 20, 11), name="李同事")
    decided(first, "find_correctable", recommendation, at=moment(7, 27))
    head = applications.head_of(recommendation.organisation)
    objecting.decide(
        objecting.accept(second, by=head, at=moment(7, 27)),
        "find_correctable",
        answer="任职时间有误，请更正。",
        by=head,
        at=moment(7, 30, 23),
    )
    ring_due(at=moment(7, 31, 0))  # the window is over, and so are the days of the first
    application = Application.objects.get(pk=recommendation.application_id)
    assert (application.state, application.reopened_until) == (ApplicationState.DRAFT, moment(8, 5, 0))
    told = Notification.objects.filter(kind="applications.sent_back").order_by("-pk")[0]
    assert all(words in told.body for words in (ANSWER, "任职时间有误", "8月4日"))
    ring_due(at=moment(8, 4, 23))
    again = corrected_and_shown_again(recommendation, at=moment(8, 4, 23))
    ring_due(at=moment(8, 12))
    assert again.lines.get().cleared_at is not None
    assert stands(recommendation)[0] == RecommendationState.PUBLICISED


@pytest.mark.rule("A-34", "A-09")
def test_so_it_does_after_the_agencys_return(entry: CatalogueEntry) -> None:
    application = applications.returned(entry, at=moment(7, 14))
    recommendation = applications.checked(applications.corrected(application, at=moment(8, 5)), at=moment(8, 6))
    head = applications.head_of(recommendation.organisation)
    notice = publicising.publicise([recommendation], contact="x", by=head, at=moment(8, 6))
    first, second = objected(notice, at=moment(8, 7)), objected(notice, at=moment(8, 7, 11), name="李同事")
    decided(first, "find_correctable", recommendation, at=moment(8, 10))
    decided(second, "find_correctable", recommendation, at=moment(8, 13, 23))
    ring_due(at=moment(8, 14))
    returned = Application.objects.get(pk=application.pk)
    assert (returned.state, len(returned.defects)) == (ApplicationState.RETURNED, 2)
    who = applications.acting_personally(application.applicant)
    submitting.resubmit(returned, commitment=True, by=who, at=moment(8, 18, 23))
    assert stands(recommendation)[:2] == (RecommendationState.RECHECKING, ApplicationState.RESUBMITTED)


@pytest.mark.rule("A-53", "R-140")
def test_fraud_is_recorded_of_an_application_that_was_given_up(shown: tuple[Recommendation, Notice]) -> None:
    recommendation, notice = shown
    objection = objected(notice, at=moment(7, 14))
    application = Application.objects.get(pk=recommendation.application_id)
    who = applications.acting_personally(application.applicant)
    submitting.withdraw(application, by=who, at=moment(7, 15))
    decided(objection, "find_fatal", recommendation, at=moment(7, 16), suspects_fraud=True)
    assert stands(recommendation)[1:] == (ApplicationState.WITHDRAWN, Hold.NONE)
    record = IntegrityRecord.objects.get(person=application.applicant)
    assert (record.source, record.case_id) == ("objection", application.pk)


def test_one_that_nobody_answers_goes_up_to_the_bureau(shown: tuple[Recommendation, Notice]) -> None:
    recommendation, notice = shown
    objection, top = objected(notice, at=moment(7, 14)), bureau()
    agency = recommendation.application.entry.agency
    for rings, handler, due in (
        (moment(7, 29, 0), agency, moment(8, 13, 0)),
        (moment(8, 13, 0), top, moment(8, 28, 0)),
        (moment(8, 28, 0), top, None),
    ):
        ring_due(at=rings)
        assert not failing().exists()
        one, waits = fresh(objection), objecting.answer_due(objection)
        assert (one.state, one.handler, waits and waits.due_at) == (ObjectionState.ESCALATED, handler, due)


@pytest.mark.rule("R-035")
@pytest.mark.parametrize("kind", [OrganisationKind.AGENCY, OrganisationKind.DISTRICT, OrganisationKind.INDUSTRY])
def test_whichever_office_evaluates_hands_up_to_the_bureau_and_not_to_itself(kind: OrganisationKind) -> None:
    year, top = catalogue.edition(), bureau()
    plan, agency = catalogue.schedule(year), accounts.organisation(kind)
    row = catalogue.row(year, plan, committee=catalogue.committee(year, agency=agency))
    catalogue.published(row, of=year, plan=plan)
    entry = CatalogueEntry.objects.with_all().get(edition=year)
    _recommendation, notice = applications.publicised(entry, at=moment(7, 13))
    objection = objected(notice, at=moment(7, 14))
    ring_due(at=moment(7, 29, 0))
    assert fresh(objection).handler == agency
    lead = accounts.actor(Role.AGENCY_LEAD, at=agency)
    accepted = objecting.accept(objection, by=lead, at=moment(7, 31))
    assert objecting.escalate(accepted, by=lead, at=moment(7, 31, 11)).handler == top
