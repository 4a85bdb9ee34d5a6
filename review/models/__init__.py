"""The rows of the agency's half."""

from review.models.agency_review import AgencyReview
from review.models.finding import Finding
from review.models.gateway_notice import GatewayNotice
from review.models.payment import Order, Payment
from review.models.reconciliation import Difference, Reconciliation
from review.models.refund import Refund

__all__ = [
    "AgencyReview",
    "Difference",
    "Finding",
    "GatewayNotice",
    "Order",
    "Payment",
    "Reconciliation",
    "Refund",
]
