"""The agency's check: where it stands, what was found, what is proposed (domain §8.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    """Where the agency's check of one application stands."""

    QUEUED = "queued", _("待审核")
    CHECKING = "checking", _("审核中")
    RETURNED = "returned", _("已退回补正")
    RECHECKING = "rechecking", _("复审中")
    PASSED = "passed", _("审核通过")
    REJECTED = "rejected", _("审核不通过")
    CLOSED_EXPIRED = "closed_expired", _("逾期未补正，已终止")
    CLOSED = "closed", _("申报已终止")


S = ReviewState
OPEN = frozenset({S.QUEUED, S.CHECKING, S.RETURNED, S.RECHECKING})
WITH_THE_AGENCY = frozenset({S.QUEUED, S.CHECKING, S.RECHECKING})
# In which states items are looked at, and what the agency's time runs for.
CHECKED_IN = frozenset({S.CHECKING, S.RECHECKING})
FIRST_CHECK_IN = frozenset({S.QUEUED, S.CHECKING})


class Proposal(models.TextChoices):
    """What the person who checked proposes to the lead; empty while nothing is proposed."""

    PASS = "pass", _("建议通过")
    RETURN = "return", _("建议一次性退回补正")
    REJECT = "reject", _("建议不通过")


class Verdict(models.TextChoices):
    """What was found about one item of the checklist."""

    FINE = "fine", _("符合")
    DEFECT = "defect", _("需补正")
    NOT_APPLICABLE = "not_applicable", _("不适用")
    UNFINISHED = "unfinished", _("未写完")


# What a person can find; an unfinished text is kept so that nothing typed is lost, and decides nothing.
FOUND = (Verdict.FINE, Verdict.DEFECT, Verdict.NOT_APPLICABLE)


FEWEST_SIGNS, LONGEST_TEXT, LONGEST_REASON = 10, 500, 500


class Ground(models.TextChoices):
    """The rules that a defect or a rejection rests on; the value is the rule's number (domain §3.3, §3.6)."""

    RELATION = "R-050", _("R-050 人事劳动关系")
    FOREIGNER = "R-051", _("R-051 外籍和港澳台人员")
    CIVIL_SERVANT = "R-052", _("R-052 公务员不得参加")
    RETIRED = "R-053", _("R-053 离退休人员不得申报")
    SANCTION = "R-054", _("R-054 处分影响期")
    RESTRICTED = "R-055", _("R-055 从业限制")
    ETHICS = "R-056", _("R-056 职业道德")
    CONDITIONS = "R-057", _("R-057 申报条件")
    EDUCATION = "R-058", _("R-058 学历或者学位")
    EDUCATION_PROOF = "R-059", _("R-059 学历学位证明")
    FIELD = "R-061", _("R-061 所学专业与申报专业")
    SENIORITY = "R-062", _("R-062 专业技术工作年限")
    FORM = "R-063", _("R-063 客观、准确、完整填报")
    TRUTH = "R-064", _("R-064 材料真实")
    MATERIALS = "R-065", _("R-065 申报材料")
    SPECIAL_MATERIALS = "R-066", _("R-066 专项材料")
    WORK_HISTORY = "R-068", _("R-068 工作经历与参保记录")
    INSURED_EMPLOYER = "R-070", _("R-070 参保单位推荐")
    FREELANCE = "R-080", _("R-080 自由职业从业情况")
    ASSOCIATION = "R-082", _("R-082 认可的协会、学会推荐")
    SEALED_PAPERS = "R-084", _("R-084 协会、学会审核公示盖章")
    WORKS_ELSEWHERE = "A-18", _("A-18 实际工作单位")
    SKILLED_WORKER = "R-250", _("R-250 职业技能等级与职称贯通")
    EXAM = "R-260", _("R-260 考评结合")
    STANDARD = "R-039", _("R-039 评委会评价标准")
