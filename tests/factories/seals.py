"""Sealed papers, and what others do to them or make that looks like them."""

import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import tsp
from django.conf import settings
from django.test import override_settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps

from portal.connectors.sandbox.authority import Authority
from portal.documents import pdf as documents
from portal.sealing import founding, pdf, records
from portal.sealing.keys import FileKeyring, PdfKeys
from portal.sealing.records import RECORD_FILE, SIGNATURE_FILE
from portal.sealing.signers import signer_for

REASON = "颁发职称电子证书"
RECORD = {"holder_name": "欧阳䶮", "number": "ZC110000202600000017"}
AT = dt.datetime(2026, 10, 14, 9, 0, tzinfo=dt.UTC)
PAPER = (
    '{% extends "documents/base.html" %}{% block title %}证书{% endblock %}{% block heading %}证书{% endblock %}'
    "{% block content %}<p>欧阳䶮，高级教师。</p>{% endblock %}"
)
Change = Callable[[IncrementalPdfFileWriter], None]


def drawn(folder: Path) -> bytes:
    """A small unsigned PDF/UA of one page; its template is written to the folder."""
    (folder / "paper.html").write_text(PAPER, "utf-8")
    first, *others = settings.TEMPLATES
    with override_settings(TEMPLATES=[{**first, "DIRS": [folder, *first["DIRS"]]}, *others]):
        return documents.render("paper.html", {}, at=AT)


def sealed(paper: bytes) -> bytes:
    """The paper with its record attached, sealed without a time stamp."""
    with override_settings(SEALING={**settings.SEALING, "time_stamps": False}):
        return pdf.sign(with_record(paper), reason=REASON, at=AT)


def with_record(paper: bytes) -> bytes:
    record = records.sign(RECORD)
    with pikepdf.open(io.BytesIO(paper)) as opened:
        for name, content in ((RECORD_FILE, record.record), (SIGNATURE_FILE, record.signature_file())):
            opened.attachments[name] = pikepdf.AttachedFileSpec(opened, content, filename=name)
        opened.save(written := io.BytesIO(), deterministic_id=True)
    return written.getvalue()


def stranger(place: Path) -> PdfKeys:
    """Keys of somebody else, with the very names that stand in our certificates."""
    founding.found(place, founding.Founder())
    return FileKeyring(place).pdf


def signed(file: bytes, keys: PdfKeys, field: str = "Seal", *, certify: bool = True) -> bytes:
    """The file signed by pyHanko's own way, with the options of our seal or as an ordinary signature."""
    about = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES if certify else None,
        reason=REASON,
    )
    signer = RecklessSigner(about, signer_for(keys))
    written = io.BytesIO()
    apart(signer.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(file)), output=written)
    return written.getvalue()


class RecklessSigner(signers.PdfSigner):
    """Signs also what an earlier signature forbids to sign."""

    def _enforce_certification_constraints(self, reader: Any) -> None:
        pass


def added_to(file: bytes, change: Change) -> bytes:
    """Append a revision, as anybody can to a file that he may not change."""
    writer = IncrementalPdfFileWriter(io.BytesIO(file))
    change(writer)
    writer.write(written := io.BytesIO())
    return written.getvalue()


def another_name(writer: IncrementalPdfFileWriter) -> None:
    stream = generic.StreamObject(stream_data=b"BT /F1 24 Tf 100 600 Td (Another Name) Tj ET")
    writer.add_stream_to_page(0, writer.add_object(stream))


def another_record(writer: IncrementalPdfFileWriter) -> None:
    listed = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    forged = writer.add_object(generic.StreamObject(stream_data=b'{"number":"2"}'))
    listed[1]["/EF"][pdf_name("/F")] = forged
    writer.update_container(listed[1]["/EF"])


def a_note(writer: IncrementalPdfFileWriter) -> None:
    page = _first_page(writer)
    rectangle = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 50)))
    note = {"/Type": pdf_name("/Annot"), "/Subtype": pdf_name("/FreeText"), "/Rect": rectangle}
    told = generic.DictionaryObject({pdf_name(name): value for name, value in note.items()})
    told[pdf_name("/Contents")] = generic.TextStringObject("另一姓名")
    page[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(told)])
    writer.update_container(page)


def another_page(writer: IncrementalPdfFileWriter) -> None:
    page = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Page")})
    writer.insert_page(page)


def another_page_tree(writer: IncrementalPdfFileWriter) -> None:
    """Give the whole document another page tree: the signed page stays in the file, and nobody sees it."""
    pages = writer.root["/Pages"]
    empty = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Parent"): writer.root.raw_get("/Pages")}
    )
    pages[pdf_name("/Kids")] = generic.ArrayObject([writer.add_object(empty)])
    writer.update_container(pages)


def nothing_seen(writer: IncrementalPdfFileWriter) -> None:
    """Add an object that nothing names."""
    writer.add_object(generic.StreamObject(stream_data=b"unseen"))


def _first_page(writer: IncrementalPdfFileWriter) -> Any:
    return writer.find_page_for_modification(0)[0].get_object()


class AuthorityStamper(timestamps.TimeStamper):
    """Has time stamped by the sandbox's authority without asking over the network."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.authority = Authority(place)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(self.authority.stamp(req.dump(), AT))


def with_document_stamp(file: bytes, place: Path) -> bytes:
    """The file with a time stamp over all of it added, as is done to keep signatures provable for decades."""
    stamper = signers.PdfTimeStamper(AuthorityStamper(place))
    written = io.BytesIO()
    whole = IncrementalPdfFileWriter(io.BytesIO(file))
    apart(stamper.timestamp_pdf, whole, "sha256", bytes_reserved=20_000, output=written)
    return written.getvalue()


def apart(call: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Call it in a thread of its own: pyHanko starts an event loop, and beside a browser a test's thread runs one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call, *given, **named).result()
