"""The web and the database's connections are killed in the middle of a vote: every right is used once, none is lost.

`make soak` has more members vote and kills more often: VOTE_MEMBERS and VOTE_KILLS say how many and how often.
"""

import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from django.db import connection

from applications.models import Application
from review.enums.sitting import ItemState, SessionState
from review.models import AgendaItem, OpeningPart
from tests.factories import sessions
from tests.factories.voting import fresh
from tests.live.house import House
from tests.live.room import PATIENCE, QUICK_AGAIN, SLOW, Room, ballots_on, end, entries, gathered, prove_cast

pytestmark = [
    pytest.mark.long,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("default:.*fork:DeprecationWarning"),
]

MEMBERS = int(os.environ.get("VOTE_MEMBERS", "10"))
KILLS = int(os.environ.get("VOTE_KILLS", "1"))


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


@pytest.fixture
def room(house: House) -> Iterator[Room]:
    house.start("redis", "web")
    with gathered(house, MEMBERS) as room:
        yield room


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
    end(room)
    session, chair = room.meeting.session, sessions.chair(room.meeting.session)
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
