"""What people are told about defences; texts stand under ``templates/review/letters``. What goes to experts names nobody."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter


class _ToApplicant(Letter):
    occasion = Occasion.DEFENCE
    page = "review:own_defence"


class _ToAgency(Letter):
    occasion = Occasion.DEFENCE
    channels: ClassVar = {}
    organisation_page = "review:defence"


@letter
class DefenceNotified(_ToApplicant):
    label = _("答辩通知")
    facts = ("title", "starts_at", "place", "is_online", "to_bring")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"
    must_say = ("下载答辩通知书",)


@letter
class DefenceChanged(_ToApplicant):
    label = _("答辩时间地点调整")
    facts = ("title", "before", "starts_at", "place", "is_online", "to_bring", "reason", "may_ask")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"
    must_say = ("下载答辩通知书",)


@letter
class DefencePutOff(_ToApplicant):
    label = _("答辩另行安排")
    facts = ("title", "before", "reason", "may_ask")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"
    must_say = ("另行通知",)


@letter
class DateChangeAnswered(_ToApplicant):
    label = _("答辩改期答复")
    facts = ("title", "agreed", "decision")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"


@letter
class DefenceMissed(_ToApplicant):
    label = _("未参加答辩")
    facts = ("title", "until", "may_change")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"
    must_say = ("视为放弃申报",)


@letter
class DefenceForfeited(_ToApplicant):
    label = _("未参加答辩，视为放弃申报")
    facts = ("title", "reason", "rights")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"


@letter
class DateChangeAsked(_ToAgency):
    label = _("申报人申请答辩改期")
    facts = ("name", "title", "kind", "reason")


@letter
class PanelCalled(Letter):
    occasion = Occasion.DEFENCE
    label = _("答辩评议安排")
    facts = ("panel", "starts_at", "place")
    page = "review:panel_slot"
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-105"


@letter
class PanelReleased(Letter):
    occasion = Occasion.DEFENCE
    label = _("不再参加答辩评议")
    facts = ("panel", "round", "reason")
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "R-110"
