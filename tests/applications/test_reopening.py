"""A refusal that a review found wrong falls: the employer looks anew, in time of its own, or the person corrects on (A-24)."""

import datetime as dt

import pytest

from applications.domain import publicising, receiving, recommending, submitting, timeline
from applications.enums import CORRECTION, EMPLOYER_WINDOW, RECHECK, WINDOW, ApplicationState, RecommendationState
from applications.interfaces.timeline import Step, place_of, stages_of
from applications.models import Application, Recommendation
from portal.accounts.actors import acting_personally
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.http.parts import StageState
from portal.notifications.models import Notification
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.models import Notice, Objection
from portal.workflow.carry_out import fresh
from review.domain.reviving import reasons_against_reviving, revive
from review.enums.checking import ReviewState
from tests.applications.test_lives import moment
from tests.factories import applications, catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-24", "R-130")]
A_MINUTE = dt.timedelta(minutes=1)
WHY = "申报人长期不在岗，单位不同意推荐。"
SAID = "该同志并非所列专利的发明人，请核实。"
REFUSED, UPHELD = moment(7, 20), moment(8, 10)
# Five working days of a notice and three of A-34 after Monday 10 August: 24:00 of Thursday 20 August.
UNTIL = moment(8, 21, 0)


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def stands(application: Application) -> tuple[str, str]:
    row = Application.objects.select_related("recommendation").get(pk=application.pk)
    return row.state, row.recommendation.state


def due(kind: str, application: Application) -> dt.datetime | None:
    found = setting.waiting(kind, application)
    assert found is not None
    return found.due_at


def refused(recommendation: Recommendation, *, at: dt.datetime) -> Application:
    head = applications.head_of(recommendation.organisation)
    done = receiving.refuse(recommendation, ground="other", reason=WHY, by=head, at=at)
    return Application.objects.get(pk=done.application_id)


def goes_on(application: Application, *, at: dt.datetime) -> Application:
    """Revive an application that ended, and prove that nothing rings at once."""
    assert reasons_against_reviving(application, at) == []
    ring_due(at=at)
    revived = revive(application, at=at)
    assert (revived.ended_at, revived.end_reason, revived.state_since) == (None, "", at)
    assert ring_due(at=at + A_MINUTE).rung == 0
    return revived


def publicised_again(application: Application, *, at: dt.datetime) -> Notice:
    recommendation = Recommendation.objects.get(application=application)
    head = applications.head_of(recommendation.organisation)
    return publicising.publicise([recommendation], contact=applications.CONTACT, by=head, at=at)


def signed(application: Application, *, at: dt.datetime) -> None:
    recommendation = Recommendation.objects.get(application=application)
    head = applications.head_of(recommendation.organisation)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=at)


def test_the_employer_checks_publicises_and_recommends_anew(entry: CatalogueEntry) -> None:
    checked = applications.checked(applications.received(entry, at=moment(7, 13)), at=moment(7, 13))
    ended = refused(checked, at=REFUSED)
    goes_on(ended, at=UPHELD)
    assert stands(ended) == (ApplicationState.WITH_EMPLOYER, RecommendationState.CHECKING)
    recommendation = Recommendation.objects.get(application=ended)
    assert (recommendation.ground, recommendation.remark) == ("", "")
    assert due(EMPLOYER_WINDOW, ended) == UNTIL, "the year's window was over on 6 August"
    told = Notification.objects.filter(kind="applications.submitted_to_employer", posted_at=UPHELD)
    assert "公示期满后另有时间推荐" in told[0].body
    publicised_again(ended, at=moment(8, 20))
    assert due(EMPLOYER_WINDOW, ended) == moment(9, 2, 0), "the days of the notice, and three"
    ring_due(at=moment(8, 28, 0))
    assert stands(ended) == (ApplicationState.WITH_EMPLOYER, RecommendationState.PUBLICISED)
    signed(ended, at=moment(9, 1))
    assert stands(ended) == (ApplicationState.RECOMMENDED, RecommendationState.RECOMMENDED)
    assert Application.objects.get(pk=ended.pk).review.state == ReviewState.QUEUED


def test_the_year_s_window_counts_where_it_is_longer(entry: CatalogueEntry) -> None:
    ended = refused(applications.received(entry, at=moment(7, 8)), at=moment(7, 9))
    goes_on(ended, at=moment(7, 20))
    assert due(EMPLOYER_WINDOW, ended) == moment(8, 7, 0)


def test_the_employer_can_refuse_again_or_let_the_time_pass(entry: CatalogueEntry) -> None:
    ended = refused(applications.received(entry), at=REFUSED)
    goes_on(ended, at=UPHELD)
    again = refused(Recommendation.objects.get(application=ended), at=moment(8, 12))
    assert stands(again) == (ApplicationState.NOT_RECOMMENDED, RecommendationState.REFUSED)
    goes_on(again, at=UPHELD + dt.timedelta(days=4))
    ring_due(at=moment(8, 27, 0) - A_MINUTE)
    assert stands(again)[0] == ApplicationState.WITH_EMPLOYER
    ring_due(at=moment(8, 27, 0))
    assert stands(again) == (ApplicationState.LAPSED, RecommendationState.EXPIRED)


def test_the_timeline_tells_it_and_begins_anew_with_the_employer(entry: CatalogueEntry) -> None:
    recommendation, _notice = applications.publicised(entry, at=moment(7, 13))
    ring_due(at=moment(7, 21, 0))
    ended = refused(fresh(recommendation), at=moment(7, 22))
    revived = goes_on(ended, at=UPHELD)
    course = timeline.course_of(revived)
    assert [str(one.what) for one in timeline.history(course)][:2] == ["复查决定由单位重新审核推荐", "单位不予推荐"]
    assert place_of(course) == Step.EMPLOYER
    now = next(one for one in stages_of(course) if one.state is StageState.NOW)
    assert (now.name, now.until) == ("单位审核", UNTIL)


@pytest.fixture
def resubmitted(entry: CatalogueEntry) -> Application:
    """A corrected file that waits for the employer since 5 August."""
    application = applications.returned(entry)
    applications.corrected(application, at=moment(8, 5))
    return Application.objects.get(pk=application.pk)


def test_a_corrected_file_goes_back_to_the_employer_and_then_to_the_agency_that_waits(resubmitted: Application) -> None:
    ended = refused(resubmitted.recommendation, at=moment(8, 6))
    assert Application.objects.get(pk=ended.pk).review.state == ReviewState.CLOSED
    revived = goes_on(ended, at=UPHELD)
    assert stands(ended) == (ApplicationState.RESUBMITTED, RecommendationState.RECHECKING)
    assert revived.review.state == ReviewState.RETURNED
    assert due(RECHECK, ended) == moment(8, 14, 0)
    applications.checked(Recommendation.objects.get(application=ended), at=moment(8, 11))
    publicised_again(ended, at=moment(8, 11))
    ring_due(at=moment(8, 19, 0))
    signed(ended, at=moment(8, 19))
    assert stands(ended) == (ApplicationState.UNDER_SECOND_REVIEW, RecommendationState.RECOMMENDED)
    assert Application.objects.get(pk=ended.pk).review.state == ReviewState.RECHECKING


def test_the_new_time_for_a_corrected_file_runs_out(resubmitted: Application) -> None:
    ended = refused(resubmitted.recommendation, at=moment(8, 6))
    goes_on(ended, at=UPHELD)
    ring_due(at=moment(8, 14, 0) - A_MINUTE)
    assert stands(ended)[0] == ApplicationState.RESUBMITTED
    ring_due(at=moment(8, 14, 0))
    assert stands(ended) == (ApplicationState.LAPSED, RecommendationState.EXPIRED)


# --- Ended by an objection while the person corrected what another one showed ------------------
def ended_by_the_second(notice: Notice, recommendation: Recommendation, *, at: dt.datetime) -> Application:
    """Uphold one objection that can be put right, and then one that cannot."""
    first, second = (objected(notice, name, at=at) for name in ("王同事", "李同事"))
    head = applications.head_of(recommendation.organisation)
    for objection, step in ((first, "find_correctable"), (second, "find_fatal")):
        accepted = objecting.accept(objection, by=head, at=at)
        objecting.decide(accepted, step, answer=f"经核实专利登记簿，{step}。", by=head, at=at)
    return Application.objects.get(pk=recommendation.application_id)


def objected(notice: Notice, name: str, *, at: dt.datetime) -> Objection:
    statement = Statement(SAID, name=name, contact="13800000000")
    return objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=at)


@pytest.mark.rule("A-08")
def test_who_was_correcting_corrects_on_and_is_publicised_anew(entry: CatalogueEntry) -> None:
    recommendation, notice = applications.publicised(entry, at=moment(7, 27))
    ended = ended_by_the_second(notice, recommendation, at=moment(7, 30))
    assert stands(ended) == (ApplicationState.NOT_RECOMMENDED, RecommendationState.REFUSED)
    revived = goes_on(ended, at=UPHELD)
    assert stands(ended) == (ApplicationState.DRAFT, RecommendationState.SENT_BACK)
    assert Recommendation.objects.get(application=ended).remark == "经核实专利登记簿，find_correctable。"
    assert (revived.reopened_until, due(WINDOW, ended)) == (moment(8, 14, 0), moment(8, 14, 0))
    who = acting_personally(revived.applicant)
    submitting.submit(revived, commitment=True, by=who, at=moment(8, 13, 23))
    assert stands(ended) == (ApplicationState.SUBMITTED, RecommendationState.PENDING)
    head = applications.head_of(recommendation.organisation)
    again = receiving.receive(fresh(recommendation), by=head, at=moment(8, 14))
    applications.checked(again, at=moment(8, 14))
    publicised_again(ended, at=moment(8, 14))
    assert stands(ended) == (ApplicationState.WITH_EMPLOYER, RecommendationState.PUBLICISING)


@pytest.mark.rule("A-08")
def test_who_was_correcting_a_returned_file_has_the_whole_time_to_correct(resubmitted: Application) -> None:
    recommendation = applications.checked(resubmitted.recommendation, at=moment(8, 5))
    notice = publicised_again(resubmitted, at=moment(8, 5))
    ended = ended_by_the_second(notice, recommendation, at=moment(8, 6))
    revived = goes_on(ended, at=UPHELD)
    assert stands(ended) == (ApplicationState.RETURNED, RecommendationState.SENT_BACK)
    assert (revived.review.state, due(CORRECTION, ended)) == (ReviewState.RETURNED, moment(8, 25, 0))
    submitting.resubmit(revived, commitment=True, by=acting_personally(revived.applicant), at=moment(8, 24))
    assert stands(ended) == (ApplicationState.RESUBMITTED, RecommendationState.RECHECKING)


@pytest.mark.rule("A-08")
def test_who_let_the_time_after_an_objection_pass_corrects_on_as_well(resubmitted: Application) -> None:
    recommendation = applications.checked(resubmitted.recommendation, at=moment(8, 5))
    objection = objected(publicised_again(resubmitted, at=moment(8, 5)), "王同事", at=moment(8, 6))
    head = applications.head_of(recommendation.organisation)
    accepted = objecting.accept(objection, by=head, at=moment(8, 6))
    objecting.decide(accepted, "find_correctable", answer="经核实，应当更正。", by=head, at=moment(8, 6))
    ring_due(at=moment(8, 20))
    ended = Application.objects.get(pk=resubmitted.pk)
    assert stands(ended) == (ApplicationState.DEEMED_WITHDRAWN, RecommendationState.CLOSED)
    goes_on(ended, at=moment(8, 24))
    assert stands(ended) == (ApplicationState.RETURNED, RecommendationState.SENT_BACK)
