"""What people are told about an application; texts stand under ``templates/applications/letters``."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


@letter
class Submitted(Letter):
    occasion = Occasion.SUBMITTED
    label = _("申报已提交")
    facts = ("title", "employer", "until", "safe")
    page = "applications:mine"


@letter
class SubmittedToEmployer(Letter):
    occasion = Occasion.SUBMITTED
    label = _("有新的申报待审核推荐")
    facts = ("name", "title", "until", "safe")
    organisation_page = "applications:file"


@letter
class EmployerDeadline(Letter):
    occasion = Occasion.EMPLOYER_DEADLINE
    label = _("单位推荐即将截止")
    facts = ("name", "title", "remaining", "until")
    page = "applications:mine"
    organisation_page = "applications:file"
    reminder = True


@letter
class SentBack(Letter):
    occasion = Occasion.SUBMITTED
    label = _("单位退回修改")
    facts = ("title", "reason", "until")
    page = "applications:mine"


@letter
class TakenBack(Letter):
    occasion = Occasion.SUBMITTED
    label = _("申报人取回修改")
    facts = ("name", "title")
    channels = {}


@letter
class Withdrawn(Letter):
    occasion = Occasion.SUBMITTED
    label = _("申报人撤回申报")
    facts = ("name", "title")
    channels = {}


@letter
class OnEmployersNotice(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("单位公示开始")
    facts = ("title", "since", "until")
    page = "applications:mine"


@letter
class PublicityClean(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("公示期满无异议，请签署推荐")
    facts = ("name", "title", "until")
    organisation_page = "applications:file"


@letter
class NotRecommended(Letter):
    occasion = Occasion.REVIEWED
    label = _("单位不予推荐")
    facts = ("title", "ground", "reason", "rights")
    page = "applications:mine"


@letter
class Recommended(Letter):
    occasion = Occasion.REVIEWED
    label = _("单位已推荐")
    facts = ("title", "agency")
    page = "applications:mine"


@letter
class ArrivedAtAgency(Letter):
    occasion = Occasion.REVIEWED
    label = _("有新的申报待审核")
    facts = ("name", "title", "committee")
    channels = {}


@letter
class Returned(Letter):
    occasion = Occasion.RETURNED
    label = _("退回补正通知")
    facts = ("title", "defects", "last_day")
    page = "applications:mine"
    must_say = ("24:00", "只有一次")


@letter
class ReturnedToEmployer(Letter):
    occasion = Occasion.RETURNED
    label = _("申报材料退回补正")
    facts = ("name", "title", "last_day")
    organisation_page = "applications:file"


@letter
class CorrectionDeadline(Letter):
    occasion = Occasion.CORRECTION_DEADLINE
    label = _("补正即将截止")
    facts = ("name", "title", "remaining", "last_day")
    page = "applications:mine"
    organisation_page = "applications:file"
    reminder = True


@letter
class Resubmitted(Letter):
    occasion = Occasion.SUBMITTED
    label = _("补正已提交，请复核")
    facts = ("name", "title", "until")
    organisation_page = "applications:file"


@letter
class CorrectionExpired(Letter):
    occasion = Occasion.RETURNED
    label = _("逾期未补正，视为放弃申报")
    facts = ("title", "last_day", "rights")
    page = "applications:mine"


@letter
class Lapsed(Letter):
    occasion = Occasion.EMPLOYER_DEADLINE
    label = _("申报逾期失效")
    facts = ("title", "reason")
    page = "applications:mine"


@letter
class SealedHandedIn(Letter):
    occasion = Occasion.SUBMITTED
    label = _("申报人提交了贵单位盖章的推荐材料")
    facts = ("name", "title")
    organisation_page = "applications:file"
    channels = {}
