"""The bell: it wakes a worker, and a broker that is gone, slow or silent costs the request next to nothing."""

import datetime as dt
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from portal.notifications import bell
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery
from portal.notifications.post import post
from portal.notifications.tasks import deliver_waiting
from portal.shared import clock
from tests.errand.letters import Summoned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.portal.notifications.conftest import Switchboard

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Give the bell a real broker's database that no other process of the tests rings in."""
    number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
    monkeypatch.setattr(current_app.conf, "broker_url", settings.REDIS_URL.rpartition("/")[0] + f"/{number}")
    bell._connection.cache_clear()
    empty_queue()
    yield monkeypatch
    bell._connection.cache_clear()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class Line:
    """A line to the real broker that can be cut in the middle of a conversation: open, but nothing comes through."""

    def __init__(self, broker_url: str) -> None:
        told = urlsplit(broker_url)
        self.far_end = (told.hostname or "", told.port or 6379)
        self.socket = socket.create_server(("127.0.0.1", 0))
        near_end = f":{told.password or ''}@127.0.0.1:{self.socket.getsockname()[1]}"
        self.url = told._replace(netloc=near_end).geturl()
        self.is_cut = False
        threading.Thread(target=self._connect, daemon=True).start()

    def _connect(self) -> None:
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            far = socket.create_connection(self.far_end)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if not self.is_cut:
                    other.sendall(said)
        other.close()


@pytest.fixture
def line(broker: pytest.MonkeyPatch) -> Iterator[Line]:
    """Have the bell speak to the real broker over a line that can be cut."""
    found = Line(current_app.conf.broker_url)
    broker.setattr(current_app.conf, "broker_url", found.url)
    yield found
    found.socket.close()


def empty_queue() -> list[tuple[str, dict[str, object]]]:
    """Take everything out of the real broker's queue and return the tasks with their arguments."""
    found = []
    with current_app.connection_for_read() as connection, connection.SimpleQueue("celery") as queue:
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                return found
            message.ack()
            found.append((message.headers["task"], message.payload[1]))


def seconds_to_tell() -> float:
    began = time.monotonic()
    with transaction.atomic():
        to, at = accounts.person(phone="13800001234"), clock.now()
        post(Summoned, to=to, about=Errand.objects.create(), at=at, facts={"on": at.date()})
    return time.monotonic() - began


def delivered_by_hand() -> set[str]:
    call_command("deliver_messages", verbosity=0)
    return set(Delivery.objects.values_list("state", flat=True))


def test_after_the_commit_one_ring_wakes_a_worker(broker: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        for _ in range(3):
            at = dt.datetime(2026, 7, 8, 10, tzinfo=clock.BEIJING)
            post(Summoned, to=accounts.person(), about=Errand.objects.create(), at=at, facts={"on": at.date()})
        assert empty_queue() == []
    assert empty_queue() == [(deliver_waiting.name, {"seconds": bell.RUN_SECONDS})]


def test_a_broker_that_is_gone_delays_nobody_and_loses_nothing(
    broker: pytest.MonkeyPatch, switchboard: Switchboard
) -> None:
    broker.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    assert seconds_to_tell() < 0.5
    assert delivered_by_hand() == {DeliveryState.SENT}


def test_a_silent_broker_delays_one_request_a_little_and_the_next_not_at_all(
    broker: pytest.MonkeyPatch, switchboard: Switchboard, silent_port: int
) -> None:
    broker.setattr(current_app.conf, "broker_url", f"redis://127.0.0.1:{silent_port}/0")
    assert seconds_to_tell() < 1.0
    assert seconds_to_tell() < 0.2
    assert delivered_by_hand() == {DeliveryState.SENT}


def test_a_broker_that_falls_silent_between_two_rings_is_left_alone_for_a_while(
    line: Line,
) -> None:
    bell.ring()
    assert len(empty_queue()) == 1
    bell.forget()
    line.is_cut = True
    began = time.monotonic()
    bell.ring()
    assert time.monotonic() - began < 1.0
    assert bell._Rope.free_at - time.monotonic() > bell.QUIET_AFTER_RING_SECONDS
    line.is_cut = False
    bell.forget()
    bell.ring()
    assert len(empty_queue()) == 1


def test_the_worker_does_what_the_command_does(switchboard: Switchboard) -> None:
    seconds_to_tell()
    deliver_waiting.apply(kwargs={"seconds": 5})
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}
