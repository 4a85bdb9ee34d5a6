"""Reading the seals of a PDF: whose is the first one, do its bytes hold, and what was added after it."""

import base64
import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from asn1crypto import cms, tsp
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.sealing.judging.verdict import Changes, Finding, Verdict

STAMP = "signature_time_stamp_token"
LARGEST_STAMP = 64 * 1024
LARGEST_FILE = 64 * 1024
BRACKETS = 2


def judge(pdf: bytes, ours: Mapping[str, str]) -> Finding:
    """Return what there is to say of ``pdf``; ``ours`` names our keys by the SHA-256 (hexadecimal) of each public key.

    Names and certificates in a file prove nothing, as anybody can write them; only the key does. No outside source is asked.
    """
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return Finding(Verdict.PROTECTED)
        seals = reader.embedded_signatures
        if not seals:
            return Finding(Verdict.UNSEALED)
        return _judge_first(pdf, seals[0], ours)
    except (MemoryError, RecursionError):
        return Finding(Verdict.TOO_COMPLEX)
    except Exception:  # noqa: BLE001 - files made to deceive break a parser in ways that no list names
        return Finding(Verdict.BROKEN)


def _judge_first(pdf: bytes, seal: EmbeddedPdfSignature, ours: Mapping[str, str]) -> Finding:
    certificate = seal.signer_cert
    key = ours.get(hashlib.sha256(certificate.public_key.dump()).hexdigest())
    if key is None:
        return Finding(Verdict.FOREIGN)
    seal.compute_integrity_info()  # type: ignore[no-untyped-call]
    # Also holds the certificate against its hash among the signed attributes: nobody writes other names into it.
    same_bytes, by_our_key = validate_sig_integrity(seal.signer_info, certificate, "data", seal.compute_digest())
    if not (same_bytes and by_our_key and _is_of_our_form(pdf, seal)):
        return Finding(Verdict.ALTERED, key)
    changes = _changes_after(pdf, seal)
    signature: bytes = seal.signer_info["signature"].native
    return Finding(
        Verdict.CHANGED if changes is Changes.FORBIDDEN else Verdict.GENUINE,
        key,
        changes,
        _said_time(seal),
        _spelled(_stamp_of(seal.signer_info)),
        _spelled(signature),
        {name: _spelled(content) for name, content in _files_in(_sealed_part(pdf, seal)).items()},
    )


def _is_of_our_form(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Return whether the seal forbids all changes, covers all but itself, and hides nothing in the room kept for it.

    What helps readers there, the certificates above ours and the stamp, no signature of this kind covers.
    """
    _, before, after, _ = (int(number) for number in seal.byte_range)
    room = pdf[before:after]
    content: bytes = seal.pkcs7_content
    padding = content[len(cms.ContentInfo.load(content).dump()) :]
    return (
        seal.docmdp_level is MDPPerm.NO_CHANGES
        and seal.byte_range[0] == 0
        and len(room) == BRACKETS + 2 * len(content)
        and room[:1] + room[-1:] == b"<>"
        and not padding.strip(b"\x00")
    )


def _changes_after(pdf: bytes, seal: EmbeddedPdfSignature) -> Changes:
    """Return what later revisions did, by the comparison of all objects: ordinary readers look only at the signed bytes.

    Bytes that belong to no revision are forbidden too: some readers search a file for what its tables do not name.
    """
    found: Any = seal.diff_result
    if not isinstance(found, DiffResult) or found.modification_level > ModificationLevel.LTA_UPDATES:
        return Changes.FORBIDDEN
    if found.modification_level is not ModificationLevel.NONE:
        return Changes.ALLOWED
    return Changes.FORBIDDEN if pdf[_end_of_seal(seal) :].strip() else Changes.NONE


def _end_of_seal(seal: EmbeddedPdfSignature) -> int:
    _, _, start, length = (int(number) for number in seal.byte_range)
    return start + length


def _sealed_part(pdf: bytes, seal: EmbeddedPdfSignature) -> PdfFileReader:
    """Return the file as it was when it was sealed."""
    return PdfFileReader(BytesIO(pdf[: _end_of_seal(seal)]))


def _files_in(sealed: PdfFileReader) -> dict[str, bytes]:
    """Return the attached files by their names; those that are large or kept in another way than ours are left out."""
    try:
        listed = sealed.root["/Names"]["/EmbeddedFiles"]["/Names"]
        files = [listed[place] for place in range(1, len(listed), 2)]
        found = {str(file["/UF"]): file["/EF"]["/F"].data for file in files}
    except (PdfError, LookupError, TypeError, AttributeError, ValueError):
        return {}
    return {name: content for name, content in found.items() if len(content) <= LARGEST_FILE}


def _said_time(seal: EmbeddedPdfSignature) -> str:
    claimed = seal.self_reported_timestamp
    return claimed.isoformat() if claimed and claimed.tzinfo else ""


def _stamp_of(signer_info: cms.SignerInfo) -> bytes:
    """Return the stamp beside the signature as the response of a time-stamp authority, or nothing."""
    for attribute in signer_info["unsigned_attrs"]:
        if attribute["type"].native == STAMP:
            token = attribute["values"][0]
            response: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
            return response if len(response) <= LARGEST_STAMP else b""
    return b""


def _spelled(content: bytes) -> str:
    return base64.b64encode(content).decode()
