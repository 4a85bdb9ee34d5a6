"""Blindness that holds (A-49): every answer of the expert's desk is read for what tells who the person is."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from applications.models import Application, SnapshotFile
from applications.sections import SECTIONS
from portal.accounts.actors import Actor
from portal.accounts.identifiers import DocumentKind
from portal.documents import pdf as papers
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import blind_files, blinding
from review.domain.masking import Mask
from review.models import Defence
from tests.factories import accounts, applications, catalogue, defences
from tests.factories.defences import BEGINS

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-49")]

NAME, PHONE, EMAIL = "林书言", "13912345678", "linshuyan@example.cn"
EMPLOYER = "北京华芯微科技有限公司"
ID_NUMBER = "110108198503072319"
TELLING = (
    "本人林书言（林 书 言，Lin Shuyan，LIN Shu-Yan，Shuyan Lin，S.Y. Lin，林工）在北京华芯微科技有限公司（华芯微）"
    f"任职，身份证{ID_NUMBER}，手机{PHONE}，邮箱{EMAIL}，书言负责芯片设计。"
)
TRACES = ("林书言", "林 书 言", "书言", "林工", "shuyan", "shu-yan", "S.Y. Lin", "华芯微", PHONE, EMAIL, ID_NUMBER)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Defence:
    """A defence of somebody who wrote name, employer and numbers wherever a text can be written."""
    unit = applications.employer(name=EMPLOYER)
    who = accounts.person(full_name=NAME, username="linshuyan", phone=PHONE, email=EMAIL)
    accounts.document(who, DocumentKind.RESIDENT_ID, number=ID_NUMBER)
    applications.know(who, unit)
    monkeypatch.setitem(
        applications.SUMMARY, "achievement", TELLING.split("，身份证", maxsplit=1)[0] + "，书言负责芯片设计。"
    )
    monkeypatch.setitem(applications.SUMMARY, "ability", TELLING)
    monkeypatch.setitem(applications.RESULT, "summary", TELLING)
    monkeypatch.setitem(applications.RESULT, "name", "华芯微低功耗芯片（林书言主持）")
    monkeypatch.setitem(applications.POST, "post", "华芯微研发工程师")
    entry = catalogue.published_entry()
    defences.guide(entry.committee)
    application = defences.paid(entry, accounts.acting_personally(who))
    clock.move_to(BEGINS)
    return defences.begun(application)


def traces_of(application: Application) -> set[str]:
    """Return every string that must not reach the panel."""
    person, employer = application.applicant, application.employer
    assert employer is not None
    snapshot = application.snapshots.get()
    items = [item["code"] for item in snapshot.content["items"]]
    files = [one.file for one in SnapshotFile.objects.filter(snapshot=snapshot).select_related("file")]
    return {
        *TRACES,
        person.full_name,
        person.code,
        person.username,
        employer.name,
        employer.code,
        employer.credit_code,
        application.code,
        application.defence.code,
        snapshot.code,
        *items,
        *(file.code for file in files),
        *(file.original_name for file in files),
        *(doc.masked_number for doc in person.documents.all()),
        person.masked_phone,
    }


def found_in(text: str, traces: set[str]) -> list[str]:
    lowered = text.lower()
    return sorted(trace for trace in traces if trace.lower() in lowered)


def paper(*, title: str = "", text: bytes = b"") -> bytes:
    """Return a PDF with properties, a bookmark and a comment that name the person, and ``text`` on its page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(b"BT (" + text + b") Tj ET")
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=title, Contents=title)
        note.Rect = pikepdf.Array([0, 0, 10, 10])
        page.Annots = pikepdf.Array([pdf.make_indirect(note)])
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(title or "-", 0))
        with pdf.open_metadata() as meta:
            meta["dc:creator"] = [title]
        pdf.docinfo["/Author"] = title
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
        return out.getvalue()


def written(settings: Any, folder: Path, words: str) -> bytes:
    """Return a PDF as a word processor makes it: its fonts are cut to size and its signs numbered."""
    body = f'{{% extends "documents/base.html" %}}{{% block title %}}证明{{% endblock %}}{{% block content %}}<p>{words}</p>{{% endblock %}}'
    (folder / "paper.html").write_text(body, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder, *settings.TEMPLATES[0]["DIRS"]]}]
    return papers.render("paper.html", {}, at=BEGINS)


def give(defence: Defence, content: bytes, kind: Kind = Kind.PDF) -> str:
    """Put ``content`` in the place of the evidence that was submitted, and return its file's code."""
    row = SnapshotFile.objects.filter(snapshot__application=defence.application).select_related("file").get()
    name = f"{NAME}的证明.{kind}"
    made = keep(content, name=name, purpose=row.file.purpose, kind=kind, owner=defence.application.applicant, at=BEGINS)
    SnapshotFile.objects.filter(pk=row.pk).update(file=made)
    return made.code


def mark(defence: Defence, code: str) -> None:
    blind_files.mark(defence, {code}, by=defences.staff_of(defence.application), at=BEGINS)


# --- Every answer -----------------------------------------------------------------------------
def everything_an_expert_gets(defence: Defence, expert: Actor) -> Iterator[tuple[str, Any]]:
    """Yield (address, answer) of all that the expert can open or send."""
    browser = accounts.client(expert)
    base = f"/review/panel/{defence.blind_number}/"
    file = defence.blind_files.get().code
    for address in (
        "/",
        "/review/panel/",
        f"/review/panel/slots/{defence.slot.code}/",
        base,
        f"{base}hand-in/",
        f"{base}recuse/",
        f"{base}complete/",
        f"{base}files/{file}/",
        "/messages/",
        "/api/panel/",
        f"/api/panel/{defence.blind_number}/",
    ):
        yield address, browser.get(address)
    for message in Notification.objects.filter(person=expert.person):
        address = f"/messages/{message.code}/"
        yield address, browser.get(address, follow=True)
    words = {"questions": "问答", "opinion": defences.OPINION, "score_1": "30", "score_2": "50", "_version": "0"}
    yield "save", browser.post(base, words, headers={"Accept": "application/json"})
    yield "conflict", browser.post(base, {**words, "opinion": "另一个"}, headers={"Accept": "application/json"})
    yield "unfit", browser.post(base, {**words, "score_1": "400"})
    yield "hand in", browser.post(f"{base}hand-in/", {"_key": "k1"}, follow=True)
    yield "complete", browser.post(f"{base}complete/", {"_key": "k2"}, follow=True)


def read(answer: Any) -> str:
    """Return everything that a reader of the answer could find: headers, text, and what a PDF unpacks to."""
    content = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    text = json.dumps(dict(answer.headers), ensure_ascii=False) + content.decode("utf-8", "ignore")
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            text += "".join(repr(one) for one in pdf.objects)
            streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        text += "".join(part.decode("utf-8", "ignore") + part.decode("utf-16-be", "ignore") for part in streams)
    if "json" in answer.headers.get("Content-Type", "") and content:
        text += json.dumps(json.loads(content), ensure_ascii=False)
    return text


def test_no_answer_tells_who_it_is(told: Defence) -> None:
    mark(told, give(told, paper(title=NAME)))
    traces, expert = traces_of(told.application), defences.panel_of(told)[0]
    leaks = {}
    for address, answer in everything_an_expert_gets(told, expert):
        assert answer.status_code in {200, 409}, (address, answer.status_code)
        assert not found_in(address, traces)
        if found := found_in(read(answer), traces):
            leaks[address] = found
    assert leaks == {}


def test_the_desk_is_the_only_door_for_an_expert(told: Defence) -> None:
    """Papers, files and pages of the application stay shut, also to who guesses their addresses."""
    browser = accounts.client(defences.panel_of(told)[0])
    application, snapshot = told.application, told.application.snapshots.get()
    file = SnapshotFile.objects.get(snapshot=snapshot).file
    for address in (
        f"/applications/{application.code}/",
        f"/applications/{application.code}/papers/form/",
        f"/files/{file.code}/",
        f"/review/defences/{told.code}/",
        f"/review/own-defences/{told.code}/",
        f"/review/panel/{application.code}/",
        f"/review/panel/{told.code}/",
        f"/api/applications/{application.code}/",
    ):
        assert browser.get(address).status_code in {403, 404}, address


def test_an_expert_of_another_panel_or_recused_finds_nothing(told: Defence) -> None:
    other = defences.experts(told.application.entry.agency, 1)[0]
    assert accounts.client(other).get(f"/review/panel/{told.blind_number}/").status_code == 404
    mine = defences.panel_of(told)[0]
    browser = accounts.client(mine)
    words = {"relation": "kin", "remark": "", "_key": "k"}
    browser.post(f"/review/panel/{told.blind_number}/recuse/", words)
    assert browser.get(f"/review/panel/{told.blind_number}/").status_code == 404


def test_the_ledger_of_the_panel_holds_no_words_and_no_scores(told: Defence) -> None:
    expert = defences.panel_of(told)[0]
    defences.write(told, expert, at=BEGINS)
    entries = Entry.objects.filter(subject_type="review.PanelOpinion")
    assert entries.exists()
    assert not any(defences.OPINION in json.dumps(one.facts, ensure_ascii=False) + one.note for one in entries)


# --- What is shown ----------------------------------------------------------------------------
def test_what_was_achieved_is_shown_and_the_rest_hidden(told: Defence) -> None:
    material = blinding.material_of(told)
    words = " ".join(value for part in material.parts for _label, value in part.rows)
    assert "负责芯片设计" in words
    assert "低功耗芯片" in words
    assert "燕京理工大学" in words  # the school is neither the person nor the employer
    assert "〔申报人〕" in words
    assert "〔单位〕" in words
    assert not found_in(words, traces_of(told.application))


def test_every_section_is_decided_about_and_names_only_real_fields() -> None:
    assert set(blinding.SHOWN) == set(SECTIONS)
    for key, section in SECTIONS.items():
        assert set(section.names) >= blinding.SHOWN[key]
    assert not {"work_unit", "department", "gap_note"} & (blinding.SHOWN["post"] | blinding.SHOWN["summary"])
    assert "unit" not in blinding.SHOWN["work"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("欧阳明月", "Ouyang Mingyue；欧阳明月；明月；欧阳教授；OUYANG M.Y."),
        ("吕青", "Lü Qing, Lv Qing, Qing LYU, 吕 青"),
        ("阿依古丽·买买提", "阿依古丽·买买提，阿依古丽"),
        ("李雷", "Ｌｉ Ｌｅｉ，李\u200b雷，LI, LEI"),
    ],
)
def test_names_are_masked_however_they_are_written(name: str, text: str) -> None:
    masked = Mask([name], [])(text)
    assert not re.search(r"[A-Za-z\u4e00-\u9fff]", masked.replace("〔申报人〕", "").replace("〔链接〕", "")), masked


def test_words_that_only_look_alike_stay() -> None:
    text = "采用Lingo软件，建立线性模型；linear系统；国家标准GB/T 22239"
    assert Mask(["林书言"], [EMPLOYER])(text) == text


PERSONAL = (
    "身份证号 11010819880312993X",
    "手机 138 0013 8000",
    "电话 010-82345678",
    "传真 0311-7654321",
    "林 书 言",
    "a.lin@example.com",
)
HARMLESS = ("测得 0.001 12345678 与 0.0235 12345678", "见 https://example.com/paper，毕业于燕京理工大学")


def test_what_tells_of_somebody_is_found_and_figures_are_not() -> None:
    mask = Mask(["林书言"], [EMPLOYER], ["燕京理工大学"])
    assert [text for text in PERSONAL + HARMLESS if mask.finds(text)] == list(PERSONAL)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("何涛", "The results of the study", ["The", "the"]),
        ("王建设", "工程建设规范", ["建设"]),
        ("高超", "技艺高超", ["高超"]),
        ("胡曼", "Human error", ["Human"]),
        ("林书言", "书言同志", ["书言"]),
    ],
)
def test_a_word_that_may_be_ordinary_is_named_and_not_held_for_the_person(
    name: str, text: str, words: list[str]
) -> None:
    mask = Mask([name], [EMPLOYER])
    assert (mask.finds(text), mask.resembling(text)) == (False, words)
    assert mask.finds(f"{text}，电话 138 0013 8000")


# --- Files ------------------------------------------------------------------------------------
def test_without_a_mark_no_file_is_offered(told: Defence) -> None:
    browser = accounts.client(defences.panel_of(told)[0])
    assert "/files/" not in browser.get(f"/review/panel/{told.blind_number}/").content.decode()


def test_a_marked_file_is_bare_pages_under_a_number(told: Defence) -> None:
    mark(told, give(told, paper(title=NAME)))
    blind = told.blind_files.get()
    answer = accounts.client(defences.panel_of(told)[0]).get(f"/review/panel/{told.blind_number}/files/{blind.code}/")
    assert answer["Content-Disposition"] == f'attachment; filename="{blind.code}.pdf"'
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        assert set(pdf.Root.keys()) == {"/Pages", "/Type"}
        assert "/Info" not in pdf.trailer
        assert "/Annots" not in pdf.pages[0].obj


def test_a_file_that_names_the_person_is_not_taken(told: Defence) -> None:
    with pytest.raises(Refusal) as refused:
        mark(told, give(told, paper(text=NAME.encode())))
    assert [reason.code for reason in refused.value.reasons] == ["file_names_person"]


@pytest.mark.rule("A-49")
@pytest.mark.parametrize(
    "words",
    [
        "证件号码：110101199003074514",
        "联系电话 138 1234 5678",
        "联系电话：010-62345678",
        "通讯作者：somebody@example.com",
        "林书言主持完成",
        "Lin Shuyan et al.",
        f"推荐单位：{EMPLOYER}",
    ],
)
def test_a_file_whose_words_tell_who_it_is_is_not_taken(told: Defence, settings, tmp_path, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        mark(told, give(told, written(settings, tmp_path, words)))
    assert [reason.code for reason in refused.value.reasons] == ["file_names_person"]
    assert not told.blind_files.exists()


@pytest.mark.rule("A-49")
def test_a_file_with_a_word_like_a_name_is_taken_once_somebody_confirmed_it(told: Defence, settings, tmp_path) -> None:
    code = give(told, written(settings, tmp_path, "书言同志主持完成"))
    staff = accounts.client(defences.staff_of(told.application))
    address = f"/review/defences/{told.code}/blind-files/"
    page = staff.post(address, {FIELD: new_key(), "files": [code]}).content.decode()
    assert "可能指向申报人或者单位的文字：书言。" in page
    assert not told.blind_files.exists()
    assert staff.post(address, {FIELD: new_key(), "files": [code], "confirmed": [code]}).status_code == 302
    mark(told, code)  # a second look at the list does not ask again
    assert told.blind_files.count() == 1
    assert [one.facts["confirmed"] for one in Entry.objects.filter(step="mark_blind")] == [[code], []]


@pytest.mark.rule("A-49")
def test_a_number_is_not_confirmed_away(told: Defence, settings, tmp_path) -> None:
    code = give(told, written(settings, tmp_path, "证件号码：110101199003074514"))
    with pytest.raises(Refusal) as refused:
        blind_files.mark(told, {code}, confirmed={code}, by=defences.staff_of(told.application), at=BEGINS)
    assert [reason.code for reason in refused.value.reasons] == ["file_names_person"]


@pytest.mark.rule("A-49")
def test_a_file_whose_words_tell_nothing_personal_is_taken(told: Defence, settings, tmp_path) -> None:
    words = "低功耗芯片，量产1234567片，见 https://www.example.com/paper，国家标准GB/T 22239-2019"
    mark(told, give(told, written(settings, tmp_path, words)))
    assert told.blind_files.count() == 1


def test_numbers_in_a_font_that_says_nothing_are_found_too(told: Defence) -> None:
    with pytest.raises(Refusal):
        mark(told, give(told, paper(text=b"ID 110101199003074514")))


def test_a_file_of_somebody_else_is_not_taken(told: Defence) -> None:
    with pytest.raises(Refusal) as refused:
        mark(told, "F-ABCDEFGHJK")
    assert [reason.code for reason in refused.value.reasons] == ["file_unknown"]


def test_a_broken_file_is_refused_and_a_picture_loses_its_camera_data(told: Defence) -> None:
    with pytest.raises(Refusal) as refused:
        mark(told, give(told, b"%PDF-1.4 broken"))
    assert [reason.code for reason in refused.value.reasons] == ["cannot_be_bared"]
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = "linshuyan"
    Image.new("RGB", (20, 20), "white").save(out, "JPEG", exif=exif)
    assert b"linshuyan" in out.getvalue()
    assert b"linshuyan" not in blind_files.bare(out.getvalue(), Kind.JPEG)
