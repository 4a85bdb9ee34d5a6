"""Guides by program: an agency keeps its own, the bureau's lead approves, and the page's refusals hold."""

from typing import Any

import pytest

from portal.accounts.roles import Role
from portal.catalogue.enums import Heading, Indicator
from portal.shared import clock
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts, catalogue
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
WORDS = {"conditions": "条件", "procedure": "程序", "place_and_time": "时间地点", "materials": "材料"}
LINES: list[dict[str, Any]] = [
    {"heading": Heading.CHARACTER, "indicator": Indicator.ETHICS, "text": "职业道德", "is_required": True},
    {"heading": Heading.ABILITY, "indicator": Indicator.TECHNICAL_LEVEL, "text": "技术水平", "max_score": 50},
    {"heading": Heading.ACHIEVEMENT, "indicator": Indicator.PAPERS, "text": "论文", "max_score": 20},
    {
        "heading": Heading.ACHIEVEMENT,
        "indicator": Indicator.EMPLOYER_ASSESSMENT,
        "text": "单位考核",
        "max_score": 30,
    },
]

__all__ = ["_one_connection"]


@pytest.mark.rule("R-039", "R-040", "R-014")
def test_an_agency_writes_and_another_approves() -> None:
    committee = catalogue.published_entry().committee
    assert committee is not None
    clock.move_to(catalogue.PUBLISHED_AT)
    agency = Caller(accounts.actor(Role.AGENCY_CLERK, at=committee.agency))
    own = f"guides/{committee.code}/"
    assert [one["guide_state"] for one in agency.get("guides/").json()["results"]] == [None]
    assert agency.get(own).status_code == 404
    agency.put(own, {**WORDS, "lines": LINES[1:]})
    assert codes(agency.post(f"{own}steps/verify/")) == ["has_every_heading"]
    written = agency.put(own, {**WORDS, "lines": LINES}).json()
    assert [one["max_score"] for one in written["lines"]] == [0, 50, 20, 30]
    assert [one["address"] for one in written["steps"]] == [f"/api/{own}steps/verify/"]
    assert agency.post(f"{own}steps/verify/").json()["state"] == "checked"
    assert codes(agency.put(own, {**WORDS, "lines": LINES})) == ["guide_is_not_a_draft"]
    assert codes(agency.post(f"{own}steps/approve/")) == ["step_not_permitted"]
    assert Caller(accounts.actor(Role.BUREAU_LEAD)).post(f"{own}steps/approve/").json()["state"] == "approved"
    other = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert other.get(own).status_code == 404
    assert other.put(own, {**WORDS, "lines": LINES}).status_code == 404
    assert Caller(accounts.actor(Role.EMPLOYER_HEAD)).get("guides/").status_code == 403


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described() -> None:
    committee = catalogue.published_entry().committee
    assert committee is not None
    clock.move_to(catalogue.PUBLISHED_AT)
    who = accounts.actor(Role.AGENCY_LEAD, at=committee.agency)
    assert fuzzed(who, ("guides",), lambda _path: {"code": committee.code}) == 8
