"""From the tables to the plain values that a check works with."""

from collections.abc import Mapping

from django.db.models import F, Q

from portal.catalogue.conditions.routes import Conditions, Route
from portal.catalogue.enums import Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.models import CatalogueEntry, Condition, ConditionSet, TitleName
from portal.shared.phrases import joined

Names = Mapping[LevelKey, str]


def conditions_for(entry: CatalogueEntry) -> Conditions | None:
    """Return what ``entry`` asks for in its edition's published revision, None where nobody has entered it.

    The conditions of the specialty come before those of its series. Three queries, none more for more ways; ``entry``
    has its specialty fetched.
    """
    held = ConditionSet.objects.public().filter(edition=entry.edition_id, level=entry.level_id)
    fitting = held.filter(Q(specialty=None) | Q(specialty=entry.specialty_id), series=entry.specialty.series_id)
    found = fitting.prefetch_related("routes").order_by(F("specialty").asc(nulls_last=True)).first()
    return value_of(found, names_of(entry.specialty.series_id, entry.specialty.branch)) if found else None


def conditions_of(code: str) -> Conditions:
    """Return the conditions that somebody was checked under; raises DoesNotExist for an unknown code; three queries."""
    found = ConditionSet.objects.select_related("specialty").prefetch_related("routes").get(code=code)
    branch = found.specialty.branch if found.specialty else ""
    return value_of(found, names_of(found.series_id, branch))


def value_of(conditions: ConditionSet, titles: Names) -> Conditions:
    """Return a stored set as a plain value; its ways are fetched, ``titles`` from ``names_of``."""
    return Conditions(
        code=conditions.code,
        routes=tuple(route_of(row) for row in conditions.routes.all()),
        may_be_first=conditions.may_be_first,
        titles=titles,
        source=conditions.source,
        note=conditions.note,
        exceptional=conditions.exceptional,
        is_illustrative=conditions.is_illustrative,
    )


def route_of(row: Condition) -> Route:
    """Return a stored way as a plain value."""
    return Route(
        education=EducationLevel(row.education) if row.education else None,
        work_years=row.work_years,
        title=LevelKey(row.title_level) if row.title_level else None,
        title_years=row.title_years,
        audience=Audience(row.audience),
        skill=SkillGrade(row.skill) if row.skill else None,
        skill_years=row.skill_years,
        text=row.text,
    )


def names_of(series: int, branch: str = "") -> dict[LevelKey, str]:
    """Return what the titles of each level of a series are called, of one branch where it has several; one query."""
    rows = TitleName.objects.filter(series=series).order_by("order")
    named: dict[LevelKey, list[str]] = {}
    for level, name in (rows.filter(branch=branch) if branch else rows).values_list("level__key", "name"):
        named.setdefault(LevelKey(level), []).append(name)
    return {level: joined(names) for level, names in named.items()}
