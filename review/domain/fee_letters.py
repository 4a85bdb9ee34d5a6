"""Posting what people are told about the fee, each letter in the transaction of its step (N-07, N-13)."""

import datetime as dt

from applications.domain.telling import last_day_words, rights
from portal.accounts.models import Organisation
from portal.accounts.roles import AGENCY_STAFF, Role
from portal.notifications.post import cancel, post
from portal.notifications.recipients import Holders, holders_at
from portal.shared.office import in_office_language
from review.enums.paying import WAITS_FOR_MONEY
from review.guards.paying import deadline_of
from review.letters import paying as letters
from review.models import Order, Payment, Refund
from review.models.payment import amount_in_words


@in_office_language
def tell_due(payment: Payment, at: dt.datetime) -> None:
    """N-07: how much, and until which last day with its weekday."""
    facts = {**_fee(payment), "last_day": last_day_words(deadline_of(payment))}
    post(letters.FeeDue, to=payment.application.applicant, about=payment, at=at, facts=facts)


@in_office_language
def tell_waived(payment: Payment, at: dt.datetime) -> None:
    """Nothing is to be paid."""
    facts = {"title": payment.application.title}
    post(letters.FeeWaived, to=payment.application.applicant, about=payment, at=at, facts=facts)


@in_office_language
def remind(payment: Payment, remaining: int, at: dt.datetime) -> None:
    """N-07: working days left."""
    facts = {**_fee(payment), "remaining": remaining, "last_day": last_day_words(deadline_of(payment))}
    post(letters.FeeReminder, to=payment.application.applicant, about=payment, at=at, facts=facts)


@in_office_language
def tell_paid(payment: Payment, order: Order, at: dt.datetime) -> None:
    """The person has the number of the receipt; the agency learns that the fee is there."""
    cancel(letters.FeeReminder, about=payment, at=at)
    told = {**_fee(payment), "paid_at": order.paid_at, "receipt": order.receipt_number}
    post(letters.FeePaid, to=payment.application.applicant, about=payment, at=at, facts=told)
    facts = {**_fee(payment), "name": payment.application.applicant.full_name}
    post(letters.FeePaidToAgency, to=_agency(payment), about=payment, at=at, facts=facts)


@in_office_language
def tell_expired(payment: Payment, at: dt.datetime) -> None:
    """The person and the agency learn of the automatic end."""
    cancel(letters.FeeReminder, about=payment, at=at)
    told = {**_fee(payment), "last_day": last_day_words(payment.due_at), "rights": rights(at)}
    post(letters.FeeExpired, to=payment.application.applicant, about=payment, at=at, facts=told)
    facts = {"title": payment.application.title, "name": payment.application.applicant.full_name}
    post(letters.FeeExpiredToAgency, to=_agency(payment), about=payment, at=at, facts=facts)


@in_office_language
def tell_mispaid(payment: Payment, order: Order, at: dt.datetime) -> None:
    """The person learns that another amount came and goes back, and until when the whole fee can still be paid."""
    due_at = deadline_of(payment)
    facts = {
        **_fee(payment),
        "received": amount_in_words(order.money),
        "last_day": last_day_words(due_at),
        "is_open": payment.state in WAITS_FOR_MONEY and (due_at is None or at < due_at),
    }
    post(letters.FeeMispaid, to=payment.application.applicant, about=payment, at=at, facts=facts)


def drop_reminders(payment: Payment, at: dt.datetime) -> None:
    """Take back what reminded of a fee that need no longer be paid."""
    cancel(letters.FeeReminder, about=payment, at=at)


@in_office_language
def tell_proposed(refund: Refund, at: dt.datetime) -> None:
    """The agency's lead learns that a refund waits for a decision."""
    facts = {**_money(refund), "ground": refund.get_ground_display()}
    post(letters.RefundProposed, to=_leads(refund.order.payment), about=refund, at=at, facts=facts)


@in_office_language
def tell_approved(refund: Refund, at: dt.datetime) -> None:
    """The person learns that money comes back, and why."""
    payment = refund.order.payment
    facts = {**_money(refund), "ground": refund.get_ground_display()}
    post(letters.RefundApproved, to=payment.application.applicant, about=payment, at=at, facts=facts)


@in_office_language
def tell_refunded(refund: Refund, at: dt.datetime) -> None:
    """The person learns that the money went back."""
    payment = refund.order.payment
    facts = {**_money(refund), "refunded_at": refund.refunded_at}
    post(letters.Refunded, to=payment.application.applicant, about=payment, at=at, facts=facts)


@in_office_language
def tell_refund_failed(refund: Refund, at: dt.datetime) -> None:
    """The agency's lead must look why money did not go back."""
    facts = {**_money(refund), "why": refund.last_error}
    post(letters.RefundFailed, to=_leads(refund.order.payment), about=refund, at=at, facts=facts)


def _fee(payment: Payment) -> dict[str, str]:
    return {"title": payment.application.title, "amount": amount_in_words(payment.amount)}


def _money(refund: Refund) -> dict[str, str]:
    return {"title": refund.order.payment.application.title, "amount": amount_in_words(refund.amount)}


def _agency(payment: Payment) -> Holders:
    return holders_at(_agency_of(payment), AGENCY_STAFF)


def _leads(payment: Payment) -> Holders:
    return holders_at(_agency_of(payment), [Role.AGENCY_LEAD])


def _agency_of(payment: Payment) -> Organisation:
    agency = payment.application.entry.agency
    assert agency is not None  # noqa: S101 - what is reviewed has an agency
    return agency
