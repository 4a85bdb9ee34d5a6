"""A meeting that votes on devices over HTTP, with a program for each person, while something of the house is killed."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
from django.db import connection

from portal.accounts.actors import Actor
from portal.ballot.casting import Choice
from portal.http.models import HandledPost
from portal.http.once import HEADER, new_key
from portal.ledger.models import Entry
from portal.shared import clock
from review.domain import seating, sitting
from review.enums.sitting import ItemState
from review.models import AgendaItem, Ballot
from tests.factories import accounts, catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN, MINUTES
from tests.factories.voting import Meeting, fresh
from tests.live.house import House

PATIENCE = 180
TOKEN = "t" * 32

# What is written and what is committed lasts long enough to be cut off; a commit goes on after its caller is dead.
BRIEFLY, UNTIL_CUT = 0.06, 30.0  # seconds
LASTS = """
CREATE OR REPLACE FUNCTION takes_a_while() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NEW; END $$;
"""
SLOW = f"""
{LASTS.format(seconds=BRIEFLY)}
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
            answer = self.attempt()
            if answer is not None:
                return answer
            time.sleep(0.1)
        raise AssertionError(f"nobody answers {self.address}")

    def attempt(self) -> tuple[int, Any] | None:
        """Send once; None where nobody answers or the portal says that it is away for a while."""
        try:
            answer = self.client.post(f"/api/{self.address}/", json=self.told, headers={HEADER: self.key})
        except httpx.TransportError:
            self.cut_off += 1
            return None
        if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return answer.status_code, answer.json()
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
        self.cut_off += 1
        return None


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
        if cut:
            lasts(UNTIL_CUT)
        work = [self.pool.submit(one.send) for one in senders]
        for _ in range(cut):
            self.wait_until_busy(work)
            assert self.cut_the_busy() > 0
        if cut:
            lasts(BRIEFLY)
            self.cut_the_busy()  # who began after the last cut would sleep on
        return self.answers(work)

    def answers(self, work: list[Future[tuple[int, Any]]]) -> list[tuple[int, Any]]:
        self.house.wait_until(lambda: all(one.done() for one in work), within=PATIENCE, what="they never end")
        return [one.result() for one in work]

    def wait_until_busy(self, work: Sequence[Future[Any]]) -> None:
        ends = time.monotonic() + PATIENCE
        while not asked(ASLEEP):
            assert time.monotonic() < ends, [one.done() for one in work]
            time.sleep(0.01)

    def cut_the_busy(self) -> int:
        return len(asked(CUT))


def lasts(seconds: float) -> None:
    """Let what begins to be written from now on last so long; what is being written lasts as long as it began to."""
    with connection.cursor() as cursor:
        cursor.execute(LASTS.format(seconds=seconds))


def asked(question: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


@contextmanager
def gathered(house: House, members: int, cases: int = 2) -> Iterator[Room]:
    """Give a meeting in which so many members have registered their devices, once the started web answers."""
    clock.move_to(BEGUN)
    entry = catalogue.published_entry()
    size = members + members // 2
    session = sessions.planned(entry.committee, mode="electronic", members=size + 4, size=size)
    meeting = electronic.opened(session, sessions.ready(entry, cases), present=members)
    house.wait_until(house.answers, within=PATIENCE, what="the web does not answer")
    with ThreadPoolExecutor(members + 2) as pool:
        room = Room(meeting, house, pool)
        yield room
    for client in room.clients.values():
        client.close()


def end(room: Room) -> None:
    """Let the chair close the meeting over HTTP, with minutes and the commissioner's remark, so that it can be signed."""
    session, chair = room.meeting.session, sessions.chair(room.meeting.session)
    ((status, _),) = room.steps(room.sender(chair, f"meetings/{session.code}/steps/close_session"))
    assert status == HTTPStatus.OK
    sitting.write_minutes(session, MINUTES, by=chair, at=BEGUN)
    seating.remark(session, "会议程序合规，未发现问题。", by=sessions.commissioner_of(session), at=BEGUN)


def ballots_on(item: AgendaItem) -> int:
    return Ballot.objects.filter(voter__item=item).count()


def entries(subject: Any, *steps: str) -> int:
    return Entry.objects.filter(subject_type=subject._meta.label, subject_id=subject.pk, step__in=steps).count()


def prove_cast(item: AgendaItem, senders: list[Sender]) -> None:
    """Prove that the ballots kept are those that were sent, one for each, and that each was answered by one request."""
    kept = {one.content.hex() for one in Ballot.objects.filter(voter__item=item)}
    assert kept == {one.told["content"] for one in senders}
    assert ballots_on(item) == entries(item, "cast") == len(senders)
    keys = [one.key for one in senders]
    assert HandledPost.objects.filter(key__in=keys, status=HTTPStatus.OK).count() == len(senders)
    assert entries(item, "close_vote") == (fresh(item).state != ItemState.VOTING)
