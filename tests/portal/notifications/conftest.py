"""People who can be told, letters to tell them, and a channel whose every answer a test decides."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.db import transaction

from portal.accounts.models import Person
from portal.notifications import bell, channels
from portal.notifications.channels import Parcel, Report
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery, Notification
from portal.notifications.post import post
from portal.shared import clock
from tests.errand.letters import ReturnedErrand
from tests.errand.models import Errand
from tests.factories import accounts
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

DUE_AT = dt.datetime(2026, 7, 18, 0, 0, tzinfo=clock.BEIJING)
DEFECTS = ["缺少学历证书", "论文未上传"]
FACTS = {"defects": DEFECTS, "due_at": DUE_AT}


@dataclass
class Switchboard:
    """A channel in memory: keeps what it took, and answers as a test tells it to."""

    knows_fate: bool = False
    taken: dict[str, Parcel] = field(default_factory=dict)
    calls: list[tuple[str, bool]] = field(default_factory=list)
    fault: Exception | None = None
    fate: Report | None = None
    during: Callable[[], None] | None = None

    def address_of(self, person: Person) -> str:
        return person.phone

    def masked(self, address: str) -> str:
        return f"…{address[-4:]}"

    def send(self, parcel: Parcel, *, again: bool, at: dt.datetime) -> str:
        self.calls.append((parcel.message_id, again))
        if self.during:
            self.during()
        if self.fault:
            raise self.fault
        self.taken[parcel.message_id] = parcel
        return f"R-{parcel.message_id}"

    def report(self, message_id: str, *, at: dt.datetime) -> Report | None:
        if self.fault:
            raise self.fault
        return self.fate


@pytest.fixture(autouse=True)
def _the_bell_forgets() -> Iterator[None]:
    bell.forget()
    yield
    bell.forget()


@pytest.fixture
def switchboard(monkeypatch: pytest.MonkeyPatch) -> Switchboard:
    """The text message channel, replaced at the seam."""
    board = Switchboard()
    monkeypatch.setitem(channels._carriers, Channel.SMS, board)
    return board


@pytest.fixture
def applicant(db: None) -> Person:
    return accounts.person(full_name="李晓明", phone="13800001234")


@pytest.fixture
def errand(db: None) -> Errand:
    return Errand.objects.create(papers=2)


@pytest.fixture
def told(applicant: Person, errand: Errand, now: dt.datetime) -> Notification:
    """The applicant's errand was returned and they were told."""
    with transaction.atomic():
        (message,) = post(ReturnedErrand, to=applicant, about=errand, at=now, facts=FACTS)
    return message


@pytest.fixture
def delivery(told: Notification) -> Delivery:
    return Delivery.objects.get(notification=told, channel=Channel.SMS)


def again(delivery: Delivery) -> Delivery:
    """Return the row as it stands."""
    return Delivery.objects.get(pk=delivery.pk)
