"""Papers of the portal: Chinese that can be read by machines, no address outside, no empty box for a rare character."""

import datetime as dt
import http.server
import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pypdfium2 import PdfDocument

from portal.documents import layer, pdf
from portal.shared.errors import Refusal
from portal.web.simulation.running import memory_now

MIB = 1024  # in KiB
LETTER = '{% extends "documents/base.html" %}{% block title %}受理通知{% endblock %}{% block heading %}受理通知{% endblock %}{% block content %}'


@pytest.fixture
def write(settings, tmp_path, now):
    """Return a writer of papers from the text of their content block."""

    def write(content: str, at: dt.datetime = now, **context: object) -> bytes:
        (tmp_path / "paper.html").write_text(LETTER + content + "{% endblock %}", encoding="utf-8")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
        return pdf.render("paper.html", context, at=at)

    return write


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes what it is asked for."""
    asked: list[str] = []

    class Notes(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def words(paper: bytes) -> str:
    with PdfDocument(paper) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_chinese_text_can_be_read_out_again(write):
    paper = write("<p>{{ name }}同志：经审核，您的申报材料已受理。</p>", name="欧阳䶮")
    assert "欧阳䶮同志：经审核，您的申报材料已受理。" in words(paper)
    assert "第 1 页，共 1 页" in words(paper)


def test_a_paper_is_tagged_titled_dated_and_in_chinese(write, now):
    with pikepdf.open(io.BytesIO(write("<p>正文</p>"))) as paper:
        assert paper.Root.Lang == "zh-CN"
        assert paper.Root.MarkInfo.Marked is True
        assert "/StructTreeRoot" in paper.Root
        assert paper.docinfo["/Title"] == "受理通知"
        assert str(paper.docinfo["/CreationDate"]).startswith("D:20260708")
        assert paper.open_metadata()["pdfuaid:part"] == "1"


def test_what_people_wrote_stays_text(write):
    paper = write("<p>{{ name }}</p>", name='<img src="file:///etc/hostname"><script>x</script>')
    assert '<img src="file:///etc/hostname">' in words(paper)


@pytest.mark.parametrize(
    "content",
    [
        '<img alt="x" src="{{ outside }}/picture.png">',
        '<link rel="stylesheet" href="{{ outside }}/style.css">',
        "<style>@import url({{ outside }}/style.css);</style><p>正文</p>",
        "<style>@font-face {font-family: x; src: url({{ outside }}/x.ttf)} p {font-family: x}</style><p>正文</p>",
        '<div style="background: url({{ outside }}/b.png)">正文</div>',
        (
            '<img alt="x" src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%229%22 height=%229%22'
            '%3E%3Cimage href=%22{{ outside }}/inner.png%22 width=%229%22 height=%229%22/%3E%3C/svg%3E">'
        ),
        '<object data="{{ outside }}/object.svg"></object>',
    ],
)
def test_no_address_outside_is_asked(write, listener, content):
    address, asked = listener
    with pytest.raises(pdf.AddressRefused):
        write(content, outside=address)
    assert asked == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "ftp://127.0.0.1/x.png",
        "static:../manage.py",
        "static:css/none.css",
        "static:build/build.sh",
    ],
)
def test_no_file_but_our_own_is_read(write, address):
    with pytest.raises(pdf.AddressRefused):
        write('<img alt="x" src="{{ address }}">', address=address)


def test_a_character_without_a_glyph_is_refused_by_name(write):
    with pytest.raises(Refusal) as refused:
        write("<p>冯{{ sign }}</p>", sign="\U0002ebf0")
    (reason,) = refused.value.reasons
    assert reason.code == "glyphs_missing"
    assert "U+2EBF0" in str(reason.text)


def test_the_gate_names_what_cannot_be_shown():
    assert pdf.undrawable("王欧阳䶮·买买提 Jean-Pierre（甲）") == []
    assert pdf.undrawable("冯\U0002ebf0张\ue863李\ufffd王⿰\u202e〓\uf9e2") == [
        "\ue863",
        "\ufffd",
        "⿰",
        "\u202e",
        "〓",
        "\uf9e2",
        "\U0002ebf0",
    ]


def test_the_same_paper_has_the_same_bytes(write):
    assert write("<p>正文</p>") == write("<p>正文</p>")


def test_many_papers_hold_no_more_memory_than_a_few(write):
    for number in range(3):
        write("<p>{{ number }}号</p>", number=number)
    before, most = memory_now(), 0
    for number in range(6):
        write("<p>{{ number }}号</p>", number=number)
        most = max(most, memory_now())
    assert most - before < 30 * MIB  # fonts read anew would take seventy for each until somebody tidies up


def test_another_day_gives_another_paper(write, now):
    assert write("<p>正文</p>") != write("<p>正文</p>", at=now + dt.timedelta(days=1))


def test_a_paper_without_a_title_is_a_programming_error(settings, tmp_path, now):
    (tmp_path / "untitled.html").write_text('{% extends "documents/base.html" %}', encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    with pytest.raises(ValueError, match="needs a title"):
        pdf.render("untitled.html", {}, at=now)


# --- A press -----------------------------------------------------------------------------------
ARTWORK = "<style>@page {size: 90mm 90mm; margin: 0}</style>"
PAINTED = ARTWORK + '<svg width="9mm" height="9mm"><path d="M0 0H34V34H0Z" fill="#123456"/></svg>'
BARE = '<!doctype html><html lang="zh-CN"><title>{{ name }}</title><h1>{{ name }}</h1>'


@pytest.fixture
def print_on(settings, tmp_path, now):
    """Return a printer of one short page on a press."""

    def print_on(press: pdf.Press, content: str = "", **context: object) -> bytes:
        (tmp_path / "bare.html").write_text(BARE + content, encoding="utf-8")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
        return press.render("bare.html", {"name": "通知书", **context}, at=now)

    return print_on


def test_a_press_prints_one_paper_after_the_other(print_on):
    press = pdf.Press("css/documents.css", artwork=PAINTED)
    first, second = print_on(press), print_on(press, name="证书")
    assert words(first).startswith("通知书")
    assert words(second).startswith("证书")
    assert print_on(press) == first == print_on(pdf.Press("css/documents.css", artwork=PAINTED))


def test_a_stamp_takes_the_place_that_the_paper_marks(print_on):
    press = pdf.Press("css/documents.css", stamp=PAINTED)
    place = f'<img alt="章" style="position: absolute; top: 0; left: 0; width: 90mm" src="{layer.PLACEHOLDER}">'
    with PdfDocument(print_on(press, place)) as document:
        picture = document[0].render().to_pil()
    assert picture.getpixel(tuple(round((margin + 4) * 72 / 25.4) for margin in (28, 30))) == (0x12, 0x34, 0x56)
    with pytest.raises(ValueError, match="no place for its stamp"):
        print_on(press)


@pytest.mark.parametrize(
    "artwork", ["<p>字", '<svg width="9mm" height="9mm"><path d="M0 0H9V9Z" opacity=".5"/></svg>', "<br>"]
)
def test_artwork_is_opaque_lines_and_areas(artwork):
    with pytest.raises(ValueError, match="rtwork"):
        pdf.Press("css/documents.css", artwork=ARTWORK + artwork)


def test_a_paper_for_ever_is_one_page(print_on):
    with pytest.raises(ValueError, match="one page"):
        print_on(pdf.Press("css/documents.css"), '<p style="break-before: page">')


def test_a_press_reads_no_font_from_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "STATIC", tmp_path)
    (tmp_path / "style.css").write_text('@font-face {font-family: x; src: url("file:///etc/hostname")}')
    with pytest.raises(pdf.AddressRefused):
        pdf.Press("style.css")


def test_nothing_else_in_the_house_imports_weasyprint():
    root = Path(pdf.__file__).resolve().parents[2]
    importing = [
        path.relative_to(root).as_posix()
        for room in ("portal", "applications", "review", "certificates", "autonomous_units")
        for path in (root / room).rglob("*.py")
        if re.search(r"^(from|import) weasyprint", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert importing == ["portal/documents/pdf.py"]
