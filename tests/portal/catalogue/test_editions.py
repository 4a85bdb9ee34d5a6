"""The year's catalogue: rows in revisions, four eyes, what a revision must hold before it is approved."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.domain import committees, editions
from portal.catalogue.domain.rows import Changes, apply, changes_towards, row_of
from portal.catalogue.enums import AuthorityState, Band, EditionState, LevelKey, Method
from portal.catalogue.models import AgencyAuthority, CatalogueEntry, Edition
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories import catalogue as make

AT = make.PUBLISHED_AT


def refused(step: str, edition: Edition, by: Actor, **facts: object) -> list[tuple[str, str]]:
    with pytest.raises(StepRefused) as refusal:
        carry_out(edition, step, by=by, at=AT, **facts)
    return [(reason.code, str(reason.text)) for reason in refusal.value.reasons]


def reasons(act: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as refusal:
        act()
    return [(reason.code, str(reason.text)) for reason in refusal.value.reasons]


def small_year(bureau_clerk: Actor, bureau_lead: Actor) -> tuple[Edition, CatalogueEntry]:
    entry = make.published_entry(bureau_clerk, bureau_lead)
    return Edition.objects.get(pk=entry.edition_id), entry


# --- Four eyes ------------------------------------------------------------------------------
@pytest.mark.rule("R-001", "R-020")
def test_the_clerk_submits_the_lead_approves_and_it_is_public(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    assert (edition.state, edition.revision) == (EditionState.PUBLISHED, 1)
    assert list(CatalogueEntry.objects.public()) == [entry]
    assert AgencyAuthority.objects.get().state == AuthorityState.LISTED
    steps = list(history_of(edition).values_list("step", flat=True))
    assert steps[0] == "prepare"
    assert steps[-3:] == ["submit", "approve", "publish"]


def test_a_lead_who_added_one_row_cannot_approve(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    apply(edition, Changes(added=[make.row(edition, plan)]), by=bureau_lead, at=AT)
    edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
    assert refused("approve", edition, bureau_lead) == [
        ("another_prepared", "参与编制的人员不能审批，请由另一位负责人办理。")
    ]


def test_a_clerk_may_not_approve(bureau_clerk: Actor, actor: Callable[..., Actor]) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    apply(edition, Changes(added=[make.row(edition, plan)]), by=bureau_clerk, at=AT)
    edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
    with pytest.raises(StepNotPermitted):
        carry_out(edition, "approve", by=actor(Role.BUREAU_CLERK), at=AT)


def test_for_the_next_revision_other_eyes_count(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, _entry = small_year(bureau_clerk, bureau_lead)
    edition = carry_out(edition, "amend", by=bureau_clerk, at=AT, note="电话变更")
    edition = carry_out(edition, "submit", by=bureau_lead, at=AT)
    assert [code for code, _text in refused("approve", edition, bureau_lead)] == ["another_prepared"]


def test_sending_back_needs_a_reason(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    apply(edition, Changes(added=[make.row(edition, plan)]), by=bureau_clerk, at=AT)
    edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
    assert refused("send_back", edition, bureau_lead) == [("reason_given", "请填写理由。")]
    assert carry_out(edition, "send_back", by=bureau_lead, at=AT, note="补正电话").state == EditionState.PREPARING


# --- What a revision must hold --------------------------------------------------------------
def test_an_empty_catalogue_is_not_submitted(bureau_clerk: Actor) -> None:
    assert refused("submit", make.edition(bureau_clerk), bureau_clerk) == [("has_entries", "目录中还没有任何条目。")]


@pytest.mark.rule("R-024", "R-031")
def test_city_rows_name_their_schedule_and_industry_rows_need_not(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    city = make.row(edition, None, specialty=make.specialty(name="电子信息测试"))
    industry = make.row(edition, None, specialty=make.specialty("04"))
    apply(edition, Changes(added=[city, industry]), by=bureau_clerk, at=AT)
    assert refused("submit", edition, bureau_clerk) == [
        ("every_entry_knows_its_calendar", "以下条目没有对应的年度安排：电子信息测试 副高级。")
    ]


@pytest.mark.rule("R-260")
def test_accountants_are_examined_before_they_are_reviewed(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    wrong = make.row(edition, plan, specialty=make.specialty("17", name="会计测试"))
    apply(edition, Changes(added=[wrong]), by=bureau_clerk, at=AT)
    assert refused("submit", edition, bureau_clerk) == [
        ("exams_come_first_where_required", "以下条目属于考评结合系列，取得方式须为「考评结合」：会计测试 副高级。")
    ]


@pytest.mark.rule("R-034")
def test_junior_engineers_are_evaluated_by_district_committees(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    plan = make.schedule(edition, bureau_clerk)
    city = make.committee(edition, bureau_clerk, band=Band.JUNIOR)
    wrong = make.row(
        edition, plan, specialty=make.specialty(name="机械测试"), level=make.level(LevelKey.ASSISTANT), committee=city
    )
    apply(edition, Changes(added=[wrong]), by=bureau_clerk, at=AT)
    assert refused("submit", edition, bureau_clerk) == [
        ("junior_engineering_is_by_district", "以下条目须由区级初级评委会评审：机械测试 助理级。")
    ]


def test_many_wrong_rows_are_counted_not_poured_out(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    rows = [make.row(edition, None) for _ in range(7)]
    apply(edition, Changes(added=rows), by=bureau_clerk, at=AT)
    ((_code, text),) = refused("submit", edition, bureau_clerk)
    assert text.endswith("等共7项。")
    assert text.count("、") == 4


@pytest.mark.rule("R-029")
def test_a_year_ends_after_its_schedules(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    assert refused("close", edition, bureau_lead) == [
        ("no_schedule_is_running", f"以下年度安排尚未结束：{entry.schedule}。")
    ]


# --- Rows -----------------------------------------------------------------------------------
def test_wrong_rows_are_refused_with_every_reason(bureau_clerk: Actor) -> None:
    edition, other = make.edition(bureau_clerk), make.edition(bureau_clerk)
    rows = [
        make.row(edition, None, specialty=make.specialty("01")),
        make.row(edition, None, committee=None),
        make.row(edition, None, method=Method.EXAM_ONLY),
        make.row(edition, None, committee=make.committee(other)),
        make.row(edition, None, committee=make.committee(edition, band=Band.JUNIOR, name="初级会")),
        make.row(edition, make.schedule(other)),
    ]
    assert reasons(lambda: apply(edition, Changes(added=rows), by=bureau_clerk, at=AT)) == [
        ("series_not_evaluated_here", "「高等学校教师」系列在本市不由评审服务机构评审。"),
        ("committee_missing", "评审和考评结合须指定评审委员会。"),
        ("committee_superfluous", "以考代评和不开展的级别不设评审委员会。"),
        ("committee_of_another_year", "评审委员会不属于该年度目录。"),
        ("committee_of_another_level", "「初级会」是初级评委会，不能评审副高级。"),
        ("schedule_of_another_year", "年度安排不属于该年度目录。"),
    ]
    assert not CatalogueEntry.objects.exists()


def test_the_same_row_twice_is_refused(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    row = make.row(edition, None)
    apply(edition, Changes(added=[row]), by=bureau_clerk, at=AT)
    ((code, text),) = reasons(lambda: apply(edition, Changes(added=[row]), by=bureau_clerk, at=AT))
    assert (code, text) == ("row_stands_already", f"目录中已有相同的条目：{row}。")
    with pytest.raises(IntegrityError), transaction.atomic():
        CatalogueEntry.objects.create(
            edition=edition, specialty=row.specialty, level=row.level, method=row.method, committee=row.committee
        )


def test_a_published_edition_changes_only_as_a_revision(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, _entry = small_year(bureau_clerk, bureau_lead)
    ((code, text),) = reasons(
        lambda: apply(edition, Changes(added=[make.row(edition, None, committee=None)]), by=bureau_clerk, at=AT)
    )
    assert code == "edition_is_not_in_preparation"
    assert text == "目录当前状态为「已发布」，不能修改；已发布的目录请先编制修订版。"


@pytest.mark.rule("R-020", "A-35")
def test_an_amendment_keeps_what_is_published_until_it_is_published_itself(
    bureau_clerk: Actor, bureau_lead: Actor
) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    edition = carry_out(edition, "amend", by=bureau_clerk, at=AT, note="增设专业")
    added = make.row(edition, entry.schedule, committee=entry.committee)
    changed = row_of(entry)
    changed = type(changed)(**{**changed.__dict__, "telephone": "010-1"})
    apply(edition, Changes(added=[added], changed=[(entry, changed)]), by=bureau_clerk, at=AT)
    assert [row.contact for row in CatalogueEntry.objects.public()] == [entry.contact]
    edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
    edition = carry_out(edition, "approve", by=bureau_lead, at=AT)
    edition = editions.publish(edition, by=bureau_lead, at=AT)
    assert edition.revision == 2
    assert {row.contact for row in CatalogueEntry.objects.public()} == {"010-1", entry.contact}
    assert list(edition.entries.at_revision(1)) == [entry]
    assert CatalogueEntry.objects.get(pk=entry.pk).until_revision == 2


def test_rows_that_do_not_change_stay_the_very_same_rows(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    edition = carry_out(edition, "amend", by=bureau_clerk, at=AT, note="核对")
    assert not changes_towards(edition, [row_of(entry)])
    assert len(changes_towards(edition, []).dropped) == 1


def test_an_agency_that_is_no_longer_named_is_delisted_and_comes_back(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    first = entry.agency
    for rows in ([make.row(edition, entry.schedule, committee=None, method=Method.EXAM_ONLY)], [row_of(entry)]):
        edition = carry_out(edition, "amend", by=bureau_clerk, at=AT, note="调整名录")
        apply(edition, changes_towards(edition, rows), by=bureau_clerk, at=AT)
        edition = carry_out(edition, "submit", by=bureau_clerk, at=AT)
        edition = carry_out(edition, "approve", by=bureau_lead, at=AT)
        edition = editions.publish(edition, by=bureau_lead, at=AT)
        wanted = AuthorityState.LISTED if rows == [row_of(entry)] else AuthorityState.DELISTED
        assert AgencyAuthority.objects.get(agency=first).state == wanted


# --- Copying and committees -----------------------------------------------------------------
def test_a_copied_year_has_the_same_rows_on_moved_dates(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    copy = make.edition(bureau_clerk, code="T-2027", year=2027, copy_from=edition)
    row = CatalogueEntry.objects.with_all().get(edition=copy)
    assert (row.specialty, row.level, row.committee.name) == (entry.specialty, entry.level, entry.committee.name)
    assert row.committee != entry.committee
    assert row.schedule.windows.last_day("individual") == dt.date(2027, 7, 28)


def test_a_year_and_a_code_are_taken_once(bureau_clerk: Actor) -> None:
    make.edition(bureau_clerk, code="BJ-2027", year=2027, is_illustrative=False)
    found = reasons(lambda: make.edition(bureau_clerk, code="BJ-2027", year=2027, is_illustrative=False))
    assert found == [
        ("code_taken", "目录编号BJ-2027已被使用。"),
        ("year_taken", "2027年度已有目录，请在其上编制修订版。"),
    ]


@pytest.mark.rule("A-09", "A-10")
@pytest.mark.parametrize(
    ("field", "days", "text"),
    [
        ("correction_workdays", 4, "「补正期限」不能为4个工作日：允许范围5 至 20。"),
        ("payment_workdays", 16, "「缴费期限」不能为16个工作日：允许范围3 至 15。"),
    ],
)
def test_an_agencys_periods_stay_in_the_policys_range(bureau_clerk: Actor, field: str, days: int, text: str) -> None:
    edition = make.edition(bureau_clerk)
    assert reasons(lambda: make.committee(edition, **{field: days}))[0][1] == text


def test_what_the_list_says_of_a_committee_is_not_rewritten(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    carry_out(edition, "amend", by=bureau_clerk, at=AT, note="核对")
    renamed = reasons(lambda: committees.change(entry.committee, {"name": "别名"}, by=bureau_clerk, at=AT))
    assert [code for code, _text in renamed] == ["committee_is_public"]
    changed = committees.change(entry.committee, {"telephone": "010-2"}, by=bureau_clerk, at=AT)
    assert changed.telephone == "010-2"


def test_periods_are_announced_before_the_year_begins(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition, entry = small_year(bureau_clerk, bureau_lead)
    carry_out(edition, "amend", by=bureau_clerk, at=AT, note="核对")
    inside = entry.schedule.individual_opens_at
    act = {"correction_workdays": 15}
    late = reasons(lambda: committees.change(entry.committee, act, by=bureau_clerk, at=inside))
    assert late == [("year_has_begun", "申报已经开始，补正和缴费期限不能再改。")]
    before = inside - dt.timedelta(microseconds=1)
    assert committees.change(entry.committee, act, by=bureau_clerk, at=before).correction_workdays == 15


def test_every_district_gets_its_junior_committee_once(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    for district in ("110108", "110106"):
        accounts.organisation(OrganisationKind.DISTRICT, district=district)
    made = committees.prepare_for_districts(edition, by=bureau_clerk, at=AT)
    assert [committee.name for committee in made] == [
        "丰台区工程技术系列初级专业技术资格评审委员会",
        "海淀区工程技术系列初级专业技术资格评审委员会",
    ]
    assert committees.prepare_for_districts(edition, by=bureau_clerk, at=AT) == []


def test_the_database_refuses_a_reviewed_level_without_a_committee(bureau_clerk: Actor) -> None:
    edition = make.edition(bureau_clerk)
    with pytest.raises(DatabaseError, match="reviewed_levels_have_a_committee"), transaction.atomic():
        CatalogueEntry.objects.create(
            edition=edition, specialty=make.specialty(), level=make.level(), method=Method.REVIEW
        )
