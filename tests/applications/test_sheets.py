"""Sheets of a draft with and without scripts: what fits is kept, nothing typed is lost, two windows never overwrite each other."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import values
from applications.domain import archiving, drafting
from applications.models import Application, RepresentativeWork, Sheet
from applications.sections import EDUCATION, POST, TRAINING, WORK, ItemKind, SheetKind
from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.domain import guides
from portal.catalogue.enums import Heading, Indicator
from portal.http.once import FIELD
from portal.ledger.models import Entry
from portal.workflow import carry_out
from tests.conftest import NOW
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
NESTED = 200_000
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _in_the_window(at: Callable[[dt.datetime], None]) -> None:
    at(NOW)


@pytest.fixture
def client(person: Actor, visit: Visit) -> Client:
    return visit(person)


def sheet_of(draft: Application, kind: SheetKind = SheetKind.POST) -> Sheet:
    return draft.sheets.get(kind=kind)


def page_of(draft: Application, kind: str = "post") -> str:
    return reverse("applications:sheet", args=[draft.code, kind])


def autosave(
    client: Client, draft: Application, fields: Any, versions: Any = None, *, kind: str = "post", key: str = "k1"
) -> Any:
    address = reverse("applications:sheet_fields", args=[draft.code, kind])
    body = json.dumps({"fields": fields, "versions": versions or {}})
    return client.post(address, body, content_type="application/json", headers={"Idempotency-Key": key})


# --- The draft --------------------------------------------------------------------------------
def test_the_tasks_tell_what_is_missing(client: Client, draft: Application, person: Actor) -> None:
    address = reverse("applications:mine", args=[draft.code])
    page = client.get(address).content.decode()
    for words in ("未填写", "还缺", "已完成", "2026年7月28日（星期二）24:00", "参保单位（审核推荐）"):
        assert words in page
    applications.fill(draft, person)
    page = client.get(address).content.decode()
    assert "还缺" not in page
    assert "内容已完整" in page


def test_somebody_elses_draft_is_not_found(draft: Application, visit: Visit) -> None:
    stranger = visit(applications.applicant())
    for name, args in {
        "mine": [draft.code],
        "sheet": [draft.code, "post"],
        "works": [draft.code],
        "registers": [draft.code],
    }.items():
        assert stranger.get(reverse(f"applications:{name}", args=args)).status_code == 404
    assert autosave(stranger, draft, {"post": "x"}).status_code == 404
    assert sheet_of(draft).content.get("post") is None


def test_unknown_sheets_are_not_found(client: Client, draft: Application) -> None:
    assert client.get(page_of(draft, "education")).status_code == 404


def test_the_list_of_tasks_costs_the_same_with_one_item_and_three(
    client: Client, draft: Application, person: Actor
) -> None:
    applications.fill(draft, person)
    counts = []
    for _round in range(2):
        client.get(reverse("applications:mine", args=[draft.code]))
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("applications:mine", args=[draft.code]))
        counts.append(len(spent))
        for year in (2023, 2024):
            archiving.add_item(ItemKind.ASSESSMENT, {"year": year, "result": "competent"}, by=person, at=NOW)
    assert counts[0] == counts[1] <= MOST_QUERIES


@pytest.mark.rule("R-091")
def test_a_returned_file_shows_its_defects_and_the_last_day(entry: Any, visit: Visit, person: Actor) -> None:
    returned = applications.returned(entry, person)
    page = visit(person).get(reverse("applications:mine", args=[returned.code])).content.decode()
    assert returned.defects[0]["text"] in page
    assert "更换申报专业" not in page


# --- Without scripts --------------------------------------------------------------------------
def test_what_fits_is_kept_and_the_rest_stands_with_its_reason(client: Client, draft: Application) -> None:
    sent = {
        FIELD: "k1",
        "post": "研发工程师",
        "department": "部" * 61,
        "is_retired": "perhaps",
        "professional_since_0": "2013",
        "professional_since_1": "13",
    }
    page = client.post(page_of(draft), sent).content.decode()
    assert sheet_of(draft).content["post"] == "研发工程师"
    assert "最多60字，现在61字" in page
    assert "请选择是或者否" in page
    assert "请填写年月，如2019-10" in page
    assert "部" * 61 in page
    assert 'value="13"' in page


def test_sending_it_twice_changes_nothing_more(client: Client, draft: Application) -> None:
    sent = {FIELD: "k1", "post": "研发工程师", "professional_since_0": "2013", "professional_since_1": "8"}
    for _time in range(2):
        assert client.post(page_of(draft), sent).status_code == 302
    sheet = sheet_of(draft)
    assert sheet.content["professional_since"] == "2013-08"
    assert sheet.versions["post"] == 1
    assert Entry.objects.filter(step="fill").count() == 1


def test_two_windows_see_both_values_and_choose(client: Client, draft: Application) -> None:
    both = {FIELD: "k1", "initial-post": "", "post-version": "0"}
    client.post(page_of(draft), {**both, "post": "甲岗"})
    page = client.post(page_of(draft), {**both, "post": "乙岗"}).content.decode()
    assert sheet_of(draft).content["post"] == "甲岗"
    assert "另一个窗口" in page
    assert "甲岗" in page
    assert "乙岗" in page
    again = client.post(page_of(draft), {**both, "post": "乙岗"})
    assert again.status_code == 200
    client.post(page_of(draft), {**both, "post": "乙岗", "post-choice": "mine:1"})
    assert sheet_of(draft).content["post"] == "乙岗"
    client.post(page_of(draft), {**both, "post": "丙岗", "post-choice": "theirs"})
    assert sheet_of(draft).content["post"] == "乙岗"


def test_a_field_that_was_not_touched_is_no_conflict(client: Client, draft: Application) -> None:
    """A window that was opened earlier sends its old values along; only what was changed in it counts."""
    shown = {"initial-post": "", "post": "", "post-version": "0", "initial-field": "", "field-version": "0"}
    client.post(page_of(draft), {FIELD: "k1", **shown, "post": "甲岗", "field": ""})
    assert client.post(page_of(draft), {FIELD: "k2", **shown, "field": "电子信息"}).status_code == 302
    assert sheet_of(draft).content["post"] == "甲岗"
    assert sheet_of(draft).content["field"] == "电子信息"


def test_a_submitted_application_is_not_edited(client: Client, draft: Application, person: Actor, entry: Any) -> None:
    applications.fill(draft, person)
    applications.submitting.submit(draft, commitment=True, by=person, at=NOW)
    assert client.get(page_of(draft)).status_code == 302
    answer = client.post(page_of(draft), {FIELD: "k1", "post": "另一个岗位"})
    assert "不能修改" in answer.content.decode()
    assert "另一个岗位" in answer.content.decode()
    refused = autosave(client, draft, {"post": "另一个岗位"}, {"post": 1})
    assert refused.status_code == 409
    assert "不能修改" in refused.json()["detail"]


# --- With scripts -----------------------------------------------------------------------------
def test_fields_are_saved_as_they_are_typed(client: Client, draft: Application) -> None:
    told = autosave(client, draft, {"post": "研发工程师", "is_retired": "false"}).json()
    assert told["versions"]["post"] == told["versions"]["is_retired"] == 1
    assert (told["saved"], told["errors"], told["conflicts"]) == ("10:00", {}, [])
    assert sheet_of(draft).content["is_retired"] is False


def test_a_lost_answer_is_given_again(client: Client, draft: Application) -> None:
    first, again = (autosave(client, draft, {"post": "甲岗"}).json() for _time in range(2))
    assert first == again
    assert sheet_of(draft).versions["post"] == 1
    autosave(client, draft, {"post": "乙岗"}, {"post": 1}, key="k2")
    assert autosave(client, draft, {"post": "甲岗"}).json() == first
    assert sheet_of(draft).content["post"] == "乙岗"


def test_another_window_is_told_and_never_overwritten(client: Client, draft: Application) -> None:
    autosave(client, draft, {"post": "甲岗"})
    told = autosave(client, draft, {"post": "乙岗", "department": "研发部"}, key="k2").json()
    assert told["conflicts"] == [{"field": "post", "value": "甲岗", "shown": "甲岗", "version": 1}]
    assert sheet_of(draft).content["department"] == "研发部"
    kept = autosave(client, draft, {"post": "乙岗"}, {"post": 1}, key="k3").json()
    assert kept["versions"]["post"] == 2


@pytest.mark.parametrize(
    "value", [["list"], {"of": "things"}, 1.5, "是" * 61, "\ud800" * 70 + "长" * 61, 10**400], ids=repr
)
def test_values_of_wrong_kind_or_length_are_told_and_not_stored(client: Client, draft: Application, value: Any) -> None:
    answer = autosave(client, draft, {"department": value, "post": "甲岗"})
    assert answer.status_code == 200
    assert "department" in answer.json()["errors"]
    assert sheet_of(draft).content.get("department") is None
    assert sheet_of(draft).content["post"] == "甲岗"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", '{"fields": []}', '{"fields": {}, "versions": {"post": "1"}}', "{" * 9, "[" * NESTED, "\xff"],
    ids=lambda body: body[:12],
)
def test_a_body_that_is_no_request_is_refused(client: Client, draft: Application, body: str) -> None:
    address = reverse("applications:sheet_fields", args=[draft.code, "post"])
    sent = body.encode("latin-1")
    answer = client.post(address, sent, content_type="application/json", headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 400
    assert answer.json()["reasons"][0]["code"] == "malformed"


def test_without_a_key_nothing_is_saved(client: Client, draft: Application) -> None:
    answer = autosave(client, draft, {"post": "甲岗"}, key="")
    assert answer.status_code == 409
    assert answer.json()["reasons"][0]["code"] == "key_missing"


def test_without_the_token_against_forgery_nothing_is_saved(draft: Application, person: Actor, visit: Visit) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visit(person).cookies
    assert autosave(strict, draft, {"post": "甲岗"}).status_code == 403


def test_unknown_fields_are_ignored(client: Client, draft: Application) -> None:
    autosave(client, draft, {"__class__": "x", "state": "submitted", "post": "甲岗"})
    assert set(sheet_of(draft).content) == {"work_unit", "post"}
    assert Application.objects.get().state == "draft"


# --- Values -----------------------------------------------------------------------------------
def test_days_and_numbers_are_taken_as_people_type_them() -> None:
    assert values.clean(EDUCATION.field("graduated_on"), "2013-7-1") == "2013-07-01"
    assert values.clean(EDUCATION.field("graduated_on"), "２０１３-０７-０１") == "2013-07-01"
    assert values.clean(WORK.field("since"), "２０１３-8") == "2013-08"
    assert values.clean(TRAINING.field("hours"), "７２") == 72
    for field, raw in ((WORK.field("since"), "٢٠١٩-10"), (EDUCATION.field("graduated_on"), "2013-2-30")):
        with pytest.raises(values.Unfit):
            values.clean(field, raw)
    assert values.clean(POST.field("post"), "\x00\u202e 岗 ") is not None


# --- Representative works -------------------------------------------------------------------------
def published_guide(draft: Application, lead: Actor) -> None:
    lines = [
        guides.Line(Heading.CHARACTER, Indicator.ETHICS, "职业道德", is_required=True),
        guides.Line(Heading.ABILITY, Indicator.TECHNICAL_LEVEL, "解决复杂工程问题", max_score=50),
        guides.Line(Heading.ACHIEVEMENT, Indicator.PAPERS, "代表性论文", max_score=20),
        guides.Line(Heading.ACHIEVEMENT, Indicator.EMPLOYER_ASSESSMENT, "单位考核", max_score=30),
    ]
    words = {"conditions": "本级条件", "procedure": "材料评审", "place_and_time": "时间", "materials": "材料"}
    guide = guides.write(draft.entry.committee, words, lines, by=SYSTEM, at=catalogue.PUBLISHED_AT)
    for step, by in (("verify", SYSTEM), ("approve", lead), ("publish", SYSTEM)):
        guide = carry_out(guide, step, by=by, at=catalogue.PUBLISHED_AT)


@pytest.mark.rule("R-044")
def test_a_result_is_shown_under_an_indicator_and_taken_out_again(
    client: Client, draft: Application, person: Actor, bureau_lead: Actor
) -> None:
    published_guide(draft, bureau_lead)
    result, _saved = archiving.add_item(ItemKind.RESULT, applications.RESULT, by=person, at=NOW)
    address = reverse("applications:works", args=[draft.code])
    assert "解决复杂工程问题" in client.get(address).content.decode()
    client.post(address, {FIELD: "k1", "item": result.code, "show": "1", "criterion": "3"})
    assert RepresentativeWork.objects.get().criterion.text == "代表性论文"
    client.post(address, {FIELD: "k2", "item": result.code, "hide": "1"})
    assert not RepresentativeWork.objects.exists()


def test_a_sixth_work_is_refused_with_its_reason(client: Client, draft: Application, person: Actor) -> None:
    address, answer = reverse("applications:works", args=[draft.code]), None
    for number in range(drafting.MOST_WORKS + 1):
        facts = {**applications.RESULT, "name": f"成果{number}"}
        result, _saved = archiving.add_item(ItemKind.RESULT, facts, by=person, at=NOW)
        answer = client.post(address, {FIELD: f"k{number}", "item": result.code, "show": "1"})
    assert answer is not None
    assert "代表性成果最多5项" in answer.content.decode()


def test_somebody_elses_result_is_not_found(client: Client, draft: Application) -> None:
    other, _saved = archiving.add_item(ItemKind.RESULT, applications.RESULT, by=applications.applicant(), at=NOW)
    address = reverse("applications:works", args=[draft.code])
    assert client.post(address, {FIELD: "k1", "item": other.code, "show": "1"}).status_code == 404
