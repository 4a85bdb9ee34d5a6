"""The paper of a certificate: every field of its face, a code that telephones read, kept for ever, never an empty box."""

import dataclasses
import io
import json
import mmap
import re
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from django.utils import translation
from pypdfium2 import PdfDocument

from certificates import wiring
from certificates.domain import drawing, fonts, readiness
from portal.sealing import records
from portal.shared.errors import Refusal
from tests.factories import faces
from tests.factories.faces import ADDRESS, SEALED

PAPERS = {"certificate": drawing.draw, "notice": drawing.draw_notice}
RARE = "䶮𬍛㛃𠅤𬺈𫗴𣲘鿏㑇"
BEYOND_THE_OWN_FACE = "𠀋𪚥㐂"
UNDRAWABLE = ("\U0002ebf0", "\U00031350", "\ue863", "\ufffd", "⿰")


@pytest.fixture(params=PAPERS)
def draw(request):
    """Return the maker of one kind of paper from changes of an ordinary face."""

    def draw(**changes: object) -> bytes:
        return PAPERS[request.param](faces.face(**changes), address=ADDRESS, sealed_record=SEALED)

    return draw


def text_of(paper: bytes) -> str:
    """Return what a machine reads, without the blanks that lines and columns make."""
    with PdfDocument(paper) as document:
        return re.sub(r"\s", "", document[0].get_textpage().get_text_range())


@pytest.mark.rule("R-124", "R-127")
def test_a_machine_reads_every_field_of_the_face(draw):
    read = text_of(draw(corrects="BJ2026ZC00000001"))
    for written in (
        *("BJ2026ZC00004719", "秦昊钰", "男", "1986年3月9日", "居民身份证", "110106********9238", "K7QM2XWD"),
        *("经济专业人员", "人力资源管理", "高级经济师", "副高级", "普通申报", "北京市经济系列高级职称评审委员会"),
        *("2026年10月24日", "2026年11月20日", "北京市人力资源和社会保障局", "BJ2026ZC00000001"),
    ):
        assert written in read, written


def test_what_is_set_wide_is_found_by_those_who_search():
    paper = drawing.draw(faces.face(), address=ADDRESS, sealed_record=SEALED)
    with PdfDocument(paper) as document:
        read = document[0].get_textpage().get_text_range()
    assert "北京市职称证书" in read
    assert "PROFESSIONAL TITLE CERTIFICATE OF BEIJING" in read


@pytest.mark.rule("R-128")
def test_where_the_title_holds_is_printed_only_where_it_is_limited(draw):
    assert "限海淀区有效" in text_of(draw(district_limited="海淀区"))
    assert "有效范围" not in text_of(draw())


def test_a_restricted_certificate_says_whom_to_ask(draw):
    assert "一次性查验码" in text_of(draw(is_restricted=True))
    assert "一次性查验码" not in text_of(draw())


def test_a_first_certificate_speaks_of_no_other(draw):
    assert "更正" not in text_of(draw())


@pytest.mark.parametrize(
    "address",
    [
        ADDRESS,
        "https://zhicheng.example.cn/v/AbC-9",
        ADDRESS + "x",
        "https://例子.cn/v#007",
        "https://zhicheng.example.cn/v#" + "1234567890" * 90,
    ],
)
def test_a_telephone_reads_the_code_from_a_plain_scan(address):
    paper = drawing.draw(faces.face(), address=address, sealed_record=SEALED)
    assert scanned(paper) == [address]


def test_the_notice_has_the_code_too():
    assert scanned(drawing.draw_notice(faces.face(), address=ADDRESS, sealed_record=SEALED)) == [ADDRESS]


def scanned(paper: bytes) -> list[str]:
    with PdfDocument(paper) as document:
        picture = document[0].render(scale=150 / 72).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_a_paper_is_kept_for_ever_and_open_to_everybody(draw):
    """What a checker of PDF/A-3a and PDF/UA-1 asks first."""
    with pikepdf.open(io.BytesIO(draw(**faces.LONG))) as paper:
        root, described = paper.Root, paper.open_metadata()
        assert (described["pdfaid:part"], described["pdfaid:conformance"]) == ("3", "A")
        assert described["pdfuaid:part"] == "1"
        assert b"PDF/UA identification schema" in root.Metadata.read_bytes()
        (intent,) = root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert root.MarkInfo.Marked is True
        assert "/K" in root.StructTreeRoot
        assert root.Lang == "zh-CN"
        assert root.ViewerPreferences.DisplayDocTitle is True
        assert "BJ2026ZC00004719" in str(paper.docinfo["/Title"])
        assert len(paper.trailer["/ID"]) == 2
        assert "/Encrypt" not in paper.trailer
        assert len(paper.pages) == 1


def test_all_fonts_lie_inside_and_no_picture_is_smoothed(draw):
    with pikepdf.open(io.BytesIO(draw(**faces.LONG))) as paper:
        described = [each for each in paper.objects if is_a(each, "/FontDescriptor")]
        assert described
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in described)
        pictures = [each for each in paper.objects if is_a(each, "/Image")]
        assert pictures
        assert not any(bool(each.get("/Interpolate", False)) for each in pictures)
        states = [each for each in paper.objects if isinstance(each, pikepdf.Dictionary)]
        assert all(each.get("/Filter") != "/LZWDecode" for each in states)


def is_a(each: object, kind: str) -> bool:
    return isinstance(each, pikepdf.Dictionary | pikepdf.Stream) and kind in (each.get("/Type"), each.get("/Subtype"))


def test_pictures_have_words_and_artwork_has_none(draw):
    with pikepdf.open(io.BytesIO(draw())) as paper:
        words = {str(each.Alt) for each in paper.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each}
        assert words == {"印章：北京市人力资源和社会保障局职称专用章", "查验证书的二维码"}


def test_under_the_text_lies_the_artwork_unseen_by_listeners():
    paper = drawing.draw(faces.face(), address=ADDRESS, sealed_record=SEALED)
    with pikepdf.open(io.BytesIO(paper)) as opened:
        first, text = opened.pages[0].Contents
        assert first.read_bytes() == b"/Artifact BMC q /artwork Do Q EMC"
        assert b"/artwork" not in text.read_bytes()
        assert len(opened.pages[0].Resources.XObject.artwork.read_raw_bytes()) < 50_000


def test_record_and_its_signature_lie_inside(draw):
    face = faces.face(holder_name="欧阳䶮")
    with pikepdf.open(io.BytesIO(draw(holder_name="欧阳䶮"))) as paper:
        inside = {name: paper.attachments[name] for name in paper.attachments}
        assert set(inside) == {"certificate.json", "certificate.sm2.json"}
        record = inside["certificate.json"].get_file().read_bytes()
        assert json.loads(record) == face.record()
        assert record == records.canonical(face.record())
        assert inside["certificate.sm2.json"].get_file().read_bytes() == SEALED
        assert {str(each.AFRelationship) for each in paper.Root.AF} == {"/Data", "/Supplement"}
        assert len(paper.Root.AF) == 2


def test_the_paper_is_chinese_whatever_the_reader_speaks(draw):
    chinese = draw(district_limited="海淀区")
    with translation.override("en"):
        assert draw(district_limited="海淀区") == chinese


def test_the_same_face_gives_the_same_bytes(draw):
    drawing.set_up_press.cache_clear()
    first = draw()
    assert draw(holder_name="秦昊珏") != first
    assert draw() == first
    drawing.set_up_press.cache_clear()
    assert draw() == first


def test_a_file_weighs_about_a_hundred_kilobytes(draw):
    assert len(draw()) < 115_000


def test_a_worker_that_draws_all_day_does_not_grow():
    """Each drawing brings a code, a name and glyphs of its own; if they stayed, this would be 10 MB (1,000 were flat)."""
    for number in range(10):
        draw_number(number)
    before = resident()
    for number in range(10, 50):
        draw_number(number)
    assert resident() - before < 4 * 2**20


def draw_number(number: int) -> None:
    face = faces.face(number=f"BJ2026ZC{number:08}", holder_name="秦" + chr(0x4E00 + 7 * number))
    drawing.draw(face, address=f"{ADDRESS}{number:03}", sealed_record=SEALED)


def resident() -> int:
    """Return how much memory this process holds, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE


@pytest.fixture
def own_seal(settings, tmp_path):
    """Return a function that names a drawing as the office's seal."""

    def own_seal(inside: str) -> None:
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 42 42">{inside}</svg>'
        (tmp_path / "seal.svg").write_text(drawn, encoding="utf-8")
        settings.CERTIFICATE_SEAL = str(tmp_path / "seal.svg")
        drawing.set_up_press.cache_clear()

    yield own_seal
    drawing.set_up_press.cache_clear()


def test_an_office_prints_its_own_seal(own_seal):
    own_seal('<path d="M1 1H41V41Z" fill="#00ff00"/>')
    assert wiring.seal_is_own(None) == []
    paper = drawing.draw(faces.face(), address=ADDRESS, sealed_record=SEALED)
    with PdfDocument(paper) as document:
        picture = document[0].render().to_pil()
    at = [millimetres * 72 / 25.4 for millimetres in (245, 165)]  # in the upper right of the seal's place
    assert picture.getpixel((round(at[0]), round(at[1]))) == (0, 255, 0)


@pytest.mark.parametrize("inside", ["<text>局</text>", '<path d="M1 1H41V41Z" opacity="0.5"/>', "<unclosed>"])
def test_a_seal_that_cannot_be_stamped_stops_the_start(own_seal, inside):
    own_seal(inside)
    assert [fault.id for fault in wiring.seal_is_own(None)] == ["certificates.E001"]


def test_without_its_own_seal_an_office_is_told(settings):
    assert [fault.id for fault in wiring.seal_is_own(None)] == ["certificates.I001"]


@pytest.mark.parametrize("name", [RARE, BEYOND_THE_OWN_FACE, "买买提·艾力 Müller", "Łukasz Nguyễn-Şahin", "Ольга"])
def test_a_rare_name_is_drawn(name):
    face = faces.face(holder_name=name)
    assert drawing.undrawable(face) == []
    assert name.replace(" ", "") in text_of(drawing.draw(face, address=ADDRESS, sealed_record=SEALED))


def test_a_name_beyond_the_own_face_is_set_in_one_weight():
    assert fonts.is_rare("王" + BEYOND_THE_OWN_FACE)
    assert not fonts.is_rare("王䶮·买买提 Łoś")
    paper = drawing.draw(faces.face(holder_name="王𠀋"), address=ADDRESS, sealed_record=SEALED)
    assert "王𠀋" in text_of(paper)


@pytest.mark.parametrize("sign", UNDRAWABLE)
def test_what_cannot_be_drawn_is_named_before_a_number_is_given(sign):
    assert drawing.undrawable(faces.face(holder_name=f"冯{sign}王{sign}")) == [sign]


@pytest.mark.parametrize("sign", UNDRAWABLE[:2])
def test_the_layout_refuses_what_the_gate_let_pass(draw, sign):
    with pytest.raises(Refusal) as refused:
        draw(holder_name=f"冯{sign}")
    (reason,) = refused.value.reasons
    assert reason.code == "glyphs_missing"
    assert f"U+{ord(sign):04X}" in str(reason.text)


@pytest.mark.parametrize(
    "name",
    [
        faces.LONG["holder_name"],
        "买买提" * 16 + "吐尔",
        "Wolfeschlegelsteinhausenbergerdorff Maximilian-III",
        "W" * 50,
        "阿·" * 25,
    ],
)
def test_long_values_stay_on_their_lines(draw, name):
    assert_nothing_overlaps(draw(**{**faces.LONG, "holder_name": name}))


def assert_nothing_overlaps(paper: bytes) -> None:
    """No character covers more than a sliver of another, and each lies inside the frame."""
    with PdfDocument(paper) as document:
        page, text = document[0], document[0].get_textpage()
        width, height = page.get_size()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    boxes = sorted(box for box in boxes if box[2] - box[0] > 1 and box[3] - box[1] > 1)
    assert len(boxes) > 300
    for place, (left, bottom, right, top) in enumerate(boxes):
        assert left > 45
        assert right < width - 45
        assert bottom > 45
        assert top < height - 45
        for other in boxes[place + 1 :]:
            if other[0] >= right:
                break
            across = min(right, other[2]) - other[0]
            down = min(top, other[3]) - max(bottom, other[1])
            assert across <= 1 or down <= 1, (left, bottom, other)


def test_a_value_that_does_not_fit_is_refused_by_name(draw):
    with pytest.raises(Refusal) as refused:
        draw(committee="评" * 130)
    (reason,) = refused.value.reasons
    assert reason.code == "value_too_long"
    assert "评" * 130 in str(reason.text)


def test_what_does_not_fit_is_known_before_a_number_is_given():
    assert drawing.too_long(faces.face(**faces.LONG)) == []
    assert drawing.too_long(faces.face(committee="评" * 130, holder_name="甲" * 70)) == ["甲" * 70, "评" * 130]
    codes = [one.code for one in readiness.reasons_against_paper(faces.face(committee="评" * 130, title="\U000f1234"))]
    assert codes == ["glyphs_missing", "value_too_long"]


def test_every_field_of_a_face_is_shown_on_the_certificate():
    """A field added to the face later must find its place on the paper."""
    changed = {
        field.name: "甲乙丙"
        for field in dataclasses.fields(faces.ORDINARY)
        if field.type is str and field.name != "sex"
    }
    read = text_of(drawing.draw(faces.face(**changed), address=ADDRESS, sealed_record=SEALED))
    assert read.count("甲乙丙") == len(changed)
