"""Keys before the vote: three scrutineers make the joint one, every member registers the own device's (docs/ballot.md)."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.ballot import ceremony
from portal.ballot.ceremony import SEATS
from portal.ballot.group import point
from portal.ballot.sealing import SEALED_SIZE
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out
from review import rules
from review.domain.holding_session import held, held_member, moved
from review.domain.voting_words import told_plainly
from review.enums.sitting import ItemState, SessionState
from review.enums.voting import LIVE_KEYS
from review.guards.voting import is_of_scrutineers
from review.models import CommitteeSession, JointKey, KeySeat, MemberKey, SealedShare, SessionMember

MEETING = frozenset({SessionState.CONVENED, SessionState.OPEN})


def live_key(session: CommitteeSession) -> JointKey | None:
    """Return the key that the present scrutineers make or made, or None before the first of them began."""
    key = JointKey.objects.filter(session=session, state__in=LIVE_KEYS).select_related("session").first()
    return key if key is not None and is_of_scrutineers(key) else None


def announce(session: CommitteeSession, message: bytes, *, by: Actor, at: dt.datetime) -> KeySeat:
    """Publish what a scrutineer's browser made: box key, two points and the proof of possession.

    The first to announce begins; a key of earlier scrutineers ends with it. Sending the same again changes nothing.
    Raises Refusal for a bad message, a second one, or outside the meeting.
    """
    with transaction.atomic():
        row = _meeting(session)
        seat = _seat(_begun(row, by, at), row, by)
        if seat.announcement == message:
            return seat
        if seat.announcement is not None:
            raise Refusal([Reason(_("您已经公布过密钥；需要更换时请先作废。"), "R-111", "announced_already")])
        with told_plainly():
            ceremony.read_announcement(row.code, seat.seat, message)
        seat.announcement = message
        seat.save()
        record(seat.joint_key, "announce", by=by, at=at, basis="R-111", facts={"seat": seat.seat})
        moved(row)
        return seat


def send_shares(session: CommitteeSession, sealed: Mapping[int, bytes], *, by: Actor, at: dt.datetime) -> None:
    """Pass on a scrutineer's shares for the two others, by their seats; the portal cannot open them."""
    with transaction.atomic():
        row = _meeting(session)
        seat = _seat(_existing(row), row, by)
        if seat.joint_key.ceremony is None:
            raise Refusal([Reason(_("请等待三名监票人都公布密钥。"), "R-111", "not_all_announced")])
        if set(sealed) != set(SEATS) - {seat.seat} or any(len(one) != SEALED_SIZE for one in sealed.values()):
            raise Refusal([Reason(_("提交的数据格式不正确。请刷新页面后重试。"), "R-111", "ballot_length")])
        if seat.joint_key.shares.filter(sender=seat.seat).exists():
            return
        SealedShare.objects.bulk_create(
            SealedShare(joint_key=seat.joint_key, sender=seat.seat, recipient=recipient, sealed=one)
            for recipient, one in sorted(sealed.items())
        )
        record(seat.joint_key, "send_shares", by=by, at=at, basis="R-111", facts={"seat": seat.seat})
        moved(row)


def confirm(session: CommitteeSession, confirmation: bytes, *, by: Actor, at: dt.datetime) -> JointKey:
    """Take a scrutineer's proof that the received share fits; the third makes the key ready."""
    with transaction.atomic():
        row = _meeting(session)
        seat = _seat(_existing(row), row, by)
        held_ceremony = seat.joint_key.ceremony
        if held_ceremony is None or seat.joint_key.shares.filter(recipient=seat.seat).count() != len(SEATS) - 1:
            raise Refusal([Reason(_("请等待另外两名监票人完成密钥分享。"), "R-111", "shares_missing")])
        if seat.confirmation is not None:
            return seat.joint_key
        with told_plainly():
            ceremony.check_confirmation(held_ceremony, seat.seat, confirmation)
        seat.confirmation = confirmation
        seat.save()
        record(seat.joint_key, "confirm", by=by, at=at, basis="R-111", facts={"seat": seat.seat})
        moved(row)
        if seat.joint_key.seats.filter(confirmation=None).exists():
            return seat.joint_key
        return carry_out(seat.joint_key, "make_ready", by=SYSTEM, at=at)


def end_key(joint_key: JointKey, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> JointKey:
    """End a key before its first vote; the three begin again."""
    with transaction.atomic():
        row = held(joint_key.session)
        done = carry_out(joint_key, "end", by=by, at=at, key=key, reason=reason)
        moved(row)
        return done


def register(member: SessionMember, key: bytes, *, by: Actor, at: dt.datetime) -> MemberKey:
    """Register the public key that the member's own device made, in place of an earlier one.

    Raises Refusal unless the member is in the room and no vote runs, or for a key that is none or is taken.
    """
    with transaction.atomic():
        row = held_member(member)
        if not rules.is_the_member.test(by, row):
            raise StepNotPermitted("register", [Reason(_("只能由委员本人登记。"), "E-09", "step_not_permitted")])
        with told_plainly():
            point(key)
        live = row.ballot_keys.filter(replaced_at=None).first()
        if live is not None and live.key == key:
            return live
        reasons = list(_against_registering(row, key))
        if reasons:
            raise Refusal(reasons)
        row.ballot_keys.filter(replaced_at=None).update(replaced_at=at)
        made = MemberKey.objects.create(member=row, key=key, registered_at=at)
        facts = {"member": row.code, "key": key.hex(), "replaces": live is not None}
        record(row, "register_key", by=by, at=at, basis="R-111", facts=facts)
        moved(row.session)
        return made


def _against_registering(member: SessionMember, key: bytes) -> list[Reason]:
    reasons = []
    if member.session.state not in MEETING or member.session.is_on_paper:
        reasons.append(Reason(_("现在不需要登记表决密钥。"), "R-111", "no_key_needed"))
    if not member.is_present:
        reasons.append(Reason(_("请先签到，再登记表决密钥。"), "A-02", "not_present"))
    if member.session.items.filter(state=ItemState.VOTING).exists():
        reasons.append(Reason(_("投票进行中，不能更换表决密钥。"), "E-09", "vote_running"))
    if MemberKey.objects.filter(key=key).exists():
        reasons.append(Reason(_("该密钥已经登记过。请在本人设备上重新生成。"), "R-111", "key_taken"))
    return reasons


def _meeting(session: CommitteeSession) -> CommitteeSession:
    row = held(session)
    if row.state not in MEETING or row.is_on_paper:
        raise Refusal([Reason(_("采用电子表决的会议召集后，监票人才能生成密钥。"), "R-111", "no_key_needed")])
    return row


def _begun(session: CommitteeSession, by: Actor, at: dt.datetime) -> JointKey:
    key = live_key(session)
    if key is not None:
        return key
    if not rules.counts_session.test(by, session):
        raise _no_scrutineer()
    for stale in JointKey.objects.filter(session=session, state__in=LIVE_KEYS):
        carry_out(stale, "end", by=SYSTEM, at=at, reason=_("监票人已更换。"))
    made = JointKey.objects.create(session=session)
    KeySeat.objects.bulk_create(
        KeySeat(joint_key=made, seat=one.place, member_id=one.member_id) for one in session.scrutineers.all()
    )
    record(made, "begin", by=by, at=at, after=made.state, basis="R-111", facts={"session": session.code})
    return made


def _existing(session: CommitteeSession) -> JointKey:
    key = live_key(session)
    if key is None:
        raise Refusal([Reason(_("请先公布本人密钥。"), "R-111", "not_announced")])
    return key


def _seat(key: JointKey, session: CommitteeSession, by: Actor) -> KeySeat:
    member = rules.seat_of(by, session)
    seat = key.seats.select_related("joint_key__session").filter(member=member).first() if member else None
    if seat is None:
        raise _no_scrutineer()
    return seat


def _no_scrutineer() -> StepNotPermitted:
    return StepNotPermitted("count", [Reason(_("您不是本次会议的监票人。"), "R-111", "step_not_permitted")])
