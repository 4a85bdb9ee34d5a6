"""States, kinds and the named sets of them that an application's rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """Where one person's application stands, in the office's words (domain §8.1)."""

    DRAFT = "draft", _("填报中")
    SUBMITTED = "submitted", _("已提交，待单位受理")
    WITH_EMPLOYER = "with_employer", _("单位审核推荐中")
    RECOMMENDED = "recommended", _("单位已推荐，待机构审核")
    UNDER_REVIEW = "under_review", _("机构审核中")
    RETURNED = "returned", _("已退回补正")
    RESUBMITTED = "resubmitted", _("已补正，待单位复核")
    UNDER_SECOND_REVIEW = "under_second_review", _("机构复审中")
    REVIEW_PASSED = "review_passed", _("审核通过，待缴费")
    PAID = "paid", _("已缴费")
    AWAITING_DEFENCE = "awaiting_defence", _("待答辩")
    READY_FOR_COMMITTEE = "ready_for_committee", _("待上会评审")
    ON_AGENDA = "on_agenda", _("已列入评审会议")
    VOTED_PASS = "voted_pass", _("评审表决通过，待验收")
    VOTED_FAIL = "voted_fail", _("评审表决未通过，待验收")
    ACCEPTED = "accepted", _("评审结果已验收，待公示")
    IN_RESULT_NOTICE = "in_result_notice", _("评审结果公示中")
    CLEARED = "cleared", _("公示期满无异议，待发证")
    CERTIFIED = "certified", _("已核发证书")
    LAPSED = "lapsed", _("逾期失效")
    NOT_RECOMMENDED = "not_recommended", _("单位不予推荐")
    DEEMED_WITHDRAWN = "deemed_withdrawn", _("视为放弃申报")
    REJECTED = "rejected", _("机构审核不通过")
    WITHDRAWN = "withdrawn", _("已撤回申报")
    DISQUALIFIED = "disqualified", _("已取消申报资格")
    NOT_PASSED = "not_passed", _("评审未通过")
    NOT_RECOGNISED = "not_recognised", _("评审结果不予承认")


A = ApplicationState
ENDED = frozenset(
    {
        A.LAPSED,
        A.NOT_RECOMMENDED,
        A.DEEMED_WITHDRAWN,
        A.REJECTED,
        A.WITHDRAWN,
        A.DISQUALIFIED,
        A.NOT_PASSED,
        A.NOT_RECOGNISED,
    }
)
LIVE = frozenset(A) - ENDED - {A.CERTIFIED}
# What counts as the one application of a person in a year.
COUNTED = LIVE | {A.CERTIFIED}
EDITABLE = frozenset({A.DRAFT, A.RETURNED})
WITH_THE_EMPLOYER = frozenset({A.SUBMITTED, A.WITH_EMPLOYER, A.RESUBMITTED})
# What the committee decided is nobody's to know before the result is accepted (domain §9): shown as still being evaluated.
VOTED = frozenset({A.VOTED_PASS, A.VOTED_FAIL})
BEFORE_THE_COMMITTEE = frozenset({A.ON_AGENDA}) | VOTED
AFTER_ACCEPTANCE = frozenset({A.ACCEPTED, A.IN_RESULT_NOTICE, A.CLEARED})
# From the acceptance on the person knows the result, and may read what the employer wrote for the committee (domain §9).
RESULT_KNOWN = AFTER_ACCEPTANCE | {A.CERTIFIED, A.NOT_PASSED, A.NOT_RECOGNISED}
# Where a result can stand while an objection is open: on show, or waiting for a corrected notice.
OBJECTED_RESULTS = frozenset({A.ACCEPTED, A.IN_RESULT_NOTICE})
GIVABLE_UP = LIVE - BEFORE_THE_COMMITTEE - AFTER_ACCEPTANCE

# What the person reads, where it differs from the office's words: who has to do what now.
SHOWN_TO_APPLICANT = {
    A.DRAFT: _("填写中，尚未提交"),
    A.SUBMITTED: _("已提交，等单位受理"),
    A.WITH_EMPLOYER: _("单位正在审核"),
    A.RECOMMENDED: _("单位已推荐，等机构审核"),
    A.UNDER_REVIEW: _("评审服务机构审核中"),
    A.RETURNED: _("请补正材料"),
    A.RESUBMITTED: _("补正已提交，等单位复核"),
    A.UNDER_SECOND_REVIEW: _("评审服务机构复审中"),
    A.REVIEW_PASSED: _("审核通过，请缴费"),
    A.PAID: _("已缴费，等候安排"),
    A.AWAITING_DEFENCE: _("等候答辩"),
    A.READY_FOR_COMMITTEE: _("等评审委员会评审"),
    A.ON_AGENDA: _("评审委员会评审中"),
    A.ACCEPTED: _("评审通过，等候公示"),
    A.IN_RESULT_NOTICE: _("评审通过，公示中"),
    A.CLEARED: _("公示无异议，等候发证"),
    A.CERTIFIED: _("已取得职称证书"),
}


class Hold(models.TextChoices):
    """What keeps an application from moving on; an overlay, not a state."""

    NONE = "none", _("无")
    OBJECTION = "objection", _("公示异议核查中")
    INVESTIGATION = "investigation", _("诚信核查中")


class Recommender(models.TextChoices):
    """Who recommends."""

    EMPLOYER = "employer", _("参保单位")
    ASSOCIATION = "association", _("协会、学会")


class SealedPaper(models.TextChoices):
    """What an association seals on paper (R-083)."""

    FORM = "form", _("职称申报信息表")
    COMMITMENT = "commitment", _("个人诚信承诺")
    PUBLICITY = "publicity", _("公示材料")


class RecommendationState(models.TextChoices):
    """Where the employer's part stands (domain §8.2)."""

    PENDING = "pending", _("待受理")
    CHECKING = "checking", _("审核中")
    SENT_BACK = "sent_back", _("已退申报人修改")
    PUBLICISING = "publicising", _("公示中")
    HELD = "held", _("异议核查中")
    PUBLICISED = "publicised", _("公示无异议，待推荐")
    RECOMMENDED = "recommended", _("已推荐")
    RECHECKING = "rechecking", _("补正待复核")
    REFUSED = "refused", _("不予推荐")
    EXPIRED = "expired", _("逾期未推荐")
    CLOSED = "closed", _("申报已终止")


R = RecommendationState
AWAITING_EMPLOYER = frozenset({R.PENDING, R.CHECKING, R.PUBLICISING, R.HELD, R.PUBLICISED, R.RECHECKING})
ON_NOTICE = frozenset({R.PUBLICISING, R.HELD})
# Where the employer's part can stand while an objection is open; SENT_BACK is with the person, who corrects.
OBJECTED = frozenset({R.HELD, R.PENDING, R.CHECKING, R.RECHECKING})
STILL_TO_BE_PUBLICISED = frozenset({R.CHECKING, R.RECHECKING})


class BatchKind(models.TextChoices):
    """What can be asked for many people at once."""

    PUBLICISE = "publicise", _("一并发布公示")
    RECOMMEND = "recommend", _("批量签署推荐")


class RefusalGround(models.TextChoices):
    """Why an employer does not recommend; at least one is given (domain §8.1 #6)."""

    UNTRUE = "untrue", _("申报内容不真实")
    NOT_ELIGIBLE = "not_eligible", _("不符合申报条件")
    OBJECTION_UPHELD = "objection_upheld", _("公示异议成立")
    OTHER = "other", _("其他")


class Source(models.TextChoices):
    """Who vouches for a fact of the archive."""

    OWN = "own", _("本人填报")
    EDUCATION = "education", _("学历学位数据")
    INSURANCE = "insurance", _("社会保险数据")
    TITLES = "titles", _("职称证书数据")
    AGENCY = "agency", _("评审服务机构核验")


class System(models.TextChoices):
    """Outside registers that are asked about an applicant."""

    EDUCATION = "education", _("学历学位")
    INSURANCE = "insurance", _("社会保险")
    TITLES = "titles", _("职称证书")
    CREDIT = "credit", _("信用记录")


class LookupState(models.TextChoices):
    """How far a question to a register is."""

    WAITING = "waiting", _("查询中")
    ANSWERED = "answered", _("已返回")
    FAILED = "failed", _("暂不可用")


class Severity(models.TextChoices):
    """What a finding about a draft does."""

    MISSING = "missing", _("待补充")
    WARNING = "warning", _("请核对")


# The timers of applications, those of the agency's half too: all hang on the application, which every step locks first.
WINDOW = "applications.individual_window"
EMPLOYER_WINDOW = "applications.employer_window"
CORRECTION = "applications.correction"
RECHECK = "applications.employer_recheck"
# The basis of an employer's timer that is prolonged for what was asked in time with many, and for nothing else; it starts
# with the last instant that counted.
WORKED_OFF = "A-33"
FIRST_CHECK = "applications.first_check"
FEE = "applications.fee"
# That the agency may not evaluate, or may again, reaches each of its files as a timer due at that instant: no step and
# no later timer overtakes it.
SUSPENSION = "applications.suspension"
RESUMPTION = "applications.resumption"
# What no pause of one person's time stops.
RUNS_ON = frozenset({WINDOW, SUSPENSION, RESUMPTION})
EXCUSE = "applications.excuse"
