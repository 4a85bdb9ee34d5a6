"""What is published of a session, so that anyone can count again; ``docs/verify_ballots.py`` reads it. Bytes are spelled in hexadecimal."""

from typing import TypedDict


class ScrutineerRecord(TypedDict):
    seat: int
    name: str
    announcement: str
    confirmation: str


class CeremonyRecord(TypedDict):
    scrutineers: list[ScrutineerRecord]
    joint_key: str


class MemberRecord(TypedDict):
    name: str
    key: str


class CastRecord(TypedDict):
    key: str
    ballot: str
    signature: str


class PartRecord(TypedDict):
    seat: int
    part: str


class TotalsRecord(TypedDict):
    agree: int
    against: int
    abstain: int
    not_cast: int


class FractionRecord(TypedDict):
    """How much of those present must agree; whether exactly that much is enough."""

    numerator: int
    denominator: int
    inclusive: bool


class ItemRecord(TypedDict):
    """``roll``: the keys of those who could vote; ``present``: how many that are; ``passed``: what was announced."""

    item: str
    fraction: FractionRecord
    roll: list[str]
    ballots: list[CastRecord]
    parts: list[PartRecord]
    totals: TotalsRecord
    present: int
    passed: bool


class SessionRecord(TypedDict):
    protocol: str
    session: str
    ceremony: CeremonyRecord
    members: list[MemberRecord]
    items: list[ItemRecord]
