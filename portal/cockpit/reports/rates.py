"""How many pass: the agencies' checks and the committees' votes, each agency beside what chance alone explains."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext as _

from applications.domain.figures import NONE, Scope, names_of
from applications.enums import ApplicationState
from portal.cockpit.limits import ASK, LOOK, Limits, binomial_limits
from portal.cockpit.tables import Cell, Chart, Column, Kind, Linker, Row, Table, share
from review.domain.figures.stages import Counted, counted
from review.enums.figuring import Stage

Count = Callable[[Iterable[Counted]], int]
DRAWN = ("rate", "low", "high", "lowest", "highest", "common")


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return the checks and the votes by agency; two queries for the figures."""
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in counted(scope, "agency"):
        groups[one.group].append(one)
    names, link = names_of("agency"), Linker(scope)
    return [_checks(groups, names, link), _votes(groups, names, link)]


def _checks(groups: dict[str, list[Counted]], names: dict[str, str], link: Linker) -> Table:
    numbers = {code: (_passed_check(found), _rejected(found)) for code, found in groups.items()}
    what = (f"reached.{Stage.CHECKED.value}", f"ended.{Stage.RECOMMENDED.value}.{ApplicationState.REJECTED.value}")
    columns = (Column("passed", _("审核通过")), Column("failed", _("审核不通过")), *_rate_columns())
    rows = tuple(_rows(numbers, names, link, what))
    title, empty = _("机构审核通过率"), _("还没有作出审核结论的申报。")
    return Table("checks", title, _("评审服务机构"), columns, rows, _explained(), empty, Chart("limits", DRAWN))


def _votes(groups: dict[str, list[Counted]], names: dict[str, str], link: Linker) -> Table:
    numbers = {code: (_passed_vote(found), _voted(found) - _passed_vote(found)) for code, found in groups.items()}
    columns = (Column("passed", _("表决通过")), Column("failed", _("表决未通过")), *_rate_columns())
    rows = tuple(_rows(numbers, names, link, (f"reached.{Stage.PASSED.value}", "failed")))
    title, empty = _("评审表决通过率"), _("还没有报送的表决结果。")
    return Table("votes", title, _("评审服务机构"), columns, rows, _explained(), empty, Chart("limits", DRAWN))


def _rows(
    numbers: dict[str, tuple[int, int]], names: dict[str, str], link: Linker, what: tuple[str, str]
) -> Iterator[Row]:
    hits = sum(yes for yes, _no in numbers.values())
    of = hits + sum(no for _yes, no in numbers.values())
    for code, name in {**names, NONE: _("未确定")}.items():
        yes, no = numbers.get(code, (0, 0))
        if yes + no:
            looked, asked = (binomial_limits(yes + no, hits, of, coverage) for coverage in (LOOK, ASK))
            counts = (link.people(yes, what[0], agency=code), link.people(no, what[1], agency=code))
            yield Row(
                code,
                name,
                (*counts, *_rate_cells(yes, yes + no, looked, asked), share(hits, of), _judged(yes, looked, asked)),
            )


def _rate_cells(yes: int, n: int, looked: Limits, asked: Limits) -> Iterator[Cell]:
    yield share(yes, n)
    for limits in (looked, asked):
        yield share(limits.low, n)
        yield share(limits.high, n)


def _judged(yes: int, looked: Limits, asked: Limits) -> Cell:
    if not asked.hold(yes):
        return Cell(_("低于99.8%下限") if yes < asked.low else _("高于99.8%上限"))
    if not looked.hold(yes):
        return Cell(_("低于95%下限") if yes < looked.low else _("高于95%上限"))
    return Cell(_("界限以内"))


def _rate_columns() -> tuple[Column, ...]:
    return (
        Column("rate", _("通过率"), Kind.SHARE),
        Column("low", _("95%下限"), Kind.SHARE),
        Column("high", _("95%上限"), Kind.SHARE),
        Column("lowest", _("99.8%下限"), Kind.SHARE),
        Column("highest", _("99.8%上限"), Kind.SHARE),
        Column("common", _("全部通过率"), Kind.SHARE),
        Column("judged", _("与界限比较"), Kind.WORDS),
    )


def _explained() -> str:
    return _(
        "界限为精确二项分布界限：假定各机构的通过率都等于全部通过率，仅因偶然，落在95%界限以外的不超过5%，落在99.8%界限以外的不超过0.2%。"
        "图中深色带为95%界限，浅色带为99.8%界限，竖线为全部通过率，圆点为本机构通过率，超出99.8%界限的为菱形。"
        "人数越少，界限越宽。超出界限只说明值得了解原因，不说明有过错；申报人员的构成不同也会造成差异。"
    )


def _passed_check(found: Iterable[Counted]) -> int:
    return sum(one.number for one in found if one.stage >= Stage.CHECKED)


def _rejected(found: Iterable[Counted]) -> int:
    return sum(one.number for one in found if one.state == ApplicationState.REJECTED)


def _voted(found: Iterable[Counted]) -> int:
    return sum(one.number for one in found if one.stage >= Stage.VOTED)


def _passed_vote(found: Iterable[Counted]) -> int:
    return sum(one.number for one in found if one.stage >= Stage.PASSED)
