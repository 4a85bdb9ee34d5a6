"""What the members get to count again: keys, ballots, proofs and totals of every case that was decided on devices."""

from typing import Any

from portal.accounts.actors import Actor
from portal.accounts.roles import BUREAU_DECIDERS
from portal.ballot.ceremony import SEATS
from portal.ballot.group import PROTOCOL
from portal.ballot.record import CastRecord, CeremonyRecord, ItemRecord, MemberRecord, SessionRecord
from portal.catalogue.queries import policy_of
from review import rules
from review.domain.voting import ballots_of
from review.domain.voting_keys import live_key
from review.enums.sitting import DECIDED, ItemState
from review.guards.voting import current_key
from review.models import AgendaItem, CommitteeSession, JointKey, KeySeat, MemberKey


def reads_record(actor: Actor, session: CommitteeSession) -> bool:
    """Return whether the actor may read ballots and totals: members, the commissioner, the bureau; the agency once signed (§9)."""
    if rules.seat_of(actor, session) is not None or rules.watches_session.test(actor, session):
        return True
    if BUREAU_DECIDERS & actor.roles:
        return True
    return session.signed_at is not None and rules.prepares_session.test(actor, session) is True


def counted_items(session: CommitteeSession, actor: Actor) -> list[AgendaItem]:
    """Return the cases decided on devices, for a member without those that the member keeps out of (A-48)."""
    items = session.items.filter(state__in=DECIDED, roll__roll_key__isnull=False, paper_count=None).distinct()
    member = rules.seat_of(actor, session)
    if member is not None:
        items = items.exclude(recusals__member=member)
    return list(items.select_related("application", "session").order_by("order"))


def record_of(session: CommitteeSession, actor: Actor) -> SessionRecord | None:
    """Return the record for the verifier; None where nothing was decided on devices."""
    key, items = current_key(session), counted_items(session, actor)
    if key is None or not items:
        return None
    return {
        "protocol": PROTOCOL,
        "session": session.code,
        "ceremony": _ceremony(key),
        "members": _members(session),
        "items": [_item(one) for one in items],
    }


def cast_of(item: AgendaItem) -> list[CastRecord]:
    """Return the ballots of a case as they are published."""
    return [
        {"key": one.voter.roll_key.key.key.hex(), "ballot": one.content.hex(), "signature": one.signature.hex()}
        for one in ballots_of(item)
    ]


def roll_of(item: AgendaItem) -> list[str]:
    """Return the keys of those who may vote on a case."""
    rows = item.roll.order_by("member__place").values_list("roll_key__key__key", flat=True)
    return [bytes(one).hex() for one in rows]


def key_roll(session: CommitteeSession) -> list[MemberKey]:
    """Return the registered keys of the members, in the order drawn: each member looks for the own device's short form."""
    keys = MemberKey.objects.filter(member__session=session, replaced_at=None).select_related("member__person")
    return list(keys.order_by("member__place"))


def standing_of(session: CommitteeSession, actor: Actor) -> dict[str, Any]:
    """Return where the vote stands, with the shares sealed for the actor where that is a scrutineer."""
    key, member = live_key(session), rules.seat_of(actor, session)
    seats = list(key.seats.order_by("seat")) if key else []
    own_seat = next((one.seat for one in seats if member is not None and one.member_id == member.pk), None)
    own_key = member.ballot_keys.filter(replaced_at=None).first() if member is not None else None
    shares = key.shares.filter(recipient=own_seat).order_by("sender") if key and own_seat else []
    items = session.items.filter(state__in=[ItemState.VOTING, ItemState.COUNTED]).order_by("order")
    if member is not None:
        items = items.exclude(recusals__member=member)
    return {
        "session": session.code,
        "mode": session.mode,
        "revision": session.revision,
        "joint_key": key.ceremony.joint_key.hex() if key and key.ceremony else "",
        "fingerprint": key.ceremony.fingerprint if key and key.ceremony else "",
        "seats": [_seat(one) for one in seats],
        "sealed": {str(one.sender): one.sealed.hex() for one in shares},
        "own_key": own_key.key.hex() if own_key is not None else "",
        "cases": {one.code: one.state for one in items},
    }


def _seat(seat: KeySeat) -> dict[str, Any]:
    return {
        "seat": seat.seat,
        "announcement": (seat.announcement or b"").hex(),
        "confirmation": (seat.confirmation or b"").hex(),
    }


def _ceremony(key: JointKey) -> CeremonyRecord:
    seats = {one.seat: one for one in key.seats.select_related("member__person")}
    held = key.ceremony
    return {
        "joint_key": held.joint_key.hex() if held else "",
        "scrutineers": [
            {
                "seat": seat,
                "name": seats[seat].member.person.full_name,
                "announcement": (seats[seat].announcement or b"").hex(),
                "confirmation": (seats[seat].confirmation or b"").hex(),
            }
            for seat in SEATS
        ],
    }


def _members(session: CommitteeSession) -> list[MemberRecord]:
    keys = MemberKey.objects.filter(member__session=session).select_related("member__person")
    return [
        {"name": one.member.person.full_name, "key": one.key.hex()}
        for one in keys.order_by("member__place", "registered_at")
    ]


def _item(item: AgendaItem) -> ItemRecord:
    numerator, denominator, is_inclusive = policy_of(item.policy_code).fraction("vote")
    return {
        "item": item.code,
        "fraction": {"numerator": numerator, "denominator": denominator, "inclusive": is_inclusive},
        "roll": roll_of(item),
        "ballots": cast_of(item),
        "parts": [{"seat": one.seat, "part": one.part.hex()} for one in item.opening_parts.all()],
        "totals": {
            "agree": item.agree or 0,
            "against": item.against or 0,
            "abstain": item.abstain or 0,
            "not_cast": item.not_cast or 0,
        },
        "present": item.present_for_item or 0,
        "passed": item.state == ItemState.DECIDED_PASS,
    }
