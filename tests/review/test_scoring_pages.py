"""Score sheets on pages and over the API: the own sheet alone, saved on the way, and a summary that comes last."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.http import worklist
from portal.http.once import FIELD, HEADER, new_key
from review.domain import keeping_out, minutes, score_summaries, seating
from review.enums.defending import Relation
from review.enums.scoring import SheetState
from review.models import AgendaItem, ScoreSheet
from tests.factories import accounts, sessions
from tests.factories import scoring as factory
from tests.factories.scoring import HIGH, LOW

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN
FILLED = {f"points_{number}": points for number, points in HIGH.items()}


@pytest.fixture(scope="module")
def kept(standing: Callable[..., Any]) -> int:
    """Keep an open session of eleven with one case under a published standard; its key."""
    return standing(lambda: factory.opened().pk)  # type: ignore[no-any-return]


@pytest.fixture
def item(kept: int, at: Callable[[dt.datetime], None]) -> AgendaItem:
    at(AT)
    return AgendaItem.objects.with_all().get(session=kept)


def browser_of(item: AgendaItem, place: int = 5) -> Client:
    """Return a browser of a member who does not lead the case."""
    return accounts.client(sessions.acting(sessions.ordinary(item.session)[place]))


def page(browser: Client, name: str, code: str) -> str:
    answer = browser.get(reverse(f"review:{name}", args=[code]))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def save(browser: Client, item: AgendaItem, **fields: object) -> Any:
    address = reverse("review:item_scores", args=[item.code])
    return browser.post(address, {"_version": 0, **fields}, headers={"Accept": "application/json"})


@pytest.mark.rule("R-044", "R-045")
def test_a_member_scores_saves_and_hands_in_by_pages(item: AgendaItem) -> None:
    browser, address = browser_of(item), reverse("review:item_scores", args=[item.code])
    assert address in page(browser, "session_item", item.code)
    empty = page(browser, "item_scores", item.code)
    assert "委员不能改动" in empty
    assert 'name="points_1"' in empty
    assert 'name="points_2"' not in empty  # the employer's part
    assert save(browser, item, points_1=9).json() == {"saved": "09:05", "version": 1}
    assert save(browser, item, points_1=11).status_code == 422
    elsewhere = save(browser, item, points_1=8)
    assert elsewhere.status_code == 409
    assert "另一个窗口" in elsewhere.json()["detail"]
    assert 'value="9"' in page(browser, "item_scores", item.code)
    too_much = browser.post(address, {"_version": 1, "points_1": 11})
    assert too_much.status_code == 200
    assert "govuk-error-summary" in too_much.content.decode()
    on = browser.post(address, {"_version": 1, **FILLED, "hand_in": "1"})
    confirming = reverse("review:item_scores_hand_in", args=[item.code])
    assert on["Location"] == confirming
    assert browser.post(confirming, {FIELD: new_key()})["Location"] == address
    shown = page(browser, "item_scores", item.code)
    assert "合计按100分折算：90.9 分" in shown
    assert "已提交 1 份评分表" in shown
    assert 'name="points_1"' not in shown


def test_a_refused_sheet_says_what_is_missing(item: AgendaItem) -> None:
    browser = browser_of(item)
    save(browser, item, points_1=9)
    answer = browser.post(reverse("review:item_scores_hand_in", args=[item.code]), {FIELD: new_key()})
    assert "还有2项没有评分" in answer.content.decode()


@pytest.mark.rule("A-48")
def test_scores_are_nobodys_but_the_members_own(item: AgendaItem) -> None:
    members = sessions.ordinary(item.session)
    factory.handed_in(item, members[5], {"1": 3, "3": 17, "5": 23})
    address = reverse("review:item_scores", args=[item.code])
    api = f"/api/cases/scores/{item.code}/"
    for by in (sessions.clerk(item.session), sessions.commissioner_of(item.session)):
        assert accounts.client(by).get(address).status_code == 403
        assert accounts.client(by).get(api).status_code == 403
    other = browser_of(item, 6)
    shown = page(other, "item_scores", item.code) + page(other, "session_item", item.code)
    assert "评分汇总" not in shown
    assert "17" not in str([one["points"] for one in other.get(api).json()["lines"]])
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(members[6]), at=AT)
    assert other.get(address).status_code == other.get(api).status_code == 404


@pytest.mark.rule("R-044")
def test_a_divergence_asks_the_chair_to_discuss_and_stands_in_the_minutes(item: AgendaItem) -> None:
    members = sessions.members(item.session)
    for member in members:
        factory.handed_in(item, member, LOW if member == members[3] else HIGH)
    chair = accounts.client(sessions.chair(item.session))
    asked = "请主持人组织讨论后再投票"
    assert asked in page(chair, "session_item", item.code)
    done = sessions.presented(item)
    assert "评分" not in "".join(minutes.counted(sessions.fresh(item.session)))
    assert asked in page(chair, "item_open_vote", item.code)
    assert reverse("review:item_scores", args=[item.code]) in page(chair, "session_screen", item.session.code)
    sessions.agenda.open_vote(done, by=sessions.leader(done), at=AT)
    (told,) = [one for one in minutes.counted(sessions.fresh(item.session)) if "评分表" in one]
    assert "评分表11份，加权平均87.8分（按100分折算），最高与最低相差34.0分" in told
    assert "评分相差超过20分，已提示主持人组织讨论。" in told
    assert "评分" not in minutes.drafted(sessions.fresh(item.session))


def test_a_member_who_missed_the_vote_finds_the_sheet_closed(item: AgendaItem) -> None:
    sessions.voting(item)
    assert "已经开始投票" in page(browser_of(item), "item_scores", item.code)


def test_a_sheet_owed_stands_in_the_work_list_of_who_is_in_the_room(item: AgendaItem) -> None:
    member = sessions.ordinary(item.session)[5]
    by, label = sessions.acting(member), "评审事项待提交评分表"

    def owed() -> int:
        return {str(one.label): one.count for one in worklist.waiting_for(by, AT)}.get(label, 0)

    assert owed() == 1
    seating.leave(member, by=by, at=AT)
    assert owed() == 0
    seating.check_in(member, by=by, at=AT)
    factory.handed_in(item, member)
    assert owed() == 0


def test_scored_by_programs(item: AgendaItem) -> None:
    browser, address = browser_of(item), f"/api/cases/scores/{item.code}/"

    def send(method: str, where: str, expected: int, body: Any) -> Any:
        ask = getattr(browser, method)
        answer = ask(where, body, content_type="application/json", headers={HEADER: new_key()})
        assert answer.status_code == expected, answer.content.decode()[:1000]
        return answer.json()

    first = browser.get(address).json()
    assert (first["state"], first["version"], first["summary"]) == ("draft", 0, None)
    assert [(one["number"], one["source"], one["points"]) for one in first["lines"]] == [
        ("1", "member", None),
        ("2", "employer", "20.0"),
        ("3", "member", None),
        ("4", "panel", "7.9"),
        ("5", "member", None),
    ]
    refused = send("patch", address, 409, {"points": {"1": 11}, "version": 0})
    assert (refused["code"], refused["reasons"][0]["field"]) == ("points_out_of_range", "points_1")
    assert send("patch", address, 409, {"points": {"2": 1}, "version": 0})["code"] == "not_a_members_line"
    assert send("post", f"{address}steps/hand_in/", 409, {})["code"] == "every_line_scored"
    assert send("patch", address, 200, {"points": HIGH, "version": 0})["version"] == 1
    done = send("post", f"{address}steps/hand_in/", 200, {})
    assert (done["state"], done["summary"]["sheets"], done["summary"]["numbers"]) == ("handed_in", 1, None)
    assert ScoreSheet.objects.get().state == SheetState.HANDED_IN


def test_a_summary_asks_as_often_for_eleven_sheets_as_for_three(item: AgendaItem) -> None:
    members = sessions.members(item.session)
    for member in members[:3]:
        factory.handed_in(item, member)
    with CaptureQueriesContext(connection) as few:
        score_summaries.shown_to(item, members[0])
    for member in members[3:]:
        factory.handed_in(item, member)
    with CaptureQueriesContext(connection) as all_of_them:
        score_summaries.shown_to(item, members[0])
    assert len(all_of_them) == len(few) <= 8


@pytest.mark.rule("R-114")
def test_whoever_leads_the_case_writes_its_discussion_down_by_page_and_program(item: AgendaItem) -> None:
    sessions.presented(item, at=AT)
    chair = accounts.client(sessions.leader(item))
    address = reverse("review:item_discussion", args=[item.code])
    assert address in page(chair, "session_item", item.code)
    assert address in page(chair, "item_open_vote", item.code)
    assert address not in page(browser_of(item), "session_item", item.code)
    words = "就技术路线的原创性充分讨论。"
    assert chair.post(address, {"text": words, FIELD: new_key()}).status_code == 302
    assert words in page(browser_of(item), "session_item", item.code)
    told = {"headers": {HEADER: new_key()}, "content_type": "application/json"}
    sent = f"/api/cases/{item.code}/steps/discuss/"
    assert browser_of(item).post(sent, {"text": words}, **told).status_code == 403
    told["headers"] = {HEADER: new_key()}
    assert chair.post(sent, {"text": "讨论后形成一致意见。"}, **told).status_code == 200
    assert AgendaItem.objects.get(pk=item.pk).discussion == "讨论后形成一致意见。"
