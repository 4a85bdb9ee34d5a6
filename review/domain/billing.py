"""The fee falls due: how much, until when, and who is told (domain §8.4 #1 and #2)."""

import datetime as dt
from decimal import Decimal

from applications.domain import clocks
from applications.enums import FEE
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.domain.committees import payment_workdays
from portal.catalogue.queries import fee_for, policy_in_force, policy_of
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import fee_letters, routing
from review.enums.paying import OPEN_ORDERS
from review.models import Payment


@in_office_language
def bill(application: Application, *, at: dt.datetime) -> Payment:
    """Ask for the fee of an application whose check was passed; must stand in the transaction of the pass.

    Once billed stays billed: called again it returns the same payment. A fee of zero is waived and the application
    goes on at once (A-43).
    """
    row = locked(application)
    known = Payment.objects.filter(application=row).first()
    if known is not None:
        return known
    amount = fee_of(row, at=at)
    payment = Payment.objects.create(application=row, amount=amount, billed_at=at, state_since=at)
    facts = {"amount": str(amount)}
    record(payment, "bill", by=SYSTEM, at=at, after=payment.state, facts=facts, basis="R-100", policy=row.policy_code)
    return _demand(payment, at) if amount else _waive(payment, at)


def fee_of(application: Application, *, at: dt.datetime) -> Decimal:
    """Return the fee in yuan: of the version in force at submission, or of today's where that asks for less (R-100)."""
    level = application.entry.level
    versions = (policy_of(application.policy_code), policy_in_force(clock.day_of(at)))
    return Decimal(min(fee_for(level, version) for version in versions))


def demand_again(payment: Payment, *, at: dt.datetime) -> Payment:
    """Give an expired fee its whole time once more, for an application that goes on (A-24), and say until when.

    Orders that were closed stay so. While the gateway has not said what became of one, it is asked about that at once.
    """
    unknown = payment.orders.filter(state__in=OPEN_ORDERS)
    due = carry_out(payment, "wait_for_order_again" if unknown.exists() else "fall_due_again", by=SYSTEM, at=at)
    unknown.update(next_at=at, attempts=0)
    return _demand(due, at)


def _demand(payment: Payment, at: dt.datetime) -> Payment:
    """Let the committee's whole time to pay run from ``at``, and tell the person."""
    application = payment.application
    committee = application.entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    days = payment_workdays(committee, policy_of(application.policy_code))
    deadline = clocks.set_workdays(FEE, application, workdays=days, at=at)
    payment.due_at = deadline.due_at
    payment.save(update_fields=["due_at", "updated_at"])
    fee_letters.tell_due(payment, at)
    return payment


def _waive(payment: Payment, at: dt.datetime) -> Payment:
    waived = carry_out(payment, "waive", by=SYSTEM, at=at)
    paid = carry_out(payment.application, "pay", by=SYSTEM, at=at)
    fee_letters.tell_waived(waived, at)
    routing.go_on(paid, at)
    return waived
