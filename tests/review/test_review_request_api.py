"""A review of an application by program: asked by its code, refused to whoever took part, and upheld."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.redress.domain import filing
from portal.shared import clock
from tests.factories import acceptances, accounts, agency_reviews, applications, catalogue
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
FACTS = "审核意见所述业绩与申报书第三页的专利证书不符，请核对。"
WRONG = "经核对，专利证书在申报时已经提交，审核认定的事实有误。"


@pytest.fixture
def rejected(at: Callable[[dt.datetime], None]) -> Application:
    acceptances.bureau()
    found = agency_reviews.rejected(catalogue.published_entry())
    assert found.ended_at is not None
    at(found.ended_at)
    return found


@pytest.mark.rule("R-130", "A-24")
def test_a_rejected_application_goes_on_where_the_agency_was_wrong(rejected: Application) -> None:
    told = {"subject": rejected.code, "facts": FACTS}
    about = f"own-review-requests/about/{rejected.code}/"
    me = Caller(acting_personally(rejected.applicant))
    assert Caller(applications.applicant()).get(about).status_code == 404
    standing = me.get(about).json()
    until = filing.time_to_ask(rejected.ended_at).ends_at.isoformat()  # type: ignore[arg-type]
    assert (standing["result"], standing["until"], standing["may_ask"]) == ("rejected", until, True)
    assert (standing["reasons"], standing["requests"]) == ([], [])
    assert codes(Caller(applications.applicant()).post("own-review-requests/", told)) == ["does_not_exist"]
    asked = me.post("own-review-requests/", told)
    assert asked.status_code == 201, asked.json()
    shown = asked.json()
    assert (shown["subject"], shown["title"]) == (rejected.code, rejected.title)
    assert (shown["result"], shown["result_label"]) == ("rejected", "机构审核不通过")
    assert shown["told_at"] == rejected.ended_at.astimezone(clock.BEIJING).isoformat()  # type: ignore[union-attr]

    steps = f"review-requests/{shown['code']}/steps"
    involved = Caller(agency_reviews.clerk_of(rejected.review))
    assert codes(involved.post(f"{steps}/admit/")) == ["not_involved"]
    agency = rejected.entry.agency
    assert Caller(accounts.actor(Role.AGENCY_CLERK, at=agency)).post(f"{steps}/admit/").status_code == 200
    upheld = Caller(accounts.actor(Role.AGENCY_LEAD, at=agency)).post(f"{steps}/uphold/", {"answer": WRONG})
    assert (upheld.json()["state"], upheld.json()["is_upheld"]) == ("upheld_procedure", True)
    assert Application.objects.get(pk=rejected.pk).state == ApplicationState.UNDER_REVIEW
    standing = me.get(about).json()
    assert (standing["result"], standing["until"], standing["may_ask"]) == (None, None, False)
    assert [one["code"] for one in standing["reasons"]] == ["nothing_to_review"]
    assert standing["requests"] == [shown["code"]]
