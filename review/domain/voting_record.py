"""What the members get to count again: keys, ballots, proofs and totals of every case that was decided on devices."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from portal.accounts.actors import Actor
from portal.accounts.roles import BUREAU_DECIDERS
from portal.ballot.ceremony import SEATS
from portal.ballot.group import PROTOCOL
from portal.ballot.record import CastRecord, CeremonyRecord, ItemRecord, MemberRecord, PartRecord, SessionRecord
from portal.catalogue.queries import policy_of
from review import rules
from review.domain.voting import ballots_of
from review.domain.voting_keys import live_key
from review.enums.sitting import ItemState
from review.guards.voting import ready_key
from review.models import (
    AgendaItem,
    Ballot,
    CommitteeSession,
    ItemVoter,
    JointKey,
    KeySeat,
    MemberKey,
    OpeningPart,
)


def reads_record(actor: Actor, session: CommitteeSession) -> bool:
    """Return whether the actor may read ballots and totals: members, the commissioner, the bureau; the agency once signed (§9)."""
    if rules.seat_of(actor, session) is not None or rules.watches_session.test(actor, session):
        return True
    if BUREAU_DECIDERS & actor.roles:
        return True
    return session.signed_at is not None and rules.prepares_session.test(actor, session) is True


def counted_items(session: CommitteeSession, actor: Actor) -> list[AgendaItem]:
    """Return the cases decided on devices, for a member without those that the member keeps out of (A-48)."""
    items = session.items.decided_on_devices()
    member = rules.seat_of(actor, session)
    if member is not None:
        items = items.exclude(recusals__member=member)
    return list(items.select_related("application", "session", "kept_sum").order_by("order"))


def record_of(session: CommitteeSession, actor: Actor) -> SessionRecord | None:
    """Return the record for the verifier; None where nothing was decided on devices, or the ballots are deleted."""
    items = [one for one in counted_items(session, actor) if not hasattr(one, "kept_sum")]
    return whole_of(session, items) if items else None


def whole_of(session: CommitteeSession, items: Sequence[AgendaItem]) -> SessionRecord | None:
    """Return the record with ``items`` for whoever counts again on behalf of the bureau; None without a key."""
    key = ready_key(session)
    if key is None:
        return None
    return {
        "protocol": PROTOCOL,
        "session": session.code,
        "ceremony": _ceremony(key),
        "members": _members(session),
        "items": items_of(items),
    }


def items_of(items: Sequence[AgendaItem]) -> list[ItemRecord]:
    """Return keys, ballots, parts and totals of cases, in their order: a constant number of queries for however many."""
    roll, cast, parts = defaultdict(list), defaultdict(list), defaultdict(list)
    keys = ItemVoter.objects.filter(item__in=items).order_by("item", "member__place")
    for item, key in keys.values_list("item", "roll_key__key__key"):
        roll[item].append(bytes(key or b"").hex())
    ballots = Ballot.objects.filter(voter__item__in=items).order_by("voter__item", "voter__member__place")
    for item, *told in ballots.values_list("voter__item", "voter__roll_key__key__key", "content", "signature"):
        member, content, signature = (bytes(one or b"").hex() for one in told)
        cast[item].append(CastRecord(key=member, ballot=content, signature=signature))
    for one in OpeningPart.objects.filter(item__in=items):
        parts[one.item_id].append(PartRecord(seat=one.seat, part=one.part.hex()))
    shares = {code: policy_of(code).fraction("vote") for code in {one.policy_code for one in items}}
    return [_item(one, shares[one.policy_code], roll[one.pk], cast[one.pk], parts[one.pk]) for one in items]


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


def item_record(item: AgendaItem) -> ItemRecord:
    """Return one case's part of the record."""
    return items_of([item])[0]


def _item(
    item: AgendaItem,
    share: tuple[int, int, bool],
    roll: list[str],
    cast: list[CastRecord],
    parts: list[PartRecord],
) -> ItemRecord:
    numerator, denominator, is_inclusive = share
    return {
        "item": item.code,
        "fraction": {"numerator": numerator, "denominator": denominator, "inclusive": is_inclusive},
        "roll": roll,
        "ballots": cast,
        "parts": parts,
        "totals": {
            "agree": item.agree or 0,
            "against": item.against or 0,
            "abstain": item.abstain or 0,
            "not_cast": item.not_cast or 0,
        },
        "present": item.present_for_item or 0,
        "passed": item.state == ItemState.DECIDED_PASS,
    }
