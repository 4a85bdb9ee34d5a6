"""The columns of the agency's queue: on the page, and in what is taken out of it."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.template.loader import render_to_string
from django.utils import dateformat
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.enums import Hold
from portal.accounts.districts import District
from portal.shared import clock
from portal.shared.phrases import joined
from review.enums.checking import FIRST_CHECK_IN, ReviewState
from review.models import AgencyReview

Text = Callable[[AgencyReview, dt.datetime], str]
ONE_DAY = dt.timedelta(days=1)
# What tells whether the person's clocks stand still.
HELD = ("application__hold",)


@dataclass(frozen=True)
class Column:
    """One column: its key in addresses and choices, its heading, what it says of a file, and how wide a sheet shows it.

    ``needs`` are the fields of other rows that it reads: nothing else is fetched with a file of the queue.
    """

    key: str
    label: Any
    text: Text
    width: int = 14
    is_personal: bool = False
    needs: tuple[str, ...] = ()


def days_left(review: AgencyReview, at: dt.datetime) -> int | None:
    """Return how many whole days the first check still has, negative once they are over; None where no time runs."""
    if review.state not in FIRST_CHECK_IN or _stands_still(review):
        return None
    return (review.due_at - at) // ONE_DAY


def _stands_still(review: AgencyReview) -> bool:
    return review.suspended_since is not None or review.application.hold == Hold.INVESTIGATION


def left_in_words(review: AgencyReview, at: dt.datetime) -> str:
    """Return what is left of the first check's time as it is shown."""
    days = days_left(review, at)
    if days is None:
        return _("暂停计时") if _stands_still(review) and review.is_open else ""
    if days < 0:
        return _("已逾期%(days)s天") % {"days": (at - review.due_at) // ONE_DAY}
    return _("剩%(days)s天") % {"days": days} if days else _("今日截止")


def overlays(review: AgencyReview) -> str:
    """Return what lies over the state: a proposal, lateness, a suspension, a hold."""
    application = review.application
    told = [
        (bool(review.proposal) and review.is_open, _("待复核确认")),
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
            "name",
            gettext_lazy("申报人"),
            lambda one, at: one.application.applicant.full_name,
            10,
            is_personal=True,
            needs=("application__applicant__full_name",),
        ),
        Column(
            "number",
            gettext_lazy("申报编号"),
            lambda one, at: one.application.code,
            16,
            is_personal=True,
            needs=("application__code",),
        ),
        Column(
            "identity",
            gettext_lazy("证件号码（部分隐去）"),
            _identity,
            20,
            is_personal=True,
            needs=("application__applicant__full_name",),
        ),
        Column(
            "title",
            gettext_lazy("申报职称"),
            lambda one, at: one.application.title,
            16,
            needs=("application__title",),
        ),
        Column(
            "series",
            gettext_lazy("系列"),
            lambda one, at: one.application.entry.specialty.series.name,
            16,
            needs=("application__entry__specialty__series__name",),
        ),
        Column(
            "specialty",
            gettext_lazy("专业"),
            lambda one, at: one.application.entry.specialty.name,
            20,
            needs=("application__entry__specialty__name",),
        ),
        Column(
            "level",
            gettext_lazy("级别"),
            lambda one, at: str(one.application.entry.level),
            10,
            needs=("application__entry__level__key",),
        ),
        Column(
            "committee",
            gettext_lazy("评审委员会"),
            lambda one, at: one.committee.name,
            30,
            needs=("committee__name",),
        ),
        Column(
            "employer",
            gettext_lazy("参保单位"),
            lambda one, at: one.application.employer.name if one.application.employer else "",
            30,
            is_personal=True,
            needs=("application__employer__name",),
        ),
        Column(
            "district",
            gettext_lazy("单位所在区"),
            lambda one, at: _district(one),
            12,
            needs=("application__employer__district",),
        ),
        Column("state", gettext_lazy("状态"), lambda one, at: str(ReviewState(one.state).label), 12),
        Column("overlays", gettext_lazy("标记"), lambda one, at: overlays(one), 20, needs=HELD),
        Column(
            "assignee",
            gettext_lazy("审核人"),
            lambda one, at: one.assignee.full_name if one.assignee else _("未分配"),
            10,
            needs=("assignee__full_name",),
        ),
        Column("arrived", gettext_lazy("送达日期"), lambda one, at: _day(one.arrived_at), 12),
        Column("due", gettext_lazy("首次审核截止"), lambda one, at: _last_day(one.due_at), 12, needs=HELD),
        Column("left", gettext_lazy("剩余时间"), left_in_words, 12, needs=HELD),
    )
}
# Whose file it is stands in every choice: a row without it says nothing.
ALWAYS = "name"
USUAL = ("name", "title", "committee", "state", "assignee", "due")


def columns_of(keys: Iterable[str]) -> list[Column]:
    """Return the columns in the house's order; what is unknown is left out, and the name never is."""
    chosen = {ALWAYS, *keys}
    return [column for key, column in COLUMNS.items() if key in chosen]


def needs_of(columns: Iterable[Column]) -> tuple[str, ...]:
    """Return the fields of other rows that the columns read."""
    return tuple(dict.fromkeys(field for column in columns for field in column.needs))


@dataclass(frozen=True)
class Row:
    """One line of the queue on the page: whose file, and each column's key, heading and words."""

    code: str
    name: str
    state: str
    cells: list[tuple[str, str, str | SafeString]]


def rows_of(reviews: Iterable[AgencyReview], columns: Iterable[Column], at: dt.datetime) -> list[Row]:
    """Return files as the page shows them."""
    headed = [(column, str(column.label)) for column in columns]
    return [
        Row(
            one.code,
            one.application.applicant.full_name,
            one.state,
            [(column.key, heading, _on_the_page(column, one, at)) for column, heading in headed],
        )
        for one in reviews
    ]


def _on_the_page(column: Column, review: AgencyReview, at: dt.datetime) -> str | SafeString:
    language = get_language() or ""
    if column.key == "state":
        return _state(
            review.state,
            is_proposed=bool(review.proposal),
            is_overdue=review.overdue,
            is_suspended=review.suspended_since is not None,
            language=language,
        )
    if column.key == "due":
        days = days_left(review, at)
        is_late = days is not None and days < 0
        return _due(review.due_at, left_in_words(review, at), is_late=is_late, language=language)
    return column.text(review, at) or "—"


# A page has many rows of few states and days: each is rendered once, not once a row.
@lru_cache(maxsize=500)
def _state(state: str, *, is_proposed: bool, is_overdue: bool, is_suspended: bool, language: str) -> SafeString:
    one = SimpleNamespace(
        state=state,
        get_state_display=ReviewState(state).label,
        proposal=is_proposed,
        overdue=is_overdue,
        suspended_since=is_suspended,
    )
    return render_to_string("review/checking/state.html", {"one": one})


@lru_cache(maxsize=500)
def _due(due_at: dt.datetime, left: str, *, is_late: bool, language: str) -> SafeString:
    return render_to_string("review/queueing/due.html", {"due_at": due_at, "left": left, "is_late": is_late})
