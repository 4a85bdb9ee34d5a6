"""The last minutes of the last day: everybody saves and submits at once, and the web is killed in the middle.

None is lost, none is accepted that was sent after 24:00, none is refused that was sent before, however long the queue.
`make soak` runs it with LAST_DAY_DRAFTS and LAST_DAY_SECONDS of the full size.
"""

import asyncio
import datetime as dt
import os
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from django.middleware.csrf import get_token
from django.test import RequestFactory

from applications.domain.expiring import WINDOW
from applications.enums import ApplicationState
from applications.models import Application, Recommendation, Sheet, Snapshot
from portal.accounts.actors import acting_personally
from portal.deadlines import ringing
from portal.deadlines.models import Deadline
from portal.http.arrival import HEADER as ARRIVED
from portal.http.once import HEADER as KEY
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared import clock
from tests.bench import many_applications
from tests.live.house import House

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default:.*fork:DeprecationWarning"),
    # The killed web leaves connections behind in the middle of their requests.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

DRAFTS = int(os.environ.get("LAST_DAY_DRAFTS", "30"))
SECONDS = float(os.environ.get("LAST_DAY_SECONDS", "12"))
SEED = int(os.environ.get("LAST_DAY_SEED", "20260728"))
CLOSES = dt.datetime(2026, 7, 29, 0, 0, tzinfo=clock.BEIJING)
AFTER = 0.2  # so much of the time lies behind 24:00
SAVES = 3
TOKEN = get_token(RequestFactory().get("/"))
SLACK = 0.1  # two clocks are read one after the other


@dataclass
class Person:
    """One who fills in a draft: what was sent, what the portal said to it."""

    code: str
    cookies: dict[str, str]
    version: int
    saved: str = ""
    submitted_at: float = 0.0
    answer: int = 0
    reasons: list[str] = field(default_factory=list)
    kept_waiting: float = 0.0


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path, {"PROXY_STAMPS_ARRIVAL": "true"}) as house:
        yield house


def test_nobody_is_lost_on_the_last_day(house: House) -> None:
    clock.move_to(CLOSES - dt.timedelta(hours=3))
    people = drafts()
    house.start("redis", "web", "worker", "beat")
    house.wait_until(house.answers, within=240, what="the web does not answer")
    clock.move_to(CLOSES - dt.timedelta(seconds=SECONDS))
    ends = clock.since_epoch() + SECONDS
    with ThreadPoolExecutor(
        1
    ) as people_at_work:  # a program dies with the thread that started it, so they get the other one
        work = people_at_work.submit(asyncio.run, everybody(house.address, people, ends))
        house.wait_until(lambda: clock.since_epoch() > ends - SECONDS / 2, within=SECONDS)
        restart(house)
        house.wait_until(work.done, within=SECONDS + DRAFTS, what="they never end")
        work.result()
    house.kill("web", whole=True)
    clock.move_to(CLOSES + dt.timedelta(minutes=10))
    ringing.ring_due(at=clock.now())
    for person in people:
        judge(person, ends)
    accepted = sum(person.answer < 300 for person in people)
    late = sum(person.submitted_at >= ends for person in people)
    assert (accepted, late) == (Snapshot.objects.count(), DRAFTS - accepted)
    assert min(accepted, late) > 0, "both sides of 24:00 must be tried"


def drafts() -> list[Person]:
    """Return people with filled drafts, cloned from one that was filled in by the real steps, and logged in."""
    like = many_applications.applications.filled(many_applications.catalogue.published_entry())
    many_applications.make(many_applications.drafts(like), 1, DRAFTS)
    version = like.sheets.get(kind="summary").version_of("ability")
    made = Application.objects.filter(code__startswith="SB-B").select_related("applicant")
    return [Person(one.code, many_applications.cookies_of(acting_personally(one.applicant)), version) for one in made]


def restart(house: House) -> None:
    house.kill("web", whole=True)
    house.start("web")


async def everybody(address: str, people: list[Person], ends: float) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a plan of pressing buttons is no secret
    moments = [ends - SECONDS * chance.uniform(-AFTER, 0.9) for _ in people]
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=90, limits=limits) as client:
        await asyncio.gather(*(live(client, person, at) for person, at in zip(people, moments, strict=True)))


async def live(client: httpx.AsyncClient, person: Person, submits_at: float) -> None:
    """Save a few times, then submit at the planned moment."""
    start = clock.since_epoch()
    for number in range(SAVES):
        await asyncio.sleep(max(0.0, (submits_at - start) / (SAVES + 1)))
        if clock.since_epoch() >= submits_at:
            break
        text = f"第{number + 1}次保存的专业能力说明"
        body = {"values": {"ability": text}, "versions": {"ability": person.version}}
        answer, _sent = await told(client, person, "PATCH", "sheets/summary/", body)
        if answer.is_success:
            person.saved, person.version = text, answer.json()["versions"]["ability"]
    await asyncio.sleep(max(0.0, submits_at - clock.since_epoch()))
    answer, sent = await told(client, person, "POST", "steps/submit/", {"commitment": True})
    person.submitted_at, person.answer, person.kept_waiting = sent, answer.status_code, clock.since_epoch() - sent
    if not answer.is_success:
        assert answer.headers["Content-Type"].startswith("application/problem+json"), (
            answer.status_code,
            answer.text[:3000],
        )
        person.reasons = [reason["code"] for reason in answer.json()["reasons"]]


async def told(
    client: httpx.AsyncClient, person: Person, method: str, path: str, body: object
) -> tuple[httpx.Response, float]:
    """Send until there is an answer, with the same key: what was done is not done again. Stamps as the proxy does."""
    key, sent = new_key(), clock.since_epoch()
    cookie = "; ".join(f"{name}={value}" for name, value in {**person.cookies, "csrftoken": TOKEN}.items())
    headers = {KEY: key, ARRIVED: f"t={sent:.3f}", "X-CSRFToken": TOKEN, "Cookie": cookie}
    while True:
        try:
            address = f"/api/applications/{person.code}/{path}"
            return await client.request(method, address, json=body, headers=headers), sent
        except httpx.TransportError:
            await asyncio.sleep(0.2)


def judge(person: Person, ends: float) -> None:
    application = Application.objects.get(code=person.code)
    if abs(person.submitted_at - ends) > SLACK:
        told = (person.answer < 300, person.reasons)
        assert told[0] == (person.submitted_at < ends), (person.submitted_at - ends, told)
    if person.saved:
        assert Sheet.objects.get(application=application, kind="summary").content["ability"] == person.saved
    steps = Counter(
        Entry.objects.filter(subject_type=application._meta.label, subject_id=application.pk).values_list(
            "step", flat=True
        )
    )
    if person.answer < 300:
        assert application.state == ApplicationState.SUBMITTED
        assert application.submitted_at < CLOSES
        assert application.snapshots.get().is_intact
        assert Recommendation.objects.get(application=application).organisation == application.employer
        assert steps["submit"] == 1
    else:
        assert (application.state, application.ended_at) == (ApplicationState.LAPSED, CLOSES)
        assert not Deadline.objects.waiting().of(application).filter(kind=WINDOW).exists()
        assert steps["lapse"] == 1
