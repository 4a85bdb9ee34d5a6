"""A whole vote over the API, by programs that make keys and ballots themselves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.ballot import ceremony
from portal.ballot.casting import Choice
from portal.ballot.ceremony import SEATS
from portal.http.once import new_key
from review.domain import seating, sitting
from review.models import CommitteeSession, SessionMember
from tests.factories import accounts, catalogue, sessions
from tests.factories.ballots import Scrutineers, Voter
from tests.factories.sessions import BEGUN, STARTS
from tests.factories.voting import Meeting, fresh, keyed
from tests.portal.ballot.curve import verifier

pytestmark = pytest.mark.django_db


def post(who: Client, address: str, told: dict[str, Any]) -> tuple[int, Any]:
    headers = {"Idempotency-Key": new_key()}
    reply = who.post(f"/api/{address}/", told, content_type="application/json", headers=headers)
    return reply.status_code, reply.json()


def test_a_vote_over_the_api(at: Callable[..., Any]) -> None:
    at(STARTS)
    entry = catalogue.published_entry()
    planned = sessions.planned(entry.committee, mode="electronic")
    session = sessions.convened(planned, sessions.ready(entry))
    sessions.check_in(session, 12)
    present = [one for one in sessions.members(session) if one.is_present]
    clients: dict[int, Client] = {one.pk: accounts.client(sessions.acting(one)) for one in present}
    meeting = Meeting(session, Scrutineers(session.code))
    make_key(meeting, clients)
    for member in present:
        status, shown = post(clients[member.pk], f"votes/{session.code}/key", {"key": meeting.device(member).key.hex()})
        assert (status, shown["own_key"]) == (200, meeting.device(member).key.hex())
    seating.commissioner_comes(session, by=sessions.commissioner_of(session), at=STARTS)
    sitting.open_session(session, by=sessions.chair(session), at=BEGUN)
    at(BEGUN)
    item = sessions.voting(sessions.items(session)[0])
    votes(meeting, clients, item)
    scrutineer = clients[meeting.in_seat(1).pk]
    published = scrutineer.get(f"/api/votes/cases/{item.code}/ballots/").json()
    assert len(published["ballots"]) == len(published["roll"]) == 12
    for seat in (1, 2):
        part = {"message": meeting.part(fresh(item), seat).hex()}
        status, shown = post(clients[meeting.in_seat(seat).pk], f"votes/cases/{item.code}/part", part)
        assert status == 200, shown
    assert shown["state"] == "decided_pass"
    record = scrutineer.get(f"/api/votes/{session.code}/record/").json()
    assert verifier().problems(record, say=lambda line: None) == []


def make_key(meeting: Meeting, clients: dict[int, Client]) -> None:
    three, code = meeting.scrutineers, meeting.session.code
    by_seat: dict[int, SessionMember] = {seat: meeting.in_seat(seat) for seat in SEATS}
    asking = {seat: clients[member.pk] for seat, member in by_seat.items()}
    for seat in SEATS:
        told = {"message": bytes(three.announcements[seat - 1]).hex()}
        assert post(asking[seat], f"votes/{code}/announcement", told)[0] == 200
    for seat in SEATS:
        shares = [{"seat": other, "sealed": three.sealed(seat, other).hex()} for other in SEATS if other != seat]
        assert post(asking[seat], f"votes/{code}/shares", {"shares": shares})[0] == 200
    for seat in SEATS:
        proof = ceremony.confirm(three.ceremony, seat, three.share(seat)).hex()
        status, shown = post(asking[seat], f"votes/{code}/confirmation", {"message": proof})
        assert (status, shown["fingerprint"]) == (200, three.ceremony.fingerprint)
        assert len(shown["sealed"]) == 2


def votes(meeting: Meeting, clients: dict[int, Client], item: Any) -> None:
    for place, member in enumerate(meeting.roll(item)):
        content, signature = meeting.ballot(item, member, Choice.AGREE if place else Choice.AGAINST)
        told = {"content": content.hex(), "signature": signature.hex()}
        if place == 0:
            status, problem = post(clients[member.pk], f"votes/cases/{item.code}/ballot", {**told, "choice": "agree"})
            assert status == 400, problem
            foreign = {**told, "signature": Voter().cast(meeting.scrutineers.booth("x"), Choice.AGREE)[1].hex()}
            status, problem = post(clients[member.pk], f"votes/cases/{item.code}/ballot", foreign)
            assert (status, problem["reasons"][0]["code"]) == (409, "ballot_signature")
        status, shown = post(clients[member.pk], f"votes/cases/{item.code}/ballot", told)
        assert (status, shown["has_cast"]) == (200, True)


def test_a_key_is_ended_and_the_meeting_goes_on_on_paper_by_programs(at: Callable[..., Any]) -> None:
    at(STARTS)
    entry = catalogue.published_entry()
    planned = sessions.planned(entry.committee, mode="electronic")
    session = sessions.convened(planned, sessions.ready(entry))
    sessions.check_in(session, 12)
    chair = accounts.client(sessions.chair(session))
    assert post(chair, f"votes/{session.code}/end-key", {"reason": "设备丢失。"})[0] == 404
    keyed(session)
    ended = post(chair, f"votes/{session.code}/end-key", {"reason": "监票人设备丢失。"})
    assert (ended[0], ended[1]["fingerprint"]) == (200, "")
    member = sessions.ordinary(session)[0]
    stranger = accounts.client(sessions.acting(member))
    status, problem = post(stranger, f"votes/{session.code}/paper", {"reason": "设备不能使用。"})
    assert (status, problem["code"]) == (403, "step_not_permitted")
    status, problem = post(chair, f"votes/{session.code}/paper", {"reason": "坏"})
    assert (status, problem["reasons"][0]["code"]) == (409, "reason_given")
    assert post(chair, f"votes/{session.code}/paper", {"reason": "设备不能使用。"})[0] == 200
    assert CommitteeSession.objects.get().is_on_paper
