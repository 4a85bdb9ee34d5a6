"""The proof of payment on paper, made from the order that counts."""

from portal.documents import pdf
from portal.shared.office import office_language
from review.enums.paying import OrderState
from review.models import Order, Payment
from review.models.payment import amount_in_words


def receipt_of(payment: Payment) -> bytes | None:
    """Return the proof of payment as PDF; None while nothing stands paid. Raises Refusal as ``receipt`` does."""
    order = payment.settled_by
    return receipt(payment, order) if order is not None and order.state == OrderState.PAID else None


def receipt(payment: Payment, order: Order) -> bytes:
    """Return the PDF; the same order gives the same bytes. Raises Refusal where a sign of the name has no glyph."""
    assert order.told_at is not None  # noqa: S101 - a paid order has its times
    application = payment.application
    context = {
        "payment": payment,
        "order": order,
        "application": application,
        "person": application.applicant.full_name,
        "agency": application.entry.agency,
        "amount": amount_in_words(order.amount),
    }
    with office_language():
        return pdf.render("documents/review/payment.html", context, at=order.told_at)
