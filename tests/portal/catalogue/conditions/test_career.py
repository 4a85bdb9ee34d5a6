"""Education, years and the title before: which way is open, what is lacking, and when time brings it."""

import datetime as dt

import pytest

from portal.catalogue.conditions import Candidate, Conditions, Route, Skill, Spell, assess
from portal.catalogue.conditions.lines import Assessment
from portal.catalogue.enums import (
    Answer,
    Audience,
    Channel,
    Degree,
    EducationLevel,
    LevelKey,
    Schooling,
    SkillGrade,
    Verdict,
)
from tests.factories import candidates as make

FIRST = (
    Route(EducationLevel.MASTER),
    Route(EducationLevel.BACHELOR, work_years=1),
    Route(EducationLevel.COLLEGE, work_years=3),
)
MOVER = Route(EducationLevel.BACHELOR, work_years=10, audience=Audience.MOVER)
SKILLED = Route(audience=Audience.SKILLED, skill=SkillGrade.SENIOR_TECHNICIAN, skill_years=4)


def check(candidate: Candidate, *routes: Route, level: LevelKey = LevelKey.ASSOCIATE, **flags: bool) -> Assessment:
    """Check ``candidate`` for a level of engineering in 2026."""
    conditions = make.conditions(*routes, **flags)
    return assess(candidate, make.entry(level), conditions=conditions, policy=make.policy(), at=make.AT)


def assistant(candidate: Candidate, conditions: Conditions | None = None) -> Assessment:
    """Check ``candidate`` for a first title."""
    chosen = conditions or make.conditions(*FIRST, may_be_first=True)
    entry = make.entry(LevelKey.ASSISTANT)
    return assess(candidate, entry, conditions=chosen, policy=make.policy(), at=make.AT)


def told(assessment: Assessment, *verdicts: Verdict) -> list[tuple[str, str, str]]:
    wanted = verdicts or (Verdict.UNMET, Verdict.MISSING)
    return [(line.code, line.basis, line.text) for line in assessment.of(*wanted)]


def test_an_engineer_of_five_years_may_apply() -> None:
    found = check(make.person())
    assert (found.answer, found.earliest_year) == (Answer.YES, None)
    assert {line.policy for line in found.lines} == {"BJ-T"}
    assert all(line.basis for line in found.lines)
    texts = [line.text for line in found.lines]
    assert "按本科学历，取得工程师后须满5年，计算至2026年12月31日为5年。" in texts
    assert "已取得工程师，可以申报高一级的高级工程师。" in texts


# --- Years ----------------------------------------------------------------------------------
@pytest.mark.rule("R-057", "A-30")
@pytest.mark.parametrize(
    ("obtained", "answer"), [(dt.date(2021, 12, 31), Answer.YES), (dt.date(2022, 1, 1), Answer.NO)]
)
def test_exactly_the_years_on_the_cut_off_day_are_enough(obtained: dt.date, answer: Answer) -> None:
    assert check(make.person(titles=(make.title(on=obtained),))).answer == answer


@pytest.mark.rule("R-057", "A-30")
@pytest.mark.parametrize(
    ("obtained", "text"),
    [
        (dt.date(2022, 9, 30), "为4年3个月，还差9个月。"),
        (dt.date(2022, 10, 1), "为4年2个月，还差10个月。"),
        (dt.date(2022, 1, 1), "为4年11个月，还差1天。"),
        (dt.date(2022, 1, 31), "为4年11个月，还差1个月。"),
        (dt.date(2026, 6, 1), "为6个月，还差4年6个月。"),
    ],
)
def test_what_is_lacking_is_told_to_the_month(obtained: dt.date, text: str) -> None:
    found = check(make.person(titles=(make.title(on=obtained),)))
    begun = "按本科学历，取得工程师后须满5年，计算至2026年12月31日"
    assert told(found) == [("title_years", "R-057, A-30", begun + text)]


@pytest.mark.parametrize(
    ("obtained", "year"), [(dt.date(2022, 1, 1), 2027), (dt.date(2022, 12, 31), 2027), (dt.date(2023, 1, 1), 2028)]
)
def test_the_first_year_in_which_time_suffices_is_told(obtained: dt.date, year: int) -> None:
    assert check(make.person(titles=(make.title(on=obtained),))).earliest_year == year


def test_no_year_is_promised_where_more_than_time_is_lacking() -> None:
    young = (make.title(on=dt.date(2025, 1, 1)),)
    assert check(make.person(titles=young, education=())).earliest_year is None
    assert check(make.person(titles=young, is_retired=True)).earliest_year is None


@pytest.mark.rule("A-30")
def test_the_cut_off_day_is_policys() -> None:
    policy = make.policy(seniority__cutoff="06-30")
    found = assess(make.person(), make.entry(), conditions=make.conditions(), policy=policy, at=make.AT)
    assert found.cutoff == dt.date(2026, 6, 30)
    assert [line.text for line in found.of(Verdict.UNMET)] == [
        "按本科学历，取得工程师后须满5年，计算至2026年6月30日为4年6个月，还差6个月。"
    ]
    assert found.earliest_year == 2027


def test_a_doctor_needs_fewer_years() -> None:
    titles = (make.title(on=dt.date(2024, 12, 31)),)
    doctor = make.schooling(Schooling.DOCTOR, dt.date(2024, 7, 1))
    assert check(make.person(titles=titles, education=(make.schooling(), doctor))).is_yes
    assert not check(make.person(titles=titles)).is_yes


# --- Work -----------------------------------------------------------------------------------
@pytest.mark.rule("R-057")
@pytest.mark.parametrize(
    ("work", "answer"),
    [
        ((Spell(dt.date(2020, 1, 1)),), Answer.YES),
        ((Spell(dt.date(2020, 1, 1), dt.date(2026, 6, 29)),), Answer.NO),
        ((Spell(dt.date(2020, 1, 1), in_field=False),), Answer.NO),
        ((Spell(dt.date(2025, 9, 1), dt.date(2026, 3, 31)), Spell(dt.date(2026, 4, 1))), Answer.YES),
        ((Spell(dt.date(2025, 9, 1), dt.date(2026, 3, 31)), Spell(dt.date(2026, 7, 31))), Answer.YES),
        ((Spell(dt.date(2025, 9, 1), dt.date(2026, 3, 31)), Spell(dt.date(2026, 8, 1))), Answer.NO),
        ((Spell(dt.date(2025, 9, 1)), Spell(dt.date(2025, 9, 1))), Answer.YES),
        ((), Answer.NO),
        (None, Answer.MISSING),
    ],
)
def test_work_counts_after_the_education_without_gaps_and_overlaps(
    work: tuple[Spell, ...] | None, answer: Answer
) -> None:
    graduate = make.schooling(on=dt.date(2025, 7, 1))
    assert assistant(make.person(titles=(), education=(graduate,), work=work)).answer == answer


def test_without_any_work_there_is_nothing_to_count() -> None:
    found = assistant(make.person(titles=(), work=()))
    assert told(found) == [
        (
            "work",
            "R-057, A-30",
            "按本科学历，毕业后从事本专业技术工作须满1年，计算至2026年12月31日没有可计算的年限。",
        )
    ]


# --- Education ------------------------------------------------------------------------------
@pytest.mark.rule("R-058")
def test_a_degree_is_as_good_as_the_education() -> None:
    only_degree = make.schooling(None, degree=Degree.BACHELOR)
    assert check(make.person(education=(only_degree,))).is_yes
    higher_degree = make.schooling(Schooling.BACHELOR, degree=Degree.DOCTOR)
    assert check(make.person(education=(higher_degree,), titles=(make.title(on=dt.date(2024, 1, 1)),))).is_yes


@pytest.mark.rule("R-060")
@pytest.mark.parametrize(
    ("schooling", "answer"),
    [
        (Schooling.TECHNICIAN_CLASS, Answer.YES),
        (Schooling.ADVANCED_CLASS, Answer.NO),
        (Schooling.INTERMEDIATE_CLASS, Answer.NO),
    ],
)
def test_technical_colleges_count_as_their_equivalent(schooling: Schooling, answer: Answer) -> None:
    assert check(make.person(education=(make.schooling(schooling),))).answer == answer


@pytest.mark.rule("R-058")
def test_what_education_is_lacking_is_told() -> None:
    found = check(make.person(education=(make.schooling(Schooling.COLLEGE),)))
    text = "须具备本科及以上学历或者学位（具备其一即可），目前最高为大专。"
    assert told(found) == [("education", "R-057, R-058", text)]


def test_a_certificate_of_next_month_does_not_count_yet() -> None:
    found = check(make.person(education=(make.schooling(on=dt.date(2026, 8, 1)),)))
    assert [code for code, _basis, _text in told(found)] == ["education"]


@pytest.mark.rule("R-059")
def test_an_unverified_certificate_counts_and_is_flagged() -> None:
    found = check(make.person(education=(make.schooling(is_verified=False),)))
    assert found.is_yes
    assert [basis for _code, basis, _text in told(found, Verdict.WARNING)] == ["R-059"]


# --- Titles ---------------------------------------------------------------------------------
@pytest.mark.rule("A-26")
def test_levels_are_taken_in_order() -> None:
    found = check(make.person(titles=()))
    assert told(found) == [
        ("title", "A-26", "按本科学历，须先取得同一系列的工程师，并满5年。"),
        ("level_order", "A-26", "应当逐级申报：须先取得同一系列的工程师，才能申报高级工程师。"),
    ]


@pytest.mark.rule("A-26")
@pytest.mark.parametrize("held", [LevelKey.ASSOCIATE, LevelKey.FULL])
def test_nobody_applies_for_what_is_held_already(held: LevelKey) -> None:
    found = check(make.person(titles=(make.title(), make.title(held))))
    assert [code for code, _basis, _text in told(found)] == ["level_held"]


@pytest.mark.rule("A-26")
@pytest.mark.parametrize(
    ("title", "detail"),
    [
        (make.title(series="19"), "其他系列的职称不能作为本系列逐级申报的依据。"),
        (make.title(is_recognised=False), "已撤销、中止或者未获认定的职称不能作为申报依据。"),
        (make.title(is_district_limited=True), "定向评价取得的职称限定在本区内有效，不作为逐级申报的依据。"),
    ],
)
def test_titles_that_do_not_help_are_explained(title: object, detail: str) -> None:
    found = check(make.person(titles=(title,)))
    assert [line.detail for line in found.lines if line.code == "level_order"] == [detail]
    assert found.answer == Answer.NO


@pytest.mark.rule("A-26")
def test_a_first_title_is_had_by_education_where_the_level_allows_it() -> None:
    assert assistant(make.person(titles=())).is_yes
    closed = assistant(make.person(titles=()), make.conditions(*FIRST))
    assert [code for code, _basis, _text in told(closed)] == ["level_order"]


@pytest.mark.rule("A-26")
def test_a_way_past_the_level_below_is_for_those_whom_it_is_open_to() -> None:
    ways = (Route(EducationLevel.DOCTOR), Route(EducationLevel.BACHELOR, title=LevelKey.ASSISTANT, title_years=4))
    doctor = make.person(titles=(), education=(make.schooling(Schooling.DOCTOR),))
    assert check(doctor, *ways, level=LevelKey.INTERMEDIATE, may_be_first=True).is_yes
    bachelor = check(make.person(titles=()), *ways, level=LevelKey.INTERMEDIATE, may_be_first=True)
    assert [code for code, _basis, _text in told(bachelor)] == ["title", "level_order"]
    entry = make.title(LevelKey.ENTRY)
    from_below = Route(EducationLevel.BACHELOR, title=LevelKey.ENTRY, title_years=5)
    assert check(make.person(titles=(entry,)), from_below, level=LevelKey.INTERMEDIATE).is_yes


@pytest.mark.rule("R-256")
def test_a_qualification_that_counts_as_the_title_is_enough() -> None:
    mapped = make.title(is_mapped=True)
    assert check(make.person(titles=(mapped,))).of(Verdict.WARNING) == []
    open_claim = check(make.person(titles=(make.title(is_mapped=True, is_recognised=None),)))
    assert open_claim.is_yes
    assert [basis for _code, basis, _text in told(open_claim, Verdict.WARNING)] == ["R-256"]
    assert not check(make.person(titles=(make.title(is_mapped=True, is_recognised=False),))).is_yes


@pytest.mark.rule("R-068")
def test_a_title_that_nobody_checked_counts_and_is_flagged() -> None:
    found = check(make.person(titles=(make.title(is_recognised=None),)))
    assert found.is_yes
    assert [basis for _code, basis, _text in told(found, Verdict.WARNING)] == ["R-068"]


# --- Movers and skilled workers -------------------------------------------------------------
@pytest.mark.rule("R-062", "A-26")
def test_who_comes_from_government_skips_levels_by_seniority() -> None:
    mover = make.person(titles=(), is_mover=True)
    found = check(mover, *make.ROUTES, MOVER)
    assert found.is_yes
    assert [line.basis for line in found.lines if line.code == "level_order"] == ["A-26, R-062"]
    assert not check(make.person(titles=()), *make.ROUTES, MOVER).is_yes
    short = check(make.person(titles=(), is_mover=True, work=(Spell(dt.date(2017, 1, 1)),)), *make.ROUTES, MOVER)
    assert told(short) == [
        (
            "work",
            "R-057, A-30",
            "按本科学历，毕业后从事本专业技术工作须满10年，计算至2026年12月31日为9年11个月，还差1天。",
        )
    ]


@pytest.mark.rule("R-250")
def test_skilled_workers_apply_by_their_grade_in_the_series_open_to_them() -> None:
    worker = make.person(
        titles=(), education=(), work=(), skills=(Skill(SkillGrade.SENIOR_TECHNICIAN, dt.date(2022, 12, 31)),)
    )
    assert check(worker, *make.ROUTES, SKILLED).is_yes
    young = make.person(titles=(), education=(), skills=(Skill(SkillGrade.SENIOR_TECHNICIAN, dt.date(2025, 1, 1)),))
    assert [code for code, _basis, _text in told(check(young, *make.ROUTES, SKILLED))] == ["skill_years"]
    lower = make.person(titles=(), education=(), skills=(Skill(SkillGrade.TECHNICIAN, dt.date(2010, 1, 1)),))
    assert [code for code, _basis, _text in told(check(lower, *make.ROUTES, SKILLED))] == ["skill", "level_order"]
    other_series = assess(
        worker,
        make.entry(series="19"),
        conditions=make.conditions(*make.ROUTES, SKILLED),
        policy=make.policy(),
        at=make.AT,
    )
    assert not other_series.is_yes


# --- Other channels -------------------------------------------------------------------------
@pytest.mark.rule("R-230")
def test_an_exceptional_application_is_excused_from_education_years_and_order() -> None:
    lacking = make.person(titles=(), education=(), channel=Channel.EXCEPTIONAL)
    found = check(lacking)
    assert found.is_yes
    assert {line.code for line in found.of(Verdict.WARNING)} == {"education", "title", "level_order"}
    assert all("R-230" in line.basis for line in found.of(Verdict.WARNING))
    assert [code for code, _basis, _text in told(check(make.person(channel=Channel.EXCEPTIONAL)), Verdict.WARNING)] == [
        "exception_needless"
    ]


@pytest.mark.rule("R-232", "R-233", "R-234", "A-28")
def test_exceptions_are_for_senior_levels_and_not_where_the_law_forbids() -> None:
    exceptional = make.person(channel=Channel.EXCEPTIONAL, titles=())
    junior = assistant(exceptional)
    assert [basis for _code, basis, _text in told(junior)] == ["R-232, A-28"]
    assert assistant(make.person(channel=Channel.EXCEPTIONAL, titles=(), is_recommended_by_principal=True)).is_yes
    entry = make.entry(exception_forbidden=True)
    forbidden = assess(exceptional, entry, conditions=make.conditions(), policy=make.policy(), at=make.AT)
    assert [basis for _code, basis, _text in told(forbidden)] == ["R-233"]
    held = check(make.person(channel=Channel.EXCEPTIONAL, titles=(make.title(LevelKey.FULL),)))
    assert [code for code, _basis, _text in told(held)] == ["level_held"]


@pytest.mark.rule("R-205")
def test_three_plus_one_leads_to_senior_titles_without_steps() -> None:
    talent = make.person(channel=Channel.TALENT, titles=(), education=(), work=())
    assert check(talent, level=LevelKey.FULL).is_yes
    assert [code for code, _basis, _text in told(check(talent, level=LevelKey.INTERMEDIATE))] == ["direct"]
    held = check(make.person(channel=Channel.TALENT, titles=(make.title(LevelKey.FULL),)))
    assert [code for code, _basis, _text in told(held)] == ["level_held"]


@pytest.mark.rule("R-221", "R-222", "A-29")
def test_targeted_evaluation_counts_thirty_and_ten_years() -> None:
    teacher = {"channel": Channel.TARGETED, "work": (Spell(dt.date(1996, 12, 31)),)}
    enough = make.person(**teacher, titles=(make.title(on=dt.date(2016, 12, 31)),))
    assert check(enough).is_yes
    assert {line.basis for line in check(enough).lines if line.code == "work"} == {"R-221, R-222, A-30"}
    short = make.person(**teacher, titles=(make.title(on=dt.date(2017, 1, 1)),))
    assert [code for code, _basis, _text in told(check(short))] == ["title_years"]
    full = make.person(**teacher, titles=(make.title(LevelKey.ASSOCIATE, dt.date(2016, 12, 31)),))
    assert "targeted_level" in [code for code, _basis, _text in told(check(full, level=LevelKey.FULL))]


# --- Nothing entered, nothing known ---------------------------------------------------------
def test_where_no_conditions_are_entered_the_agency_looks() -> None:
    found = assess(make.person(), make.entry(), conditions=None, policy=make.policy(), at=make.AT)
    assert found.is_yes
    assert [basis for _code, basis, _text in told(found, Verdict.WARNING)] == ["R-057, R-039"]
    new = assess(make.person(titles=()), make.entry(), conditions=None, policy=make.policy(), at=make.AT)
    assert [basis for _code, basis, _text in told(new, Verdict.WARNING)] == ["R-057, R-039", "A-26, R-039"]


def test_what_nobody_knows_is_asked_and_never_refused() -> None:
    found = check(Candidate())
    assert found.answer == Answer.MISSING
    assert found.of(Verdict.UNMET) == []
    asked = {line.field for line in found.of(Verdict.MISSING)}
    assert {"education", "titles", "document", "insured_as", "sanctions", "is_retired"} <= asked


def test_days_that_nobody_stated_are_asked_for() -> None:
    found = check(make.person(titles=(make.title(on=None),)))
    assert told(found) == [("title_years", "R-057", "请填写取得工程师的时间。")]
    found = assistant(make.person(titles=(), education=(make.schooling(on=None),)))
    assert told(found) == [("work", "R-057", "请填写毕业时间。")]
    two = (make.title(on=None), make.title(LevelKey.INTERMEDIATE, dt.date(2024, 1, 1)))
    assert check(make.person(titles=two)).answer == Answer.MISSING
