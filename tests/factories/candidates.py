"""People before a check, and what they apply for; nothing of it is stored."""

import datetime as dt
from dataclasses import replace

from portal.accounts.identifiers import DocumentKind
from portal.catalogue.conditions import Candidate, Conditions, Education, HeldTitle, Route, Spell
from portal.catalogue.enums import EducationLevel, InsuredAs, LevelKey, Method, Schooling
from portal.catalogue.models import CatalogueEntry, Edition, Level, PolicyValue, PolicyVersion, Series, Specialty
from portal.shared import clock

AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
CUTOFF = dt.date(2026, 12, 31)
RANKS = {key: rank for rank, key in enumerate(reversed(LevelKey), start=1)}
NAMES = {
    LevelKey.FULL: "正高级工程师",
    LevelKey.ASSOCIATE: "高级工程师",
    LevelKey.INTERMEDIATE: "工程师",
    LevelKey.ASSISTANT: "助理工程师",
    LevelKey.ENTRY: "技术员",
}
ROUTES = (
    Route(EducationLevel.DOCTOR, title=LevelKey.INTERMEDIATE, title_years=2),
    Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=5),
)


def entry(
    level: LevelKey = LevelKey.ASSOCIATE, series: str = "05", *, method: Method = Method.REVIEW, **flags: bool
) -> CatalogueEntry:
    return CatalogueEntry(
        edition=Edition(year=2026, code="T"),
        specialty=Specialty(series=Series(code=series, name="工程技术"), name="电子信息", **flags),
        level=Level(key=level, rank=RANKS[level]),
        method=method,
    )


def conditions(*routes: Route, may_be_first: bool = False) -> Conditions:
    return Conditions("TJ-1", routes or ROUTES, may_be_first=may_be_first, titles=NAMES)


def policy(**values: object) -> PolicyVersion:
    """Return an unsaved version whose values are the registry's defaults but for those given, with _ for the dot."""
    version = PolicyVersion(code="BJ-T", valid_from=dt.date(2026, 1, 1))
    stored = {key.replace("__", "."): value for key, value in values.items()}
    version.__dict__["by_key"] = {key: PolicyValue(key=key, value=value) for key, value in stored.items()}
    return version


def title(level: LevelKey = LevelKey.INTERMEDIATE, on: dt.date = dt.date(2021, 12, 31), **fields: object) -> HeldTitle:
    return HeldTitle(**{"series": "05", "level": level, "obtained_on": on, "is_recognised": True, **fields})


def schooling(level: Schooling = Schooling.BACHELOR, on: dt.date = dt.date(2015, 7, 1), **fields: object) -> Education:
    return Education(**{"schooling": level, "graduated_on": on, "is_verified": True, **fields})


ENGINEER = Candidate(
    education=(schooling(),),
    titles=(title(),),
    work=(Spell(dt.date(2015, 7, 1)),),
    exam_passes=(),
    document=DocumentKind.RESIDENT_ID,
    insured_as=InsuredAs.EMPLOYEE,
    employer_known=True,
    is_institution_staff=False,
    is_civil_servant=False,
    is_reference_managed=False,
    is_retired=False,
    sanctions=(),
    is_practice_restricted=False,
    live_applications=0,
)


def person(**fields: object) -> Candidate:
    """Return an engineer of a company who fulfils everything, but for ``fields``."""
    return replace(ENGINEER, **fields)
