"""PostgreSQL and the worker are killed -9 in the middle of a vote: what was promised stands, what was not can be sent again.

The database is one of this test's own that keeps what it promised. `make soak` has VOTE_MEMBERS members in place of ten.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from applications.models import Application
from portal.accounts.actors import Actor
from portal.ballot import casting
from portal.ledger import sealing
from portal.ledger.models import Entry
from review.domain import voting
from review.enums.sitting import ItemState, SessionState
from review.models import AgendaItem, OpeningPart
from tests.factories import sessions
from tests.factories.voting import fresh
from tests.live import cluster
from tests.live.cluster import Cluster
from tests.live.house import House
from tests.live.room import (
    BRIEFLY,
    PATIENCE,
    SLOW,
    UNTIL_CUT,
    Room,
    Sender,
    ballots_on,
    end,
    entries,
    gathered,
    lasts,
    prove_cast,
)

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default:.*fork:DeprecationWarning"),
]

MEMBERS = int(os.environ.get("VOTE_MEMBERS", "10"))
PROGRAMS = ("redis", "web", "worker", "beat")
Answer = tuple[int, Any] | None


@dataclass
class Outage:
    """Kills the database under a room, and others with it, and starts them again."""

    room: Room
    cluster: Cluster
    dead: tuple[str, ...] = ()

    def begin(self, *others: str) -> None:
        connection.close()
        for name in others:
            self.room.house.kill(name, whole=True)
        self.dead = others
        assert self.cluster.kill() > 0

    def over(self) -> None:
        self.cluster.start()
        lasts(BRIEFLY)
        self.room.house.start(*self.dead)

    def strike(self, *senders: Sender, others: Sequence[str] = ()) -> list[Answer]:
        """Let all send once and kill while the first is written, which lasts until then; return what each was told."""
        lasts(UNTIL_CUT)
        work: list[Future[Answer]] = [self.room.pool.submit(one.attempt) for one in senders]
        self.room.wait_until_busy(work)
        self.begin(*others)
        return [one.result(timeout=PATIENCE) for one in work]


@pytest.fixture
def outage(transactional_db: None, tmp_path: Path) -> Iterator[Outage]:
    with cluster.standing() as held, House(tmp_path) as house:
        house.start(*PROGRAMS)
        with gathered(house, MEMBERS) as room:
            with connection.cursor() as cursor:
                cursor.execute(SLOW)
            yield Outage(room, held)


@pytest.mark.rule("R-111", "E-09")
def test_a_killed_database_keeps_every_ballot_that_it_took_and_no_other(outage: Outage) -> None:
    room = outage.room
    first, second = sessions.items(room.meeting.session)
    vote_through_an_outage(outage, sessions.voting(first))
    count(room, first)
    close_in_an_outage(outage, sessions.voting(second))
    count_through_an_outage(outage, second)
    sign_through_an_outage(outage)
    room.house.wait_until(lambda: not Entry.objects.filter(seal=None).exists(), PATIENCE, "entries stay unsealed")
    assert sealing.verify() == []


def vote_through_an_outage(outage: Outage, item: AgendaItem) -> None:
    senders = outage.room.ballots(item)
    told, untold = senders[: MEMBERS // 3], senders[MEMBERS // 3 :]
    assert {status for status, _ in outage.room.steps(*told)} == {HTTPStatus.OK}
    assert set(outage.strike(*untold, others=["worker"])) == {None}
    assert {look(one, item) for one in senders} == {None}  # whoever looks is told that the portal is away
    outage.over()
    assert [look(one, item) for one in senders] == [one in told for one in senders]
    assert {status for status, _ in outage.room.steps(*untold)} == {HTTPStatus.OK}
    prove_cast(item, senders)
    prove_each_verifies(item)
    assert fresh(item).state == ItemState.COUNTED


def close_in_an_outage(outage: Outage, item: AgendaItem) -> None:
    """The chair closes while the last ballot is on its way, hears nothing, asks in vain, and asks again."""
    *early, last = outage.room.ballots(item)
    assert {status for status, _ in outage.room.steps(*early)} == {HTTPStatus.OK}
    close = closing(outage.room, item, sessions.leader(item))
    assert outage.strike(close, last) == [None, None]
    assert close.attempt() is None
    outage.over()
    (closed, _), (came, answer) = outage.room.steps(close, last)
    if came == HTTPStatus.OK:
        prove_cast(item, [*early, last])
        assert closed in {HTTPStatus.OK, HTTPStatus.CONFLICT}  # with the last ballot the vote may have closed itself
    else:
        assert (closed, came, answer["reasons"][0]["code"]) == (HTTPStatus.OK, HTTPStatus.CONFLICT, "vote_closed")
        prove_cast(item, early)
    assert (fresh(item).state, entries(item, "close_vote")) == (ItemState.COUNTED, 1)
    prove_each_verifies(item)


def count_through_an_outage(outage: Outage, item: AgendaItem) -> None:
    """Both scrutineers' parts are cut off; whoever sends again opens the sum once, and it is what was cast."""
    parts = [outage.room.part(item, seat) for seat in (1, 2)]
    outage.strike(*parts)
    outage.over()
    count(outage.room, item, parts)


def count(room: Room, item: AgendaItem, parts: Sequence[Sender] = ()) -> None:
    cast = ballots_on(item)
    parts = parts or [room.part(item, seat) for seat in (1, 2)]
    assert {status for status, _ in room.steps(*parts)} == {HTTPStatus.OK}
    against = sum(not place % 3 for place in range(cast))
    done = fresh(item)
    assert (done.agree, done.against, done.abstain, done.not_cast) == (cast - against, against, 0, MEMBERS - cast)
    assert OpeningPart.objects.filter(item=item).count() == 2
    assert entries(item, "pass_item", "fail_item") == 1


def sign_through_an_outage(outage: Outage) -> None:
    room, session = outage.room, outage.room.meeting.session
    end(room)
    sign = room.sender(sessions.chair(session), f"meetings/{session.code}/steps/sign")
    outage.strike(sign)
    outage.over()
    ((status, told),) = room.steps(sign)
    assert (status, told["state"], entries(session, "sign")) == (HTTPStatus.OK, SessionState.SIGNED, 1)
    for item in sessions.items(session):
        application = Application.objects.get(pk=item.application_id)
        assert application.state == ("voted_pass" if item.state == ItemState.DECIDED_PASS else "voted_fail")
        assert entries(application, "record_pass", "record_fail") == 1


def look(member: Sender, item: AgendaItem) -> bool | None:
    """Return whether the portal says that the member has cast; None while it says that it is away."""
    answer = member.client.get(f"/api/votes/cases/{item.code}/")
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        return None
    assert answer.status_code == HTTPStatus.OK, (answer.status_code, answer.headers.get("Location"))
    return bool(answer.json()["has_cast"])


def closing(room: Room, item: AgendaItem, by: Actor) -> Sender:
    return room.sender(by, f"cases/{item.code}/steps/close_vote")


def prove_each_verifies(item: AgendaItem) -> None:
    booth = voting.booth_of(fresh(item))
    for ballot in voting.ballots_of(item):
        key = ballot.voter.roll_key.key.key
        casting.check_signature(booth, key, ballot.content, ballot.signature)
        casting.check(booth, key, ballot.content)
