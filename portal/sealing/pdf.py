"""Seals in PDF files: certifying signatures (PAdES B-T) after which nothing may be changed, and what has become of them.

Signing keeps the file PDF/A-3 and PDF/UA: the signature's field is invisible, and nothing but it is added.
"""

import asyncio
import datetime as dt
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO

from asn1crypto import algos, cms, tsp
from asn1crypto.core import Integer
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from portal.connectors import timestamps
from portal.connectors.errors import Malformed
from portal.connectors.systems import System
from portal.sealing.judgement import Judgement, judge
from portal.sealing.keys import keyring
from portal.sealing.signers import signer_for

__all__ = ["Judgement", "judge", "sign"]

DIGEST = "sha256"
FIELD = "Seal"
OWN_BYTES, STAMP_BYTES = 2 * 1024, 10 * 1024
"""Room for the signature itself and for a stamp with the certificates of its authority; ours come on top."""


class _Unchanged(IncrementalPdfFileWriter):
    """Adds to a file without touching what it says of itself: pyHanko would write the machine's time into it."""

    def _update_meta(self) -> None:
        pass


def sign(pdf: bytes, *, reason: str, at: dt.datetime) -> bytes:
    """Return ``pdf`` sealed with the key in use, for the given ``reason``, at the claimed time ``at``.

    The time is proved by a stamp of the time-stamp authority, unless SEALING_TIME_STAMPS is off; where that authority cannot
    be reached, raises its `Unreachable` (another `ConnectorError` for a stamp that does not hold), and the caller tries
    again later. Raises KeysUnfitError without a key.
    """
    signer = _signer()
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        reason=reason,
    )
    writer = _Unchanged(BytesIO(pdf))
    session = signers.PdfSigner(about, signer).init_signing_session(writer)
    session.system_time = at
    document = session.prepare_tbs_document(None, _digits_kept_free())
    output = BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    # The stamp is fetched between the two steps: inside an event loop nothing may wait for a server or a database.
    signed = _signed(signer, prepared.document_digest)
    if settings.SEALING["time_stamps"]:
        _add_stamp(signed["content"]["signer_infos"][0])
    prepared.fill_with_cms(output, signed)
    return output.getvalue()


def _signed(signer: signers.Signer, digest: bytes) -> cms.ContentInfo:
    """Have pyHanko sign in a thread of its own, as it offers a coroutine alone and the caller may be in an event loop."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, signer.async_sign(digest, DIGEST, use_pades=True)).result()


def _add_stamp(signer_info: cms.SignerInfo) -> None:
    """Have the signature stamped, see that the stamp holds, and put it beside the signature."""
    signature: bytes = signer_info["signature"].native
    imprint = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": DIGEST}), "hashed_message": _digest(signature)}
    query = tsp.TimeStampReq(
        {"version": 1, "message_imprint": imprint, "cert_req": True, "nonce": Integer(secrets.randbits(63))}
    )
    response = timestamps.fetch(query.dump())
    timestamps.verify(response, signature)
    if len(response) > STAMP_BYTES:
        raise Malformed(System.TIMESTAMPS, "stamp", "larger than the room that is kept for it")
    token = tsp.TimeStampResp.load(response)["time_stamp_token"]
    signer_info["unsigned_attrs"] = [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]


def _digits_kept_free() -> int:
    """Return how many hexadecimal digits the signature may take, which must be known before there is one."""
    keys = keyring().pdf
    chain = sum(len(each.public_bytes(Encoding.DER)) for each in keys.public[keys.in_use])
    return 2 * (chain + OWN_BYTES + (STAMP_BYTES if settings.SEALING["time_stamps"] else 0))


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _signer() -> signers.Signer:
    keys = keyring().pdf
    return _signer_of(keys.in_use, settings.SEALING["keys"])


@cache
def _signer_of(in_use: str, place: str) -> signers.Signer:
    """Make the signer once: reading a key costs as much as ten signatures, and a token's session much more."""
    return signer_for(keyring().pdf)
