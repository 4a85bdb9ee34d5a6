"""The promise of twenty working days: how it stands in all, and batch by batch."""

import datetime as dt
from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.figures import Scope
from portal.cockpit.tables import Cell, Chart, Column, Kind, Linker, Row, Table
from review.domain.figures.promise import Promised, promises
from review.enums.figuring import PromiseState


def tables(scope: Scope, by: str, at: dt.datetime) -> list[Table]:
    """Return how many batches stand how, and each batch with its clock; five queries."""
    found = promises(scope, at)
    return [_states(found, Linker(scope)), _batches(found)]


def _states(found: list[Promised], link: Linker) -> Table:
    numbers = Counter(one.state for one in found)
    rows = tuple(
        Row(state.value, state.label, (link.people(numbers[state], f"promise.{state.value}"),))
        for state in PromiseState
        if found
    )
    title, empty = _("承诺时限总况"), _("还没有报送的评审结果。")
    columns = (Column("batches", _("批次")),)
    return Table("states", title, _("情形"), columns, rows, "", empty, Chart("bars", ("batches",)))


def _batches(found: list[Promised]) -> Table:
    rows = tuple(
        Row(
            one.batch.code,
            one.batch.session.title,
            (
                Cell(one.batch.session.committee.agency.name),
                Cell(str(one.state.label)),
                Cell(one.days),
                Cell(one.used),
                Cell(one.left),
            ),
            reverse("review:acceptance", args=[one.batch.code]),
        )
        for one in found
    )
    columns = (
        Column("agency", _("评审服务机构"), Kind.WORDS),
        Column("state", _("情形"), Kind.WORDS),
        Column("days", _("承诺工作日")),
        Column("used", _("已用工作日")),
        Column("left", _("剩余工作日")),
    )
    note = _("自报送之日的次日起算，退回补正材料、结果公示和核查期间不计。剩余为负数的，为逾期的工作日数。")
    title, empty = _("各批次时限"), _("还没有报送的评审结果。")
    return Table("batches", title, _("批次"), columns, rows, note, empty, Chart("bars", ("used",)))
