"""The pages of a session: who sees what of it, step by step through HTTP, and the live screen's parts."""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, new_key
from review.domain import agenda, keeping_out, minutes, session_queries
from review.enums.defending import Relation
from review.enums.sitting import BallotMode, ItemState, SessionState
from review.interfaces import agenda_window
from review.models import CommitteeSession, Draw
from review.views import session_live
from tests.factories import accounts, catalogue, sessions, voting

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> int:
    """Keep an open session with two cases."""

    def make() -> int:
        entry = catalogue.published_entry()
        return sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 2)).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def opened(made: int) -> CommitteeSession:
    return CommitteeSession.objects.with_all().get(pk=made)


def page(browser: Client, name: str, code: str) -> str:
    answer = browser.get(reverse(f"review:{name}", args=[code]))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_what_opens_a_vote_stands_before_what_puts_it_off(opened: CommitteeSession) -> None:
    item = sessions.presented(sessions.items(opened)[0], at=AT)
    screen = page(accounts.client(sessions.leader(item)), "session", opened.code)
    now = screen[screen.index('id="now"') : screen.index('aria-labelledby="agenda"')]
    assert now.index("开始投票") < now.index("暂缓表决")


def test_nothing_to_list_says_so(opened: CommitteeSession) -> None:
    shown = page(accounts.client(sessions.clerk(opened)), "session_cases", opened.code)
    assert "现在没有可以选择的「待上会评审的申报」" in shown
    assert ">列入</button>" not in re.sub(r"\s+", "", shown)


def test_the_meeting_of_the_day_waits_for_its_commissioner(opened: CommitteeSession, at: Callable[..., None]) -> None:
    at(AT)
    watching = sessions.commissioner_of(opened)
    assert list(session_queries.watched_today(watching, AT)) == [opened]
    assert not session_queries.watched_today(watching, AT + dt.timedelta(days=1)).exists()
    assert "今日评审会议" in accounts.client(watching).get("/desk/").content.decode()


def press(browser: Client, name: str, code: str, **fields: object) -> str:
    """Send the form of a step and return where it leads; shows the page where it was refused."""
    answer = browser.post(reverse(f"review:{name}", args=[code]), {FIELD: new_key(), **fields})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return answer["Location"]


# --- The whole way by HTTP --------------------------------------------------------------------
@pytest.mark.rule("R-116")
def test_planned_drawn_and_convened_by_pages(entry: CatalogueEntry, at: Callable[[dt.datetime], None]) -> None:
    assert entry.committee is not None
    sessions.filing(entry.committee, members=12, size=11)
    clerk = sessions.defences.agency_staff(entry.committee.agency)
    watching = accounts.actor(Role.COMMISSIONER, at=entry.committee.agency)
    at(sessions.PREPARED)
    staff, commissioner = accounts.client(clerk), accounts.client(watching)
    told = {"committee": entry.committee.code, "title": "第一次会议", "day": "2026-10-10", "starts": "09:00"}
    made = staff.post(reverse("review:session_plan"), {FIELD: new_key(), **told, "place": "三层", "mode": "paper"})
    assert made.status_code == 302, made.content.decode()[:2000]
    session = CommitteeSession.objects.get(committee=entry.committee)
    assert watching.person is not None
    press(staff, "session_commissioner", session.code, commissioner=watching.person.code)
    press(staff, "session_freeze", session.code, related_limit=0)
    draw = Draw.objects.get(session=session)
    shown = page(commissioner, "session_share", session.code)
    assert draw.commitment in shown
    assert draw.secret not in shown
    press(commissioner, "session_share", session.code, share="618203")
    press(staff, "session_invite", session.code)
    for member in sessions.members(session):
        expert = accounts.client(sessions.acting(member))
        assert "接受邀请" in page(expert, "session", session.code)
        press(expert, "session_accept", member.code, promise="on")
    head = next(one for one in sessions.members(session) if one.can_chair)
    press(staff, "session_chair", session.code, member=head.code)
    three = {f"scrutineer_{n}": one.code for n, one in enumerate(sessions.ordinary(session)[:3], start=1)}
    press(staff, "session_scrutineers", session.code, **three)
    press(staff, "session_convene", session.code)
    assert sessions.fresh(session).state == SessionState.CONVENED
    record = json.loads(page(commissioner, "session_draw_file", session.code))
    assert record["share"] == "618203"
    assert draw.eligible[0] in page(commissioner, "session_draw", session.code)


@pytest.mark.rule("R-111")
def test_a_case_is_voted_on_by_pages(opened: CommitteeSession, at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    chair = accounts.client(sessions.chair(opened))
    item = sessions.items(opened)[0]
    for step in ("item_present", "item_open_vote", "item_close_vote"):
        page(chair, step, item.code)
        press(chair, step, item.code)
    first, second, _third = (accounts.client(one) for one in sessions.scrutineers(item))
    counting = reverse("review:item_count", args=[item.code])
    assert counting in page(first, "session", opened.code)
    assert counting not in page(chair, "session", opened.code)
    press(first, "item_count", item.code, agree=8, against=3, abstain=0)
    assert 'value="8"' not in page(second, "item_count", item.code)
    press(second, "item_count", item.code, agree=8, against=3, abstain=0)
    assert sessions.items(opened)[0].state == ItemState.DECIDED_PASS


@pytest.mark.rule("R-111", "A-48")
def test_the_chair_finds_the_way_to_other_scrutineers_unless_votes_are_given(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    chair, item = accounts.client(sessions.chair(opened)), sessions.items(opened)[0]
    naming = reverse("review:session_scrutineers", args=[opened.code])
    assert naming in page(chair, "session", opened.code)
    running = sessions.voting(item)
    assert naming not in page(chair, "session", opened.code)
    agenda.close_vote(running, by=sessions.leader(running), at=AT)
    assert naming in page(chair, "session", opened.code)


# --- Who sees what (domain §9) ----------------------------------------------------------------
def test_totals_are_the_agencys_only_after_the_signature(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    first, second = sessions.items(opened)
    sessions.decided(first, agree=8, against=3)
    sessions.decided(second, agree=2, against=9)
    totals = "同意8，反对3"
    member = accounts.client(sessions.acting(sessions.ordinary(opened)[5]))
    staff, watching = accounts.client(sessions.clerk(opened)), accounts.client(sessions.commissioner_of(opened))
    assert totals in page(member, "session", opened.code)
    assert totals in page(watching, "session", opened.code)
    before = page(staff, "session", opened.code)
    assert totals not in before
    assert "未通过" not in before
    assert staff.get(reverse("review:session_count_sheet", args=[opened.code])).status_code == 409
    sessions.signed(opened)
    assert totals in page(staff, "session", opened.code)
    assert "未通过" in page(staff, "session_count_sheet", opened.code)


@pytest.mark.rule("A-48")
def test_whoever_keeps_out_sees_neither_name_nor_papers(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    item, other = sessions.items(opened)
    member = sessions.ordinary(opened)[5]
    browser = accounts.client(sessions.acting(member))
    name = item.application.applicant.full_name
    assert name in page(browser, "session_item", item.code)
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(member), at=AT)
    shown = page(browser, "session", opened.code)
    assert name not in shown
    assert other.application.applicant.full_name in shown
    for address in ("session_item", "item_recuse", "item_opinion"):
        assert browser.get(reverse(f"review:{address}", args=[item.code])).status_code == 404
    sessions.presented(item)
    assert name not in page(browser, "session_screen", opened.code)


@pytest.mark.rule("A-48", "E-11")
def test_a_chair_who_keeps_out_of_a_case_orders_and_signs_it_without_its_name(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    item, other = sessions.items(opened)
    chair = sessions.chair(opened)
    keeping_out.declare(item, Relation.KIN, "", by=chair, at=AT)
    hidden, named = (re.compile(rf"{one.application.applicant.full_name}[\s　<]") for one in (item, other))
    for address in ("session_order", "session_minutes", "session"):
        shown = page(accounts.client(chair), address, opened.code)
        assert not hidden.search(shown), address
        assert item.application.code not in shown, address
        assert named.search(shown), address
    assert hidden.search(page(accounts.client(sessions.clerk(opened)), "session", opened.code))


@pytest.mark.rule("E-11")
def test_minutes_and_count_say_when_the_meeting_began_and_ended(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    for item in sessions.items(opened):
        agenda.defer(item, reason="需要补充证明材料", by=sessions.chair(opened), at=AT)
    assert "实际开会：09:05　实际闭会：尚未闭会" in minutes.drafted(sessions.fresh(opened))
    ended = AT + dt.timedelta(hours=2, minutes=40)
    closed = sessions.closed(opened, at=ended)
    assert "实际开会：09:05　实际闭会：11:45" in minutes.drafted(closed)
    at(ended)
    assert "11:45" in page(accounts.client(sessions.chair(opened)), "session_count_sheet", opened.code)


def test_strangers_find_nothing(opened: CommitteeSession, at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    for stranger in (
        accounts.actor(Role.AGENCY_CLERK),
        accounts.actor(Role.EXPERT, at=opened.committee.agency),
        accounts.actor(Role.COMMISSIONER, at=opened.committee.agency),
    ):
        browser = accounts.client(stranger)
        for name in ("session", "session_screen", "session_revision", "session_moves", "session_draw"):
            assert browser.get(reverse(f"review:{name}", args=[opened.code])).status_code == 404
        assert opened.title not in browser.get(reverse("review:sessions")).content.decode()


# --- Live -------------------------------------------------------------------------------------
def test_the_stream_tells_the_revision_and_gives_its_place_back(
    opened: CommitteeSession, at: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(AT)
    monkeypatch.setattr(session_live, "PAUSE", 0.01)
    monkeypatch.setattr(session_live, "LONGEST", 0.6)
    browser = accounts.client(sessions.acting(sessions.ordinary(opened)[5]))
    address = reverse("review:session_moves", args=[opened.code])
    stream = browser.get(address)
    lines = iter(stream.streaming_content)  # type: ignore[attr-defined]
    assert f"data: {opened.revision}".encode() in next(lines)
    assert browser.get(address).status_code == 204
    item = sessions.items(opened)[0]
    agenda.present(item, by=sessions.leader(item), at=AT)
    now = sessions.fresh(opened).revision
    assert any(f"data: {now}".encode() in line for line in list(lines))
    again = browser.get(address)
    assert again.status_code == 200
    assert list(again.streaming_content)  # type: ignore[attr-defined]
    assert json.loads(page(browser, "session_revision", opened.code)) == {"revision": now}
    screen = browser.get(reverse("review:session_screen", args=[opened.code]))
    assert screen["X-Revision"] == str(now)
    assert "正在进行" in screen.content.decode()


@pytest.mark.parametrize("who", ["member", "chair", "clerk"])
def test_a_screen_asks_as_often_for_three_cases_as_for_one(
    who: str, entry: CatalogueEntry, at: Callable[[dt.datetime], None]
) -> None:
    """Fifteen screens follow every move: what one costs must not grow with the agenda."""
    first, *others = sessions.ready(entry, 3)
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), [first])
    at(sessions.CONVENED)
    reader = {
        "member": sessions.acting(sessions.ordinary(session)[5]),
        "chair": sessions.chair(session),
        "clerk": sessions.clerk(session),
    }[who]
    browser = accounts.client(reader)
    page(browser, "session_screen", session.code)  # what is looked up once for all pages
    one = asked(browser, "session_screen", session)
    for case in others:
        agenda.put_on(session, case, by=sessions.clerk(session), at=sessions.CONVENED)
    assert asked(browser, "session_screen", session) == one


def asked(browser: Client, name: str, session: CommitteeSession) -> int:
    """Return how many questions the database answers for a page."""
    with CaptureQueriesContext(connection) as found:
        page(browser, name, session.code)
    return len(found)


@pytest.mark.parametrize(
    ("reach", "whole", "moving"),
    [(lambda item: item, 15, 13), (sessions.presented, 14, 12), (sessions.voting, 11, 9)],
    ids=["open", "in_discussion", "voting"],
)
def test_the_chairs_screen_asks_fifteen_times_at_most(
    reach: Callable[..., Any], whole: int, moving: int, opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    reach(sessions.items(opened)[0])
    browser = accounts.client(sessions.chair(opened))
    page(browser, "session", opened.code)  # what is looked up once for all pages
    assert (asked(browser, "session", opened), asked(browser, "session_screen", opened)) == (whole, moving)


def test_with_devices_it_asks_for_key_and_devices_besides(entry: CatalogueEntry, at: Callable[..., None]) -> None:
    at(AT)
    plan = sessions.planned(entry.committee, members=13, size=11, mode=BallotMode.ELECTRONIC)
    session = voting.opened(plan, sessions.ready(entry)).session
    sessions.presented(sessions.items(session)[0])
    browser = accounts.client(sessions.chair(session))
    page(browser, "session", session.code)  # what is looked up once for all pages
    assert asked(browser, "session", session) == 18


def test_a_screen_asks_as_often_for_fifteen_members_as_for_eleven(at: Callable[[dt.datetime], None]) -> None:
    at(AT)
    found = set()
    for members, size in ((13, 11), (19, 15)):
        entry = catalogue.published_entry()
        session = sessions.opened(sessions.planned(entry.committee, members=members, size=size), sessions.ready(entry))
        browser = accounts.client(sessions.chair(session))
        page(browser, "session", session.code)
        found.add((asked(browser, "session", session), asked(browser, "session_screen", session)))
    assert len(found) == 1


def test_steps_out_of_turn_are_offered_to_whoever_may_take_them(
    opened: CommitteeSession, at: Callable[[dt.datetime], None]
) -> None:
    at(AT)
    first, second = sessions.items(opened)
    chair, staff = accounts.client(sessions.chair(opened)), accounts.client(sessions.clerk(opened))

    def offered(browser: Client) -> set[str]:
        shown = page(browser, "session", opened.code)
        names = ("item_present", "item_defer", "item_remove")
        return {name for name in names if reverse(f"review:{name}", args=[second.code]) in shown}

    assert offered(chair) == {"item_present", "item_defer"}
    assert offered(staff) == {"item_remove"}
    keeping_out.order(second, sessions.ordinary(opened)[0], Relation.KIN, "", by=sessions.clerk(opened), at=AT)
    sessions.presented(first)
    assert offered(chair) == {"item_defer"}  # one case at a time
    assert offered(accounts.client(sessions.acting(sessions.ordinary(opened)[5]))) == set()


@pytest.mark.rule("A-48")
def test_a_long_agenda_shows_the_page_that_the_room_is_at_and_can_be_narrowed(
    opened: CommitteeSession, at: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(AT)
    monkeypatch.setattr(agenda_window, "A_PAGE", 1)
    first, second = sessions.items(opened)
    chair, own = accounts.client(sessions.chair(opened)), sessions.ordinary(opened)[5]
    names = [one.application.applicant.full_name for one in (first, second)]

    def shown(browser: Client, **query: str) -> list[bool]:
        answer = browser.get(reverse("review:session", args=[opened.code]), query).content.decode()
        agenda_part = answer.partition('id="agenda"')[2].partition("</section>")[0]
        return [name in agenda_part for name in names]

    assert shown(chair) == [True, False]
    assert shown(chair, page="2") == shown(chair, page="99") == [False, True]
    sessions.decided(first, agree=9, against=2)
    assert shown(chair) == [False, True], "the room has gone on"
    assert shown(chair, show="decided") == [True, False]
    assert shown(chair, show="waiting") == [False, True]
    keeping_out.order(second, own, Relation.KIN, "", by=sessions.clerk(opened), at=AT)
    member = accounts.client(sessions.acting(own))
    everything = member.get(reverse("review:session", args=[opened.code]), {"show": "waiting"}).content.decode()
    assert "本人回避" not in everything
    assert "本人回避" in member.get(reverse("review:session", args=[opened.code]), {"page": "2"}).content.decode()
    live = chair.get(reverse("review:session", args=[opened.code]), {"show": "decided"}).content.decode()
    assert f"{reverse('review:session_screen', args=[opened.code])}?show=decided" in live
    program = chair.get(f"/api/sessions/{opened.code}/").json()
    assert len(program["cases"]) == 2, "programs get the whole agenda"
