"""States, kinds and the named sets of them that the catalogue speaks of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How titles of a series are evaluated in Beijing (S4 三)."""

    QUALIFICATION = "qualification", _("专业技术资格评审")
    POST = "post", _("专业技术职务评审")
    AUTONOMOUS = "autonomous", _("自主评审")
    NOT_RUN = "not_run", _("本市不开展")


class LevelKey(models.TextChoices):
    """The five levels, highest first."""

    FULL = "full", _("正高级")
    ASSOCIATE = "associate", _("副高级")
    INTERMEDIATE = "intermediate", _("中级")
    ASSISTANT = "assistant", _("助理级")
    ENTRY = "entry", _("员级")


class Band(models.TextChoices):
    """The three bands in which fees and committees are spoken of."""

    SENIOR = "senior", _("高级")
    INTERMEDIATE = "intermediate", _("中级")
    JUNIOR = "junior", _("初级")


class Method(models.TextChoices):
    """How one level of one specialty is obtained (R-030)."""

    REVIEW = "review", _("评审")
    EXAM_REVIEW = "exam_review", _("考评结合")
    EXAM_ONLY = "exam_only", _("以考代评")
    NOT_OFFERED = "not_offered", _("不开展")


class NameSource(models.TextChoices):
    """How well a title's name is documented."""

    VERIFIED = "V", _("已核对原文")
    SECONDARY = "2", _("据转载资料")
    UNVERIFIED = "U", _("待核实")


class PolicyState(models.TextChoices):
    """The life of a policy version."""

    DRAFT = "draft", _("草稿")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已发布")
    SUPERSEDED = "superseded", _("已有后续版本")


class EditionState(models.TextChoices):
    """Where the revision of an edition that is being worked on stands."""

    PREPARING = "preparing", _("编制中")
    SUBMITTED = "submitted", _("待批准")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已结束")


class ScheduleKind(models.TextChoices):
    """For which kind of evaluation a schedule holds."""

    QUALIFICATION = "qualification", _("专业技术资格评审")
    POST = "post", _("专业技术职务评审")
    SPECIAL = "special", _("专项评审")
    TALENT = "talent", _("考核认定")
    TARGETED = "targeted", _("定向评价")


class ScheduleState(models.TextChoices):
    """The life of an annual schedule."""

    DRAFT = "draft", _("草稿")
    CHECKED = "checked", _("已核对")
    PUBLISHED = "published", _("已发布")
    AMENDED = "amended", _("已调整")
    CLOSED = "closed", _("已结束")


class AuthorityState(models.TextChoices):
    """Whether an agency may evaluate in this year."""

    LISTED = "listed", _("在册")
    SUSPENDED = "suspended", _("暂停评审")
    WITHDRAWN = "withdrawn", _("收回评审权")
    DELISTED = "delisted", _("移出名录")


class RecognitionState(models.TextChoices):
    """The life of an association's recognition."""

    PROPOSED = "proposed", _("待批准")
    RECOGNISED = "recognised", _("已认可")
    DECLINED = "declined", _("未批准")
    ENDED = "ended", _("已终止认可")


class Recogniser(models.TextChoices):
    """Which authority recognised an association (R-082)."""

    CULTURE = "culture", _("北京市文化和旅游局")
    ARTS = "arts", _("北京市文学艺术界联合会")
    INDUSTRY = "industry", _("其他行业主管部门")


class GuideState(models.TextChoices):
    """The life of a committee's guide."""

    DRAFT = "draft", _("草稿")
    CHECKED = "checked", _("已核查")
    APPROVED = "approved", _("已批准")
    PUBLISHED = "published", _("已公布")
    ARCHIVED = "archived", _("已归档")


class Heading(models.TextChoices):
    """What a criterion looks at; every standard has at least these three (R-014)."""

    CHARACTER = "character", _("品德")
    ABILITY = "ability", _("能力")
    ACHIEVEMENT = "achievement", _("业绩")


class Indicator(models.TextChoices):
    """What a criterion counts or weighs."""

    ETHICS = "ethics", _("职业道德")
    PROFESSIONAL_ABILITY = "professional_ability", _("专业能力")
    TECHNICAL_LEVEL = "technical_level", _("技术水平")
    ACADEMIC_INFLUENCE = "academic_influence", _("学术影响力")
    INNOVATION = "innovation", _("创新贡献")
    ADVICE = "advice", _("决策咨询")
    TRAINING = "training", _("人才培养")
    PUBLIC_SERVICE = "public_service", _("公共服务")
    EMPLOYER_ASSESSMENT = "employer_assessment", _("单位考核结果和推荐情况")
    DEFENCE = "defence", _("答辩评议结果")
    PAPERS = "papers", _("论文数量")
    IMPACT_FACTOR = "impact_factor", _("影响因子")
    PROJECTS = "projects", _("项目数量")
    FUNDS = "funds", _("经费数量")
    AWARDS = "awards", _("获奖情况")
    JOURNAL_RANK = "journal_rank", _("论文期刊层次")
    HONOURS = "honours", _("荣誉称号")
    HATS = "hats", _("人才称号")


class EducationLevel(models.TextChoices):
    """Levels that a condition asks for, highest first; written as the education register writes them."""

    DOCTOR = "doctor", _("博士")
    MASTER = "master", _("硕士")
    BACHELOR = "bachelor", _("本科")
    COLLEGE = "college", _("大专")
    SECONDARY = "secondary", _("中专")


class Schooling(models.TextChoices):
    """What a person completed: the five levels, and the classes of technical colleges that count as three of them (R-060)."""

    DOCTOR = "doctor", _("博士研究生")
    MASTER = "master", _("硕士研究生")
    BACHELOR = "bachelor", _("大学本科")
    COLLEGE = "college", _("大学专科")
    SECONDARY = "secondary", _("中专")
    TECHNICIAN_CLASS = "technician_class", _("技工院校预备技师（技师）班")
    ADVANCED_CLASS = "advanced_class", _("技工院校高级工班")
    INTERMEDIATE_CLASS = "intermediate_class", _("技工院校中级工班")


class Degree(models.TextChoices):
    """Degrees, written as the education register writes them; each has the force of the education of its name (R-058)."""

    DOCTOR = "doctor", _("博士学位")
    MASTER = "master", _("硕士学位")
    BACHELOR = "bachelor", _("学士学位")


class Audience(models.TextChoices):
    """For whom a route of the conditions is open."""

    GENERAL = "general", _("专业技术人员")
    MOVER = "mover", _("机关流动到企事业单位的人员")
    SKILLED = "skilled", _("高技能人才")


class SkillGrade(models.TextChoices):
    """Grades of skill that lead to titles, lowest first (R-250)."""

    ADVANCED = "advanced", _("高级工")
    TECHNICIAN = "technician", _("技师")
    SENIOR_TECHNICIAN = "senior_technician", _("高级技师")


class Channel(models.TextChoices):
    """On which way a person applies."""

    ORDINARY = "ordinary", _("普通申报")
    EXCEPTIONAL = "exceptional", _("破格申报")
    TALENT = "talent", _("考核认定")
    TARGETED = "targeted", _("定向评价")
    FREELANCER = "freelancer", _("自由职业者申报")


class InsuredAs(models.TextChoices):
    """How a person is insured, written as the insurance register writes it."""

    EMPLOYEE = "employee", _("单位参保")
    FLEXIBLE = "flexible", _("以灵活就业人员身份参保")


class SanctionKind(models.TextChoices):
    """Disciplinary sanctions of public institutions that have a period (R-054)."""

    WARNING = "warning", _("警告")
    DEMERIT = "demerit", _("记过")
    LOWER_POST = "lower_post", _("降低岗位等级")


class Verdict(models.TextChoices):
    """How one condition stands: fulfilled, not yet known, not fulfilled, or for somebody to look at."""

    MET = "met", _("符合")
    MISSING = "missing", _("待补充")
    UNMET = "unmet", _("不符合")
    WARNING = "warning", _("需要核实")


class Answer(models.TextChoices):
    """What a whole check comes to."""

    YES = "yes", _("符合申报条件")
    NO = "no", _("不符合申报条件")
    MISSING = "missing", _("信息不完整，暂不能判断")


# Levels by band: senior levels are defended and cost most.
SENIOR = frozenset({LevelKey.FULL, LevelKey.ASSOCIATE})
JUNIOR = frozenset({LevelKey.ASSISTANT, LevelKey.ENTRY})

# Methods under which an application is possible at all.
REVIEWABLE = frozenset({Method.REVIEW, Method.EXAM_REVIEW})

# Policy versions that were published: each holds from its day until the next one's.
ONCE_PUBLISHED = frozenset({PolicyState.PUBLISHED, PolicyState.SUPERSEDED})

# Schedules whose windows hold.
IN_FORCE = frozenset({ScheduleState.PUBLISHED, ScheduleState.AMENDED})

# Indicators that a standard may mention but never demand, and those barred in practice-oriented series.
NEVER_DEMANDED = frozenset(
    {
        Indicator.PROJECTS,
        Indicator.FUNDS,
        Indicator.AWARDS,
        Indicator.JOURNAL_RANK,
        Indicator.HONOURS,
        Indicator.HATS,
    }
)
COUNTED_PAPERS = frozenset({Indicator.PAPERS, Indicator.IMPACT_FACTOR})
# What follows from another record by a rule: no result of a person is shown under it, and nobody gives points for it.
FOUND_ELSEWHERE = frozenset({Indicator.EMPLOYER_ASSESSMENT, Indicator.DEFENCE})

# Higher ranks contain lower ones: who has a master's needs no bachelor's.
EDUCATION_RANK = {level: rank for rank, level in enumerate(reversed(EducationLevel), start=1)}
SKILL_RANK = {grade: rank for rank, grade in enumerate(SkillGrade, start=1)}
LEVEL_RANK = {level: rank for rank, level in enumerate(reversed(LevelKey), start=1)}

# As what the classes of technical colleges count.
EQUIVALENT = {
    Schooling.TECHNICIAN_CLASS: EducationLevel.BACHELOR,
    Schooling.ADVANCED_CLASS: EducationLevel.COLLEGE,
    Schooling.INTERMEDIATE_CLASS: EducationLevel.SECONDARY,
}

# How long a sanction lasts, in months, and which ones bar (R-054; 《事业单位工作人员处分规定》).
SANCTION_MONTHS = {SanctionKind.WARNING: 6, SanctionKind.DEMERIT: 12, SanctionKind.LOWER_POST: 24}
BARRING_SANCTIONS = frozenset({SanctionKind.DEMERIT, SanctionKind.LOWER_POST})
