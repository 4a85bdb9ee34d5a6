"""Who is told what becomes of the employer's notice and of the objections to it (domain §8.2, §8.8, N-03)."""

import pytest

from portal.notifications.models import Notification
from portal.publicity.domain import availability, objecting, posting
from portal.publicity.models import Objection
from tests.applications.test_lives import moment
from tests.applications.test_open_objections import ANSWER, WHY, decided, objected
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


@pytest.mark.rule("R-072")
def test_whoever_stood_on_a_withdrawn_notice_learns_why_and_what_follows() -> None:
    recommendation, notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    head = applications.head_of(recommendation.organisation)
    posting.withdraw(notice, reason=WHY, by=head, at=moment(7, 14), key="withdraw-1")
    posting.withdraw(notice, reason=WHY, by=head, at=moment(7, 14), key="withdraw-1")
    told = Notification.objects.get(kind="publicity.notice_withdrawn")
    assert told.person == recommendation.application.applicant
    assert (WHY in told.body, "重新公示，公示期从头计算" in told.body) == (True, True)


@pytest.mark.rule("N-10", "R-072")
def test_whoever_stands_on_a_notice_that_an_outage_lengthens_and_the_employer_learn_the_new_end() -> None:
    recommendation, _notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    availability.seen(moment(7, 14, 9))
    for _again in range(2):
        availability.seen(moment(7, 14, 17))
    told = Notification.objects.filter(kind="publicity.notice_lengthened")
    assert {(one.person, one.organisation) for one in told} >= {(recommendation.application.applicant, None)}
    assert {one.organisation for one in told} == {None, recommendation.organisation}
    assert all("2026年7月21日" in one.body for one in told)
    assert told.count() == len({one.person for one in told})


@pytest.mark.rule("A-08", "N-03")
def test_the_agency_gets_a_copy_of_the_objection_and_of_its_outcome_without_the_objector() -> None:
    recommendation, notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    agency = recommendation.application.entry.agency
    objection = objected(notice, at=moment(7, 14))
    copy = Notification.objects.get(kind="publicity.objection_copied")
    assert (copy.organisation, notice.title in copy.body, "7月28日" in copy.body) == (agency, True, True)
    decided(objection, "find_fatal", recommendation, at=moment(7, 15))
    outcome = Notification.objects.get(kind="publicity.outcome_copied")
    assert (outcome.organisation, ANSWER in outcome.body) == (agency, True)
    for one in (copy, outcome):
        assert recommendation.application.applicant.full_name in one.body
        assert objection.objector_name not in one.subject + one.body
        assert objection.objector_contact not in one.subject + one.body


@pytest.mark.rule("A-08")
def test_an_agency_that_handles_the_objection_itself_needs_no_copy() -> None:
    recommendation, notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    objecting.escalate(
        objected(notice, at=moment(7, 14)), by=applications.head_of(recommendation.organisation), at=moment(7, 15)
    )
    objection = Objection.objects.get()
    clerk, lead = (of(recommendation.application) for of in (applications.agency_clerk_of, applications.agency_lead_of))
    objecting.accept(objection, by=clerk, at=moment(7, 15))
    objecting.decide(objection, "find_unfounded", answer=ANSWER, by=lead, at=moment(7, 16))
    assert not Notification.objects.filter(kind="publicity.outcome_copied").exists()
