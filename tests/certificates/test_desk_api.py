"""The desks driven by programs: the same steps, the same refusals, and nothing for who is not of the desk."""

from typing import Any

import pytest
from django.test import Client

from applications.domain.holding import set_hold
from applications.enums import Hold
from certificates.enums import CertificateState
from certificates.models import Certificate, NationalPush
from portal.accounts.roles import Role
from portal.http.once import HEADER, new_key
from review.models import AcceptedCase
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import acceptances, accounts, certificates, integrity
from tests.factories.certificates import MADE, PROPOSED

__all__ = ["_one_connection"]
pytestmark = pytest.mark.django_db
WHY = "有材料反映业绩不实，需要核查。"


def send(browser: Client, address: str, expected: int = 200, *, key: str = "", **body: Any) -> Any:
    """POST to the API and return what it answers."""
    headers = {HEADER: key or new_key()}
    answer = browser.post(f"/api/{address}/", body, content_type="application/json", headers=headers)
    assert answer.status_code == expected, answer.content.decode()[:2000]
    return answer.json()


def read(browser: Client, address: str, expected: int = 200) -> Any:
    answer = browser.get(f"/api/{address}/")
    assert answer.status_code == expected, answer.content.decode()[:2000]
    return answer.json()


@pytest.mark.rule("R-123")
def test_an_order_by_programs(cases: list[AcceptedCase], clerk: Client, lead: Client) -> None:
    set_hold(cases[1].application, Hold.INVESTIGATION, at=PROPOSED, basis="A-08")
    waiting = {one["code"]: one["reasons"] for one in read(clerk, "waiting-results")["results"]}
    assert waiting[cases[0].code] == []
    assert [one["basis"] for one in waiting[cases[1].code]] == ["A-08"]
    assert send(clerk, "certificate-orders", 409, cases=[cases[1].code])["code"] == "nobody_to_certify"
    key, batch = new_key(), cases[0].acceptance.code
    order = send(clerk, "certificate-orders", 201, key=key, batches=[batch])
    assert send(clerk, "certificate-orders", 201, key=key, batches=[batch])["code"] == order["code"]
    assert (order["state"], order["progress"]["people"]) == ("proposed", 1)
    give = f"certificate-orders/{order['code']}/steps/give"
    assert send(clerk, give, 403)["code"] == "step_not_permitted"
    given = send(lead, give)
    assert (given["state"], given["progress"]["making"], given["steps"]) == ("running", 1, [])
    (person,) = read(clerk, f"certificate-orders/{order['code']}/people")["results"]
    assert (person["case"], person["state"], person["refusal"]) == (cases[0].code, "preparing", [])
    assert read(clerk, "certificate-orders")["results"][0]["code"] == order["code"]
    assert send(lead, f"certificate-orders/{order['code']}/steps/drop", 409)["code"] == "step_not_open"


def test_what_got_stuck_is_sent_on_its_way_again(cases: list[AcceptedCase], clerk: Client) -> None:
    one = certificates.prepared(cases[0])
    again = f"certificate-register/{one.code}/try-again"
    send(clerk, again, 404)
    Certificate.objects.filter(pk=one.pk).update(not_before=None, trouble="时间戳服务没有应答。")
    assert send(clerk, again)["trouble"] == ""
    of_order = f"certificate-orders/{one.order.code}/try-again"  # type: ignore[union-attr]
    send(clerk, of_order, 404)
    Certificate.objects.filter(pk=one.pk).update(not_before=None, trouble="时间戳服务没有应答。")
    assert send(clerk, of_order)["progress"]["stuck"] == 0
    assert Certificate.objects.get(pk=one.pk).not_before is not None
    certificates.issued(one)
    NationalPush.objects.update(not_before=None, last_error="invalid_holder")
    (push,) = read(clerk, "certificate-pushes")["results"]
    assert push["is_stuck"]
    assert not send(clerk, f"certificate-pushes/{push['code']}/steps/push_again")["is_stuck"]
    assert read(clerk, "certificate-pushes")["results"] == []


@pytest.mark.rule("A-45", "R-141")
def test_changes_by_programs(cases: list[AcceptedCase], clerk: Client, lead: Client) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    page = f"certificate-register/{one.code}"
    assert read(clerk, page)["possible_changes"] == ["correct", "suspend", "revoke"]
    refused = send(clerk, f"{page}/changes", 409, kind="correct", reason=WHY, corrections={"sex": one.sex})
    assert {reason["code"] for reason in refused["reasons"]} == {"nothing_to_correct", "proof_missing"}
    assert send(clerk, f"{page}/changes", 400, kind="correct", reason=WHY, corrections={"title": "院士"})
    proof = certificates.proof(acceptances.bureau())
    told = {"kind": "correct", "reason": WHY, "proof": proof.code, "corrections": {"birth_date": "1987-03-05"}}
    change = send(clerk, f"{page}/changes", 201, **told)
    assert change["corrections"] == [
        {"name": "birth_date", "before": one.birth_date.isoformat(), "after": "1987-03-05"}
    ]
    steps = f"certificate-changes/{change['code']}/steps"
    assert send(clerk, f"{steps}/approve", 403)["code"] == "step_not_permitted"
    assert send(lead, f"{steps}/decline", reason="证明材料与证书所载一致，不予更正。")["state"] == "declined"
    other = integrity.Bureau().in_force()
    wrong = send(clerk, f"{page}/changes", 409, kind="revoke", reason=WHY, decision=other.code)
    assert wrong["code"] == "decision_missing"
    record = integrity.Bureau().in_force(person=one.holder)
    revoke = send(clerk, f"{page}/changes", 201, kind="revoke", reason=WHY, decision=record.code)
    assert send(lead, f"certificate-changes/{revoke['code']}/steps/approve")["record"] == record.code
    assert Certificate.objects.get(pk=one.pk).state == CertificateState.REVOKED
    assert [row["state"] for row in read(lead, "certificate-changes")["results"]] == ["approved", "declined"]


@pytest.mark.rule("R-125")
def test_the_holder_reads_their_own_and_nobody_elses(cases: list[AcceptedCase], clerk: Client) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    browser = accounts.client(certificates.holder_of(one))
    (listed,) = read(browser, "certificates/own")["results"]
    assert (listed["number"], listed["file"]) == (one.number, one.file.code)  # type: ignore[union-attr]
    detail = read(browser, f"certificates/own/{one.code}")
    assert detail["check_code"] == one.check_code
    assert [(row["index"], row["event"]) for row in detail["logged"]] == [(0, "issued")]
    assert "check_code" not in read(clerk, f"certificate-register/{one.code}")
    read(accounts.client(accounts.actor()), f"certificates/own/{one.code}", 404)
    read(browser, "certificate-register", 403)
    read(accounts.client(accounts.actor(Role.EMPLOYER_HEAD)), "certificates/own", 403)


def test_the_register_is_narrowed_by_programs(cases: list[AcceptedCase], clerk: Client) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    found = clerk.get("/api/certificate-register/", {"year": "2026", "state": "issued"}).json()["results"]
    assert [row["number"] for row in found] == [one.number]
    assert clerk.get("/api/certificate-register/", {"state": "revoked"}).json()["results"] == []
    assert clerk.get("/api/certificate-register/", {"state": "lost"}).status_code == 400


def test_somebody_is_found_in_the_register_without_a_name_in_the_address(
    cases: list[AcceptedCase], clerk: Client
) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))

    def found(browser: Client, expected: int = 200, **body: Any) -> Any:
        address = "/api/certificate-register/searches/"
        answer = browser.post(address, body, content_type="application/json")  # asking again is another question
        assert answer.status_code == expected, answer.content.decode()[:2000]
        return answer.json()

    for words in (one.holder_name, one.number.lower(), one.holder.documents.get().number):
        assert [row["code"] for row in found(clerk, words=words)["results"]] == [one.code]
    assert found(clerk, words=one.holder_name, state="revoked")["count"] == 0
    assert found(clerk, 400, words="")["code"] == "invalid"
    assert found(clerk, 400, words=one.number, q="x")["code"] == "invalid"
    found(accounts.client(accounts.actor()), 403, words=one.holder_name)


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(cases: list[AcceptedCase], at) -> None:
    one = certificates.issued(certificates.prepared(cases[0]))
    at(MADE)
    codes = {"certificate-orders": one.order.code, "certificate-register": one.code}  # type: ignore[union-attr]
    rooms = ("waiting-results", *codes, "certificate-changes", "certificate-pushes")

    def known(path: str) -> dict[str, Any]:
        return {"code": codes.get(path.split("/")[2], "ZB-2345678")}

    assert fuzzed(acceptances.lead(), rooms, known) >= 14
