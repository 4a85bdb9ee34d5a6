"""The employer's desk over the API: what it shows, what it takes, and how it refuses."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.domain import receiving, recommending, submitting
from applications.models import Application, Recommendation
from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from portal.shared import clock
from portal.shared.errors import StepNotOpen
from tests.factories import applications, catalogue
from tests.factories.calls import Caller, bases, codes, fields

pytestmark = pytest.mark.django_db
NOW = applications.NOW
LATER = NOW + dt.timedelta(days=14)
OPINION = {"opinion": "该同志业绩突出，同意推荐。", "assessment": "近三年考核均为优秀", "truth": True}


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(NOW)


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture
def unit():
    return applications.employer()


@pytest.fixture
def who(unit) -> Actor:
    return applications.applicant(unit)


@pytest.fixture
def clerk(unit) -> Caller:
    return Caller(applications.clerk_of(unit))


@pytest.fixture
def head(unit) -> Caller:
    return Caller(applications.head_of(unit))


def steps(code: str) -> str:
    return f"recommendations/{code}/steps"


# --- Reading ------------------------------------------------------------------------------------
def test_the_queue_narrows_by_state_level_words_and_notice(entry, who, clerk) -> None:
    recommendation, notice = applications.publicised(entry, who)
    (row,) = clerk.get("recommendations/").json()["results"]
    assert (row["code"], row["name"], row["state"]) == (recommendation.code, who.person.full_name, "publicising")
    for query, count in (
        ({"state": "publicising"}, 1),
        ({"state": "open"}, 1),
        ({"state": "refused"}, 0),
        ({"level": "associate"}, 1),
        ({"level": "entry"}, 0),
        ({"notice": notice.code}, 1),
        ({"notice": "GS-2222222222"}, 0),
    ):
        assert clerk.get("recommendations/", **query).json()["count"] == count, query
    for query in ({"state": "sleeping"}, {"level": "king"}):
        refused = clerk.get("recommendations/", **query)
        assert (refused.status_code, fields(refused)) == (400, [*query])
    for words, count in ((who.person.full_name, 1), (recommendation.application.code, 1), ("没有这个人", 0)):
        assert clerk.post("recommendations/searches/", {"words": words}).json()["count"] == count
    for words in ("长" * 41, "\0", ""):
        refused = clerk.post("recommendations/searches/", {"words": words})
        assert (refused.status_code, fields(refused)) == (400, ["words"])


def test_the_file_shows_what_was_frozen_and_what_was_checked(entry, who, clerk) -> None:
    recommendation = applications.received(entry, who)
    shown = clerk.get(f"recommendations/{recommendation.code}/").json()
    frozen = receiving.present_snapshot(recommendation).content
    assert [part["key"] for part in shown["parts"]][:3] == ["person", "post", "summary"]
    assert {part["key"] for part in shown["parts"]} == set(frozen["parts"])
    assert shown["checks"] == []
    done = clerk.post(
        f"{steps(recommendation.code)}/check/",
        {"found": [{"part": "post", "is_right": False, "remark": "岗位名称不符"}]},
    ).json()
    assert [(one["part"], one["is_right"], one["remark"]) for one in done["checks"]] == [
        ("post", False, "岗位名称不符")
    ]
    publicise = next(step for step in done["steps"] if step["step"] == "publicise")
    assert (publicise["open"], publicise["reasons"][0]["basis"]) == (False, "R-071")
    assert publicise["address"] == "/api/recommendations/publicise/"


# --- Steps --------------------------------------------------------------------------------------
def test_checks_are_refused_beside_their_part(entry, who, clerk) -> None:
    address = f"{steps(applications.received(entry, who).code)}/check/"
    unknown = clerk.post(address, {"found": [{"part": "shoe_size", "is_right": True}]})
    assert (unknown.status_code, codes(unknown), fields(unknown)) == (409, ["part_unknown"], ["shoe_size"])
    silent = clerk.post(address, {"found": [{"part": "post", "is_right": False}]})
    assert (silent.status_code, codes(silent), fields(silent)) == (409, ["remark_missing"], ["post"])
    long = clerk.post(address, {"found": [{"part": "post", "is_right": False, "remark": "长" * 301}]})
    assert (long.status_code, fields(long)) == (400, ["found.0.remark"])
    wrong = clerk.post(address, {"found": [{"part": "post", "is_right": "yes"}]})
    assert (wrong.status_code, fields(wrong)) == (400, ["found.0.is_right"])


def test_sent_back_and_nothing_left_to_look_at(entry, who, clerk, head) -> None:
    recommendation = applications.received(entry, who)
    short = clerk.post(f"{steps(recommendation.code)}/send_back/", {"reason": "请改"})
    assert (short.status_code, codes(short), bases(short), fields(short)) == (
        409,
        ["reason_given"],
        ["R-071"],
        ["reason"],
    )
    sent = clerk.post(f"{steps(recommendation.code)}/send_back/", {"reason": "请补充近三年的业绩证明材料。"}).json()
    assert (sent["state"], sent["parts"], sent["steps"]) == ("sent_back", [], [])
    assert Application.objects.get(pk=recommendation.application_id).state == "draft"
    shown = Caller(who).get(f"applications/{sent['application']}/").json()
    assert shown["recommendation"]["remark"] == "请补充近三年的业绩证明材料。"
    early = head.post(f"{steps(recommendation.code)}/recommend/", OPINION)
    assert (early.status_code, codes(early)) == (409, ["nothing_submitted"])
    many = clerk.post("recommendations/publicise/", {"codes": [recommendation.code], "contact": "人力资源部"})
    assert (many.status_code, codes(many)) == (409, ["nothing_submitted"])


@pytest.mark.rule("R-071")
def test_the_clerk_opens_and_the_head_refuses(entry, who, clerk, head) -> None:
    application = applications.submitted(entry, who)
    address = steps(application.recommendation.code)
    assert clerk.post(f"{address}/open/").json()["state"] == "checking"
    again = clerk.post(f"{address}/open/")
    assert (again.status_code, codes(again)) == (409, ["step_not_open"])
    body = {"ground": "not_eligible", "reason": "取得现职称未满规定年限，不符合申报条件。"}
    signed_by_clerk = clerk.post(f"{address}/refuse/", body)
    assert (signed_by_clerk.status_code, signed_by_clerk.json()["code"]) == (403, "step_not_permitted")
    assert fields(head.post(f"{address}/refuse/", {**body, "ground": "mood"})) == ["ground"]
    assert head.post(f"{address}/refuse/", body).json()["ground"] == "not_eligible"
    assert Application.objects.get(pk=application.pk).state == "not_recommended"


@pytest.mark.rule("R-073", "R-075", "R-076")
def test_only_the_head_signs_and_only_in_full(entry, who, clerk, head, at) -> None:
    recommendation, _notice = applications.publicised(entry, who)
    at(LATER)
    address = f"{steps(recommendation.code)}/recommend/"
    by_clerk = clerk.post(address, OPINION)
    assert (by_clerk.status_code, by_clerk.json()["code"]) == (403, "step_not_permitted")
    empty = head.post(address, {"opinion": "同意", "assessment": " ", "truth": False})
    assert empty.status_code == 409
    assert [*zip(bases(empty), fields(empty), strict=True)] == [
        ("R-073", "opinion"),
        ("R-076", "assessment"),
        ("R-075", "truth"),
    ]
    long = head.post(address, {**OPINION, "opinion": "长" * 2001})
    assert (long.status_code, fields(long)) == (400, ["opinion"])
    signed = head.post(address, OPINION).json()
    assert (signed["state"], signed["opinion"]) == ("recommended", OPINION["opinion"])
    assert signed["signature"] == Recommendation.objects.get(pk=recommendation.pk).signature


# --- Many at once -------------------------------------------------------------------------------
def test_one_notice_for_many_or_for_nobody(entry, unit, who, clerk) -> None:
    first = applications.checked(applications.received(entry, who))
    second = applications.received(entry, applications.applicant(unit))
    both = {"codes": [first.code, second.code], "contact": applications.CONTACT}
    refused = clerk.post("recommendations/publicise/", both)
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["everything_checked"], ["R-071"])
    assert Recommendation.objects.get(pk=first.pk).state == "checking"
    applications.checked(second)
    posted = clerk.post("recommendations/publicise/", both)
    assert posted.status_code == 201
    assert {row["state"] for row in posted.json()["recommendations"]} == {"publicising"}
    assert {row["notice"] for row in posted.json()["recommendations"]} == {posted.json()["notice"]}


def test_many_are_recommended_each_by_itself(entry, unit, who, head, at) -> None:
    ready, _notice = applications.publicised(entry, who)
    waiting = applications.received(entry, applications.applicant(unit))
    at(LATER)
    key = {"Idempotency-Key": "many"}
    body = {"codes": [ready.code, waiting.code], **OPINION}
    answer = head.post("recommendations/recommend_many/", body, **key)
    assert answer.status_code == 200
    done, left = answer.json()["outcomes"]
    assert (done["code"], done["done"], done["state"], done["reasons"]) == (ready.code, True, "recommended", [])
    assert (left["done"], left["state"], left["reasons"][0]["code"]) == (False, "checking", "step_not_open")
    with pytest.raises(StepNotOpen) as told:
        recommending.recommend(waiting, applications.OPINION, by=applications.head_of(unit), at=LATER)
    assert left["reasons"] == [reason.as_dict() for reason in told.value.reasons]
    assert head.post("recommendations/recommend_many/", body, **key).json() == answer.json()


@pytest.mark.parametrize(
    "listed", [[], "TJ-2222222222", [1], ["TJ-2222222222"] * 501, None, [["x"]], ["x" * 21], ["\0"], ["\ud800"]]
)
def test_codes_that_are_none(listed, clerk) -> None:
    refused = clerk.post("recommendations/publicise/", {"codes": listed, "contact": "人力资源部"})
    assert (refused.status_code, fields(refused)[0][:5]) == (400, "codes")


# --- Other organisations ------------------------------------------------------------------------
def test_another_employer_finds_nothing(entry, who, clerk) -> None:
    ours = applications.received(entry, who)
    stranger = Caller(applications.head_of(applications.employer()))
    assert stranger.get("recommendations/").json()["count"] == 0
    assert stranger.get(f"recommendations/{ours.code}/").status_code == 404
    for step in ("open", "check", "send_back", "refuse", "recommend"):
        assert stranger.post(f"{steps(ours.code)}/{step}/", {}).status_code == 404, step
    body = {"codes": [ours.code], "contact": "人力资源部", **OPINION}
    del body["contact"]
    assert stranger.post("recommendations/recommend_many/", body).status_code == 404
    assert Caller(who).get("recommendations/").status_code == 403


def test_a_withdrawn_application_offers_nothing_any_more(entry, who, clerk) -> None:
    ours = applications.received(entry, who)
    submitting.withdraw(Application.objects.get(pk=ours.application_id), by=who, at=NOW)
    shown = clerk.get(f"recommendations/{ours.code}/").json()
    assert (shown["state"], shown["steps"], shown["deadlines"]) == ("closed", [], [])


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_takes_the_same_queries_for_one_row_and_three(
    number: int, entry, unit, clerk, django_assert_max_num_queries
) -> None:
    for _ in range(number):
        applications.submitted(entry, applications.applicant(unit))
    clerk.get("recommendations/")
    with django_assert_max_num_queries(9):
        assert clerk.get("recommendations/").json()["count"] == number


def test_the_moment_of_arrival_counts(entry, who, clerk, at) -> None:
    """The employer's time ends at the very instant (R-025)."""
    recommendation, _notice = applications.publicised(entry, who, at=dt.datetime(2026, 7, 28, 9, tzinfo=clock.BEIJING))
    at(dt.datetime(2026, 8, 7, 0, 0, tzinfo=clock.BEIJING))
    head = Caller(applications.head_of(recommendation.organisation))
    late = head.post(f"{steps(recommendation.code)}/recommend/", OPINION)
    assert (late.status_code, codes(late)) == (409, ["step_not_open"])
    assert Application.objects.get(pk=recommendation.application_id).state == "lapsed"
