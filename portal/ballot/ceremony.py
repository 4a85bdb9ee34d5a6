"""How three scrutineers make one key of which any two can open a sum, and no one alone anything.

Each draws a line f(x) = a + b·x, publishes a·G and b·G with a proof that it knows a, and sends f(j) to scrutineer j, sealed. The joint
key is the sum of all a·G; scrutineer j's share of it is the sum of what arrived, and fits the published points (Feldman). The
proof of possession keeps the last to publish from choosing a key that cancels the others' (as in FROST's key generation).
Who received fitting shares confirms the whole transcript with a proof; all three confirmations make the key usable.

The portal only passes on and checks; the functions that take secrets are here as the model of the browser's and for tests.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import (
    GENERATOR,
    IDENTITY,
    ORDER,
    Draw,
    Point,
    digest,
    encoded,
    fresh,
    pieces,
    plus,
    point,
    scalar,
    times,
    times_generator,
    total,
)
from portal.ballot.proofs import prove, verify
from portal.ballot.sealing import box_key_of, seal, unseal

SEATS: Final = (1, 2, 3)
THRESHOLD: Final = 2
_POSSESSION, _TRANSCRIPT, _CONFIRMATION = "possession of a key", "transcript of a ceremony", "a share that fits"


@dataclass(frozen=True)
class Secrets:
    """What one scrutineer draws and never shows: the line a + b·x, and the secret of the box key."""

    constant: int = field(repr=False)
    slope: int = field(repr=False)
    box: bytes = field(repr=False)

    def share_for(self, seat: int) -> int:
        return (self.constant + self.slope * seat) % ORDER


@dataclass(frozen=True)
class Announcement:
    """What one scrutineer publishes: box key, the points a·G and b·G, and the proof of possession of a."""

    seat: int
    box_key: bytes
    constant: Point
    slope: Point
    possession: bytes

    def __bytes__(self) -> bytes:
        return self.box_key + self.constant + self.slope + self.possession

    def share_point(self, seat: int) -> Point:
        """Return f(seat) · G, which the share for that seat must fit."""
        return plus(self.constant, times(seat, self.slope))


def announce(session: str, seat: int, secrets: Secrets, *, draw: Draw = fresh) -> Announcement:
    """Return what the scrutineer in ``seat`` publishes for ``session``."""
    box_key, constant, slope = (
        box_key_of(secrets.box),
        times_generator(secrets.constant),
        times_generator(secrets.slope),
    )
    possession = prove(
        secrets.constant,
        [(GENERATOR, constant)],
        purpose=_POSSESSION,
        context=_announced(session, seat, box_key, slope),
        draw=draw,
    )
    return Announcement(seat, box_key, constant, slope, possession)


def read_announcement(session: str, seat: int, message: bytes) -> Announcement:
    """Decode and check what a scrutineer published.

    Raises BallotRefused: wrong size, a bad point, or no proof of possession for this session, seat and box key.
    """
    box_key, constant, slope, *proof = pieces(message, 5)
    announcement = Announcement(seat, box_key, point(constant), point(slope), b"".join(proof))
    try:
        verify(
            announcement.possession,
            [(GENERATOR, announcement.constant)],
            purpose=_POSSESSION,
            context=_announced(session, seat, box_key, announcement.slope),
        )
    except BallotRefused as error:
        raise BallotRefused(Fault.POSSESSION, f"scrutineer {seat} does not prove to know the own key") from error
    return announcement


@dataclass(frozen=True)
class Ceremony:
    """All three announcements of a session, each already checked, in the order of the seats."""

    session: str
    announcements: tuple[Announcement, ...]

    def __post_init__(self) -> None:
        if tuple(each.seat for each in self.announcements) != SEATS:
            raise BallotRefused(Fault.POSSESSION, "a ceremony has one announcement for each seat, in order")
        if IDENTITY in {self.joint_key, *(self.verification_key(seat) for seat in SEATS)}:
            raise BallotRefused(Fault.POINT, "the announced keys cancel each other")

    @cached_property
    def joint_key(self) -> Point:
        """The key that every ballot of the session is encrypted with."""
        return total(each.constant for each in self.announcements)

    def verification_key(self, seat: int) -> Point:
        """Return x · G of the share x that the scrutineer in ``seat`` must have received."""
        return total(each.share_point(seat) for each in self.announcements)

    @cached_property
    def transcript(self) -> bytes:
        return digest(_TRANSCRIPT, self.session.encode(), *(bytes(each) for each in self.announcements))

    @property
    def fingerprint(self) -> str:
        """Six groups of four digits, which the scrutineers read to each other: the same portal showed all the same keys."""
        digits = f"{int.from_bytes(self.transcript[:16], 'big') % 10**24:024d}"
        return " ".join(digits[start : start + 4] for start in range(0, 24, 4))


def seal_share(ceremony: Ceremony, sender: int, recipient: int, secrets: Secrets, *, once: bytes) -> bytes:
    """Seal the sender's share for the recipient: 80 bytes. ``once``: 32 random bytes."""
    box_key = ceremony.announcements[recipient - 1].box_key
    return seal(encoded(secrets.share_for(recipient)), box_key, _route(ceremony, sender, recipient), secret=once)


def open_share(ceremony: Ceremony, sender: int, recipient: int, secrets: Secrets, sealed: bytes) -> int:
    """Open a share and check that it fits what its sender announced.

    Raises BallotRefused: altered, meant for another, or not on the announced line; the ceremony must then start again.
    """
    share = scalar(unseal(sealed, secrets.box, _route(ceremony, sender, recipient)))
    if times_generator(share) != ceremony.announcements[sender - 1].share_point(recipient):
        raise BallotRefused(Fault.SHARE, f"the share of scrutineer {sender} does not fit the announcement")
    return share


def combined(shares: Iterable[int]) -> int:
    """Return a scrutineer's share of the joint key: the sum of what all three gave, the own one included."""
    return sum(shares) % ORDER


def confirm(ceremony: Ceremony, seat: int, share: int, *, draw: Draw = fresh) -> bytes:
    """Prove for the whole transcript that the share of ``seat`` fits: 64 bytes."""
    statement = [(GENERATOR, ceremony.verification_key(seat))]
    return prove(share, statement, purpose=_CONFIRMATION, context=_confirmed(ceremony, seat), draw=draw)


def check_confirmation(ceremony: Ceremony, seat: int, confirmation: bytes) -> None:
    """Check that the scrutineer in ``seat`` holds the fitting share and saw the same announcements.

    Raises BallotRefused: wrong size, or the proof does not hold for this transcript.
    """
    statement = [(GENERATOR, ceremony.verification_key(seat))]
    try:
        verify(confirmation, statement, purpose=_CONFIRMATION, context=_confirmed(ceremony, seat))
    except BallotRefused as error:
        raise BallotRefused(Fault.CONFIRMATION, f"scrutineer {seat} confirms another ceremony") from error


def _announced(session: str, seat: int, box_key: bytes, slope: Point) -> tuple[bytes, ...]:
    return session.encode(), bytes([seat]), box_key, slope


def _confirmed(ceremony: Ceremony, seat: int) -> tuple[bytes, ...]:
    return ceremony.transcript, bytes([seat])


def _route(ceremony: Ceremony, sender: int, recipient: int) -> bytes:
    return ceremony.transcript + bytes([sender, recipient])
