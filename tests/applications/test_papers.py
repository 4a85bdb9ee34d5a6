"""The application on paper: everything that was submitted, once per version, readable by those whom it concerns."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pypdfium2 import PdfDocument

from applications.domain import archiving, compiling, drafting, legible, printing, submitting
from applications.enums import ApplicationState
from applications.interfaces import papers
from applications.models import Application, ArchiveItem, Snapshot
from applications.sections import ItemKind, SheetKind
from portal.documents import pdf
from portal.documents.models import StoredFile
from portal.documents.reading import readable
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal, StepRefused
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return catalogue.published_entry()


@pytest.fixture
def me():
    return applications.applicant()


def words(paper: bytes) -> str:
    with PdfDocument(paper) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


def address(application: Application, which: str = "form", version: int | None = None) -> str:
    own = reverse("applications:paper", args=[application.code, which])
    return f"{own}?version={version}" if version else own


def snapshot_of(application: Application) -> Snapshot:
    return application.snapshots.select_related("application__applicant").order_by("-number").first()


# --- What stands on them --------------------------------------------------------------------
@pytest.mark.rule("R-065")
def test_the_form_shows_everything_and_the_hash(entry, me) -> None:
    snapshot = snapshot_of(applications.submitted(entry, me))
    shown = words(papers.form(snapshot.content, snapshot.made_at))
    expected = [
        "北京市职称评审申报表",
        me.person.full_name,
        snapshot.content["employer"]["name"],
        snapshot.content["application"]["committee"],
        "燕京理工大学",
        "低功耗信号处理芯片",
        "功耗降低三成，已量产。",
        "证明.pdf",
        "单位审核推荐意见",
        "（单位公章）",
        snapshot.application.code,
        snapshot.sha256,
        snapshot.content["items"][-1]["evidence"][0]["sha256"] if snapshot.content["items"][-1]["evidence"] else "",
    ]
    assert [text for text in expected if "".join(text.split()) not in shown] == []
    assert "第1页，共" in shown
    assert "草稿" not in shown


@pytest.mark.rule("R-064")
def test_the_commitment_names_who_when_and_for_what(entry, me) -> None:
    snapshot = snapshot_of(applications.submitted(entry, me))
    shown = words(papers.written(papers.COMMITMENT, snapshot.content, snapshot.made_at))
    for text in (me.person.full_name, "本人承诺：所填报内容", "2026年7月8日", snapshot.sha256):
        assert "".join(text.split()) in shown, text


@pytest.mark.rule("R-072", "R-083")
def test_the_publicity_text_shows_no_more_than_a_notice(entry, me) -> None:
    snapshot = snapshot_of(applications.submitted(entry, me))
    shown = words(papers.written(papers.PUBLICITY, snapshot.content, snapshot.made_at))
    assert "低功耗信号处理芯片" in shown
    person = snapshot.content["person"]
    assert person["number"] not in shown
    assert person["phone"] not in shown or not person["phone"]


def test_a_draft_is_marked_and_kept_nowhere(visit, at, entry, me) -> None:
    application = applications.filled(entry, me)
    at(applications.NOW)
    files = StoredFile.objects.count()
    answer = visit(me).get(address(application))
    shown = words(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert "草稿" in shown
    assert "不作为申报材料" in shown
    assert "SHA-256" not in shown.split("证明材料目录")[0]
    assert StoredFile.objects.count() == files


def test_an_empty_draft_is_printed_too(visit, at, entry, me) -> None:
    application = applications.draft(entry, me)
    at(applications.NOW)
    for which in papers.TEMPLATES:
        assert visit(me).get(address(application, which)).status_code == 200


def test_long_texts_and_many_items_are_printed_whole(entry, me) -> None:
    application = applications.filled(entry, me)
    achievement = "主持完成关键技术攻关。" * 270 + "全文结束"
    versions = application.sheets.get(kind=SheetKind.SUMMARY).versions
    values = {**applications.SUMMARY, "achievement": achievement}
    drafting.save_sheet(application, SheetKind.SUMMARY, values, based_on=versions, by=me, at=applications.NOW)
    for number in range(30):
        training = {"year": 2000 + number % 25, "subject": f"继续教育第{number}课", "hours": 24}
        archiving.add_item(ItemKind.TRAINING, training, by=me, at=applications.NOW)
    content = compiling.compile_dossier(application, at=applications.NOW).content
    paper = papers.written(papers.FORM, content, applications.NOW)
    shown = words(paper)
    assert "全文结束" in shown
    assert all(f"继续教育第{number}课" in shown for number in range(30))


# --- Written once ---------------------------------------------------------------------------
def test_the_sweep_writes_each_form_once(entry, me) -> None:
    snapshot = snapshot_of(applications.submitted(entry, me))
    later = applications.NOW + dt.timedelta(minutes=1)
    assert printing.write_waiting(seconds=60, now=lambda: later) == 1
    assert printing.write_waiting(seconds=60, now=lambda: later) == 0
    printed = Snapshot.objects.get(pk=snapshot.pk)
    assert printed.form is not None
    assert printed.is_intact
    assert printing.form_of(printed, at=later) == printed.form
    prints = [entry.facts["sha256"] for entry in history_of(printed) if entry.step == "print"]
    assert prints == [printed.form.sha256]
    assert printed.form.owner_person_id == me.person.pk


def test_two_writers_keep_one_form(entry, me) -> None:
    """Each read the row before the other wrote."""
    snapshot = snapshot_of(applications.submitted(entry, me))
    again = snapshot_of(snapshot.application)
    first = printing.form_of(snapshot, at=applications.NOW)
    assert printing.form_of(again, at=applications.NOW) == first
    assert StoredFile.objects.filter(purpose=printing.PURPOSE).count() == 1


def test_what_cannot_be_written_waits_longer_and_stops_nobody(entry, me) -> None:
    bad = snapshot_of(applications.submitted(entry, applications.applicant(full_name="王\U00031350")))
    good = snapshot_of(applications.submitted(entry, me))
    minute = dt.timedelta(minutes=1)
    assert printing.write_waiting(seconds=60, now=lambda: applications.NOW + minute) == 1
    waiting, printed = Snapshot.objects.get(pk=bad.pk), Snapshot.objects.get(pk=good.pk)
    assert (waiting.form, waiting.form_attempts) == (None, 1)
    assert waiting.form_not_before == applications.NOW + minute + printing.LEASE
    assert printed.form is not None


def test_what_was_taken_back_is_not_printed(entry, me) -> None:
    application = applications.submitted(entry, me)
    submitting.take_back(application, by=me, at=applications.NOW)
    assert printing.write_waiting(seconds=60, now=lambda: applications.NOW) == 0


# --- Who reads them -------------------------------------------------------------------------
def test_the_person_the_employer_and_the_agency_read_the_form(visit, at, entry, me) -> None:
    application = applications.recommended(entry, me)
    at(applications.NOW + dt.timedelta(days=20))
    file = printing.form_of(snapshot_of(application), at=applications.NOW)
    clerk, agency = applications.clerk_of(application.employer), applications.agency_clerk_of(application)
    for reader in (me, clerk, agency):
        answer = visit(reader).get(address(application))
        assert answer["Location"] == reverse("documents:download", args=[file.code])
        download = visit(reader).get(answer["Location"])
        assert b"".join(download.streaming_content).startswith(b"%PDF-")
        assert readable(file.code, reader) == file
        assert visit(reader).get(address(application, "commitment")).status_code == 200
    strangers = (applications.applicant(), applications.clerk_of(applications.employer()))
    for stranger in strangers:
        assert visit(stranger).get(address(application)).status_code == 404
        assert readable(file.code, stranger) is None


def test_the_agency_reads_nothing_before_the_recommendation(visit, at, entry, me) -> None:
    application = applications.submitted(entry, me)
    at(applications.NOW)
    agency = applications.agency_clerk_of(application)
    assert visit(agency).get(address(application)).status_code == 404


def test_the_employer_reads_no_version_that_was_taken_back(visit, at, entry, me) -> None:
    application = applications.submitted(entry, me)
    file = printing.form_of(snapshot_of(application), at=applications.NOW)
    clerk = applications.clerk_of(application.employer)
    submitting.take_back(application, by=me, at=applications.NOW)
    at(applications.NOW)
    for which in (address(application), address(application, version=1)):
        assert visit(clerk).get(which).status_code == 404
    assert readable(file.code, clerk) is None
    assert readable(file.code, me) == file


def test_unknown_papers_and_versions_are_not_found(visit, at, entry, me) -> None:
    application = applications.submitted(entry, me)
    at(applications.NOW)
    browser = visit(me)
    for where in (
        address(application, "diploma"),
        address(application, version=7),
        address(application) + "?version=x",
    ):
        assert browser.get(where).status_code == 404, where


# --- Rare signs -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("芯片设计 ABC-123（第2版）。", []),
        ("䶮𬍛", []),
        ("\ue123", ["\ue123"]),
        ("〓", ["〓"]),
        ("甲\U00031350", ["\U00031350"]),
    ],
)
def test_undrawable_signs_are_found(text: str, bad: list[str]) -> None:
    assert legible.undrawable(text) == bad


def test_ordinary_text_costs_no_layout(monkeypatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(pdf, "undrawable", asked.append)
    assert legible.undrawable("主持完成“低功耗”芯片设计，效率提高30%（2024年）。") == []
    assert asked == []


def test_an_undrawable_sign_is_refused_on_its_field(entry, me) -> None:
    application = applications.filled(entry, me)
    result = ArchiveItem.objects.get(person=me.person, kind=ItemKind.RESULT)
    values = {**result.content, "name": "\U00031350字考"}
    archiving.save_item(result, values, based_on=result.versions, by=me, at=applications.NOW)
    with pytest.raises(StepRefused, match=r"不能显示的字符：.*U\+31350") as refused:
        submitting.submit(application, commitment=True, by=me, at=applications.NOW)
    assert [reason.field for reason in refused.value.reasons] == [f"result.{result.code}.name"]


def test_a_persons_rare_name_keeps_nobody_from_submitting(visit, at, entry) -> None:
    me = applications.applicant(full_name="王\U00031350")
    application = applications.submitted(entry, me)
    at(applications.NOW)
    assert application.state == ApplicationState.SUBMITTED
    with pytest.raises(Refusal, match="没有可用的字形"):
        printing.form_of(snapshot_of(application), at=applications.NOW)
    answer = visit(me).get(address(application))
    assert answer.status_code == 409
    assert "申报和审核不受影响" in answer.content.decode()
