"""Two things that stop one clock: the employer's time to re-check stands still until the last of them has ended."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from applications.domain import publicising, submitting
from applications.domain.holding import set_hold
from applications.enums import CORRECTION, EMPLOYER_WINDOW, RECHECK, Hold
from applications.models import Application, Recommendation
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.shared import clock
from portal.shared.errors import StepRefused
from review.domain import deciding
from review.enums.checking import Proposal
from review.models import AgencyReview
from tests.factories import accounts, agency_reviews, applications

pytestmark = pytest.mark.django_db


def moment(day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, 8, day, hour, tzinfo=clock.BEIJING)


POSTED, CLEARED = moment(7), moment(15, 0)  # five working days lie between: the 10th to the 14th


@pytest.fixture
def on_show(entry: CatalogueEntry) -> Application:
    """Corrected content hangs anew, so that the employer's three days stand still (A-09)."""
    application = applications.returned(entry, at=dt.datetime(2026, 7, 14, 10, tzinfo=clock.BEIJING))
    recommendation = applications.checked(applications.corrected(application, at=moment(6)), at=POSTED)
    head = applications.head_of(recommendation.organisation)
    publicising.publicise([recommendation], contact="010-60000000", by=head, at=POSTED)
    return Application.objects.get(pk=application.pk)


def due(application: Application) -> dt.datetime | None:
    deadline = setting.waiting(RECHECK, application)
    assert deadline is not None
    return deadline.due_at


def look_into(application: Application, *, at: dt.datetime) -> None:
    set_hold(application, Hold.INVESTIGATION, at=at, basis="R-148")


def let_go(application: Application, *, at: dt.datetime) -> None:
    set_hold(application, Hold.NONE, at=at, basis="R-148")


@pytest.mark.rule("A-09", "R-148")
def test_an_investigation_that_ends_leaves_the_pause_of_the_notice(on_show: Application) -> None:
    look_into(on_show, at=moment(10))
    let_go(on_show, at=moment(11))
    assert due(on_show) is None
    ring_due(at=CLEARED)
    assert due(on_show) == moment(20, 0)  # three working days after the notice: the 17th to the 19th


@pytest.mark.rule("A-09", "R-148")
def test_a_notice_that_ends_leaves_the_pause_of_the_investigation(on_show: Application) -> None:
    look_into(on_show, at=moment(10))
    ring_due(at=CLEARED)
    assert due(on_show) is None
    let_go(on_show, at=moment(18))
    assert due(on_show) == moment(22, 0)


@pytest.mark.rule("A-09", "R-152")
@pytest.mark.parametrize("restored_on", [11, 18])
def test_a_suspension_and_a_notice_each_end_only_their_own_pause(
    on_show: Application, entry: CatalogueEntry, restored_on: int
) -> None:
    authority, lead = AgencyAuthority.objects.get(agency=entry.agency), accounts.actor(Role.BUREAU_LEAD)
    remedy = dt.date(2026, 8, 31)
    standing.suspend(authority, reason="程序违规", remedy_due_on=remedy, by=lead, at=moment(10))
    ends = [(CLEARED, lambda: ring_due(at=CLEARED))]
    restored = moment(restored_on)
    ends.append((restored, lambda: standing.restore(authority, reason="整改到位", by=lead, at=restored)))
    (_first, end_first), (_last, end_last) = sorted(ends, key=lambda one: one[0])
    end_first()
    assert due(on_show) is None
    end_last()
    assert due(on_show) == (moment(20, 0) if restored < CLEARED else moment(22, 0))


@pytest.mark.rule("A-08", "R-148", "R-152")
def test_days_given_anew_after_an_upheld_objection_stand_still_as_well(
    on_show: Application, entry: CatalogueEntry
) -> None:
    notice = Recommendation.objects.get(application=on_show).notice
    assert notice is not None
    statement = Statement("该同志并非所列成果的完成人，请核实。", name="王同事", contact="13800000000")
    objection = objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=moment(10))
    lead, head = accounts.actor(Role.BUREAU_LEAD), applications.head_of(on_show.recommendation.organisation)
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.suspend(authority, reason="程序违规", remedy_due_on=dt.date(2026, 8, 31), by=lead, at=moment(10))
    look_into(on_show, at=moment(10))
    accepted = objecting.accept(objection, by=head, at=moment(11))
    objecting.decide(accepted, "find_correctable", answer="完成日期有误，请更正。", by=head, at=moment(11))
    correction = setting.waiting(CORRECTION, on_show)
    assert correction is not None
    assert correction.due_at is None
    standing.restore(authority, reason="整改到位", by=lead, at=moment(12))
    assert setting.waiting(CORRECTION, on_show).due_at is None
    let_go(on_show, at=moment(13))
    assert setting.waiting(CORRECTION, on_show).due_at is not None


# --- Clocks that are set while something stands against the person ---------------------------
@pytest.mark.rule("A-08", "A-09")
def test_time_to_check_again_does_not_run_while_the_person_is_looked_into(entry: CatalogueEntry) -> None:
    application = applications.returned(entry, at=dt.datetime(2026, 7, 14, 10, tzinfo=clock.BEIJING))
    look_into(application, at=moment(3))
    submitting.resubmit(application, commitment=True, by=acting_personally(application.applicant), at=moment(4))
    assert due(application) is None
    ring_due(at=moment(18))
    assert Application.objects.get(pk=application.pk).state == "resubmitted"
    let_go(application, at=moment(18))
    assert due(application) == moment(22, 0)  # three working days after it ended: the 19th to the 21st


@pytest.mark.rule("A-08", "R-025")
def test_the_employers_time_is_set_standing_still_as_well(entry: CatalogueEntry) -> None:
    who = applications.applicant()
    application = applications.filled(entry, who)
    look_into(application, at=applications.NOW)
    submitting.submit(application, commitment=True, by=who, at=applications.NOW)
    deadline = setting.waiting(EMPLOYER_WINDOW, application)
    assert deadline is not None
    assert deadline.due_at is None


def stands_still(review: AgencyReview, step: Callable[..., Any], *, by: Actor) -> None:
    """Look into the person of a file, and see that the step is refused for that and changes nothing."""
    look_into(review.application, at=moment(17))
    with pytest.raises(StepRefused) as refused:
        step(review, by=by, at=moment(18))
    assert [(one.code, one.basis) for one in refused.value.reasons] == [("nothing_holds_it", "A-08")]
    assert agency_reviews.fresh(review).state == "checking"


@pytest.mark.rule("A-08", "R-090", "R-140")
def test_a_file_that_is_looked_into_is_not_rejected(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry, kind=Proposal.REJECT)
    lead = agency_reviews.lead_of(review)
    stands_still(review, deciding.reject, by=lead)
    assert Application.objects.get(pk=review.application_id).is_live
    let_go(review.application, at=moment(24))
    assert deciding.reject(agency_reviews.fresh(review), by=lead, at=moment(24)).state == "rejected"


@pytest.mark.rule("A-08", "R-091")
def test_a_file_that_is_looked_into_is_not_returned(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry, kind=Proposal.RETURN)
    lead = agency_reviews.lead_of(review)
    stands_still(review, deciding.return_once, by=lead)
    let_go(review.application, at=moment(24))
    deciding.return_once(agency_reviews.fresh(review), by=lead, at=moment(24))
    correction = setting.waiting(CORRECTION, review.application)
    assert correction is not None
    assert correction.due_at == dt.datetime(2026, 9, 8, tzinfo=clock.BEIJING)
