"""Planning defences over the API: from an empty year to everybody told, and how each want is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import Application
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from review.enums.defending import DefenceState
from review.models import Defence, DefenceRound
from tests.factories import accounts, applications, defences
from tests.factories.calls import Caller, bases, codes, fields
from tests.factories.defences import PLANNED, TOLD, on

pytestmark = pytest.mark.django_db
DAYS = {"first_day": "2026-09-20", "last_day": "2026-10-10"}
BEGINS = "2026-09-20T09:00:00+08:00"


@pytest.fixture(autouse=True)
def _now(at: Callable[..., None]) -> None:
    at(PLANNED)


@pytest.fixture
def paid(entry: CatalogueEntry) -> Application:
    return defences.paid(entry)


@pytest.fixture
def clerk(entry: CatalogueEntry) -> Caller:
    return Caller(defences.agency_staff(entry.agency))


def opened(clerk: Caller, entry: CatalogueEntry, **fields: Any) -> Any:
    return clerk.post("rounds/", {"committee": entry.committee.code, "title": "第一次答辩", **DAYS, **fields})


# --- From an empty year to everybody told -----------------------------------------------------
@pytest.mark.rule("R-105", "R-107", "R-110")
def test_a_round_is_planned_by_programs_alone(paid: Application, entry: CatalogueEntry, clerk: Caller) -> None:
    people = defences.experts(entry.agency, 4)
    (committee,) = clerk.get("rounds/committees/").json()["results"]
    assert (committee["code"], committee["year"]) == (entry.committee.code, 2026)
    made = opened(clerk, entry)
    assert made.json()["mode"] == "on_site"
    base = f"rounds/{made.json()['code']}"
    assert clerk.get(f"{base}/").json()["committee_code"] == entry.committee.code
    offered = {one["code"] for one in clerk.get(f"{base}/experts/").json()["results"]}
    assert offered == {one.person.code for one in people}
    panel = clerk.post(f"{base}/panels/", {"name": "第一组", "experts": [one.person.code for one in people[:3]]}).json()
    path = f"{base}/panels/{panel['code']}/"
    joined = clerk.post(f"{path}steps/join/", {"expert": people[3].person.code}).json()
    assert {one["code"] for one in joined["experts"]} == offered
    assert clerk.get(path).json() == joined
    room = clerk.post("rooms/", {"name": "答辩室一", "address": "示例路1号"}).json()
    row = {"panel": panel["code"], "room": room["code"], "begins_at": BEGINS, "minutes": 30, "number": 2, "pause": 10}
    first, second = clerk.post(f"{base}/slots/", row).json()
    assert (first["starts_at"], second["starts_at"]) == (BEGINS, "2026-09-20T09:40:00+08:00")
    assert [one["application"] for one in clerk.get(f"{base}/waiting/").json()["results"]] == [paid.code]
    planned = clerk.post(f"{base}/steps/plan/", {"application": paid.code, "slot": first["code"]}).json()
    assert (planned["state"], planned["slot"]["code"]) == (DefenceState.PLANNED, first["code"])
    assert clerk.get(f"{base}/waiting/").json()["results"] == []
    moved = clerk.post(f"hearings/{planned['code']}/steps/move/", {"slot": second["code"]}).json()
    assert moved["slot"]["code"] == second["code"]
    assert [one["occupied"] for one in clerk.get(f"{base}/slots/").json()["results"]] == [0, 1]
    clock.move_to(TOLD)
    assert clerk.post(f"hearings/{planned['code']}/steps/notify/").json()["state"] == DefenceState.NOTIFIED
    assert [one["code"] for one in clerk.get(f"{base}/hearings/").json()["results"]] == [planned["code"]]


def test_a_lost_reply_makes_no_second_round(entry: CatalogueEntry, clerk: Caller) -> None:
    body = {"committee": entry.committee.code, "title": "第一次答辩", **DAYS}
    first = clerk.post("rounds/", body, **{"Idempotency-Key": "once"})
    assert clerk.post("rounds/", body, **{"Idempotency-Key": "once"}).json() == first.json()
    assert DefenceRound.objects.count() == 1


# --- Refusals ---------------------------------------------------------------------------------
def test_a_round_is_refused_with_every_reason(entry: CatalogueEntry, clerk: Caller) -> None:
    answer = opened(clerk, entry, mode="online", first_day="2026-09-03", last_day="2026-09-01")
    assert answer.status_code == 409
    assert dict(zip(codes(answer), bases(answer), strict=True)) == {
        "online_only_with_pilot": "R-108",
        "days_reversed": "R-105",
        "days_over": "R-105",
    }
    assert codes(opened(clerk, entry, committee="PW-0000")) == ["committee_unknown"]
    opened(clerk, entry)
    assert codes(opened(clerk, entry)) == ["title_taken"]


@pytest.mark.rule("R-110")
def test_panels_and_slots_are_refused_beside_their_fields(entry: CatalogueEntry, clerk: Caller) -> None:
    round_ = defences.round_of(entry.committee)
    base, few = f"rounds/{round_.code}", [one.person.code for one in defences.experts(entry.agency, 2)]
    answer = clerk.post(f"{base}/panels/", {"name": "第一组", "experts": few})
    assert (codes(answer), bases(answer), fields(answer)) == (["panel_too_small"], ["R-110"], ["experts"])
    stranger = accounts.actor(Role.EXPERT).person.code
    assert codes(clerk.post(f"{base}/panels/", {"name": "第一组", "experts": [stranger]})) == ["not_an_expert"]
    panel = defences.panel(round_)
    defences.slots(panel)
    room = clerk.get("rooms/").json()["results"][0]
    row = {"panel": panel.code, "room": room["code"], "begins_at": BEGINS, "minutes": 30}
    assert codes(clerk.post(f"{base}/slots/", row)) == ["panel_busy"]
    assert codes(clerk.post(f"{base}/slots/", {**row, "room": "DF-0000"})) == ["room_unknown"]
    assert codes(clerk.post(f"{base}/slots/", {**row, "panel": "DP-0000"})) == ["panel_unknown"]
    late = {**row, "begins_at": "9999-12-31T20:00:00+08:00"}
    assert clerk.post(f"{base}/slots/", late).status_code == 400
    path = f"{base}/panels/{panel.code}/steps/join/"
    seated = panel.experts.first().code
    assert codes(clerk.post(path, {"expert": seated})) == ["seated_already"]


@pytest.mark.rule("A-48")
def test_one_is_not_planned_before_a_panel_that_keeps_out(
    paid: Application, entry: CatalogueEntry, clerk: Caller
) -> None:
    round_, sitting = defences.round_of(entry.committee), defences.experts(entry.agency)
    applications.know(sitting[0].person, paid.employer)
    (slot,) = defences.slots(defences.panel(round_, sitting))
    answer = clerk.post(f"rounds/{round_.code}/steps/plan/", {"application": paid.code, "slot": slot.code})
    assert (codes(answer), bases(answer)) == (["panel_can_hear"], ["R-110"])
    unknown = clerk.post(f"rounds/{round_.code}/steps/plan/", {"application": "SB-0000", "slot": slot.code})
    assert codes(unknown) == ["application_unknown"]
    assert not Defence.objects.exists()


def test_other_agencies_meet_nothing_of_it(entry: CatalogueEntry, clerk: Caller) -> None:
    round_ = defences.round_of(entry.committee)
    panel = defences.panel(round_)
    defences.slots(panel)
    other = Caller(accounts.actor(Role.AGENCY_LEAD))
    base = f"rounds/{round_.code}"
    for path in ("panels/", f"panels/{panel.code}/", "slots/", "waiting/", "experts/", "hearings/", "proposal/"):
        assert other.get(f"{base}/{path}").status_code == 404, path
    assert other.get("rooms/").json()["results"] == []
    assert codes(opened(other, entry)) == ["committee_unknown"]
    assert Caller(accounts.actor(Role.EXPERT, at=entry.agency)).get(f"{base}/panels/").status_code == 403


# --- Lists ------------------------------------------------------------------------------------
def queries(caller: Caller, path: str) -> int:
    """Return how many queries the list takes, once everything that is kept between requests is known."""
    caller.get(path)
    with CaptureQueriesContext(connection) as met:
        assert caller.get(path, size=100).json()["results"]
    return len(met)


def test_lists_take_the_same_queries_for_one_row_and_thirty(entry: CatalogueEntry, clerk: Caller) -> None:
    round_ = defences.round_of(entry.committee)
    panel = defences.panel(round_)
    defences.planned(defences.paid(entry), defences.slots(panel)[0])
    defences.paid(entry)
    base = f"rounds/{round_.code}"
    paths = [f"{base}/{name}/" for name in ("panels", "slots", "waiting", "hearings", "experts")]
    paths += ["rounds/", "rooms/", "hearings/", "rounds/committees/"]
    before = {path: queries(clerk, path) for path in paths}
    for number in range(2, 31):
        defences.round_of(entry.committee, title=f"第{number}次答辩")
        more = defences.panel(round_, name=f"第{number}组")
        (slot,) = defences.slots(more, begins_at=on(9, 21, 9), room=f"答辩室{number}")
        if number <= 3:
            defences.planned(defences.paid(entry), slot)
            defences.paid(entry)
    assert {path: queries(clerk, path) for path in paths} == before
