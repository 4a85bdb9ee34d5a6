"""What people are told about experts and their terms; texts stand under ``templates/review/letters``."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


class _AboutTerm(Letter):
    occasion = Occasion.EXPIRING
    page = "review:own_expert"
    organisation_page = "review:expert"


class _ToOffice(_AboutTerm):
    channels: ClassVar = {}


@letter
class ExpertNominated(_AboutTerm):
    label = _("推荐担任评审专家")
    facts = ("scope", "nominator")
    must_say = ("本人同意",)


@letter
class ExpertVetted(_ToOffice):
    label = _("评审专家审核通过")
    facts = ("name", "scope")


@letter
class ExpertDeclined(_ToOffice):
    label = _("评审专家未入库")
    facts = ("name", "scope", "reason")


@letter
class ExpertAppointed(_AboutTerm):
    label = _("评审专家聘任")
    facts = ("scope", "number", "span")
    must_say = ("保密和回避承诺",)


@letter
class ExpertAppointedToEmployer(_ToOffice):
    label = _("本单位人员受聘评审专家")
    facts = ("name", "scope", "number", "span")


@letter
class ExpertPaused(_AboutTerm):
    label = _("评审专家暂停抽取")
    facts = ("scope", "reason")


@letter
class ExpertResumed(_AboutTerm):
    label = _("评审专家恢复抽取")
    facts = ("scope",)


@letter
class ExpertTermEnding(_ToOffice):
    label = _("评审专家聘期将满")
    facts = ("name", "scope", "span")


@letter
class ExpertTermEnded(_ToOffice):
    label = _("评审专家聘期结束")
    facts = ("name", "scope", "span", "reason")


@letter
class ExpertDisqualified(_AboutTerm):
    label = _("取消评审专家资格")
    facts = ("name", "scope")


@letter
class DutyObserved(_AboutTerm):
    label = _("履职记录有更新")
    facts = ("scope", "held_on", "remark")
    channels: ClassVar = {}
