"""What people are told of the agency's check (N-06, N-13); texts stand under ``templates/review/letters``."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


@letter
class ReviewPassed(Letter):
    occasion = Occasion.REVIEWED
    label = _("机构审核通过")
    facts = ("title", "agency")
    page = "applications:mine"


@letter
class ReviewPassedToEmployer(Letter):
    occasion = Occasion.REVIEWED
    label = _("推荐人员审核通过")
    facts = ("name", "title", "agency")
    organisation_page = "applications:file"
    channels = {}


@letter
class ReviewRejected(Letter):
    occasion = Occasion.REVIEWED
    label = _("机构审核不通过")
    facts = ("title", "agency", "reason", "rule", "rights")
    page = "applications:mine"


@letter
class ReviewRejectedToEmployer(Letter):
    occasion = Occasion.REVIEWED
    label = _("推荐人员审核不通过")
    facts = ("name", "title", "agency", "reason", "rule")
    organisation_page = "applications:file"


@letter
class ReviewSuspended(Letter):
    occasion = Occasion.REVIEWED
    label = _("评审服务机构被暂停评审工作")
    facts = ("title", "agency")
    page = "applications:mine"


@letter
class ReviewResumed(Letter):
    occasion = Occasion.REVIEWED
    label = _("评审服务机构恢复评审工作")
    facts = ("title", "agency")
    page = "applications:mine"


@letter
class ReviewTransferred(Letter):
    occasion = Occasion.REVIEWED
    label = _("改由其他评审服务机构受理")
    facts = ("title", "before", "agency")
    page = "applications:mine"


@letter
class ReviewTransferredToEmployer(Letter):
    occasion = Occasion.REVIEWED
    label = _("推荐人员改由其他评审服务机构受理")
    facts = ("name", "title", "before", "agency")
    organisation_page = "applications:file"
    channels = {}


@letter
class ReviewHandedOver(Letter):
    occasion = Occasion.REVIEWED
    label = _("移交来的申报材料")
    facts = ("name", "title", "before", "agency", "reason")
    organisation_page = "review:file"
    channels = {}


@letter
class PassedFileTransferred(Letter):
    occasion = Occasion.REVIEWED
    label = _("改由其他评审服务机构继续办理")
    facts = ("title", "before", "agency")
    page = "applications:mine"


@letter
class PassedFileHandedOver(Letter):
    occasion = Occasion.REVIEWED
    label = _("移交来的已通过审核的申报")
    facts = ("name", "title", "before", "agency", "reason", "stage")
    organisation_page = "review:file"
    channels = {}


@letter
class FirstCheckOverdue(Letter):
    occasion = Occasion.OVERDUE
    label = _("首次审核逾期")
    facts = ("agency", "until")
    organisation_page = "review:file"
    channels = {}


@letter
class SecondReturnAuthorised(Letter):
    occasion = Occasion.REVIEWED
    label = _("同意再次退回补正")
    facts = ("name", "title", "reason")
    organisation_page = "review:file"
    channels = {}
