"""What people are told about sessions; no applicant is ever named to anybody else here."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter


class _OfSession(Letter):
    occasion = Occasion.DEFENCE
    page = "review:session"
    organisation_page = "review:session"


@letter
class SessionInvited(_OfSession):
    label = _("评审会议邀请")
    facts = ("title", "committee", "starts_at", "place", "answer_by")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "E-11"
    must_say = ("逾期未答复",)


@letter
class InvitationReminder(_OfSession):
    label = _("评审会议邀请待答复")
    facts = ("title", "starts_at", "remaining", "answer_by")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "A-52"
    must_say = ("逾期未答复",)
    reminder = True


@letter
class InvitationLapsed(Letter):
    occasion = Occasion.DEFENCE
    label = _("评审会议邀请已过期")
    facts = ("title", "starts_at")
    channels: ClassVar = {}


@letter
class SessionCancelled(_OfSession):
    label = _("评审会议取消")
    facts = ("title", "starts_at", "reason")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-118"


@letter
class SessionWatched(_OfSession):
    label = _("评审会议监督安排")
    facts = ("title", "starts_at", "place")
    channels: ClassVar = {}


@letter
class SessionConvened(_OfSession):
    label = _("评审会议已召集")
    facts = ("title", "starts_at", "place")
    channels: ClassVar = {}


@letter
class SeatFellFree(_OfSession):
    label = _("参会委员不参加会议")
    facts = ("title", "name", "follows")
    channels: ClassVar = {}


@letter
class MemberKeepsOut(_OfSession):
    label = _("委员回避")
    facts = ("title", "number", "name", "relation", "source")
    channels: ClassVar = {}


@letter
class CaseLeftAgenda(_OfSession):
    label = _("一项申报暂缓表决或者移出议程")
    facts = ("title", "number", "state", "reason")
    channels: ClassVar = {}


@letter
class SessionSigned(_OfSession):
    label = _("评审会议记录已签署")
    facts = ("title",)
    channels: ClassVar = {}


@letter
class StopAsked(_OfSession):
    label = _("监督委员建议停止会议")
    facts = ("title", "reason")
    channels: ClassVar = {}


@letter
class StopAnswered(_OfSession):
    label = _("停止会议建议的决定")
    facts = ("title", "decision", "reason")
    channels: ClassVar = {}


@letter
class SessionVoided(_OfSession):
    label = _("评审会议认定无效")
    facts = ("title", "reason")
    channels: ClassVar = {}


@letter
class CaseVoided(_OfSession):
    label = _("一项表决结果认定无效")
    facts = ("title", "number", "reason")
    channels: ClassVar = {}


@letter
class VotedAgain(Letter):
    occasion = Occasion.REVIEWED
    label = _("申报将重新评审")
    facts = ("title",)
    page = "applications:mine"
