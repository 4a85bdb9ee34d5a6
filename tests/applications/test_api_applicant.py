"""The applicant's desk over the API: what it shows, what it takes, and how it refuses."""

import datetime as dt
from collections.abc import Callable

import pytest

from applications.domain import submitting
from applications.models import Application, ArchiveItem, Snapshot
from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry, Committee
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import StepRefused
from tests.factories import accounts, applications, catalogue
from tests.factories.calls import Caller, bases, codes, fields

pytestmark = pytest.mark.django_db
NOW = applications.NOW


@pytest.fixture(autouse=True)
def _now(at: Callable[[dt.datetime], None]) -> None:
    at(NOW)


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


@pytest.fixture
def who() -> Actor:
    return applications.applicant()


@pytest.fixture
def caller(who: Actor) -> Caller:
    return Caller(who)


@pytest.fixture
def draft(entry: CatalogueEntry, who: Actor) -> Application:
    return applications.draft(entry, who)


# --- Drafts -------------------------------------------------------------------------------------
def test_a_draft_shows_state_deadline_and_what_is_missing(entry, who, caller) -> None:
    opened = caller.post("applications/", {"entry": entry.code})
    shown = opened.json()
    assert (opened.status_code, shown["state"], shown["hold"], shown["entry"]) == (201, "draft", "none", entry.code)
    assert [(one["kind"], one["due_at"]) for one in shown["deadlines"]] == [
        ("applications.individual_window", "2026-07-29T00:00:00+08:00")
    ]
    steps = {step["step"]: step for step in shown["steps"]}
    assert steps["submit"]["open"] is False
    assert ("R-056", "summary.character") in {(one["basis"], one["field"]) for one in steps["submit"]["reasons"]}
    assert steps["withdraw"]["address"] == f"/api/applications/{shown['code']}/steps/withdraw/"
    assert caller.get("applications/").json()["count"] == 1
    again = caller.post("applications/", {"entry": entry.code})
    assert (again.status_code, codes(again), bases(again)) == (409, ["another_live_application"], ["A-25"])


@pytest.mark.rule("R-024")
def test_a_closed_window_is_refused(entry, caller, at) -> None:
    at(dt.datetime(2026, 7, 29, 0, 0, tzinfo=clock.BEIJING))
    refused = caller.post("applications/", {"entry": entry.code})
    assert (refused.status_code, codes(refused), fields(refused)) == (409, ["window_not_open"], ["entry"])
    assert bases(refused) == ["R-024, A-33"]


@pytest.mark.rule("R-035")
def test_a_committee_of_another_district_is_refused(entry, caller) -> None:
    Committee.objects.filter(pk=entry.committee_id).update(district="110105")
    refused = caller.post("applications/", {"entry": entry.code})
    assert (refused.status_code, codes(refused)) == (409, ["committee_of_another_district"])
    assert bases(refused) == ["R-035"]


def test_another_entry_of_the_year_is_chosen(entry, who, caller) -> None:
    application = applications.draft(entry, who)
    unknown = caller.patch(f"applications/{application.code}/", {"entry": "ML-2222222222"})
    assert (unknown.status_code, fields(unknown)) == (400, ["entry"])
    assert caller.patch(f"applications/{application.code}/", {"entry": entry.code}).json()["entry"] == entry.code


def test_the_sheet_keeps_versions_and_tells_the_other_value(entry, who, caller) -> None:
    address = f"applications/{applications.draft(entry, who).code}/sheets/summary/"
    first = caller.patch(address, {"values": {"character": "遵纪守法。"}})
    assert (first.status_code, first.json()["versions"]) == (200, {"character": 1})
    late = caller.patch(address, {"values": {"character": "别的窗口。", "ability": "能力。"}})
    assert (late.status_code, codes(late), fields(late)) == (409, ["changed_elsewhere"], ["character"])
    assert late.json()["conflicts"] == [{"field": "character", "value": "遵纪守法。", "version": 1}]
    assert "ability" not in caller.get(address).json()["values"]
    done = caller.patch(address, {"values": {"character": "改后。"}, "versions": {"character": 1}})
    assert done.json()["versions"] == {"character": 2}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"character": "长" * 1001}, "character", "unfit"),
        ({"character": ["甲"]}, "character", "unfit"),
        ({"character": {"a": 1}}, "character", "unfit"),
        ({"nickname": "甲"}, "nickname", "unknown_field"),
        ("甲", "values", "not_a_dict"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_field(draft, caller, values, field: str, code: str) -> None:
    address = f"applications/{draft.code}/sheets/summary/"
    refused = caller.patch(address, {"values": values})
    assert (refused.status_code, fields(refused), codes(refused)) == (400, [field], [code])
    assert refused["Content-Type"] == "application/problem+json"


def test_works_are_shown_and_hidden(entry, who, caller) -> None:
    application = applications.filled(entry, who)
    item = application.works.get().item
    address = f"applications/{application.code}/works/"
    assert [work["item"] for work in caller.get(address).json()["works"]] == [item.code]
    assert caller.delete(f"{address}{item.code}/").status_code == 204
    assert caller.get(address).json()["works"] == []
    assert fields(caller.put(f"{address}{item.code}/", {"number": 9})) == ["number"]
    education = ArchiveItem.objects.filter(person=who.person, kind="education").first()
    refused = caller.put(f"{address}{education.code}/", {})
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["not_a_result"], ["R-044"])


# --- Steps --------------------------------------------------------------------------------------
def test_an_unfinished_draft_is_refused_with_the_reasons_of_the_domain(entry, who, caller) -> None:
    application = applications.draft(entry, who)
    refused = caller.post(f"applications/{application.code}/steps/submit/", {"commitment": False})
    with pytest.raises(StepRefused) as told:
        submitting.submit(application, commitment=False, by=who, at=NOW)
    assert refused.status_code == 409
    assert refused.json()["reasons"] == [reason.as_dict() for reason in told.value.reasons]
    assert refused.json()["reasons"][-1] | {"text": ""} == {
        "code": "commitment_made",
        "text": "",
        "basis": "R-064",
        "field": "commitment",
    }
    reasons = caller.get(f"applications/{application.code}/dossier/").json()["reasons"]
    assert reasons == refused.json()["reasons"][:-1]


def test_submitted_once_however_often_it_is_sent(entry, who, caller) -> None:
    application = applications.filled(entry, who)
    address = f"applications/{application.code}/steps/submit/"
    first, second = (caller.post(address, {"commitment": True}, **{"Idempotency-Key": "once"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert Snapshot.objects.count() == 1
    (entry_of_ledger,) = Entry.objects.filter(step="submit", subject_id=application.pk)
    assert entry_of_ledger.key == "once"
    elsewhere = caller.post(f"applications/{application.code}/steps/take_back/", **{"Idempotency-Key": "once"})
    assert (elsewhere.status_code, codes(elsewhere)) == (409, ["key_reused"])
    without = caller.post(f"applications/{application.code}/steps/take_back/", **{"Idempotency-Key": ""})
    assert (without.status_code, codes(without)) == (409, ["key_missing"])


def test_what_was_submitted_can_be_read_and_checked(entry, who, caller) -> None:
    application = applications.submitted(entry, who)
    (row,) = caller.get(f"applications/{application.code}/snapshots/").json()
    shown = caller.get(f"applications/{application.code}/snapshots/1/").json()
    assert shown["sha256"] == row["sha256"] == application.snapshots.get().sha256
    assert (shown["is_intact"], shown["content"]["application"]["code"]) == (True, application.code)
    assert caller.get(f"applications/{application.code}/snapshots/2/").status_code == 404


def test_taken_back_and_withdrawn(entry, who, caller) -> None:
    application = applications.submitted(entry, who)
    address = f"applications/{application.code}/steps"
    assert caller.post(f"{address}/take_back/").json()["state"] == "draft"
    again = caller.post(f"{address}/take_back/")
    assert (again.status_code, codes(again)) == (409, ["step_not_open"])
    long = caller.post(f"{address}/withdraw/", {"reason": "长" * 501})
    assert (long.status_code, fields(long)) == (400, ["reason"])
    ended = caller.post(f"{address}/withdraw/", {"reason": "暂不申报"}).json()
    assert (ended["state"], ended["end_reason"], ended["steps"]) == ("withdrawn", "暂不申报", [])


@pytest.mark.parametrize("body", [{"commitment": "yes"}, {"commitment": 1}, {}, {"commitment": True, "x": 1}, [], None])
def test_a_body_that_is_not_what_was_asked_for(entry, who, caller, body) -> None:
    application = applications.draft(entry, who)
    sent = b"null" if body is None else body
    assert caller.post(f"applications/{application.code}/steps/submit/", sent).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "parse_error"),
        (b"[" * 100_000, 400, "parse_error"),
        (b'{"commitment": "' + b"x" * 600_000 + b'"}', 413, "too_large"),
    ],
)
def test_what_cannot_be_read(draft, caller, body: bytes, status: int, code: str) -> None:
    refused = caller.post(f"applications/{draft.code}/steps/submit/", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


# --- Other people -------------------------------------------------------------------------------
def test_others_find_nothing(entry, who) -> None:
    application = applications.submitted(entry, who)
    item = ArchiveItem.objects.filter(person=who.person).first()
    stranger = Caller(applications.applicant())
    for path in ("", "sheets/", "sheets/post/", "works/", "dossier/", "snapshots/", "snapshots/1/"):
        assert stranger.get(f"applications/{application.code}/{path}").status_code == 404, path
    for step in ("submit", "resubmit", "take_back", "withdraw"):
        assert stranger.post(f"applications/{application.code}/steps/{step}/", {"commitment": True}).status_code == 404
    assert stranger.get(f"archive/{item.code}/").status_code == 404
    assert stranger.delete(f"archive/{item.code}/").status_code == 404
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_only_people_who_act_for_themselves(entry) -> None:
    clerk = Caller(applications.clerk_of(applications.employer()))
    for caller in (Caller(), clerk):
        refused = caller.get("applications/")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
        assert refused["Content-Type"] == "application/problem+json"
    assert Caller().get("nowhere/").json()["code"] == "not_found"


# --- Archive, registers, eligibility ------------------------------------------------------------
def test_an_item_lives(caller, who) -> None:
    assert fields(caller.post("archive/", {"kind": "spell"})) == ["kind"]
    unfit = caller.post("archive/", {"kind": "training", "values": {"year": 2025, "hours": "很多"}})
    assert (unfit.status_code, fields(unfit)) == (400, ["hours"])
    assert not ArchiveItem.objects.filter(kind="training").exists()
    made = caller.post("archive/", {"kind": "training", "values": {"year": 2025, "hours": 90}}).json()
    address = f"archive/{made['code']}/"
    assert (made["values"], made["versions"]) == ({"year": 2025, "hours": 90}, {"year": 1, "hours": 1})
    late = caller.patch(address, {"values": {"hours": 91}})
    assert (late.status_code, late.json()["conflicts"]) == (409, [{"field": "hours", "value": 90, "version": 1}])
    assert caller.patch(address, {"values": {"hours": 91}, "versions": {"hours": 1}}).json()["versions"]["hours"] == 2
    assert caller.delete(address).status_code == 204
    assert caller.get(address).status_code == 404
    assert caller.post(f"{address}put_back/").json()["values"]["hours"] == 91
    assert [one["code"] for one in caller.get("archive/", kind="training").json()["results"]] == [made["code"]]


@pytest.mark.rule("R-059")
def test_what_a_register_vouches_for_is_disputed_not_changed(caller, who) -> None:
    item = ArchiveItem.objects.get(person=who.person, kind="education")
    refused = caller.patch(f"archive/{item.code}/", {"values": {"school": "别的学校"}, "versions": {"school": 1}})
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["verified_item"], ["R-059"])
    disputed = caller.post(f"archive/{item.code}/dispute/", {"reason": "毕业日期有误"}).json()
    assert (disputed["dispute"], disputed["is_verified"]) == ("毕业日期有误", False)
    assert fields(caller.post(f"archive/{item.code}/dispute/", {"reason": "长" * 301})) == ["reason"]


def test_evidence_by_the_code_of_a_file(caller, who) -> None:
    item = ArchiveItem.objects.get(person=who.person, kind="education")
    unknown = caller.post(f"archive/{item.code}/evidence/", {"file": "F-2222222222"})
    assert (unknown.status_code, codes(unknown), fields(unknown)) == (409, ["offer_unknown"], ["file"])
    applications.prove(item, who)
    (proof,) = caller.get(f"archive/{item.code}/").json()["evidence"]
    assert caller.delete(f"archive/{item.code}/evidence/{proof['code']}/").status_code == 204
    assert caller.get(f"archive/{item.code}/").json()["evidence"] == []


def test_registers_are_asked_again(caller, who) -> None:
    assert {row["state"] for row in caller.get("registers/").json()} == {"answered"}
    asked = {row["system"]: row["state"] for row in caller.post("registers/", {"systems": ["titles"]}).json()}
    assert asked == {"education": "answered", "insurance": "answered", "titles": "waiting", "credit": "answered"}
    assert caller.post("registers/", {"systems": ["weather"]}).status_code == 400


def test_eligibility_names_rule_and_policy(entry, caller) -> None:
    shown = caller.get(f"eligibility/{entry.code}/").json()
    assert shown["answer"] in {"yes", "missing"}
    assert all(line["basis"] and line["policy"] == shown["policy"] for line in shown["lines"])
    assert caller.get("eligibility/ML-2222222222/").status_code == 404
    assert Caller().get(f"eligibility/{entry.code}/").status_code == 403


def test_the_form_is_told_to_everybody() -> None:
    sections = {section["key"]: section for section in Caller().get("sections/").json()}
    assert [one["name"] for one in sections["assessment"]["inputs"]] == ["year", "result"]
    assert sections["assessment"]["inputs"][1]["choices"][0]["value"] == "excellent"


@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_the_same_queries_for_one_row_and_three(
    number: int, caller, who, django_assert_max_num_queries
) -> None:
    for _ in range(number):
        caller.post("archive/", {"kind": "training", "values": {"year": 2025}})
    accounts.person()
    with django_assert_max_num_queries(9):
        assert caller.get("archive/", kind="training").json()["count"] == number
