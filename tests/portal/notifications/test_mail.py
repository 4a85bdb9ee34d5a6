"""E-mail: one line, a name that lets doubles be told, and the meaning of a mail server's answers."""

import datetime as dt
import smtplib
from typing import Any

import pytest
from django.core import mail

from portal.accounts.models import Person
from portal.notifications import sweep
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery
from portal.notifications.post import post
from tests.errand.letters import ReturnedErrand
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import FACTS, Switchboard


@pytest.fixture
def reader(db: None) -> Person:
    return accounts.person(phone="13800001234", email="reader@example.com")


@pytest.fixture
def letter(reader: Person, errand: Errand, now: dt.datetime, switchboard: Switchboard) -> Delivery:
    (message,) = post(ReturnedErrand, to=reader, about=errand, at=now, facts=FACTS)
    return message.deliveries.get(channel=Channel.EMAIL)


def run(at: dt.datetime) -> None:
    sweep.deliver_waiting(seconds=10, now=lambda: at)


def test_mail_carries_one_line_and_no_more(letter: Delivery, now: dt.datetime) -> None:
    run(now)
    (sent,) = mail.outbox
    assert (sent.to, sent.body) == (["reader@example.com"], letter.line)
    assert sent.subject == "北京市职称申报评审服务平台：您有新消息"
    assert sent.extra_headers == {"Message-ID": f"<{letter.code}-0@portal>"}
    row = Delivery.objects.get(pk=letter.pk)
    assert (row.state, row.sent_to, row.not_before) == (DeliveryState.SENT, "r***@example.com", None)


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (smtplib.SMTPRecipientsRefused({"reader@example.com": (550, b"no reader@example.com")}), "failed", "smtp_550"),
        (smtplib.SMTPRecipientsRefused({"reader@example.com": (450, b"try later")}), "waiting", "smtp_450"),
        (smtplib.SMTPDataError(554, b"spam"), "failed", "smtp_554"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting", "mail_SMTPServerDisconnected"),
        (TimeoutError("slow"), "waiting", "mail_TimeoutError"),
        (ConnectionRefusedError(111, "refused"), "waiting", "mail_server_unreachable"),
    ],
)
def test_what_a_mail_server_answers_decides_what_happens_next(
    letter: Delivery, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, *, answer: Exception, state: str, why: str
) -> None:
    def refuse(*args: Any) -> int:
        raise answer

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    run(now)
    row = Delivery.objects.get(pk=letter.pk)
    assert (row.state, row.last_error) == (state, why)
    assert "reader" not in row.last_error
