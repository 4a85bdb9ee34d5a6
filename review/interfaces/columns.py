"""The columns of the agency's queue: on the page, and in what is taken out of it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.districts import District
from portal.shared import clock
from portal.shared.phrases import joined
from review.enums.checking import FIRST_CHECK_IN
from review.models import AgencyReview

Text = Callable[[AgencyReview, dt.datetime], str]
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Column:
    """One column: its key in addresses and choices, its heading, what it says of a file, and how wide a sheet shows it."""

    key: str
    label: Any
    text: Text
    width: int = 14
    is_personal: bool = False


def days_left(review: AgencyReview, at: dt.datetime) -> int | None:
    """Return how many whole days the first check still has, negative once they are over; None where no time runs."""
    if review.state not in FIRST_CHECK_IN or review.suspended_since is not None:
        return None
    return (review.due_at - at) // ONE_DAY


def left_in_words(review: AgencyReview, at: dt.datetime) -> str:
    """Return what is left of the first check's time as it is shown."""
    days = days_left(review, at)
    if days is None:
        return _("暂停计时") if review.suspended_since is not None and review.is_open else ""
    if days < 0:
        return _("已逾期%(days)s天") % {"days": (at - review.due_at) // ONE_DAY}
    return _("剩%(days)s天") % {"days": days} if days else _("今日截止")


def overlays(review: AgencyReview) -> str:
    """Return what lies over the state: a proposal, lateness, a suspension, a hold."""
    application = review.application
    told = [
        (bool(review.proposal), _("待复核确认")),
        (review.overdue, _("逾期未审核")),
        (review.suspended_since is not None, _("评审工作暂停")),
        (application.hold != "none", application.get_hold_display()),
    ]
    return joined([words for holds, words in told if holds])


def _identity(review: AgencyReview, at: dt.datetime) -> str:
    documents = sorted(review.application.applicant.documents.all(), key=lambda one: one.pk)
    return documents[-1].masked_number if documents else ""


def _day(instant: dt.datetime) -> str:
    return dateformat.format(instant.astimezone(clock.BEIJING), "Y-m-d")


def _last_day(bound: dt.datetime) -> str:
    return _day(bound - dt.timedelta(microseconds=1))


def _district(review: AgencyReview) -> str:
    employer = review.application.employer
    return str(District(employer.district).label) if employer and employer.district in District.values else ""


COLUMNS: dict[str, Column] = {
    column.key: column
    for column in (
        Column(
            "name", gettext_lazy("申报人"), lambda one, at: one.application.applicant.full_name, 10, is_personal=True
        ),
        Column("number", gettext_lazy("申报编号"), lambda one, at: one.application.code, 16, is_personal=True),
        Column("identity", gettext_lazy("证件号码（部分隐去）"), _identity, 20, is_personal=True),
        Column("title", gettext_lazy("申报职称"), lambda one, at: one.application.title, 16),
        Column("series", gettext_lazy("系列"), lambda one, at: one.application.entry.specialty.series.name, 16),
        Column("specialty", gettext_lazy("专业"), lambda one, at: one.application.entry.specialty.name, 20),
        Column("level", gettext_lazy("级别"), lambda one, at: str(one.application.entry.level), 10),
        Column("committee", gettext_lazy("评审委员会"), lambda one, at: one.committee.name, 30),
        Column(
            "employer",
            gettext_lazy("参保单位"),
            lambda one, at: one.application.employer.name if one.application.employer else "",
            30,
            is_personal=True,
        ),
        Column("district", gettext_lazy("单位所在区"), lambda one, at: _district(one), 12),
        Column("state", gettext_lazy("状态"), lambda one, at: str(one.get_state_display()), 12),
        Column("overlays", gettext_lazy("标记"), lambda one, at: overlays(one), 20),
        Column(
            "assignee",
            gettext_lazy("审核人"),
            lambda one, at: one.assignee.full_name if one.assignee else _("未分配"),
            10,
        ),
        Column("arrived", gettext_lazy("送达日期"), lambda one, at: _day(one.arrived_at), 12),
        Column("due", gettext_lazy("首次审核截止"), lambda one, at: _last_day(one.due_at), 12),
        Column("left", gettext_lazy("剩余时间"), left_in_words, 12),
    )
}
# Whose file it is stands in every choice: a row without it says nothing.
ALWAYS = "name"
USUAL = ("name", "title", "committee", "state", "assignee", "due")


def columns_of(keys: Iterable[str]) -> list[Column]:
    """Return the columns in the house's order; what is unknown is left out, and the name never is."""
    chosen = {ALWAYS, *keys}
    return [column for key, column in COLUMNS.items() if key in chosen]


@dataclass(frozen=True)
class Row:
    """One line of the queue on the page."""

    review: AgencyReview
    cells: list[tuple[Column, str]]
    left: str
    is_late: bool


def row_of(review: AgencyReview, columns: Iterable[Column], at: dt.datetime) -> Row:
    """Return a file as the page shows it."""
    days = days_left(review, at)
    cells = [(column, column.text(review, at)) for column in columns]
    return Row(review, cells, left_in_words(review, at), days is not None and days < 0)
