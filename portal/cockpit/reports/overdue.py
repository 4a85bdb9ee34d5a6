"""What is not done by its day, by desk and by the office that it waits for."""

import datetime as dt
from collections import Counter

from django.utils.translation import gettext as _

from applications.domain.figures import NONE, Scope, names_of
from portal.cockpit.tables import Chart, Column, Linker, Row, Table
from review.domain.figures import lateness
from review.domain.figures.promise import promises
from review.enums.figuring import Late, PromiseState


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return what is late by kind, and with which agency and which handler it lies."""
    checks, link = lateness.unchecked_by_agency(scope), Linker(scope)
    broken = sum(one.state is PromiseState.BREACHED for one in promises(scope, at))
    objections = Counter((one.handler.code, one.handler.name) for one in lateness.unanswered())
    return [
        _kinds(sum(checks.values()), broken, objections.total(), lateness.unanswered_reviews().count(), link),
        _agencies(checks, link),
        _handlers(objections, link),
    ]


def _kinds(checks: int, broken: int, objections: int, reviews: int, link: Linker) -> Table:
    found = (
        (Late.FIRST_CHECK, _("评审服务机构"), link.people(checks, Late.FIRST_CHECK.value)),
        (Late.PROMISE, _("市人力资源社会保障局"), link.people(broken, f"promise.{PromiseState.BREACHED.value}")),
        (Late.OBJECTION, _("异议受理单位"), link.people(objections, Late.OBJECTION.value)),
        (Late.REVIEW, _("市人力资源社会保障局"), link.people(reviews, Late.REVIEW.value)),
    )
    rows = tuple(Row(late.value, f"{late.label}{_('（')}{desk}{_('）')}", (cell,)) for late, desk, cell in found)
    note = _(
        "异议和复查不分系列和评审服务机构，不受上方筛选影响。个人和单位逾期未办的，由系统按期作失效或者视为放弃处理，不在此列。"
    )
    return Table("kinds", _("逾期事项"), _("事项"), (Column("late", _("逾期")),), rows, note)


def _agencies(checks: dict[str, int], link: Linker) -> Table:
    rows = tuple(
        Row(code, name, (link.people(checks[code], Late.FIRST_CHECK.value, agency=code),))
        for code, name in {**names_of("agency"), NONE: _("未确定")}.items()
        if code in checks
    )
    columns = (Column("late", _("逾期件数")),)
    title, empty = _("首次审核逾期的评审服务机构"), _("没有逾期未完成首次审核的申报。")
    return Table("agencies", title, _("评审服务机构"), columns, rows, "", empty, Chart("bars", ("late",)))


def _handlers(objections: Counter[tuple[str, str]], link: Linker) -> Table:
    rows = tuple(
        Row(code, name, (link.people(number, f"{Late.OBJECTION.value}.{code}"),))
        for (code, name), number in objections.most_common()
    )
    title, empty = _("异议答复逾期的受理单位"), _("没有逾期未答复的异议。")
    return Table("handlers", title, _("受理单位"), (Column("late", _("逾期件数")),), rows, "", empty)
