"""A suspended agency decides nothing, and nobody's time runs while it is suspended."""

import datetime as dt
from typing import Any

import pytest

from applications.domain.holding import set_hold
from applications.enums import CORRECTION, FIRST_CHECK, Hold
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.models import Pause
from portal.deadlines.ringing import ring_due
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepRefused
from portal.workflow import settle_due
from review.domain import checking, passing, suspending
from review.domain.checking import Found
from review.enums.checking import Proposal, Verdict
from review.interfaces import columns
from review.models import AgencyReview
from tests.factories import accounts, agency_reviews, applications

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


STOPPED, RESUMED = moment(8, 3), moment(8, 10)


def suspended(entry: CatalogueEntry) -> AgencyAuthority:
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    lead = accounts.actor(Role.BUREAU_LEAD)
    return standing.suspend(authority, reason="程序违规", remedy_due_on=dt.date(2026, 8, 31), by=lead, at=STOPPED)


def restored(authority: AgencyAuthority) -> None:
    standing.restore(authority, reason="整改到位", by=accounts.actor(Role.BUREAU_LEAD), at=RESUMED)


def reasons(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("R-152")
def test_nothing_is_decided_while_it_is_suspended(entry: CatalogueEntry) -> None:
    proposed, taken, queued = agency_reviews.proposed(entry), agency_reviews.taken(entry), agency_reviews.queued(entry)
    authority = suspended(entry)
    clerk, lead = agency_reviews.clerk_of(queued), agency_reviews.lead_of(queued)
    with pytest.raises(StepRefused) as refused:
        checking.take(queued, by=clerk, at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    with pytest.raises(StepNotOpen) as refused:
        checking.find(taken, {"post": Found(Verdict.FINE)}, by=clerk, at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    with pytest.raises(StepRefused) as refused:
        checking.propose(taken, Proposal.REJECT, reason=agency_reviews.REASON, basis="R-057", by=clerk, at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    with pytest.raises(StepRefused) as refused:
        passing.pass_review(proposed, by=lead, at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    restored(authority)
    assert passing.pass_review(proposed, by=lead, at=RESUMED).state == "passed"
    assert [one.step for one in history_of(queued)] == ["arrive", "suspend", "resume"]


@pytest.mark.rule("R-152", "R-093")
def test_the_clocks_of_its_applicants_stop_and_run_on(entry: CatalogueEntry) -> None:
    application, queued = applications.returned(entry), agency_reviews.queued(entry)
    planned = setting.waiting(CORRECTION, application).due_at
    authority = suspended(entry)
    assert setting.waiting(CORRECTION, application).due_at is None
    pause = Pause.objects.filter(deadline=setting.waiting(CORRECTION, application)).get()
    assert (pause.basis, "暂停评审" in pause.reason) == ("R-152", True)
    told = Notification.objects.filter(kind="review.review_suspended")
    assert {one.person for one in told} == {application.applicant, queued.application.applicant}
    ring_due(at=planned + dt.timedelta(days=1))
    assert Application.objects.get(pk=application.pk).state == "returned"
    restored(authority)
    assert setting.waiting(CORRECTION, application).due_at > planned
    first = agency_reviews.fresh(queued)
    assert first.suspended_since is None
    assert first.due_at == setting.waiting(FIRST_CHECK, queued.application).due_at > queued.due_at
    assert Notification.objects.filter(kind="review.review_resumed").count() == 2


@pytest.mark.rule("R-152", "R-148")
def test_an_investigation_that_ends_does_not_start_a_suspended_agencys_clocks(entry: CatalogueEntry) -> None:
    application = applications.returned(entry)
    authority = suspended(entry)
    set_hold(application, Hold.INVESTIGATION, at=STOPPED, basis="R-148")
    set_hold(application, Hold.NONE, at=moment(8, 5), basis="R-148")
    assert setting.waiting(CORRECTION, application).due_at is None
    set_hold(application, Hold.INVESTIGATION, at=moment(8, 6), basis="R-148")
    restored(authority)
    assert setting.waiting(CORRECTION, application).due_at is None
    set_hold(application, Hold.NONE, at=moment(8, 12), basis="R-148")
    assert setting.waiting(CORRECTION, application).due_at is not None


@pytest.mark.rule("R-152")
def test_what_arrives_during_a_suspension_waits_as_well(entry: CatalogueEntry) -> None:
    recommendation, _notice = applications.publicised(entry, at=moment(7, 13))
    authority = suspended(entry)
    ring_due(at=STOPPED)
    applications.recommending.recommend(
        recommendation,
        applications.OPINION,
        by=applications.head_of(recommendation.organisation),
        at=STOPPED + dt.timedelta(hours=2),
    )
    review = AgencyReview.objects.get(application=recommendation.application_id)
    assert review.suspended_since is not None
    assert setting.waiting(FIRST_CHECK, review.application).due_at is None
    restored(authority)
    assert agency_reviews.fresh(review).suspended_since is None


@pytest.mark.rule("R-153", "R-003")
def test_an_agency_that_lost_its_right_decides_nothing(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry)
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.withdraw(authority, reason="情节严重", by=accounts.actor(Role.BUREAU_LEAD), at=STOPPED)
    with pytest.raises(StepRefused) as refused:
        passing.pass_review(review, by=agency_reviews.lead_of(review), at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    applications.submitting.withdraw(review.application, by=acting_personally(review.application.applicant), at=STOPPED)
    assert agency_reviews.fresh(review).state == "closed"


@pytest.mark.rule("A-08", "R-097")
def test_an_investigation_moves_the_end_of_the_first_check_in_the_queue_too(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    planned, late = review.due_at, review.due_at + dt.timedelta(days=3)
    set_hold(review.application, Hold.INVESTIGATION, at=STOPPED, basis="R-148")
    held = agency_reviews.fresh(review)
    assert (columns.days_left(held, late), columns.left_in_words(held, late)) == (None, "暂停计时")
    set_hold(review.application, Hold.NONE, at=moment(8, 20), basis="R-148")
    moved = agency_reviews.fresh(review)
    assert moved.due_at == planned + dt.timedelta(days=17) == setting.waiting(FIRST_CHECK, review.application).due_at
    assert columns.days_left(moved, late) == 14
    ring_due(at=late)
    assert not agency_reviews.fresh(review).overdue


@pytest.mark.rule("R-097", "R-152")
def test_the_end_in_the_queue_follows_the_last_of_two_causes(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    authority = suspended(entry)
    set_hold(review.application, Hold.INVESTIGATION, at=STOPPED, basis="R-148")
    restored(authority)
    assert agency_reviews.fresh(review).due_at == review.due_at
    set_hold(review.application, Hold.NONE, at=moment(8, 20), basis="R-148")
    assert agency_reviews.fresh(review).due_at == review.due_at + dt.timedelta(days=17)


# --- Many files -------------------------------------------------------------------------------
@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every file to the sweep, as where an agency has many."""
    monkeypatch.setattr(suspending, "AT_ONCE", 0)


def stopped(*reviews: AgencyReview) -> list[bool]:
    return [agency_reviews.fresh(one).suspended_since is not None for one in reviews]


@pytest.mark.rule("R-152")
@pytest.mark.usefixtures("behind")
def test_a_walk_that_was_broken_off_goes_on_where_it_stood(entry: CatalogueEntry) -> None:
    files = [agency_reviews.queued(entry) for _each in range(3)]
    authority = suspended(entry)
    assert stopped(*files) == [False, False, False]
    settle_due(files[1].application, STOPPED)
    assert stopped(*files) == [False, True, False]
    for _twice in range(2):
        ring_due(at=STOPPED + dt.timedelta(minutes=5))
    assert stopped(*files) == [True, True, True]
    assert {agency_reviews.fresh(one).suspended_since for one in files} == {STOPPED}
    for one in files:
        assert [entry.step for entry in history_of(one)] == ["arrive", "suspend"]
        assert Pause.objects.filter(deadline=setting.waiting(FIRST_CHECK, one.application)).count() == 1
    restored(authority)
    assert stopped(*files) == [True, True, True]
    ring_due(at=RESUMED)
    assert stopped(*files) == [False, False, False]


@pytest.mark.rule("R-152", "R-093")
@pytest.mark.usefixtures("behind")
def test_no_step_and_no_deadline_overtakes_a_suspension_that_is_on_its_way(entry: CatalogueEntry) -> None:
    application, queued = applications.returned(entry), agency_reviews.queued(entry)
    planned = setting.waiting(CORRECTION, application).due_at
    suspended(entry)
    with pytest.raises(StepRefused) as refused:
        checking.take(queued, by=agency_reviews.clerk_of(queued), at=STOPPED)
    assert reasons(refused) == ["not_suspended"]
    ring_due(at=planned + dt.timedelta(days=1))
    assert Application.objects.get(pk=application.pk).state == "returned"
    assert setting.waiting(CORRECTION, application).due_at is None


@pytest.mark.rule("R-152", "R-148")
@pytest.mark.usefixtures("behind")
def test_changes_that_follow_each_other_take_effect_in_their_order(entry: CatalogueEntry) -> None:
    application = applications.returned(entry)
    authority = suspended(entry)
    set_hold(application, Hold.INVESTIGATION, at=STOPPED, basis="R-148")
    restored(authority)
    again = RESUMED + dt.timedelta(hours=1)
    lead = accounts.actor(Role.BUREAU_LEAD)
    standing.suspend(authority, reason="再次违规", remedy_due_on=dt.date(2026, 8, 31), by=lead, at=again)
    ring_due(at=again)
    review = AgencyReview.objects.get(application=application)
    assert review.suspended_since == again
    set_hold(application, Hold.NONE, at=again, basis="R-148")
    assert setting.waiting(CORRECTION, application).due_at is None
    later = again + dt.timedelta(days=1)
    standing.restore(authority, reason="整改到位", by=lead, at=later)
    ring_due(at=later)
    assert setting.waiting(CORRECTION, application).due_at is not None
