"""From the tables to the plain values that a check works with."""

from django.db.models import F, Q

from portal.catalogue.conditions.routes import Conditions, Route
from portal.catalogue.enums import Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.models import CatalogueEntry, Condition, ConditionSet, Series
from portal.shared.phrases import joined


def conditions_for(entry: CatalogueEntry) -> Conditions | None:
    """Return what ``entry`` asks for in its edition's published revision, None where nobody has entered it.

    The conditions of the specialty come before those of its series. Three queries, none more for more ways; ``entry``
    has its specialty fetched.
    """
    held = ConditionSet.objects.public().filter(edition=entry.edition_id, level=entry.level_id)
    fitting = held.filter(Q(specialty=None) | Q(specialty=entry.specialty_id), series=entry.specialty.series_id)
    narrowest = (
        fitting.select_related("series", "specialty").with_ways().order_by(F("specialty").asc(nulls_last=True)).first()
    )
    return value_of(narrowest, branch=entry.specialty.branch) if narrowest else None


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
