"""States, roles, measures and bars of the integrity archive, and the named sets that the rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The timers of a record.
STATEMENT = "integrity.statement_is_due"
EXPIRES = "integrity.record_expires"


class RecordState(models.TextChoices):
    """Where a record stands (domain §8.16)."""

    OPENED = "opened", _("已立案")
    CLOSED_NO_CASE = "closed_no_case", _("不予处理")
    NOTICED = "noticed", _("已告知")
    DECIDED = "decided", _("已决定")
    AMENDED = "amended", _("已更正")
    IN_FORCE = "in_force", _("已生效")
    EXPIRED = "expired", _("已期满")
    QUASHED = "quashed", _("已撤销")


# Nothing is decided yet; a live application waits.
UNDECIDED = frozenset({RecordState.OPENED, RecordState.NOTICED})
AWAITING_SERVICE = (RecordState.DECIDED, RecordState.AMENDED)
# What was decided and not taken back: its bars hold as long as their own dates say.
STANDING = frozenset({RecordState.DECIDED, RecordState.AMENDED, RecordState.IN_FORCE, RecordState.EXPIRED})
# The subject does not learn of a clue that came to nothing, nor of one that is still looked into.
TOLD_TO_SUBJECT = STANDING | {RecordState.NOTICED, RecordState.QUASHED}


class SubjectRole(models.TextChoices):
    """In which capacity the subject acted (R-145)."""

    APPLICANT = "applicant", _("申报人")
    EXPERT = "expert", _("评审专家")
    STAFF = "staff", _("单位或者机构的工作人员")
    EMPLOYER = "employer", _("用人单位、推荐协会学会")
    AGENCY = "agency", _("评审服务机构")
    UNIT = "unit", _("自主评审单位")


ROLES_OF_PEOPLE = frozenset({SubjectRole.APPLICANT, SubjectRole.EXPERT, SubjectRole.STAFF})


class Source(models.TextChoices):
    """Where the clue came from (R-148)."""

    DATA_COMPARISON = "data_comparison", _("数据比对")
    OBJECTION = "objection", _("公示异议")
    REPORT = "report", _("举报")
    INSPECTION = "inspection", _("检查巡查")
    DEPARTMENT = "department", _("其他部门移送")


class Measure(models.TextChoices):
    """What a decision does besides the bars that follow from it by themselves (domain §4.5)."""

    RECORD = "record", _("记入职称申报评审诚信档案")
    CANCEL_APPLICATION = "cancel_application", _("取消申报资格")
    REVOKE_TITLE = "revoke_title", _("撤销职称")
    CANCEL_EXPERT = "cancel_expert", _("取消评审专家资格")
    UNIT_LIABILITY = "unit_liability", _("追究单位责任")
    PERSONAL_LIABILITY = "personal_liability", _("追究有关人员责任")
    SUSPEND = "suspend", _("暂停评审工作，责令采取补救措施")
    WITHDRAW = "withdraw", _("收回职称评审权")
    TALK = "talk", _("约谈")
    CORRECT = "correct", _("责令整改")
    NOT_RECOGNISED = "not_recognised", _("评审结果不予认定")


_M = Measure
MEASURES_OF_ROLE: dict[SubjectRole, tuple[Measure, ...]] = {
    SubjectRole.APPLICANT: (_M.RECORD, _M.CANCEL_APPLICATION, _M.REVOKE_TITLE),
    SubjectRole.EXPERT: (_M.RECORD, _M.CANCEL_EXPERT),
    SubjectRole.STAFF: (_M.RECORD, _M.PERSONAL_LIABILITY),
    SubjectRole.EMPLOYER: (_M.RECORD, _M.UNIT_LIABILITY, _M.CORRECT),
    SubjectRole.AGENCY: (_M.RECORD, _M.SUSPEND, _M.WITHDRAW),
    SubjectRole.UNIT: (_M.RECORD, _M.NOT_RECOGNISED, _M.TALK, _M.CORRECT, _M.SUSPEND, _M.WITHDRAW),
}
# R-079 "persons if serious", R-153 "serious: authority is withdrawn".
ONLY_IF_SERIOUS = frozenset({Measure.PERSONAL_LIABILITY, Measure.WITHDRAW})
AGAINST_SESSIONS = frozenset({Measure.SUSPEND, Measure.WITHDRAW})


class BarKind(models.TextChoices):
    """What a decision keeps its subject from."""

    APPLY = "apply", _("不得申报职称")
    PROMOTION = "promotion", _("不得晋升岗位")
    EXPERT = "expert", _("不得担任评审专家")
    SESSIONS = "sessions", _("不得组织评审")


class EntryState(models.TextChoices):
    """Where a record stands on one credit platform (A-14)."""

    TO_SHOW = "to_show", _("待推送")
    SHOWN = "shown", _("已推送")
    TO_REMOVE = "to_remove", _("待撤下")
    REMOVED = "removed", _("已撤下")


AT_WORK = frozenset({EntryState.TO_SHOW, EntryState.TO_REMOVE})
