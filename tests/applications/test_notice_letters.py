"""Who is told what becomes of the employer's notice and of the objections to it (domain §8.2, §8.8, N-03)."""

import pytest

from portal.notifications.models import Notification
from portal.publicity.domain import posting
from tests.applications.test_lives import moment
from tests.applications.test_open_objections import WHY
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
