"""PDF: opened whole, refused where it cannot be read without a password, freed of everything that acts by itself."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf.sanitize import Sanitizer

from portal.documents.examination.verdict import Accepted, Limits, Refused

CHUNK = 64 * 1024
# Of a stream that is no picture so much may unfold whatever the ratio: blank drawings pack extremely well.
ALWAYS_ALLOWED = 8 * 1024 * 1024


def examine(path: Path, target: Path, limits: Limits) -> Accepted:
    """Write a harmless copy to ``target``: no scripts, no attachments, no outside access, no metadata.

    A file that opens without a password but forbids copying is taken and its copy is free; many official papers
    are made so. The file as it came is kept beside the copy, for a rewritten file no longer proves its signature.
    """
    try:
        with pikepdf.open(path) as pdf:
            _refuse_too_much(pdf, limits)
            removed = _what_acts(pdf)
            _disarm(pdf)
            pdf.save(
                target, deterministic_id=True, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.generate
            )
    except pikepdf.PasswordError as protected:
        raise Refused("pdf_protected") from protected
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as fault:
        raise Refused("pdf_broken") from fault
    return Accepted(kind="pdf", changed=True, removed=removed)


def _refuse_too_much(pdf: pikepdf.Pdf, limits: Limits) -> None:
    if not len(pdf.pages):
        raise Refused("pdf_empty")
    if len(pdf.pages) > limits.pages:
        raise Refused("too_many_pages", limit=limits.pages, found=len(pdf.pages))
    unpacked = 0
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        if item.get("/Subtype") == "/Image":
            _refuse_huge_image(item, limits)
        else:
            unpacked += _unpacked_size(item, limits)
            if unpacked > limits.unpacked:
                raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)


def _refuse_huge_image(image: pikepdf.Stream, limits: Limits) -> None:
    width, height = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    if width * height > limits.pixels:
        raise Refused("too_many_pixels", limit=limits.pixels // 10_000)


def _unpacked_size(stream: pikepdf.Stream, limits: Limits) -> int:
    """Return how many bytes the stream unfolds to, giving up as soon as it is an attack."""
    filters: Any = stream.get("/Filter", [])
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(name) for name in filters]
    if names.count("/FlateDecode") > 1 or len(names) > 3:  # noqa: PLR2004 - writers chain two at most
        raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)
    raw = stream.read_raw_bytes()
    if names != ["/FlateDecode"]:
        return len(raw)
    allowed = max(ALWAYS_ALLOWED, len(raw) * limits.ratio)
    size = 0
    for piece in _pieces(raw):
        size += piece
        if size > min(allowed, limits.unpacked):
            raise Refused("unfolds_too_far", limit=limits.unpacked // 1024 // 1024)
    return size


def _pieces(raw: bytes) -> Iterator[int]:
    """Yield the sizes of the pieces to which ``raw`` unfolds; a broken stream simply ends, as readers see it."""
    unpacker = zlib.decompressobj()
    try:
        for start in range(0, len(raw), CHUNK):
            waiting = raw[start : start + CHUNK]
            while waiting:
                yield len(unpacker.decompress(waiting, CHUNK))
                waiting = unpacker.unconsumed_tail
    except zlib.error:
        return


def _what_acts(pdf: pikepdf.Pdf) -> list[str]:
    """Name what will be taken away that somebody may miss."""
    found = []
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/JavaScript" in names or "/OpenAction" in pdf.Root or "/AA" in pdf.Root:
        found.append("actions")
    if "/EmbeddedFiles" in names:
        found.append("attachments")
    form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
    if int(form.get("/SigFlags", 0)) & 1:
        found.append("signatures")
    return found


def _disarm(pdf: pikepdf.Pdf) -> None:
    (
        Sanitizer()
        .remove_javascript()
        .remove_external_access()
        .remove_attachments()
        .remove_multimedia()
        .remove_thumbnails()
        .remove_search_index()
        .remove_web_capture()
        .remove_private_app_data()
        .remove_collection()
        .apply(pdf)
    )
    # Forms written in XFA carry scripts of their own; the ordinary fields beside them stay.
    form = pdf.Root.get("/AcroForm")
    if form is not None and "/XFA" in form:
        del form.XFA
    for holder, key in ((pdf.Root, "/Metadata"), (pdf.Root, "/OpenAction"), (pdf.Root, "/AA"), (pdf.trailer, "/Info")):
        if key in holder:
            del holder[key]
