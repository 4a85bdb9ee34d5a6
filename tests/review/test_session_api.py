"""A session driven by programs: the same steps, the same refusals, and nothing shown that the pages would hide."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import HEADER, new_key
from review.enums.sitting import SessionState
from review.models import CommitteeSession
from tests.factories import accounts, catalogue, sessions

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def send(browser: Client, address: str, expected: int = 200, **body: Any) -> Any:
    """POST to the API and return what it answers."""
    answer = browser.post(f"/api/{address}/", body, content_type="application/json", headers={HEADER: new_key()})
    assert answer.status_code == expected, answer.content.decode()[:2000]
    return answer.json() if answer.content else None


def step(browser: Client, room: str, code: str, name: str, expected: int = 200, **body: Any) -> Any:
    return send(browser, f"{room}/{code}/steps/{name}", expected, **body)


@pytest.mark.rule("R-116")
def test_planned_drawn_and_convened_by_programs(entry: CatalogueEntry, at: Callable[[dt.datetime], None]) -> None:
    assert entry.committee is not None
    sessions.filing(entry.committee, members=12, size=11)
    clerk = sessions.defences.agency_staff(entry.committee.agency)
    watching = accounts.actor(Role.COMMISSIONER, at=entry.committee.agency)
    assert watching.person is not None
    at(sessions.PREPARED)
    staff, commissioner = accounts.client(clerk), accounts.client(watching)
    plan = {"committee": entry.committee.code, "title": "第一次会议", "place": "三层", "mode": "paper"}
    made = send(staff, "sessions", 201, **plan, starts_at=sessions.STARTS.isoformat())
    code = made["code"]
    assert step(staff, "sessions", code, "freeze", 409)["code"] == "commissioner_missing"
    step(staff, "sessions", code, "name_commissioner", person=watching.person.code)
    frozen = step(staff, "sessions", code, "freeze")
    assert frozen["eligible_number"] == 12
    assert "secret" not in frozen
    assert step(staff, "sessions", code, "share", 403, share="1234567")["code"] == "step_not_permitted"
    step(commissioner, "sessions", code, "share", share="1234567")
    record = commissioner.get(f"/api/sessions/{code}/draw/").json()["record"]
    assert record["commitment"] == frozen["commitment"]
    ends = step(staff, "sessions", code, "invite")["answers_end"]
    session = CommitteeSession.objects.get(code=code)
    for member in sessions.members(session):
        expert = accounts.client(sessions.acting(member))
        assert step(expert, "seats", member.code, "accept", 409, promise=False)["code"] == "promise_made"
        assert expert.get(f"/api/sessions/{code}/").json()["answer_by"] == ends
        assert step(expert, "seats", member.code, "accept", promise=True)["answer_by"] is None
    head = next(one for one in sessions.members(session) if one.can_chair)
    step(staff, "sessions", code, "name_chair", member=head.code)
    step(staff, "sessions", code, "name_scrutineers", members=[one.code for one in sessions.ordinary(session)[:3]])
    assert step(staff, "meetings", code, "convene")["state"] == SessionState.CONVENED


@pytest.mark.rule("R-111")
def test_a_meeting_by_programs(entry: CatalogueEntry, at: Callable[[dt.datetime], None]) -> None:
    cases = sessions.ready(entry, 2)
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11))
    at(sessions.STARTS)
    staff, chair = accounts.client(sessions.clerk(session)), accounts.client(sessions.chair(session))
    watching = accounts.client(sessions.commissioner_of(session))
    step(staff, "sessions", session.code, "list", cases=[one.code for one in cases])
    for member in sessions.members(session):
        step(accounts.client(sessions.acting(member)), "seats", member.code, "check_in")
    step(watching, "meetings", session.code, "come")
    step(chair, "meetings", session.code, "open_session")
    first, second = sessions.items(session)
    kept_out = accounts.client(sessions.acting(sessions.ordinary(session)[5]))
    shown = step(kept_out, "cases", first.code, "recuse", relation="kin")
    assert next((one["name"], one["state"]) for one in shown["cases"]) == ("", "")
    assert (
        step(kept_out, "cases", first.code, "write_opinion", 404, text="同意提交表决，材料属实。")["code"]
        == "not_found"
    )
    for name in ("present", "open_vote", "close_vote"):
        step(chair, "cases", first.code, name)
    one, other, _third = (accounts.client(actor) for actor in sessions.scrutineers(first))
    step(one, "cases", first.code, "enter_totals", agree=7, against=3, abstain=0)
    counted = step(other, "cases", first.code, "confirm_totals", agree=7, against=3, abstain=0)
    assert counted["cases"][0]["totals"] == {
        "present_for_item": 10,
        "agree": 7,
        "against": 3,
        "abstain": 0,
        "not_cast": 0,
    }
    of_agency = staff.get(f"/api/sessions/{session.code}/").json()["cases"][0]
    assert (of_agency["state"], of_agency["totals"]) == ("voted", None)
    step(chair, "cases", second.code, "defer", reason="材料需要补充核实")
    step(chair, "meetings", session.code, "close_session")
    step(chair, "meetings", session.code, "write_minutes", text=sessions.MINUTES)
    assert step(chair, "meetings", session.code, "sign", 409)["code"] == "commissioner_remarked"
    step(watching, "meetings", session.code, "remark", text="程序合规，未发现问题。")
    assert step(chair, "meetings", session.code, "sign")["state"] == SessionState.SIGNED
    assert staff.get(f"/api/sessions/{session.code}/").json()["cases"][0]["state"] == "decided_pass"


def test_strangers_find_no_session(entry: CatalogueEntry) -> None:
    session = sessions.planned(entry.committee, members=13, size=11)
    stranger = accounts.client(accounts.actor(Role.AGENCY_CLERK))
    assert stranger.get(f"/api/sessions/{session.code}/").status_code == 404
    assert step(stranger, "meetings", session.code, "cancel", 404, reason="没有理由的取消会议")["code"] == "not_found"
