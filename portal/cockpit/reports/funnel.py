"""The way from the first draft to the certificate, and where people left it."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from applications.domain.figures import NONE, Scope, names_of
from portal.cockpit.tables import Cell, Chart, Column, Kind, Linker, Row, Table, share
from review.domain.figures.stages import Counted, counted
from review.enums.figuring import Stage


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return the whole way, where it ended, and the way of each group; two queries for the figures."""
    found, link = counted(scope, by), Linker(scope)
    return [_way(found, link), _ends(found, link), _groups(found, link, by)]


def _way(found: list[Counted], link: Linker) -> Table:
    rows, before = [], 0
    submitted = _reached(found, Stage.SUBMITTED)
    for stage in Stage:
        number = _reached(found, stage)
        here = sum(one.number for one in found if one.stage is stage and not one.is_out)
        out = sum(one.number for one in found if one.stage is stage and one.is_out)
        cells = (
            link.people(number, f"reached.{stage.value}"),
            share(number, before),
            share(number, submitted) if stage >= Stage.SUBMITTED else Cell(None),
            link.people(here, f"resting.{stage.value}"),
            link.people(out, f"ended.{stage.value}"),
        )
        rows.append(Row(str(stage.value), stage.label, cells))
        before = number
    columns = (
        Column("reached", _("到达人数")),
        Column("of_previous", _("占上一环节"), Kind.SHARE),
        Column("of_submitted", _("占提交人数"), Kind.SHARE),
        Column("here", _("停留在此")),
        Column("out", _("在此之后终止")),
    )
    note = _("到达人数包含已经到达以后各环节的人。表决结果自评审服务机构报送后计入。")
    return Table("way", _("各环节人数"), _("环节"), columns, tuple(rows), note, chart=Chart("bars", ("reached",)))


def _ends(found: list[Counted], link: Linker) -> Table:
    numbers = Counter[tuple[Stage, str, str]]()
    for one in found:
        if one.is_out:
            numbers[one.stage, one.state.value, str(one.state.label)] += one.number
    total = numbers.total()
    rows = [
        Row(
            f"{stage.value}.{state}",
            label,
            (
                Cell(str(stage.label)),
                link.people(number, f"ended.{stage.value}.{state}"),
                share(number, total),
            ),
        )
        for (stage, state, label), number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = (
        Column("last", _("终止前的环节"), Kind.WORDS),
        Column("people", _("人数")),
        Column("share", _("占全部终止"), Kind.SHARE),
    )
    title, empty = _("终止情况"), _("没有终止的申报。")
    return Table("ends", title, _("情形"), columns, tuple(rows), empty=empty, chart=Chart("bars", ("people",)))


def _groups(found: list[Counted], link: Linker, by: str) -> Table:
    groups: dict[str, list[Counted]] = defaultdict(list)
    for one in found:
        groups[one.group].append(one)
    names = {**names_of(by), NONE: _("未确定")}
    rows = [
        Row(
            code,
            name,
            tuple(
                link.people(_reached(groups[code], stage), f"reached.{stage.value}", **{by: code}) for stage in Stage
            ),
            link.narrowing(**{by: code}),
        )
        for code, name in names.items()
        if code in groups
    ]
    columns = tuple(Column(f"stage_{stage.value}", stage.label) for stage in Stage)
    title = {
        "series": _("按系列"),
        "level": _("按级别"),
        "district": _("按单位所在区"),
        "agency": _("按评审服务机构"),
    }[by]
    empty = _("没有符合条件的申报。")
    return Table("groups", title, _("分组"), columns, tuple(rows), _("各列为到达人数。"), empty)


def _reached(found: Iterable[Counted], stage: Stage) -> int:
    return sum(one.number for one in found if one.stage >= stage)
