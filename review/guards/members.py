"""What must hold before a member of a session accepts, declines, comes or goes."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.shared import clock
from portal.shared.phrases import joined
from portal.workflow import Attempt, guard
from review.enums.sitting import BEFORE_OPENING, SessionState

if TYPE_CHECKING:
    from review.models import CommitteeSession, SessionMember

FEWEST_SIGNS = 5


@guard(gettext_lazy("请阅读并同意保密和回避承诺。"), basis="E-11", needs=("promise",), field="promise")
def promise_made(member: "SessionMember", attempt: Attempt) -> bool:
    """Nobody sits without the promise of secrecy and of keeping out where there is a relation."""
    return attempt.facts.get("promise") is True


@guard(gettext_lazy("会议已经召开或者结束，参会委员不能再变更。"), basis="A-52")
def before_opening(member: "SessionMember", attempt: Attempt) -> bool:
    """Seats change before the opening only."""
    return member.session.state in BEFORE_OPENING


@guard(gettext_lazy("请写明不参加的原因。"), basis="A-52", needs=("reason",), field="reason")
def reason_given(member: "SessionMember", attempt: Attempt) -> bool:
    """The record says why a seat fell free."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS


@guard(gettext_lazy("只能在会议当日、会议召集后至闭会前签到或者离场。"), basis="A-02")
def doors_are_open(member: "SessionMember", attempt: Attempt) -> bool:
    """Attendance is taken on the day, from convening to closing."""
    return day_has_come(member.session, attempt.at)


@guard(gettext_lazy("专家聘期已暂停或者结束，不能签到。"), basis="R-163")
def serves_on_the_day(member: "SessionMember", attempt: Attempt) -> bool | str:
    """Whoever was paused, or lost the term or the qualification after the draw, does not sit (E-14)."""
    if member.term.covers(member.session.day):
        return True
    return _("%(name)s的专家聘期已暂停或者结束，不能签到。") % {"name": member.person.full_name}


def all_serve(members: "Iterable[SessionMember]", day: dt.date) -> bool | str:
    """Return whether all of them serve on the day, or who leaves the room first."""
    gone = [one.person.full_name for one in members if not one.term.covers(day)]
    if not gone:
        return True
    return _("以下委员的专家聘期已暂停或者结束，请先办理离场：%(names)s。") % {"names": joined(gone)}


def day_has_come(session: "CommitteeSession", at: dt.datetime) -> bool:
    """Return whether attendance can be taken in the session at ``at``."""
    return session.state == SessionState.OPEN or (
        session.state == SessionState.CONVENED and session.day == clock.day_of(at)
    )
