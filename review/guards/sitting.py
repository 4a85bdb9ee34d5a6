"""What must hold before a session is drawn, convened, opened, closed, signed, cancelled or voided."""

from typing import TYPE_CHECKING

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.catalogue.enums import Band
from portal.catalogue.queries import may_evaluate, policy_of
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.shared import clock
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard
from review.enums.accepting import AcceptanceState
from review.enums.filing import IN_FORCE
from review.enums.sitting import BEFORE_VOTE, BEING_VOTED, DECIDED, LIVE_ITEMS, WILL_COME, ItemState
from review.guards.members import all_serve

if TYPE_CHECKING:
    from review.models import AgendaItem, CommitteeSession

FEWEST_SIGNS, FEWEST_SIGNS_OF_MINUTES = 10, 50
SCRUTINEERS = 3


@guard(gettext_lazy("会议日期不在评审委员会备案有效期内，或者备案已不再有效。"), basis="E-04")
def filing_in_force(session: "CommitteeSession", attempt: Attempt) -> bool:
    """No session is prepared or opened on a day that the filing does not cover."""
    filing = session.filing
    if filing.state not in IN_FORCE or filing.valid_from is None or filing.valid_to is None:
        return False
    return bool(filing.valid_from <= session.day <= filing.valid_to)


@guard(gettext_lazy("评审服务机构已被暂停或者取消评审资格，不能召开评审会议。"), basis="R-152")
def agency_may_evaluate(session: "CommitteeSession", attempt: Attempt) -> bool:
    """A suspended agency holds no new session, nor one barred by a record."""
    agency = session.committee.agency
    is_barred = integrity.is_barred(agency, attempt.at, BarKind.SESSIONS)
    return may_evaluate(agency, session.committee.edition) and not is_barred


@guard(gettext_lazy("参会委员人数应为单数，且不少于规定人数。"), basis="E-05")
def size_is_lawful(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """Odd, and at least the policy's number for the committee, or the smaller one that the bureau approved (A-36)."""
    least = least_size(session)
    if session.size >= least and session.size % 2 == 1:
        return True
    return _("每次会议的委员人数应为单数，且不少于%(least)s人，现为%(size)s人。") % {
        "least": least,
        "size": session.size,
    }


@guard(gettext_lazy("还有委员没有接受邀请并签署承诺。"), basis="E-11")
def everybody_accepted(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """Every seat of the session is taken by somebody who comes and promised secrecy."""
    coming = session.members.filter(state__in=WILL_COME).count()
    if coming == session.size:
        return True
    return _("需要%(size)s名委员接受邀请并签署保密和回避承诺，现有%(coming)s名。") % {
        "size": session.size,
        "coming": coming,
    }


@guard(gettext_lazy("请先从主任委员、副主任委员中确定会议主持人。"), basis="R-114")
def chair_named(session: "CommitteeSession", attempt: Attempt) -> bool:
    """The committee's chair or a deputy leads the meeting."""
    return bool(session.members.filter(is_chair=True, state__in=WILL_COME).exists())


@guard(gettext_lazy("只能在会议当日开会。"), basis="R-118")
def on_the_day(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """People meet on the day for which they were called."""
    if session.day == clock.day_of(attempt.at):
        return True
    return _("会议定于%(day)s召开，不能在今日开会。") % {"day": dateformat.format(session.day, _("Y年n月j日"))}


@guard(gettext_lazy("在场委员的专家聘期已暂停或者结束。"), basis="R-163")
def everybody_in_the_room_serves(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """Whoever was paused, or lost the term or the qualification after checking in, leaves before the opening (E-14)."""
    return all_serve(session.in_the_room(), session.day)


@guard(gettext_lazy("签到人数不足，不能开会。"), basis="A-03")
def quorum_at_opening(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """At least the policy's share of the seats is in the room."""
    present = session.members.present().count()
    if policy_of(session.policy_code).reaches("quorum", present, session.size):
        return True
    known = {"size": session.size, "present": present}
    return _("委员%(size)s人，已签到%(present)s人，未达到委员人数的三分之二，不能开会。") % known


@guard(gettext_lazy("请先确定三名已签到的监票人。"), basis="R-111")
def scrutineers_present(session: "CommitteeSession", attempt: Attempt) -> bool:
    """Three members who do not chair watch the count."""
    present = session.members.present().filter(is_chair=False).values("pk")
    return bool(session.scrutineers.filter(member__in=present).count() == SCRUTINEERS)


@guard(
    gettext_lazy("监督委员没有到场，请写明原因，至少10个字。"),
    basis="R-115",
    needs=("commissioner_absence",),
    field="commissioner_absence",
)
def commissioner_accounted_for(session: "CommitteeSession", attempt: Attempt) -> bool:
    """The commissioner watches, or the record says why not."""
    absence = str(attempt.facts.get("commissioner_absence", "")).strip()
    return session.commissioner_came_at is not None or len(absence) >= FEWEST_SIGNS


@guard(gettext_lazy("议程中没有待评审的申报。"), basis="R-096")
def something_to_decide(session: "CommitteeSession", attempt: Attempt) -> bool:
    """Nobody opens an empty meeting."""
    return any(state == ItemState.LISTED for _key, _order, state in session.standing())


@guard(gettext_lazy("还有事项没有表决，也没有暂缓。"), basis="R-114")
def every_item_settled(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """No case is left between the list and the outcome."""
    left = [order for _key, order, state in session.standing() if state in BEFORE_VOTE | BEING_VOTED]
    if not left:
        return True
    numbers = joined([str(order) for order in left])
    return _("第%(numbers)s项还没有表决，请先表决或者暂缓。") % {"numbers": numbers}


@guard(gettext_lazy("计票数据与出席人数不一致。"), basis="R-112")
def totals_reconcile(session: "CommitteeSession", attempt: Attempt) -> bool | str:
    """For each case the votes together are those present for it, the roll is as long, and the outcome is the formula's."""
    wrong = [item.order for item in session.items.filter(state__in=LIVE_ITEMS) if not _reconciles(item)]
    if not wrong:
        return True
    return _("第%(numbers)s项的计票数据与出席人数不一致。") % {"numbers": joined([str(one) for one in wrong])}


def _reconciles(item: "AgendaItem") -> bool:
    if item.state not in DECIDED or item.present_for_item is None:
        return False
    agree, present = int(item.agree or 0), int(item.present_for_item)
    together = agree + sum(int(count or 0) for count in (item.against, item.abstain, item.not_cast))
    is_pass = policy_of(item.policy_code).reaches("vote", agree, present)
    return together == present == item.roll.count() and is_pass is (item.state == ItemState.DECIDED_PASS)


@guard(gettext_lazy("请先完成会议记录，至少50个字。"), basis="E-11")
def minutes_written(session: "CommitteeSession", attempt: Attempt) -> bool:
    """What was discussed and decided stands in the minutes."""
    return len(session.minutes.strip()) >= FEWEST_SIGNS_OF_MINUTES


@guard(gettext_lazy("到场的监督委员还没有填写监督意见。"), basis="R-115")
def commissioner_remarked(session: "CommitteeSession", attempt: Attempt) -> bool:
    """Who watched says what was seen, be it that nothing was wrong."""
    return session.commissioner_came_at is None or session.remarked_at is not None


@guard(gettext_lazy("请写明理由，至少10个字。"), basis="R-118", needs=("reason",), field="reason")
def reason_given(session: "CommitteeSession", attempt: Attempt) -> bool:
    """A session does not end for nothing."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("评审结果已报送验收，请在验收中作出不通过的决定。"), basis="A-23")
def not_before_the_bureau(session: "CommitteeSession", attempt: Attempt) -> bool:
    """What was reported is judged as a batch; only its refusal voids the session."""
    batch = getattr(session, "acceptance", None)
    return batch is None or batch.state == AcceptanceState.REFUSED


@guard(gettext_lazy("会议没有作出表决的事项，没有可以报送的结果。"), basis="R-120")
def something_was_decided(session: "CommitteeSession", attempt: Attempt) -> bool:
    """A report without results would be none."""
    return bool(session.items.filter(state__in=DECIDED).exists())


def least_size(session: "CommitteeSession") -> int:
    """Return how many seats the session needs at least."""
    approved = session.filing.approved_least
    if approved:
        return int(approved)
    policy = policy_of(session.policy_code)
    if session.committee.band == Band.SENIOR:
        return policy.number(f"committee.min_senior_{'series' if session.filing.is_by_series else 'specialty'}")
    return policy.number(f"committee.min_{session.committee.band}")
