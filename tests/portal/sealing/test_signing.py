"""Seals in PDF files as independent programs see them: the CMS holds, the stamp holds, the file keeps its form."""

import asyncio
import datetime as dt
import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from portal.connectors.errors import Malformed, Unreachable
from portal.sealing import founding, pdf
from portal.sealing.keys import KeysUnfitError, keyring
from portal.sealing.signers import KeySigner
from tests.factories import seals
from tests.fixtures.sandbox import Sandbox

REASON = "颁发职称电子证书"


def seal_in(sealed: bytes) -> EmbeddedPdfSignature:
    (seal,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
    return seal


def openssl_agrees(sealed: bytes, folder: Path) -> str:
    """Have openssl verify the signature over the signed ranges, trusting the ring's root."""
    seal = seal_in(sealed)
    start, length, second, rest = map(int, seal.sig_object["/ByteRange"])
    (folder / "signed").write_bytes(sealed[start : start + length] + sealed[second : second + rest])
    (folder / "cms").write_bytes(seal.pkcs7_content)
    (folder / "root").write_bytes(root_of_ring())
    command = "openssl cms -verify -binary -inform DER -in cms -content signed -CAfile root -purpose any -out out"
    return subprocess.run(command.split(), cwd=folder, capture_output=True, text=True, check=False).stderr


def root_of_ring() -> bytes:
    keys = keyring().pdf
    return keys.public[keys.in_use][-1].public_bytes(founding.Encoding.PEM)


def test_a_seal_certifies_that_nothing_may_change(unstamped: None, paper: bytes, now: dt.datetime) -> None:
    seal = seal_in(pdf.sign(paper, reason=REASON, at=now))
    assert seal.docmdp_level is MDPPerm.NO_CHANGES
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert seal.sig_object["/Reason"] == REASON
    assert seal.self_reported_timestamp == now
    assert "样章 仅供演示" in seal.signer_cert.subject.human_friendly


def test_openssl_agrees(unstamped: None, paper: bytes, now: dt.datetime, tmp_path: Path) -> None:
    sealed = pdf.sign(paper, reason=REASON, at=now)
    assert "successful" in openssl_agrees(sealed, tmp_path)
    assert "successful" not in openssl_agrees(sealed.replace(b"/Reason", b"/Raison"), tmp_path)


def test_openssl_agrees_on_the_stamp(sandbox: Sandbox, paper: bytes, now: dt.datetime, tmp_path: Path) -> None:
    signer_info = seal_in(pdf.sign(paper, reason=REASON, at=now)).signer_info
    (attribute,) = signer_info["unsigned_attrs"]
    answer = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": attribute["values"][0]})
    (tmp_path / "response").write_bytes(answer.dump())
    (tmp_path / "signature").write_bytes(signer_info["signature"].native)
    roots = sandbox.data / "timestamp-roots.pem"
    command = f"openssl ts -verify -in response -data signature -CAfile {roots}"
    said = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout + said.stderr


def test_the_paper_is_only_added_to(unstamped: None, paper: bytes, now: dt.datetime) -> None:
    sealed = pdf.sign(paper, reason=REASON, at=now)
    assert sealed.startswith(paper)
    with pikepdf.open(io.BytesIO(paper)) as before, pikepdf.open(io.BytesIO(sealed)) as after:
        assert after.docinfo == before.docinfo
        assert after.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
        (field,) = after.Root.AcroForm.Fields
        assert list(field.Rect) == [0, 0, 0, 0]


@pytest.mark.parametrize(("fault", "error"), [("dead", Unreachable), ("bad_signature", Malformed)])
def test_without_a_sound_stamp_there_is_no_seal(
    sandbox: Sandbox, paper: bytes, now: dt.datetime, fault: str, error: type[Exception]
) -> None:
    sandbox.set("timestamps", fault)
    with pytest.raises(error):
        pdf.sign(paper, reason=REASON, at=now)


def test_a_stamp_that_has_no_room_is_refused(
    sandbox: Sandbox, paper: bytes, now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "STAMP_BYTES", 100)
    with pytest.raises(Malformed, match="larger than the room"):
        pdf.sign(paper, reason=REASON, at=now)


def test_a_seal_takes_little_room(unstamped: None, paper: bytes, now: dt.datetime) -> None:
    assert len(pdf.sign(paper, reason=REASON, at=now)) - len(paper) < 9_000


def test_rsa_seals_too(
    unstamped: None, ring: Callable[..., Path], paper: bytes, now: dt.datetime, tmp_path: Path
) -> None:
    founding.found(ring(), founding.Founder(rsa=True))
    sealed = pdf.sign(paper, reason=REASON, at=now)
    assert isinstance(keyring().pdf.public[keyring().pdf.in_use][0].public_key(), RSAPublicKey)
    assert "successful" in openssl_agrees(sealed, tmp_path)


def test_a_token_holds_the_key_instead(
    settings: Any, monkeypatch: pytest.MonkeyPatch, ring: Callable[..., Path]
) -> None:
    """The library for tokens is named only when one is configured; the chain comes from the ring, the key does not."""
    founding.found(ring(), founding.Founder())
    (private,) = ring().glob("pdf/*.key")
    private.unlink()
    with pytest.raises(KeysUnfitError, match=r"\.key holds no private key"):
        pdf._signer()
    token = {"module": "/nowhere/pkcs11.so", "label": "titles", "key": "seal", "pin": "1234"}
    settings.SEALING = {**settings.SEALING, "pkcs11": token}
    with pytest.raises(ImportError, match="pkcs11"):
        pdf._signer()


def test_whoever_is_in_an_event_loop_can_seal(unstamped: None, paper: bytes, now: dt.datetime) -> None:
    async def inside() -> bytes:
        return pdf.sign(paper, reason=REASON, at=now)

    assert seal_in(seals.apart(asyncio.run, inside())).docmdp_level is MDPPerm.NO_CHANGES


def test_the_key_is_read_once() -> None:
    assert pdf._signer() is pdf._signer()
    assert isinstance(pdf._signer(), KeySigner)
