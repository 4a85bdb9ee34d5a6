"""Pages of files: who meets which file, what leaves and how, and the trace that reading leaves."""

import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.actors import SYSTEM
from portal.accounts.roles import Role
from portal.documents import intake, purposes
from portal.documents.enums import State
from portal.documents.models import StoredFile
from portal.ledger.models import Entry
from portal.workflow import carry_out
from tests.factories import accounts
from tests.portal.documents.conftest import docx, pdf, picture


@pytest.fixture
def person(actor):
    return actor()


@pytest.fixture
def evidence(person, now):
    return intake.accept([pdf()], name="张三论文.pdf", purpose="evidence", by=person, at=now)


def download(client, file):
    return client.get(reverse("documents:download", args=[file.code]))


def readings():
    return list(Entry.objects.filter(step="read").values_list("person", "facts"))


def send(client, content, name="材料.pdf", key="k1", **extra):
    return client.post(reverse("documents:mine"), {"file": SimpleUploadedFile(name, content), "_key": key, **extra})


def test_the_owner_downloads_the_copy_under_the_own_name_without_a_trace(visit, person, evidence):
    reply = download(visit(person), evidence)
    content = b"".join(reply.streaming_content)
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/pdf")
    assert hashlib.sha256(content).hexdigest() == evidence.sha256
    assert reply["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%BC%A0%E4%B8%89")
    assert reply["Content-Length"] == str(len(content))
    assert (reply["X-Content-Type-Options"], reply["Cache-Control"]) == ("nosniff", "no-store, private")
    assert reply["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert readings() == []


def test_another_reader_gets_a_name_that_tells_nothing_and_leaves_a_trace(visit, bureau_clerk, evidence):
    reply = download(visit(bureau_clerk), evidence)
    b"".join(reply.streaming_content)
    assert reply["Content-Disposition"] == f'attachment; filename="{evidence.code}.pdf"'
    assert readings() == [(bureau_clerk.person.pk, {"what": "file"})]


def test_strangers_and_the_unknown_meet_the_same_nothing(visit, actor, evidence):
    stranger = visit(actor())
    foreign, unknown = download(stranger, evidence), stranger.get("/files/F-22222222/")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert visit(actor(Role.BUREAU_LEAD)).get(reverse("documents:receipt", args=[evidence.code])).status_code == 404
    assert readings() == []


def test_the_public_is_sent_to_log_in(visit, evidence):
    reply = download(visit(), evidence)
    assert (reply.status_code, reply["Location"].partition("?")[0]) == (302, reverse("account_login"))


def test_a_person_in_another_capacity_does_not_meet_the_own_file(visit, evidence, person):
    organisation = accounts.organisation()
    accounts.Membership.objects.create(
        person=person.person, organisation=organisation, role=Role.EMPLOYER_CLERK, since=accounts.SINCE
    )
    clerk = accounts.acting_for(person.person, organisation, frozenset({Role.EMPLOYER_CLERK}))
    assert download(visit(clerk), evidence).status_code == 404


def test_a_member_who_may_not_read_the_organisations_file_does_not_meet_its_receipt(visit, actor, now):
    lead = actor(Role.AGENCY_LEAD)
    minutes = intake.accept([pdf()], name="x.pdf", purpose="minutes", by=lead, at=now)
    expert = actor(Role.EXPERT, at=lead.organisation)
    for name in ("receipt", "download", "remove"):
        assert visit(expert).get(reverse(f"documents:{name}", args=[minutes.code])).status_code == 404
    assert visit(lead).get(reverse("documents:receipt", args=[minutes.code])).status_code == 200


def test_a_file_whose_purpose_nobody_knows_is_shown_to_nobody(visit, person, evidence, monkeypatch):
    monkeypatch.setattr(purposes, "_purposes", {})
    assert download(visit(person), evidence).status_code == 404


@pytest.mark.parametrize(
    ("step", "words"), [("", "正在进行安全检查"), ("fail_scan", "发现病毒"), ("give_up_scan", "无法完成安全检查")]
)
def test_no_file_is_shown_before_it_is_found_clean(  # noqa: PLR0917 - fixtures come by name
    visit, person, now, settings, step, words
):
    settings.DOCUMENTS_WITHOUT_SCANNER = False
    file = intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now)
    if step:
        carry_out(file, step, by=SYSTEM, at=now, scanner="test", finding="x")
    reply = download(visit(person), file)
    assert reply.status_code == 409
    assert words in reply.content.decode()
    page = visit(person).get(reverse("documents:mine")).content.decode()
    assert reverse("documents:download", args=[file.code]) not in re.findall(r'href="([^"]+)"', page)


def test_a_person_uploads_without_javascript_and_gets_a_receipt(visit, person):
    content = picture()
    client = visit(person)
    reply = send(client, content, "照片.jpg")
    file = StoredFile.objects.get()
    assert (reply.status_code, reply["Location"]) == (302, reverse("documents:receipt", args=[file.code]))
    page = client.get(reply["Location"]).content.decode()
    assert hashlib.sha256(content).hexdigest() in page
    assert f"{len(content)} 字节" in page
    assert "照片.jpg" in client.get(reverse("documents:mine")).content.decode()


def test_the_same_form_sent_twice_keeps_one_file(visit, person):
    client = visit(person)
    assert send(client, pdf())["Location"] == send(client, pdf())["Location"]
    assert StoredFile.objects.count() == 1


def test_a_refused_file_is_told_beside_its_field_and_can_be_sent_again(visit, person):
    client = visit(person)
    reply = send(client, docx(), "材料.docx")
    page = reply.content.decode()
    assert reply.status_code == 200
    assert '<a href="#id_file">' in page
    assert "只接受 PDF 文档、JPEG 图片、PNG 图片" in page
    assert send(client, pdf()).status_code == 302


def test_the_page_says_kinds_and_limit_before_anything_is_chosen(visit, person):
    page = visit(person).get(reverse("documents:mine")).content.decode()
    assert "支持 PDF 文档、JPEG 图片、PNG 图片，不超过 20.0" in page
    assert 'accept=".jpg,.pdf,.png"' in page


def test_a_form_takes_a_file_that_was_handed_in_before(visit, person, actor, now):
    own = intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now)
    foreign = intake.accept([pdf()], name="x.pdf", purpose="personal", by=actor(), at=now)
    client = visit(person)
    taken = client.post(reverse("documents:mine"), {"file_code": own.code, "_key": "k1"})
    assert taken["Location"] == reverse("documents:receipt", args=[own.code])
    refused = client.post(reverse("documents:mine"), {"file_code": foreign.code, "_key": "k2"})
    assert "没有找到已上传的文件" in refused.content.decode()


def test_removing_asks_first(visit, person, now):
    file = intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now)
    client, address = visit(person), reverse("documents:remove", args=[file.code])
    assert "删除后不能恢复" in client.get(address).content.decode()
    assert client.post(address, {"_key": "k1"})["Location"] == reverse("documents:mine")
    assert not StoredFile.objects.exists()


def test_what_is_in_use_for_business_is_not_removed(visit, person, evidence):
    reply = visit(person).post(reverse("documents:remove", args=[evidence.code]), {"_key": "k1"})
    assert "不能删除" in reply.content.decode()
    assert StoredFile.objects.get().state == State.CLEAN


def test_the_list_costs_the_same_however_long(visit, person, now):
    client, costs = visit(person), []
    for number in (1, 2):
        for _ in range(number):
            intake.accept([pdf()], name="x.pdf", purpose="personal", by=person, at=now)
        client.get(reverse("documents:mine"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("documents:mine"))
        costs.append(len(queries))
    assert StoredFile.objects.count() == 3
    assert costs[0] == costs[1]


def test_names_are_text_on_every_page(visit, person, now):
    intake.accept([pdf()], name="a&b 'onload'.pdf", purpose="personal", by=person, at=now)
    page = visit(person).get(reverse("documents:mine")).content.decode()
    assert "a&amp;b &#x27;onload&#x27;.pdf" in page
