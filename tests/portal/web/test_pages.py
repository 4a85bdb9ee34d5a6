"""The roof's pages: they answer, warn, speak two languages, grow, and carry nothing that the policy forbids."""

import datetime as dt
import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.accounts.rules import logged_in
from portal.http import navigation, worklist
from tests.factories import catalogue

PUBLIC = ["web:home", "web:help", "web:privacy", "web:accessibility", "web:rules"]
ENTRIES = ["web:home", "web:help"]
WARNING = "不举办、不委托任何机构开展与职称评审有关的培训"
FIRST_VIEW_LIMIT = 60_000

pytestmark = pytest.mark.django_db


@pytest.fixture
def public() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


@pytest.mark.parametrize("name", PUBLIC)
def test_answers_with_one_heading_and_one_title(public: Client, name: str) -> None:
    page = public.get(reverse(name)).text
    assert len(re.findall("<h1", page)) == 1
    assert re.search(r"<title>\S[^<]* - 北京市职称申报评审服务平台</title>", page)
    assert 'lang="zh-CN"' in page


@pytest.mark.rule("R-004")
@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_page_warns_of_training(public: Client, name: str) -> None:
    assert WARNING in public.get(reverse(name)).text


@pytest.mark.rule("R-004")
def test_the_desk_warns_of_training(actor: Callable[..., Actor], visit: Callable[..., Client]) -> None:
    assert WARNING in visit(actor()).get(reverse("web:desk")).text


@pytest.mark.rule("R-007")
@pytest.mark.parametrize("name", PUBLIC)
def test_every_page_names_the_hotline(public: Client, name: str) -> None:
    assert "12333" in public.get(reverse(name)).text


@pytest.mark.rule("R-005", "R-006")
def test_home_shows_the_service_card(public: Client) -> None:
    page = public.get("/").text
    for fact in ["公共服务", "市级", "自然人", "20 个工作日", "北京市职称证书"]:
        assert fact in page


def test_home_says_where_the_year_is_not_yet_published(public: Client) -> None:
    assert "本年度的申报时间尚未公布" in public.get("/").text


@pytest.mark.rule("R-024", "R-025")
def test_home_shows_the_windows_of_the_year(public: Client, at: Callable[..., None], now: dt.datetime) -> None:
    catalogue.published_entry()
    at(now)
    page = public.get("/").text
    assert "7月7日—7月28日" in page
    assert "7月7日—8月6日" in page
    assert "11月30日前" in page
    assert re.search(r'govuk-tag--green">进行中', page)


@pytest.mark.rule("R-100")
def test_home_shows_the_fees_of_the_policy_in_force(public: Client, at: Callable[..., None], now: dt.datetime) -> None:
    at(now)
    assert "高级 700 元，中级 500 元，初级 200 元（每人）" in public.get("/").text


@pytest.mark.rule("R-013")
def test_home_has_the_two_doors(public: Client) -> None:
    page = public.get("/").text
    assert "个人办事" in page
    assert "法人办事" in page


@pytest.mark.parametrize("name", [*PUBLIC, "web:desk"])
def test_no_page_needs_an_exception_from_the_content_policy(
    actor: Callable[..., Actor], visit: Callable[..., Client], name: str
) -> None:
    response = visit(actor(Role.BUREAU_CLERK)).get(reverse(name))
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", response.text)


def test_home_weighs_less_than_60_kilobytes(public: Client) -> None:
    page = public.get("/").text
    paths = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    scripts = [f"js/{name}" for name in ("govuk-frontend.min.js", "once.js", "deadline.js", "copy.js")]
    files = [Path(settings.BASE_DIR, "static", path).read_bytes() for path in {*paths, *scripts}]
    assert len(files) > len(scripts)
    weight = sum(len(gzip.compress(each)) for each in [page.encode(), *files])
    assert weight < FIRST_VIEW_LIMIT


def test_the_stylesheet_brings_nothing_from_elsewhere() -> None:
    sheet = Path(settings.BASE_DIR, "static/css/portal.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|GDS Transport|crest", sheet)


# --- Language and size ----------------------------------------------------------------------
def test_switching_the_language_keeps_the_page_and_its_query(public: Client) -> None:
    here = "/rules/?q=%E5%85%AC%E7%A4%BA&page=2"
    link = re.search(r'href="([^"]+)" lang="en"', public.get(here).text)
    assert link
    answer = public.get(link[1].replace("&amp;", "&"))
    assert answer.headers["Location"] == here
    page = public.get(here)
    assert 'lang="en"' in page.text
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_switching_never_leads_away(public: Client, wanted: str) -> None:
    assert public.get("/language/en/", {"next": wanted}).headers["Location"] == "/"


def test_what_every_page_shares_speaks_the_readers_language(public: Client) -> None:
    english = Client(headers={"accept-language": "en"})
    for browser, words in ((public, "网站信息"), (english, "About this site"), (public, "网站信息")):
        page = browser.get(reverse("web:help")).text
        footer = page.partition('<footer class="zc-foot">')[2]
        assert f'<nav aria-label="{words}">' in footer


def test_an_unknown_language_is_not_found(public: Client) -> None:
    assert public.get("/language/fr/").status_code == 404


def test_large_type_is_remembered_and_undone(public: Client) -> None:
    assert 'data-size="large"' not in public.get("/").text
    assert public.get("/size/large/", {"next": "/help/"}).headers["Location"] == "/help/"
    page = public.get("/").text
    assert 'data-size="large"' in page
    assert "标准字号" in page
    public.get("/size/normal/")
    assert 'data-size="large"' not in public.get("/").text


# --- Desk -----------------------------------------------------------------------------------
@pytest.fixture
def one_thing_waits() -> Iterator[None]:
    worklist.register("test", logged_in, lambda actor, at: [worklist.Waiting("待审核的申报", 3, "/help/", at)])
    yield
    worklist._queries.pop("test")


@pytest.fixture
def one_entry() -> Iterator[None]:
    navigation.register("account_login", "示例事项", who=logged_in, count=lambda actor: 7, place=50)
    yield
    navigation._entries.pop("account_login")


def test_the_desk_asks_to_log_in(public: Client) -> None:
    assert public.get("/desk/").headers["Location"] == "/account/login/?next=/desk/"


def test_an_empty_desk_says_so(actor: Callable[..., Actor], visit: Callable[..., Client]) -> None:
    assert "现在没有等待您处理的事项" in visit(actor()).get("/desk/").text


@pytest.mark.usefixtures("one_thing_waits", "one_entry")
def test_the_desk_shows_what_waits_and_what_is_offered(
    actor: Callable[..., Actor], visit: Callable[..., Client]
) -> None:
    page = visit(actor()).get("/desk/").text
    assert "待审核的申报" in page
    assert "最早一项" in page
    assert re.search(r'示例事项<span class="zc-count">7<', page)


@pytest.mark.usefixtures("one_entry")
def test_navigation_shows_only_what_is_for_this_actor(public: Client) -> None:
    assert "示例事项" not in public.get("/").text


def test_every_page_says_for_whom_one_acts(actor: Callable[..., Actor], visit: Callable[..., Client]) -> None:
    someone = actor(Role.AGENCY_LEAD)
    page = visit(someone).get("/help/").text
    for words in [someone.person, someone.organisation, "评审服务机构负责人"]:
        assert str(words) in page
    assert "退出登录" in page


@pytest.mark.rule("R-130", "A-24")
@pytest.mark.parametrize("name", ENTRIES)
def test_what_cannot_be_done_online_is_not_offered_but_says_where_to_go(
    public: Client, at: Callable[..., None], now: dt.datetime, name: str
) -> None:
    at(now)
    page = public.get(reverse(name)).text
    offered, _, missing = page.partition("尚不能网上办理的事项")
    assert all(one not in offered for one in ("投诉与举报", "自主评审申请", "年度计划备案", "结果报送验收"))
    told = re.sub(r"<[^>]+>|\s+", "", missing)
    assert "投诉与举报不限时间" in told
    assert "复查" not in told


@pytest.mark.rule("R-130", "A-24")
def test_the_help_says_within_how_many_days_a_review_is_asked_for_and_answered(
    public: Client, at: Callable[..., None], now: dt.datetime
) -> None:
    at(now)
    told = re.sub(r"<[^>]+>|\s+", "", public.get("/help/").text)
    assert "收到结果之日起15个工作日内在该申报的页面申请复查，15个工作日内答复" in told


def test_the_doors_of_staff_lead_to_the_choice_of_whom_they_act_for(public: Client) -> None:
    page = public.get("/").text
    choice = f'href="{reverse("entrance:switch")}"'
    assert re.search(f"<a {choice}[^>]*>单位登录", page)
    assert re.search(f"<a {choice}>评审专家", page)
