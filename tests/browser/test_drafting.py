"""Choosing, checking and filling in a draft in a real browser: saved while it is typed, offline, in two windows, without scripts."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from applications.domain import archiving
from applications.models import Application, ArchiveItem, Evidence
from applications.sections import ItemKind, SheetKind
from portal.accounts.actors import Actor
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.conftest import NOW
from tests.factories import accounts, applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
PHONE = 375
SAVED = "已于 10:"


@pytest.fixture
def person() -> Actor:
    clock.move_to(NOW)
    return applications.applicant()


@pytest.fixture
def draft(person: Actor) -> Application:
    return applications.draft(catalogue.published_entry(), person)


def content_of(draft: Application, kind: SheetKind = SheetKind.POST) -> dict[str, object]:
    return draft.sheets.get(kind=kind).content


def status(page: Page) -> Locator:
    return page.locator("[data-fields-status]")


def sheet(draft: Application, kind: str = "post") -> str:
    return f"/applications/{draft.code}/sheets/{kind}/"


@pytest.mark.rule("R-039", "R-063", "R-065")
def test_from_choosing_to_a_proved_result(open_window: OpenWindow, person: Actor, tmp_path: Path) -> None:
    entry = catalogue.published_entry()
    window = open_window(PHONE, by=person)
    page = window.open("/applications/")
    window.must_be_sound("drafting-own-empty")
    page.get_by_role("button", name="开始申报").click()
    window.must_be_sound("drafting-choose")
    page.get_by_role("link", name=str(entry.specialty)).click()
    expect(page.locator("h1")).to_have_text("您是否可以申报")
    window.must_be_sound("drafting-eligibility")
    for group in ("是否在编公务员", "是否已办理离退休", "是否事业单位", "是否处于处分"):
        page.get_by_role("group", name=group).get_by_label("否").check()
    page.get_by_role("button", name="重新核对").click()
    expect(page.locator("main")).to_contain_text("不在记过及以上处分期内")
    page.get_by_label("高级工程师").check()
    page.get_by_role("button", name="开始填写").click()
    expect(page.get_by_role("heading", name="任务清单")).to_be_visible()
    window.must_be_sound("drafting-tasks")
    draft = Application.objects.get()
    assert content_of(draft)["is_civil_servant"] is False
    page.get_by_role("link", name="业绩成果与代表性成果").click()
    window.must_be_sound("drafting-works-empty")
    page.get_by_role("button", name="添加业绩成果").click()
    fill_result(page)
    window.must_be_sound("drafting-result")
    page.get_by_role("button", name="保存并返回").click()
    page.get_by_role("button", name="上传证明材料").click()
    prove(page, tmp_path)
    window.must_be_sound("drafting-item-proved")
    window.open(f"/applications/{draft.code}/works/")
    page.get_by_role("button", name="选为代表性成果").click()
    expect(page.locator("strong.govuk-tag")).to_have_text("代表性成果")
    window.must_be_sound("drafting-works")
    assert draft.works.get().item == Evidence.objects.get().item


def fill_result(page: Page) -> None:
    page.get_by_label("业绩", exact=True).check()
    page.get_by_label("成果名称").fill("低功耗信号处理芯片")
    page.get_by_label("主持（第一完成人）").check()
    for name, value in {"年": "2024", "月": "5", "日": "20"}.items():
        page.get_by_role("group", name="完成或取得日期").get_by_label(name, exact=True).fill(value)
    page.get_by_label("内容与效果").fill("功耗降低三成，已量产。")


def prove(page: Page, place: Path) -> None:
    paper = place / "证明.pdf"
    blank = pikepdf.new()
    blank.add_blank_page()
    blank.save(paper)
    page.locator("input[type=file]").set_input_files(paper)
    expect(page.locator("[data-upload-status]")).to_contain_text("文件已收到", timeout=30_000)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".zc-files")).to_contain_text("证明.pdf")


def test_what_was_typed_before_the_scripts_arrived_is_saved(
    open_window: OpenWindow, person: Actor, draft: Application
) -> None:
    window = open_window(by=person)
    held = window.hold("**/fields*.js")
    with window.page.expect_request("**/fields*.js"):
        page = window.open(sheet(draft))
    page.get_by_label("现任岗位").fill("研发工程师")
    page.get_by_role("group", name="是否已办理离退休").get_by_label("否").check()
    for route in held:
        route.continue_()
    expect(status(page)).to_contain_text(SAVED)
    content = content_of(draft)
    assert (content["post"], content["is_retired"]) == ("研发工程师", False)


def test_a_sheet_saves_itself_while_it_is_filled_in(open_window: OpenWindow, person: Actor, draft: Application) -> None:
    window = open_window(PHONE, by=person)
    page = window.open(sheet(draft))
    window.must_be_sound("drafting-sheet")
    page.get_by_label("现任岗位").fill("研发工程师")
    page.get_by_role("group", name="是否已办理离退休").get_by_label("否").check()
    expect(status(page)).to_contain_text(SAVED)
    months = page.get_by_role("group", name="从事专业技术工作起始年月")
    months.get_by_label("年", exact=True).fill("2013")
    months.get_by_label("月", exact=True).fill("13")
    page.get_by_label("现从事专业").focus()
    expect(page.locator("[data-field=professional_since] [data-field-error]")).to_contain_text("请填写年月")
    window.must_be_sound("drafting-sheet-unfit")
    months.get_by_label("月", exact=True).fill("8")
    page.get_by_label("现从事专业").focus()
    expect(page.locator("[data-field=professional_since] [data-field-error]")).to_be_hidden()
    page.get_by_label("现从事专业").fill("电子信息")
    page.get_by_role("button", name="保存并返回").click()
    expect(page.get_by_role("heading", name="任务清单")).to_be_visible()
    told = content_of(draft)
    assert (told["post"], told["field"], told["professional_since"]) == ("研发工程师", "电子信息", "2013-08")
    assert draft.sheets.get(kind=SheetKind.POST).versions["post"] == 1


def test_without_a_line_nothing_is_lost(open_window: OpenWindow, person: Actor, draft: Application) -> None:
    window = open_window(by=person)
    page = window.open(sheet(draft, "summary"))
    page.wait_for_load_state("networkidle")  # the scripts have arrived
    page.context.set_offline(True)
    page.get_by_label("主要业绩与贡献").fill("主持完成芯片设计。")
    page.get_by_label("政治表现与职业道德").focus()
    expect(status(page)).to_contain_text("离线，稍后自动保存")
    page.context.set_offline(False)
    expect(status(page)).to_contain_text(SAVED, timeout=20_000)
    assert content_of(draft, SheetKind.SUMMARY)["achievement"] == "主持完成芯片设计。"


def test_two_windows_are_shown_both_values(open_window: OpenWindow, person: Actor, draft: Application) -> None:
    first, second = open_window(by=person), open_window(PHONE, by=person)
    one, two = first.open(sheet(draft)), second.open(sheet(draft))
    for page, words in ((one, "甲岗"), (two, "乙岗")):
        page.get_by_label("现任岗位").fill(words)
        page.get_by_label("现从事专业").focus()
        expect(status(page)).to_have_attribute("data-state", "saved" if page == one else "failed")
    panel = two.locator("[data-field=post] [data-field-conflict]")
    expect(panel).to_contain_text("甲岗")
    expect(panel).to_contain_text("乙岗")
    second.must_be_sound("drafting-conflict")
    assert content_of(draft)["post"] == "甲岗"
    panel.get_by_role("button", name="保留我在本页填写的").click()
    expect(status(two)).to_contain_text(SAVED)
    assert content_of(draft)["post"] == "乙岗"
    one.get_by_label("现任岗位").fill("丙岗")
    one.get_by_label("现从事专业").focus()
    one.locator("[data-field=post]").get_by_role("button", name="采用另一个窗口保存的").click()
    expect(one.get_by_label("现任岗位")).to_have_value("乙岗")


def test_a_button_pressed_while_a_field_is_being_saved_waits_for_the_answer(
    open_window: OpenWindow, person: Actor, draft: Application
) -> None:
    """Who types on while a save is on its way is no other window."""
    window = open_window(by=person)
    page = window.open(sheet(draft))
    held: list[Route] = []

    def keep_saves(route: Route) -> None:
        if route.request.resource_type == "fetch":
            held.append(route)
        else:
            route.continue_()

    page.route("**/applications/**", keep_saves)
    with page.expect_request(lambda request: request.resource_type == "fetch"):
        page.get_by_label("现任岗位").fill("研发")
        page.get_by_label("现从事专业").focus()
    page.get_by_label("现任岗位").fill("研发工程师")
    page.get_by_role("button", name="保存并返回").click()
    expect(status(page)).to_have_attribute("data-state", "saving")
    assert content_of(draft).get("post") is None
    held[0].continue_()
    page.wait_for_url(lambda address: not address.endswith(sheet(draft)))
    assert content_of(draft)["post"] == "研发工程师"
    assert not window.complaints


def test_a_session_that_ended_is_told(open_window: OpenWindow, person: Actor, draft: Application) -> None:
    window = open_window(by=person)
    page = window.open(sheet(draft))
    page.context.clear_cookies()
    page.get_by_label("现任岗位").fill("研发工程师")
    page.get_by_label("现从事专业").focus()
    expect(status(page)).to_contain_text("请在新窗口重新登录")


def test_without_scripts_everything_works(open_window: OpenWindow, person: Actor, draft: Application) -> None:
    window = open_window(PHONE, by=person, scripts=False)
    page = window.open(sheet(draft))
    page.get_by_label("现任岗位").fill("岗" * 61)
    page.get_by_label("现从事专业").fill("电子信息")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("最多60字")
    expect(page.get_by_label("现任岗位")).to_have_value("岗" * 61)
    page.get_by_label("现任岗位").fill("研发工程师")
    page.get_by_role("button", name="保存并返回").click()
    page.wait_for_url(lambda address: not address.endswith(sheet(draft)))
    assert content_of(draft)["post"] == "研发工程师"


def test_pages_of_the_archive_and_registers_are_sound(
    open_window: OpenWindow, person: Actor, draft: Application
) -> None:
    applications.fill(draft, person)
    education = ArchiveItem.objects.get(kind=ItemKind.EDUCATION)
    work = ArchiveItem.objects.get(kind=ItemKind.WORK)
    archiving.add_item(ItemKind.TRAINING, {"year": 2025, "hours": 72}, by=person, at=NOW + dt.timedelta(minutes=1))
    window = open_window(by=person)
    for name, path in {
        "own": "/applications/",
        "tasks-done": f"/applications/{draft.code}/",
        "registers": f"/applications/{draft.code}/registers/",
        "archive": "/applications/archive/",
        "archive-kind": f"/applications/archive/?kind=work&for={draft.code}",
        "verified": f"/applications/archive/{education.code}/",
        "dispute": f"/applications/archive/{education.code}/dispute/",
        "work": f"/applications/archive/{work.code}/?for={draft.code}",
        "choose-again": f"/applications/choose/?for={draft.code}&series=05",
    }.items():
        window.open(path)
        window.must_be_sound(f"drafting-{name}")
    page = window.open(f"/applications/archive/{work.code}/?for={draft.code}")
    page.get_by_role("button", name="从档案中移除").click()
    window.must_be_sound("drafting-removed")
    page.get_by_role("button", name="撤销移除").click()
    expect(page.locator("main")).to_contain_text("已放回业绩档案")


def test_the_page_tells_when_registers_have_answered(open_window: OpenWindow) -> None:
    clock.move_to(NOW)
    entry = catalogue.published_entry()
    somebody = accounts.actor()
    accounts.document(somebody.person)
    window = open_window(by=somebody)
    page = window.open(f"/applications/choose/{entry.code}/")
    expect(page.locator("[data-waiting]")).to_contain_text("正在查询")
    window.must_be_sound("drafting-waiting")
    applications.know(somebody.person, applications.employer())
    expect(page.locator("[data-waiting]")).to_have_count(0, timeout=15_000)
    expect(page.locator("main")).to_contain_text("燕京理工大学")


def test_a_page_is_not_loaded_again_under_a_press(open_window: OpenWindow) -> None:
    """Loading it anew would throw away what was pressed a moment before and is still on its way."""
    clock.move_to(NOW)
    entry = catalogue.published_entry()
    somebody = accounts.actor()
    accounts.document(somebody.person)
    page = open_window(by=somebody).open(f"/applications/choose/{entry.code}/")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.locator("main > button").dispatch_event("click")
    applications.know(somebody.person, applications.employer())
    link = page.get_by_role("link", name="结果已返回，点击刷新")
    expect(link).to_be_visible(timeout=15_000)
    link.click()
    expect(page.locator("main")).to_contain_text("燕京理工大学")


def test_a_page_is_not_loaded_again_under_what_was_entered_before_the_scripts_arrived(open_window: OpenWindow) -> None:
    clock.move_to(NOW)
    entry = catalogue.published_entry()
    somebody = accounts.actor()
    accounts.document(somebody.person)
    window = open_window(by=somebody)
    held = window.hold("**/main*.js")
    page = window.page
    with page.expect_request("**/main*.js"):
        page.goto(f"{window.origin}/applications/choose/{entry.code}/", wait_until="commit")
    answer = page.get_by_role("radio", name="否").first
    answer.check()
    applications.know(somebody.person, applications.employer())
    for route in held:
        route.continue_()
    expect(page.get_by_role("link", name="结果已返回，点击刷新")).to_be_visible(timeout=15_000)
    expect(answer).to_be_checked()
