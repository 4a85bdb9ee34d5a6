"""The pages of messages in a real browser, at the width of a desk, a phone and a narrow phone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import expect

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.notifications import sweep
from portal.notifications.models import Delivery, Notification
from portal.notifications.post import post
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.errand.letters import Noted, ReturnedErrand, Summoned, Warned
from tests.errand.models import Errand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


@transaction.atomic
def told(reader: Actor, now: dt.datetime) -> dict[str, Notification]:
    """Give the reader one message of each sort."""
    errand, due_at = Errand.objects.create(), clock.end_of(dt.date(2026, 7, 17))
    defects = ["学历证书扫描件缺少第二页，请重新上传完整的扫描件", "论文未上传"]
    letters = {
        "returned": (ReturnedErrand, {"defects": defects, "due_at": due_at}),
        "sealed": (Warned, {"grounds": "经核查，您提交的论文与他人已发表的论文重复。"}),
        "noted": (Noted, {}),
        "summoned": (Summoned, {"on": now.date()}),
    }
    return {
        name: post(letter, to=reader.person, about=errand, at=now, facts=facts)[0]
        for name, (letter, facts) in letters.items()
    }


def test_messages_are_sound(open_window: OpenWindow, actor: Callable[..., Actor], now: dt.datetime) -> None:
    clock.move_to(now)
    reader = actor(Role.EMPLOYER_CLERK)
    messages = told(reader, now)
    window = open_window(by=reader)
    pages = {
        "messages": "/messages/",
        "message": f"/messages/{messages['returned'].code}/",
        "message-sealed": f"/messages/{messages['sealed'].code}/",
        "message-preferences": "/messages/preferences/",
        "messages-none": "/messages/?occasion=N-11",
    }
    for name, address in pages.items():
        window.open(address)
        window.must_be_sound(name)


def test_failures_are_sound(open_window: OpenWindow, actor: Callable[..., Actor], now: dt.datetime) -> None:
    clock.move_to(now)
    told(actor(), now)
    sweep.deliver_waiting(seconds=10, now=lambda: now)
    window = open_window(by=actor(Role.BUREAU_LEAD))
    window.open("/messages/deliveries/")
    window.must_be_sound("deliveries")
    window.open(f"/messages/deliveries/{Delivery.objects.first().code}/retry/")
    window.must_be_sound("delivery-retry")


def test_registered_mail_is_received_without_scripts(
    open_window: OpenWindow, actor: Callable[..., Actor], now: dt.datetime
) -> None:
    clock.move_to(now)
    reader = actor()
    page = open_window(375, by=reader, scripts=False).open(f"/messages/{told(reader, now)['sealed'].code}/")
    assert page.get_by_text("经核查").count() == 0
    page.get_by_role("button", name="签收并查看全文").click()
    expect(page.get_by_text("经核查")).to_have_count(1)
    expect(page.get_by_text("签收时间", exact=True)).to_have_count(1)
