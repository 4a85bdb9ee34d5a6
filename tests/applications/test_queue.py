"""The employer's queue and one person's file: whose they are, what they count, what they show and what they hide."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.domain import receiving
from applications.models import Recommendation
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db

LARGEST = 60_000


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


@pytest.fixture
def entry() -> CatalogueEntry:
    clock.move_to(moment(7, 9))
    return catalogue.published_entry()


@pytest.fixture
def unit():
    return applications.employer()


def queue(client: Client, **query: str) -> str:
    return client.get(reverse("applications:queue"), query).content.decode()


def file_of(recommendation: Recommendation) -> str:
    return reverse("applications:file", args=[recommendation.code])


@pytest.mark.rule("R-070")
def test_only_the_insured_employer_meets_the_person(entry, unit, visit, actor: Callable[..., Actor]) -> None:
    recommendation = applications.submitted(entry, applications.applicant(unit, full_name="林书言")).recommendation
    own, stranger = visit(applications.clerk_of(unit)), visit(actor(Role.EMPLOYER_CLERK))
    assert "林书言" in queue(own)
    assert "林书言" not in queue(stranger)
    assert own.get(file_of(recommendation)).status_code == 200
    for name in ("file", "open", "check_file", "send_back", "refuse", "publicise", "recommend", "confirm"):
        assert stranger.get(reverse(f"applications:{name}", args=[recommendation.code])).status_code == 404
    assert visit(actor()).get(file_of(recommendation)).status_code == 403


def test_filters_and_counts(entry, unit, visit) -> None:
    applications.submitted(entry, applications.applicant(unit, full_name="林书言"))
    applications.received(entry, applications.applicant(unit, full_name="赵清和"))
    client = visit(applications.clerk_of(unit))
    page = queue(client)
    assert "待办理 2" in page
    assert "待受理 1" in page
    assert "林书言" in page
    assert "林书言" not in queue(client, state="checking")
    assert "赵清和" in queue(client, state="checking")
    assert "没有符合条件的申报" in queue(client, level="entry")
    assert "赵清和" in queue(client, state="不存在")


def test_a_name_is_looked_for_and_stands_in_no_address(entry, unit, visit) -> None:
    applications.submitted(entry, applications.applicant(unit, full_name="林书言"))
    applications.submitted(entry, applications.applicant(unit, full_name="赵清和"))
    client = visit(applications.clerk_of(unit))
    address = client.post(reverse("applications:search_queue"), {"words": "林", "state": "pending"}).url
    assert set(parse_qs(urlsplit(address).query)) == {"state", "found"}
    page = client.get(address).content.decode()
    assert "林书言" in page
    assert "赵清和" not in page
    found = parse_qs(urlsplit(address).query)["found"][0]
    assert f'<input type="hidden" name="found" value="{found}">' in page
    chosen = client.get(reverse("applications:publicise_many"), {"all": "1", "state": "open", "found": found})
    assert "赵清和" not in chosen.content.decode()


@pytest.mark.rule("A-05", "A-34")
def test_the_banner_names_the_last_safe_day(entry, unit, visit) -> None:
    applications.submitted(entry, applications.applicant(unit))
    page = queue(visit(applications.clerk_of(unit)))
    assert "还有 1 人尚未公示" in page
    assert "2026年7月29日（星期三）" in page


def test_queries_and_size(entry, unit, visit, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = visit(applications.clerk_of(unit))
    applications.submitted(entry, applications.applicant(unit))
    queue(client)
    with django_assert_num_queries(QUERIES):
        one = queue(client)
    for _each in range(2):
        applications.submitted(entry, applications.applicant(unit))
    with django_assert_num_queries(QUERIES):
        three = queue(client)
    row = (len(three.encode()) - len(one.encode())) / 2
    assert len(one.encode()) + 19 * row <= LARGEST


QUERIES = 10


def test_the_file_shows_what_was_submitted_and_masks_numbers(entry, unit, visit) -> None:
    person = applications.applicant(unit, full_name="林书言", phone="13812345678")
    recommendation = applications.received(entry, person)
    page = visit(applications.clerk_of(unit)).get(file_of(recommendation)).content.decode()
    number = person.person.documents.get().number
    assert number not in page
    assert number[-4:] in page or "*" in page
    assert "13812345678" not in page
    assert "低功耗信号处理芯片" in page
    assert "证明.pdf" in page
    assert "受理审核" in page
    assert "请逐项核对全部内容" in page or "项未核对" in page


def test_the_clerk_sees_why_only_the_head_can_refuse(entry, unit, visit) -> None:
    recommendation = applications.received(entry, applications.applicant(unit))
    clerk, head = visit(applications.clerk_of(unit)), visit(applications.head_of(unit))
    assert "须由本单位主要负责人办理" in clerk.get(file_of(recommendation)).content.decode()
    assert "须由本单位主要负责人办理" not in head.get(file_of(recommendation)).content.decode()


@pytest.mark.rule("R-070")
def test_insured_elsewhere_now(entry, unit, visit) -> None:
    who = applications.applicant(unit)
    recommendation = applications.submitted(entry, who).recommendation
    other = applications.employer()
    lookup = who.person.lookups.get(system="insurance")
    lookup.answer["employer"] = {"credit_code": other.credit_code, "name": other.name, "district": other.district}
    lookup.save()
    client = visit(applications.clerk_of(unit))
    reason = "系统查询的参保单位已不是本单位"
    assert reason in client.get(file_of(recommendation)).content.decode()
    answer = client.post(reverse("applications:open", args=[recommendation.code]), {"_key": "k"})
    assert reason in answer.content.decode()
    recommendation.refresh_from_db(fields=["remark"])
    assert Recommendation.objects.get(pk=recommendation.pk).state == "pending"


def test_while_the_person_edits_nothing_is_shown(entry, unit, visit) -> None:
    clock.move_to(moment(7, 9))
    recommendation = applications.received(entry, applications.applicant(unit))
    clerk = applications.clerk_of(unit)
    receiving.send_back(recommendation, reason="请补充业绩证明材料的原件扫描件。", by=clerk, at=moment(7, 9))
    page = visit(clerk).get(file_of(recommendation)).content.decode()
    assert "申报人正在修改" in page
    assert "低功耗信号处理芯片" not in page
