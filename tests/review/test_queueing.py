"""The agency's queue: what it shows, narrows, orders, keeps for a person, and never writes into an address."""

import datetime as dt
import io
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.documents.sheets import LEASE, MOST_ATTEMPTS
from portal.ledger.models import Entry
from portal.notifications import links
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import allotting, checking, exporting, preferring, queueing
from review.domain.queueing import Wanted
from review.interfaces import sheets
from review.models import AgencyReview, QueueExport, SavedFilter
from review.tasks import write_exports
from tests.factories import accounts, agency_reviews, applications, catalogue

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING)
QUERIES = 12
LARGEST = 60_000


def named(entry: CatalogueEntry, name: str, district: str = "110108") -> AgencyReview:
    return agency_reviews.queued(entry, applications.applicant(applications.employer(district), full_name=name))


def page_of(client: Client, **query: str) -> str:
    answer = client.get(reverse("review:queue"), {"state": "open", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def made_once() -> list[AgencyReview]:
    clock.move_to(AT)
    entry = catalogue.published_entry()
    return [named(entry, "林书言"), named(entry, "赵清和", "110105"), named(entry, "钱若水")]


@pytest.fixture
def three(kept: list[AgencyReview]) -> list[AgencyReview]:
    return kept


@pytest.fixture
def clerk(three: list[AgencyReview]) -> Actor:
    return agency_reviews.clerk_of(three[0])


@pytest.fixture
def lead(three: list[AgencyReview]) -> Actor:
    return agency_reviews.lead_of(three[0])


def names(actor: Actor, **wanted: object) -> set[str]:
    rows = queueing.queue(actor, Wanted(**wanted))  # type: ignore[arg-type]
    return set(rows.values_list("application__applicant__full_name", flat=True))


EVERYBODY = {"林书言", "赵清和", "钱若水"}


def test_only_the_own_agency_sees_them(three, clerk, visit) -> None:
    assert "林书言" in page_of(visit(clerk))
    stranger = accounts.actor(Role.AGENCY_CLERK)
    assert "林书言" not in page_of(visit(stranger))
    assert visit(accounts.actor(Role.BUREAU_CLERK)).get(reverse("review:queue")).status_code == 403


def test_every_filter_narrows(three, clerk, lead) -> None:
    first, second, _third = three
    checking.take(first, by=clerk, at=AT)
    checking.assign(second, lead.person, by=lead, at=AT)
    assert names(clerk) == EVERYBODY
    assert names(clerk, state="waiting") == {"赵清和", "钱若水"}
    assert names(clerk, state="checking") == {"林书言"}
    assert names(clerk, state="proposed") == names(clerk, state="decided") == names(clerk, state="overdue") == set()
    assert names(clerk, state="不存在") == set()
    assert names(clerk, assignee="me") == {"林书言"}
    assert names(clerk, assignee="none") == {"钱若水"}
    assert names(clerk, assignee="any") == {"林书言", "赵清和"}
    assert names(clerk, assignee=lead.person.code) == {"赵清和"}
    assert names(clerk, district="110105") == {"赵清和"}
    assert names(clerk, committee=first.committee.code) == EVERYBODY
    assert names(clerk, committee="PW-NONE") == set()
    assert names(clerk, level=first.application.entry.level.key) == EVERYBODY
    assert names(clerk, level="entry") == set()
    assert names(clerk, series=first.application.entry.specialty.series.code) == EVERYBODY
    last_day = clock.day_of(first.due_at - dt.timedelta(seconds=1))
    assert names(clerk, due_by=last_day) == EVERYBODY
    assert names(clerk, due_by=last_day - dt.timedelta(days=1)) == set()
    assert names(clerk, hold="none") == EVERYBODY
    assert names(clerk, hold="suspended") == names(clerk, hold="objection") == set()


def test_the_page_filters_as_the_domain_does(three, clerk, visit) -> None:
    client = visit(clerk)
    page = page_of(client, district="110105")
    assert "赵清和" in page
    assert "林书言" not in page
    assert "没有符合条件" in page_of(client, level="entry")
    assert "林书言" in page_of(client, level="不存在", due_by="明天")


@pytest.mark.parametrize("order", ["due", "-due", "arrived", "-arrived", "state"])
def test_pages_go_on_where_they_ended_and_back(three, clerk, order: str) -> None:
    rows = queueing.queue(clerk, Wanted())
    whole = [one.code for one in queueing.ordered(rows, order)]
    first = queueing.read(rows, order, size=2)
    assert [one.code for one in first.rows] == whole[:2]
    assert (first.earlier, first.later) == ("", whole[1])
    second = queueing.read(rows, order, size=2, after=first.later)
    assert [one.code for one in second.rows] == whole[2:]
    assert (second.earlier, second.later) == (whole[2], "")
    again = queueing.read(rows, order, size=2, before=second.earlier)
    assert [one.code for one in again.rows] == whole[:2]
    assert (again.earlier, again.later) == ("", whole[1])
    assert queueing.read(rows, order, size=2, after="SH-UNKNOWN").rows == first.rows


def test_numbers_stop_where_nobody_needs_them(three, clerk) -> None:
    rows = queueing.queue(clerk, Wanted())
    assert queueing.count_up_to(rows) == 3
    assert queueing.count_up_to(rows, 2) == 3
    assert queueing.count_up_to(rows, 1) == 2


def test_words_are_found_and_stand_in_no_address(three, clerk, visit) -> None:
    client = visit(clerk)
    answer = client.post(reverse("review:search"), {"words": "林书", "state": "waiting", "district": "110108"})
    query = parse_qs(urlsplit(answer.url).query)
    assert set(query) == {"state", "district", "order", "found"}
    assert "林" not in answer.url
    page = client.get(answer.url).content.decode()
    assert "林书言" in page
    assert "钱若水" not in page
    assert 'value="林书"' in page
    for address in (part.split('"')[0] for part in page.split('href="')[1:]):
        assert "林" not in address
        assert "%E6%9E%97" not in address
    by_number = client.post(reverse("review:search"), {"words": three[1].application.code.lower()})
    assert "赵清和" in client.get(by_number.url).content.decode()
    assert "found" not in client.post(reverse("review:search"), {"words": " "}).url
    assert "钱若水" in visit(clerk).get(answer.url).content.decode(), "another session knows no words for the token"


def test_queries_do_not_grow_with_rows(
    entry: CatalogueEntry, visit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clock.move_to(AT)
    client = visit(agency_reviews.clerk_of(named(entry, "林书言")))
    page_of(client)
    with django_assert_num_queries(QUERIES):
        one = page_of(client)
    named(entry, "赵清和"), named(entry, "钱若水")
    with django_assert_num_queries(QUERIES):
        three = page_of(client)
    row = (len(three.encode()) - len(one.encode())) / 2
    assert len(one.encode()) + (queueing.A_PAGE - 1) * row <= LARGEST


@pytest.mark.rule("R-097")
def test_lateness_is_told_in_words_and_by_a_mark(three, clerk, visit) -> None:
    client = visit(clerk)
    assert "剩" in page_of(client)
    clock.move_to(three[0].due_at - dt.timedelta(hours=1))
    assert "今日截止" in page_of(client)
    AgencyReview.objects.filter(pk=three[0].pk).update(overdue=True)
    clock.move_to(three[0].due_at + dt.timedelta(days=2, hours=1))
    page = page_of(client, state="overdue")
    assert "已逾期2天" in page
    assert "<svg" in page.split("已逾期2天")[0].rsplit("<td", 1)[1]
    assert "赵清和" not in page


def test_columns_are_kept_for_the_person(three, clerk, lead, visit) -> None:
    client = visit(clerk)
    assert "海淀区</td>" not in page_of(client)
    answer = client.post(reverse("review:columns"), {"keys": ["district", "identity"], "state": "waiting", "_key": "k"})
    assert answer.url.startswith(reverse("review:queue") + "?state=waiting")
    page = page_of(client)
    assert "海淀区</td>" in page
    assert "申报职称</th>" not in page
    number = three[0].application.applicant.documents.get()
    assert number.masked_number in page
    assert number.number not in page
    assert "海淀区</td>" not in page_of(visit(lead))


def test_filters_are_kept_renamed_made_the_default_and_deleted(three, clerk, lead, visit) -> None:
    client = visit(clerk)
    saving = {"name": "朝阳待审", "is_default": "on", "state": "waiting", "district": "110105", "_key": "1"}
    client.post(reverse("review:save_filter"), saving)
    kept = SavedFilter.objects.get()
    assert kept.criteria == {"state": "waiting", "district": "110105", "order": "due"}
    answer = client.get(reverse("review:queue"))
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "朝阳待审（默认）" in page
    assert "林书言" not in page
    told = client.get(reverse("review:filters")).content.decode()
    assert "朝阳区" in told
    client.post(reverse("review:rename_filter", args=[kept.code]), {"name": "朝阳", "_key": "2"})
    client.post(reverse("review:default_filter", args=[kept.code]), {"_key": "3"})
    kept = SavedFilter.objects.get()
    assert (kept.name, kept.is_default) == ("朝阳", False)
    assert visit(lead).post(reverse("review:delete_filter", args=[kept.code]), {"_key": "4"}).status_code == 404
    client.post(reverse("review:delete_filter", args=[kept.code]), {"_key": "5"})
    assert not SavedFilter.objects.exists()


def test_a_name_is_needed_and_is_ones_own(clerk) -> None:
    with pytest.raises(Refusal) as refused:
        preferring.save_filter("  ", {}, by=clerk)
    assert refused.value.reasons[0].code == "name_missing"
    first = preferring.save_filter("甲", {"state": "open"}, is_default=True, by=clerk)
    second = preferring.save_filter("乙", {"state": "all"}, is_default=True, by=clerk)
    assert [one.is_default for one in preferring.filters_of(clerk)] == [True, False]
    assert preferring.save_filter("甲", {"state": "all"}, by=clerk).pk == first.pk
    with pytest.raises(Refusal) as refused:
        preferring.rename(second, "甲")
    assert refused.value.reasons[0].code == "name_taken"
    for number in range(preferring.MOST_FILTERS - 2):
        preferring.save_filter(str(number), {}, by=clerk)
    with pytest.raises(Refusal) as refused:
        preferring.save_filter("丙", {}, by=clerk)
    assert refused.value.reasons[0].code == "too_many_filters"


def test_words_are_not_kept_with_a_filter(three, clerk, visit) -> None:
    client = visit(clerk)
    address = client.post(reverse("review:search"), {"words": "林书言"}).url
    found = parse_qs(urlsplit(address).query)["found"][0]
    page = client.get(reverse("review:save_filter"), {"found": found}).content.decode()
    assert "查找的姓名不会保存" in page
    client.post(reverse("review:save_filter"), {"name": "甲", "found": found, "_key": "1"})
    assert "words" not in SavedFilter.objects.get().criteria


def sheet_of(answer: object) -> list[tuple[object, ...]]:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_an_export_holds_what_is_filtered_and_is_recorded(three, clerk, visit) -> None:
    preferring.choose_columns(["name", "identity", "district"], by=clerk)
    client = visit(clerk)
    found = parse_qs(urlsplit(client.post(reverse("review:search"), {"words": "林"}).url).query)["found"][0]
    answer = client.post(reverse("review:export"), {"state": "waiting", "found": found})
    number = three[0].application.applicant.documents.get()
    assert sheet_of(answer) == [
        ("申报人", "证件号码（部分隐去）", "单位所在区"),
        ("林书言", number.masked_number, "海淀区"),
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reviews-20260729-1000.xlsx"'
    entry = Entry.objects.get(step="export_reviews")
    assert (entry.person, entry.subject_id) == (clerk.person, clerk.organisation.pk)
    assert entry.facts == {
        "rows": 1,
        "filter": {"state": "waiting", "order": "due"},
        "by_words": True,
        "columns": ["name", "identity", "district"],
        "personal": True,
    }


def test_nothing_in_an_export_is_ever_computed(entry, visit) -> None:
    clock.move_to(AT)
    review = named(entry, '=HYPERLINK("http://x","y")')
    client = visit(agency_reviews.clerk_of(review))
    content = b"".join(client.post(reverse("review:export"), {}).streaming_content)
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert cell.value == '=HYPERLINK("http://x","y")'
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert b"<f>" not in content


def test_files_of_others_are_not_exported(three, visit) -> None:
    assert len(sheet_of(visit(accounts.actor(Role.AGENCY_CLERK)).post(reverse("review:export"), {}))) == 1


@pytest.mark.rule("R-090")
def test_a_long_export_is_written_by_a_worker_for_who_asked_alone(
    three, clerk, lead, visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    preferring.choose_columns(["name", "district"], by=clerk)
    client = visit(clerk)
    answer = client.post(reverse("review:export"), {"state": "open", "due_by": "2026-12-31"})
    asked = QueueExport.objects.get()
    assert answer.url == reverse("review:exported", args=[asked.code])
    assert client.post(reverse("review:export"), {"state": "waiting"}).url == answer.url
    assert "正在后台生成" in client.get(answer.url).content.decode()
    assert not Entry.objects.filter(step="export_reviews").exists()
    write_exports()
    done = QueueExport.objects.get()
    assert (done.rows, done.attempts) == (3, 1)
    message = Notification.objects.get(person=clerk.person, kind="review.sheet_ready")
    assert "共3件" in message.body
    assert links.page_of(message) == answer.url
    page = client.get(answer.url).content.decode()
    download = reverse("documents:download", args=[done.file.code])
    assert download in page
    assert len(sheet_of(client.get(download))) == 4
    entry = Entry.objects.get(step="export_reviews")
    assert (entry.person, entry.facts["rows"]) == (clerk.person, 3)
    assert entry.facts["filter"] == {"state": "open", "due_by": "2026-12-31", "order": "due"}
    other = visit(lead)
    assert other.get(answer.url).status_code == other.get(download).status_code == 404
    assert "可以下载" in client.get(reverse("review:overview")).content.decode()
    assert exporting.SHEETS.drop_old(at=done.finished_at + dt.timedelta(days=6)) == 0
    assert exporting.SHEETS.drop_old(at=done.finished_at + dt.timedelta(days=7)) == 1
    assert "重新导出" in client.get(answer.url).content.decode()


def test_an_export_that_was_broken_off_is_written_anew(three, clerk) -> None:
    asked = exporting.ask(Wanted(), ["name"], by=clerk, at=AT)

    def fails(*_args: object) -> tuple[bytes, int]:
        raise OSError

    assert exporting.SHEETS.work_off(fails, seconds=1, now=lambda: AT) == 0
    assert exporting.SHEETS.work_off(sheets.sheet_of, seconds=1, now=lambda: AT) == 0
    later = AT + LEASE
    assert exporting.SHEETS.work_off(sheets.sheet_of, seconds=1, now=lambda: later) == 1
    assert QueueExport.objects.get(pk=asked.pk).attempts == 2
    with pytest.raises(Refusal) as refused:
        exporting.ask(Wanted(words="林"), ["name"], by=clerk, at=AT)
    assert refused.value.reasons[0].code == "too_many_by_name"


def test_the_overview_counts_by_committee_and_by_clerk(three, clerk, lead, visit) -> None:
    checking.take(three[0], by=clerk, at=AT)
    AgencyReview.objects.filter(pk=three[1].pk).update(overdue=True)
    [committee] = queueing.loads_by_committee(clerk)
    assert (committee.owner, committee.waiting, committee.mine, committee.overdue, committee.total) == (
        three[0].committee,
        2,
        1,
        1,
        3,
    )
    nobody, *people = queueing.loads_by_clerk(clerk, allotting.clerks_of(clerk.organisation, AT))
    assert (nobody.owner, nobody.total) == (None, 2)
    assert {one.owner.pk: one.total for one in people} == {clerk.person.pk: 1, lead.person.pk: 0}
    page = visit(clerk).get(reverse("review:overview")).content.decode()
    assert three[0].committee.name in page
    assert "移交" in page


def test_who_waits_for_a_sheet_that_cannot_be_written_is_told_and_may_ask_anew(three, clerk, visit) -> None:
    asked = exporting.ask(Wanted(), ["name"], by=clerk, at=AT)

    def fails(*_args: object) -> tuple[bytes, int]:
        raise OSError

    at = AT
    for _attempt in range(MOST_ATTEMPTS):
        assert not Notification.objects.filter(kind="review.sheet_failed").exists()
        assert exporting.SHEETS.work_off(fails, seconds=1, now=lambda now=at: now) == 0
        at = QueueExport.objects.get(pk=asked.pk).not_before
    given_up = QueueExport.objects.get(pk=asked.pk)
    assert (given_up.stage, given_up.attempts) == ("failed", 6)
    message = Notification.objects.get(kind="review.sheet_failed", person=clerk.person)
    assert "请重新导出" in message.body
    assert "不再继续" in visit(clerk).get(links.page_of(message)).content.decode()
    assert "未能生成" in visit(clerk).get(reverse("review:overview")).content.decode()
    assert exporting.ask(Wanted(), ["name"], by=clerk, at=at).pk != asked.pk


def test_a_sheet_whose_writers_were_killed_each_time_is_given_up_too(three, clerk) -> None:
    asked = exporting.ask(Wanted(), ["name"], by=clerk, at=AT)
    QueueExport.objects.filter(pk=asked.pk).update(attempts=MOST_ATTEMPTS)
    assert exporting.SHEETS.work_off(sheets.sheet_of, seconds=1, now=lambda: AT) == 0
    assert QueueExport.objects.get(pk=asked.pk).stage == "failed"
    assert Notification.objects.filter(kind="review.sheet_failed").count() == 1
