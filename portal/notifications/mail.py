"""E-mail through Django's backend; a mail server takes a message or does not, and never tells what became of it."""

import datetime as dt
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.models import Person
from portal.notifications.channels import ChannelDown, NeverTaken, Parcel, Report, TryLater
from portal.notifications.recipients import email_of

PERMANENT = 500


class MailCarrier:
    """Sends the one line under a subject that tells nothing; the message itself is read behind the log-in."""

    knows_fate = False

    def address_of(self, person: Person) -> str:
        return email_of(person)

    def masked(self, address: str) -> str:
        name, _, domain = address.partition("@")
        return f"{name[:1]}***@{domain}"

    def send(self, parcel: Parcel, *, again: bool, at: dt.datetime) -> str:
        message_id = f"<{parcel.message_id}@portal>"
        with translation.override(settings.LANGUAGE_CODE):
            subject = _("%(portal)s：您有新消息") % {"portal": settings.PORTAL_NAME}
        message = EmailMessage(subject, parcel.line, to=[parcel.address], headers={"Message-ID": message_id})
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as refused:
            code, _words = next(iter(refused.recipients.values()))
            raise _fault_of(code) from None
        except smtplib.SMTPResponseException as refused:
            raise _fault_of(refused.smtp_code) from None
        except ConnectionRefusedError as missing:
            raise ChannelDown("mail_server_unreachable") from missing
        except (smtplib.SMTPException, OSError) as broken:
            raise TryLater(f"mail_{type(broken).__name__}") from None
        return message_id

    def report(self, message_id: str, *, at: dt.datetime) -> Report | None:
        return None


def _fault_of(code: int) -> TryLater | NeverTaken:
    """Return the fault behind an SMTP reply: 4xx passes, 5xx stays; its text may name the address and is dropped."""
    return TryLater(f"smtp_{code}") if code < PERMANENT else NeverTaken(f"smtp_{code}")
