"""Conditions in their tables: entered in the revision in hand, read for an entry, copied, and refused where they are wrong."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.accounts.actors import Actor
from portal.catalogue import demo
from portal.catalogue.conditions import Conditions, Route, assess, conditions_for, conditions_of
from portal.catalogue.domain import conditions, editions
from portal.catalogue.domain.conditions import Terms
from portal.catalogue.enums import REVIEWABLE, Audience, EducationLevel, LevelKey, SkillGrade
from portal.catalogue.models import CatalogueEntry, Condition, ConditionSet, Edition, Series
from portal.catalogue.queries import policy_in_force
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal
from portal.workflow import carry_out
from tests.factories import candidates
from tests.factories import catalogue as make

AT = make.PREPARED_AT
FIVE = Route(EducationLevel.BACHELOR, title=LevelKey.INTERMEDIATE, title_years=5)
FOUR = replace(FIVE, title_years=4)


def terms(series: str = "05", level: LevelKey = LevelKey.ASSOCIATE, **fields: object) -> Terms:
    known = {"routes": (FIVE,), "source": "改革文件"}
    return Terms(series=Series.objects.get(code=series), level=make.level(level), **(known | fields))


def year(*wanted: Terms) -> CatalogueEntry:
    """Return the one row of a year that is published with these conditions."""
    edition = make.edition()
    conditions.put(edition, wanted, by=make.SYSTEM, at=AT)
    plan = make.schedule(edition)
    make.published(make.row(edition, plan), of=edition, plan=plan)
    return CatalogueEntry.objects.with_all().get(edition=edition)


def amended(edition: Edition) -> Edition:
    return carry_out(Edition.objects.get(pk=edition.pk), "amend", by=make.SYSTEM, at=make.PUBLISHED_AT, note="调整")


def read(entry: CatalogueEntry) -> Conditions | None:
    return conditions_for(CatalogueEntry.objects.with_all().get(pk=entry.pk))


def published(edition: Edition) -> None:
    for step in ("submit", "approve"):
        edition = carry_out(edition, step, by=make.SYSTEM, at=make.PUBLISHED_AT)
    editions.publish(edition, by=make.SYSTEM, at=make.PUBLISHED_AT)


# --- Entering and reading -------------------------------------------------------------------
def test_an_entry_is_read_with_its_ways_and_the_names_of_titles(db: None) -> None:
    entry = year(terms(note="其他", exceptional="破格"))
    found = read(entry)
    assert found is not None
    assert found.routes == (FIVE,)
    assert found.title_of(LevelKey.INTERMEDIATE) == "工程师"
    assert found.words_of(FIVE) == "本科及以上学历或者学位，取得工程师满5年"
    assert (found.note, found.exceptional, found.source) == ("其他", "破格", "改革文件")
    assert conditions_of(found.code) == found


def test_without_conditions_there_are_none(db: None) -> None:
    assert read(year()) is None
    assert read(year(terms(level=LevelKey.FULL))) is None


def test_a_specialtys_own_conditions_come_before_those_of_its_series(db: None) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    own, other = make.specialty(), make.specialty()
    wanted = [terms(), terms(specialty=own, routes=(FOUR,))]
    assert conditions.put(edition, wanted, by=make.SYSTEM, at=AT) == 2
    make.published(*(make.row(edition, plan, specialty=each) for each in (own, other)), of=edition, plan=plan)
    found = {entry.specialty: read(entry) for entry in edition.entries.with_all()}
    assert [each.routes for each in (found[own], found[other]) if each] == [(FOUR,), (FIVE,)]


def test_reading_costs_three_queries_however_many_ways(db: None) -> None:
    few, many = year(terms()), year(terms(routes=(FIVE, FOUR, replace(FIVE, title_years=3))))
    for entry in (few, many):
        with CaptureQueriesContext(connection) as queries:
            conditions_for(entry)
        assert len(queries) == 3


@pytest.mark.rule("R-057", "A-30")
def test_a_stored_set_and_a_policy_version_answer_together(now: dt.datetime, db: None) -> None:
    entry = year(terms())
    policy = policy_in_force(now.date())
    with CaptureQueriesContext(connection) as queries:
        found = assess(candidates.person(), entry, conditions=read(entry), policy=policy, at=now)
    assert found.is_yes
    assert {line.policy for line in found.lines} == {policy.code}
    assert len(queries) == 4  # the entry's own, and the three of its conditions: the check itself asks nothing


# --- Revisions ------------------------------------------------------------------------------
def test_what_is_published_holds_until_the_next_revision_is(db: None) -> None:
    entry = year(terms())
    edition = amended(entry.edition)
    assert conditions.put(edition, [terms(routes=(FOUR,))], by=make.SYSTEM, at=AT) == 1
    before = read(entry)
    assert before is not None
    assert before.routes == (FIVE,)
    assert [conditions.terms_of(each).routes for each in edition.condition_sets.working()] == [(FOUR,)]
    published(edition)
    after = read(entry)
    assert after is not None
    assert after.routes == (FOUR,)
    assert conditions_of(before.code).routes == (FIVE,)


def test_entering_the_same_again_changes_nothing(db: None) -> None:
    edition = make.edition()
    assert conditions.put(edition, [terms()], by=make.SYSTEM, at=AT) == 1
    code = ConditionSet.objects.get().code
    assert conditions.put(edition, [terms()], by=make.SYSTEM, at=AT) == 0
    assert ConditionSet.objects.get().code == code
    assert list(history_of(edition).values_list("step", flat=True)).count("change_conditions") == 1


def test_within_one_revision_a_change_leaves_no_trace_but_the_ledger(db: None) -> None:
    edition = make.edition()
    conditions.put(edition, [terms()], by=make.SYSTEM, at=AT)
    conditions.put(edition, [terms(routes=(FOUR, FIVE))], by=make.SYSTEM, at=AT)
    assert [conditions.terms_of(each).routes for each in ConditionSet.objects.all()] == [(FOUR, FIVE)]
    conditions.drop(ConditionSet.objects.get(), by=make.SYSTEM, at=AT)
    assert not ConditionSet.objects.exists()
    entries = history_of(edition).filter(step__endswith="_conditions").order_by("pk")
    assert [entry.facts["sets"] for entry in entries] == [["工程技术 副高级"]] * 3


def test_a_published_set_that_is_dropped_stays_readable(db: None) -> None:
    entry = year(terms())
    edition = amended(entry.edition)
    conditions.drop(ConditionSet.objects.select_related("edition").get(), by=make.SYSTEM, at=AT)
    assert read(entry) is not None
    published(edition)
    assert read(entry) is None
    assert ConditionSet.objects.count() == 1


@pytest.mark.rule("R-020")
def test_conditions_of_a_published_year_are_not_touched(db: None) -> None:
    entry = year(terms())
    with pytest.raises(Refusal, match="请先编制修订版"):
        conditions.put(entry.edition, [terms(routes=(FOUR,))], by=make.SYSTEM, at=AT)
    with pytest.raises(Refusal, match="请先编制修订版"):
        conditions.drop(ConditionSet.objects.select_related("edition").get(), by=make.SYSTEM, at=AT)


def test_the_preparer_of_conditions_does_not_approve_them(bureau_lead: Actor, bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=bureau_clerk, at=AT)
    conditions.put(edition, [terms()], by=bureau_lead, at=AT)
    edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
    with pytest.raises(Refusal, match="参与编制的人员不能审批"):
        carry_out(edition, "approve", by=bureau_lead, at=AT)


def test_a_copied_year_has_the_conditions_of_the_published_one(db: None) -> None:
    entry = year(terms(), terms(level=LevelKey.FULL, routes=(replace(FIVE, title=LevelKey.ASSOCIATE),)))
    edition = amended(entry.edition)
    conditions.put(edition, [terms(routes=(FOUR,))], by=make.SYSTEM, at=AT)
    new = editions.prepare(code="BJ-2027", year=2027, title="2027", copy_from=edition, by=make.SYSTEM, at=AT)
    copied = [conditions.terms_of(each) for each in new.condition_sets.with_all().in_order()]
    assert [(str(each.level), each.routes[0].title_years) for each in copied] == [("正高级", 5), ("副高级", 5)]


# --- What is refused ------------------------------------------------------------------------
WRONG: list[tuple[dict[str, object], str, str]] = [
    ({"routes": ()}, "routes_missing", "须至少设一条申报途径。"),
    ({"source": ""}, "source_missing", "请填写依据文件；没有文件依据的，请标明为演示数据。"),
    (
        {"may_be_first": True},
        "no_route_by_education",
        "可以凭学历首次申报的级别，须有一条不要求已取得职称的途径。",
    ),
    (
        {"routes": (Route(EducationLevel.DOCTOR, work_years=2),)},
        "route_skips_levels",
        "有途径不要求已取得职称，请标明该级别可以凭学历首次申报，或者补充所要求的职称。",
    ),
    (
        {"routes": (FIVE, Route(audience=Audience.MOVER, work_years=5))},
        "route_asks_nothing",
        "第2条途径：须至少要求学历、职称、职业技能等级之一。",
    ),
    (
        {"routes": (replace(FIVE, title=LevelKey.FULL),)},
        "title_not_below",
        "第1条途径：要求已取得的职称须低于申报的级别。",
    ),
    (
        {"routes": (FIVE, Route(EducationLevel.DOCTOR, title_years=2, audience=Audience.MOVER))},
        "years_without_title",
        "第2条途径：填写取得职称后年限的，须选择职称级别。",
    ),
    (
        {"routes": (replace(FIVE, skill=SkillGrade.TECHNICIAN),)},
        "skill_and_audience",
        "第1条途径：面向高技能人才的途径须选择职业技能等级，其他途径不选。",
    ),
    (
        {"routes": (replace(FIVE, skill_years=2),)},
        "years_without_skill",
        "第1条途径：填写取得技能等级后年限的，须选择职业技能等级。",
    ),
    ({"routes": (replace(FIVE, title_years=51),)}, "too_many_years", "第1条途径：年限不能超过50年。"),
]


@pytest.mark.rule("R-057", "A-26")
@pytest.mark.parametrize(("fields", "code", "text"), WRONG)
def test_what_cannot_be_meant_is_refused(db: None, fields: dict[str, object], code: str, text: str) -> None:
    edition = make.edition()
    with pytest.raises(Refusal) as refused:
        conditions.put(edition, [terms(), terms(level=LevelKey.FULL, **fields)], by=make.SYSTEM, at=AT)
    told = [(reason.code, str(reason.text)) for reason in refused.value.reasons]
    assert (code, text) in told
    assert not ConditionSet.objects.exists()


def test_a_level_without_titles_and_a_foreign_specialty_are_refused(db: None) -> None:
    edition = make.edition()
    wrong = terms("02", LevelKey.ENTRY, specialty=make.specialty("03"), routes=(Route(EducationLevel.COLLEGE),))
    with pytest.raises(Refusal) as refused:
        conditions.put(edition, [replace(wrong, may_be_first=True)], by=make.SYSTEM, at=AT)
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [
        ("specialty_of_another_series", "specialty"),
        ("level_without_title", "level"),
    ]


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"education": "", "title_level": "", "title_years": 0}, "route_asks_for_something"),
        ({"education": "phd"}, "route_education_is_known"),
        ({"title_level": "chief"}, "route_title_is_known"),
        ({"title_level": ""}, "route_years_since_a_title"),
        ({"audience": Audience.SKILLED}, "skill_is_asked_of_skilled_workers"),
        ({"skill_years": 1}, "skill_is_asked_of_skilled_workers"),
        ({"work_years": 51}, "route_years_are_a_working_life"),
        ({"order": 1}, "one_route_a_place"),
    ],
)
def test_the_tables_keep_nonsense_out(db: None, fields: dict[str, object], constraint: str) -> None:
    conditions.put(make.edition(), [terms()], by=make.SYSTEM, at=AT)
    row = Condition.objects.get()
    row.pk, row.order = None, 2
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


# --- What the demonstration ships with ------------------------------------------------------
@pytest.mark.rule("R-057", "A-26")
@pytest.mark.parametrize("code", ["BJ-2024", "BJ-2026-demo"])
def test_every_reviewed_level_of_the_demonstration_has_conditions(
    bureau_clerk: Actor, bureau_lead: Actor, code: str
) -> None:
    edition = demo.load_edition(code, clerk=bureau_clerk, lead=bureau_lead)
    count = ConditionSet.objects.count()
    demo.load_edition(code, clerk=bureau_clerk, lead=bureau_lead)
    assert ConditionSet.objects.count() == count
    reviewed = edition.entries.filter(method__in=REVIEWABLE).values_list("specialty__series", "level")
    held = edition.condition_sets.filter(specialty=None)
    assert set(held.values_list("series", "level")) == set(reviewed)
    assert set(held.values_list("is_illustrative", flat=True)) == {True}


def test_the_demonstration_answers_as_usual_practice_does(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime
) -> None:
    demo.load_edition(demo.YEAR, clerk=bureau_clerk, lead=bureau_lead)

    def ways(name: str, level: LevelKey) -> list[str]:
        entry = CatalogueEntry.objects.with_all().filter(specialty__name=name, level__key=level).first()
        assert entry is not None
        found = conditions_for(entry)
        assert found is not None
        return [found.words_of(route) for route in found.routes]

    assert ways("电子信息", LevelKey.ASSOCIATE) == [
        "博士及以上学历或者学位，取得工程师满2年",
        "本科及以上学历或者学位，取得工程师满5年",
        "机关流动到企事业单位的人员，博士及以上学历或者学位，从事本专业技术工作满2年",
        "机关流动到企事业单位的人员，本科及以上学历或者学位，从事本专业技术工作满10年",
        "高技能人才，取得高级技师满4年",
    ]
    assert "大专及以上学历或者学位，取得会计师满10年" in ways("会计", LevelKey.ASSOCIATE)
    assert "大专及以上学历或者学位，取得主管护师满7年" in ways("护理", LevelKey.ASSOCIATE)
    assert not [words for words in ways("内科", LevelKey.ASSOCIATE) if "大专" in words]
