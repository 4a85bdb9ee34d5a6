"""Kinds and states of notices and objections, and the named sets the rules speak of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """What is publicised, by whom and to whom (domain §8.8)."""

    EMPLOYER = "employer", _("单位内部公示")
    ASSOCIATION = "association", _("协会学会公示")
    RESULT_CITY = "result_city", _("评审结果公示")
    RESULT_UNIT = "result_unit", _("自主评审结果公示")
    UNIT_DOCUMENTS = "unit_documents", _("自主评审文件公示")
    DEMONSTRATION = "demonstration", _("演示公示")


# Shown on the public board; the others are opened by link or code by the people concerned.
ON_THE_BOARD = frozenset(
    {NoticeKind.RESULT_CITY, NoticeKind.RESULT_UNIT, NoticeKind.UNIT_DOCUMENTS, NoticeKind.DEMONSTRATION}
)

RESULTS = frozenset({NoticeKind.RESULT_CITY, NoticeKind.RESULT_UNIT})


# The timers of notices and objections.
ENDS = "publicity.notice_ends"
CLEARS = "publicity.lines_are_cleared"
ARCHIVES = "publicity.names_leave_the_board"
ANSWER = "publicity.objection_is_answered"


class NoticeState(models.TextChoices):
    """Where a notice stands."""

    DRAFT = "draft", _("拟稿")
    POSTED = "posted", _("公示中")
    ENDED = "ended", _("公示期满")
    WITHDRAWN = "withdrawn", _("已撤回")
    ARCHIVED = "archived", _("已归档")


OPEN_TO_READERS = frozenset({NoticeState.POSTED, NoticeState.ENDED})
RAN_ITS_TIME = frozenset({NoticeState.ENDED, NoticeState.ARCHIVED})


class ObjectionState(models.TextChoices):
    """Where an objection stands."""

    RECEIVED = "received", _("已收到")
    REJECTED_FORM = "rejected_form", _("不予受理")
    INVESTIGATING = "investigating", _("核查中")
    EXTENDED = "extended", _("延期核查中")
    ESCALATED = "escalated", _("已移交上级")
    UNFOUNDED = "unfounded", _("经核查不成立")
    FOUNDED_CORRECTABLE = "founded_correctable", _("成立，可更正")
    FOUNDED_FATAL = "founded_fatal", _("成立，影响申报或结果")
    FOUNDED_FRAUD = "founded_fraud", _("成立，涉嫌弄虚作假")


class NotAdmittedGround(models.TextChoices):
    """Why an objection is not looked into."""

    NO_FACTS = "no_facts", _("匿名且没有可核查的事实")
    DUPLICATE = "duplicate", _("与此前的异议重复")


UNDER_INVESTIGATION = (ObjectionState.INVESTIGATING, ObjectionState.EXTENDED)
AWAITING = frozenset(
    {ObjectionState.RECEIVED, ObjectionState.INVESTIGATING, ObjectionState.EXTENDED, ObjectionState.ESCALATED}
)
RELEASING = frozenset({ObjectionState.REJECTED_FORM, ObjectionState.UNFOUNDED})
UPHELD = frozenset({ObjectionState.FOUNDED_CORRECTABLE, ObjectionState.FOUNDED_FATAL, ObjectionState.FOUNDED_FRAUD})


class Field(models.TextChoices):
    """What a line may show; a kind shows only its own fields, and never an identity number, telephone, birth date or vote."""

    NAME = "name", _("姓名")
    UNIT = "unit", _("工作单位")
    SERIES = "series", _("系列")
    SPECIALTY = "specialty", _("专业")
    LEVEL = "level", _("级别")
    TITLE = "title", _("申报职称")
    EDUCATION = "education", _("学历学位")
    YEARS = "years", _("专业工作年限")
    ACHIEVEMENTS = "achievements", _("主要业绩成果")
    DOCUMENT = "document", _("文件名称")
    DIGEST = "digest", _("文件摘要值")


# Results show no more than these four (domain §8.8 #1).
_RESULT = (Field.NAME, Field.UNIT, Field.SPECIALTY, Field.LEVEL)
_APPLIED = (Field.NAME, Field.UNIT, Field.SERIES, Field.SPECIALTY, Field.LEVEL, Field.TITLE)
_OWN_STAFF = (*_APPLIED, Field.EDUCATION, Field.YEARS, Field.ACHIEVEMENTS)

FIELDS_OF_KIND: dict[NoticeKind, tuple[Field, ...]] = {
    NoticeKind.EMPLOYER: _OWN_STAFF,
    NoticeKind.ASSOCIATION: _OWN_STAFF,
    NoticeKind.RESULT_CITY: _RESULT,
    NoticeKind.RESULT_UNIT: _RESULT,
    NoticeKind.UNIT_DOCUMENTS: (Field.DOCUMENT, Field.DIGEST, Field.UNIT),
    NoticeKind.DEMONSTRATION: _APPLIED,
}
