"""Why files came back: the rules that the told defects rest on, in all and by agency."""

import datetime as dt
from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from applications.domain.figures import NONE, Scope, names_of
from portal.cockpit.tables import Cell, Chart, Column, Kind, Linker, Row, Table, share
from portal.shared.phrases import joined
from review.domain.figures import returns
from review.domain.figures.returns import Returned
from review.enums.checking import Ground

MOST_NAMED = 3


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return the reasons, and the agencies with what each returned most for; two queries for the figures."""
    agencies, reasons = returns.by_agency(scope), returns.by_reason(scope)
    link = Linker(scope)
    return [_reasons(agencies, reasons, link), _agencies(agencies, reasons, link)]


def _reasons(agencies: list[Returned], reasons: dict[tuple[str, str], int], link: Linker) -> Table:
    numbers = Counter[str]()
    for (_agency, basis), files in reasons.items():
        numbers[basis] += files
    back = sum(one.returned for one in agencies)
    rows = [
        Row(basis, _named(basis), (link.people(files, f"returned.{basis}"), share(files, back)))
        for basis, files in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    ]
    columns = (Column("files", _("退回件数")), Column("share", _("占全部退回"), Kind.SHARE))
    note = _("按告知申报人的补正内容所依据的规则统计；一件有多项原因的，各项分别计一次，因此各项之和可能大于退回总数。")
    title, empty = _("退回原因"), _("没有退回补正的申报。")
    return Table("reasons", title, _("原因"), columns, tuple(rows), note, empty, Chart("bars", ("files",)))


def _agencies(agencies: list[Returned], reasons: dict[tuple[str, str], int], link: Linker) -> Table:
    most: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (agency, basis), files in reasons.items():
        most[agency].append((-files, basis))
    found = {one.agency: one for one in agencies}
    rows = []
    for code, name in {**names_of("agency"), NONE: _("未确定")}.items():
        if code in found:
            one = found[code]
            named = [f"{_named(basis)}{_('：')}{-files}" for files, basis in sorted(most[code])[:MOST_NAMED]]
            cells = (
                link.people(one.arrived, "reached.2", agency=code),
                link.people(one.returned, "returned", agency=code),
                share(one.returned, one.arrived),
                Cell(joined(named)),
            )
            rows.append(Row(code, name, cells, link.narrowing(agency=code)))
    columns = (
        Column("arrived", _("送达件数")),
        Column("returned", _("退回件数")),
        Column("rate", _("退回率"), Kind.SHARE),
        Column("reasons", _("最多的三项原因"), Kind.WORDS),
    )
    title, empty = _("按评审服务机构"), _("没有送达评审服务机构的申报。")
    note = _("点击机构名称，查看该机构的全部退回原因。")
    return Table("agencies", title, _("评审服务机构"), columns, tuple(rows), note, empty, Chart("bars", ("returned",)))


def _named(basis: str) -> str:
    return str(Ground(basis).label) if basis in Ground.values else basis
