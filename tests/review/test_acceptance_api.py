"""Results driven by programs: the same steps, the same refusals, and checks that only the bureau reads."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.catalogue.models import CatalogueEntry
from portal.http.once import HEADER, new_key
from review.models import CommitteeSession
from tests.factories import acceptances, accounts, sessions

pytestmark = pytest.mark.django_db
WHY = "核查发现一名委员与申报人有合作关系。"


@pytest.fixture
def signed(entry: CatalogueEntry) -> CommitteeSession:
    return acceptances.voted(sessions.ready(entry, 2), [10, 9])


def send(browser: Client, address: str, expected: int = 200, **body: Any) -> Any:
    """POST to the API and return what it answers."""
    answer = browser.post(f"/api/{address}/", body, content_type="application/json", headers={HEADER: new_key()})
    assert answer.status_code == expected, answer.content.decode()[:2000]
    return answer.json()


@pytest.mark.rule("R-120", "R-148", "A-23")
def test_a_batch_by_programs(signed: CommitteeSession, at: Callable[[dt.datetime], None]) -> None:
    at(acceptances.REPORTED)
    agency = accounts.client(sessions.clerk(signed))
    acceptances.bureau()
    clerk, lead = accounts.client(acceptances.clerk()), accounts.client(acceptances.lead())
    file = acceptances.paper(signed)
    assert send(agency, "acceptances", 409, session=signed.code, file="WJ000")["code"] == "offer_unknown"
    batch = send(agency, "acceptances", 201, session=signed.code, file=file.code)
    code = batch["code"]
    assert batch["checks"] == []
    assert (batch["promised_days"], batch["used_days"]) == (20, 0)
    assert [one["is_pass"] for one in batch["results"]] == [True, True]
    assert send(agency, f"acceptances/{code}/steps/take", 403)["code"] == "step_not_permitted"
    shown = send(clerk, f"acceptances/{code}/steps/take")
    assert {one["check"] for one in shown["checks"]} >= {"quorum", "size", "levels", "signature"}
    assert send(clerk, f"acceptances/{code}/steps/accept", 403)["code"] == "step_not_permitted"
    send(clerk, f"acceptances/{code}/steps/send_back", reason="请补充评审工作报告的附表。")
    assert send(agency, f"acceptances/{code}/steps/report_again", 409)["code"] == "answered"
    send(agency, f"acceptances/{code}/steps/report_again", answer="附表已并入评审工作报告，请予核对。")
    send(clerk, f"acceptances/{code}/steps/take")
    first, second = (one["code"] for one in shown["results"])
    held = send(lead, f"acceptances/{code}/steps/accept_partly", held=[first], reason=WHY)
    assert (held["state"], [one["state"] for one in held["results"]]) == ("partly_accepted", ["held", "accepted"])
    assert send(agency, f"acceptances/{code}/notice", 403, contact="x")["code"] == "step_not_permitted"
    posted = send(clerk, f"acceptances/{code}/notice", contact=acceptances.CONTACT)
    assert [one["application_state"] for one in posted["results"]] == ["voted_pass", "in_result_notice"]
    assert agency.get(f"/api/results/{first}/").status_code == 403
    one = lead.get(f"/api/results/{first}/").json()
    assert {step["step"] for step in one["steps"]} == {"release", "order_revote"}
    done = send(lead, f"results/{first}/steps/release", reason="经核查没有合作关系，予以验收。")
    assert (done["state"], done["application_state"]) == ("accepted", "accepted")
    assert second in {row["code"] for row in posted["results"]}
    assert agency.get("/api/acceptances/").json()["results"][0]["code"] == code
