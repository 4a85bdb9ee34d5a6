"""What the eligibility check may know of a person: from the archive, the registers' answers and the draft's own sheet."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from applications.domain.gathering import Gathered
from applications.enums import System
from applications.models import Application, ArchiveItem, Lookup
from applications.sections import ItemKind
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import Person
from portal.catalogue.conditions import (
    Assessment,
    Candidate,
    Education,
    ExamPass,
    HeldTitle,
    Sanction,
    Skill,
    Spell,
    assess,
    conditions_for,
)
from portal.catalogue.conditions.spans import corresponding, seniority
from portal.catalogue.enums import Degree, InsuredAs, LevelKey, SanctionKind, Schooling, SkillGrade
from portal.catalogue.models import CatalogueEntry, PolicyVersion, Series
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.prepared import Asked, Statement

ONE_DAY = dt.timedelta(days=1)


def assessed(
    gathered: Gathered, *, policy: PolicyVersion, at: dt.datetime, reasons: Iterable[Reason] = ()
) -> Assessment:
    """Return how the application's person stands to the conditions of its row (R-050…R-062), line by line."""
    application = gathered.application
    others = _others().values(person=application.applicant_id, year=application.year, besides=application.pk)
    candidate = candidate_of(
        application.applicant,
        gathered.kept,
        gathered.lookups,
        post=gathered.post,
        others=len(others),
        is_freelance=gathered.is_freelance,
        series=application.entry.specialty.series,
        at=at,
    )
    entry = application.entry
    return assess(candidate, entry, conditions=conditions_for(entry), policy=policy, at=at, reasons=reasons)


def assessed_before(
    person: Person,
    entry: CatalogueEntry,
    *,
    policy: PolicyVersion,
    at: dt.datetime,
    declared: Mapping[str, Any] | None = None,
    besides: Application | None = None,
    reasons: Iterable[Reason] = (),
) -> Assessment:
    """Return the same before a line is typed: from the archive, the registers, and what is ``declared`` in passing.

    ``besides`` is the person's own draft for which another row is looked at.
    """
    kept = list(ArchiveItem.objects.filter(person=person).kept())
    lookups = {lookup.system: lookup for lookup in Lookup.objects.filter(person=person)}
    live = person.applications.counted().filter(year=entry.edition.year)
    others = live.exclude(pk=besides.pk).count() if besides else live.count()
    series = entry.specialty.series
    candidate = candidate_of(person, kept, lookups, post=declared or {}, others=others, series=series, at=at)
    return assess(candidate, entry, conditions=conditions_for(entry), policy=policy, at=at, reasons=reasons)


def candidate_of(
    person: Person,
    kept: Sequence[ArchiveItem],
    lookups: Mapping[str, Lookup],
    *,
    post: Mapping[str, Any],
    others: int,
    series: Series,
    at: dt.datetime,
    is_freelance: bool = False,
) -> Candidate:
    """Return the facts as the check takes them; what neither register nor person has told is None."""
    of_kind = {kind: [item for item in kept if item.kind == kind] for kind in ItemKind}
    insurance = lookups.get(System.INSURANCE)
    answer = (insurance.answer if insurance else None) or {}
    codes = _codes_of([*of_kind[ItemKind.TITLE], *of_kind[ItemKind.EXAM]], series)
    documents = {document.kind for document in person.documents.all() if document.ended_at is None}
    return Candidate(
        education=_told(of_kind[ItemKind.EDUCATION], lookups.get(System.EDUCATION), _education),
        titles=_told(of_kind[ItemKind.TITLE], lookups.get(System.TITLES), _titles_of(codes)),
        work=_work(of_kind[ItemKind.WORK], post),
        skills=tuple(one for one in map(_skill, of_kind[ItemKind.SKILL]) if one is not None),
        exam_passes=tuple(one for item in of_kind[ItemKind.EXAM] if (one := _exam(item, codes)) is not None),
        major_matches=post.get("major_matches"),
        is_mover=bool(post.get("is_mover")),
        document=DocumentKind(min(documents)) if documents else None,
        has_work_permit=DocumentKind.FOREIGN_WORK_PERMIT in documents,
        insured_as=_insured_as(answer, is_freelance=is_freelance),
        employer_known=bool(answer.get("employer")) if insurance and insurance.answer is not None else None,
        **_free_work(of_kind[ItemKind.FREELANCE], answer, at),
        is_institution_staff=post.get("is_institution_staff"),
        is_civil_servant=post.get("is_civil_servant"),
        is_reference_managed=post.get("is_civil_servant"),
        is_retired=post.get("is_retired"),
        sanctions=_sanctions(post),
        is_practice_restricted=bool(post.get("restricted_until")) if post else None,
        practice_restricted_until=_day(post.get("restricted_until")),
        barred_until=_barred_until(person, at),
        live_applications=others,
    )


def _barred_until(person: Person, at: dt.datetime) -> dt.date | None:
    bars = integrity.bars_on(person, at=at, kinds={BarKind.APPLY})
    return clock.day_of(bars[0].until) - ONE_DAY if bars else None


@cache
def _others() -> Statement:
    counted = Application.objects.counted().filter(applicant=Asked("person"), year=Asked("year"))
    return Statement(counted.exclude(pk=Asked("besides")).values_list("pk"))


def _codes_of(items: list[ArchiveItem], series: Series) -> dict[str, str]:
    """Return the codes of the series that the items name; most name but the one that is applied for, which is at hand."""
    own = dict.fromkeys((series.name, series.full_name), series.code)
    named = {str(item.content.get("series") or "") for item in items} - {""}
    return own if named <= own.keys() else series_by_name()


def series_by_name() -> dict[str, str]:
    """Return the code of each series by its short and its full name, for what registers and people call it."""
    rows = Series.objects.values_list("code", "name", "full_name")
    return {name: code for code, short, full in rows for name in (short, full)}


def _told(items: list[ArchiveItem], lookup: Lookup | None, read: Any) -> Any:
    """Return what is known, an empty tuple where the register said that there is none, None where nobody has told."""
    found = tuple(one for one in (read(item) for item in items) if one is not None)
    answered = lookup is not None and lookup.answer is not None
    return found if found or answered else None


def _education(item: ArchiveItem) -> Education | None:
    content = item.content
    if not content.get("level") and not content.get("degree"):
        return None
    degree = content.get("degree")
    return Education(
        schooling=Schooling(content["level"]) if content.get("level") else None,
        degree=Degree(degree) if degree else None,
        graduated_on=_day(content.get("graduated_on")),
        major=str(content.get("major") or ""),
        is_full_time=content.get("study") == "full_time" if content.get("study") else None,
        is_verified=item.is_verified,
        source=str(item.source),
    )


def _titles_of(codes: dict[str, str]) -> Any:
    def read(item: ArchiveItem) -> HeldTitle | None:
        content = item.content
        code = codes.get(str(content.get("series") or ""))
        if code is None or not content.get("level"):
            return None
        standing = content.get("standing")
        return HeldTitle(
            series=code,
            level=LevelKey(content["level"]),
            obtained_on=_day(content.get("obtained_on")),
            name=str(content.get("title") or ""),
            is_recognised=standing == "valid" if standing else None,
            is_district_limited=bool(content.get("district_limited")),
        )

    return read


def _skill(item: ArchiveItem) -> Skill | None:
    grade = item.content.get("grade")
    return Skill(SkillGrade(grade), _day(item.content.get("obtained_on"))) if grade else None


def _exam(item: ArchiveItem, codes: dict[str, str]) -> ExamPass | None:
    code, level = codes.get(str(item.content.get("series") or "")), item.content.get("level")
    return ExamPass(code, LevelKey(level), _day(item.content.get("valid_until"))) if code and level else None


def _work(items: list[ArchiveItem], post: Mapping[str, Any]) -> tuple[Spell, ...] | None:
    spells = [
        Spell(
            since=_month(item.content["since"]),
            until=_last_of(item.content.get("until")),
            in_field=bool(item.content.get("is_professional", True)),
        )
        for item in items
        if item.content.get("since")
    ]
    if not spells and post.get("professional_since"):
        spells = [Spell(since=_month(post["professional_since"]))]
    return tuple(spells) or None


def _free_work(items: list[ArchiveItem], answer: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
    """Return what is asked of freelancers (A-17)."""
    return {
        "months_in_beijing": _months_in_beijing(items, answer, at),
        "worked_in_field_last_year": _worked_last_year(items, at),
    }


def _insured_as(answer: Mapping[str, Any], *, is_freelance: bool) -> InsuredAs | None:
    """Return how the person is insured: whoever an association recommends pays himself unless the register names an employer."""
    if is_freelance and not answer.get("employer"):
        return InsuredAs.FLEXIBLE
    return InsuredAs(answer["insured_as"]) if answer.get("insured_as") else None


def _months_in_beijing(items: list[ArchiveItem], answer: Mapping[str, Any], at: dt.datetime) -> int | None:
    """Return the whole months of proved free work in the city, overlaps counted once; without any, those paid in a row."""
    spells = [_free(item, "in_beijing") for item in items if item.content.get("since")]
    if not spells:
        return answer.get("months_in_a_row")
    found = seniority(spells, after=None, on=clock.day_of(at))
    return found.months if found else 0


def _worked_last_year(items: list[ArchiveItem], at: dt.datetime) -> bool | None:
    """Return whether proved work in the field and in the city reaches into the last twelve months (A-17)."""
    known = [item for item in items if item.content.get("since")]
    if not known:
        return None
    day = clock.day_of(at)
    spells = [_free(item, "in_field") for item in known if item.content.get("in_beijing")]
    recent = corresponding(day, -12)
    return any(one.in_field and one.since <= day and (one.until is None or one.until >= recent) for one in spells)


def _free(item: ArchiveItem, counts: str) -> Spell:
    """Return a stretch of free work, which counts where the person said yes to ``counts``."""
    since, until = _month(item.content["since"]), _last_of(item.content.get("until"))
    return Spell(since=since, until=until, in_field=item.content.get(counts) is True)


def _sanctions(post: Mapping[str, Any]) -> tuple[Sanction, ...] | None:
    if not post.get("is_sanctioned"):
        return () if post.get("is_sanctioned") is False else None
    kind, decided = post.get("sanction"), _day(post.get("sanctioned_on"))
    return (Sanction(SanctionKind(kind), decided),) if kind and decided else None


def _day(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(str(text)) if text else None


def _month(text: Any) -> dt.date:
    return dt.date.fromisoformat(f"{text}-01")


def _last_of(text: Any) -> dt.date | None:
    if not text:
        return None
    first = _month(text)
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - ONE_DAY
