"""Who may take part at all: every bar with its rule, and what is asked where nobody knows."""

import datetime as dt

import pytest

from portal.accounts.identifiers import DocumentKind
from portal.catalogue.conditions import Candidate, ExamPass, Sanction, assess
from portal.catalogue.conditions.lines import Assessment
from portal.catalogue.enums import (
    Answer,
    Channel,
    Degree,
    EducationLevel,
    InsuredAs,
    LevelKey,
    Method,
    SanctionKind,
    Verdict,
)
from portal.catalogue.models import CatalogueEntry
from portal.connectors import education, insurance
from portal.shared.errors import Reason
from tests.factories import candidates as make

TODAY = make.AT.date()


def check(candidate: Candidate, entry: CatalogueEntry | None = None, *reasons: Reason) -> Assessment:
    chosen = entry or make.entry()
    return assess(candidate, chosen, conditions=make.conditions(), policy=make.policy(), at=make.AT, reasons=reasons)


def only(assessment: Assessment) -> tuple[Verdict, str, str]:
    """Return the one line that is neither met nor about something else."""
    (line,) = [line for line in assessment.lines if line.verdict is not Verdict.MET]
    return line.verdict, line.basis, line.text


UNKNOWN = [
    pytest.param("is_civil_servant", "R-052, A-40", marks=pytest.mark.rule("R-052")),
    pytest.param("is_reference_managed", "R-052, A-40", marks=pytest.mark.rule("A-40")),
    pytest.param("is_retired", "R-053", marks=pytest.mark.rule("R-053")),
    pytest.param("sanctions", "R-054", marks=pytest.mark.rule("R-054")),
    pytest.param("is_practice_restricted", "R-055", marks=pytest.mark.rule("R-055")),
    pytest.param("live_applications", "A-25", marks=pytest.mark.rule("A-25")),
    pytest.param("document", "R-051", marks=pytest.mark.rule("R-051")),
    pytest.param("insured_as", "R-050", marks=pytest.mark.rule("R-050")),
    pytest.param("employer_known", "R-050, R-070", marks=pytest.mark.rule("R-050")),
]


@pytest.mark.parametrize(("fact", "basis"), UNKNOWN)
def test_a_fact_that_nobody_knows_is_asked_for(fact: str, basis: str) -> None:
    found = check(make.person(**{fact: None}))
    assert only(found)[:2] == (Verdict.MISSING, basis)
    assert found.answer == Answer.MISSING
    assert [reason.field for reason in found.reasons()] == [fact]


BARRED = [
    pytest.param({"is_civil_servant": True}, "R-052", "公务员不得参加职称评审。", marks=pytest.mark.rule("R-052")),
    pytest.param(
        {"is_reference_managed": True},
        "R-052, A-40",
        "登记为参照公务员法管理的人员，登记期间不得申报。",
        marks=pytest.mark.rule("A-40"),
    ),
    pytest.param({"is_retired": True}, "R-053", "离退休人员不得申报。", marks=pytest.mark.rule("R-053")),
    pytest.param(
        {"is_practice_restricted": True},
        "R-055",
        "因违反行业法律法规受到从业限制，限制期内不得申报。",
        marks=pytest.mark.rule("R-055"),
    ),
    pytest.param(
        {"barred_until": TODAY},
        "R-143, A-13",
        "因职称申报失信行为，至2026年7月8日不得申报。",
        marks=pytest.mark.rule("R-143"),
    ),
    pytest.param(
        {"live_applications": 1},
        "A-25",
        "每人每年度只能有1件在办申报，本年度已有在办申报。",
        marks=pytest.mark.rule("A-25"),
    ),
    pytest.param(
        {"employer_known": False},
        "R-050, R-070",
        "未查到本市参保单位：须与本市用人单位建立人事劳动关系，由参保单位审核推荐。",
        marks=pytest.mark.rule("R-050"),
    ),
]


@pytest.mark.parametrize(("facts", "basis", "text"), BARRED)
def test_what_bars_is_told_with_its_rule(facts: dict[str, object], basis: str, text: str) -> None:
    assert only(check(make.person(**facts))) == (Verdict.UNMET, basis, text)


def test_a_bar_and_a_restriction_end_with_their_last_day() -> None:
    yesterday = TODAY - dt.timedelta(days=1)
    assert check(make.person(barred_until=yesterday)).is_yes
    assert check(make.person(is_practice_restricted=True, practice_restricted_until=yesterday)).is_yes
    assert not check(make.person(is_practice_restricted=True, practice_restricted_until=TODAY)).is_yes


# --- Sanctions ------------------------------------------------------------------------------
@pytest.mark.rule("R-054", "A-55")
@pytest.mark.parametrize(
    ("kind", "decided_on", "answer"),
    [
        (SanctionKind.DEMERIT, dt.date(2025, 7, 8), Answer.NO),
        (SanctionKind.DEMERIT, dt.date(2025, 7, 7), Answer.YES),
        (SanctionKind.LOWER_POST, dt.date(2024, 7, 8), Answer.NO),
        (SanctionKind.LOWER_POST, dt.date(2024, 7, 7), Answer.YES),
        (SanctionKind.WARNING, dt.date(2026, 7, 1), Answer.YES),
    ],
)
def test_institution_staff_wait_until_a_demerit_is_over(
    kind: SanctionKind, decided_on: dt.date, answer: Answer
) -> None:
    staff = make.person(is_institution_staff=True, sanctions=(Sanction(kind, decided_on),))
    assert check(staff).answer == answer


@pytest.mark.rule("A-42")
def test_of_others_the_employer_tells_about_a_sanction() -> None:
    sanctions = (Sanction(SanctionKind.DEMERIT, dt.date(2026, 1, 5)),)
    assert only(check(make.person(sanctions=sanctions))) == (
        Verdict.WARNING,
        "R-054, A-42",
        "受记过处分，处分期至2027年1月5日；不是事业单位工作人员，由用人单位说明情况。",
    )
    unknown = check(make.person(sanctions=sanctions, is_institution_staff=None))
    assert only(unknown)[:2] == (Verdict.MISSING, "R-054, A-42")


# --- Foreigners -----------------------------------------------------------------------------
@pytest.mark.rule("R-051", "A-41")
@pytest.mark.parametrize(
    ("document", "permit", "verdict"),
    [
        (DocumentKind.HM_TRAVEL_PERMIT, None, Verdict.MET),
        (DocumentKind.FOREIGN_WORK_PERMIT, None, Verdict.MET),
        (DocumentKind.PASSPORT, True, Verdict.MET),
        (DocumentKind.PASSPORT, None, Verdict.MISSING),
        (DocumentKind.PASSPORT, False, Verdict.UNMET),
        (DocumentKind.FOREIGN_RESIDENT_ID, None, Verdict.WARNING),
        (DocumentKind.FOREIGN_RESIDENT_ID, True, Verdict.MET),
    ],
)
def test_foreigners_hold_a_work_permit_or_permanent_residence(
    document: DocumentKind, verdict: Verdict, *, permit: bool | None
) -> None:
    found = check(make.person(document=document, has_work_permit=permit))
    assert [line.verdict for line in found.lines if line.code == "identity"] == [verdict]


# --- Freelancers ----------------------------------------------------------------------------
def freelancer(**facts: object) -> Candidate:
    known = {
        "insured_as": InsuredAs.FLEXIBLE,
        "months_in_beijing": 12,
        "worked_in_field_last_year": True,
        "titles": (make.title(series="23"),),
    }
    return make.person(**(known | facts))


@pytest.mark.rule("R-080", "R-081", "A-17")
def test_freelancers_apply_in_the_arts_after_a_year_here() -> None:
    arts = make.entry(series="23")
    assert check(freelancer(), arts).is_yes
    assert only(check(freelancer(months_in_beijing=11), arts)) == (
        Verdict.UNMET,
        "R-081, A-17",
        "自由职业者在京从业须满12个月，目前为11个月。",
    )
    assert only(check(freelancer(months_in_beijing=None), arts))[:2] == (Verdict.MISSING, "R-081, A-17")
    assert only(check(freelancer(worked_in_field_last_year=False), arts))[:2] == (Verdict.UNMET, "R-080, A-17")
    assert only(check(freelancer(worked_in_field_last_year=None), arts))[:2] == (Verdict.MISSING, "R-080, A-17")


@pytest.mark.rule("R-080")
def test_freelancers_are_kept_to_the_series_of_the_year() -> None:
    engineer = freelancer(titles=(make.title(),))
    assert only(check(engineer))[:2] == (Verdict.UNMET, "R-080")
    policy = make.policy(freelancer__series=["05"])
    opened = assess(engineer, make.entry(), conditions=make.conditions(), policy=policy, at=make.AT)
    assert opened.is_yes
    assert check(freelancer(titles=(), channel=Channel.TALENT)).is_yes


# --- Examination and field of study ---------------------------------------------------------
@pytest.mark.rule("R-260", "A-38")
@pytest.mark.parametrize(
    ("passes", "verdict"),
    [
        (None, Verdict.MISSING),
        ((), Verdict.UNMET),
        ((ExamPass("17", LevelKey.INTERMEDIATE),), Verdict.UNMET),
        ((ExamPass("17", LevelKey.ASSOCIATE, TODAY - dt.timedelta(days=1)),), Verdict.UNMET),
        ((ExamPass("17", LevelKey.ASSOCIATE, TODAY),), Verdict.MET),
        ((ExamPass("17", LevelKey.ASSOCIATE),), Verdict.MET),
    ],
)
def test_the_examination_comes_before_the_review(passes: tuple[ExamPass, ...] | None, verdict: Verdict) -> None:
    accountant = make.person(titles=(make.title(series="17"),), exam_passes=passes)
    found = check(accountant, make.entry(series="17", method=Method.EXAM_REVIEW))
    assert [line.verdict for line in found.lines if line.code == "exam"] == [verdict]
    assert not [line for line in check(make.person()).lines if line.code == "exam"]


@pytest.mark.rule("R-061")
@pytest.mark.parametrize(("matches", "verdict"), [(None, Verdict.MISSING), (True, Verdict.MET), (False, Verdict.UNMET)])
def test_the_field_of_study_matters_where_safety_or_health_does(verdict: Verdict, *, matches: bool | None) -> None:
    found = check(make.person(major_matches=matches), make.entry(requires_matching_major=True))
    assert [line.verdict for line in found.lines if line.code == "major"] == [verdict]
    assert check(make.person(major_matches=False)).is_yes


# --- The answer -----------------------------------------------------------------------------
def test_reasons_against_the_entry_come_first_and_decide() -> None:
    window = Reason("个人申报时间未开始。", basis="R-024", code="window_not_open", field="entry")
    found = check(make.person(), None, window)
    assert (found.lines[0].code, found.lines[0].verdict, found.lines[0].policy) == (
        "window_not_open",
        Verdict.UNMET,
        "BJ-T",
    )
    assert found.reasons() == [window]
    assert found.answer == Answer.NO


def test_words_are_those_of_the_registers() -> None:
    assert {level.value for level in education.Level} == set(EducationLevel.values)
    assert {degree.value for degree in education.Degree} == set(Degree.values)
    assert {kind.value for kind in insurance.InsuredAs} == set(InsuredAs.values)
