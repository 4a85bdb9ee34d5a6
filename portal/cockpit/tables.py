"""A table as page, chart, sheet and API show it: one source, so that none of them says another number."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.utils.functional import Promise

from applications.domain.figures import Scope

WHAT, YEAR, ALL = "what", "year", "all"
Words = str | Promise


class Kind(StrEnum):
    """What a column holds: a count, a share between 0 and 1, or words."""

    NUMBER = "number"
    SHARE = "share"
    WORDS = "words"


@dataclass(frozen=True)
class Cell:
    """One value; ``query`` asks for the list behind it, ``address`` leads to its own page. Empty where there is neither."""

    value: int | float | str | None
    query: str = ""
    address: str = ""


@dataclass(frozen=True)
class Column:
    """One column besides the first."""

    key: str
    label: Words
    kind: Kind = Kind.NUMBER

    @property
    def is_numeric(self) -> bool:
        """Whether its values stand to the right."""
        return self.kind is not Kind.WORDS


@dataclass(frozen=True)
class Row:
    """One row: its code, its words, its cells by column; ``address`` leads to what the words name."""

    key: str
    label: Words
    cells: tuple[Cell, ...]
    address: str = ""


@dataclass(frozen=True)
class Chart:
    """How a table is drawn: as ``bars`` by row, ``lines`` along the rows, or ``limits`` by row; from which columns."""

    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under columns; ``head`` is the heading of the first column, ``note`` says how to read it."""

    key: str
    title: Words
    head: Words
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Words = ""
    empty: Words = ""
    chart: Chart | None = None

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """The rows, each with its cells beside their columns."""
        for row in self.rows:
            yield row, list(zip(self.columns, row.cells, strict=True))

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw."""
        return self.chart is not None and len(self.rows) > 0

    @property
    def drawn_columns(self) -> str:
        """The places of the drawn columns, counted from the first after the rows' words."""
        keys = [column.key for column in self.columns]
        return " ".join(str(keys.index(key)) for key in self.chart.columns) if self.chart else ""


@dataclass(frozen=True)
class Linker:
    """Makes cells that lead to the list behind them, within the scope of the table."""

    scope: Scope

    def people(self, number: int, what: str, **row: str) -> Cell:
        """Return a count; ``what`` names the list, ``row`` narrows it to the row of the table. Nobody needs no list."""
        return Cell(number, self.query(what, **row) if number else "")

    def query(self, what: str, **row: str) -> str:
        """Return what an address of the list carries; the year is always said, as another one is meant where it is not."""
        criteria = self.scope.within(row).criteria
        return urlencode({YEAR: ALL, **criteria, WHAT: what})

    def narrowing(self, **row: str) -> str:
        """Return the address of the same report, narrowed to the row of a table."""
        return f"?{urlencode({YEAR: ALL, **self.scope.within(row).criteria})}"


def share(part: int, whole: int) -> Cell:
    """Return ``part`` of ``whole``, and nothing where there is no whole."""
    return Cell(part / whole if whole else None)
