"""A session that votes on devices: the key made by its three scrutineers, a device for every member."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from applications.models import Application
from portal.ballot import ceremony
from portal.ballot.casting import Choice
from portal.ballot.ceremony import SEATS
from review.domain import agenda, seating, sitting, voting, voting_keys
from review.enums.sitting import BallotMode
from review.models import AgendaItem, Ballot, CommitteeSession, JointKey, SessionMember
from tests.factories import sessions
from tests.factories.ballots import Scrutineers, Voter
from tests.factories.sessions import BEGUN, STARTS


@dataclass
class Meeting:
    """An open session with all that its browsers know: devices by member, and what the scrutineers hold."""

    session: CommitteeSession
    scrutineers: Scrutineers
    devices: dict[int, Voter] = field(default_factory=dict)

    def device(self, member: SessionMember) -> Voter:
        return self.devices.setdefault(member.pk, Voter())

    def register(self, members: Iterable[SessionMember], *, at: dt.datetime = STARTS) -> None:
        for member in members:
            voting_keys.register(member, self.device(member).key, by=sessions.acting(member), at=at)

    def ballot(self, item: AgendaItem, member: SessionMember, choice: Choice) -> tuple[bytes, bytes]:
        """Return what the member's device sends: content and signature."""
        return self.device(member).cast(voting.booth_of(item), choice)

    def cast(self, item: AgendaItem, member: SessionMember, choice: Choice, *, at: dt.datetime = BEGUN) -> Ballot:
        return voting.cast(item, *self.ballot(item, member, choice), by=sessions.acting(member), at=at)

    def cast_all(self, item: AgendaItem, choices: Sequence[Choice], *, at: dt.datetime = BEGUN) -> None:
        """Let the roll vote in the order drawn; whoever has no choice left does not."""
        for member, choice in zip(self.roll(item), choices, strict=False):
            self.cast(item, member, choice, at=at)

    def roll(self, item: AgendaItem) -> list[SessionMember]:
        rows = item.roll.select_related("member__person", "member__session__committee__agency")
        return [one.member for one in rows.order_by("member__place")]

    def part(self, item: AgendaItem, seat: int) -> bytes:
        return self.scrutineers.part(voting.booth_of(item), seat, voting.sum_of(item))

    def give_part(self, item: AgendaItem, seat: int, *, at: dt.datetime = BEGUN) -> AgendaItem:
        by = sessions.acting(self.in_seat(seat))
        return voting.give_part(item, self.part(item, seat), by=by, at=at)

    def in_seat(self, seat: int) -> SessionMember:
        rows = self.session.scrutineers.select_related("member__person", "member__session__committee__agency")
        return rows.get(place=seat).member

    def counted(self, item: AgendaItem, choices: Sequence[Choice], seats: tuple[int, int] = (1, 2)) -> AgendaItem:
        """Return the case decided after these choices."""
        self.cast_all(item, choices)
        row = fresh(item)
        if row.state == "voting":
            row = agenda.close_vote(row, by=sessions.leader(row), at=BEGUN)
        for seat in seats:
            row = self.give_part(fresh(row), seat)
        return fresh(row)


def fresh(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.with_all().get(pk=item.pk)


def keyed(session: CommitteeSession, *, at: dt.datetime = STARTS) -> tuple[JointKey, Scrutineers]:
    """Let the three scrutineers make the key as their browsers do."""
    three = Scrutineers(session.code)
    rows = session.scrutineers.select_related("member__person", "member__session__committee__agency")
    acting = {one.place: sessions.acting(one.member) for one in rows}
    for seat in SEATS:
        voting_keys.announce(session, bytes(three.announcements[seat - 1]), by=acting[seat], at=at)
    for seat in SEATS:
        sealed = {other: three.sealed(seat, other) for other in SEATS if other != seat}
        voting_keys.send_shares(session, sealed, by=acting[seat], at=at)
    for seat in SEATS:
        proof = ceremony.confirm(three.ceremony, seat, three.share(seat))
        key = voting_keys.confirm(session, proof, by=acting[seat], at=at)
    return key, three


def opened(
    session: CommitteeSession | None = None,
    cases: Iterable[Application] = (),
    *,
    present: int | None = None,
    **fields: Any,
) -> Meeting:
    """Return an open session that votes on devices: key made, everybody who came registered."""
    fields.setdefault("mode", BallotMode.ELECTRONIC)
    one = sessions.convened(session or sessions.planned(**fields), cases)
    sessions.check_in(one, present)
    _key, three = keyed(one)
    meeting = Meeting(one, three)
    meeting.register([member for member in sessions.members(one) if member.is_present])
    seating.commissioner_comes(one, by=sessions.commissioner_of(one), at=STARTS)
    sitting.open_session(one, by=sessions.chair(one), at=BEGUN)
    meeting.session = sessions.fresh(one)
    return meeting
