"""What scripts add, and that everything works without them and without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


def test_the_menu_opens_on_a_phone(open_window: OpenWindow) -> None:
    page = open_window(375).open("/")
    menu = page.get_by_role("button", name="菜单")
    expect(page.get_by_role("link", name="办事指南")).to_be_hidden()
    menu.click()
    expect(page.get_by_role("link", name="办事指南")).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")


def test_without_scripts_the_menu_stands_open_and_the_clock_moves(open_window: OpenWindow) -> None:
    window = open_window(375, scripts=False)
    page = window.open("/help/?from=here")
    expect(page.get_by_role("navigation", name="主菜单").get_by_role("link", name="办事指南")).to_be_visible()
    before = page.locator(".zc-clock__time").inner_text()
    page.get_by_role("button", name="＋1 天").click()
    assert page.url.endswith("/help/?from=here")
    expect(page.locator(".zc-clock__time")).not_to_have_text(before)


def test_the_first_key_leads_past_the_navigation(open_window: OpenWindow) -> None:
    page = open_window().open("/help/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()


def test_the_keyboard_is_never_trapped_and_always_seen(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    seen: list[str] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        place = page.evaluate("""() => {
            const it = document.activeElement;
            if (it === document.body) return "";
            const style = getComputedStyle(it), label = it.labels?.[0] && getComputedStyle(it.labels[0], "::before");
            const marked = [style, label].some((s) => s && (s.outlineStyle !== "none" || s.boxShadow !== "none"));
            return (marked ? "" : "UNSEEN ") + it.tagName + [...document.querySelectorAll("*")].indexOf(it);
        }""")
        if not place:
            break
        if [place] != seen[-1:]:  # the boxes inside a date field are one element
            seen.append(place)
    assert len(seen) == len(set(seen)), "focus went round before it came to the end"
    assert page.evaluate("document.activeElement === document.body")
    assert not [place for place in seen if place.startswith("UNSEEN")]


def test_refusals_take_the_reader_to_their_fields(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery + "?q=1")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("错误：")
    page.get_by_role("link", name="请选择申报级别").click()
    expect(page.get_by_label("高级", exact=True)).to_be_focused()


def test_a_password_can_be_shown(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    page.get_by_label("密码", exact=True).fill("secret")
    page.get_by_role("button", name="显示密码").click()
    expect(page.get_by_label("密码", exact=True)).to_have_attribute("type", "text")


def test_words_left_are_counted(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    page.get_by_label("退回原因").fill("材料不清晰")
    expect(page.get_by_text("还可以输入 195 个字").first).to_be_attached()


def test_a_deadline_counts_by_the_servers_clock(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    expect(page.locator("[data-deadline]").first).to_have_text("还剩 1 天 14 小时")


def test_a_form_is_sent_once_however_often_it_is_pressed(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    button = page.get_by_role("button", name="保存草稿")
    with page.expect_navigation():
        button.evaluate("button => { for (let n = 0; n < 3; n++) button.click(); }")
    assert len(posts) == 1


def test_a_hash_can_be_copied(open_window: OpenWindow, gallery: str) -> None:
    window = open_window()
    page = window.open(gallery)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "9f86d081884c7d65" * 4


def test_switching_the_language_stays_on_the_page(open_window: OpenWindow) -> None:
    page = open_window().open("/rules/R-112/?from=here")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/rules/R-112/?from=here")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_a_draft_saves_itself_and_never_overwrites_another_window(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    status = page.locator("[data-autosave-status]")
    page.get_by_label("业绩").fill("主持一项工程")
    page.get_by_label("业绩").blur()
    expect(status).to_have_text("已保存于 14:32")
    expect(page.locator("[name=_version]")).to_have_value("2")
    page.get_by_label("业绩").fill("主持两项工程")
    page.get_by_label("业绩").blur()
    expect(status).to_have_text("草稿已在另一窗口修改。")


def test_a_draft_that_could_not_be_saved_says_so(open_window: OpenWindow, gallery: str) -> None:
    page = open_window().open(gallery)
    page.get_by_label("业绩").fill("fail")
    page.get_by_label("业绩").blur()
    expect(page.locator("[data-autosave-status]")).to_have_text("尚未保存，正在重试")
