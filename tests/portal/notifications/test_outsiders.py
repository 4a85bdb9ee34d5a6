"""Letters to people without an account: out by the channels alone, to an address that only the asking room knows."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.notifications import addressing, checks, kinds, sweep
from portal.notifications.enums import DeliveryState
from portal.notifications.kinds import reached_by
from portal.notifications.models import Delivery, Notification
from portal.notifications.post import post
from portal.notifications.recipients import OUTSIDER
from tests.errand.letters import Answered, Noted, reach
from tests.errand.models import Errand
from tests.portal.notifications.conftest import Switchboard

PHONE = "13912345678"


def answered(now: dt.datetime, phone: str = PHONE) -> Notification:
    with transaction.atomic():
        (message,) = post(Answered, to=OUTSIDER, about=Errand.objects.create(opinion=phone), at=now)
    return message


def run(now: dt.datetime) -> None:
    sweep.deliver_waiting(seconds=10, now=lambda: now)


@pytest.mark.rule("N-03")
def test_it_goes_by_the_channel_that_reaches_them_and_their_number_is_kept_nowhere(
    db: None, switchboard: Switchboard, now: dt.datetime
) -> None:
    message = answered(now)
    run(now)
    (parcel,) = switchboard.taken.values()
    assert (parcel.address, parcel.line) == (PHONE, f"事项{message.about_code}已办结。")
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.sent_to) == (DeliveryState.SENT, "…5678")
    assert (message.person, message.organisation, message.outside) == (None, None, True)
    assert PHONE not in str([*Notification.objects.values(), *Delivery.objects.values()])


def test_who_cannot_be_reached_has_the_letter_and_no_delivery(db: None, now: dt.datetime) -> None:
    assert answered(now, phone="").outside
    assert not Delivery.objects.exists()


def test_an_address_that_is_gone_by_then_is_shown_to_staff_without_a_name(
    switchboard: Switchboard,
    now: dt.datetime,
    at: Callable[[dt.datetime], None],
    actor: Callable[..., Actor],
    visit: Callable[..., Client],
) -> None:
    at(now)
    answered(now)
    Errand.objects.update(opinion="")
    run(now)
    assert Delivery.objects.get().state == DeliveryState.IMPOSSIBLE
    page = visit(actor(Role.BUREAU_CLERK)).get(reverse("notifications:failures")).content.decode()
    assert ("未注册的人员" in page, "None" in page) == (True, False)


def test_nobody_who_takes_a_role_inherits_it(db: None, now: dt.datetime, actor: Callable[..., Actor]) -> None:
    message = answered(now)
    actor(Role.BUREAU_CLERK)
    assert addressing.hand_over_waiting(at=now) == 0
    assert Notification.objects.get(pk=message.pk).person is None


def test_the_database_knows_no_outsider_with_an_account(
    db: None, now: dt.datetime, actor: Callable[..., Actor]
) -> None:
    answered(now)
    with pytest.raises(DatabaseError, match="outside_has_no_account"), transaction.atomic():
        Notification.objects.update(person=actor().person)


def test_a_letter_that_goes_outside_needs_somebody_who_knows_where_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(checks.faults_of(Answered)) == []
    monkeypatch.setattr(kinds, "_reaches", {})
    assert list(checks.faults_of(Answered)) == ["it goes outside, but nobody says where its addressee is reached."]
    with pytest.raises(TypeError, match="people with accounts"):
        reached_by(Noted, reach)
