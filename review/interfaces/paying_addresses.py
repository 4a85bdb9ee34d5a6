"""Where the payment gateway reports, and where it sends the payer back."""

from django.http import HttpRequest
from django.urls import reverse

from review.models import Payment


def addresses(request: HttpRequest, payment: Payment) -> dict[str, str]:
    """Return where the gateway reports and where it sends the payer back, as this installation is reached."""
    back = reverse("review:payment_return", args=[payment.code])
    return {
        "notify_url": request.build_absolute_uri(reverse("review:gateway_notices")),
        "return_url": request.build_absolute_uri(back),
    }
