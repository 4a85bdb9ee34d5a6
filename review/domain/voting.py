"""A case's secret vote on devices: rights handed out, ballots taken, the sum opened by two scrutineers (domain §8.6, Ballot).

Nothing here sees a choice: a ballot comes encrypted, and only the sum of all is ever opened. The ledger says that a
right was used, and by whom, never more.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.ballot import casting, counting
from portal.ballot.casting import Booth, Ciphertext
from portal.ballot.ceremony import THRESHOLD, Ceremony
from portal.ballot.group import SIZE, point
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out
from review import rules
from review.domain import deciding_items
from review.domain.holding_session import held, held_item, moved
from review.domain.voting_words import told_plainly
from review.enums.sitting import UNTIL_CLOSED, BallotMode, ItemState, SessionState
from review.guards.voting import current_key
from review.models import AgendaItem, Ballot, CommitteeSession, ItemVoter, KeySeat, MemberKey, OpeningPart, RollKey

FEWEST_SIGNS = 5


def hand_out(item: AgendaItem) -> None:
    """Write beside the frozen roll with which key each of its voters votes; on paper there is none."""
    if item.session.is_on_paper:
        return
    keys = {one.member_id: one for one in MemberKey.objects.filter(member__session=item.session, replaced_at=None)}
    RollKey.objects.bulk_create(RollKey(voter=one, key=keys[one.member_id]) for one in item.roll.all())


def ceremony_of(session: CommitteeSession) -> Ceremony:
    """Return the ceremony of the session's key; raises Refusal without a ready one."""
    key = current_key(session)
    if key is None or key.ceremony is None:
        raise Refusal([Reason(_("三名监票人还没有生成表决密钥。"), "R-111", "joint_key_ready")])
    return key.ceremony


def booth_of(item: AgendaItem) -> Booth:
    """Return where a ballot on the case holds."""
    return Booth(item.session.code, item.code, ceremony_of(item.session).joint_key)


def voter_of(item: AgendaItem, by: Actor) -> ItemVoter | None:
    """Return the actor's place on the frozen roll of the case, or None."""
    member = rules.seat_of(by, item.session)
    if member is None:
        return None
    return item.roll.select_related("roll_key__key", "member").filter(member=member).first()


def cast(item: AgendaItem, content: bytes, signature: bytes, *, by: Actor, at: dt.datetime) -> Ballot:
    """Take a ballot of the member acting: final, one for each right (E-09). Sending the same again changes nothing.

    The proofs are checked before anything is locked. With the last ballot of the roll the vote closes.
    Raises Refusal before the vote, after it, for a second ballot, and for one that fails a check.
    """
    voter = voter_of(item, by)
    if voter is None or not hasattr(voter, "roll_key"):
        text = _("您不在该事项的投票名册中。")
        raise StepNotPermitted("cast", [Reason(text, "A-02", "not_on_roll")])
    booth, key = booth_of(item), voter.roll_key.key.key
    with told_plainly():
        casting.check_signature(booth, key, content, signature)
        casting.check(booth, key, content)
    with transaction.atomic():
        row = held_item(item)
        earlier = Ballot.objects.filter(voter=voter).first()
        if earlier is not None and (earlier.content, earlier.signature) == (content, signature):
            return earlier
        reasons = _against_casting(row, voter, earlier)
        if reasons:
            raise Refusal(reasons)
        made = Ballot.objects.create(voter=voter, content=content, signature=signature)
        record(row, "cast", by=by, at=at, basis="R-111", facts={"member": voter.member.code})
        moved(row.session)
        if not row.roll.filter(ballot=None).exists():
            closed(carry_out(row, "close_vote", by=SYSTEM, at=at), at=at)
        return made


def closed(item: AgendaItem, *, at: dt.datetime) -> AgendaItem:
    """After the vote closed: where nobody voted there is nothing to open, and the case is decided at once."""
    is_empty = not item.session.is_on_paper and not Ballot.objects.filter(voter__item=item).exists()
    if is_empty and item.state == ItemState.COUNTED:
        return deciding_items.decide(item, 0, 0, 0, at=at)
    return item


def ballots_of(item: AgendaItem) -> list[Ballot]:
    """Return the ballots that were cast on the case, in the order of the roll."""
    rows = Ballot.objects.filter(voter__item=item).select_related("voter__roll_key__key", "voter__member__person")
    return list(rows.order_by("voter__member__place"))


def sum_of(item: AgendaItem) -> Ciphertext:
    """Return the sum of all ballots, which were checked when they were taken."""
    contents = (one.content for one in ballots_of(item))
    return counting.added(Ciphertext(point(one[:SIZE]), point(one[SIZE : 2 * SIZE])) for one in contents)


def give_part(item: AgendaItem, message: bytes, *, by: Actor, at: dt.datetime) -> AgendaItem:
    """Take a scrutineer's part of opening the sum; the second opens it and decides the case (R-112).

    Raises Refusal unless the vote is closed and not counted, and for a part that is not proven.
    """
    with transaction.atomic():
        row = held_item(item)
        seat = _counting_seat(row, by)
        if row.opening_parts.filter(seat=seat.seat).exists():
            return row
        held_ceremony, booth, votes = ceremony_of(row.session), booth_of(row), sum_of(row)
        with told_plainly():
            counting.check_part(booth, held_ceremony, seat.seat, votes, message)
        OpeningPart.objects.create(item=row, seat=seat.seat, part=message)
        record(row, "open_part", by=by, at=at, basis="R-111", facts={"scrutineer": seat.member.code})
        moved(row.session)
        parts = {one.seat: point(one.part[:SIZE]) for one in row.opening_parts.all()}
        if len(parts) < THRESHOLD:
            return row
        with told_plainly():
            totals = counting.opened(votes, parts, len(ballots_of(row)))
        return deciding_items.decide(row, *totals, at=at)


def go_on_on_paper(session: CommitteeSession, *, reason: str, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Let the meeting vote on paper from here on; ballots of a vote not yet counted are void, and it is repeated on paper."""
    with transaction.atomic():
        row = held(session)
        if not (rules.chairs_session.test(by, row) or rules.prepares_session.test(by, row)):
            raise StepNotPermitted("paper", [Reason(_("您当前的身份不能办理。"), "R-111", "step_not_permitted")])
        if len(reason.strip()) < FEWEST_SIGNS:
            raise Refusal([Reason(_("请写明改用纸质表决的原因，至少5个字。"), "R-111", "reason_given", "reason")])
        if row.state not in UNTIL_CLOSED:
            text = _("会议已经取消。") if row.state == SessionState.CANCELLED else _("会议已经结束。")
            raise Refusal([Reason(text, "R-111", "too_late")])
        if not row.is_on_paper:
            row.mode, row.revision = BallotMode.PAPER, row.revision + 1
            row.save()
            record(row, "go_on_on_paper", by=by, at=at, basis="R-111", note=reason.strip()[:500])
        return row


def _against_casting(item: AgendaItem, voter: ItemVoter, earlier: Ballot | None) -> list[Reason]:
    reasons = []
    if earlier is not None:
        reasons.append(Reason(_("您已经投票。投票后不能更改。"), "E-09", "cast_already"))
    elif item.state != ItemState.VOTING:
        reasons.append(Reason(_("投票已经截止，不能补投。"), "E-09", "vote_closed"))
    if item.session.is_on_paper:
        reasons.append(Reason(_("会议已改用纸质表决。"), "R-111", "on_paper"))
    if not item.session.members.present().filter(pk=voter.member_id).exists():
        reasons.append(Reason(_("您已离场，不能投票。"), "E-09", "not_present"))
    return reasons


def _counting_seat(item: AgendaItem, by: Actor) -> KeySeat:
    member, key = rules.seat_of(by, item.session), current_key(item.session)
    seat = key.seats.select_related("member").filter(member=member).first() if key is not None and member else None
    if seat is None:
        raise StepNotPermitted("count", [Reason(_("您不是本次会议的监票人。"), "R-111", "step_not_permitted")])
    reasons = []
    if item.recusals.filter(member=member).exists():
        reasons.append(Reason(_("您在该事项中回避，不能计票。"), "A-48", "scrutineer_recused"))
    if item.session.is_on_paper:
        reasons.append(Reason(_("会议已改用纸质表决。"), "R-111", "on_paper"))
    elif item.state != ItemState.COUNTED:
        reasons.append(Reason(_("投票截止后、出结果前才能开票。"), "R-111", "not_counted_now"))
    if reasons:
        raise Refusal(reasons)
    return seat
