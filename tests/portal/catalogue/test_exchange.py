"""Rows out to Excel and back: nothing computed, faults by row and column, a preview, nothing when one cell is wrong."""

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind
from portal.catalogue.domain import committees
from portal.catalogue.domain.rows import Changes, apply
from portal.catalogue.enums import Band
from portal.catalogue.interfaces import sheets
from portal.catalogue.interfaces.importing import understand
from portal.catalogue.models import CatalogueEntry, Edition, RowImport
from portal.shared.errors import Refusal
from tests.factories import accounts
from tests.factories import catalogue as make

HEADINGS = sheets.HEADINGS


def xlsx(*rows: list[object], headings: list[str] = HEADINGS) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in [headings, *rows]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer


def year() -> Edition:
    """Return an edition in preparation with one row of the specialty 集成电路."""
    edition = make.edition(title="导入目录")
    plan = make.schedule(edition, title="年度安排")
    chip = make.specialty(code="05901", name="集成电路")
    committee = make.committee(edition, name="高级会", telephone="")
    row = make.row(edition, plan, specialty=chip, committee=committee)
    apply(edition, Changes(added=[row]), by=make.SYSTEM, at=make.PREPARED_AT)
    return edition


GOOD = ["工程技术", "05901", "集成电路", "正高级", "评审", "高级会", "年度安排", "010-1"]


def faults(edition: Edition, *rows: list[object]) -> list[str]:
    return [str(fault) for fault in understand(edition, sheets.read(xlsx(*rows))).faults]


# --- Out ------------------------------------------------------------------------------------
def test_what_is_written_can_be_read_again_and_changes_nothing(db: None) -> None:
    edition = year()
    content = sheets.write(edition.entries.with_all())
    lines = sheets.read(io.BytesIO(content))
    assert [(line.number, line.specialty_code, line.level) for line in lines] == [(2, "05901", "副高级")]
    assert understand(edition, lines).faults == []


def test_nothing_in_a_written_sheet_is_a_formula(db: None) -> None:
    edition = year()
    edition.entries.update(telephone='=HYPERLINK("x")')
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.write(edition.entries.with_all()))).active
    assert (sheet["H2"].data_type, sheet["H2"].value) == ("s", '=HYPERLINK("x")')
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", "05901")


# --- In: faults -----------------------------------------------------------------------------
def test_every_fault_names_row_and_column(db: None) -> None:
    edition = year()
    found = faults(
        edition,
        ["工程技术", "05999", "无", "正高级", "评审", "高级会", "年度安排", ""],
        ["农业技术", "05901", "芯片", "正高级", "评审", "高级会", "年度安排", ""],
        ["", "05901", "", "特级", "评审", "高级会", "年度安排", ""],
        ["", "05901", "", "正高级", "", "高级会", "年度安排", ""],
        ["", "05901", "", "正高级", "评审", "没有的会", "年度安排", ""],
        ["", "05901", "", "中级", "评审", "高级会", "年度安排", ""],
        ["", "05901", "", "正高级", "评审", "高级会", "没有的安排", ""],
        ["", "05901", "", "正高级", "评审", "", "年度安排", ""],
        ["", "05901", "", "正高级", "以考代评", "高级会", "", ""],
    )
    assert found == [
        "第2行「专业代码」：没有代码为「05999」的专业，请先设立专业。",
        "第3行「专业」：代码05901是「集成电路」，不是「芯片」。",
        "第3行「系列」：代码05901是「工程技术」，不是「农业技术」。",
        "第4行「级别」：「特级」无法识别，应为正高级、副高级、中级、助理级、员级之一。",
        "第5行「取得方式」：未填写，应为评审、考评结合、以考代评、不开展之一。",
        "第6行「评审委员会」：该年度没有名为「没有的会」的高级评审委员会，请先建立。",
        "第7行「评审委员会」：该年度没有名为「高级会」的中级评审委员会，请先建立。",
        "第8行「年度安排」：「没有的安排」无法识别，应为年度安排之一。",
        "第9行「评审委员会」：评审和考评结合须指定评审委员会。",
        "第10行「评审委员会」：以考代评和不开展的级别不设评审委员会。",
    ]


def test_the_same_row_twice_names_both(db: None) -> None:
    assert faults(year(), GOOD, GOOD) == ["第3行「专业代码」：与第2行重复。"]


def test_an_overlong_cell_is_a_fault(db: None) -> None:
    assert faults(year(), [*GOOD[:-1], "1" * 201]) == ["第2行「咨询电话」：超过40个字。"]


def test_a_code_that_excel_made_a_number_is_understood(db: None) -> None:
    edition = year()
    make.specialty("12", code="12901", name="玉雕")
    row = ["工艺美术", 12901, "玉雕", "正高级", "评审", "高级会", "年度安排", 12333]
    understood = understand(edition, sheets.read(xlsx(row)))
    assert understood.faults == []
    assert (understood.rows[0].specialty.name, understood.rows[0].telephone) == ("玉雕", "12333")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a zip", "文件不是xlsx格式。"),
        (b"0" * (sheets.MOST_BYTES + 1), "文件超过5MB。"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        sheets.read(io.BytesIO(content))


def test_a_zip_that_unpacks_to_too_much_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MOST_UNZIPPED + 1))
    with pytest.raises(Refusal, match="解压后超过50MB"):
        sheets.read(io.BytesIO(buffer.getvalue()))


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    content = bytearray(xlsx(GOOD).getvalue())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1).to_bytes(4, "little")
    with pytest.raises(Refusal, match="不是xlsx格式"):
        sheets.read(io.BytesIO(bytes(content)))


def test_a_zip_without_a_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", b"")
    with pytest.raises(Refusal, match="不是xlsx格式"):
        sheets.read(io.BytesIO(buffer.getvalue()))


def test_other_headings_are_refused_with_the_right_ones() -> None:
    with pytest.raises(Refusal, match="首行须依次为：系列、专业代码、专业、级别"):
        sheets.read(xlsx(headings=["专业", *HEADINGS[1:]]))


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(Refusal, match="条目超过2行"):
        sheets.read(xlsx(GOOD, GOOD, GOOD))


@pytest.mark.rule("R-034")
def test_every_specialty_and_every_district_are_spread(db: None) -> None:
    edition = year()
    make.specialty(code="05902", name="软件")
    for district in ("110108", "110106"):
        accounts.organisation(OrganisationKind.DISTRICT, district=district)
    committees.prepare_for_districts(edition, by=make.SYSTEM, at=make.PREPARED_AT)
    row = ["工程技术", "", "各专业", "助理级", "评审", "各区", "年度安排", ""]
    understood = understand(edition, sheets.read(xlsx(row)))
    assert understood.faults == []
    assert len(understood.rows) == 4
    assert {row.committee.band for row in understood.rows} == {Band.JUNIOR}


# --- In: on screen --------------------------------------------------------------------------
def upload(client: Client, edition: Edition, *rows: list[object], **data: object) -> str:
    address = reverse("catalogue:edition:import", args=[edition.code])
    key = re.search(r'name="_key" value="([^"]+)"', client.get(address).text)[1]
    file = SimpleUploadedFile("目录.xlsx", xlsx(*rows).getvalue())
    return client.post(address, {"file": file, "_key": key, **data}, follow=True).text


def confirm(client: Client, page: str) -> str:
    kept = RowImport.objects.get()
    address = reverse("catalogue:edition:import_preview", args=[kept.edition.code, kept.code])
    key = re.search(r'name="_key" value="([^"]+)"', page)[1]
    return client.post(address, {"_key": key}, follow=True).text


def test_one_wrong_cell_keeps_everything_out(visit: Callable[..., Client], bureau_clerk: Actor) -> None:
    edition = year()
    page = upload(visit(bureau_clerk), edition, GOOD, ["", "05901", "", "特级", "评审", "高级会", "年度安排", ""])
    assert "文件有 1 处错误，没有导入任何条目" in page
    assert "<b>D3</b> 第3行「级别」：「特级」无法识别" in page
    assert not RowImport.objects.exists()
    assert CatalogueEntry.objects.count() == 1


def test_the_preview_shows_what_changes_and_confirming_does_it_once(
    visit: Callable[..., Client], bureau_clerk: Actor
) -> None:
    edition, client = year(), visit(bureau_clerk)
    page = upload(client, edition, GOOD)
    assert "将增加 1 条，修改 0 条，移出 0 条。" in page
    assert CatalogueEntry.objects.count() == 1
    assert "已导入" in confirm(client, page)
    assert CatalogueEntry.objects.count() == 2
    again = reverse("catalogue:edition:import_preview", args=[edition.code, RowImport.objects.get().code])
    assert client.get(again).status_code == 404


def test_a_complete_list_drops_what_it_leaves_out(visit: Callable[..., Client], bureau_clerk: Actor) -> None:
    edition, client = year(), visit(bureau_clerk)
    page = upload(client, edition, GOOD, is_complete="on")
    assert "将增加 1 条，修改 0 条，移出 1 条。" in page
    confirm(client, page)
    assert [str(entry) for entry in CatalogueEntry.objects.with_all()] == ["集成电路 正高级"]


def test_a_sheet_that_became_wrong_meanwhile_is_refused(visit: Callable[..., Client], bureau_clerk: Actor) -> None:
    edition, client = year(), visit(bureau_clerk)
    page = upload(client, edition, GOOD)
    edition.committees.update(name="改名的会")
    told = confirm(client, page)
    assert "第2行「评审委员会」：该年度没有名为「高级会」" in told
    assert CatalogueEntry.objects.count() == 1


def test_nobody_elses_sheet_is_confirmed(visit: Callable[..., Client], bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition = year()
    upload(visit(bureau_clerk), edition, GOOD)
    address = reverse("catalogue:edition:import_preview", args=[edition.code, RowImport.objects.get().code])
    assert visit(bureau_lead).get(address).status_code == 404


def test_the_export_is_a_download(visit: Callable[..., Client], bureau_clerk: Actor) -> None:
    edition = year()
    response = visit(bureau_clerk).get(reverse("catalogue:edition:export", args=[edition.code]))
    assert response["Content-Disposition"] == f'attachment; filename="{edition.code}.xlsx"'
    assert len(sheets.read(io.BytesIO(response.content))) == 1
