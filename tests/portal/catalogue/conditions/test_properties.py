"""What holds of every check: time never harms, a yes has no refusal, a fact nobody knows never refuses."""

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.identifiers import DocumentKind
from portal.catalogue.conditions import (
    Assessment,
    Candidate,
    ExamPass,
    HeldTitle,
    Route,
    Sanction,
    Skill,
    Spell,
    assess,
)
from portal.catalogue.conditions.spans import Seniority, corresponding, seniority, whole_months
from portal.catalogue.enums import (
    Answer,
    Audience,
    Channel,
    Degree,
    EducationLevel,
    InsuredAs,
    LevelKey,
    SanctionKind,
    Schooling,
    SkillGrade,
    Verdict,
)
from tests.factories import candidates as make

# A busy machine may take long over one example; that says nothing of the rule.
unhurried = settings(deadline=None)

BETTER = [Answer.NO, Answer.MISSING, Answer.YES]
days = st.dates(dt.date(1990, 1, 1), dt.date(2026, 7, 8))
maybe = st.none() | st.booleans()
educations = st.builds(
    make.schooling,
    st.sampled_from(Schooling),
    days,
    degree=st.none() | st.sampled_from(Degree),
    is_verified=st.booleans(),
)
titles = st.builds(
    HeldTitle,
    series=st.sampled_from(["05", "19"]),
    level=st.sampled_from(LevelKey),
    obtained_on=st.none() | days,
    is_recognised=maybe,
    is_mapped=st.booleans(),
    is_district_limited=st.booleans(),
)
spells = st.builds(Spell, days, st.none() | days, in_field=st.booleans())
routes = st.builds(
    Route,
    education=st.sampled_from(EducationLevel),
    work_years=st.integers(0, 12),
    title=st.none() | st.just(LevelKey.INTERMEDIATE),
    title_years=st.integers(0, 12),
    audience=st.sampled_from([Audience.GENERAL, Audience.MOVER]),
)


def several(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...] | None]:
    return st.none() | st.lists(of, max_size=3).map(tuple)


candidates = st.builds(
    Candidate,
    education=several(educations),
    titles=several(titles),
    work=several(spells),
    skills=st.lists(st.builds(Skill, st.sampled_from(SkillGrade), days), max_size=2).map(tuple),
    exam_passes=several(st.builds(ExamPass, st.just("05"), st.sampled_from(LevelKey), st.none() | days)),
    document=st.none() | st.sampled_from(DocumentKind),
    insured_as=st.none() | st.sampled_from(InsuredAs),
    months_in_beijing=st.none() | st.integers(0, 24),
    sanctions=several(st.builds(Sanction, st.sampled_from(SanctionKind), days)),
    barred_until=st.none() | days,
    live_applications=st.none() | st.integers(0, 2),
    channel=st.sampled_from(Channel),
    is_mover=st.booleans(),
    **dict.fromkeys(
        (
            "has_work_permit",
            "employer_known",
            "worked_in_field_last_year",
            "is_institution_staff",
            "is_civil_servant",
            "is_reference_managed",
            "is_retired",
            "is_practice_restricted",
        ),
        maybe,
    ),
)


def check(candidate: Candidate, ways: list[Route], *, may_be_first: bool = False) -> Assessment:
    conditions = make.conditions(*ways, may_be_first=may_be_first)
    return assess(candidate, make.entry(), conditions=conditions, policy=make.policy(), at=make.AT)


@unhurried
@given(candidate=candidates, ways=st.lists(routes, min_size=1, max_size=3), may_be_first=st.booleans())
def test_the_answer_is_what_its_lines_say(candidate: Candidate, ways: list[Route], *, may_be_first: bool) -> None:
    found = check(candidate, ways, may_be_first=may_be_first)
    verdicts = {line.verdict for line in found.lines}
    assert (found.answer is Answer.NO) == (Verdict.UNMET in verdicts)
    assert (found.answer is Answer.YES) == verdicts.isdisjoint({Verdict.UNMET, Verdict.MISSING})
    assert all(line.basis and line.policy and line.text.endswith("。") for line in found.lines)
    codes = [line.code for line in found.lines]
    assert len(codes) == len(set(codes))
    assert found.earliest_year is None or found.earliest_year > 2026


@unhurried
@given(candidates, st.lists(routes, min_size=1, max_size=3), st.sampled_from(fields(Candidate)))
def test_forgetting_a_fact_never_makes_a_refusal(candidate: Candidate, ways: list[Route], fact: object) -> None:
    if getattr(Candidate(), fact.name) is not None or fact.name in {"barred_until", "has_work_permit"}:
        return
    before, after = check(candidate, ways), check(replace(candidate, **{fact.name: None}), ways)
    if before.answer is not Answer.NO:
        assert after.answer is not Answer.NO


@pytest.mark.rule("R-057", "A-30")
@unhurried
@given(days, st.integers(0, 4000), st.lists(routes, min_size=1, max_size=3))
def test_more_time_never_harms(since: dt.date, earlier: int, ways: list[Route]) -> None:
    def answer(day: dt.date) -> Answer:
        titles = (make.title(on=day),)
        return check(make.person(titles=titles, work=(Spell(day),)), ways).answer

    long_ago = since - dt.timedelta(days=earlier)
    assert BETTER.index(answer(long_ago)) >= BETTER.index(answer(since))


@pytest.mark.rule("R-057", "A-30")
@unhurried
@given(st.integers(1, 12), st.integers(0, 3000))
def test_the_boundary_is_exactly_the_corresponding_day(years: int, before: int) -> None:
    ways = [Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=years)]
    last = dt.date(2026 - years, 12, 31)
    assert check(make.person(titles=(make.title(on=last - dt.timedelta(days=before)),)), ways).is_yes
    late = make.person(titles=(make.title(on=last + dt.timedelta(days=1)),))
    found = check(late, ways)
    assert (found.answer, found.earliest_year) == (Answer.NO, 2027)


@unhurried
@given(days, st.integers(1, 40))
def test_in_the_promised_year_the_years_are_there(since: dt.date, years: int) -> None:
    ways = [Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=years)]
    year = check(make.person(titles=(make.title(on=since),)), ways).earliest_year
    if year is not None:
        assert Seniority(since, dt.date(year, 12, 31)).reaches(years)
        assert not Seniority(since, dt.date(year - 1, 12, 31)).reaches(years)


# --- The calendar ---------------------------------------------------------------------------
@unhurried
@given(days, st.integers(0, 600))
def test_corresponding_days_count_back_to_their_months(since: dt.date, months: int) -> None:
    assert whole_months(since, corresponding(since, months)) == months
    if months:
        assert whole_months(since, corresponding(since, months) - dt.timedelta(days=1)) == months - 1


@unhurried
@given(st.lists(spells, max_size=5), spells)
def test_another_spell_never_shortens_the_work(held: list[Spell], more: Spell) -> None:
    def worked(of: list[Spell]) -> dt.timedelta:
        lasted = seniority(of, after=None, on=make.CUTOFF)
        return make.CUTOFF - lasted.since if lasted else dt.timedelta(0)

    assert worked([*held, more]) >= worked(held)
    assert worked([*held, *held]) == worked(held)


def test_the_leap_day_corresponds_to_the_last_of_february() -> None:
    assert corresponding(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert corresponding(dt.date(2024, 2, 29), 48) == dt.date(2028, 2, 29)
    assert corresponding(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
