"""Files of every sort, an empty storage of the test's own, and purposes that rooms above would register."""

import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image

from portal.accounts.roles import Role
from portal.accounts.rules import bureau_clerk, holds, logged_in
from portal.documents import purposes
from portal.documents.enums import EVERY_KIND
from portal.documents.purposes import Purpose
from portal.documents.rules import is_own

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{main}.main+xml"/></Types>'
)
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'


@pytest.fixture(autouse=True)
def kept(settings, tmp_path):
    """Return the folder of this test's own storage."""
    place = tmp_path / "kept"
    private = {"BACKEND": "portal.documents.storage.PrivateFiles", "OPTIONS": {"location": str(place)}}
    settings.STORAGES = {**settings.STORAGES, "default": private, "documents": private}
    return place


@pytest.fixture(autouse=True)
def _purposes(monkeypatch) -> None:
    """Two purposes of rooms above: evidence that a bureau clerk reads, minutes that only agency leads hand in."""
    monkeypatch.setattr(purposes, "_purposes", dict(purposes._purposes))
    purposes.register(
        Purpose("evidence", "申报材料", may_upload=logged_in, may_read=is_own | bureau_clerk, max_bytes=1_000_000)
    )
    purposes.register(
        Purpose(
            "minutes",
            "会议纪要",
            may_upload=holds(Role.AGENCY_LEAD),
            may_read=is_own & holds(Role.AGENCY_LEAD),
            kinds=EVERY_KIND,
        )
    )


def pdf(pages: int = 1, prepare: Callable[[pikepdf.Pdf], None] | None = None, **save: object) -> bytes:
    paper, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        paper.add_blank_page()
    if prepare:
        prepare(paper)
    paper.save(out, **save)
    return out.getvalue()


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **save: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "white").save(out, form, **save)
    return out.getvalue()


def package(main: str = "wordprocessingml.document", part: str = "word/document.xml", **parts: bytes | str) -> bytes:
    """Return a Word or Excel file; ``parts`` adds entries, with ``__`` for the slash and ``_dot_`` for the dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", CONTENT_TYPES.format(part=part, main=main))
        file.writestr("_rels/.rels", RELATIONS.format(""))
        file.writestr(part, "<w:document xmlns:w='w'><w:t>正文</w:t></w:document>")
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def docx(**parts: bytes | str) -> bytes:
    return package(**parts)


def xlsx(**parts: bytes | str) -> bytes:
    return package("spreadsheetml.sheet", "xl/workbook.xml", **parts)
