"""A deliverer killed in the middle of a call: the message goes out all the same, and once."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from portal.notifications import sweep
from portal.notifications.delivering import LEASE, Outcome
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery
from portal.notifications.post import post
from portal.shared import clock
from tests.errand.letters import Summoned
from tests.errand.models import Errand
from tests.factories import accounts
from tests.fixtures.sandbox import Sandbox

MESSAGES = 3


def test_database_url() -> str:
    told = connection.settings_dict
    password = f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else ""
    host = quote(told["HOST"] or "", safe="")
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgres://{quote(told['USER'])}{password}@{host}{port}/{told['NAME']}"


test_database_url.__test__ = False


def deliverer(sandbox: Sandbox) -> subprocess.Popen[bytes]:
    """Start `manage.py deliver_messages` on this test's database and sandbox."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.demo",
        "DATABASE_URL": test_database_url(),
        "SANDBOX_URL": sandbox.url,
        "SANDBOX_DATA": str(sandbox.data),
    }
    return subprocess.Popen([sys.executable, "manage.py", "deliver_messages"], env=environment)


def wait_for_call(sandbox: Sandbox) -> None:
    ends = time.monotonic() + 30
    while not sandbox.requests("sms"):
        assert time.monotonic() < ends, "the deliverer never called the provider"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_call_the_message_still_goes_out_once(sandbox: Sandbox) -> None:
    people, errand, at = (
        [accounts.person(phone="13800001234") for _ in range(MESSAGES)],
        Errand.objects.create(),
        clock.now(),
    )
    with transaction.atomic():
        post(Summoned, to=people, about=errand, at=at, facts={"on": at.date()})
    sandbox.set("sms", delay_ms=2000)
    with deliverer(sandbox) as killed:
        wait_for_call(sandbox)
        killed.send_signal(signal.SIGKILL)
    sandbox.set("sms")
    held = Delivery.objects.filter(attempts=1)
    assert list(held.values_list("state", flat=True)) == [DeliveryState.WAITING]
    assert sweep.deliver_waiting(seconds=30) == {Outcome.MOVED: MESSAGES - 1}
    sweep.deliver_waiting(seconds=30, now=lambda: clock.now() + LEASE)
    texts = [message["message_id"] for message in sandbox.shown()["sms"]]
    assert sorted(texts) == sorted(f"{code}-0" for code in Delivery.objects.values_list("code", flat=True))
    sweep.deliver_waiting(seconds=30, now=lambda: clock.now() + 2 * LEASE)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ARRIVED}
