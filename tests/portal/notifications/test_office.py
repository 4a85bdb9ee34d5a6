"""What failed: who sees it, how much of it, and sending anew."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.http import worklist
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.notifications import queries, sweep
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery
from portal.notifications.post import post
from tests.errand.letters import Summoned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import Switchboard, again

FAILURES = reverse("notifications:failures")


@pytest.fixture
def unreached(
    errand: Errand, switchboard: Switchboard, now: dt.datetime, at: Callable[[dt.datetime], None]
) -> Delivery:
    """A summons that found no telephone number."""
    at(now)
    post(Summoned, to=accounts.person(full_name="王无号"), about=errand, at=now, facts={"on": now.date()})
    sweep.deliver_waiting(seconds=10, now=lambda: now)
    return Delivery.objects.get()


def person_of(delivery: Delivery) -> Person:
    person = delivery.notification.person
    assert person is not None
    return person


@pytest.mark.rule("R-107")
@pytest.mark.parametrize(("role", "sees_name"), [(Role.BUREAU_CLERK, True), (Role.SYSADMIN, False)])
def test_the_bureau_sees_whom_and_the_administrator_only_what(
    unreached: Delivery, visit: Callable[..., Client], actor: Callable[..., Actor], *, role: Role, sees_name: bool
) -> None:
    page = visit(actor(role)).get(FAILURES).content.decode()
    assert "没有登记号码或地址" in page
    assert person_of(unreached).code in page
    assert ("王无号" in page) is sees_name
    assert unreached.notification.body not in page


@pytest.mark.parametrize("role", [Role.AGENCY_LEAD, Role.EMPLOYER_HEAD, Role.EXPERT, Role.AUDITOR])
def test_others_see_nothing(
    unreached: Delivery, visit: Callable[..., Client], actor: Callable[..., Actor], role: Role
) -> None:
    browser = visit(actor(role))
    assert browser.get(FAILURES).status_code == 403
    assert browser.get(reverse("notifications:retry", args=[unreached.code])).status_code == 403


def test_it_waits_on_the_desk_of_those_who_look_after_it(
    unreached: Delivery, now: dt.datetime, actor: Callable[..., Actor]
) -> None:
    (waiting,) = [group for group in worklist.waiting_for(actor(Role.SYSADMIN), now) if group.address == FAILURES]
    assert waiting.count == 1
    assert [each.address for each in worklist.waiting_for(actor(Role.AGENCY_LEAD), now)] == []


def test_the_desk_of_the_subject_can_ask_who_was_reached(unreached: Delivery, errand: Errand) -> None:
    assert list(queries.deliveries_about(errand)) == [unreached]
    assert list(queries.deliveries_about(Errand.objects.create())) == []


def test_sending_anew_is_refused_with_its_reason_and_then_works(
    unreached: Delivery, visit: Callable[..., Client], actor: Callable[..., Actor]
) -> None:
    clerk = actor(Role.BUREAU_CLERK)
    browser, address = visit(clerk), reverse("notifications:retry", args=[unreached.code])
    assert "收件人没有登记手机号码" in browser.get(address).content.decode()
    refused = browser.post(address, {FIELD: new_key()})
    assert (refused.status_code, "收件人没有登记手机号码" in refused.content.decode()) == (200, True)
    person = person_of(unreached)
    person.phone = "13800001234"
    person.save()
    assert browser.post(address, {FIELD: new_key()})["Location"] == FAILURES
    assert (again(unreached).state, again(unreached).round) == (DeliveryState.WAITING, 1)
    assert Entry.objects.get(step="retry").person == clerk.person
    assert browser.get(address).status_code == 404


def test_filters_narrow_the_list(unreached: Delivery, visit: Callable[..., Client], bureau_lead: Actor) -> None:
    browser = visit(bureau_lead)
    shown = [
        list(browser.get(f"{FAILURES}?{query}").context["page"])
        for query in ("state=impossible", "state=failed", "channel=sms", "channel=email", "state=nonsense")
    ]
    assert shown == [[unreached], [], [unreached], [], [unreached]]
