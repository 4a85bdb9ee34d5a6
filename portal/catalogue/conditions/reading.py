"""From the tables to the plain values that a check works with."""

from functools import cache

from django.db.models import F, Q, prefetch_related_objects

from portal.catalogue.conditions.routes import Conditions, Route
from portal.catalogue.enums import Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.models import CatalogueEntry, Condition, ConditionSet, Series
from portal.catalogue.models.condition import ways
from portal.shared.phrases import joined
from portal.shared.prepared import Asked, Prepared


def conditions_for(entry: CatalogueEntry) -> Conditions | None:
    """Return what ``entry`` asks for in its edition's published revision, None where nobody has entered it.

    The conditions of the specialty come before those of its series. Three queries, none more for more ways; ``entry``
    has its specialty fetched.
    """
    narrowest = _narrowest().first(
        edition=entry.edition_id,
        level=entry.level_id,
        series=entry.specialty.series_id,
        specialty=entry.specialty_id,
    )
    if narrowest is None:
        return None
    prefetch_related_objects([narrowest], *ways())
    return value_of(narrowest, branch=entry.specialty.branch)


@cache
def _narrowest() -> Prepared[ConditionSet]:
    held = ConditionSet.objects.public().filter(edition=Asked("edition"), level=Asked("level"), series=Asked("series"))
    fitting = held.filter(Q(specialty=None) | Q(specialty=Asked("specialty"))).select_related("series", "specialty")
    return Prepared(fitting.order_by(F("specialty").asc(nulls_last=True)))


def conditions_of(code: str) -> Conditions:
    """Return the conditions that somebody was checked under; raises DoesNotExist for an unknown code; three queries."""
    return value_of(ConditionSet.objects.with_all().get(code=code))


def value_of(conditions: ConditionSet, branch: str = "") -> Conditions:
    """Return a stored set as a plain value; it comes ``with_ways``. ``branch`` narrows the titles that it names."""
    chosen = branch or (conditions.specialty.branch if conditions.specialty else "")
    return Conditions(
        code=conditions.code,
        routes=tuple(route_of(row) for row in conditions.routes.all()),
        may_be_first=conditions.may_be_first,
        titles=_names(conditions.series, chosen),
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


def _names(series: Series, branch: str) -> dict[LevelKey, str]:
    """Return what the titles of each level of a series are called, of one branch where it has several."""
    named: dict[LevelKey, list[str]] = {}
    for title in series.title_names.all():
        if not branch or title.branch == branch:
            named.setdefault(LevelKey(title.level.key), []).append(title.name)
    return {level: joined(names) for level, names in named.items()}
