"""Fees that reached a state by the real steps, without a gateway; dull on purpose."""

import datetime as dt
import itertools
from typing import Any

from applications.domain import submitting
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from portal.workflow import carry_out
from review.domain import checking, crediting, ordering, passing, refunding, stray_notices
from review.domain.crediting import Money
from review.enums.checking import Proposal
from review.enums.paying import RefundGround
from review.models import GatewayNotice, Order, Payment, Refund, StrayNotice
from tests.factories import accounts, agency_reviews, applications, catalogue

# Wednesday: the fee is due by Wednesday 26 August 24:00 (domain §12, S1).
PASSED_AT = dt.datetime(2026, 8, 19, 10, 0, tzinfo=clock.BEIJING)
DUE_AT = dt.datetime(2026, 8, 27, 0, 0, tzinfo=clock.BEIJING)
PAID_AT = dt.datetime(2026, 8, 21, 9, 30, tzinfo=clock.BEIJING)
_serial = itertools.count(1)


def passed(entry: CatalogueEntry | None = None, by: Actor | None = None, *, at: dt.datetime = PASSED_AT) -> Application:
    """Return an application whose check the agency passed, and whose fee is due."""
    review = agency_reviews.queued(entry or catalogue.published_entry(), by)
    clerk = agency_reviews.clerk_of(review)
    checking.take(review, by=clerk, at=at)
    ready = agency_reviews.found(agency_reviews.fresh(review), at=at)
    checking.propose(ready, Proposal.PASS, by=clerk, at=at)
    passing.pass_review(agency_reviews.fresh(review), by=agency_reviews.lead_of(review), at=at)
    return Application.objects.get(pk=review.application_id)


def due(entry: CatalogueEntry | None = None, by: Actor | None = None, *, at: dt.datetime = PASSED_AT) -> Payment:
    """Return a fee that waits to be paid."""
    return Payment.objects.with_all().get(application=passed(entry, by, at=at))


def ordered(payment: Payment | None = None, *, at: dt.datetime = PAID_AT) -> Order:
    """Return an order that the gateway is said to know."""
    fee = payment or due()
    order = ordering.start(fee, by=payer(fee), at=at)
    number = next(_serial)
    facts = {"trade_number": f"T{number}", "pay_url": f"http://gateway.invalid/pay/{number}"}
    return carry_out(order, "place", by=SYSTEM, at=at, **facts)


def payer(payment: Payment) -> Actor:
    return acting_personally(payment.application.applicant)


def money(order: Order, *, paid_at: dt.datetime = PAID_AT, number: int | None = None) -> Money:
    number = number or next(_serial)
    return Money(order.amount, paid_at, f"T{number}", f"1106{number:010d}")


def paid(application: Application, *, at: dt.datetime = PAID_AT) -> Application:
    """Pay for an application that the agency passed, and return it as it then stands."""
    order = ordered(Payment.objects.with_all().get(application=application), at=at)
    crediting.credit(order, money(order, paid_at=at), at=at)
    return Application.objects.get(pk=application.pk)


def junior() -> Application:
    """Return an application for an assistant's title whose check was passed, of somebody without a title."""
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    place = catalogue.committee(year, band=Band.JUNIOR, district="110108")
    row = catalogue.row(year, plan, level=catalogue.level(LevelKey.ASSISTANT), committee=place)
    catalogue.published(row, of=year, plan=plan)
    who = accounts.person()
    accounts.document(who)
    applications.know(who, applications.employer(), titles={"titles": [], "unanswered": []})
    return passed(CatalogueEntry.objects.with_all().get(edition=year), acting_personally(who))


def agency_lead_of(application: Application) -> Actor:
    """Return a new lead of the agency."""
    agency = application.entry.agency
    assert agency is not None
    return accounts.actor(Role.AGENCY_LEAD, at=agency)


def refund_of(order: Order, *, at: dt.datetime | None = None) -> Refund:
    """Return an approved refund of an order's money: the person withdrew after an error of the agency."""
    now = at or clock.now()
    application = Application.objects.get(pk=order.payment.application_id)
    submitting.withdraw(application, by=acting_personally(application.applicant), at=now)
    clerk = applications.agency_clerk_of(application)
    refund = refunding.propose(order, ground=RefundGround.AGENCY_ERROR, reason="机构审核差错", by=clerk, at=now)
    return refunding.approve(refund, by=agency_lead_of(application), at=now)


def withdrawn(application: Application, *, at: dt.datetime | None = None) -> Application:
    """Let the person withdraw, and return the application as it then stands."""
    return submitting.withdraw(application, by=acting_personally(application.applicant), at=at or clock.now())


def stray(number: str = "P-202608210001", *, order: Order | None = None, later: int = 0, **fields: Any) -> StrayNotice:
    """Return the matter of a notice that came ``later`` minutes after the fee was paid."""
    notice = GatewayNotice.objects.create(
        received_at=PAID_AT + dt.timedelta(minutes=later),
        outcome="unknown_order",
        event="succeeded",
        order=order,
        order_number=number,
        trade_number="T-99887766",
        amount="700.00",
        happened_at=PAID_AT,
        sha256=number.ljust(64, "0"),
        size=100,
        **fields,
    )
    stray_notices.keep(notice)
    return StrayNotice.objects.get(sha256=notice.sha256)
