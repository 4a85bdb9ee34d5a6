"""What is counted of applications: narrowed by what supervises look at, put together by one of it, and by day."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncDate

from applications.models import Application
from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.catalogue.enums import LevelKey, ScheduleKind
from portal.catalogue.models import Edition, Series
from portal.shared import clock

Rows = QuerySet[Application]

# In an address: where a row belongs to nothing, as a draft belongs to no employer yet.
NONE = "none"
# Where an application keeps what it is counted by.
PATHS = {
    "series": "entry__specialty__series__code",
    "level": "entry__level__key",
    "district": "employer__district",
    "agency": "entry__committee__agency__code",
    "mode": "entry__schedule__kind",
}


@dataclass(frozen=True)
class Scope:
    """What figures are narrowed by; what is not named narrows nothing.

    ``series`` and ``agency`` are codes; ``mode`` is the kind of the schedule. ``none`` asks for rows without it.
    """

    year: int | None = None
    series: str = ""
    level: str = ""
    district: str = ""
    agency: str = ""
    mode: str = ""

    @property
    def criteria(self) -> dict[str, str]:
        """What narrows, as an address carries it."""
        return {one.name: str(value) for one in fields(self) if (value := getattr(self, one.name))}

    def within(self, criteria: Mapping[str, str]) -> Self:
        """Return the scope narrowed further to the row of a table."""
        return type(self)(**{**vars(self), **criteria})


def narrowed(rows: Rows, scope: Scope) -> Rows:
    """Return the applications in ``scope``."""
    if scope.year:
        rows = rows.filter(year=scope.year)
    for name, path in PATHS.items():
        if value := getattr(scope, name):
            rows = rows.filter(_missing(path) if value == NONE else Q(**{path: value}))
    return rows


def supervised(scope: Scope) -> Rows:
    """Return everybody's applications in ``scope``: for counting, and for lists that name nobody."""
    return narrowed(Application.objects.all(), scope)


def on_day(path: str) -> TruncDate:
    """Return the day in Beijing of an instant, for counting by day."""
    return TruncDate(path, tzinfo=clock.BEIJING)


def between(path: str, day: Any) -> Q:
    """Return the condition that the instant lies on ``day`` in Beijing, as an index can answer it."""
    return Q(**{f"{path}__gte": clock.start_of(day), f"{path}__lt": clock.end_of(day)})


def names_of(dimension: str) -> dict[str, str]:
    """Return the words for every value of a dimension, in the order of its own."""
    if dimension == "series":
        return dict(Series.objects.order_by("code").values_list("code", "name"))
    if dimension == "agency":
        found = Organisation.objects.filter(committees__isnull=False).distinct().order_by("name")
        return dict(found.values_list("code", "name"))
    choices = {"level": LevelKey, "district": District, "mode": ScheduleKind}[dimension].choices
    return {str(value): str(label) for value, label in choices}


def years() -> list[int]:
    """Return the years with a catalogue, the newest first."""
    return list(Edition.objects.order_by("-year").values_list("year", flat=True).distinct())


def _missing(path: str) -> Q:
    column, _, last = path.rpartition("__")
    empty = Q(**{path: ""}) if last == "district" else Q()
    return Q(**{f"{column}__isnull": True}) | empty
