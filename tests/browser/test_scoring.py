"""A member's score sheet on a tablet: it saves itself, is handed in once, and its page kinds are sound."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import scoring as factory
from tests.factories import sessions
from tests.factories.scoring import HIGH, LOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.rule("R-044", "R-045")
def test_a_member_scores_on_a_tablet(open_window: Callable[..., Visitor]) -> None:
    """The last of eleven scores; then the flag and the numbers stand there, for the chair also before the vote."""
    session = factory.opened()
    (item,) = sessions.items(session)
    clock.move_to(sessions.BEGUN)
    chair = next(one for one in sessions.members(session) if one.is_chair)
    others = [one for one in sessions.members(session) if not one.is_chair]
    for member in others:
        factory.handed_in(item, member, LOW if member == others[0] else HIGH)
    sessions.presented(item)
    window, base = open_window(820, by=sessions.acting(chair)), f"/review/sessions/items/{item.code}/"
    page = window.open(f"/review/sessions/{session.code}/")
    page.get_by_role("button", name="评分", exact=True).click()
    window.must_be_sound("scores-writing")
    expect(page.get_by_text("委员不能改动").first).to_be_visible()
    for number, points in HIGH.items():
        page.fill(f"[name=points_{number}]", str(points))
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-autosave-status][data-state=saved]", timeout=15000)
    page.get_by_role("button", name="保存并提交").click()
    page.wait_for_url("**/hand-in/")  # the button waits for the save that leaving the field began
    window.must_be_sound("scores-hand-in")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("合计按100分折算：90.9 分")).to_be_visible()
    expect(page.get_by_text("请主持人组织讨论后再投票")).to_be_visible()
    window.must_be_sound("scores-handed-in")
    for name, path in {"scores-on-the-papers": base, "scores-before-the-vote": f"{base}open-vote/"}.items():
        window.open(path)
        expect(page.get_by_text("最高与最低相差")).to_be_visible()
        window.must_be_sound(name)
    page.get_by_role("link", name="记录讨论情况").click()
    window.must_be_sound("discussion")
    page.fill("[name=text]", "就技术路线的原创性充分讨论，多数委员认为有创新。")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("讨论情况已记录")).to_be_visible()
    window.open(base)
    expect(page.get_by_text("多数委员认为有创新")).to_be_visible()
    window.must_be_sound("discussed")
    assert not window.complaints
