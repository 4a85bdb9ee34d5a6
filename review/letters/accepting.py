"""What people are told about the acceptance of results and what follows from it (N-09, N-10, N-13); nobody before it."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter


class _OfBatch(Letter):
    occasion = Occasion.NOT_PASSED
    organisation_page = "review:acceptance"
    channels: ClassVar = {}


@letter
class ResultsReported(_OfBatch):
    label = _("评审结果报送验收")
    facts = ("agency", "session", "number")


@letter
class BatchSentBack(_OfBatch):
    label = _("验收材料退回补正")
    facts = ("session", "reason")


@letter
class BatchAccepted(_OfBatch):
    label = _("评审结果验收通过")
    facts = ("session", "accepted", "held")


@letter
class BatchRefused(_OfBatch):
    label = _("评审结果验收不通过")
    facts = ("session", "reason")


@letter
class CaseReleased(_OfBatch):
    label = _("暂缓人员补充验收")
    facts = ("session", "name", "title")


@letter
class CaseRevoted(_OfBatch):
    label = _("责令重新评审")
    facts = ("session", "name", "title", "reason")


@letter
class AcceptanceOverdue(_OfBatch):
    occasion = Occasion.OVERDUE
    label = _("验收发证超过承诺时限")
    facts = ("agency", "session")


@letter
class ResultNotPassed(Letter):
    occasion = Occasion.NOT_PASSED
    label = _("评审未通过")
    facts = ("title", "committee", "until", "rights")
    page = "applications:mine"
    channels: ClassVar = {}


@letter
class OnResultNoticeToEmployer(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("推荐人员列入评审结果公示")
    facts = ("name", "title", "since", "until")
    channels: ClassVar = {Channel.SMS: Need.OPTIONAL}
    organisation_page = "applications:file"


@letter
class ExemptionProposed(_OfBatch):
    occasion = Occasion.ON_NOTICE
    label = _("提出不公开公示，待批准")
    facts = ("session", "proposer")
    organisation_page = "review:result"


@letter
class ResultNoticeWithdrawn(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("推荐人员所在评审结果公示已撤回")
    facts = ("name", "title", "reason")
    must_say = ("重新公示", "从头计算")
    channels: ClassVar = {Channel.SMS: Need.OPTIONAL}
    organisation_page = "applications:file"


@letter
class ResultRestricted(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("评审结果不公开公示")
    facts = ("name", "title")
    channels: ClassVar = {}
    organisation_page = "applications:file"


@letter
class ResultNotRecognised(Letter):
    occasion = Occasion.NOT_PASSED
    label = _("评审结果不予承认")
    facts = ("title", "reason", "rights")
    page = "applications:mine"


@letter
class ResultNotRecognisedToEmployer(Letter):
    occasion = Occasion.NOT_PASSED
    label = _("推荐人员评审结果不予承认")
    facts = ("name", "title", "reason")
    channels: ClassVar = {}
    organisation_page = "applications:file"


@letter
class ResultNotRecognisedToAgency(_OfBatch):
    label = _("评审结果不予承认")
    facts = ("name", "title", "reason")
