"""What must hold before one person's case moves in a session."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.enums import ApplicationState, Hold
from applications.models import Recommendation
from portal.catalogue.queries import policy_of
from portal.workflow import Attempt, guard
from review.enums.sitting import BEING_VOTED, ItemState, SessionState
from review.guards.members import all_serve

if TYPE_CHECKING:
    from review.models import AgendaItem

FEWEST_SIGNS = 5
OPEN_ITEMS = BEING_VOTED | {ItemState.PRESENTED}


@guard(gettext_lazy("会议没有在进行中。"), basis="R-114")
def session_is_open(item: "AgendaItem", attempt: Attempt) -> bool:
    """Cases move while the meeting is open."""
    return bool(item.session.state == SessionState.OPEN)


@guard(gettext_lazy("请先完成正在评议或者投票的事项。"), basis="R-114")
def no_other_item_open(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """One case at a time."""
    others = [order for key, order, state in item.session.standing() if state in OPEN_ITEMS and key != item.pk]
    if not others:
        return True
    return _("第%(number)s项还没有结束，请先完成或者暂缓。") % {"number": others[0]}


@guard(gettext_lazy("该申报正在核查或者已经终止，不能评议表决。"), basis="A-08")
def application_not_held(item: "AgendaItem", attempt: Attempt) -> bool:
    """A hold stops one person and nobody else."""
    application = item.application
    return application.hold == Hold.NONE and application.state == ApplicationState.ON_AGENDA


@guard(gettext_lazy("缺少推荐意见，不能提请评议。"), basis="R-074")
def recommendation_shown(item: "AgendaItem", attempt: Attempt) -> bool:
    """The members weigh the employer's opinion and assessment."""
    found = Recommendation.objects.filter(application=item.application_id).exclude(opinion="")
    return bool(found.exclude(signed_at=None).exists())


@guard(gettext_lazy("书面意见不足。"), basis="E-10")
def opinions_written(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """Opinions of at least three without relation: of the panel that heard the person, or of members who divide the work."""
    return _enough_opinions(item)


@guard(gettext_lazy("书面意见不足。"), basis="E-10")
def opinions_left(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """Whoever keeps out since the case was presented takes the own opinion along; where nobody does, none is lost."""
    return not item.recusals.all() or _enough_opinions(item)


@guard(gettext_lazy("出席人数不足，不能投票。"), basis="A-03", needs=("present", "size"))
def quorum_for_item(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """The share holds again without those who keep out, who are taken from both sides."""
    present, size = int(attempt.facts.get("present", 0)), int(attempt.facts.get("size", 0))
    if policy_of(item.session.policy_code).reaches("quorum", present, size):
        return True
    return _("扣除回避委员后应到%(size)s人，实到%(present)s人，未达到三分之二，请暂缓表决。") % {
        "size": size,
        "present": present,
    }


@guard(gettext_lazy("在场委员的专家聘期已暂停或者结束。"), basis="R-163")
def everybody_serves(item: "AgendaItem", attempt: Attempt) -> bool | str:
    """Whoever was paused, or lost the term or the qualification in the room, leaves it before the next vote (E-14)."""
    kept_out = {one.member_id for one in item.recusals.all()}
    return all_serve((one for one in item.session.in_the_room() if one.pk not in kept_out), item.session.day)


@guard(gettext_lazy("票数与出席人数不一致。"), basis="R-112", needs=("totals",))
def totals_fit(item: "AgendaItem", attempt: Attempt) -> bool:
    """No vote is negative, and together they are those present for the case."""
    totals = attempt.facts.get("totals")
    if totals is None:
        return False
    counts = (totals.agree, totals.against, totals.abstain, totals.not_cast)
    return bool(min(counts) >= 0 and sum(counts) == item.present_for_item)


@guard(gettext_lazy("同意票没有达到出席委员的三分之二。"), basis="R-112", needs=("totals",))
def enough_agree(item: "AgendaItem", attempt: Attempt) -> bool:
    """Three times those who agree are at least twice those present, by the application's own policy version."""
    return _is_pass(item, attempt)


@guard(gettext_lazy("同意票已达到出席委员的三分之二。"), basis="R-112", needs=("totals",))
def too_few_agree(item: "AgendaItem", attempt: Attempt) -> bool:
    """The other side of the same number: no vote can be neither."""
    return not _is_pass(item, attempt)


@guard(gettext_lazy("请写明原因。"), basis="A-03", needs=("reason",), field="reason")
def reason_given(item: "AgendaItem", attempt: Attempt) -> bool:
    """The record says why a case was not voted on."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


def number_of_opinions(item: "AgendaItem") -> int:
    """Return how many written opinions the members have before them."""
    of_panel, of_members = item.panel_opinions().values("pk"), item.member_opinions().values("pk")
    return int(of_panel.union(of_members, all=True).count())


def _enough_opinions(item: "AgendaItem") -> bool | str:
    least = policy_of(item.policy_code).number("panel.min")
    has = number_of_opinions(item)
    if has >= least:
        return True
    return _("应有不少于%(least)s份专家书面意见（不含回避委员的意见），现有%(has)s份。") % {"least": least, "has": has}


def _is_pass(item: "AgendaItem", attempt: Attempt) -> bool:
    totals = attempt.facts.get("totals")
    agree = totals.agree if totals is not None else 0
    return policy_of(item.policy_code).reaches("vote", agree, item.present_for_item or 0)
