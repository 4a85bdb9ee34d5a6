"""What must hold before a defence moves; every refusal says what to do and on which rule."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import EXCUSE, Hold
from portal.catalogue.queries import policy_of
from portal.deadlines import setting
from portal.shared import clock
from portal.workflow import Attempt, guard
from review.enums.defending import DefenceState, OpinionState, RequestKind, RequestState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from review.models import ChangeRequest, Defence, PanelOpinion, Sitting, Slot

FEWEST_SIGNS = 10


# --- Planning ---------------------------------------------------------------------------------
@guard(gettext_lazy("初级职称不需要答辩。"), basis="R-106")
def level_is_heard(defence: "Defence", attempt: Attempt) -> bool:
    """Senior and intermediate levels answer questions; junior ones never do."""
    return bool(defence.application.entry.level.needs_defence)


@guard(
    gettext_lazy("该场次属于其他评审委员会，请选择本评审委员会的场次。"), basis="R-105", needs=("slot",), field="slot"
)
def slot_of_the_committee(defence: "Defence", attempt: Attempt) -> bool:
    """People are heard before the committee that will vote on them."""
    slot = _slot(defence, attempt)
    return slot is not None and slot.round.committee_id == defence.application.entry.committee_id


@guard(gettext_lazy("该场次人数已满，请选择其他场次。"), basis="R-105", needs=("slot",), field="slot")
def slot_has_room(defence: "Defence", attempt: Attempt) -> bool:
    """A slot takes no more people than it has places; the database counts once more."""
    slot = _slot(defence, attempt)
    if slot is None:
        return True
    others = slot.defences.exclude(state=DefenceState.CLOSED).exclude(pk=defence.pk)
    return others.count() < slot.capacity


@guard(gettext_lazy("请先为改期的人选择新的场次。"), basis="A-27", needs=("slot",), field="slot")
def inside_the_session(defence: "Defence", attempt: Attempt) -> bool | str:
    """Time inside the year's session period, place as the committee may hear people: online with the pilot flag alone."""
    slot = _slot(defence, attempt)
    if slot is None:
        return False
    if slot.starts_at <= attempt.at:
        return _("该场次已经开始或者结束，请选择以后的场次。")
    closes = session_end(defence)
    if closes is not None and slot.ends_at > closes:
        last = dateformat.format(clock.day_of(closes) - dt.timedelta(days=1), _("Y年n月j日"))
        text = _(
            "本年度答辩评审应于%(last)s前完成，该场次超出评审期。确需延后的，请报请市人力资源社会保障局调整年度安排。"
        )
        return text % {"last": last}
    if slot.round.is_online and not slot.round.committee.online_defence:
        return _("该评审委员会未列入线上答辩试点，须现场答辩。")
    return True


@guard(gettext_lazy("通知时间过晚。"), basis="R-107", needs=("slot",), field="slot")
def told_early_enough(defence: "Defence", attempt: Attempt) -> bool | str:
    """The policy's calendar days lie between the day of the notice and the day of the defence."""
    slot = _slot(defence, attempt)
    if slot is None:
        return True
    days = policy_of(defence.policy_code).days("defence.notice_days")
    earliest = clock.day_of(attempt.at) + dt.timedelta(days=days)
    if clock.day_of(slot.starts_at) >= earliest:
        return True
    known = {"days": days, "earliest": dateformat.format(earliest, _("Y年n月j日"))}
    return _("答辩须提前%(days)s日通知；现在通知，最早可安排在%(earliest)s。") % known


def hearers(defence: "Defence", slot: "Slot") -> "QuerySet[Sitting]":
    """Return the seats of the slot's panel that hear the person: whoever keeps out does not (A-48)."""
    return slot.sittings.exclude(expert__in=defence.application.recusals.values("expert"))


def fewest_hearers(defence: "Defence") -> int:
    """Return how many experts hear a person at least (R-110)."""
    return policy_of(defence.policy_code).number("panel.min")


@guard(gettext_lazy("评议组可以参加的专家不足。"), basis="R-110", needs=("slot",), field="slot")
def panel_can_hear(defence: "Defence", attempt: Attempt) -> bool | str:
    """Enough experts of the panel are left once those who keep out are gone (A-48)."""
    slot = _slot(defence, attempt)
    if slot is None:
        return True
    least, left = fewest_hearers(defence), hearers(defence, slot).count()
    if left >= least:
        return True
    known = {"least": least, "left": left}
    return _("评议组不少于%(least)s人，除去回避的专家只有%(left)s人，请增补专家或者安排其他评议组。") % known


@guard(gettext_lazy("该申报正在核查，核查办结前不能办理。"), basis="A-08")
def application_not_held(defence: "Defence", attempt: Attempt) -> bool:
    """A hold stops one person and nobody else."""
    return defence.application.hold == Hold.NONE


@guard(gettext_lazy("本机构的评审工作已被暂停，恢复前不能办理。"), basis="R-152")
def not_suspended(defence: "Defence", attempt: Attempt) -> bool:
    """A suspended agency calls and hears nobody; the clocks of its applicants stand still."""
    review = getattr(defence.application, "review", None)
    return review is None or review.suspended_since is None


# --- Another date -----------------------------------------------------------------------------
@guard(gettext_lazy("答辩只能改期一次，已经改期过。"), basis="A-27")
def not_rescheduled_before(defence: "Defence", attempt: Attempt) -> bool:
    """One new date for good cause."""
    return defence.reschedules == 0


@guard(gettext_lazy("申报人没有提出改期，或者已经答复。"), basis="A-27")
def asked_for_cause(defence: "Defence", attempt: Attempt) -> bool:
    """The person gave a reason with a proof."""
    return bool(defence.requests.filter(state=RequestState.AGREED, decided_at=attempt.at).exists())


@guard(gettext_lazy("本年度答辩评审期已结束，不能再改期。"), basis="A-27")
def session_runs_on(defence: "Defence", attempt: Attempt) -> bool | str:
    """The other date must lie in the same session period, the days of notice before it."""
    closes = session_end(defence)
    if closes is None:
        return True
    days = policy_of(defence.policy_code).days("defence.notice_days")
    if clock.start_of(clock.day_of(attempt.at) + dt.timedelta(days=days)) < closes:
        return True
    return _("本年度评审期所剩时间不足以提前%(days)s日通知，不能再改期。") % {"days": days}


@guard(
    gettext_lazy("请写明不同意的原因，至少10个字，申报人将看到。"), basis="A-27", needs=("decision",), field="decision"
)
def decision_explained(request: "ChangeRequest", attempt: Attempt) -> bool:
    """Nobody is turned away without a reason."""
    return len(str(attempt.facts.get("decision", "")).strip()) >= FEWEST_SIGNS


@guard(
    gettext_lazy("该申报正在核查。不同意其说明将终止申报，核查办结前不能作出；该申请保持待答复，请在核查办结后答复。"),
    basis="A-08",
)
def nothing_ends_while_held(request: "ChangeRequest", attempt: Attempt) -> bool:
    """To refuse an excuse ends the application, which nothing does while the person is looked into."""
    return request.kind == RequestKind.BEFORE or bool(application_not_held.test(request.defence, attempt))


@guard(
    gettext_lazy(
        "本机构的评审工作已被暂停。不同意其说明将终止申报，恢复前不能作出；该申请保持待答复，请在恢复后答复。"
    ),
    basis="R-152",
)
def nothing_ends_while_suspended(request: "ChangeRequest", attempt: Attempt) -> bool:
    """To refuse an excuse ends the application, which no suspended agency does."""
    return request.kind == RequestKind.BEFORE or bool(not_suspended.test(request.defence, attempt))


# --- The agency's own change ------------------------------------------------------------------
@guard(gettext_lazy("请选择与现在不同的场次。"), basis="R-107", needs=("slot",), field="slot")
def slot_is_another(defence: "Defence", attempt: Attempt) -> bool:
    """A change without a change would only confuse."""
    return attempt.facts.get("slot") != defence.slot


@guard(gettext_lazy("申报人的改期申请尚未答复，请先答复。"), basis="A-27")
def no_request_waits(defence: "Defence", attempt: Attempt) -> bool:
    """What the person asked is answered, never overtaken."""
    return not defence.requests.filter(state=RequestState.ASKED).exists()


@guard(gettext_lazy("请写明调整原因，至少10个字，申报人将看到。"), basis="R-107", needs=("reason",), field="reason")
def change_explained(defence: "Defence", attempt: Attempt) -> bool:
    """Nobody's date is moved without a reason."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


# --- The day itself ---------------------------------------------------------------------------
@guard(gettext_lazy("只能在答辩当日签到。"), basis="R-105")
def on_its_day(defence: "Defence", attempt: Attempt) -> bool | str:
    """People are heard on the day that they were told."""
    if defence.day is None or defence.day == clock.day_of(attempt.at):
        return defence.day is not None
    return _("该答辩安排在%(day)s，不能在今日签到。") % {"day": dateformat.format(defence.day, _("Y年n月j日"))}


@guard(gettext_lazy("通知书编码不符，请核对答辩通知书。"), basis="R-107", needs=("code_is_right",), field="code")
def code_is_right(defence: "Defence", attempt: Attempt) -> bool:
    """The person shows the notice that was sent last."""
    return attempt.facts.get("code_is_right") is True


@guard(gettext_lazy("请核对申报人身份证件并勾选确认。"), basis="R-105", needs=("identity",), field="identity")
def identity_checked(defence: "Defence", attempt: Attempt) -> bool:
    """Staff compared the face with the identity document."""
    return attempt.facts.get("identity") is True


@guard(gettext_lazy("答辩尚未开始，不能记为未到场。"), basis="A-27")
def time_has_come(defence: "Defence", attempt: Attempt) -> bool:
    """Nobody is absent before the time that they were told."""
    return defence.slot is not None and attempt.at >= defence.slot.starts_at


@guard(gettext_lazy("说明期限尚未届满，或者说明尚未答复。"), basis="A-27")
def no_excuse_left(defence: "Defence", attempt: Attempt) -> bool:
    """The time for excuses is over or one was refused, and none waits for an answer."""
    asked = defence.requests.filter(kind=RequestKind.AFTER, asked_at__gte=defence.state_since)  # of this absence
    if asked.filter(state=RequestState.ASKED).exists():
        return False
    return asked.filter(state=RequestState.REFUSED).exists() or not setting.waiting(EXCUSE, defence.application)


@guard(gettext_lazy("评议组专家尚未全部提交意见。"), basis="R-110")
def panel_handed_in(defence: "Defence", attempt: Attempt) -> bool | str:
    """Every expert who sits and does not keep out handed in, and they are enough."""
    if defence.slot is None:
        return False
    sitting = set(hearers(defence, defence.slot).values_list("expert", flat=True))
    handed = defence.opinions.filter(state=OpinionState.HANDED_IN)
    missing = len(sitting - set(handed.values_list("expert", flat=True)))
    least = fewest_hearers(defence)
    if missing:
        return _("还有%(missing)s位专家未提交意见。") % {"missing": missing}
    if len(sitting) < least:
        return _("提交意见的专家不足%(least)s人，不能完成答辩。") % {"least": least}
    return True


# --- The expert's desk ------------------------------------------------------------------------
@guard(gettext_lazy("申报人签到后才能提交意见。"), basis="R-105")
def hearing_has_begun(opinion: "PanelOpinion", attempt: Attempt) -> bool:
    """An opinion on somebody who was not heard is none."""
    return bool(opinion.defence.state == DefenceState.IN_PROGRESS)


@guard(gettext_lazy("您应当回避，不能提交意见。"), basis="A-48")
def expert_not_recused(opinion: "PanelOpinion", attempt: Attempt) -> bool:
    """An expert with a relation to the person has no part in it."""
    return not opinion.defence.application.recusals.filter(expert=opinion.expert_id).exists()


@guard(gettext_lazy("请为每项评价标准打分。"), basis="R-110", field="scores")
def every_criterion_scored(opinion: "PanelOpinion", attempt: Attempt) -> bool:
    """Scores by the standard that the committee published (R-039)."""
    guide = getattr(opinion.defence.application.entry.committee, "guide", None)
    wanted = guide.criteria.scored_by_people() if guide is not None else []
    return all(str(criterion.order) in opinion.scores for criterion in wanted)


@guard(gettext_lazy("请填写书面意见，至少10个字。"), basis="R-110", field="opinion")
def opinion_written(opinion: "PanelOpinion", attempt: Attempt) -> bool:
    """Each expert of the panel writes an opinion."""
    return len(opinion.opinion.strip()) >= FEWEST_SIGNS


def session_end(defence: "Defence") -> dt.datetime | None:
    """Return when the year's defences and meetings must be over (R-028), None without a schedule."""
    schedule = defence.application.entry.schedule
    return schedule.committee_closes_at if schedule is not None else None


def _slot(defence: "Defence", attempt: Attempt) -> "Slot | None":
    found: Slot | None = attempt.facts.get("slot") or defence.slot
    return found
