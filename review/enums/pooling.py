"""States and kinds of the expert pool, and its timers (domain §8.15)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.catalogue.enums import Band


class Origin(models.TextChoices):
    """Who named the person for the pool (R-161)."""

    AGENCY = "agency", _("评审服务机构推荐")
    EMPLOYER = "employer", _("用人单位推荐")
    INDUSTRY = "industry", _("行业主管部门推荐")
    SELF = "self", _("本人自荐")


class TermState(models.TextChoices):
    """Where a person's service in one pool stands (domain §8.15)."""

    NOMINATED = "nominated", _("已推荐，待审核")
    VETTED = "vetted", _("审核通过，待聘任")
    DECLINED = "declined", _("未入库")
    APPOINTED = "appointed", _("聘期内")
    PAUSED = "paused", _("暂停抽取")
    ENDED = "ended", _("聘期结束")
    DISQUALIFIED = "disqualified", _("取消专家资格")


T = TermState
# A person stands at most once in one pool; who was declined or disqualified may be named anew.
STANDING = frozenset({T.NOMINATED, T.VETTED, T.APPOINTED, T.PAUSED, T.ENDED})
SERVING = frozenset({T.APPOINTED, T.PAUSED})
TONES = {
    T.NOMINATED: "waiting",
    T.VETTED: "action",
    T.DECLINED: "ended",
    T.APPOINTED: "good",
    T.PAUSED: "waiting",
    T.ENDED: "ended",
    T.DISQUALIFIED: "bad",
}


class Assessment(models.TextChoices):
    """How the agency judged the duty of a term (R-164)."""

    NONE = "", _("未考核")
    PASSED = "passed", _("考核合格")
    FAILED = "failed", _("考核不合格")


class Attendance(models.TextChoices):
    """Whether a drawn expert came to a session."""

    PRESENT = "present", _("出席")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("无故缺席")


# A band of a committee by height: an expert judges at most the own band (E-06).
HEIGHT = {Band.JUNIOR: 1, Band.INTERMEDIATE: 2, Band.SENIOR: 3}

TERM_ENDING, TERM_END = "review.term_ending", "review.term_end"
TITLE_PROOF = "review.title_proof"
