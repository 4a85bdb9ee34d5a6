"""The corpus of what people and attackers hand in: each file is refused with its reason, or made harmless."""

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
import zlib

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from portal.documents import examining
from portal.documents.enums import EVERY_KIND
from portal.documents.purposes import Purpose
from portal.documents.rules import is_own
from portal.shared.errors import Refusal
from tests.portal.documents.conftest import CONTENT_TYPES, RELATIONS, docx, package, pdf, picture, xlsx

ANYTHING = Purpose("anything", "任意材料", may_upload=is_own, may_read=is_own, kinds=EVERY_KIND)
HYPERLINK = '<Relationship Id="r1" Type="http://x/hyperlink" Target="http://example.com" TargetMode="External"/>'
TEMPLATE = (
    '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://example.com/t.dotm" TargetMode="External"/>'
)
EXIF_ORIENTATION = 274


def action(**values: object) -> Dictionary:
    return Dictionary(Type=Name.Action, **values)


def set_root(key: str, value: object):
    return lambda paper: paper.Root.__setitem__(key, value)


def attach(paper: pikepdf.Pdf) -> None:
    paper.attachments["a.exe"] = pikepdf.AttachedFileSpec(paper, b"MZ attached", filename="a.exe")


def add_stream(data: bytes, **entries: object):
    def prepare(paper: pikepdf.Pdf) -> None:
        paper.Root.Extra = paper.make_indirect(pikepdf.Stream(paper, data, **entries))

    return prepare


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that claims to be huge and packs to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(b"\0" * (width + 1)) for _ in range(height)) + rows.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def bomb(size: int = 300_000_000) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()


def zipped(*entries: tuple[str, bytes], **options: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries:
            file.writestr(name, content)
    return out.getvalue()


def lying_zip() -> bytes:
    """Return a Word file whose directory says that a bomb unfolds to ten bytes."""
    content = docx(word__media__a_dot_xml=b"\0" * 50_000_000)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        entry = file.getinfo("word/media/a.xml")
    size = struct.pack("<I", entry.file_size)
    return content.replace(size, struct.pack("<I", 10))


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def many_entries() -> bytes:
    return zipped(*((f"word/{number}.txt", b"") for number in range(3_100)))


HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 64
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MACRO_TYPES = CONTENT_TYPES.replace("officedocument.{main}", "ms-word.document.macroEnabled")

REFUSED = {
    "text": (b"hello, this is plain text", "unknown_kind"),
    "script": (b"<html><script>alert(1)</script></html>", "unknown_kind"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "unknown_kind"),
    "program": (b"MZ\x90\x00" + b"\0" * 60, "program"),
    "linux program": (b"\x7fELF" + b"\0" * 60, "program"),
    "rar": (b"Rar!\x1a\x07\x00", "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c", "archive"),
    "gz": (b"\x1f\x8b\x08\x00", "archive"),
    "gif": (b"GIF89a" + b"\0" * 30, "other_image"),
    "bmp": (picture("BMP"), "other_image"),
    "tiff": (picture("TIFF"), "other_image"),
    "webp": (picture("WEBP"), "other_image"),
    "heic": (HEIC, "heic"),
    "mp4": (b"\0\0\0\x18ftypmp42" + b"\0" * 64, "unknown_kind"),
    "doc": (OLD + b"\0" * 600, "old_office"),
    "docx with password": (OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "office_protected"),
    "zip": (zipped(("a.pdf", pdf())), "archive"),
    "zip in zip": (zipped(("inner.zip", zipped(("a.txt", b"a")))), "archive"),
    "ofd": (zipped(("OFD.xml", b"<ofd:OFD/>")), "ofd"),
    "pptx": (package("presentationml.presentation", "ppt/presentation.xml"), "office_other"),
    "docm named docx": (docx(word__vbaProject_dot_bin=b"\xcc\x61"), "macros"),
    "docm by content type": (zipped(("[Content_Types].xml", MACRO_TYPES.format(part="word/document.xml").encode())), "macros"),
    "vba data": (docx(word__vbaData_dot_xml="<x/>"), "macros"),
    "embedded object": (docx(word__embeddings__oleObject1_dot_bin=b"x"), "embedded_objects"),
    "activex": (docx(word__activeX__activeX1_dot_xml="<x/>"), "embedded_objects"),
    "script inside": (docx(word__a_dot_js="x"), "embedded_objects"),
    "remote template": (docx(word___rels__settings_dot_xml_dot_rels=RELATIONS.format(TEMPLATE)), "outside_links"),
    "dde field": (docx(word__footer1_dot_xml='<w:instrText xml:space="preserve"> DDEAUTO c:\\\\cmd</w:instrText>'), "commands_inside"),
    "dde attribute": (docx(word__footer1_dot_xml='<w:fldSimple w:instr=" DDE cmd x"/>'), "commands_inside"),
    "excel dde": (xlsx(xl__externalLinks__externalLink1_dot_xml="<ddeLink/>"), "embedded_objects"),
    "excel dde elsewhere": (xlsx(xl__a_dot_xml="<x:ddeLink/>"), "commands_inside"),
    "billion laughs": (docx(word__styles_dot_xml='<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'), "markup_entities"),
    "outside entity": (docx(word__styles_dot_xml='<!doctype x SYSTEM "file:///etc/passwd"><x/>'), "markup_entities"),
    "zip bomb": (docx(word__media__a_dot_xml=b"\0" * 60_000_000), "unfolds_too_far"),
    "zip bomb that lies": (lying_zip(), "package_broken"),
    "too many entries": (many_entries(), "too_many_entries"),
    "path out": (docx(**{"..__..__evil_dot_xml": "x"}), "package_odd_names"),
    "backslash path": (docx(**{"word\\evil_dot_xml": "x"}), "package_odd_names"),
    "same name twice": (docx(word__Document_dot_xml="<x/>"), "package_odd_names"),
    "html before zip": (b"PK\x03\x04<script>" + docx(), "package_odd_ends"),
    "html after zip": (docx() + b"<script>alert(1)</script>", "package_odd_ends"),
    "broken zip": (docx()[:-30], "package_broken"),
    "damaged zip": (docx().replace(b"word/document.xml", b"word/documenX.xml", 1), "package_broken"),
    "broken pdf": (b"%PDF-1.7\nnonsense", "pdf_broken"),
    "pdf in the middle": (b"\n\n" + pdf(), "pdf_prefixed"),
    "pdf with password": (pdf(encryption=pikepdf.Encryption(user="x", owner="y")), "pdf_protected"),
    "pdf without pages": (pdf(0), "pdf_empty"),
    "pdf of too many pages": (pdf(1_001), "too_many_pages"),
    "pdf and zip": (pdf() + docx(), "two_kinds"),
    "flate bomb": (pdf(1, add_stream(bomb(), Filter=Name.FlateDecode)), "unfolds_too_far"),
    "flate in flate": (
        pdf(
            1,
            add_stream(zlib.compress(zlib.compress(b"x")), Filter=pikepdf.Array([Name.FlateDecode] * 2)),
            compress_streams=False,
        ),
        "unfolds_too_far",
    ),
    "pixel bomb in pdf": (
        pdf(1, add_stream(b"x", Subtype=Name.Image, Width=100_000, Height=100_000, BitsPerComponent=8)),
        "too_many_pixels",
    ),
    "pixel bomb": (png_of(20_000, 20_000), "too_many_pixels"),
    "jpeg cut short": (picture(size=(800, 800))[:900], "image_broken"),
    "only the head of a jpeg": (b"\xff\xd8\xff\xe0" + b"\0" * 100, "image_broken"),
    "only the head of a png": (b"\x89PNG\r\n\x1a\n", "image_broken"),
    "animation": (animated(), "image_animated"),
    "jpeg and zip": (picture() + docx(), "two_kinds"),
    "jpeg with a pdf in its comment": (picture(comment=b"%PDF-1.7 hidden"), "two_kinds"),
}  # fmt: skip


@pytest.fixture
def look(tmp_path):
    """Return an examiner of bytes: what they are, and the bytes of the harmless copy."""

    def look(content: bytes):
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(content)
        target.unlink(missing_ok=True)
        found = examining.examine(source, target, ANYTHING)
        return found, target.read_bytes() if found.changed else content

    return look


@pytest.mark.parametrize("name", REFUSED)
def test_the_corpus_is_refused_for_its_reason(look, name):
    content, code = REFUSED[name]
    start = time.monotonic()
    with pytest.raises(Refusal) as refused:
        look(content)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == (code, "file")
    assert "%(" not in str(reason.text)
    assert time.monotonic() - start < 30


def test_every_reason_has_its_words_and_every_word_its_reason():
    told = {code for _, code in REFUSED.values()}
    assert told | {"kind_not_taken", "too_complex"} == set(examining.WORDS)


def upright_photograph() -> bytes:
    """Return what a phone makes: fifty million pixels lying on their side."""
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    return picture(size=(8_160, 6_120), exif=exif)


# A child counts the memory of the process that started it as its own, and the tests' process is large.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.parametrize("name", ["photograph", "pixel bomb", "flate bomb", "zip bomb"])
def test_the_examiner_stays_small(tmp_path, name):
    source = tmp_path / "source"
    source.write_bytes(upright_photograph() if name == "photograph" else REFUSED[name][0])
    command = [sys.executable, "-I", str(examining.PROGRAM), str(source), str(tmp_path / "target")]
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert int(done.stderr.splitlines()[-1]) < 512 * 1024
    assert told.get("kind", "") == ("jpeg" if name == "photograph" else "")


DANGERS = {
    "script at opening": set_root("/OpenAction", action(S=Name.JavaScript, JS="app.alert(1)")),
    "program at opening": set_root("/OpenAction", action(S=Name.Launch, F="cmd.exe")),
    "script of the document": set_root("/AA", Dictionary(WC=action(S=Name.JavaScript, JS="app.alert(1)"))),
    "named script": set_root(
        "/Names",
        Dictionary(JavaScript=Dictionary(Names=["a", action(S=Name.JavaScript, JS="app.alert(1)")])),
    ),
    "attachment": attach,
    "form with scripts": set_root("/AcroForm", Dictionary(Fields=[], XFA=pikepdf.String("<xdp>app.alert</xdp>"))),
    "metadata": lambda paper: paper.docinfo.__setitem__("/Author", "张三 app.alert"),
    "address of the page": lambda paper: paper.pages[0].__setitem__(
        "/AA", Dictionary(O=action(S=Name.URI, URI="http://example.com/app.alert"))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DANGERS)
def test_what_acts_by_itself_is_taken_out_of_a_pdf(look, name):
    found, copy = look(pdf(2, DANGERS[name]))
    with pikepdf.open(io.BytesIO(copy)) as paper:
        plain = b"".join(item.unparse() for item in paper.objects if not isinstance(item, pikepdf.Stream))
        assert len(paper.pages) == 2
        assert "/Info" not in paper.trailer
    for trace in (b"app.alert", b"cmd.exe", b"/JavaScript", b"/Launch", b"a.exe", "张三".encode("utf-16-be")):
        assert trace not in plain + copy
    assert found.kind == "pdf"


def test_what_a_pdf_loses_is_named(look):
    def prepare(paper: pikepdf.Pdf) -> None:
        attach(paper)
        paper.Root.OpenAction = action(S=Name.JavaScript, JS="x")
        paper.Root.AcroForm = Dictionary(Fields=[], SigFlags=3)

    assert look(pdf(1, prepare))[0].removed == ("actions", "attachments", "signatures")


def test_a_pdf_that_only_forbids_copying_is_taken_and_opens_freely(look):
    protected = pdf(1, encryption=pikepdf.Encryption(user="", owner="secret"))
    with pikepdf.open(io.BytesIO(look(protected)[1])) as paper:
        assert not paper.is_encrypted


def test_a_page_of_a_pdf_looks_as_before(look):
    content = b"BT /F1 24 Tf 72 700 Td (Hello) Tj ET"
    source = pdf(1, lambda paper: paper.pages[0].__setitem__("/Contents", paper.make_stream(content)))
    with pikepdf.open(io.BytesIO(look(source)[1])) as paper:
        assert paper.pages[0].Contents.read_bytes() == content


def test_a_photograph_loses_place_and_camera_and_stands_upright(look):
    exif = Image.Exif()
    exif[EXIF_ORIENTATION], exif[271], exif[34853] = 6, "SecretCamera", {1: "N", 2: (39.0, 54.0, 0.0)}
    found, copy = look(picture(size=(64, 48), exif=exif, comment=b"by SecretCamera"))
    with Image.open(io.BytesIO(copy)) as image:
        assert (found.kind, image.format, image.size) == ("jpeg", "JPEG", (48, 64))
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(image.info)
    assert b"SecretCamera" not in copy


@pytest.mark.parametrize("profile", [ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"broken"])
def test_a_photograph_with_a_colour_profile_survives_without_it(look, profile):
    with Image.open(io.BytesIO(look(picture(icc_profile=profile))[1])) as image:
        assert image.getpixel((9, 9)) == (255, 255, 255)
        assert "icc_profile" not in image.info


def test_what_is_appended_to_a_photograph_is_dropped(look):
    assert b"<script>" not in look(picture() + b"<script>alert(1)</script>")[1]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_depth_survive(look, mode):
    text = PngInfo()
    text.add_text("Comment", "SecretCamera")
    found, copy = look(picture("PNG", mode=mode, pnginfo=text))
    with Image.open(io.BytesIO(copy)) as image:
        assert (found.kind, image.size) == ("png", (64, 48))
    assert b"SecretCamera" not in copy


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_photographs_of_every_colour_survive(look, mode):
    with Image.open(io.BytesIO(look(picture(mode=mode))[1])) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (docx(), "docx"),
        (xlsx(), "xlsx"),
        (docx(word___rels__document_dot_xml_dot_rels=RELATIONS.format(HYPERLINK)), "docx"),
        (xlsx(xl__printerSettings__printerSettings1_dot_bin=b"x"), "xlsx"),
        (docx(word__document2_dot_xml="<w:t>DDE 是一种农药残留物，DDEAUTO</w:t>"), "docx"),
    ],
)
def test_honest_office_files_pass_as_they_are(look, content, kind):
    found, copy = look(content)
    assert (found.kind, found.changed, copy) == (kind, False, content)


def test_an_examiner_that_hangs_or_dies_refuses(look, monkeypatch, tmp_path):
    for program in ("while True: pass", "import os; os.abort()", "print('not json')"):
        (tmp_path / "program.py").write_text(program)
        monkeypatch.setattr(examining, "PROGRAM", tmp_path / "program.py")
        monkeypatch.setattr(examining, "SECONDS", 1)
        with pytest.raises(Refusal) as refused:
            look(pdf())
        assert refused.value.reasons[0].code == "too_complex"
