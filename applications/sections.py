"""What an application consists of: its sections and their fields, in one place for forms, API, papers and comparison.

A *sheet* is filled once per application, an *item* as often as needed; items live in the person's archive and are used
again next year. Values are stored as plain JSON: texts, ISO dates, whole numbers, booleans.
"""

from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.catalogue.enums import Degree, Heading, LevelKey, SanctionKind, Schooling, SkillGrade

Words = str | Promise


class Entry(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Study(models.TextChoices):
    """How one studied."""

    FULL_TIME = "full_time", _("普通全日制")
    PART_TIME = "part_time", _("非全日制")


class Assessed(models.TextChoices):
    """Results of a year's assessment."""

    EXCELLENT = "excellent", _("优秀")
    COMPETENT = "competent", _("合格（称职）")
    BASIC = "basic", _("基本合格")
    INCOMPETENT = "incompetent", _("不合格")
    NONE = "none", _("未考核")


class Role(models.TextChoices):
    """The part that the person had in a result."""

    LEAD = "lead", _("主持（第一完成人）")
    MAIN = "main", _("主要完成人")
    MEMBER = "member", _("参与")


@dataclass(frozen=True)
class Field:
    """One field. ``most`` is the longest text in signs or the greatest number; ``basis`` the rule that asks for it.

    ``conditional`` fields are asked of some people only; their hint says of whom.
    """

    name: str
    label: Words
    entry: Entry
    required: bool = True
    most: int = 100
    choices: type[models.TextChoices] | None = None
    hint: Words = ""
    basis: str = "R-063"
    conditional: bool = False


@dataclass(frozen=True)
class Section:
    """One section of the form. ``least`` items are needed where it has items; ``evidence`` says which claims need a file."""

    key: str
    name: Words
    fields: tuple[Field, ...]
    basis: str
    is_sheet: bool = False
    least: int = 0
    hint: Words = ""
    evidence: Words = ""
    evidence_required: bool = False

    def field(self, name: str) -> Field:
        """Return the field of that name; raises KeyError."""
        return {field.name: field for field in self.fields}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its fields."""
        return tuple(field.name for field in self.fields)


F = Field
E = Entry

POST = Section(
    "post",
    _("岗位与申报身份"),
    (
        F(
            "work_unit",
            _("实际工作单位"),
            E.LINE,
            most=100,
            hint=_("与参保单位不同时（如劳务派遣），请填写实际工作单位全称。"),
            basis="A-18",
        ),
        F("department", _("部门"), E.LINE, required=False, most=60),
        F("post", _("现任岗位"), E.LINE, most=60),
        F("field", _("现从事专业"), E.LINE, most=60, hint=_("按实际长期从事的专业填写。"), basis="R-061"),
        F(
            "professional_since",
            _("从事专业技术工作起始年月"),
            E.MONTH,
            hint=_("从党政机关调入的，可连续计算此前专业技术工作年限。"),
            basis="R-062",
        ),
        F("is_mover", _("是否由党政机关流动到企事业单位"), E.YES_NO, required=False, basis="R-062"),
        F(
            "major_matches",
            _("所学专业与申报专业是否一致或者相近"),
            E.YES_NO,
            required=False,
            hint=_("涉及公共安全、人身健康的专业须填写。"),
            basis="R-061",
            conditional=True,
        ),
        F("is_civil_servant", _("是否在编公务员或参照公务员法管理登记人员"), E.YES_NO, basis="R-052"),
        F("is_retired", _("是否已办理离退休手续"), E.YES_NO, basis="R-053"),
        F("is_institution_staff", _("是否事业单位工作人员"), E.YES_NO, basis="R-054"),
        F("is_sanctioned", _("目前是否处于处分影响期"), E.YES_NO, basis="R-054"),
        F(
            "sanction",
            _("处分种类"),
            E.CHOICE,
            required=False,
            choices=SanctionKind,
            hint=_("有处分的填写。"),
            basis="R-054",
            conditional=True,
        ),
        F(
            "sanctioned_on",
            _("处分决定日期"),
            E.DATE,
            required=False,
            hint=_("有处分的填写。"),
            basis="R-054",
            conditional=True,
        ),
        F(
            "restricted_until",
            _("从业限制截止日期"),
            E.DATE,
            required=False,
            hint=_("因违反行业法律法规被限制从业的，填写截止日期。"),
            basis="R-055",
            conditional=True,
        ),
    ),
    basis="R-050",
    is_sheet=True,
)
SUMMARY = Section(
    "summary",
    _("专业技术工作总结"),
    (
        F(
            "character",
            _("政治表现与职业道德"),
            E.TEXT,
            most=1000,
            hint=_("遵守宪法和法律、恪守职业道德的情况，1000字以内。"),
            basis="R-056",
        ),
        F("ability", _("专业能力与技术水平"), E.TEXT, most=2000, basis="R-014"),
        F(
            "achievement",
            _("主要业绩与贡献"),
            E.TEXT,
            most=3000,
            hint=_("写明本人所起的作用；公示中将展示主要业绩。"),
            basis="R-014",
        ),
        F(
            "gap_note",
            _("情况说明"),
            E.TEXT,
            required=False,
            most=1000,
            hint=_("对系统核对提示（如工作经历与参保记录不一致、时间空档）作出说明。"),
            basis="R-068",
        ),
    ),
    basis="R-014",
    is_sheet=True,
)
EDUCATION = Section(
    "education",
    _("学历学位"),
    (
        F("level", _("学历"), E.CHOICE, choices=Schooling, basis="R-058"),
        F("degree", _("学位"), E.CHOICE, required=False, choices=Degree, hint=_("没有学位的请留空。"), basis="R-058"),
        F("school", _("毕业院校"), E.LINE, most=80),
        F("major", _("所学专业"), E.LINE, most=60, basis="R-061"),
        F("study", _("学习形式"), E.CHOICE, choices=Study),
        F("graduated_on", _("毕业日期"), E.DATE),
        F("certificate_number", _("证书编号"), E.LINE, required=False, most=40),
    ),
    basis="R-058",
    least=1,
    hint=_("国家承认的学历或者学位，具备其一即可。系统自动核验成功的无需上传证书。"),
    evidence=_("未能自动核验的学历学位，请上传证书。"),
)
WORK = Section(
    "work",
    _("工作经历"),
    (
        F("unit", _("工作单位"), E.LINE, most=100, hint=_("请填写单位全称，与参保记录一致。"), basis="R-068"),
        F("post", _("岗位"), E.LINE, most=60),
        F("duty", _("从事的专业技术工作"), E.LINE, most=200),
        F("since", _("起始年月"), E.MONTH),
        F("until", _("截止年月"), E.MONTH, required=False, hint=_("至今的请留空。")),
        F("is_professional", _("是否专业技术工作"), E.YES_NO, basis="R-062"),
    ),
    basis="R-057",
    least=1,
    hint=_(
        "从参加工作填起，时间连续；空档请在情况说明中写明。实际工作单位不是参保单位的，在该单位的经历中上传其出具的业绩说明。"
    ),
)
TITLE = Section(
    "title",
    _("现有职称"),
    (
        F("series", _("系列"), E.LINE, most=30),
        F("title", _("职称名称"), E.LINE, most=30),
        F("level", _("级别"), E.CHOICE, choices=LevelKey, basis="A-26"),
        F("specialty", _("专业"), E.LINE, required=False, most=40),
        F("obtained_on", _("取得日期"), E.DATE),
        F("certificate_number", _("证书编号"), E.LINE, required=False, most=40),
        F("authority", _("发证机关"), E.LINE, required=False, most=80),
    ),
    basis="A-26",
    hint=_("首次申报、没有职称的可以不填。"),
    evidence=_("未能自动核验的职称，请上传证书。"),
)
TRAINING = Section(
    "training",
    _("继续教育"),
    (
        F("year", _("年度"), E.YEAR),
        F("subject", _("学习内容"), E.LINE, most=100),
        F("hours", _("学时"), E.NUMBER, most=2000),
        F("organiser", _("组织单位"), E.LINE, required=False, most=80),
    ),
    basis="R-057",
)
EXAM = Section(
    "exam",
    _("考试成绩"),
    (
        F("series", _("系列"), E.LINE, most=30, hint=_("如经济、统计、会计、审计、翻译。"), basis="R-260"),
        F("level", _("级别"), E.CHOICE, choices=LevelKey, basis="R-260"),
        F("passed_on", _("通过日期"), E.DATE, basis="R-260"),
        F("valid_until", _("有效期至"), E.DATE, required=False, hint=_("长期有效的请留空。"), basis="A-38"),
        F("certificate_number", _("成绩或证书编号"), E.LINE, required=False, most=40),
    ),
    basis="R-260",
    hint=_("实行考评结合的级别，须先通过全国统一考试。"),
    evidence=_("请上传考试成绩合格证明。"),
    evidence_required=True,
)
SKILL = Section(
    "skill",
    _("职业技能等级"),
    (
        F("name", _("职业（工种）"), E.LINE, most=60),
        F("grade", _("等级"), E.CHOICE, choices=SkillGrade, basis="R-250"),
        F("obtained_on", _("取得日期"), E.DATE, basis="R-250"),
        F("certificate_number", _("证书编号"), E.LINE, required=False, most=40),
    ),
    basis="R-250",
    hint=_("高技能人才按职业技能等级申报的填写。"),
    evidence=_("请上传职业技能等级证书。"),
    evidence_required=True,
)
RESULT = Section(
    "result",
    _("业绩成果"),
    (
        F("heading", _("评价方面"), E.CHOICE, choices=Heading, basis="R-014"),
        F("name", _("成果名称"), E.LINE, most=120),
        F("role", _("本人作用"), E.CHOICE, choices=Role),
        F("ranking", _("本人排名"), E.LINE, required=False, most=20, hint=_("如 1/5。")),
        F("finished_on", _("完成或取得日期"), E.DATE),
        F("summary", _("内容与效果"), E.TEXT, most=800, hint=_("解决了什么问题，产生了什么效益；800字以内。")),
        F("evidence_page", _("证明材料中本人姓名所在页"), E.LINE, required=False, most=40),
    ),
    basis="R-044",
    least=1,
    hint=_("从本系列评价标准的指标中选择代表性成果，论文不是必选项。"),
    evidence=_("请上传证明该成果的材料。"),
    evidence_required=True,
)
ASSESSMENT = Section(
    "assessment",
    _("年度考核"),
    (F("year", _("年度"), E.YEAR), F("result", _("考核结果"), E.CHOICE, choices=Assessed)),
    basis="R-076",
    least=1,
    hint=_("近年的年度考核结果，由单位核对。"),
)

FREELANCE = Section(
    "freelance",
    _("自由职业从业情况"),
    (
        F("work", _("作品、项目或者服务"), E.LINE, most=120, basis="R-080"),
        F("partner", _("合作或者委托单位"), E.LINE, required=False, most=100),
        F("since", _("起始年月"), E.MONTH, basis="R-081"),
        F("until", _("截止年月"), E.MONTH, required=False, hint=_("至今的请留空。"), basis="R-081"),
        F("in_beijing", _("是否在本市从事"), E.YES_NO, basis="R-081"),
        F("in_field", _("是否属于申报专业领域"), E.YES_NO, basis="R-080"),
    ),
    basis="R-080",
    hint=_("没有由单位参保的自由职业者填写：在本市从业的时间和近1年从事的申报专业领域工作。"),
    evidence=_("请上传合同、作品发表、结算凭证等证明材料。"),
    evidence_required=True,
)
SEALED = Section(
    "sealed",
    _("协会、学会审核公示"),
    (
        F("notice_since", _("公示起始日期"), E.DATE, hint=_("公示发布当日，不计入5个工作日。"), basis="R-084"),
        F("notice_until", _("公示截止日期"), E.DATE, hint=_("截止当日24:00期满，不少于5个工作日。"), basis="R-084"),
        F("sealed_on", _("盖章日期"), E.DATE, hint=_("公示期满无异议后盖章。"), basis="R-084"),
        F("opinion", _("协会、学会推荐意见"), E.TEXT, most=1000, hint=_("照盖章材料上的推荐意见填写。"), basis="R-073"),
    ),
    basis="R-084",
    is_sheet=True,
    hint=_("按协会、学会盖章的材料填写。"),
)

# What every application has, and what is filled in besides where an association recommends on paper.
SHEETS = (POST, SUMMARY)
ITEMS = (EDUCATION, WORK, TITLE, EXAM, SKILL, TRAINING, RESULT, ASSESSMENT, FREELANCE)
SECTIONS: dict[str, Section] = {section.key: section for section in (*SHEETS, SEALED, *ITEMS)}
# What a freelancer has not: an employer's place of work and its yearly assessments.
NOT_OF_FREELANCERS = frozenset({"post.work_unit", ASSESSMENT.key})


def sheets_in(kinds: Container[str]) -> tuple[Section, ...]:
    """Return the sheets among ``kinds``, in the order of the form."""
    return tuple(section for section in (*SHEETS, SEALED) if section.key in kinds)


class SheetKind(models.TextChoices):
    """Sections that are filled once per application."""

    POST = POST.key, POST.name
    SUMMARY = SUMMARY.key, SUMMARY.name
    SEALED = SEALED.key, SEALED.name


class ItemKind(models.TextChoices):
    """Sections that hold items of the archive."""

    EDUCATION = EDUCATION.key, EDUCATION.name
    WORK = WORK.key, WORK.name
    TITLE = TITLE.key, TITLE.name
    EXAM = EXAM.key, EXAM.name
    SKILL = SKILL.key, SKILL.name
    TRAINING = TRAINING.key, TRAINING.name
    RESULT = RESULT.key, RESULT.name
    ASSESSMENT = ASSESSMENT.key, ASSESSMENT.name
    FREELANCE = FREELANCE.key, FREELANCE.name
