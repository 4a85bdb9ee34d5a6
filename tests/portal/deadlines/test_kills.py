"""Deadlines fall due while every process around them is killed again and again: each rings, and once.

`make soak` runs the same longer: SOAK_DEADLINES, SOAK_KILLS and SOAK_SEED set how long and in which order.
"""

import datetime as dt
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.db import connection
from django.db.models import F

from portal.accounts.actors import Actor
from portal.deadlines import ringing, setting
from portal.deadlines.models import Deadline
from portal.ledger import sealing
from portal.ledger.models import Entry, Seal
from portal.notifications.delivering import NEXT_QUESTION
from portal.notifications.enums import DeliveryState
from portal.notifications.models import Delivery, Notification
from portal.shared import clock
from tests.errand.models import Errand, State
from tests.errand.wiring import LAPSES
from tests.factories import accounts
from tests.fixtures.sandbox import Sandbox, sandbox_process
from tests.live.house import House

__all__ = ["sandbox_process"]

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default:.*fork:DeprecationWarning"),
]

DEADLINES = int(os.environ.get("SOAK_DEADLINES", "120"))
KILLS = int(os.environ.get("SOAK_KILLS", "4"))
SEED = int(os.environ.get("SOAK_SEED", "20260708"))
VICTIMS = ("redis", "worker", "beat", "web")
APART = dt.timedelta(milliseconds=100)
PATIENCE = 180  # seconds: a machine with others on it takes several times as long, and nothing here is about speed

# Every lapse lasts long enough for a kill to fall into it, between the deadline's own update and the ledger's entry.
SLOW = """
CREATE FUNCTION takes_a_while() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$;
CREATE TRIGGER takes_a_while BEFORE UPDATE ON errand_errand FOR EACH ROW EXECUTE FUNCTION takes_a_while();
"""
QUICK_AGAIN = "DROP FUNCTION takes_a_while CASCADE"


@pytest.fixture
def slow_errands(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(SLOW)
        yield
        cursor.execute(QUICK_AGAIN)


@pytest.fixture
def house(slow_errands: None, sandbox_process: Sandbox, tmp_path: Path) -> Iterator[House]:
    sandbox_process.tell(reset=True)
    outside = {"SANDBOX_URL": sandbox_process.url, "SANDBOX_DATA": str(sandbox_process.data)}
    with House(tmp_path, outside) as house:
        yield house


def errands_falling_due(count: int, first: dt.datetime) -> list[Errand]:
    """Return errands, the next due a moment after the one before; every fourth has somebody who is told."""
    errands = []
    for number in range(count):
        owner = None if number % 4 else accounts.person(phone="13800001234")
        errand = Errand.objects.create(owner=owner)
        due_at = first + number * APART
        setting.set_instant(LAPSES, errand, due_at=due_at, at=due_at - dt.timedelta(minutes=1))
        errands.append(errand)
    return errands


def rung() -> int:
    return Deadline.objects.exclude(rung_at=None).count()


def all_rung() -> bool:
    return not Deadline.objects.waiting().exists()


def prove_each_rang_once(count: int) -> None:
    assert Deadline.objects.filter(rung_at=F("due_at")).count() == Deadline.objects.count() == count
    assert not Deadline.objects.filter(attempts__gt=0).exists()
    lapsed = dict(Errand.objects.filter(state=State.LAPSED).values_list("pk", "ended_at"))
    assert lapsed == dict(Deadline.objects.values_list("subject_id", "due_at"))
    entries = Entry.objects.filter(subject_type="errand.Errand")
    assert sorted(entries.values_list("subject_id", "step")) == [(pk, "lapse") for pk in sorted(lapsed)]
    owned = Errand.objects.exclude(owner=None).values_list("pk", flat=True)
    assert sorted(Notification.objects.values_list("about_id", flat=True)) == sorted(owned)
    assert sorted(Delivery.objects.values_list("notification__about_id", flat=True)) == sorted(owned)


def prove_each_message_arrived_once(house: House, sandbox: Sandbox) -> None:
    """Let the leases of the dead run out, and ask about the sent; the provider then holds each once."""
    on_their_way = Delivery.objects.filter(state__in=[DeliveryState.WAITING, DeliveryState.SENT])
    for _ in range(6):
        clock.move_by(NEXT_QUESTION)
        house.wait_until(lambda: not on_their_way.exists(), within=PATIENCE + DEADLINES / 20)
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.ARRIVED}
    taken = [message["message_id"] for message in sandbox.shown()["sms"]]
    assert sorted(taken) == sorted(delivery.message_id for delivery in Delivery.objects.all())


def prove_the_ledger_is_whole(house: House) -> None:
    house.wait_until(
        lambda: not Entry.objects.filter(seal=None).exists(), within=PATIENCE, what="entries stay unsealed"
    )
    assert Seal.objects.exists()
    assert sealing.verify() == []


class Public(threading.Thread):
    """People at the web all the while: some look, and one comes too late to every errand that is just due."""

    def __init__(self, house: House, errands: list[Errand], first: dt.datetime, clerk: Actor) -> None:
        super().__init__(daemon=True)
        self.errands = [(errand.code, first + number * APART) for number, errand in enumerate(errands)]
        cookies = {name: cookie.value for name, cookie in accounts.client(clerk).cookies.items()}
        token = "t" * 32
        self.client = house.client(cookies={**cookies, "csrftoken": token}, headers={"X-CSRFToken": token})
        self.answers: Counter[tuple[str, int | str]] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        turn = 0
        with self.client:
            while not self.over.is_set():
                turn += 1
                self.ask("ready", "GET", "/readyz")
                self.ask("home", "GET", "/")
                late = [code for code, due_at in self.errands if due_at <= dt.datetime.now(tz=dt.UTC)]  # noqa: TID251
                if late:
                    key = {"Idempotency-Key": f"late-{turn}"}
                    self.ask("late", "POST", f"/api/errand/{late[-1]}/", json={"opinion": "同意"}, headers=key)

    def ask(self, what: str, *request: str, **told: object) -> None:
        try:
            answer = self.client.request(*request, **told)  # type: ignore[arg-type]
            self.answers[what, answer.json()["code"] if what == "late" else answer.status_code] += 1
        except httpx.TransportError:
            self.answers[what, "cut off"] += 1

    def stop(self) -> None:
        self.over.set()
        self.join(timeout=PATIENCE)


def readiness(house: House) -> tuple[int, str]:
    with house.client() as client:
        answer = client.get("/readyz")
    return answer.status_code, answer.json()["redis"]


def test_whatever_is_killed_each_deadline_rings_once(
    house: House, sandbox_process: Sandbox, bureau_clerk: Actor
) -> None:
    chance = random.Random(SEED)  # noqa: S311
    house.start(*VICTIMS)
    first = clock.now() + dt.timedelta(seconds=6)
    errands = errands_falling_due(DEADLINES, first)
    public = Public(house, errands, first, bureau_clerk)
    public.start()
    house.wait_until(lambda: rung() > 0, within=PATIENCE, what="nothing rings")
    order = [*VICTIMS] * (KILLS // len(VICTIMS))
    chance.shuffle(order)
    in_the_middle = 0
    for victim in order:
        goal = rung() + chance.randint(5, 15)
        house.wait_until(lambda goal=goal: rung() >= goal, within=3)
        house.kill(victim, whole=chance.random() < 0.5)
        in_the_middle += not all_rung()
        if victim == "redis":
            assert readiness(house) == (200, "degraded")
        time.sleep(chance.uniform(0, 1))
        house.start(victim)
    house.wait_until(all_rung, within=PATIENCE, what="deadlines wait for ever")
    public.stop()
    assert in_the_middle >= KILLS // 2
    prove_each_rang_once(DEADLINES)
    prove_each_message_arrived_once(house, sandbox_process)
    prove_the_ledger_is_whole(house)
    assert {answer for what, answer in public.answers if what in {"ready", "home"}} <= {200, "cut off"}
    assert {answer for what, answer in public.answers if what == "late"} <= {"step_not_open", "cut off"}
    assert public.answers["late", "step_not_open"] > 0
    assert readiness(house) == (200, "ok")


def test_without_redis_the_command_rings_and_the_sweep_does_when_it_is_back(house: House) -> None:
    now, count = clock.now(), DEADLINES // 4
    errands_falling_due(count, now - count * APART)
    house.start("web")
    with house.manage("ring_deadlines") as killed:
        house.wait_until(lambda: rung() > count // 4, within=PATIENCE, what="the command rings nothing")
        killed.kill()
    assert 0 < rung() < count
    assert readiness(house) == (200, "degraded")
    house.start("worker", "beat")
    with house.manage("ring_deadlines") as command:
        assert command.wait(timeout=PATIENCE) == 0
    prove_each_rang_once(count)
    errands_falling_due(count, clock.now())
    house.start("redis")
    house.wait_until(all_rung, within=PATIENCE, what="the sweep did not come back")
    prove_each_rang_once(2 * count)
    prove_the_ledger_is_whole(house)
    assert ringing.ring_due(at=clock.now()).rung == 0
