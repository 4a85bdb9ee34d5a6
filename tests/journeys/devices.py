"""A committee that votes on devices, whose browsers talk to the API: the joint key, a device for everybody, sealed ballots."""

from typing import Any

from portal.ballot import ceremony
from portal.ballot.casting import Choice
from portal.ballot.ceremony import SEATS
from portal.http.once import new_key
from review.domain import voting
from review.models import AgendaItem, SessionMember
from tests.factories.ballots import Scrutineers, Voter
from tests.journeys.committee import Room
from tests.journeys.lives import Life
from tests.journeys.walking import page


class DeviceRoom(Room):
    """A session on devices: what each member's browser keeps never leaves it."""

    mode = "electronic"

    def opens(self, *, present: int) -> None:
        """Check so many in; three scrutineers make the key; everybody who came registers a device; the chair opens."""
        self.three, self.devices = Scrutineers(self.session.code), dict[int, Voter]()
        coming = self.checks_in(present=present)
        self._make_key()
        for one in coming:
            device = self.devices[one.pk] = Voter()
            self.must_tell(one, f"votes/{self.session.code}/key", {"key": device.key.hex()})
        self.chair.sends(page("review:session_open_session", self.session.code))

    def _make_key(self) -> None:
        base, three = f"votes/{self.session.code}", self.three
        for seat in SEATS:
            self.must_tell(
                self.in_seat(seat), f"{base}/announcement", {"message": bytes(three.announcements[seat - 1]).hex()}
            )
        for seat in SEATS:
            shares = [{"seat": to, "sealed": three.sealed(seat, to).hex()} for to in SEATS if to != seat]
            self.must_tell(self.in_seat(seat), f"{base}/shares", {"shares": shares})
        for seat in SEATS:
            proof = ceremony.confirm(three.ceremony, seat, three.share(seat))
            self.must_tell(self.in_seat(seat), f"{base}/confirmation", {"message": proof.hex()})

    def decides(self, life: Life, choices: list[Choice]) -> AgendaItem:
        """Let the chair lead the case by pages, the roll vote on its devices, and two scrutineers open the sum."""
        item = self.item(life)
        for step in ("review:item_present", "review:item_open_vote"):
            self.chair.does(page(step, item.code))
        roll = self.roll(life)
        for member, choice in zip(roll, choices, strict=False):
            status, answer = self.casts(life, member, choice)
            assert status == 200, answer
        if len(choices) < len(roll):
            self.chair.does(page("review:item_close_vote", item.code))
        for seat in (1, 3):
            row = self.item(life)
            part = self.three.part(voting.booth_of(row), seat, voting.sum_of(row))
            self.must_tell(self.in_seat(seat), f"votes/cases/{item.code}/part", {"message": part.hex()})
        return self.item(life)

    def casts(self, life: Life, member: SessionMember, choice: Choice) -> tuple[int, Any]:
        """Send the ballot that the member's device marks, seals and signs."""
        item = self.item(life)
        content, signature = self.devices[member.pk].cast(voting.booth_of(item), choice)
        body = {"content": content.hex(), "signature": signature.hex()}
        return self.tells(member, f"votes/cases/{item.code}/ballot", body)

    def roll(self, life: Life) -> list[SessionMember]:
        rows = self.item(life).roll.select_related("member__person", "member__session__committee__agency")
        return [one.member for one in rows.order_by("member__place")]

    def in_seat(self, seat: int) -> SessionMember:
        rows = self.session.scrutineers.select_related("member__person", "member__session__committee__agency")
        return rows.get(place=seat).member

    def tells(self, who: SessionMember, address: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Send what a member's device sends; returns status and answer."""
        browser, headers = self.member(who).client, {"Idempotency-Key": new_key()}
        answer = browser.post(f"/api/{address}/", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    def must_tell(self, who: SessionMember, address: str, body: dict[str, Any]) -> None:
        status, answer = self.tells(who, address, body)
        assert status == 200, answer
