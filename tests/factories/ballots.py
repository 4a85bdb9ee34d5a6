"""A meeting that votes, as its browsers do: three scrutineers with their key, members with theirs."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nacl.signing import SigningKey

from portal.ballot import casting, ceremony, counting
from portal.ballot.casting import Booth, Choice, Ciphertext
from portal.ballot.ceremony import SEATS, Announcement, Ceremony, Secrets
from portal.ballot.counting import Totals
from portal.ballot.errors import BallotRefused
from portal.ballot.group import PROTOCOL, Draw, challenge, fresh
from portal.ballot.record import ItemRecord, SessionRecord


def drawn(name: str) -> Draw:
    """Return a source of scalars that draws the same ones each time: for vectors, never for a vote."""

    def numbers() -> Iterator[int]:
        count = 0
        while True:
            yield challenge("test vector", name.encode(), count.to_bytes(4, "big"))
            count += 1

    return numbers().__next__


def scrutineers_secrets(draw: Draw = fresh) -> Secrets:
    return Secrets(draw(), draw(), draw().to_bytes(32, "little"))


@dataclass
class Scrutineers:
    """All that three browsers know after a ceremony."""

    session: str
    draw: Draw = fresh
    secrets: list[Secrets] = field(init=False)
    announcements: tuple[Announcement, ...] = field(init=False)
    ceremony: Ceremony = field(init=False)

    def __post_init__(self) -> None:
        self.secrets = [scrutineers_secrets(self.draw) for _ in SEATS]
        announced = [ceremony.announce(self.session, seat, self.secrets[seat - 1], draw=self.draw) for seat in SEATS]
        self.announcements = tuple(
            ceremony.read_announcement(self.session, each.seat, bytes(each)) for each in announced
        )
        self.ceremony = Ceremony(self.session, self.announcements)

    def sealed(self, sender: int, recipient: int, once: bytes | None = None) -> bytes:
        own = self.secrets[sender - 1]
        once = once or secrets.token_bytes(32)
        return ceremony.seal_share(self.ceremony, sender, recipient, own, once=once)

    def share(self, seat: int) -> int:
        return ceremony.combined(secret.share_for(seat) for secret in self.secrets)

    def part(self, booth: Booth, seat: int, votes: Ciphertext, draw: Draw = fresh) -> bytes:
        return counting.part_of_opening(booth, self.ceremony, seat, self.share(seat), votes, draw=draw)

    def opened(self, booth: Booth, votes: Ciphertext, cast: int, seats: tuple[int, ...] = (1, 3)) -> Totals:
        parts = {
            seat: counting.check_part(booth, self.ceremony, seat, votes, self.part(booth, seat, votes))
            for seat in seats
        }
        return counting.opened(votes, parts, cast)

    def booth(self, item: str) -> Booth:
        return Booth(self.session, item, self.ceremony.joint_key)


@dataclass(frozen=True)
class Voter:
    """A member's device: the seed of the signing key."""

    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def key(self) -> bytes:
        return bytes(SigningKey(self.seed).verify_key)

    def cast(self, booth: Booth, choice: Choice, draw: Draw = fresh) -> tuple[bytes, bytes]:
        """Return ballot and signature."""
        ballot = casting.mark(booth, self.key, choice, draw=draw)
        return ballot, casting.sign(booth, self.seed, ballot)


def refused(call: Callable[[], object]) -> str:
    """Return the fault for which ``call`` is refused; "" where it is not."""
    try:
        call()
    except BallotRefused as refusal:
        return refusal.fault
    return ""


def counted(
    scrutineers: Scrutineers, item: str, choices: dict[Voter, Choice], absent: tuple[Voter, ...] = ()
) -> ItemRecord:
    """Return the published record of one item on which ``choices`` were cast; ``absent`` are on the roll and did not."""
    booth = scrutineers.booth(item)
    cast = {voter: voter.cast(booth, choice) for voter, choice in choices.items()}
    votes = counting.added(casting.check(booth, voter.key, ballot) for voter, (ballot, _) in cast.items())
    totals = scrutineers.opened(booth, votes, len(cast))
    present = len(cast) + len(absent)
    return {
        "item": item,
        "fraction": {"numerator": 2, "denominator": 3, "inclusive": True},
        "roll": [voter.key.hex() for voter in (*choices, *absent)],
        "ballots": [
            {"key": voter.key.hex(), "ballot": ballot.hex(), "signature": signature.hex()}
            for voter, (ballot, signature) in cast.items()
        ],
        "parts": [{"seat": seat, "part": scrutineers.part(booth, seat, votes).hex()} for seat in (1, 3)],
        "totals": {**totals._asdict(), "not_cast": len(absent)},
        "present": present,
        "passed": 3 * totals.agree >= 2 * present,
    }


def record(scrutineers: Scrutineers, voters: Iterable[Voter], items: list[ItemRecord]) -> SessionRecord:
    """Return what is published of a session."""
    held = scrutineers.ceremony
    return {
        "protocol": PROTOCOL,
        "session": scrutineers.session,
        "ceremony": {
            "joint_key": held.joint_key.hex(),
            "scrutineers": [
                {
                    "seat": seat,
                    "name": f"监票人{seat}",
                    "announcement": bytes(held.announcements[seat - 1]).hex(),
                    "confirmation": ceremony.confirm(held, seat, scrutineers.share(seat)).hex(),
                }
                for seat in SEATS
            ],
        },
        "members": [{"name": f"委员{number}", "key": voter.key.hex()} for number, voter in enumerate(voters)],
        "items": items,
    }
