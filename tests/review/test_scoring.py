"""Members' score sheets: what is scored by whom, when, what a rule finds, and that the vote alone decides."""

import inspect
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from applications.domain import drafting, submitting
from applications.models import ArchiveItem, Recommendation
from applications.sections import ItemKind
from portal.catalogue.enums import Indicator
from portal.ledger.models import Entry
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from review.domain import (
    agenda,
    case_papers,
    deciding_items,
    discussing,
    keeping_out,
    minutes,
    opining,
    paper_counting,
    quantifying,
    revoting,
    score_summaries,
    scoring,
    seating,
    sitting,
    voting,
)
from review.enums.defending import Relation
from review.enums.scoring import SheetState
from review.enums.sitting import ItemState
from review.guards import agenda as agenda_guards
from review.models import AgendaItem, ScoreLine, ScoreSheet
from tests.factories import applications, catalogue, defences, sessions
from tests.factories import scoring as factory
from tests.factories.scoring import ABILITY, ETHICS, HIGH, LOW, RESULTS

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN


@pytest.fixture(scope="module")
def kept(standing: Callable[..., Any]) -> int:
    """Keep an open session of eleven with one case under a published standard; its key."""
    return standing(lambda: factory.opened().pk)  # type: ignore[no-any-return]


@pytest.fixture
def item(kept: int) -> AgendaItem:
    return AgendaItem.objects.with_all().get(session=kept)


def codes(refusal: Refusal) -> set[str]:
    return {reason.code for reason in refusal.reasons}


# --- What is scored ---------------------------------------------------------------------------
@pytest.mark.rule("R-044", "R-045", "R-014")
def test_a_sheet_holds_the_whole_standard_and_members_score_their_lines_alone(item: AgendaItem) -> None:
    member = sessions.members(item.session)[5]
    sheet = factory.handed_in(item, member)
    lines = scoring.lines_of(ScoreSheet.objects.get(pk=sheet.pk))
    assert [(one.criterion.indicator, one.points) for one in lines] == [
        (Indicator.ETHICS, 9),
        (Indicator.EMPLOYER_ASSESSMENT, Decimal("20.0")),
        (Indicator.PROFESSIONAL_ABILITY, 27),
        (Indicator.DEFENCE, Decimal("7.9")),  # 55 of 70 points from each of three experts
        (Indicator.INNOVATION, 27),
    ]
    assert [label for label, _lines in scoring.by_heading(lines)] == ["品德", "能力", "业绩"]
    assert "已签署推荐" in lines[1].origin
    assert "3名专家" in lines[3].origin


@pytest.mark.rule("R-045")
def test_the_employers_part_follows_from_grades_and_recommendation_by_the_policys_table() -> None:
    item = sessions.items(factory.opened(by=factory.assessed({2024: "competent", 2023: "none", 2019: "incompetent"})))[
        0
    ]
    lines = scoring.lines_of(factory.scored(item, sessions.members(item.session)[5]))
    # The recommendation's 40%, and 60% of the mean of 100, 80 and 0: the three newest years with a grade.
    assert lines[1].points == Decimal("15.2")
    assert "2024年合格（称职）折算80%" in lines[1].origin
    assert "2023" not in lines[1].origin


def test_of_two_grades_in_one_year_the_lower_counts_and_old_years_do_not() -> None:
    grades = [(2025, "basic"), (2025, "excellent"), (2024, "competent"), (2022, "excellent"), (2021, "incompetent")]
    content = {"items": [{"kind": "assessment", "content": {"year": year, "result": grade}} for year, grade in grades]}
    assert quantifying.graded_years(content, 3) == [(2025, "basic"), (2024, "competent"), (2022, "excellent")]
    assert quantifying.graded_years({}, 3) == []


def test_a_line_without_anything_to_reckon_from_counts_on_neither_side(item: AgendaItem) -> None:
    policy = scoring.policy_of(item.policy_code)
    guide = scoring.standard_of(item)
    assert guide is not None
    employers, panels = guide.criteria.get(order=2), guide.criteria.get(order=4)
    unheard = defences.paid(catalogue.published_entry())
    assert quantifying.found_for(unheard, panels, policy).points is None
    assert quantifying.found_for(unheard, employers, policy).points == 20
    assert Recommendation.objects.get(application=unheard).signed_at is not None
    received = applications.received(catalogue.published_entry()).application
    assert quantifying.found_for(received, employers, policy).points is None


@pytest.mark.rule("R-074")
def test_the_panel_scores_neither_the_employers_part_nor_its_own_result() -> None:
    entry = catalogue.published_entry()
    factory.guide(entry)
    defence = defences.planned(defences.paid(entry))
    assert [one.order for one in opining.criteria_of(defence)] == [1, 3, 5]


def test_a_case_without_published_standard_is_not_scored() -> None:
    entry = catalogue.published_entry()
    defences.guide(entry.committee)  # type: ignore[arg-type] # a draft
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    with pytest.raises(Refusal) as refused:
        factory.scored(sessions.items(session)[0], sessions.members(session)[5])
    assert codes(refused.value) == {"no_standard"}


@pytest.mark.rule("R-044")
def test_members_see_under_each_line_what_the_person_shows_there() -> None:
    entry, who = catalogue.published_entry(), applications.applicant()
    menu = factory.guide(entry).criteria.of_results()
    assert [one.order for one in menu.order_by("order")] == [1, 3, 5]  # nothing is shown under what a rule finds
    application = applications.filled(entry, who)
    (result,) = ArchiveItem.objects.filter(person=application.applicant, kind=ItemKind.RESULT)
    drafting.show_work(application, result, criterion=menu.get(order=5), by=who, at=applications.NOW)
    handed_in = submitting.submit(application, commitment=True, by=who, at=applications.NOW)
    shown = case_papers.works_of(AgendaItem(application=handed_in))
    assert shown == {(Indicator.INNOVATION, "创新成果的效益"): ["低功耗信号处理芯片"]}


# --- Saving -----------------------------------------------------------------------------------
def test_points_are_whole_and_within_their_line(item: AgendaItem) -> None:
    by = sessions.acting(sessions.members(item.session)[5])
    for wrong in (11, -1, 2.5, "9", True):
        with pytest.raises(Refusal) as refused:
            scoring.save(item, {ETHICS: wrong}, based_on=0, by=by, at=AT)
        assert [(one.code, one.field) for one in refused.value.reasons] == [("points_out_of_range", "points_1")]
    with pytest.raises(Refusal) as refused:
        scoring.save(item, {"2": 20}, based_on=0, by=by, at=AT)
    assert codes(refused.value) == {"not_a_members_line"}
    assert not ScoreSheet.objects.exists()


def test_windows_do_not_overwrite_each_other_and_the_same_again_changes_nothing(item: AgendaItem) -> None:
    by = sessions.acting(sessions.members(item.session)[5])
    first = scoring.save(item, {ETHICS: 9}, based_on=0, by=by, at=AT)
    assert scoring.save(item, {ETHICS: 9}, based_on=0, by=by, at=AT).version == first.version == 1
    with pytest.raises(Refusal) as refused:
        scoring.save(item, {ETHICS: 8}, based_on=0, by=by, at=AT)
    assert codes(refused.value) == {"changed_elsewhere"}
    second = scoring.save(item, {ABILITY: 20}, based_on=1, by=by, at=AT)
    third = scoring.save(item, {ETHICS: None}, based_on=second.version, by=by, at=AT)
    assert [one.points for one in third.lines.all()] == [20]


@pytest.mark.rule("A-48")
def test_nobody_scores_who_is_no_sworn_member_or_keeps_out(item: AgendaItem) -> None:
    member = sessions.members(item.session)[5]
    factory.scored(item, member)
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(member), at=AT)
    with pytest.raises(StepRefused) as refused:
        scoring.hand_in(item, by=sessions.acting(member), at=AT)
    assert codes(refused.value) == {"member_has_no_relation"}
    for by in (sessions.acting(member), sessions.clerk(item.session), sessions.commissioner_of(item.session)):
        with pytest.raises(StepNotPermitted):
            scoring.save(item, HIGH, based_on=1, by=by, at=AT)
    with pytest.raises(StepNotPermitted):
        scoring.hand_in(item, by=sessions.clerk(item.session), at=AT)


# --- Handing in -------------------------------------------------------------------------------
def test_a_sheet_is_handed_in_once_complete_by_who_is_in_the_room(item: AgendaItem) -> None:
    member = sessions.members(item.session)[5]
    by = sessions.acting(member)
    with pytest.raises(Refusal) as refused:
        scoring.hand_in(item, by=by, at=AT)
    assert codes(refused.value) == {"every_line_scored"}
    scoring.save(item, {ETHICS: 9}, based_on=0, by=by, at=AT)
    seating.leave(member, by=by, at=AT)
    with pytest.raises(StepRefused) as unready:
        scoring.hand_in(item, by=by, at=AT)
    assert codes(unready.value) == {"member_is_present", "every_line_scored"}
    assert "还有2项" in str(unready.value)
    assert ScoreLine.objects.count() == 1
    seating.check_in(member, by=by, at=AT)
    scoring.save(item, HIGH, based_on=1, by=by, at=AT)
    done = scoring.hand_in(item, by=by, at=AT, key="one")
    assert (done.state, done.handed_in_at) == (SheetState.HANDED_IN, AT)
    assert scoring.hand_in(item, by=by, at=AT, key="one") == done
    with pytest.raises(Refusal) as late:
        scoring.save(item, LOW, based_on=done.version, by=by, at=AT)
    assert codes(late.value) == {"sheet_fixed"}


@pytest.mark.rule("R-111")
def test_sheets_end_where_the_vote_begins(item: AgendaItem) -> None:
    member = sessions.members(item.session)[5]
    factory.scored(item, member)
    voted_on = sessions.voting(item)
    with pytest.raises(StepRefused) as refused:
        scoring.hand_in(voted_on, by=sessions.acting(member), at=AT)
    assert codes(refused.value) == {"vote_not_open"}
    with pytest.raises(Refusal) as closed:
        scoring.save(voted_on, LOW, based_on=1, by=sessions.acting(member), at=AT)
    assert codes(closed.value) == {"scoring_closed"}


def test_members_prepare_before_the_meeting_and_hand_in_during_it() -> None:
    entry = catalogue.published_entry()
    factory.guide(entry)
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    item, member = sessions.items(session)[0], sessions.members(session)[5]
    factory.scored(item, member, at=sessions.CONVENED)
    with pytest.raises(StepRefused) as refused:
        scoring.hand_in(item, by=sessions.acting(member), at=sessions.CONVENED)
    assert codes(refused.value) == {"session_is_open", "member_is_present"}


def test_the_database_keeps_points_in_range_and_sheets_as_they_were_handed_in(item: AgendaItem) -> None:
    sheet = factory.scored(item, sessions.members(item.session)[5])
    line = sheet.lines.get(criterion__order=1)
    for change in ({"points": 11}, {"points": -1}, {"points": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreLine.objects.filter(pk=line.pk).update(**change)
    done = scoring.hand_in(item, by=sessions.acting(sheet.member), at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreLine.objects.filter(pk=line.pk).update(points=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreLine.objects.filter(pk=line.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreSheet.objects.filter(pk=done.pk).update(version=9)
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreSheet.objects.create(item=item, member=sheet.member, guide=sheet.guide)


def test_the_ledger_tells_that_a_sheet_was_handed_in_and_no_score(item: AgendaItem) -> None:
    sheet = factory.handed_in(item, sessions.members(item.session)[5])
    written = Entry.objects.filter(subject_type="review.ScoreSheet", subject_id=sheet.pk).order_by("pk")
    assert [(one.step, one.facts) for one in written] == [("begin", {"item": item.code}), ("hand_in", {})]


# --- Together ---------------------------------------------------------------------------------
@pytest.mark.rule("R-044", "R-045")
def test_the_summary_comes_after_the_own_sheet_and_its_numbers_with_the_last(item: AgendaItem) -> None:
    members = sessions.members(item.session)
    for member in members[:2]:
        factory.handed_in(item, member)
    assert score_summaries.shown_to(item, members[2]) is None
    early = score_summaries.shown_to(item, members[0])
    assert early is not None
    assert (early.sheets, early.awaited, early.is_divergent, early.numbers) == (2, 9, None, None)
    factory.handed_in(item, members[2], LOW)
    flagged = score_summaries.shown_to(item, members[0])
    assert flagged is not None
    assert (flagged.is_divergent, flagged.numbers) == (True, None)
    for member in members[3:]:
        factory.handed_in(item, member)
    done = score_summaries.shown_to(item, members[0])
    assert done is not None
    assert done.numbers is not None
    # Ten sheets of 90.9 and one of 56.9 points.
    assert (done.numbers.mean, done.numbers.spread) == (Decimal("87.8"), Decimal("34.0"))
    assert [(one.heading.label, one.points, one.most) for one in done.numbers.headings] == [
        ("品德", Decimal("28.6"), 30),
        ("能力", Decimal("33.5"), 40),
        ("业绩", Decimal("25.6"), 30),
    ]


def test_exactly_the_threshold_is_no_divergence(item: AgendaItem) -> None:
    members = sessions.members(item.session)
    for member, points in zip(members[:3], (27, 27, 7), strict=True):
        factory.handed_in(item, member, {**HIGH, RESULTS: points})
    found = score_summaries.summary_of(item)
    assert found.numbers is not None
    assert (found.numbers.spread, found.threshold, found.is_divergent) == (20, 20, False)
    factory.handed_in(item, members[3], {**HIGH, RESULTS: 6})
    assert score_summaries.summary_of(item).is_divergent is True


def test_a_sheet_of_whoever_keeps_out_later_does_not_count(item: AgendaItem) -> None:
    members = sessions.members(item.session)
    for member in members[:4]:
        factory.handed_in(item, member, LOW if member == members[3] else HIGH)
    assert score_summaries.summary_of(item).is_divergent is True
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(members[3]), at=AT)
    found = score_summaries.summary_of(item)
    assert (found.sheets, found.awaited, found.is_divergent) == (3, 7, False)
    assert score_summaries.shown_to(item, members[3]) is None


# --- What was discussed -----------------------------------------------------------------------
@pytest.mark.rule("R-044", "R-114")
def test_the_minutes_tell_whether_flagged_scores_were_discussed(item: AgendaItem) -> None:
    for member, points in zip(sessions.members(item.session)[:3], (HIGH, HIGH, LOW), strict=True):
        factory.handed_in(item, member, points)
    words = "就技术路线的原创性充分讨论，多数委员认为有创新。"
    leader = sessions.leader(item)
    with pytest.raises(Refusal) as refused:
        discussing.note(item, words, by=leader, at=AT)
    assert [one.code for one in refused.value.reasons] == ["not_discussed_now"]
    sessions.presented(item, at=AT)
    other = sessions.acting(sessions.ordinary(item.session)[0])
    with pytest.raises(StepNotPermitted):
        discussing.note(item, words, by=other, at=AT)
    with pytest.raises(Refusal) as refused:
        discussing.note(item, "有", by=leader, at=AT)
    assert [one.code for one in refused.value.reasons] == ["discussion_written"]
    discussing.note(item, words, by=leader, at=AT)
    assert Entry.objects.get(step="discuss").note == words
    agenda.open_vote(item, by=leader, at=AT)
    text = "".join(minutes.counted(sessions.fresh(item.session)))
    assert "已提示主持人组织讨论。" in text
    assert f"讨论情况：{words}" in minutes.drafted(sessions.fresh(item.session))
    assert "没有记录讨论情况" not in text
    AgendaItem.objects.filter(pk=item.pk).update(discussion="")
    assert "没有记录讨论情况。" in "".join(minutes.counted(sessions.fresh(item.session)))


# --- The vote alone decides -------------------------------------------------------------------
@pytest.mark.rule("R-112")
@pytest.mark.parametrize(
    ("points", "agree", "outcome"), [(0, 8, ItemState.DECIDED_PASS), (1, 7, ItemState.DECIDED_FAIL)]
)
def test_the_outcome_follows_from_the_votes_whatever_the_scores(
    item: AgendaItem, points: int, agree: int, outcome: ItemState
) -> None:
    """Nobody gives a point and eight of eleven agree; everybody gives all points and seven agree."""
    for member in sessions.members(item.session):
        factory.handed_in(item, member, {ETHICS: 10 * points, ABILITY: 30 * points, RESULTS: 30 * points})
    assert sessions.decided(item, agree=agree, against=11 - agree).state == outcome


@pytest.mark.rule("R-112")
def test_nothing_that_decides_reads_scores() -> None:
    for module in (deciding_items, voting, paper_counting, revoting, agenda_guards, agenda, sitting):
        assert "scor" not in inspect.getsource(module).lower(), module.__name__
