"""Letters about one's account: confirmations, password links, warnings of changes. They leave after the answer."""

import structlog
from django.core.mail import EmailMessage
from django.db import transaction
from kombu.exceptions import OperationalError

from portal.entrance.tasks import send_letter

log = structlog.get_logger("portal.entrance")


def post(message: EmailMessage) -> None:
    """Hand ``message`` to the queue once the present transaction is committed.

    A queue that is down loses it, and the log says so: who waits for a link asks for another one.
    """
    letter = {"subject": message.subject, "body": message.body, "to": list(message.to)}

    def hand_over() -> None:
        try:
            send_letter.delay(**letter)
        except OperationalError:
            log.exception("account_letter_not_queued")

    transaction.on_commit(hand_over)
