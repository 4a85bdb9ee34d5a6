"""Notices and objections over the API: what it shows to whom, what it takes, and how it refuses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.http.models import HandledPost
from portal.ledger.models import Entry
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import ObjectionState
from portal.publicity.models import Notice, Objection
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.factories import accounts
from tests.factories import publicity as factory
from tests.factories.calls import Caller, codes, fields
from tests.portal.documents.conftest import pdf
from tests.portal.publicity.conftest import ENDS, FACTS, OBJECTED, POSTED, Recording, object_to

__all__ = ["_one_connection"]


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(OBJECTED)


@pytest.fixture
def outside(bureau_clerk: Actor) -> Notice:
    return factory.posted(bureau_clerk, POSTED, "张甲", "李乙", title="公开公示", text="现予公示。")


def link(notice: Notice, rest: str = "") -> str:
    return f"notices/by-link/{notice.access_code}/{rest}"


def steps(objection: Objection, step: str) -> str:
    return f"settling/{objection.code}/steps/{step}/"


# --- Reading --------------------------------------------------------------------------------
def test_the_board_lists_what_is_for_everybody_and_narrows(outside: Notice, notice: Notice) -> None:
    public = Caller()
    (row,) = public.get("notices/").json()["results"]
    assert (row["code"], row["kind"], row["state"]) == (outside.code, "demonstration", "posted")
    assert "id" not in row
    assert "access_code" not in row
    for query, count in (
        ({"q": "公开"}, 1),
        ({"q": "没有"}, 0),
        ({"kind": "demonstration"}, 1),
        ({"kind": "result_city"}, 0),
    ):
        assert public.get("notices/", **query).json()["count"] == count, query
    for query in ({"kind": "employer"}, {"q": "长" * 61}):
        refused = public.get("notices/", **query)
        assert (refused.status_code, fields(refused)) == (400, [*query])


@pytest.mark.rule("A-05")
def test_one_notice_tells_its_days(outside: Notice) -> None:
    told = Caller().get(f"notices/{outside.code}/").json()
    assert (told["text"], told["contact"], told["lines"], told["proof"]) == ("现予公示。", "010-12345678", 2, "")
    assert told["period"]["due_at"] == "2026-07-24T00:00:00+08:00"
    assert told["period"]["days"][0]["date"] == "2026-07-17"


@pytest.mark.rule("A-07")
def test_what_is_inside_a_house_is_read_by_its_link_alone(notice: Notice, head: Actor) -> None:
    public = Caller()
    assert public.get(link(notice)).json()["title"] == notice.title
    assert public.get(f"notices/{notice.code}/").json()["code"] == "not_found"
    assert public.get(f"notices/by-link/{notice.code}/").status_code == 404
    assert public.get("notices/by-link/").status_code == 404
    draft = factory.draft(head, POSTED, "张甲")
    assert public.get(link(draft)).status_code == 404


@pytest.mark.rule("A-08")
def test_lines_are_paged_found_and_say_nothing_of_objections(notice: Notice) -> None:
    object_to(notice, 2)
    public = Caller()
    first, second = public.get(link(notice, "lines/")).json()["results"]
    assert first["shown"][0] == {"field": "name", "label": "姓名", "value": "孙甲"}
    assert set(first) == set(second) == {"number", "shown", "objections"}
    assert first["objections"] == f"/api/{link(notice)}lines/1/objections/"
    found = public.post(link(notice, "lines/searches/"), {"words": "李"}).json()
    assert (found["count"], found["results"][0]["objections"]) == (1, f"/api/{link(notice)}lines/2/objections/")
    assert public.get(link(notice, "lines/"), size="1").json()["next"]
    ringing.ring_due(at=ENDS)
    assert {row["objections"] for row in public.get(link(notice, "lines/")).json()["results"]} == {None}


@pytest.mark.parametrize("size", [1, 3])
def test_lines_ask_the_same_number_of_questions(
    head: Actor, owner: Recording, size: int, django_assert_num_queries: Any
) -> None:
    notice = factory.posted(head, POSTED, *"甲乙丙"[:size], kind="employer")
    public = Caller()
    public.get(link(notice, "lines/"))
    with django_assert_num_queries(5):
        public.get(link(notice, "lines/"))


def test_an_expired_notice_has_ended_for_whoever_asks(outside: Notice, at: Callable[[dt.datetime], None]) -> None:
    at(ENDS)
    told = Caller().get(f"notices/{outside.code}/").json()
    assert (told["state"], told["ended_at"]) == ("ended", "2026-07-24T00:00:00+08:00")
    assert len(told["proof"]) == 64


# --- Objecting ------------------------------------------------------------------------------
@pytest.mark.rule("A-08")
def test_anybody_objects_once_per_key_and_as_nobody(notice: Notice) -> None:
    colleague = Caller(accounts.actor())
    body = {"facts": FACTS, "name": "赵丁", "contact": "13912345678"}
    answers = [colleague.post(link(notice, "lines/1/objections/"), body, **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    objection = Objection.objects.get()
    assert (objection.is_named, answers[0].json()["code"]) == (True, objection.code)
    assert Entry.objects.get(step="lodge").person is None
    assert set(HandledPost.objects.values_list("owner", flat=True)) == {""}
    told = Caller().get(f"objections/{objection.code}/").json()
    assert (told["state"], told["due_at"]) == ("received", "2026-08-06T00:00:00+08:00")
    assert "赵丁" not in str(told)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"facts": "不对"}, 409, "facts_too_short"),
        ({"facts": FACTS, "name": "赵丁"}, 409, "contact_missing"),
        ({"facts": FACTS, "contact": "13912345678"}, 409, "name_missing"),
        ({}, 400, "required"),
        ({"facts": 7}, 400, "invalid"),
        ({"facts": FACTS, "phone": "1"}, 400, "unknown_field"),
        ({"facts": FACTS, "may_be_named_to_employer": "yes"}, 400, "invalid"),
    ],
)
def test_what_is_wrong_with_a_statement_is_named(notice: Notice, body: dict[str, Any], status: int, code: str) -> None:
    refused = Caller().post(link(notice, "lines/1/objections/"), body)
    assert (refused.status_code, codes(refused)) == (status, [code])
    assert not Objection.objects.exists()


@pytest.mark.rule("A-08")
def test_after_the_end_it_is_a_report(notice: Notice, at: Callable[[dt.datetime], None]) -> None:
    at(ENDS)
    refused = Caller().post(link(notice, "lines/1/objections/"), {"facts": FACTS})
    assert (refused.status_code, codes(refused)) == (409, ["notice_ended"])
    assert Notice.objects.get(pk=notice.pk).state == "ended"


def test_one_address_cannot_flood_and_no_line_is_no_line(notice: Notice) -> None:
    public = Caller()
    assert public.post(link(notice, "lines/9/objections/"), {"facts": FACTS}).status_code == 404
    answers = [public.post(link(notice, "lines/1/objections/"), {"facts": FACTS}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [409]
    assert codes(answers[-1]) == ["too_often"]


# --- Settling -------------------------------------------------------------------------------
def test_the_handler_sees_everything_but_who_objects(
    notice: Notice, head: Actor, actor: Callable[..., Actor], bureau_lead: Actor
) -> None:
    statement = Statement(FACTS, name="赵丁", contact="13912345678", may_be_named_to_employer=True)
    paper = SimpleUploadedFile("赵丁.pdf", pdf())
    objection = objecting.lodge(notice.lines.get(number=1), statement, by=PUBLIC, at=OBJECTED, evidence=[paper])
    desk = Caller(head)
    (row,) = desk.get("settling/").json()["results"]
    assert (row["code"], row["notice"], row["number"], row["name"]) == (objection.code, notice.code, 1, "孙甲")
    told = desk.get(f"settling/{objection.code}/").json()
    assert (told["facts"], told["is_named"], told["evidence"][0]["name"]) == (FACTS, True, "异议材料-1.pdf")
    assert b"".join(desk.client.get(told["evidence"][0]["address"]).streaming_content).startswith(b"%PDF")
    assert told["trail"][0]["who"] == "异议人"
    assert "赵丁" not in str(told)
    offered = {step["step"]: step["open"] for step in told["steps"]}
    assert offered == {"accept": True, "escalate": False, "reject_form": True}
    for other in (actor(Role.EMPLOYER_HEAD), bureau_lead):
        assert Caller(other).get(f"settling/{objection.code}/").status_code == 404
    assert Caller(accounts.actor()).get("settling/").json()["code"] == "not_permitted"
    assert Caller().get("settling/").status_code == 403


@pytest.mark.rule("A-08", "R-191")
def test_the_steps_are_those_of_the_pages(notice: Notice, owner: Recording, head: Actor) -> None:
    objection, desk = object_to(notice), Caller(head)
    done = desk.post(steps(objection, "accept"))
    assert (done.status_code, done.json()["state"]) == (200, "investigating")
    addresses = {step["step"]: step["address"] for step in done.json()["steps"]}
    assert addresses["find_fatal"].endswith(steps(objection, "find_fatal"))
    empty = desk.post(steps(objection, "extend"), {"reason": " "})
    assert (empty.status_code, codes(empty)) == (400, ["blank"])
    longer = desk.post(steps(objection, "extend"), {"reason": "需调取档案"}).json()
    assert (longer["state"], longer["deadline"]["due_at"]) == ("extended", "2026-08-20T00:00:00+08:00")
    body = {"answer": "专利证书系伪造。", "suspects_fraud": True}
    closed = desk.post(steps(objection, "find_fatal"), body).json()
    assert (closed["state"], closed["suspects_fraud"], closed["deadline"]) == ("founded_fatal", True, None)
    assert owner.told[-1] == ("founded_fatal", 1)
    late = desk.post(steps(objection, "find_unfounded"), {"answer": "不成立。"})
    assert (late.status_code, codes(late)) == (409, ["step_not_open"])


@pytest.mark.parametrize(
    ("step", "state"), [("find_unfounded", "unfounded"), ("find_correctable", "founded_correctable")]
)
def test_the_other_outcomes(notice: Notice, head: Actor, step: str, state: str) -> None:
    objection, desk = object_to(notice), Caller(head)
    desk.post(steps(objection, "accept"))
    assert desk.post(steps(objection, step), {"answer": "已经核实。"}).json()["state"] == state


def test_turning_away_needs_its_ground(notice: Notice, head: Actor) -> None:
    objection, desk = object_to(notice), Caller(head)
    wrong = desk.post(steps(objection, "reject_form"), {"answer": "不予受理。", "ground": "lazy"})
    assert (wrong.status_code, fields(wrong)) == (400, ["ground"])
    repeated = desk.post(steps(objection, "reject_form"), {"answer": "不予受理。", "ground": "duplicate"})
    assert (repeated.status_code, codes(repeated)) == (409, ["lacks_checkable_facts"])
    done = desk.post(steps(objection, "reject_form"), {"answer": "不予受理。", "ground": "no_facts"})
    assert done.json()["state"] == "rejected_form"
    assert "匿名且没有可核查的事实" in str(done.json()["trail"])


def test_what_goes_up_leaves_the_desk(
    notice: Notice, owner: Recording, head: Actor, actor: Callable[..., Actor]
) -> None:
    above = actor(Role.AGENCY_LEAD)
    objection, desk = object_to(notice), Caller(head)
    top = desk.post(steps(objection, "escalate"))
    assert (top.status_code, codes(top)) == (409, ["somebody_stands_above"])
    owner.above = above.organisation
    done = desk.post(steps(objection, "escalate"))
    assert (done.json()["state"], done.json()["handler"]) == ("escalated", above.organisation.name)  # type: ignore[union-attr]
    assert desk.get(f"settling/{objection.code}/").status_code == 404
    assert Caller(above).get("settling/").json()["count"] == 1


@pytest.mark.rule("R-140")
def test_only_the_bureau_finds_fraud(notice: Notice, head: Actor, actor: Callable[..., Actor]) -> None:
    objection = object_to(notice)
    clerk = Caller(actor(Role.EMPLOYER_CLERK, at=head.organisation))
    clerk.post(steps(objection, "accept"))
    for caller, step in ((Caller(head), "find_fraud"), (clerk, "find_fatal")):
        refused = caller.post(steps(objection, step), {"answer": "属实。"})
        assert (refused.status_code, codes(refused)) == (403, ["step_not_permitted"])
    assert Objection.objects.get().state == ObjectionState.INVESTIGATING


def test_an_answer_that_is_overdue_was_handed_up_before_anybody_acts(
    notice: Notice, owner: Recording, head: Actor, actor: Callable[..., Actor], at: Callable[[dt.datetime], None]
) -> None:
    owner.above = actor(Role.AGENCY_LEAD).organisation
    objection = object_to(notice)
    at(dt.datetime(2026, 8, 6, tzinfo=OBJECTED.tzinfo))
    assert Caller(head).post(steps(objection, "accept")).status_code == 404
    assert Objection.objects.get().state == ObjectionState.ESCALATED


# --- The description ------------------------------------------------------------------------
@pytest.mark.usefixtures("_one_connection")
def test_readers_operations_answer_as_described(notice: Notice, outside: Notice) -> None:
    objection = object_to(notice)

    def known(path: str) -> dict[str, Any]:
        code = objection.code if path.startswith("/api/objections/") else outside.code
        return {"code": code, "access_code": notice.access_code, "number": "1"}

    assert fuzzed(accounts.actor(), ("notices", "objections"), known) == 12


@pytest.mark.usefixtures("_one_connection")
def test_the_handlers_operations_answer_as_described(notice: Notice, head: Actor) -> None:
    objection = object_to(notice)
    assert fuzzed(head, ("settling",), lambda _path: {"code": objection.code}) == 10
