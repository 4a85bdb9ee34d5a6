"""Review requests by program: the pages' rules at both instances, for the smallest thing of which a review can be asked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.actors import SYSTEM, Actor, acting_personally
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.deadlines import setting
from portal.http.once import HEADER
from portal.redress import registry
from portal.redress.domain import filing
from portal.redress.enums import EVIDENCE
from portal.redress.models import ReviewRequest
from portal.redress.registry import Matter, Outcome
from portal.shared import clock
from portal.shared.errors import Reason
from portal.workflow import carry_out
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.errand.models import Errand, State
from tests.errand.wiring import LAPSES
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes, fields
from tests.portal.documents.conftest import kept, pdf

__all__ = ["_one_connection", "kept"]


def on(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


# The 15 working days to ask end on Monday 27 July 24:00, those to answer on Wednesday 29 July 24:00.
TOLD, ASKED, ANSWERED, TOO_LATE = on(7, 6), on(7, 8), on(7, 20), on(7, 28, 0)
FACTS = "补正通知于7月1日送达，期限应至7月15日，7月6日即被视为放弃。"
ANSWER = "经核查，送达时间和期限计算均无误。"
RESUMED = 9


class ErrandMatter(Matter):
    """A review of an errand that lapsed; one that is upheld goes on with other papers."""

    own_page = "redress:own_request"

    def __init__(self, agency: Organisation) -> None:
        self.agency, self.took_part, self.against = agency, frozenset[int](), list[Reason]()

    def outcome(self, subject: Errand) -> Outcome | None:
        return Outcome(subject.state, subject.ended_at) if subject.state == State.LAPSED and subject.ended_at else None

    def person(self, subject: Errand) -> Person:
        assert subject.owner is not None
        return subject.owner

    def title(self, subject: Errand) -> str:
        return f"事项{subject.code}"

    def words(self, result: str) -> str:
        return str(State(result).label)

    def handler(self, subject: Errand) -> Organisation:
        return self.agency

    def involved(self, subject: Errand) -> frozenset[int]:
        return self.took_part

    def reasons_against_upholding(self, request: ReviewRequest, at: dt.datetime) -> list[Reason]:
        return self.against

    def what_follows(self, request: ReviewRequest) -> str:
        return "事项继续办理。"

    def upheld(self, request: ReviewRequest, at: dt.datetime) -> None:
        Errand.objects.filter(pk=request.subject.pk).update(papers=RESUMED)


@dataclass
class Desks:
    """Who asks, who answers first, and who answers last."""

    matter: ErrandMatter
    agency: Organisation
    bureau: Organisation
    owner: Actor = field(default_factory=lambda: acting_personally(accounts.person()))

    def __post_init__(self) -> None:
        self.clerk_actor = accounts.actor(Role.AGENCY_CLERK, at=self.agency)
        self.lead_actor = accounts.actor(Role.AGENCY_LEAD, at=self.agency)
        self.person, self.clerk, self.lead = Caller(self.owner), Caller(self.clerk_actor), Caller(self.lead_actor)
        self.bureau_clerk = Caller(accounts.actor(Role.BUREAU_CLERK, at=self.bureau))
        self.bureau_lead = Caller(accounts.actor(Role.BUREAU_LEAD, at=self.bureau))

    def errand(self, owner: Person | None = None, *, lapsed_at: dt.datetime | None = TOLD) -> Errand:
        """Return somebody's errand, the asking person's where nobody else is named; open where it did not lapse."""
        open_one = Errand.objects.create(owner=owner or self.owner.person, papers=2)
        return carry_out(open_one, "lapse", by=SYSTEM, at=lapsed_at) if lapsed_at else open_one

    def ask(self, subject: Errand | None = None, **given: Any) -> Any:
        told = {"subject": (subject or self.errand()).code, "facts": FACTS, **given}
        return self.person.post("own-review-requests/", told)

    def asked(self) -> str:
        """Ask and return the request's code."""
        made = self.ask()
        assert made.status_code == 201, made.json()
        return str(made.json()["code"])


@pytest.fixture
def desks(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    monkeypatch.setattr(registry, "_matters", dict(registry._matters))
    bureau = accounts.organisation(OrganisationKind.BUREAU)
    agency = accounts.organisation(OrganisationKind.AGENCY)
    matter = ErrandMatter(agency)
    registry.register(Errand, matter)
    clock.move_to(ASKED)
    return Desks(matter, agency, bureau)


def own(code: str, step: str = "") -> str:
    return f"own-review-requests/{code}/{f'steps/{step}/' if step else ''}"


def desk(code: str, step: str = "") -> str:
    return f"review-requests/{code}/{f'steps/{step}/' if step else ''}"


def steps(answer: Any) -> dict[str, bool]:
    return {one["step"]: one["open"] for one in answer.json()["steps"]}


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.json()
    return dict(answer.json())


# --- The whole life -------------------------------------------------------------------------
@pytest.mark.rule("R-130", "A-24")
def test_a_request_is_answered_taken_higher_and_upheld(desks: Desks) -> None:
    errand = desks.errand()
    file = desks.person.upload(pdf(), EVIDENCE)
    made = desks.ask(errand, file=file)
    assert made.status_code == 201
    shown = made.json()
    code = shown["code"]
    assert (shown["subject"], shown["title"]) == (errand.code, f"事项{errand.code}")
    assert (shown["result"], shown["result_label"], shown["state"]) == ("lapsed", "已过期", "filed")
    assert (shown["facts"], shown["evidence"], shown["handler"]) == (FACTS, file, desks.agency.name)
    assert shown["told_at"] == TOLD.isoformat()
    assert (shown["deadline"]["workdays"], shown["deadline"]["due_at"]) == (15, on(7, 30, 0).isoformat())
    assert [one["address"] for one in shown["steps"]] == [f"/api/{own(code, 'withdraw')}"]
    assert desks.clerk.get(f"files/{file}/content/").getvalue()[:4] == b"%PDF"

    seen = desks.clerk.get(desk(code))
    assert (seen.json()["name"], seen.json()["handled_by"]) == (str(desks.owner.person), None)
    assert {one["step"]: one["address"] for one in seen.json()["steps"]} == {
        step: f"/api/{desk(code, step)}" for step in ("admit", "not_admit", "escalate")
    }
    assert done(desks.clerk.post(desk(code, "admit")))["handled_by"] == str(desks.clerk_actor.person)
    assert "handled_by" not in done(desks.person.get(own(code)))
    extended = done(desks.lead.post(desk(code, "extend"), {"reason": "需要向送达单位核实。"}))
    assert (extended["state"], extended["deadline"]["workdays"]) == ("extended", 30)

    clock.move_to(ANSWERED)
    stands = done(desks.lead.post(desk(code, "let_stand"), {"answer": ANSWER}))
    assert (stands["state"], stands["answer"], stands["deadline"]) == ("answered_upheld", ANSWER, None)
    told = desks.person.get(own(code)).json()
    assert (told["answer"], told["answered_at"][:16]) == (ANSWER, "2026-07-20T10:00")
    assert told["may_go_higher_until"] == on(8, 11, 0).isoformat()
    assert [one["address"] for one in told["steps"]] == [f"/api/{own(code, 'go_higher')}"]

    higher = done(desks.person.post(own(code, "go_higher"), {"objection": "答复没有说明送达凭证的日期。"}))
    assert (higher["state"], higher["handler"]) == ("second_instance", desks.bureau.name)
    assert higher["first_handler"] == desks.agency.name
    assert higher["objection"] == "答复没有说明送达凭证的日期。"
    assert higher["deadline"]["workdays"] == 15
    assert steps(desks.clerk.get(desk(code))) == {}
    taken = desks.bureau_clerk.post(desk(code, "take_up"))
    assert done(taken)["handled_by"] is not None
    ended = done(desks.bureau_lead.post(desk(code, "close_upholding"), {"answer": "送达凭证为7月3日，期限未满。"}))
    assert (ended["state"], ended["is_upheld"], ended["steps"]) == ("closed", True, [])
    last = desks.person.get(own(code)).json()
    assert (last["final_answer"], last["closed_at"][:16]) == ("送达凭证为7月3日，期限未满。", "2026-07-20T10:00")
    assert Errand.objects.get(pk=errand.pk).papers == RESUMED


def test_it_is_not_admitted_and_stands_at_the_second_instance(desks: Desks) -> None:
    code = desks.asked()
    kept_out = done(desks.clerk.post(desk(code, "not_admit"), {"ground": "academic", "answer": ANSWER}))
    assert (kept_out["state"], kept_out["ground"]) == ("not_admitted", "academic")
    assert kept_out["ground_label"] == "只对专家的学术评价有异议"
    done(desks.person.post(own(code, "go_higher"), {"objection": "所述是程序问题，不是学术评价。"}))
    done(desks.bureau_clerk.post(desk(code, "take_up")))
    ended = done(desks.bureau_lead.post(desk(code, "close_standing"), {"answer": ANSWER}))
    assert (ended["state"], ended["is_upheld"], ended["final_answer"]) == ("closed", False, ANSWER)


def test_the_first_instance_upholds(desks: Desks) -> None:
    code = desks.asked()
    done(desks.clerk.post(desk(code, "admit")))
    upheld = done(desks.lead.post(desk(code, "uphold"), {"answer": ANSWER}))
    assert (upheld["state"], upheld["is_upheld"], upheld["may_go_higher_until"]) == ("upheld_procedure", True, None)
    assert Errand.objects.get().papers == RESUMED


def test_it_is_escalated_and_the_first_handler_still_reads_it(desks: Desks) -> None:
    code = desks.asked()
    assert codes(desks.clerk.post(desk(code, "escalate"))) == ["nobody_here_may_answer"]
    assert desks.lead_actor.person is not None
    desks.matter.took_part = frozenset({desks.lead_actor.person.pk})
    higher = done(desks.clerk.post(desk(code, "escalate")))
    assert (higher["handler"], higher["steps"]) == (desks.bureau.name, [])
    assert steps(desks.bureau_clerk.get(desk(code))) == {"take_up": True}


def test_one_withdraws_and_asks_again(desks: Desks) -> None:
    errand = desks.errand()
    code = desks.ask(errand).json()["code"]
    assert codes(desks.ask(errand)) == ["asked_already"]
    gone = done(desks.person.post(own(code, "withdraw")))
    assert (gone["state"], gone["deadline"], gone["steps"]) == ("withdrawn", None, [])
    assert desks.ask(errand).status_code == 201
    listed = desks.person.get("own-review-requests/").json()["results"]
    assert [one["state"] for one in listed] == ["filed", "withdrawn"]


# --- Refusals -------------------------------------------------------------------------------
@pytest.mark.rule("A-24")
def test_asking_is_refused_with_every_reason(desks: Desks) -> None:
    unanswered = desks.ask(desks.errand(lapsed_at=None))
    assert (unanswered.status_code, codes(unanswered), bases(unanswered)) == (409, ["nothing_to_review"], ["R-130"])
    short = desks.ask(facts="不服")
    assert (codes(short), fields(short)) == (["facts_too_short"], ["facts"])
    unknown = desks.ask(file="WJ-0000000000")
    assert (unknown.status_code, codes(unknown), fields(unknown)) == (409, ["offer_unknown"], ["file"])
    clock.move_to(TOO_LATE - dt.timedelta(seconds=1))
    assert desks.ask().status_code == 201
    clock.move_to(TOO_LATE)
    late = desks.ask(facts="不服")
    assert (codes(late), bases(late)) == (["too_late", "facts_too_short"], ["A-24", "A-24"])


def test_a_file_of_somebody_else_is_no_evidence(desks: Desks) -> None:
    theirs = Caller(accounts.actor()).upload(pdf(), EVIDENCE)
    assert codes(desks.ask(file=theirs)) == ["offer_unknown"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "subject", "required"),
        ({"subject": "E-0000000000", "facts": FACTS}, "subject", "does_not_exist"),
        ({"subject": "QQ-0000000000", "facts": FACTS}, "subject", "does_not_exist"),
        ({"subject": "E-\0", "facts": FACTS}, "subject", "null_characters_not_allowed"),
        ({"subject": "E-\ud800", "facts": FACTS}, "subject", "surrogate_characters_not_allowed"),
        ({"subject": ["E-0000000000"], "facts": FACTS}, "subject", "invalid"),
        ({"subject": "x" * 41, "facts": FACTS}, "subject", "max_length"),
        ({"subject": "E-0000000000", "facts": "长" * 4001}, "facts", "max_length"),
        ({"subject": "E-0000000000", "facts": FACTS, "file": 7}, "file", "invalid"),
        ({"subject": "E-0000000000", "facts": FACTS, "reason": "x"}, "reason", "unknown_field"),
        (b"[1]", "", "invalid"),
    ],
)
def test_bad_bodies_are_told_beside_their_fields(desks: Desks, body: Any, field: str, code: str) -> None:
    refused = desks.person.post("own-review-requests/", body)
    told = dict(zip(fields(refused), codes(refused), strict=True))
    assert (refused.status_code, told.get(field, told.get("non_field_errors"))) == (400, code)


def test_somebody_elses_row_cannot_be_asked_about(desks: Desks) -> None:
    theirs = desks.errand(owner=accounts.person())
    refused = desks.ask(theirs)
    assert (refused.status_code, codes(refused), fields(refused)) == (400, ["does_not_exist"], ["subject"])


def test_what_fell_due_on_the_row_happens_even_where_asking_is_refused(desks: Desks) -> None:
    errand = desks.errand(lapsed_at=None)
    setting.set_instant(LAPSES, errand, due_at=on(7, 8, 9), at=TOLD)
    assert codes(desks.ask(errand, facts="不服")) == ["facts_too_short"]
    assert Errand.objects.get(pk=errand.pk).state == State.LAPSED


@pytest.mark.rule("A-24")
def test_answers_are_refused_by_the_pages_rules(desks: Desks) -> None:
    code = desks.asked()
    assert codes(desks.clerk.post(desk(code, "not_admit"), {"ground": "academic", "answer": "不予受理"})) == [
        "answer_given"
    ]
    assert codes(desks.lead.post(desk(code, "let_stand"), {"answer": ANSWER})) == ["step_not_open"]
    desks.matter.took_part = frozenset({desks.clerk_actor.person.pk})  # type: ignore[union-attr]
    involved = desks.clerk.post(desk(code, "admit"))
    assert (involved.status_code, codes(involved), bases(involved)) == (409, ["not_involved"], ["R-130"])
    desks.matter.took_part = frozenset()
    done(desks.lead.post(desk(code, "admit")))
    assert codes(desks.lead.post(desk(code, "uphold"), {"answer": ANSWER})) == ["another_handled"]
    second = Caller(accounts.actor(Role.AGENCY_LEAD, at=desks.agency))
    forbidden = desks.clerk.post(desk(code, "let_stand"), {"answer": ANSWER})
    assert (forbidden.status_code, codes(forbidden)) == (403, ["step_not_permitted"])
    desks.matter.against = [Reason("本年度已有另一件申报。", "A-25", "another_live_application")]
    assert codes(second.post(desk(code, "uphold"), {"answer": ANSWER})) == ["another_live_application"]
    assert Errand.objects.get().papers == 2
    done(second.post(desk(code, "let_stand"), {"answer": ANSWER}))
    assert codes(desks.person.post(own(code, "go_higher"), {"objection": "不服"})) == ["says_what_is_wrong"]
    done(desks.person.post(own(code, "go_higher"), {"objection": "答复没有说明送达凭证的日期。"}))
    assert codes(desks.bureau_lead.post(desk(code, "close_standing"), {"answer": ANSWER})) == ["taken_up"]
    assert codes(desks.bureau_lead.post(desk(code, "escalate"))) == ["step_not_open"]


@pytest.mark.parametrize(
    ("step", "body", "field", "code"),
    [
        ("not_admit", {"answer": ANSWER}, "ground", "required"),
        ("not_admit", {"answer": ANSWER, "ground": "late"}, "ground", "invalid_choice"),
        ("not_admit", {"answer": ANSWER, "ground": ["academic"]}, "ground", "invalid_choice"),
        ("extend", {}, "reason", "required"),
        ("extend", {"reason": " "}, "reason", "blank"),
        ("extend", {"reason": "长" * 501}, "reason", "max_length"),
        ("let_stand", {"answer": {}}, "answer", "invalid"),
        ("uphold", {"answer": "长" * 4001}, "answer", "max_length"),
        ("close_standing", {"answer": ""}, "answer", "blank"),
        ("close_upholding", {"answer": None}, "answer", "null"),
        ("admit", {"until": "2027-01-01"}, "until", "unknown_field"),
        ("take_up", {"handled_by": 1}, "handled_by", "unknown_field"),
    ],
)
def test_bad_answers_are_told_beside_their_fields(
    desks: Desks, step: str, body: dict[str, Any], field: str, code: str
) -> None:
    refused = desks.lead.post(desk(desks.asked(), step), body)
    assert (refused.status_code, fields(refused), codes(refused)) == (400, [field], [code])


@pytest.mark.rule("A-24")
def test_what_nobody_answered_in_time_is_the_bureaus(desks: Desks) -> None:
    code = desks.asked()
    clock.move_to(on(7, 30, 0))
    late = desks.clerk.post(desk(code, "admit"))
    assert (late.status_code, codes(late)) == (409, ["step_not_open"])
    shown = desks.person.get(own(code)).json()
    assert (shown["state"], shown["handler"], shown["objection"]) == ("second_instance", desks.bureau.name, "")


def test_the_time_to_go_higher_ends(desks: Desks) -> None:
    code = desks.asked()
    done(desks.clerk.post(desk(code, "not_admit"), {"ground": "no_fault", "answer": ANSWER}))
    clock.move_to(dt.datetime.fromisoformat(desks.person.get(own(code)).json()["may_go_higher_until"]))
    late = desks.person.post(own(code, "go_higher"), {"objection": "答复没有说明送达凭证的日期。"})
    assert (codes(late), bases(late)) == (["in_time_to_go_higher"], ["A-24"])


# --- Who sees what --------------------------------------------------------------------------
def test_others_find_nothing(desks: Desks) -> None:
    code = desks.asked()
    stranger = Caller(accounts.actor())
    assert stranger.get("own-review-requests/").json()["count"] == 0
    assert stranger.get(own(code)).status_code == 404
    for step in ("go_higher", "withdraw"):
        assert stranger.post(own(code, step), {"objection": FACTS}).status_code == 404
    assert (stranger.get("review-requests/").status_code, stranger.get(desk(code)).status_code) == (403, 403)
    other = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert other.get("review-requests/").json()["count"] == 0
    assert other.get(desk(code)).status_code == 404
    assert other.post(desk(code, "admit")).status_code == 404
    assert desks.clerk.get(own(code)).status_code == 403
    assert desks.person.get(desk(code)).status_code == 403
    assert Caller().get(own(code)).status_code == 403


def test_whoever_answers_does_not_find_their_own_request(desks: Desks) -> None:
    """A clerk of the agency asked as a person; another of the house answers."""
    asked = desks.asked()
    desks.errand(owner=desks.clerk_actor.person)
    mine = Caller(acting_personally(desks.clerk_actor.person)).post(  # type: ignore[arg-type]
        "own-review-requests/", {"subject": Errand.objects.latest("pk").code, "facts": FACTS}
    )
    assert mine.status_code == 201
    assert [one["code"] for one in desks.clerk.get("review-requests/").json()["results"]] == [asked]
    assert desks.clerk.get(desk(mine.json()["code"])).status_code == 404
    assert desks.lead.get("review-requests/").json()["count"] == 2


def test_the_list_narrows_by_code_and_state_and_never_by_name(desks: Desks) -> None:
    first, second = desks.asked(), desks.asked()
    done(desks.clerk.post(desk(first, "admit")))

    def found(**query: str) -> list[str]:
        return [one["code"] for one in desks.clerk.get("review-requests/", **query).json()["results"]]

    assert found() == [second, first]
    assert found(state="handling") == [first]
    assert found(q=second.lower()) == [second]
    assert found(q=second, state="handling") == []
    assert found(q=str(desks.owner.person)) == []
    wrong = desks.clerk.get("review-requests/", state="lost", q="x" * 41)
    assert (wrong.status_code, sorted(fields(wrong))) == (400, ["q", "state"])
    assert desks.clerk.get("review-requests/", q="\0").status_code == 400


def test_the_lists_take_the_same_queries_for_one_row_and_three(desks: Desks) -> None:
    counted = []
    for number in (1, 2):
        for _one in range(number):
            desks.asked()
        for caller, room in ((desks.person, "own-review-requests/"), (desks.clerk, "review-requests/")):
            caller.get(room)
            with CaptureQueriesContext(connection) as met:
                assert len(caller.get(room).json()["results"]) == (1 if number == 1 else 3)
            counted.append(len(met))
    assert counted[:2] == counted[2:]


# --- Once, and as described -----------------------------------------------------------------
def test_a_request_that_is_sent_again_happened_once(desks: Desks) -> None:
    body, key = {"subject": desks.errand().code, "facts": FACTS}, {HEADER: "asked-once"}
    made = desks.person.post("own-review-requests/", body, **key)
    again = desks.person.post("own-review-requests/", body, **key)
    assert (made.status_code, again.status_code, again.json()) == (201, 201, made.json())
    assert ReviewRequest.objects.count() == 1
    admitting = desk(made.json()["code"], "admit")
    admitted = desks.clerk.post(admitting, **{HEADER: "admitted-once"})
    assert desks.clerk.post(admitting, **{HEADER: "admitted-once"}).json() == admitted.json()
    assert codes(desks.clerk.post(admitting)) == ["step_not_open"]
    assert codes(desks.person.post("own-review-requests/", body, **{HEADER: ""})) == ["key_missing"]


@pytest.mark.usefixtures("_one_connection")
def test_the_operations_answer_as_described(desks: Desks) -> None:
    errand = desks.errand()
    asked = filing.ask(errand, facts=FACTS, by=desks.owner, at=ASKED)
    known: dict[str, Any] = {"code": asked.code, "subject": errand.code}
    assert fuzzed(desks.lead_actor, ("review-requests",), lambda _path: known) == 11
    assert fuzzed(desks.owner, ("own-review-requests",), lambda _path: known) == 6
