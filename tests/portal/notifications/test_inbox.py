"""The inbox: what a person sees, what opening does, receipts, choices, and what a page costs."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import EMPLOYER_STAFF, Role
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.notifications import inbox, kinds, queries
from portal.notifications.models import Notification
from portal.notifications.post import cancel, post
from portal.notifications.recipients import holders_at
from portal.shared import clock
from tests.errand.letters import DueSoon, Noted, ReturnedErrand, Warned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import FACTS

INBOX = reverse("notifications:inbox")


@pytest.fixture
def reader(at: Callable[[dt.datetime], None], now: dt.datetime) -> Actor:
    at(now)
    return accounts.actor(full_name="李晓明", phone="13800001234")


@pytest.fixture
def browser(reader: Actor) -> Client:
    return accounts.client(reader)


def send(client: Client, address: str, **fields: Any) -> Any:
    return client.post(address, {FIELD: new_key(), **fields})


def note(actor: Actor, at: dt.datetime, count: int = 1) -> list[Notification]:
    return [post(Noted, to=actor.person, about=Errand.objects.create(), at=at)[0] for _ in range(count)]


def page_of(message: Notification) -> str:
    return reverse("notifications:message", args=[message.code])


def fresh(message: Notification) -> Notification:
    return Notification.objects.get(pk=message.pk)


def test_unread_messages_stand_first_and_their_number_in_the_menu(
    browser: Client, reader: Actor, now: dt.datetime
) -> None:
    old, new = note(reader, now - dt.timedelta(days=1))[0], note(reader, now)[0]
    inbox.mark_read(new, at=now)
    page = browser.get(INBOX)
    assert list(page.context["page"]) == [old, new]
    assert "共 2 条，未读 1 条" in page.content.decode()
    assert '<span class="zc-count">1' in page.content.decode()


def test_filters_narrow_and_nonsense_filters_nothing(browser: Client, reader: Actor, now: dt.datetime) -> None:
    (noted,) = note(reader, now)
    (returned,) = post(ReturnedErrand, to=reader.person, about=Errand.objects.create(), at=now, facts=FACTS)
    inbox.mark_read(noted, at=now)

    def shown(query: str) -> list[Notification]:
        return list(browser.get(f"{INBOX}?{query}").context["page"])

    assert shown("show=unread") == [returned]
    assert shown("occasion=N-13") == [noted]
    assert shown("occasion=N-99&show=x&page=7") == [returned, noted]


def test_opening_marks_read_once_and_leads_on(browser: Client, reader: Actor, now: dt.datetime, at: Any) -> None:
    (message,) = note(reader, now)
    page = browser.get(page_of(message))
    assert "仅在平台内提示。" in page.content.decode()
    assert page.context["link"] == reverse("notifications:message", args=[message.about_code])
    first = fresh(message).read_at
    at(now + dt.timedelta(hours=1))
    browser.get(page_of(message))
    assert fresh(message).read_at == first
    assert queries.unread_count(reader.person, on=now.date()) == 0


def test_what_people_wrote_is_shown_as_text(browser: Client, reader: Actor, now: dt.datetime) -> None:
    facts = {**FACTS, "defects": ["<script>alert(1)</script>"]}
    (message,) = post(ReturnedErrand, to=reader.person, about=Errand.objects.create(), at=now, facts=facts)
    assert "&lt;script&gt;alert(1)" in browser.get(page_of(message)).content.decode()


def test_mail_of_others_is_not_found(browser: Client, now: dt.datetime) -> None:
    (foreign,) = note(accounts.actor(), now)
    assert browser.get(page_of(foreign)).status_code == 404
    assert list(browser.get(INBOX).context["page"]) == []


def test_the_inbox_is_for_those_who_logged_in(client: Client, db: None) -> None:
    assert client.get(INBOX)["Location"] == f"{reverse('account_login')}?next={INBOX}"


def test_mail_of_an_organisation_names_it(now: dt.datetime, at: Callable[[dt.datetime], None]) -> None:
    at(now)
    clerk = accounts.actor(Role.EMPLOYER_CLERK)
    post(Noted, to=holders_at(clerk.organisation, EMPLOYER_STAFF), about=Errand.objects.create(), at=now)
    assert f"发给{clerk.organisation.name}" in accounts.client(clerk).get(INBOX).content.decode()


def test_all_are_marked_read_except_registered_mail(browser: Client, reader: Actor, now: dt.datetime) -> None:
    note(reader, now, 3)
    (sealed,) = post(Warned, to=reader.person, about=Errand.objects.create(), at=now, facts={"grounds": "略"})
    assert send(browser, reverse("notifications:read_all")).status_code == 302
    assert list(Notification.objects.filter(read_at=None)) == [sealed]


def test_a_reminder_of_a_task_done_says_so(browser: Client, reader: Actor, now: dt.datetime) -> None:
    errand = Errand.objects.create()
    (message,) = post(DueSoon, to=reader.person, about=errand, at=now, facts={"remaining": 3})
    cancel(DueSoon, about=errand, at=now)
    assert "无需再按本提醒办理" in browser.get(page_of(message)).content.decode()


def warned(reader: Actor, now: dt.datetime) -> Notification:
    (message,) = post(Warned, to=reader.person, about=Errand.objects.create(), at=now, facts={"grounds": "伪造论文"})
    return message


@pytest.mark.rule("R-142")
def test_registered_mail_is_delivered_when_opened_and_the_instant_is_kept(
    browser: Client, reader: Actor, now: dt.datetime, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Notification, dt.datetime]] = []
    monkeypatch.setattr(kinds, "_receivers", {})
    kinds.on_receipt(Warned, lambda message, at: told.append((message, at)))
    message = warned(reader, now)
    assert "伪造论文" not in browser.get(page_of(message)).content.decode()
    assert fresh(message).read_at is None
    key = new_key()
    for _ in range(2):
        assert browser.post(page_of(message), {FIELD: key}).status_code == 302
    at(now + dt.timedelta(days=1))
    send(browser, page_of(message))
    received = fresh(message)
    assert "伪造论文" in browser.get(page_of(message)).content.decode()
    entry = Entry.objects.get(step="receive")
    assert (entry.person, entry.at, entry.subject_id) == (reader.person, received.read_at, message.pk)
    assert told == [(message, received.read_at)]
    errand = Errand.objects.get(pk=message.about_id)
    assert queries.received_at(Warned, about=errand, by=reader.person) == received.read_at


def test_ordinary_mail_has_no_receipt(reader: Actor, now: dt.datetime) -> None:
    (message,) = note(reader, now)
    with pytest.raises(TypeError, match="not registered mail"):
        inbox.receive(message, by=reader, at=now)


@pytest.mark.rule("R-107")
def test_channels_are_chosen_and_required_ones_say_why(browser: Client, reader: Actor) -> None:
    address = reverse("notifications:preferences")
    page = browser.get(address)
    words, boxes = page.content.decode(), page.context["form"].fields
    assert 'name="N-04" value="sms"' in words
    assert 'name="N-08"' not in words
    assert "答辩：短信" in words
    assert "R-107" in words
    ticked = {name: field.initial for name, field in boxes.items()}
    send(browser, address, **{**ticked, "N-04": ["email"]})
    assert queries.declined_by(reader.person) == {("N-04", "sms")}
    send(browser, address, **ticked)
    assert queries.declined_by(reader.person) == frozenset()
    assert Entry.objects.filter(step="choose_messages").count() == 2


def test_a_made_up_channel_is_refused_on_the_same_page(browser: Client, reader: Actor) -> None:
    page = send(browser, reverse("notifications:preferences"), **{"N-04": ["pigeon"]})
    assert (page.status_code, "N-04" in page.context["form"].errors) == (200, True)


def test_a_page_costs_the_same_for_one_message_and_for_many(browser: Client, reader: Actor, now: dt.datetime) -> None:
    counts = []
    for more in (1, 10):
        note(reader, now, more)
        clock.now()
        with CaptureQueriesContext(connection) as spent:
            browser.get(INBOX)
        counts.append(len([each for each in spent.captured_queries if "democlock" not in each["sql"]]))
    assert counts[0] == counts[1]


def test_the_number_in_the_menu_is_one_query_over_an_index(
    reader: Actor, now: dt.datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    note(reader, now, 3)
    with django_assert_num_queries(1) as spent:
        assert queries.unread_count(reader.person, on=now.date()) == 3
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + spent.captured_queries[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "inbox_unread" in plan
