"""What time does to a fee: a reminder, the last day, and fifteen minutes later the end (domain §8.4 #6)."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.domain import clocks, submitting
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from review.domain import fee_letters
from review.enums.paying import OPEN_ORDERS, SETTLEMENT, WAITS_FOR_MONEY
from review.guards.paying import MARGIN
from review.models import Payment


def last_day(application: Application, at: dt.datetime) -> None:
    """The last day is over at ``at``: no new order, but money on its way has the margin to be told of.

    The gateway is asked about open orders at once, outside of this transaction; what it says takes effect by itself.
    """
    payment = _waiting(application)
    if payment is None:
        return
    payment.due_at = at
    payment.save(update_fields=["due_at", "updated_at"])
    payment.orders.filter(state__in=OPEN_ORDERS).update(next_at=at, attempts=0)
    clocks.set_instant(SETTLEMENT, application, due_at=at + MARGIN, at=at)


@in_office_language
def margin(application: Application, at: dt.datetime) -> None:
    """No money was told of within the margin: deemed withdrawn, without anybody's decision (R-102).

    Money paid in time that is told of later still revives the application (A-10), so an outage costs nobody the year.
    """
    payment = _waiting(application)
    if payment is None:
        return
    expired = carry_out(payment, "expire", by=SYSTEM, at=at)
    done = carry_out(application, "expire_fee", by=SYSTEM, at=at, reason=_("逾期未缴费，视为放弃申报。"))
    submitting.close(done, at)
    fee_letters.tell_expired(expired, at)


def remind(application: Application, remaining: int, at: dt.datetime) -> None:
    """Tell the person how many working days are left."""
    payment = _waiting(application)
    if payment is not None:
        fee_letters.remind(payment, remaining, at)


def ended(application: Application, at: dt.datetime) -> None:
    """The application ended before it was paid: the fee is closed, and open orders are closed at the gateway soon."""
    payment = Payment.objects.filter(application=application, state__in=WAITS_FOR_MONEY).first()
    if payment is None:
        return
    carry_out(payment, "close", by=SYSTEM, at=at)
    payment.orders.filter(state__in=OPEN_ORDERS).update(next_at=at, attempts=0)
    fee_letters.drop_reminders(payment, at)


def _waiting(application: Application) -> Payment | None:
    if application.state != ApplicationState.REVIEW_PASSED:
        return None
    rows = Payment.objects.filter(application=application, state__in=WAITS_FOR_MONEY)
    return rows.select_related("application__applicant", "application__entry__committee__agency").first()
