"""States, roles, measures and bars of the integrity archive, and the named sets that the rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The timers of a record.
STATEMENT = "integrity.statement_is_due"
EXPIRES = "integrity.record_expires"

# What the subject hands in with a statement.
EVIDENCE = "integrity_statement"


class RecordState(models.TextChoices):
    """Where a record stands (domain §8.16)."""

    OPENED = "opened", _("已立案")
    CLOSED_NO_CASE = "closed_no_case", _("不予处理")
    NOTICED = "noticed", _("已告知")
    DECIDED = "decided", _("已决定")
    AMENDED = "amended", _("已更正")
    IN_FORCE = "in_force", _("已生效")
    EXPIRED = "expired", _("已期满")
    QUASHED = "quashed", pgettext_lazy("decision", "已撤销")


# Nothing is decided yet; a live application waits.
UNDECIDED = frozenset({RecordState.OPENED, RecordState.NOTICED})
AWAITING_SERVICE = (RecordState.DECIDED, RecordState.AMENDED)
# What was decided and not taken back: its bars hold as long as their own dates say.
STANDING = frozenset({RecordState.DECIDED, RecordState.AMENDED, RecordState.IN_FORCE, RecordState.EXPIRED})
# The subject does not learn of a clue that came to nothing, nor of one that is still looked into.
TOLD_TO_SUBJECT = STANDING | {RecordState.NOTICED, RecordState.QUASHED}


# The subject's words for where it stands.
FOR_SUBJECT = {
    RecordState.NOTICED: _("已告知，可以陈述申辩"),
    RecordState.DECIDED: _("已作出决定，请签收"),
    RecordState.AMENDED: _("决定已更正，请签收"),
    RecordState.IN_FORCE: _("决定已生效"),
    RecordState.EXPIRED: _("记录已期满"),
    RecordState.QUASHED: _("决定已撤销"),
}
TONES = {
    RecordState.OPENED: "waiting",
    RecordState.NOTICED: "running",
    RecordState.DECIDED: "action",
    RecordState.AMENDED: "action",
    RecordState.IN_FORCE: "bad",
}


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


class Act(models.TextChoices):
    """What the subject did (domain §4.5); the platforms are told this and never the facts."""

    FALSE_MATERIAL = "false_material", _("提供虚假材料")
    PLAGIARISM = "plagiarism", _("剽窃他人作品或者学术成果")
    IMPROPER_AUTHORSHIP = "improper_authorship", _("不当署名")
    OTHER_MEANS = "other_means", _("以其他不正当手段申报")
    CARELESS_CHECK = "careless_check", _("审核把关不严")
    SHIELDING = "shielding", _("包庇、纵容弄虚作假")
    FALSE_PROOF = "false_proof", _("出具虚假证明")
    LEAK = "leak", _("泄露评审信息")
    NO_RECUSAL = "no_recusal", _("应当回避而未回避")
    PRIVATE_GAIN = "private_gain", _("利用评审谋取私利")
    BROKEN_PROCEDURE = "broken_procedure", _("违反评审程序")
    POOR_QUALITY = "poor_quality", _("不能保证评审质量")
    EXCEEDED_AUTHORITY = "exceeded_authority", _("超越权限或者擅自扩大评审范围")
    AGAINST_POLICY = "against_policy", _("违反职称政策规定")
    NOT_FILED = "not_filed", _("不按规定报送评审结果")


_A = Act
_CHECKING = (_A.CARELESS_CHECK, _A.SHIELDING, _A.FALSE_PROOF)
_REVIEWING = (_A.LEAK, _A.NO_RECUSAL, _A.PRIVATE_GAIN)
_ORGANISING = (_A.BROKEN_PROCEDURE, _A.POOR_QUALITY)
ACTS_OF_ROLE: dict[SubjectRole, tuple[Act, ...]] = {
    SubjectRole.APPLICANT: (_A.FALSE_MATERIAL, _A.PLAGIARISM, _A.IMPROPER_AUTHORSHIP, _A.OTHER_MEANS),
    SubjectRole.EXPERT: (*_REVIEWING, _A.BROKEN_PROCEDURE),
    SubjectRole.STAFF: (*_CHECKING, *_REVIEWING, _A.BROKEN_PROCEDURE),
    SubjectRole.EMPLOYER: _CHECKING,
    SubjectRole.AGENCY: (*_ORGANISING, _A.LEAK),
    SubjectRole.UNIT: (*_ORGANISING, _A.EXCEEDED_AUTHORITY, _A.AGAINST_POLICY, _A.NOT_FILED),
}


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
    NOT_RECOGNISED = "not_recognised", _("评审结果不予承认")


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
