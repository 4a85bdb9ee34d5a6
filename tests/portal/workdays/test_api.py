"""A year's holidays by program: entered by one, put in force by another, for nobody but the bureau."""

import pytest

from portal.accounts.roles import Role
from portal.workdays.models import YearNotice
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
NEW_YEAR = {"date": "2031-01-01", "is_workday": False, "name": "元旦"}
NOTICE = {"year": 2031, "title": "2031年节假日安排", "source": "国办发明电", "days": [NEW_YEAR]}

__all__ = ["_one_connection"]


@pytest.mark.rule("A-04")
def test_a_notice_is_published_by_another_person() -> None:
    clerk = accounts.actor(Role.BUREAU_CLERK)
    lead = accounts.actor(Role.BUREAU_LEAD, at=clerk.organisation)
    program = Caller(clerk)
    assert program.post("holiday-notices/", {**NOTICE, "days": [NEW_YEAR, NEW_YEAR]}).status_code == 400
    made = program.post("holiday-notices/", NOTICE)
    assert (made.status_code, made.json()["days"]) == (201, [NEW_YEAR])
    step = f"holiday-notices/{made.json()['code']}/steps/publish/"
    refused = program.post(step)
    assert refused.status_code in {403, 409}
    assert codes(refused)
    assert YearNotice.objects.in_force().filter(year=2031).count() == 0
    decided = Caller(lead).post(step)
    assert (decided.status_code, codes(decided) if decided.status_code != 200 else []) == (200, [])
    assert Caller(accounts.actor(Role.AGENCY_LEAD)).get("holiday-notices/").status_code == 403


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described() -> None:
    notice = YearNotice.objects.order_by("-year")[0]
    who = accounts.actor(Role.BUREAU_CLERK)
    assert fuzzed(who, ("holiday-notices",), lambda _path: {"code": notice.code}) == 4
