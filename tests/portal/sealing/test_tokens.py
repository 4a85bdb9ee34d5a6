"""Tokens: what they prove, what they keep to themselves, and that anybody's COSE reads them."""

import base64

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.sealing import tokens
from portal.sealing.keys import keyring
from portal.sealing.tokens import Fault, TokenInvalid

FACE = {
    "number": "ZC110000202600000017",
    "holder_name": "欧阳䶮",
    "sex": "女",
    "birth_date": "1987-03-02",
    "document_type": "居民身份证",
    "masked_document": "110101********0017",
    "series": "中小学教师",
    "specialty": "初中数学",
    "title": "高级教师",
    "level": "副高级",
    "mode": "社会化评审",
    "committee": "北京市中小学教师高级职称评审委员会",
    "passed_on": "2026-10-01",
    "issued_on": "2026-10-14",
    "district_limited": "",
    "is_restricted": "false",
    "check_code": "K7M2PQ9X",
    "corrects": "",
}
CARRIED = ("number", "holder_name", "series", "specialty", "title", "level", "passed_on", "issued_on", "check_code")
HEADER, EMPTY, PAYLOAD, SIGNATURE = range(4)


def token_of(digits: str) -> bytes:
    """The token's bytes, by the rule in words: the number's bytes without the leading 01."""
    spelled = f"{int(digits):x}"
    marked = bytes.fromhex(spelled.zfill(len(spelled) + len(spelled) % 2))
    assert marked[0] == 1
    return marked[1:]


def digits_of(token: bytes) -> str:
    return str(int("01" + token.hex(), 16))


def forged(payload: bytes, header: bytes | None = None, key: Ed25519PrivateKey | None = None) -> str:
    """A token built by hand from the RFC, signed with our key or another."""
    ours = keyring().tokens
    header = cbor2.dumps({1: -8, 4: bytes.fromhex(ours.in_use)}) if header is None else header
    signature = (key or ours.private).sign(cbor2.dumps(["Signature1", header, b"", payload]))
    return digits_of(cbor2.dumps(cbor2.CBORTag(18, [header, {}, payload, signature])))


def test_a_token_proves_the_face() -> None:
    assert tokens.read(tokens.make(FACE)) == {name: FACE[name] for name in CARRIED}


def test_a_usual_face_fits_a_small_code() -> None:
    digits = tokens.make(FACE)
    assert len(token_of(digits)) <= 190
    assert len(digits) <= 460


def test_it_is_plain_cose() -> None:
    parts = cbor2.loads(token_of(tokens.make(FACE)))
    assert parts.tag == 18
    header = cbor2.loads(parts.value[HEADER])
    assert header == {1: -8, 4: bytes.fromhex(keyring().tokens.in_use)}
    assert parts.value[EMPTY] == {}
    raw = Ed25519PublicKey.from_public_bytes(base64.b64decode(tokens.public_keys()[header[4].hex()]))
    signed = b"\x84\x6aSignature1" + cbor2.dumps(parts.value[HEADER]) + b"\x40" + cbor2.dumps(parts.value[PAYLOAD])
    raw.verify(parts.value[SIGNATURE], signed)
    with pytest.raises(InvalidSignature):
        raw.verify(parts.value[SIGNATURE], signed + b"\x00")
    payload = cbor2.loads(parts.value[PAYLOAD])
    assert (payload[0], payload[2], payload[6], payload[8]) == (1, "欧阳䶮", 1, 20261014)


def test_one_built_by_hand_is_read() -> None:
    assert tokens.read(forged(cbor2.dumps({0: 1, 1: "A1"}))) == {"number": "A1"}


def test_a_later_version_may_tell_more() -> None:
    assert tokens.read(forged(cbor2.dumps({0: 1, 1: "A1", 99: "later"}))) == {"number": "A1"}
    assert tokens.read(forged(cbor2.dumps({0: 1, 1: "A1", 6: 17}))) == {"number": "A1", "level": "17"}


def test_a_restricted_certificate_tells_its_number_alone() -> None:
    digits = tokens.make(FACE | {"is_restricted": "true"})
    assert tokens.read(digits) == {"number": FACE["number"], "is_restricted": "true"}
    assert "欧阳".encode() not in token_of(digits)


def test_a_title_of_one_district_says_so() -> None:
    assert tokens.read(tokens.make(FACE | {"district_limited": "海淀区"}))["district_limited"] == "海淀区"


@pytest.mark.parametrize("level", ["员级", "正高级", "高级工程师一级"])
def test_every_level_is_told(level: str) -> None:
    assert tokens.read(tokens.make(FACE | {"level": level}))["level"] == level


def test_long_names_are_told_in_full_and_endless_ones_refused() -> None:
    assert tokens.read(tokens.make(FACE | {"holder_name": "名" * 200}))["holder_name"] == "名" * 200
    with pytest.raises(ValueError, match="too long for a code"):
        tokens.make(FACE | {"holder_name": "名" * 300})


def test_a_face_needs_a_number_and_real_days() -> None:
    with pytest.raises(KeyError):
        tokens.make(FACE | {"number": ""})
    with pytest.raises(ValueError, match="passed_on is no day"):
        tokens.make(FACE | {"passed_on": "1 October"})


@pytest.mark.parametrize(
    "digits",
    [
        "",
        "0",
        "0123",
        "12a",
        "-5",
        "１２３",
        "1 2",
        "1",
        "256",
        digits_of(b""),
        digits_of(b"\xd2"),
        digits_of(bytes(120)),
    ],
)
def test_what_is_no_token_is_malformed(digits: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.read(digits)
    assert refused.value.fault is Fault.MALFORMED


def test_too_many_digits_are_not_looked_at() -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.read("9" * 2001)
    assert refused.value.fault is Fault.TOO_LONG


def test_a_strangers_key_is_unknown() -> None:
    header = cbor2.dumps({1: -8, 4: b"\x00\x01\x02\x03"})
    with pytest.raises(TokenInvalid) as refused:
        tokens.read(forged(cbor2.dumps({0: 1, 1: "A1"}), header, Ed25519PrivateKey.generate()))
    assert refused.value.fault is Fault.UNKNOWN_KEY


def test_a_stranger_with_our_keys_name_is_caught() -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.read(forged(cbor2.dumps({0: 1, 1: "A1"}), key=Ed25519PrivateKey.generate()))
    assert refused.value.fault is Fault.BAD_SIGNATURE


@pytest.mark.parametrize(
    "header",
    [cbor2.dumps({1: -7, 4: b"0000"}), cbor2.dumps({4: b"0000", 1: -8}), cbor2.dumps({1: -8}), b""],
    ids=["another algorithm", "another order", "no key", "no header"],
)
def test_another_header_is_malformed(header: bytes) -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.read(forged(cbor2.dumps({0: 1, 1: "A1"}), header))
    assert refused.value.fault is Fault.MALFORMED


def test_another_version_is_malformed() -> None:
    for payload in ({0: 2, 1: "A1"}, {1: "A1"}, ["A1"]):
        with pytest.raises(TokenInvalid) as refused:
            tokens.read(forged(cbor2.dumps(payload)))
        assert refused.value.fault is Fault.MALFORMED


def test_no_flipped_bit_is_read() -> None:
    token = token_of(tokens.make(FACE))
    for place in range(len(token)):
        altered = bytearray(token)
        altered[place] ^= 1 << place % 8
        with pytest.raises(TokenInvalid):
            tokens.read(digits_of(bytes(altered)))


def test_no_token_is_read_in_two_spellings() -> None:
    """Bytes after the token, a longer spelling of a length: the signature would hold, but nobody wrote that."""
    token = token_of(tokens.make(FACE))
    loose = cbor2.loads(token).value
    indefinite = b"\xd2\x9f" + b"".join(map(cbor2.dumps, loose)) + b"\xff"
    for altered in (token + b"\x00", token[1:], indefinite):
        with pytest.raises(TokenInvalid) as refused:
            tokens.read(digits_of(altered))
        assert refused.value.fault is Fault.MALFORMED
