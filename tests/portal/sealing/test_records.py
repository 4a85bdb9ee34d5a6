"""Records sealed with SM2: by the standard's own numbers, as openssl sees them, and never in two spellings."""

import base64
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tongsuopy.crypto import hashes, serialization
from tongsuopy.crypto.asymciphers.ec import ECDSA, SM2, EllipticCurvePublicNumbers
from tongsuopy.crypto.exceptions import InvalidSignature

from portal.sealing import checks, founding, records
from portal.sealing.keys import keyring
from portal.sealing.records import Fault, RecordInvalid, SealedRecord

RECORD = {"number": "ZC110000202600000017", "holder_name": "欧阳䶮", "is_restricted": "false", "corrects": ""}
CANONICAL = '{"corrects":"","holder_name":"欧阳䶮","is_restricted":"false","number":"ZC110000202600000017"}'.encode()


def test_the_numbers_of_the_standard() -> None:
    """GM/T 0003.5-2012, appendix A: the message, the public key and the signature that is printed there."""
    key = EllipticCurvePublicNumbers(
        0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
        0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
        SM2(),
    ).public_key()
    printed = encode_dss_signature(
        0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3,
        0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA,
    )
    key.verify(printed, b"message digest", ECDSA(hashes.SM3()))
    with pytest.raises(InvalidSignature):
        key.verify(printed, b"message digests", ECDSA(hashes.SM3()))


def test_a_sealed_record_holds() -> None:
    sealed = records.sign(RECORD)
    assert sealed.record == CANONICAL
    assert records.verify(sealed) == RECORD
    assert records.verify(SealedRecord.from_files(sealed.record, sealed.signature_file())) == RECORD


def test_the_attached_signature_tells_how_it_is_verified() -> None:
    sealed = records.sign(RECORD)
    assert json.loads(sealed.signature_file()) == {
        "algorithm": "SM2-with-SM3",
        "key": keyring().records.in_use,
        "signature": base64.b64encode(sealed.signature).decode(),
        "user_id": "1234567812345678",
    }


def test_openssl_agrees(tmp_path: Path) -> None:
    sealed = records.sign(RECORD)
    key = keyring().records.public[sealed.key_id]
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    (tmp_path / "key.pem").write_bytes(key.public_bytes(serialization.Encoding.PEM, form))
    (tmp_path / "signature").write_bytes(sealed.signature)
    (tmp_path / "record").write_bytes(sealed.record)
    command = "openssl dgst -sm3 -verify key.pem -signature signature -sigopt distid:1234567812345678 record"
    said = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verified OK" in said.stdout, said.stderr


def test_names_are_sorted_and_only_texts_are_sealed() -> None:
    assert records.canonical({"b": '"\\\n', "a": "/é"}) == '{"a":"/é","b":"\\"\\\\\\n"}'.encode()
    with pytest.raises(TypeError):
        records.sign({"number": 1})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("altered", "fault"),
    [
        ({"record": CANONICAL.replace("欧".encode(), "殴".encode())}, Fault.BAD_SIGNATURE),
        ({"record": CANONICAL + b" "}, Fault.BAD_SIGNATURE),
        ({"signature": b""}, Fault.BAD_SIGNATURE),
        ({"signature": b"0\x06\x02\x01\x00\x02\x01\x00"}, Fault.BAD_SIGNATURE),
        ({"signature": bytes(2000)}, Fault.BAD_SIGNATURE),
        ({"key_id": "00000000"}, Fault.UNKNOWN_KEY),
    ],
)
def test_what_was_altered_is_refused(altered: dict[str, bytes], fault: Fault) -> None:
    with pytest.raises(RecordInvalid) as refused:
        records.verify(replace(records.sign(RECORD), **altered))
    assert refused.value.fault is fault


@pytest.mark.parametrize("data", [b'{"b":"1","a":"2"}', b'{"a": "1"}', b'{"a":1}', b"[]", b"\xff", b"[" * 60000])
def test_another_spelling_is_malformed_even_if_signed(data: bytes) -> None:
    signer = records.signer()
    with pytest.raises(RecordInvalid) as refused:
        records.verify(SealedRecord(data, signer.key_id, signer.sign(data)))
    assert refused.value.fault is Fault.MALFORMED


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{}",
        b"[]",
        b'{"algorithm":"SM2-with-SM3","key":"00000000","signature":"!","user_id":"1234567812345678"}',
        b'{"algorithm":"none","key":"00000000","signature":"","user_id":"1234567812345678"}',
        b'{"algorithm":"SM2-with-SM3","key":"00000000","more":"","signature":"","user_id":"1234567812345678"}',
        b"x" * 70000,
    ],
)
def test_a_signature_file_of_another_form_is_malformed(file: bytes) -> None:
    with pytest.raises(RecordInvalid) as refused:
        SealedRecord.from_files(CANONICAL, file)
    assert refused.value.fault is Fault.MALFORMED


@dataclass(frozen=True)
class Service:
    """An agency's signature service: its key is not in our files, its public key is among ours."""

    key_id = "5e471ce0"

    def sign(self, data: bytes) -> bytes:
        return b"signed elsewhere: " + data[:4]


def test_a_service_signs_instead(settings: Any, ring: Callable[..., Path]) -> None:
    settings.SEALING = {**settings.SEALING, "record_signer": f"{__name__}.Service"}
    sealed = records.sign(RECORD)
    assert (sealed.key_id, sealed.signature) == ("5e471ce0", b'signed elsewhere: {"co')
    founding.found(ring(), founding.Founder())
    next(ring().glob("records/*.key")).unlink()
    assert checks.keys_are_whole(None) == []
