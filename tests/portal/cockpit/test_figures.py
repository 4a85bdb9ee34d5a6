"""The figures of a small city, counted by hand; every number leads to a list of as many, on pages and for programs."""

import datetime as dt
from urllib.parse import parse_qs, urlencode

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.domain.figures import Scope
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.cockpit import lists, sheets
from portal.cockpit.filters import ScopeForm
from portal.cockpit.reports import REPORTS
from portal.cockpit.tables import Table
from portal.deadlines.ringing import ring_due
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from review.models import ResultAcceptance
from tests.factories import acceptances, accounts, agency_reviews, figures, sessions
from tests.factories.calls import Caller
from tests.factories.defences import on
from tests.portal.cockpit.conftest import AT, column

pytestmark = pytest.mark.django_db
COCKPIT = "/cockpit/"


@pytest.fixture
def browser(city: int, at) -> Client:
    at(AT)
    return accounts.client(acceptances.clerk())


def tables(report: str, scope: Scope | None = None, at: dt.datetime = AT) -> dict[str, Table]:
    by = "series" if REPORTS[report].is_grouped else ""
    return {one.key: one for one in REPORTS[report].build(scope or Scope(year=2026), by, at)}


def funnel(by: str = "series", scope: Scope | None = None) -> dict[str, Table]:
    return {one.key: one for one in REPORTS["funnel"].build(scope or Scope(year=2026), by, AT)}


def must_lead_to_as_many(found: dict[str, Table], at: dt.datetime = AT) -> int:
    """Demand that every count is the length of its list; return how many there were."""
    cells = {
        cell.query: cell.value for table in found.values() for row in table.rows for cell in row.cells if cell.query
    }
    for query, value in cells.items():
        asked = QueryDict(query)
        assert len(lists.behind(ScopeForm(asked, at).scope, asked["what"], at).rows) == value, query
    return len(cells)


def test_rates_count_decisions_and_votes(city: int) -> None:
    found = tables("rates")
    assert sorted(column(found["checks"], "passed").values()) == [1, 3]
    assert sorted(column(found["checks"], "failed").values()) == [0, 1]
    assert set(column(found["checks"], "common").values()) == {4 / 5}
    assert list(column(found["votes"], "passed").values()) == [2]
    assert list(column(found["votes"], "rate").values()) == [2 / 3]
    assert set(column(found["votes"], "judged").values()) == {"界限以内"}
    assert must_lead_to_as_many(found) == 5


def test_an_agency_outside_its_limits_is_told_so(city: int) -> None:
    rejected = Application.objects.get(state="rejected")
    assert column(tables("rates")["checks"], "lowest")  # by the common rate of four in five nobody is outside
    narrowed = tables("rates", Scope(year=2026, agency=rejected.entry.committee.agency.code))
    assert list(column(narrowed["checks"], "rate").values()) == [3 / 4]


def test_reasons_are_what_applicants_were_told(city: int) -> None:
    found = tables("returns")
    reasons = column(found["reasons"], "files")
    assert reasons == {"R-063 客观、准确、完整填报": 1, "R-065 申报材料": 1}
    assert set(column(found["reasons"], "share").values()) == {1.0}
    assert sorted(column(found["agencies"], "returned").values()) == [0, 1]
    assert sorted(column(found["agencies"], "arrived").values()) == [2, 6]
    assert must_lead_to_as_many(found) == 5


def test_what_is_still_being_looked_at_was_told_to_nobody(city: int) -> None:
    """A defect that is marked in a running check is no reason of a return."""
    entry = Application.objects.filter(state="rejected").get().entry
    review = agency_reviews.taken(entry)
    agency_reviews.found(review, {"summary": "请在工作总结中补充业绩说明"}, at=review.state_since)
    assert set(column(tables("returns")["reasons"], "files").values()) == {1}


def test_the_promise_counts_working_days(city: int) -> None:
    later = on(10, 20)  # reported on Monday the 12th; the 13th to the 16th, the 19th and the 20th are used
    found = tables("promise", at=later)
    assert column(found["states"], "batches")["计时中"] == 1
    assert list(column(found["batches"], "used").values()) == [6]
    assert list(column(found["batches"], "left").values()) == [14]
    assert must_lead_to_as_many(found, later) == 1


def test_a_broken_promise_and_late_checks_are_overdue(city: int, at) -> None:
    later = on(12, 1)
    at(later)
    ring_due(at=later)
    found = tables("overdue", at=later)
    assert column(found["kinds"], "late")["机构首次审核（评审服务机构）"] == 1
    assert column(found["kinds"], "late")["验收发证承诺时限（市人力资源社会保障局）"] == 1
    assert list(column(found["agencies"], "late").values()) == [1]
    assert list(column(tables("promise", at=later)["states"], "batches").values()) == [0, 0, 1, 0, 0]
    assert must_lead_to_as_many(found, later) == 3


def test_an_unanswered_objection_is_overdue(city: int, at) -> None:
    batch = ResultAcceptance.objects.get(pk=city)
    notice = acceptances.posted(batch)
    objector = accounts.actor()
    objecting.lodge(notice.lines.all()[0], Statement("所列业绩不实，附证据。"), by=objector, at=on(10, 19))
    later = on(12, 1)
    at(later)
    ring_due(at=later)
    found = tables("overdue", at=later)
    assert column(found["kinds"], "late")["异议答复（异议受理单位）"] == 1
    assert list(column(found["handlers"], "late").values()) == [1]
    assert all(cell.query for row in found["handlers"].rows for cell in row.cells)
    must_lead_to_as_many(found, later)
    with pytest.raises(LookupError):
        lists.behind(Scope(), "objection.U-NOBODY", later)


def test_what_went_up_is_not_put_down_to_the_office_that_just_got_it(city: int) -> None:
    """The agency let ten working days pass; the bureau has ten of its own from then on."""
    notice = acceptances.posted(ResultAcceptance.objects.get(pk=city))
    objecting.lodge(notice.lines.all()[0], Statement("所列业绩不实，附证据。"), by=accounts.actor(), at=on(10, 19))
    for later, late in ((on(11, 3), 0), (on(11, 17), 0), (on(11, 18), 1)):
        ring_due(at=later)
        found = tables("overdue", at=later)
        assert sum(column(found["handlers"], "late").values()) == late
        assert column(found["kinds"], "late")["异议答复（异议受理单位）"] == late
        must_lead_to_as_many(found, later)


def test_days_count_what_happened_on_them(city: int) -> None:
    found = tables("load")
    assert column(found["peaks"], "number")["个人提交"] == 9
    assert column(found["peaks"], "number")["表决"] == 3
    assert column(found["peaks"], "day")["表决"] == "2026-10-10"
    assert sum(column(found["days"], "submitted").values()) == 9
    assert sum(column(found["days"], "decided").values()) == 5
    assert must_lead_to_as_many(found) == 7


@pytest.mark.parametrize("report", REPORTS)
def test_a_sheet_says_what_the_table_says(city: int, report: str, tmp_path) -> None:
    for table in tables(report).values():
        path = tmp_path / "sheet.xlsx"
        path.write_bytes(sheets.written(table, "评审年度：2026", AT))
        rows = list(openpyxl.load_workbook(path).active.iter_rows(min_row=6, values_only=True))
        assert [str(row[0]) for row in rows] == [str(row.label) for row in table.rows]
        for (_row, cells), values in zip(table.lines, rows, strict=True):
            assert list(values[1:]) == [pytest.approx(cell.value) for _column, cell in cells]


@pytest.mark.parametrize("report", ["funnel", "rates", "returns", "load"])
def test_more_people_ask_no_more_queries(city: int, report: str) -> None:
    few, many = Scope(year=2026, district=figures.CHAOYANG), Scope(year=2026)
    assert queries_of(report, few) == queries_of(report, many)


def test_more_batches_ask_no_more_queries(city: int) -> None:
    before = [queries_of(report, Scope()) for report in ("promise", "overdue")]
    entry = Application.objects.filter(entry__specialty__series__code=figures.NEWS)[0].entry
    acceptances.reported(acceptances.voted(sessions.ready(entry, 1), [10]))
    assert len(tables("promise")["batches"].rows) == 2
    assert [queries_of(report, Scope()) for report in ("promise", "overdue")] == before


def queries_of(report: str, scope: Scope) -> int:
    tables(report, scope)  # kinds of content are asked for once a process
    with CaptureQueriesContext(connection) as asked:
        tables(report, scope)
    return len(asked)


ROLES = {
    Role.BUREAU_CLERK: 200,
    Role.BUREAU_LEAD: 200,
    Role.AUDITOR: 200,
    Role.AGENCY_LEAD: 403,
    Role.EMPLOYER_HEAD: 403,
}


@pytest.mark.parametrize(("role", "status"), ROLES.items())
def test_only_the_bureau_looks(db: None, role: Role, status: int) -> None:
    browser = accounts.client(accounts.actor(role))
    for address in ("/cockpit/", "/cockpit/load/", "/cockpit/list/?what=reached.0", "/cockpit/funnel/way/sheet/"):
        assert browser.get(address).status_code == status, address


def test_the_desk_leads_there(db: None, bureau_clerk: Actor) -> None:
    assert 'href="/cockpit/"' in accounts.client(bureau_clerk).get("/desk/").content.decode()


def test_an_auditor_opens_no_file(city: int) -> None:
    for who, opens in ((acceptances.clerk(), True), (accounts.actor(Role.AUDITOR), False)):
        page = accounts.client(who).get("/cockpit/list/?year=2026&what=reached.2").content.decode()
        assert ("/review/files/" in page) is opens


def test_an_unknown_report_or_table_is_not_there(visit, bureau_clerk: Actor) -> None:
    browser: Client = visit(bureau_clerk)
    for address in ("/cockpit/nothing/", "/cockpit/funnel/nothing/sheet/", "/cockpit/nothing/way/sheet/"):
        assert browser.get(address).status_code == 404


def test_the_way_counts_who_came_how_far(city: int) -> None:
    way = funnel()["way"]
    assert list(column(way, "reached").values()) == [10, 9, 8, 4, 3, 3, 3, 2, 0, 0]
    assert list(column(way, "here").values()) == [1, 1, 2, 1, 0, 0, 0, 2, 0, 0]
    assert list(column(way, "out").values()) == [0, 0, 2, 0, 0, 0, 1, 0, 0, 0]
    assert column(way, "of_previous")["机构审核通过"] == 0.5
    assert column(way, "of_submitted")["表决通过"] == 2 / 9


def test_ends_say_where_and_how(city: int) -> None:
    ends = funnel()["ends"]
    assert column(ends, "people") == {"机构审核不通过": 1, "已撤回申报": 1, "评审未通过": 1}
    assert column(ends, "last") == {"机构审核不通过": "单位推荐", "已撤回申报": "单位推荐", "评审未通过": "表决并报送"}


@pytest.mark.parametrize(
    ("by", "submitted"),
    [
        ("series", {"工程技术": 7, "新闻": 2}),
        ("level", {"副高级": 9}),
        ("district", {"海淀区": 7, "朝阳区": 2, "未确定": 0}),
    ],
)
def test_groups_count_the_same_people(city: int, by: str, submitted: dict[str, int]) -> None:
    assert column(funnel(by)["groups"], "stage_1") == submitted


def test_agencies_are_two(city: int) -> None:
    assert sorted(column(funnel("agency")["groups"], "stage_2").values()) == [2, 6]


def test_every_number_leads_to_as_many(city: int) -> None:
    cells = [
        cell
        for by in ("series", "level", "district", "agency")
        for table in funnel(by).values()
        for row in table.rows
        for cell in row.cells
        if cell.query
    ]
    assert len(cells) > 60
    for query, value in {cell.query: cell.value for cell in cells}.items():
        asked = QueryDict(query)
        scope = ScopeForm(asked, AT).scope
        assert lists.behind(scope, asked["what"], AT).rows.count() == value, query


def test_the_words_of_a_group_narrow_to_it(browser: Client) -> None:
    row = funnel()["groups"].rows[0]
    narrowed = browser.get(f"{COCKPIT}{row.address}").context["tables"][0]
    assert column(narrowed, "reached")["个人提交"] == row.cells[1].value


def test_a_list_names_nobody(browser: Client) -> None:
    page = browser.get(f"{COCKPIT}list/?year=2026&what=reached.1")
    people = page.context["page"].object_list
    assert len(people) == 9
    assert not any(one.applicant.full_name in page.content.decode() for one in people)


def test_the_page_narrows_like_the_figures(browser: Client) -> None:
    narrowed = {"year": "2026", "series": figures.NEWS, "by": "district"}
    page = browser.get(f"{COCKPIT}?{urlencode(narrowed)}")
    assert column(page.context["tables"][0], "reached")["个人提交"] == 2
    queries = [parse_qs(cell.query) for row in page.context["tables"][0].rows for cell in row.cells if cell.query]
    assert {one["series"][0] for one in queries} == {figures.NEWS}


def test_what_is_counted_nowhere_has_no_list(browser: Client) -> None:
    for what in ("", "reached", "reached.x", "reached.99", "ended.2.certified", "nothing", "reached.1.2"):
        assert browser.get(f"{COCKPIT}list/?what={what}").status_code == 404
    with pytest.raises(LookupError):
        lists.behind(Scope(), "nothing", AT)


@pytest.fixture
def program(city: int, at) -> Caller:
    at(AT)
    return Caller(acceptances.clerk())


def test_reports_are_named(program: Caller) -> None:
    assert [one["key"] for one in program.get("figures/").json()["results"]] == list(REPORTS)


def test_cells_lead_to_as_many_lines(program: Caller) -> None:
    told = program.get("figures/funnel/?year=2026&by=district").json()
    assert told["scope"] == {"year": "2026"}
    way = next(table for table in told["tables"] if table["key"] == "way")
    submitted = {cell["column"]: cell for cell in way["rows"][1]["cells"]}
    assert submitted["reached"]["value"] == 9
    lines = program.get(f"figures/lines/?{submitted['reached']['list']}").json()
    assert lines["count"] == 9
    assert set(lines["results"][0]) == {"code", "subject", "detail", "district", "office", "state", "since"}


def test_every_report_is_told(program: Caller) -> None:
    for key in REPORTS:
        assert program.get(f"figures/{key}/").status_code == 200


def test_wrong_questions_are_refused(program: Caller) -> None:
    assert program.get("figures/funnel/?series=99").status_code == 400
    assert program.get("figures/nothing/").status_code == 404
    assert program.get("figures/lines/?what=nothing").status_code == 404


def test_only_the_bureau_asks(db: None) -> None:
    for role, status in ((Role.AUDITOR, 200), (Role.AGENCY_LEAD, 403)):
        caller = Caller(accounts.actor(role))
        assert caller.get("figures/").status_code == status
        assert caller.get("figures/load/").status_code == status
