"""What a file is by its first bytes; its name is never asked."""

import zipfile
from pathlib import Path

from portal.documents.examination.verdict import Refused

HEAD = 1024
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"PK\x03\x04", "package"),
)
# Kinds that people really try, so that the refusal can tell them what to do instead.
KNOWN_STRANGERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"GIF8", "other_image"),
    (b"BM", "other_image"),
    (b"II*\x00", "other_image"),
    (b"MM\x00*", "other_image"),
    (b"RIFF", "other_image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
PROTECTED_OFFICE = "EncryptedPackage".encode("utf-16-le")


def recognise(path: Path) -> str:
    """Return ``pdf``, ``jpeg``, ``png`` or ``package`` (a ZIP with a document inside).

    Raises Refused for everything else, and for a file that is two kinds at once.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            _refuse_a_second_nature(path, head, kind)
            return kind
    raise Refused(_stranger(path, head))


def _stranger(path: Path, head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in {b"heic", b"heix", b"mif1", b"heif"} else "unknown_kind"
    for signature, code in KNOWN_STRANGERS:
        if head.startswith(signature):
            is_protected = code == "old_office" and PROTECTED_OFFICE in path.read_bytes()
            return "office_protected" if is_protected else code
    if b"%PDF-" in head:
        return "pdf_prefixed"
    return "unknown_kind"


def _refuse_a_second_nature(path: Path, head: bytes, kind: str) -> None:
    """Refuse a PDF or image that other programs would open as an archive or a PDF: nobody makes one by chance."""
    if kind == "package":
        return
    if kind != "pdf" and b"%PDF-" in head:
        raise Refused("two_kinds", second="PDF")
    if zipfile.is_zipfile(path) and _opens_as_zip(path):
        raise Refused("two_kinds", second="ZIP")


def _opens_as_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
