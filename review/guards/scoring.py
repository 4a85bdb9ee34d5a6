"""What must hold before a member's score sheet is handed in."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.workflow import Attempt, guard
from review.enums.scoring import LineSource
from review.enums.sitting import BEFORE_VOTE, SessionState

if TYPE_CHECKING:
    from review.models import ScoreSheet


@guard(gettext_lazy("会议开始后才能提交评分表；可以先保存。"), basis="R-114")
def session_is_open(sheet: "ScoreSheet", attempt: Attempt) -> bool:
    """Scores are stood by in the meeting."""
    return bool(sheet.member.session.state == SessionState.OPEN)


@guard(gettext_lazy("您没有签到或者已经离场，不能提交评分表。"), basis="A-02")
def member_is_present(sheet: "ScoreSheet", attempt: Attempt) -> bool:
    """Whoever is not in the room takes no part: no proxy, nothing afterwards."""
    return sheet.member.is_present and sheet.member.promised_at is not None


@guard(gettext_lazy("您回避该事项，不评分。"), basis="A-48")
def member_has_no_relation(sheet: "ScoreSheet", attempt: Attempt) -> bool:
    """Whoever keeps out of a case scores nothing of it."""
    return not sheet.item.recusals.filter(member=sheet.member).exists()


@guard(gettext_lazy("该事项已经开始投票或者已有结果，不能再提交评分表。"), basis="R-111")
def vote_not_open(sheet: "ScoreSheet", attempt: Attempt) -> bool:
    """Scores prepare the vote and end where it begins."""
    return sheet.item.state in BEFORE_VOTE


@guard(gettext_lazy("请为每一项评分。"), basis="R-044")
def every_line_scored(sheet: "ScoreSheet", attempt: Attempt) -> bool | str:
    """A sheet weighs the whole standard."""
    scored = sheet.lines.filter(source=LineSource.MEMBER).values("criterion")
    missing = sheet.guide.criteria.scored_by_people().exclude(pk__in=scored).count()
    return not missing or _("还有%(number)s项没有评分。") % {"number": missing}
