"""The demonstration's conditions: illustrative numbers from the shipped data, for the levels that an edition reviews."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.catalogue.conditions.routes import Route
from portal.catalogue.domain.conditions import Terms
from portal.catalogue.enums import REVIEWABLE, Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.loading import read
from portal.catalogue.models import CatalogueEntry, Edition, Level, Series, Specialty
from portal.catalogue.parameters import REGISTRY

Ways = list[dict[str, Any]]


def terms_for(edition: Edition) -> list[Terms]:
    """Return the illustrative conditions of every level of every series that the working revision reviews."""
    rows = CatalogueEntry.objects.working().filter(edition=edition, method__in=REVIEWABLE)
    pairs = rows.values_list("specialty__series", "level").distinct()
    series, levels = Series.objects.in_bulk(), Level.objects.in_bulk()
    shipped = _Shipped(read("conditions"))
    usual = [shipped.of(series[one], levels[other]) for one, other in sorted(pairs)]
    return [*usual, *shipped.of_specialties()]


@dataclass(frozen=True)
class _Shipped:
    """The shipped file, read by series and level."""

    data: dict[str, Any]

    def of(self, series: Series, level: Level) -> Terms:
        """Return the conditions of one level of a series."""
        patterns = [each["levels"] for each in self.data["patterns"] if series.code in each["series"]]
        ways = next((each[level.key] for each in patterns if level.key in each), self.data["usual"][level.key])
        return self._terms(series, level, ways)

    def of_specialties(self) -> Iterator[Terms]:
        """Yield the sets that hold for single specialties."""
        levels = {level.key: level for level in Level.objects.all()}
        for row in self.data["specialties"]:
            found = Specialty.objects.filter(series__code=row["series"], name=row["name"]).select_related("series")
            for specialty in found:
                for key, ways in row["levels"].items():
                    yield self._terms(specialty.series, levels[key], ways, specialty)

    def _terms(self, series: Series, level: Level, ways: Ways, specialty: Specialty | None = None) -> Terms:
        return Terms(
            series=series,
            level=level,
            specialty=specialty,
            routes=tuple(self._routes(series, LevelKey(level.key), ways)),
            may_be_first=level.key in self.data["first"] and any("title" not in way for way in ways),
            note=self.data["note"],
            exceptional=self.data["exceptional"] if level.is_senior else "",
            source=self.data["source"],
            is_illustrative=True,
        )

    def _routes(self, series: Series, level: LevelKey, ways: Ways) -> Iterator[Route]:
        skilled: Any = REGISTRY["skilled.series"].default
        yield from (_route(way, Audience.GENERAL) for way in ways)
        yield from (_route(way, Audience.MOVER) for way in self.data["movers"].get(level, []))
        if series.code in skilled:
            yield from (_route(way, Audience.SKILLED) for way in self.data["skilled"].get(level, []))


def _route(way: dict[str, Any], audience: Audience) -> Route:
    kinds: dict[str, Callable[[Any], Any]] = {"education": EducationLevel, "title": LevelKey, "skill": SkillGrade}
    return Route(audience=audience, **{name: kinds.get(name, int)(value) for name, value in way.items()})
