"""What a person may choose and why not; fees and names; agencies in and out of standing."""

import datetime as dt

import pytest

from portal.accounts.actors import Actor
from portal.catalogue import demo
from portal.catalogue.domain import standing
from portal.catalogue.enums import AuthorityState, Band, LevelKey, Method
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.catalogue.queries import (
    edition_in_force,
    entries_open_to,
    may_evaluate,
    reasons_against_choosing,
    search,
    suspensions_of,
    title_names,
)
from portal.shared import clock
from portal.shared.errors import StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import catalogue as make

HAIDIAN, FENGTAI = "110108", "110106"
REMEDY = dt.date(2026, 8, 31)


def told(entry: CatalogueEntry, at: dt.datetime, district: str = HAIDIAN) -> list[tuple[str, str]]:
    fresh = CatalogueEntry.objects.with_all().get(pk=entry.pk)
    return [(reason.basis, str(reason.text)) for reason in reasons_against_choosing(fresh, district=district, at=at)]


def authority_of(entry: CatalogueEntry) -> AgencyAuthority:
    return AgencyAuthority.objects.get(edition=entry.edition, agency=entry.agency)


def test_inside_the_window_nothing_speaks_against_it(now: dt.datetime, db: None) -> None:
    entry = make.published_entry()
    assert told(entry, now) == []
    assert list(entries_open_to(at=now, district=HAIDIAN)) == [entry]
    assert list(entries_open_to(at=now, district=HAIDIAN, series="05", level=LevelKey.ASSOCIATE)) == [entry]
    assert not entries_open_to(at=now, district=HAIDIAN, level=LevelKey.FULL).exists()


@pytest.mark.rule("R-024", "A-33")
def test_outside_the_window_the_dates_are_told(db: None) -> None:
    entry = make.published_entry()
    end = dt.datetime(2026, 7, 29, tzinfo=clock.BEIJING)
    assert told(entry, end) == [("R-024, A-33", "个人申报时间为7月7日—7月28日，已结束。")]
    assert not entries_open_to(at=end, district=HAIDIAN).exists()


@pytest.mark.rule("A-39")
def test_exam_only_levels_explain_themselves(now: dt.datetime, db: None) -> None:
    entry = make.published_entry(specialty=make.specialty("17", name="会计学"), method=Method.EXAM_ONLY, committee=None)
    assert told(entry, now) == [("A-39", "会计学副高级实行以考代评，通过国家统一考试取得，不受理评审申报。")]
    assert not entries_open_to(at=now, district=HAIDIAN).exists()


@pytest.mark.rule("R-031")
def test_post_evaluation_waits_for_the_industrys_notice(now: dt.datetime, db: None) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    row = make.row(edition, None, specialty=make.specialty("22"))
    make.published(row, of=edition, plan=plan)
    entry = CatalogueEntry.objects.get(edition=edition)
    assert told(entry, now) == [("R-031", "该系列以行业主管部门通知为准，通知尚未公布。")]


@pytest.mark.rule("R-035")
def test_only_the_committee_of_the_own_district_is_offered(now: dt.datetime, db: None) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    rows = [
        make.row(
            edition,
            plan,
            level=make.level(LevelKey.ASSISTANT),
            committee=make.committee(edition, band=Band.JUNIOR, district=district),
        )
        for district in (HAIDIAN, FENGTAI)
    ]
    make.published(*rows, of=edition, plan=plan)
    assert [entry.district for entry in entries_open_to(at=now, district=FENGTAI)] == [FENGTAI]
    foreign = CatalogueEntry.objects.get(committee__district=HAIDIAN)
    assert told(foreign, now, FENGTAI) == [
        ("R-035", "该评审委员会只受理参保单位在海淀区的申报人，请选择您参保单位所在区的评审委员会。")
    ]


@pytest.mark.rule("R-003")
def test_what_is_not_published_cannot_be_chosen(now: dt.datetime, db: None) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=make.SYSTEM, at=make.PREPARED_AT)
    entry = CatalogueEntry.objects.get(edition=edition)
    assert told(entry, now)[0] == ("R-003", "该条目不在现行目录中，请重新选择。")


@pytest.mark.rule("R-152")
def test_a_suspended_agency_takes_nobody_until_it_is_restored(bureau_lead: Actor, now: dt.datetime) -> None:
    entry = make.published_entry()
    heard: list[str] = []
    standing.on_change(lambda authority, at: heard.append(authority.state))
    row = standing.suspend(authority_of(entry), reason="程序违规", remedy_due_on=REMEDY, by=bureau_lead, at=now)
    assert told(entry, now) == [("R-152", f"{entry.agency}当前「暂停评审」，不能受理申报。")]
    assert not entries_open_to(at=now, district=HAIDIAN).exists()
    assert not may_evaluate(entry.agency, entry.edition)
    later = now + dt.timedelta(days=3)
    standing.restore(row, reason="整改到位", by=bureau_lead, at=later)
    assert told(entry, later) == []
    assert suspensions_of(entry.agency, entry.edition) == [(now, later)]
    assert heard == [AuthorityState.SUSPENDED, AuthorityState.LISTED]
    standing._listeners.pop()


@pytest.mark.rule("R-152", "R-153")
@pytest.mark.parametrize(
    ("step", "facts", "refusal"),
    [
        ("suspend", {"reason": "", "remedy_due_on": REMEDY}, ("cause_given", "请填写理由。")),
        (
            "suspend",
            {"reason": "违规", "remedy_due_on": dt.date(2026, 7, 8)},
            ("remedy_day_lies_ahead", "整改期限须在今日之后。"),
        ),
        ("withdraw", {"reason": " "}, ("cause_given", "请填写理由。")),
    ],
)
def test_measures_against_an_agency_give_their_cause(
    bureau_lead: Actor, now: dt.datetime, step: str, facts: dict[str, object], refusal: tuple[str, str]
) -> None:
    with pytest.raises(StepRefused) as refused:
        carry_out(authority_of(make.published_entry()), step, by=bureau_lead, at=now, **facts)
    assert [(reason.code, str(reason.text)) for reason in refused.value.reasons] == [refusal]


def test_an_agency_that_is_still_named_is_not_delisted(bureau_clerk: Actor, now: dt.datetime) -> None:
    with pytest.raises(StepRefused, match="仍列有该机构"):
        carry_out(authority_of(make.published_entry()), "delist", by=bureau_clerk, at=now)


def test_only_the_lead_takes_measures(bureau_clerk: Actor, now: dt.datetime) -> None:
    with pytest.raises(StepNotPermitted):
        carry_out(authority_of(make.published_entry()), "withdraw", by=bureau_clerk, at=now, reason="违规")


def test_withdrawn_during_a_suspension_it_ends_the_suspension(bureau_lead: Actor, now: dt.datetime) -> None:
    entry = make.published_entry()
    row = standing.suspend(authority_of(entry), reason="违规", remedy_due_on=REMEDY, by=bureau_lead, at=now)
    row = standing.withdraw(row, reason="情节严重", by=bureau_lead, at=now)
    assert row.state == AuthorityState.WITHDRAWN
    assert suspensions_of(entry.agency, entry.edition) == [(now, now)]


def test_titles_are_named_by_level_and_branch(db: None) -> None:
    entry = make.published_entry()
    assert title_names(entry) == ["高级工程师"]
    branch = make.published_entry(specialty=make.specialty("06", branch="兽医"))
    assert title_names(branch) == ["高级兽医师"]
    assert len(title_names(make.published_entry(specialty=make.specialty("06")))) == 3


@pytest.mark.parametrize("words", ["集成电路", "集成 电路", "高级工程师", "工程技术 集成", "资格评审"])
def test_the_catalogue_is_searched_by_any_words(db: None, words: str) -> None:
    edition = make.edition()
    plan = make.schedule(edition)
    wanted = make.row(
        edition,
        plan,
        specialty=make.specialty(name="集成电路"),
        committee=make.committee(edition, name="电子资格评审会"),
    )
    make.published(wanted, make.row(edition, plan, specialty=make.specialty("03")), of=edition, plan=plan)
    assert [entry.specialty.name for entry in search(CatalogueEntry.objects.public(), words)] == ["集成电路"]


def test_the_demonstration_is_loaded_once_and_by_two_people(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime
) -> None:
    year = demo.load(clerk=bureau_clerk, lead=bureau_lead)
    counts = CatalogueEntry.objects.count()
    assert demo.load(clerk=bureau_clerk, lead=bureau_lead) == year == edition_in_force(2026)
    assert CatalogueEntry.objects.count() == counts
    assert year.entries.count() >= 150
    offered = entries_open_to(at=now, district=FENGTAI, series="05", level=LevelKey.ASSISTANT)
    assert {entry.district for entry in offered} == {FENGTAI}
    assert set(year.entries.values_list("specialty__series__code", flat=True)) >= {f"{n:02d}" for n in range(2, 26)}
