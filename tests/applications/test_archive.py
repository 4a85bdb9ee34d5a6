"""The archive on its pages: items of one's own, facts of registers, and the files that prove them."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.domain import archiving
from applications.models import Application, ArchiveItem, Evidence
from applications.sections import ItemKind
from portal.accounts.actors import Actor
from portal.http.once import FIELD
from tests.conftest import NOW
from tests.factories import applications

pytestmark = pytest.mark.django_db

Visit = Callable[..., Client]
WORK = {
    "unit": "示例单位",
    "post": "工程师",
    "duty": "芯片设计",
    "since_0": "2013",
    "since_1": "8",
    "is_professional": "true",
}


@pytest.fixture(autouse=True)
def _in_the_window(at: Callable[[dt.datetime], None]) -> None:
    at(NOW)


@pytest.fixture
def client(person: Actor, visit: Visit) -> Client:
    return visit(person)


@pytest.fixture
def result(person: Actor) -> ArchiveItem:
    item, _saved = archiving.add_item(ItemKind.RESULT, applications.RESULT, by=person, at=NOW)
    return item


def at_item(name: str, item: ArchiveItem, *more: str) -> str:
    return reverse(f"applications:{name}", args=[item.code, *more])


def send(client: Client, address: str, key: str = "k1", **data: Any) -> Any:
    return client.post(address, {FIELD: key, **data})


def upload(client: Client, item: ArchiveItem, name: str, content: bytes, key: str = "k1", **data: Any) -> Any:
    return send(client, at_item("prove", item), key, file=SimpleUploadedFile(name, content), **data)


# --- Items ------------------------------------------------------------------------------------
@pytest.mark.rule("R-009")
def test_an_item_is_added_once_and_leads_back_to_the_tasks(client: Client, draft: Application) -> None:
    address = f"{reverse('applications:add', args=['work'])}?for={draft.code}"
    first, again = send(client, address, **WORK), send(client, address, **WORK)
    assert first["Location"] == again["Location"]
    assert f"for={draft.code}" in first["Location"]
    item = ArchiveItem.objects.get(kind=ItemKind.WORK)
    assert item.content["since"] == "2013-08"
    page = client.get(first["Location"]).content.decode()
    assert "示例单位" in page
    assert reverse("applications:mine", args=[draft.code]) in page


def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(client: Client) -> None:
    page = send(client, reverse("applications:add", args=["work"]), **{**WORK, "since_1": "13"}).content.decode()
    assert "请填写年月" in page
    assert "芯片设计" in page
    assert not ArchiveItem.objects.filter(kind=ItemKind.WORK).exists()
    assert "请先填写内容" in send(client, reverse("applications:add", args=["work"])).content.decode()


def test_unknown_kinds_are_not_found(client: Client) -> None:
    assert client.get(reverse("applications:add", args=["post"])).status_code == 404
    assert client.get(reverse("applications:archive"), {"kind": "nonsense"}).status_code == 404
    assert client.get(reverse("applications:archive"), {"for": "SB-2345678"}).status_code == 404


def test_somebody_elses_item_is_not_found(result: ArchiveItem, visit: Visit, person: Actor) -> None:
    stranger = visit(applications.applicant())
    for name in ("item", "prove", "dispute"):
        assert stranger.get(at_item(name, result)).status_code == 404
    for name in ("item", "prove", "dispute", "remove", "put_back", "item_fields"):
        assert send(stranger, at_item(name, result)).status_code == 404
    applications.prove(result, person)
    proof = Evidence.objects.get()
    assert send(stranger, at_item("drop_proof", result, proof.code)).status_code == 404
    assert result.code not in stranger.get(reverse("applications:archive")).content.decode()


def test_an_item_is_edited_with_and_without_scripts(client: Client, result: ArchiveItem) -> None:
    send(client, at_item("item", result), **{"ranking": "1/5", "initial-ranking": "", "ranking-version": "0"})
    body = json.dumps({"fields": {"ranking": "2/5", "name": "名" * 121}, "versions": {"ranking": 1, "name": 1}})
    answer = client.post(
        at_item("item_fields", result), body, content_type="application/json", headers={"Idempotency-Key": "k2"}
    )
    assert answer.json()["versions"]["ranking"] == 2
    assert "最多120字" in answer.json()["errors"]["name"]
    assert ArchiveItem.objects.get(pk=result.pk).content["ranking"] == "2/5"


def test_removing_can_be_undone(client: Client, result: ArchiveItem) -> None:
    answer = send(client, at_item("remove", result))
    page = client.get(answer["Location"]).content.decode()
    assert "撤销移除" in page
    assert ArchiveItem.objects.get(pk=result.pk).removed_at is not None
    send(client, at_item("put_back", result), "k2")
    assert ArchiveItem.objects.get(pk=result.pk).removed_at is None


def test_the_archive_costs_the_same_with_one_item_and_three(client: Client, result: ArchiveItem, person: Actor) -> None:
    counts = []
    for number in range(2):
        client.get(reverse("applications:archive"))
        with CaptureQueriesContext(connection) as spent:
            client.get(reverse("applications:archive"))
        counts.append(len(spent))
        for extra in range(2):
            facts = {**applications.RESULT, "name": f"成果{number}{extra}"}
            archiving.add_item(ItemKind.RESULT, facts, by=person, at=NOW)
    assert counts[0] == counts[1]


# --- What registers vouch for -----------------------------------------------------------------
@pytest.mark.rule("R-059")
def test_a_registers_fact_is_disputed_not_edited(client: Client, person: Actor) -> None:
    item = ArchiveItem.objects.get(person=person.person, kind=ItemKind.EDUCATION)
    page = client.get(at_item("item", item)).content.decode()
    assert "已核验" in page
    assert "学历学位数据" in page
    assert 'name="school"' not in page
    refused = send(client, at_item("item", item), **{"school": "另一所大学", "initial-school": ""})
    assert ArchiveItem.objects.get(pk=item.pk).content["school"] == "燕京理工大学"
    assert refused.status_code == 200
    send(client, at_item("dispute", item), "k2", reason="专业名称有误。")
    disputed = ArchiveItem.objects.get(pk=item.pk)
    assert (disputed.dispute, disputed.is_verified) == ("专业名称有误。", False)
    too_long = send(client, at_item("dispute", item), "k3", reason="误" * 301)
    assert too_long.status_code == 200
    send(client, at_item("dispute", item), "k4", reason="")
    assert ArchiveItem.objects.get(pk=item.pk).is_verified


# --- Proofs -----------------------------------------------------------------------------------
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.rule("R-065")
def test_a_hostile_file_is_refused_with_its_reason(client: Client, result: ArchiveItem) -> None:
    page = upload(client, result, "证明.pdf", b"MZ\x90\x00" + b"\0" * 60).content.decode()
    assert "govuk-error-message" in page
    assert not Evidence.objects.exists()
    empty = upload(client, result, "证明.pdf", b"", "k2").content.decode()
    assert "空" in empty
    assert "请上传证明材料" in send(client, at_item("prove", result), "k3").content.decode()


def test_a_foreign_code_of_a_file_is_refused(client: Client, result: ArchiveItem) -> None:
    other = applications.applicant()
    theirs, _saved = archiving.add_item(ItemKind.RESULT, applications.RESULT, by=other, at=NOW)
    applications.prove(theirs, other)
    code = Evidence.objects.get().file.code
    answer = send(client, at_item("prove", result), file_code=code)
    assert "没有找到已上传的文件" in answer.content.decode()
    assert not result.evidence.exists()


def test_a_proof_is_tied_to_its_item_and_taken_off(client: Client, result: ArchiveItem, person: Actor) -> None:
    applications.prove(result, person)
    proof = Evidence.objects.get()
    page = client.get(at_item("item", result)).content.decode()
    assert proof.file.sha256 in page
    other, _saved = archiving.add_item(ItemKind.RESULT, applications.RESULT, by=person, at=NOW)
    assert send(client, at_item("drop_proof", other, proof.code)).status_code == 404
    send(client, at_item("drop_proof", result, proof.code), "k2")
    assert Evidence.objects.get().removed_at is not None
