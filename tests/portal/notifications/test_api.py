"""The inbox over the API."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.http.once import HEADER, new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.notifications.post import post
from tests.errand.letters import Noted, Warned
from tests.errand.models import Errand
from tests.factories import accounts

LIST = reverse("api:message-list")


@pytest.fixture
def reader(at: Callable[[dt.datetime], None], now: dt.datetime) -> Actor:
    at(now)
    return accounts.actor()


def posted(reader: Actor, now: dt.datetime, letter: Any = Noted, **facts: Any) -> Notification:
    (message,) = post(letter, to=reader.person, about=Errand.objects.create(), at=now, facts=facts)
    return message


def read(browser: Client, message: Notification, key: str = "") -> Any:
    address = reverse("api:message-read", args=[message.code])
    return browser.post(address, headers={HEADER: key or new_key()})


def test_the_list_holds_ones_own_messages_and_narrows(reader: Actor, now: dt.datetime) -> None:
    browser, message = accounts.client(reader), posted(reader, now)
    posted(accounts.actor(), now)
    (row,) = browser.get(LIST).json()["results"]
    assert (row["code"], row["occasion"], row["body"]) == (message.code, "N-13", message.body)
    assert "id" not in row
    assert browser.get(f"{LIST}?unread=false").json()["count"] == 0
    assert browser.get(f"{LIST}?unread=true&occasion=N-13").json()["count"] == 1
    assert browser.get(f"{LIST}?occasion=N-99").status_code == 400


def test_reading_needs_a_key_and_happens_once(reader: Actor, now: dt.datetime) -> None:
    browser, message = accounts.client(reader), posted(reader, now)
    address = reverse("api:message-read", args=[message.code])
    assert browser.post(address).json()["code"] == "key_missing"
    key = new_key()
    first, second = read(browser, message, key), read(browser, message, key)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert first.json()["read_at"]


def test_registered_mail_shows_its_words_with_the_receipt(reader: Actor, now: dt.datetime) -> None:
    browser, message = accounts.client(reader), posted(reader, now, Warned, grounds="伪造论文")
    detail = reverse("api:message-detail", args=[message.code])
    assert browser.get(detail).json()["body"] is None
    assert "伪造论文" in read(browser, message).json()["body"]
    assert Entry.objects.filter(step="receive", subject_id=message.pk).count() == 1


def test_others_are_refused_and_foreign_mail_is_not_found(reader: Actor, now: dt.datetime, client: Client) -> None:
    foreign = posted(accounts.actor(), now)
    assert client.get(LIST).status_code == 403
    assert read(accounts.client(reader), foreign).status_code == 404


def test_all_are_marked_but_what_needs_a_receipt(reader: Actor, now: dt.datetime) -> None:
    browser, message = accounts.client(reader), posted(reader, now)
    foreign = posted(accounts.actor(), now)
    warned = posted(reader, now, Warned, grounds="材料有误。")
    address = reverse("api:message-read-all")
    assert browser.post(address).json()["code"] == "key_missing"
    done = browser.post(address, {}, content_type="application/json", headers={HEADER: new_key()})
    unread = set(Notification.objects.filter(read_at=None).values_list("code", flat=True))
    assert done.json()["marked"] == 3 - len(unread)
    assert message.code not in unread
    assert foreign.code in unread
    assert (warned.code in unread) is warned.registered
