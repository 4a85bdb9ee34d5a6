"""A session in real browsers: chair, member and scrutineers on screens that move together, and every page kind sound."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.shared import clock
from review.domain import drawing, seating
from review.enums.sitting import ItemState
from tests.browser.conftest import Visitor
from tests.factories import catalogue, sessions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
PATIENCE = 10_000  # milliseconds: more than one look where no stream was free


@pytest.mark.rule("R-111")
def test_the_screens_of_chair_and_member_move_together(open_window: OpenWindow) -> None:
    """The chair leads on a tablet; the member's screen follows without a reload, by stream or by asking."""
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    (item,) = sessions.items(session)
    clock.move_to(sessions.BEGUN)
    address = f"/review/sessions/{session.code}/"
    chair, member, counting, confirming = (
        open_window(820, by=sessions.chair(session)),
        open_window(375, by=sessions.acting(sessions.ordinary(session)[5])),
        *(open_window(820, by=one) for one in list(sessions.scrutineers(item))[:2]),
    )
    seen = member.open(address)
    seen.evaluate("window.isTheSamePage = true")
    leading = chair.open(address)
    expect(seen.get_by_role("heading", name="正在进行")).to_have_count(0)

    def press(link: str) -> None:
        leading.get_by_role("link", name=link).first.click()
        leading.locator("main form button").click()

    press("提请评议")
    expect(seen.get_by_role("heading", name="正在进行：第 1 项")).to_be_visible(timeout=PATIENCE)
    press("开始投票")
    expect(seen.get_by_text("出席表决 11 人")).to_be_visible(timeout=PATIENCE)
    press("截止投票")
    expect(seen.get_by_text("由两名监票人各自清点")).to_be_visible(timeout=PATIENCE)
    for window in (counting, confirming):
        page = window.open(address)
        page.get_by_role("button", name="录入票数").click()
        for name, votes in {"agree": "8", "against": "2", "abstain": "1"}.items():
            page.fill(f"[name={name}]", votes)
        page.locator("main form button").click()
    totals = "出席11，同意8，反对2，弃权1，未投或者无效0"
    expect(seen.get_by_text(totals)).to_be_visible(timeout=PATIENCE)
    expect(leading.get_by_text(totals)).to_be_visible(timeout=PATIENCE)
    assert seen.evaluate("window.isTheSamePage") is True
    assert sessions.items(session)[0].state == ItemState.DECIDED_PASS
    assert not [*chair.complaints, *member.complaints]


def test_the_screen_works_by_reload_alone(open_window: OpenWindow) -> None:
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    clock.move_to(sessions.BEGUN)
    window = open_window(820, by=sessions.chair(session), scripts=False)
    page = window.open(f"/review/sessions/{session.code}/")
    page.get_by_role("link", name="提请评议").first.click()
    page.locator("main form button").click()
    expect(page.get_by_role("heading", name="正在进行：第 1 项")).to_be_visible()


def test_pages_before_the_meeting_are_sound(open_window: OpenWindow) -> None:
    entry = catalogue.published_entry()
    sessions.ready(entry)
    clock.move_to(sessions.DRAWN)
    session = sessions.planned(entry.committee, members=13, size=11)
    base = f"/review/sessions/{session.code}/"
    clerk = open_window(by=sessions.clerk(session))
    _sound(clerk, {"sessions": "/review/sessions/", "session-plan": "/review/sessions/plan/"})
    _sound(clerk, {"session-commissioner": f"{base}commissioner/", "session-freeze": f"{base}freeze/"})
    drawing.freeze(session, by=sessions.clerk(session), at=sessions.DRAWN)
    watching = open_window(by=sessions.commissioner_of(session))
    _sound(watching, {"session-watched": base, "session-share": f"{base}share/"})
    drawn = sessions.drawn(session)
    seating.invite_all(drawn, by=sessions.clerk(drawn), at=sessions.DRAWN)
    asked = open_window(375, by=sessions.acting(sessions.members(drawn)[0]))
    _sound(asked, {"session-invited": base})
    _sound(clerk, {"session-inviting": base})
    drawn = sessions.accepted(drawn)
    _sound(clerk, {"session-drawn": base, "session-draw": f"{base}draw/", "session-scrutineers": f"{base}scrutineers/"})
    sessions.sitting.convene(drawn, by=sessions.clerk(drawn), at=sessions.DRAWN)
    _sound(clerk, {"session-cases": f"{base}cases/"})
    invited = sessions.members(drawn)[0]
    expert = open_window(375, by=sessions.acting(invited))
    _sound(expert, {"session-member": base, "session-decline": f"/review/sessions/members/{invited.code}/decline/"})
    clock.move_to(sessions.STARTS)
    seating.check_in(invited, by=sessions.clerk(drawn), at=sessions.STARTS)
    _sound(clerk, {"session-attendance": base, "session-check-in": f"{base}check-in/"})


def test_pages_in_the_room_are_sound(open_window: OpenWindow) -> None:
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 2))
    first, second = sessions.items(session)
    clock.move_to(sessions.BEGUN)
    base, of_items = f"/review/sessions/{session.code}/", "/review/sessions/items/"
    chair = open_window(by=sessions.chair(session))
    _sound(chair, {"session-console": base, "session-item": f"{of_items}{second.code}/"})
    _sound(
        chair, {"item-recuse": f"{of_items}{second.code}/recuse/", "item-opinion": f"{of_items}{second.code}/opinion/"}
    )
    shown = sessions.presented(first)
    _sound(
        chair, {"item-open-vote": f"{of_items}{first.code}/open-vote/", "item-defer": f"{of_items}{first.code}/defer/"}
    )
    sessions.agenda.open_vote(shown, by=sessions.leader(first), at=sessions.BEGUN)
    sessions.agenda.close_vote(shown, by=sessions.leader(first), at=sessions.BEGUN)
    scrutineer = open_window(by=sessions.scrutineers(first)[0])
    _sound(scrutineer, {"item-counted": base, "item-count": f"{of_items}{first.code}/count/"})
    sessions.counted_on_paper(sessions.items(session)[0], agree=9, against=2)
    sessions.decided(second, agree=3, against=8)
    closed = sessions.closed(session)
    _sound(chair, {"session-minutes": f"{base}minutes/", "session-count-sheet": f"{base}count-sheet/"})
    watching = open_window(by=sessions.commissioner_of(closed))
    seating.remark(closed, "程序合规，未发现问题。", by=sessions.commissioner_of(closed), at=sessions.BEGUN)
    _sound(watching, {"session-remark": f"{base}remark/", "session-stop": f"{base}stop/"})


def _sound(window: Visitor, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        window.open(path)
        window.must_be_sound(name)
