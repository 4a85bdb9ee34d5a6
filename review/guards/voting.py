"""What must hold before members vote on their own devices."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.ballot.ceremony import SEATS, THRESHOLD
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard
from review.enums.voting import KeyState

if TYPE_CHECKING:
    from review.models import AgendaItem, CommitteeSession, JointKey

FEWEST_SIGNS = 5


@guard(gettext_lazy("三名监票人还没有全部核对并确认密钥。"), basis="R-111")
def everybody_confirmed(joint_key: "JointKey", attempt: Attempt) -> bool:
    """A key that one of three did not confirm might be nobody's."""
    return bool(joint_key.seats.exclude(confirmation=None).count() == len(SEATS))


@guard(gettext_lazy("已经有事项用该密钥投票，不能作废。需要时可改用纸质表决。"), basis="R-111")
def before_first_vote(joint_key: "JointKey", attempt: Attempt) -> bool:
    """Ballots that were cast are opened with the key under which they were encrypted."""
    return not joint_key.session.items.filter(roll__roll_key__isnull=False).exists()


@guard(gettext_lazy("请写明作废的原因，至少5个字。"), basis="R-111", needs=("reason",), field="reason")
def key_reason_given(joint_key: "JointKey", attempt: Attempt) -> bool:
    """The record says why three had to begin again."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("三名监票人还没有生成表决密钥。"), basis="R-111")
def joint_key_ready(session: "CommitteeSession", attempt: Attempt) -> bool:
    """Before the first vote on devices the scrutineers in office hold their key; on paper none is needed."""
    return session.is_on_paper or current_key(session) is not None


@guard(gettext_lazy("还有委员没有在本人设备上登记表决密钥。"), basis="R-111")
def everybody_has_a_key(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """Nobody in the room is left without a vote: who cannot register leaves, or the meeting goes on on paper."""
    if item.session.is_on_paper:
        return True
    voters = item.session.members.present().exclude(pk__in=item.recusals.values("member"))
    missing = (
        voters.exclude(pk__in=voters.filter(ballot_keys__replaced_at=None, ballot_keys__isnull=False))
        .select_related("person")
        .order_by("place")
    )
    if not missing:
        return True
    return _("以下委员还没有在本人设备上登记表决密钥：%(names)s。") % {
        "names": joined(one.person.full_name for one in missing)
    }


@guard(gettext_lazy("能够开票的监票人不足两名，请改用纸质表决。"), basis="A-48")
def two_can_open(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """Scrutineers who keep out of a case do not count it either, be it on devices or on paper."""
    if item.session.is_on_paper:
        if can_count(item, (member for _place, member in item.session.watchers())):
            return True
        return _("与该事项没有回避关系的监票人不足两名，请会议主持人先更换监票人。")
    key = current_key(item.session)
    return key is not None and can_count(item, (one.member_id for one in key.seats.all()))


def can_count(item: "AgendaItem", members: Iterable[int]) -> bool:
    """Return whether two of these members have no relation to the case: one enters or opens, another confirms."""
    kept_out = {one.member_id for one in item.recusals.all()}
    return len(set(members) - kept_out) >= THRESHOLD


def current_key(session: "CommitteeSession") -> "JointKey | None":
    """Return the ready key of the scrutineers in office; a key of others opens no vote and counts none."""
    key = ready_key(session)
    return key if key is not None and is_of_scrutineers(key) else None


def ready_key(session: "CommitteeSession") -> "JointKey | None":
    """Return the ready key, whoever the scrutineers are by now: what was cast was encrypted with it, and stays so."""
    return session.joint_keys.filter(state=KeyState.READY).prefetch_related("seats").first()


def is_of_scrutineers(key: "JointKey") -> bool:
    """Return whether the key belongs to the session's present scrutineers, each in the own place."""
    return {(one.seat, one.member_id) for one in key.seats.all()} == key.session.watchers()
