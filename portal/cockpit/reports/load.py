"""How much happens on each day, and the peak of each kind."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.domain.figures import Scope
from portal.cockpit.tables import Cell, Chart, Column, Kind, Linker, Row, Table, share
from review.domain.figures.days import by_day
from review.enums.figuring import Event


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return the peaks, and the days on which anything happened; one query a kind of event."""
    found, link = by_day(scope), Linker(scope)
    return [_peaks(found, link), _days(found, link)]


def _peaks(found: dict[dt.date, dict[Event, int]], link: Linker) -> Table:
    rows = []
    for event in Event:
        numbers = {day: events[event] for day, events in found.items() if event in events}
        if numbers:
            day = max(numbers, key=numbers.__getitem__)
            cells = (
                Cell(day.isoformat()),
                link.people(numbers[day], f"day.{event.value}.{day.isoformat()}"),
                share(numbers[day], sum(numbers.values())),
                Cell(len(numbers)),
            )
            rows.append(Row(event.value, event.label, cells))
    columns = (
        Column("day", _("最多的一天"), Kind.WORDS),
        Column("number", _("当日人数")),
        Column("share", _("占全部"), Kind.SHARE),
        Column("days", _("有办理的天数")),
    )
    empty = _("还没有办理记录。")
    return Table("peaks", _("单日峰值"), _("事项"), columns, tuple(rows), empty=empty)


def _days(found: dict[dt.date, dict[Event, int]], link: Linker) -> Table:
    rows = tuple(
        Row(
            day.isoformat(),
            day.isoformat(),
            tuple(link.people(events.get(event, 0), f"day.{event.value}.{day.isoformat()}") for event in Event),
        )
        for day, events in found.items()
    )
    columns = tuple(Column(event.value, event.label) for event in Event)
    note = _("提交按首次提交之日，公示、推荐、送达、结论、表决和发证按最后一次之日，一人在一列中只计一次。")
    chart = Chart("days", tuple(event.value for event in Event))
    return Table("days", _("每日办理量"), _("日期"), columns, rows, note, _("还没有办理记录。"), chart)
