"""Money goes back where a session was cancelled, and only where one was (A-10)."""

import pytest

from applications.enums import ApplicationState
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import Refusal, StepRefused
from review.domain import refunding, sitting
from review.enums.paying import PaymentState, RefundGround
from review.models import Order, Payment
from tests.factories import applications, payments, sessions

pytestmark = pytest.mark.django_db
WHY = "原定评审会议取消，申报人不再等候。"


@pytest.mark.rule("A-10", "R-096")
def test_a_cancelled_session_gives_the_fee_back_once_the_application_has_ended(entry: CatalogueEntry) -> None:
    (case,) = sessions.ready(entry)
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), [case])
    order, clerk = Order.objects.get(payment__application=case), applications.agency_clerk_of(case)
    told = {"ground": RefundGround.SESSION_CANCELLED, "reason": WHY, "by": clerk, "at": sessions.CONVENED}
    with pytest.raises(Refusal) as refused:
        refunding.propose(order, **told)
    assert [one.code for one in refused.value.reasons] == ["no_session_cancelled"]
    sitting.cancel(session, reason="会议场地不能使用，改期另行通知。", by=sessions.lead(session), at=sessions.CONVENED)
    refund, lead = refunding.propose(order, **told), payments.agency_lead_of(case)
    with pytest.raises(StepRefused) as refused:
        refunding.approve(refund, by=lead, at=sessions.CONVENED)
    assert [one.code for one in refused.value.reasons] == ["the_fee_is_not_needed"]
    assert payments.withdrawn(case, at=sessions.CONVENED).state == ApplicationState.WITHDRAWN
    refunding.approve(refund, by=lead, at=sessions.CONVENED)
    assert Payment.objects.get(application=case).state == PaymentState.REFUND_PENDING
