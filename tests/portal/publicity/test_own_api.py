"""A publisher's own notices over the API: followed, proven, taken back, and nobody else's."""

import datetime as dt
from collections.abc import Callable

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.http.once import HEADER
from portal.publicity.models import Notice
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes
from tests.portal.publicity.conftest import ENDS, OBJECTED, object_to

__all__ = ["_one_connection"]


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(OBJECTED)


@pytest.mark.rule("R-072")
def test_a_publisher_follows_its_notices(notice: Notice, head: Actor) -> None:
    object_to(notice)
    own = Caller(head)
    (row,) = own.get("own-notices/").json()["results"]
    assert (row["code"], row["open_objections"]) == (notice.code, 1)
    told = own.get(f"own-notices/{notice.code}/").json()
    assert (told["access_code"], told["lines"]) == (notice.access_code, 2)
    assert [(one["step"], one["open"]) for one in told["steps"]] == [("withdraw", True)]
    lines = own.get(f"own-notices/{notice.code}/lines/").json()["results"]
    assert [(one["number"], one["is_held"]) for one in lines] == [(1, True), (2, False)]
    other = Caller(accounts.actor(Role.EMPLOYER_HEAD))
    assert other.get("own-notices/").json()["results"] == []
    assert other.get(f"own-notices/{notice.code}/").status_code == 404
    assert Caller(accounts.actor(Role.EXPERT)).get("own-notices/").status_code == 403
    assert own.get(f"own-notices/{notice.code}/paper/").content.startswith(b"%PDF")
    assert own.get(f"own-notices/{notice.code}/paper/", part=9).status_code == 404
    assert other.get(f"own-notices/{notice.code}/paper/").status_code == 404


@pytest.mark.rule("R-072")
def test_a_notice_is_taken_back_once_and_by_who_leads(notice: Notice, head: Actor) -> None:
    address = f"own-notices/{notice.code}/steps/withdraw/"
    clerk = Caller(accounts.actor(Role.EMPLOYER_CLERK, at=head.organisation))
    refused = clerk.post(address, {"reason": "公示内容有误。"})
    assert (refused.status_code, codes(refused)) == (403, ["step_not_permitted"])
    own = Caller(head)
    assert own.post(address, {}).status_code == 400
    done = own.post(address, {"reason": "公示内容有误。"}, **{HEADER: "one"})
    assert done.json()["state"] == "withdrawn"
    assert own.post(address, {"reason": "公示内容有误。"}, **{HEADER: "one"}).json() == done.json()
    assert codes(own.post(address, {"reason": "再撤一次。"})) == ["step_not_open"]
    refused = own.post(f"own-notices/{notice.code}/proof/")
    assert (codes(refused), bases(refused)) == (["notice_withdrawn"], ["R-077"])


@pytest.mark.rule("R-077")
def test_a_proof_is_given_after_the_end(notice: Notice, head: Actor, at: Callable[[dt.datetime], None]) -> None:
    own, address = Caller(head), f"own-notices/{notice.code}/"
    assert codes(own.post(f"{address}proof/")) == ["notice_not_ended"]
    at(ENDS)
    ringing.ring_due(at=ENDS)
    whole, one = own.post(f"{address}proof/").json(), own.post(f"{address}lines/2/proof/").json()
    assert whole["file"] != one["file"]
    assert b"".join(own.client.get(whole["address"]).streaming_content).startswith(b"%PDF")
    assert own.post(f"{address}proof/").json() == whole
    assert own.post(f"{address}lines/9/proof/").status_code == 404


@pytest.mark.usefixtures("_one_connection")
def test_its_operations_answer_as_described(notice: Notice, head: Actor) -> None:
    assert fuzzed(head, ("own-notices",), lambda _path: {"code": notice.code, "number": "1"}) == 7
