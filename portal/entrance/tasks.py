"""Sending letters about accounts."""

from smtplib import SMTPException
from typing import Any

from celery import shared_task
from django.core.mail import EmailMessage


@shared_task(
    name="entrance.send_letter",
    autoretry_for=(SMTPException, OSError),
    max_retries=5,
    retry_backoff=True,
)
def send_letter(subject: str, body: str, to: list[str], **_: Any) -> None:
    """Send one letter; tried again where the mail server does not answer."""
    EmailMessage(subject=subject, body=body, to=to).send()
