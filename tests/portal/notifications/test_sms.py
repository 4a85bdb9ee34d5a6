"""Text messages through the real wire: every fault of the provider, and one message to the person in the end."""

import datetime as dt

import pytest

from portal.accounts.models import Person
from portal.notifications import sweep
from portal.notifications.delivering import Outcome
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery
from tests.fixtures.sandbox import Sandbox
from tests.portal.notifications.conftest import again

HOUR = dt.timedelta(hours=1)


def run(at: dt.datetime) -> dict[str, int]:
    return dict(sweep.deliver_waiting(seconds=30, now=lambda: at))


def texts(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(message["phone"], message["text"]) for message in sandbox.shown()["sms"]]


@pytest.mark.rule("R-107")
def test_the_line_reaches_the_telephone_and_its_fate_is_learnt(
    delivery: Delivery, sandbox: Sandbox, now: dt.datetime
) -> None:
    assert run(now) == {Outcome.MOVED: 1}
    assert texts(sandbox) == [("13800001234", delivery.line)]
    assert again(delivery).sent_to == "138****1234"
    run(now + HOUR)
    assert again(delivery).state == DeliveryState.ARRIVED


@pytest.mark.parametrize("fault", ["lost_reply", "bad_signature", "broken_contract"])
def test_an_answer_that_never_came_makes_no_second_message(
    delivery: Delivery, sandbox: Sandbox, now: dt.datetime, fault: str
) -> None:
    sandbox.set("sms", fault, times=1)
    assert run(now) == {Outcome.POSTPONED: 1}
    assert run(now + HOUR) == {Outcome.MOVED: 1}
    assert len(texts(sandbox)) == 1
    assert again(delivery).state == DeliveryState.SENT
    assert again(delivery).receipt


def test_a_provider_that_is_gone_is_waited_for(
    delivery: Delivery, sandbox: Sandbox, now: dt.datetime, settings
) -> None:
    ways = settings.CONNECTORS
    settings.CONNECTORS = {}
    assert run(now) == {Outcome.CHANNEL_DOWN: 1}
    assert (again(delivery).attempts, again(delivery).last_error) == (0, "not_configured")
    settings.CONNECTORS = ways
    assert run(now + HOUR) == {Outcome.MOVED: 1}


def test_a_number_that_is_none_ends_with_staff(
    applicant: Person, delivery: Delivery, sandbox: Sandbox, now: dt.datetime
) -> None:
    applicant.phone = "12345"
    applicant.save()
    run(now)
    assert (again(delivery).state, again(delivery).last_error) == (DeliveryState.FAILED, "bad_phone")


def test_a_telephone_switched_off_comes_back_to_staff(
    applicant: Person, delivery: Delivery, sandbox: Sandbox, now: dt.datetime
) -> None:
    applicant.phone = "13800000000"
    applicant.save()
    run(now)
    run(now + HOUR)
    assert (again(delivery).state, again(delivery).last_error) == (DeliveryState.FAILED, "UNDELIV")
