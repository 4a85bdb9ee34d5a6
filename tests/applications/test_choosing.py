"""Own applications, the year's catalogue for one person, and whether one may apply, on their pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.domain import drafting, lookups
from applications.models import Application, Lookup
from applications.sections import SheetKind
from portal.accounts.actors import Actor
from portal.catalogue.enums import Band, LevelKey, Method
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD
from tests.conftest import NOW
from tests.factories import accounts, applications, catalogue

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
FENGTAI, HAIDIAN = "110106", "110108"
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def _in_the_window(at: Callable[[dt.datetime], None]) -> None:
    at(NOW)


def text_of(client: Client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(f"applications:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, address: str, key: str = "k1", **data: Any) -> Any:
    return client.post(address, {FIELD: key, **data})


def year_of(*districts: str) -> list[CatalogueEntry]:
    """Return one junior row for each district of one year; for an empty text a senior one that serves the whole city."""
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    junior = {"level": catalogue.level(LevelKey.ASSISTANT)}
    rows = [
        catalogue.row(
            year,
            plan,
            committee=catalogue.committee(year, band=Band.JUNIOR if district else Band.SENIOR, district=district),
            **(junior if district else {}),
        )
        for district in districts
    ]
    catalogue.published(*rows, of=year, plan=plan)
    return [CatalogueEntry.objects.with_all().get(edition=year, committee__district=one) for one in districts]


# --- Own applications -------------------------------------------------------------------------
def test_the_list_offers_to_begin_and_says_why_not(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    client = visit(person)
    assert reverse("applications:choose") in text_of(client, "own")
    draft = applications.draft(entry, person)
    page = text_of(client, "own")
    assert draft.code in page
    assert "填写中，尚未提交" in page
    assert "继续填写" in page
    assert "每人每年只能申报一件" in page
    assert f'href="{reverse("applications:choose")}"' not in page


@pytest.mark.rule("R-024")
def test_outside_the_window_nothing_begins(
    entry: CatalogueEntry, person: Actor, visit: Visit, at: Callable[[dt.datetime], None]
) -> None:
    at(NOW.replace(month=8))
    assert "现在不在个人申报时间内" in text_of(visit(person), "own")


def test_an_organisation_does_not_apply(visit: Visit) -> None:
    head = applications.head_of(applications.employer())
    assert visit(head).get(reverse("applications:own")).status_code == 403


# --- The catalogue --------------------------------------------------------------------------------
@pytest.mark.rule("R-035")
def test_only_the_own_district_is_offered_and_the_rest_explained(visit: Visit) -> None:
    fengtai, haidian, city = year_of(FENGTAI, HAIDIAN, "")
    zhao = applications.applicant(applications.employer(FENGTAI))
    page = text_of(visit(zhao), "choose")
    assert fengtai.code in page
    assert city.code in page
    assert haidian.code not in page
    assert "另有 1 条由其他区的评审委员会受理" in page


def test_it_is_searched_and_narrowed(visit: Visit, person: Actor) -> None:
    near, city = year_of(HAIDIAN, "")
    client = visit(person)
    found = text_of(client, "choose", q=near.committee.name)
    assert near.code in found
    assert city.code not in found
    series = near.specialty.series.code
    narrowed = text_of(client, "choose", series=series, specialty=city.specialty.code, level="associate")
    assert city.code in narrowed
    assert near.code not in narrowed
    assert "没有符合条件的专业" in text_of(client, "choose", series=series, level="full")


def test_nonsense_in_the_filter_is_ignored(visit: Visit, person: Actor) -> None:
    (near,) = year_of(HAIDIAN)
    page = text_of(visit(person), "choose", series="' or 1=1", level="x" * 500, page="-3", specialty="zz")
    assert near.code in page


@pytest.mark.rule("A-39")
def test_examinations_are_counted_not_offered(visit: Visit, person: Actor) -> None:
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    exam = catalogue.row(year, None, method=Method.EXAM_ONLY, committee=None)
    catalogue.published(catalogue.row(year, plan), exam, of=year, plan=plan)
    assert "另有 1 条实行以考代评" in text_of(visit(person), "choose")


def test_nobody_insured_chooses_a_district(visit: Visit) -> None:
    fengtai, haidian = year_of(FENGTAI, HAIDIAN)
    stranger = accounts.actor()
    client = visit(stranger)
    assert "还没有查询到您的参保单位" in text_of(client, "choose")
    page = text_of(client, "choose", district=FENGTAI)
    assert fengtai.code in page
    assert haidian.code not in page


def test_one_row_costs_as_much_as_three(visit: Visit, person: Actor) -> None:
    counts = []
    for districts in ([""], ["", HAIDIAN, "110105"]):
        year_of(*districts)
        client = visit(person)
        text_of(client, "choose")
        with CaptureQueriesContext(connection) as spent:
            text_of(client, "choose")
        counts.append(len(spent))
    assert counts[0] == counts[1] <= MOST_QUERIES


# --- Whether one may apply ------------------------------------------------------------------------
@pytest.mark.rule("R-035")
def test_the_committee_of_another_district_is_refused_by_address(visit: Visit) -> None:
    """S2: insured in Fengtai, the junior engineering committee of Haidian."""
    (haidian,) = year_of(HAIDIAN)
    client = visit(applications.applicant(applications.employer(FENGTAI)))
    page = text_of(client, "eligibility", haidian.code)
    assert "只受理参保单位在海淀区的申报人" in page
    assert 'name="begin"' not in page
    answer = send(client, reverse("applications:eligibility", args=[haidian.code]), begin="1", title="助理工程师")
    assert "只受理参保单位在海淀区的申报人" in answer.content.decode()
    assert not Application.objects.exists()


@pytest.mark.rule("A-39")
def test_an_examination_cannot_be_applied_for(visit: Visit, person: Actor) -> None:
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    exam = catalogue.row(year, None, method=Method.EXAM_ONLY, committee=None)
    catalogue.published(catalogue.row(year, plan), exam, of=year, plan=plan)
    entry = CatalogueEntry.objects.get(edition=year, method=Method.EXAM_ONLY)
    assert "不受理评审申报" in text_of(visit(person), "eligibility", entry.code)


def test_every_line_stands_with_rule_and_policy(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    page = text_of(visit(person), "eligibility", entry.code)
    assert "信息不完整，暂不能判断" in page
    assert "请说明是否在职" in page
    assert reverse("web:rule", args=["R-053"]) in page
    assert page.count("政策版本") == 1


def test_what_is_declared_decides_and_stands_in_no_address(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    client, address = visit(person), reverse("applications:eligibility", args=[entry.code])
    answer = send(client, address, check="1", is_civil_servant="true", is_retired="false")
    assert answer.status_code == 200
    assert "不符合申报条件" in answer.content.decode()
    assert "您仍可以先填写" in answer.content.decode()
    assert not Application.objects.exists()


@pytest.mark.rule("R-063")
def test_beginning_keeps_what_was_declared_and_happens_once(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    client, address = visit(person), reverse("applications:eligibility", args=[entry.code])
    facts = {"begin": "1", "title": "高级工程师", "is_civil_servant": "false", "sanctioned_on_0": "x"}
    first, again = send(client, address, **facts), send(client, address, **facts)
    draft = Application.objects.get()
    mine = reverse("applications:mine", args=[draft.code])
    assert first["Location"] == again["Location"] == mine
    assert draft.sheets.get(kind=SheetKind.POST).content["is_civil_servant"] is False
    assert "sanctioned_on" not in draft.sheets.get(kind=SheetKind.POST).content


@pytest.mark.rule("A-25")
def test_a_second_live_application_is_refused_beside_the_button(
    entry: CatalogueEntry, draft: Application, person: Actor, visit: Visit
) -> None:
    client, address = visit(person), reverse("applications:eligibility", args=[entry.code])
    answer = send(client, address, begin="1", title="高级工程师")
    assert "每人每年只能申报一件" in answer.content.decode()
    assert Application.objects.count() == 1


def test_the_choice_is_changed_and_nothing_lost(draft: Application, person: Actor, visit: Visit) -> None:
    other = catalogue.published_entry()
    client = visit(person)
    address = reverse("applications:eligibility", args=[other.code]) + f"?for={draft.code}"
    assert "每人每年只能申报一件" not in client.get(address).content.decode()
    assert send(client, address, begin="1", title="高级工程师").status_code == 302
    changed = Application.objects.get()
    assert changed.entry == other
    stranger = visit(applications.applicant())
    assert stranger.get(address).status_code == 404


def test_opening_the_page_asks_the_registers_without_waiting(entry: CatalogueEntry, visit: Visit) -> None:
    somebody = accounts.actor()
    page = text_of(visit(somebody), "eligibility", entry.code)
    assert Lookup.objects.filter(person=somebody.person).count() == 4
    assert "data-waiting" in page
    waiting = visit(somebody).get(reverse("applications:waiting")).json()
    assert waiting == {"waiting": True}
    assert visit(applications.applicant()).get(reverse("applications:waiting")).json() == {"waiting": False}


def test_asking_again_is_limited(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    client, address = visit(person), reverse("applications:eligibility", args=[entry.code])
    answers = [send(client, address, key=f"key{number}", ask="1") for number in range(7)]
    assert [answer.status_code for answer in answers[:6]] == [302] * 6
    assert "操作过于频繁" in answers[6].content.decode()


def test_a_stale_answer_does_not_bar_the_page(entry: CatalogueEntry, person: Actor, visit: Visit) -> None:
    assert person.person is not None
    lookups.ask(person.person, at=NOW, again=True)
    page = text_of(visit(person), "eligibility", entry.code)
    assert "查询中" in page
    assert drafting.reasons_against_opening(person.person, entry, NOW) == []
