"""The web and the database's connections are killed in the middle of a vote: every right is used once, none is lost.

`make soak` has more members vote and kills more often: VOTE_MEMBERS and VOTE_KILLS say how many and how often.
"""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.db import connection

from applications.models import Application
from portal.accounts.actors import Actor
from portal.ballot.casting import Choice
from portal.http.models import HandledPost
from portal.http.once import HEADER, new_key
from portal.ledger.models import Entry
from portal.shared import clock
from review.domain import seating, sitting
from review.enums.sitting import ItemState, SessionState
from review.models import AgendaItem, Ballot, OpeningPart
from tests.factories import accounts, catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN, MINUTES
from tests.factories.voting import Meeting, fresh
from tests.live.house import House

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default:.*fork:DeprecationWarning"),
]

MEMBERS = int(os.environ.get("VOTE_MEMBERS", "10"))
KILLS = int(os.environ.get("VOTE_KILLS", "1"))
PATIENCE = 60
TOKEN = "t" * 32

# What is written and what is committed lasts long enough to be cut off; a commit goes on after its caller is dead.
SLOW = """
CREATE FUNCTION takes_a_while() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.06); RETURN NEW; END $$;
CREATE TRIGGER takes_a_while BEFORE INSERT ON review_ballot FOR EACH ROW EXECUTE FUNCTION takes_a_while();
CREATE TRIGGER takes_a_while BEFORE INSERT ON review_openingpart FOR EACH ROW EXECUTE FUNCTION takes_a_while();
CREATE TRIGGER takes_a_while BEFORE UPDATE ON review_agendaitem FOR EACH ROW EXECUTE FUNCTION takes_a_while();
CREATE TRIGGER takes_a_while BEFORE UPDATE ON applications_application FOR EACH ROW EXECUTE FUNCTION takes_a_while();
CREATE CONSTRAINT TRIGGER commits_slowly AFTER INSERT ON review_ballot DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION takes_a_while();
"""
QUICK_AGAIN = "DROP FUNCTION takes_a_while CASCADE"
ASLEEP = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
CUT = f"SELECT pg_terminate_backend(pid) FROM ({ASLEEP}) AS busy"


@pytest.fixture
def house(transactional_db: None, tmp_path: Path) -> Iterator[House]:
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def slowly(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Return what makes the vote's writes slow; after the test they are as before."""
    with connection.cursor() as cursor:
        yield lambda: cursor.execute(SLOW)
        cursor.execute(QUICK_AGAIN)


@dataclass
class Sender:
    """A program of one person: sends with the same key until somebody answers, and remembers how often nobody did."""

    client: httpx.Client
    address: str
    told: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=new_key)
    cut_off: int = 0

    def send(self) -> tuple[int, Any]:
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            try:
                answer = self.client.post(f"/api/{self.address}/", json=self.told, headers={HEADER: self.key})
            except httpx.TransportError:
                self.cut_off += 1
            else:
                if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return answer.status_code, answer.json()
                assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
                self.cut_off += 1
            time.sleep(0.1)
        raise AssertionError(f"nobody answers {self.address}")


@dataclass
class Room:
    """The meeting, the house that runs it, and everybody's program; the programs wait in threads of ``pool``."""

    meeting: Meeting
    house: House
    pool: ThreadPoolExecutor
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def sender(self, who: Actor, address: str, told: dict[str, Any] | None = None) -> Sender:
        assert who.person is not None
        return Sender(self.client(who, who.person.code), address, told or {})

    def client(self, who: Actor, code: str) -> httpx.Client:
        if code not in self.clients:
            cookies = {name: cookie.value for name, cookie in accounts.client(who).cookies.items()}
            self.clients[code] = self.house.client(
                cookies={**cookies, "csrftoken": TOKEN}, headers={"X-CSRFToken": TOKEN}
            )
        return self.clients[code]

    def ballots(self, item: AgendaItem) -> list[Sender]:
        """Return a program for everybody on the roll, with a ballot that agrees, but for every third."""
        made = []
        for place, member in enumerate(self.meeting.roll(item)):
            content, signature = self.meeting.ballot(item, member, Choice.AGREE if place % 3 else Choice.AGAINST)
            told = {"content": content.hex(), "signature": signature.hex()}
            made.append(self.sender(sessions.acting(member), f"votes/cases/{item.code}/ballot", told))
        return made

    def part(self, item: AgendaItem, seat: int) -> Sender:
        who = sessions.acting(self.meeting.in_seat(seat))
        return self.sender(who, f"votes/cases/{item.code}/part", {"message": self.meeting.part(item, seat).hex()})

    def steps(self, *senders: Sender, cut: int = 0) -> list[tuple[int, Any]]:
        """Send all at once, cutting the database's busy connections ``cut`` times; return the answers."""
        work = [self.pool.submit(one.send) for one in senders]
        for _ in range(cut):
            self.wait_until_busy(work)
            assert self.cut_the_busy() > 0
        return self.answers(work)

    def answers(self, work: list[Future[tuple[int, Any]]]) -> list[tuple[int, Any]]:
        self.house.wait_until(lambda: all(one.done() for one in work), within=PATIENCE, what="they never end")
        return [one.result() for one in work]

    def wait_until_busy(self, work: list[Future[tuple[int, Any]]]) -> None:
        ends = time.monotonic() + PATIENCE
        while not asked(ASLEEP):
            assert time.monotonic() < ends, [one.done() for one in work]
            time.sleep(0.01)

    def cut_the_busy(self) -> int:
        return len(asked(CUT))


def asked(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


@pytest.fixture
def room(house: House) -> Iterator[Room]:
    """A meeting of two cases whose web answers."""
    clock.move_to(BEGUN)
    house.start("redis", "web")
    entry = catalogue.published_entry()
    size = MEMBERS + MEMBERS // 2
    session = sessions.planned(entry.committee, mode="electronic", members=size + 4, size=size)
    meeting = electronic.opened(session, sessions.ready(entry, 2), present=MEMBERS)
    house.wait_until(house.answers, within=PATIENCE, what="the web does not answer")
    with ThreadPoolExecutor(MEMBERS) as pool:
        room = Room(meeting, house, pool)
        yield room
    for client in room.clients.values():
        client.close()


@pytest.mark.rule("R-111", "E-09")
def test_whatever_is_killed_each_right_is_used_once(room: Room, slowly: Callable[[], None]) -> None:
    slowly()
    first, second = sessions.items(room.meeting.session)
    cast_while_the_web_is_killed(room, sessions.voting(first))
    count_while_connections_are_cut(room, first)
    close_while_a_ballot_is_on_its_way(room, sessions.voting(second))
    count_while_connections_are_cut(room, second)
    end_while_connections_are_cut(room)


def cast_while_the_web_is_killed(room: Room, item: AgendaItem) -> None:
    senders = room.ballots(item)
    work = [room.pool.submit(one.send) for one in senders]
    for kill in range(2 * KILLS):
        goal = (kill + 1) * MEMBERS // (2 * KILLS + 2)
        room.house.wait_until(lambda goal=goal: ballots_on(item) >= goal, within=PATIENCE, what="nobody votes")
        room.wait_until_busy(work)
        if kill % 2:
            room.cut_the_busy()
        else:
            room.house.kill("web", whole=True)
            room.house.start("web")
    told = room.answers(work)
    assert {status for status, _ in told} == {HTTPStatus.OK}
    assert sum(one.cut_off for one in senders) > 0
    prove_cast(item, senders)
    assert fresh(item).state == ItemState.COUNTED
    assert room.steps(*senders) == told  # whoever asks again hears the same, although the vote is over by now
    prove_cast(item, senders)


def close_while_a_ballot_is_on_its_way(room: Room, item: AgendaItem) -> None:
    *early, last = room.ballots(item)
    assert {status for status, _ in room.steps(*early, cut=KILLS)} == {HTTPStatus.OK}
    close = room.sender(sessions.leader(item), f"cases/{item.code}/steps/close_vote")
    (closed, _), (came, answer) = room.steps(close, last, cut=KILLS)
    if came == HTTPStatus.OK:
        prove_cast(item, [*early, last])
        assert closed in {HTTPStatus.OK, HTTPStatus.CONFLICT}  # with the last ballot the vote may have closed itself
    else:
        assert (closed, came, answer["reasons"][0]["code"]) == (HTTPStatus.OK, HTTPStatus.CONFLICT, "vote_closed")
        prove_cast(item, early)
    assert fresh(item).state == ItemState.COUNTED


def count_while_connections_are_cut(room: Room, item: AgendaItem) -> None:
    """Two scrutineers give their parts; the totals are those of the ballots that were accepted."""
    for seat in (1, 2):
        ((status, _),) = room.steps(room.part(item, seat), cut=1)
        assert status == HTTPStatus.OK
    done = fresh(item)
    cast = ballots_on(item)
    against = sum(not place % 3 for place in range(cast))
    assert (done.agree, done.against, done.abstain) == (cast - against, against, 0)
    assert done.not_cast == MEMBERS - cast
    assert OpeningPart.objects.filter(item=item).count() == 2
    assert entries(item, "pass_item", "fail_item") == 1


def end_while_connections_are_cut(room: Room) -> None:
    session, chair = room.meeting.session, sessions.chair(room.meeting.session)
    ((status, _),) = room.steps(room.sender(chair, f"meetings/{session.code}/steps/close_session"))
    assert status == HTTPStatus.OK
    sitting.write_minutes(session, MINUTES, by=chair, at=BEGUN)
    seating.remark(session, "会议程序合规，未发现问题。", by=sessions.commissioner_of(session), at=BEGUN)
    sign = room.sender(chair, f"meetings/{session.code}/steps/sign")
    ((status, told),) = room.steps(sign, cut=KILLS)
    assert (status, told["state"]) == (HTTPStatus.OK, SessionState.SIGNED)
    assert room.steps(sign) == [(status, told)]
    for item in sessions.items(session):
        told_pass = item.state == ItemState.DECIDED_PASS
        application = Application.objects.get(pk=item.application_id)
        assert application.state == ("voted_pass" if told_pass else "voted_fail")
        assert entries(application, "record_pass", "record_fail") == 1
    assert entries(session, "sign") == 1


def ballots_on(item: AgendaItem) -> int:
    return Ballot.objects.filter(voter__item=item).count()


def entries(subject: AgendaItem | Application | Any, *steps: str) -> int:
    return Entry.objects.filter(subject_type=subject._meta.label, subject_id=subject.pk, step__in=steps).count()


def prove_cast(item: AgendaItem, senders: list[Sender]) -> None:
    """Prove that the ballots kept are those that were sent, one for each, and that each was answered by one request."""
    kept = {one.content.hex() for one in Ballot.objects.filter(voter__item=item)}
    assert kept == {one.told["content"] for one in senders}
    assert ballots_on(item) == entries(item, "cast") == len(senders)
    keys = [one.key for one in senders]
    assert HandledPost.objects.filter(key__in=keys, status=HTTPStatus.OK).count() == len(senders)
    assert entries(item, "close_vote") == (fresh(item).state != ItemState.VOTING)
