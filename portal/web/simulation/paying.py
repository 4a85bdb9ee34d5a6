"""The fee: an order of the gateway's, paid in time, or not at all."""

import datetime as dt

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, acting_personally
from portal.web.simulation.stories import Ending, Story
from portal.workflow import carry_out
from review.domain import crediting, ordering
from review.domain.crediting import Money
from review.models import Payment


def pay(application: Application, story: Story, *, at: dt.datetime) -> None:
    """Pay what is due, but for those who never do."""
    if application.state != ApplicationState.REVIEW_PASSED or story.ending is Ending.UNPAID:
        return
    payment = Payment.objects.with_all().get(application=application)
    order = ordering.start(payment, by=acting_personally(application.applicant), at=at)
    trade = f"TS{story.number:08d}"
    placed = carry_out(order, "place", by=SYSTEM, at=at, trade_number=trade, pay_url="")
    crediting.credit(placed, Money(placed.amount, at, trade, f"1108{story.number:010d}"), at=at)
