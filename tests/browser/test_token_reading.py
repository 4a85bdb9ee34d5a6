"""The browser reads from a certificate's code exactly what the portal reads, and refuses for the same reason."""

from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from portal.sealing import tokens
from portal.sealing.names import LEVELS
from portal.sealing.tokens import TokenInvalid
from tests.portal.sealing.test_tokens import FACE, digits_of, forged, token_of

pytestmark = pytest.mark.browser
READ = """async ([cases, keys]) => {
    const { digitsIn, read } = await import('/static/js/certificates/token.js');
    return Promise.all(cases.map((digits) => read(digitsIn(`#${digits}`), keys)));
}"""
HOLDS_WITHOUT_WEBCRYPTO = """async ([digits, key, parts]) => {
    const { holds } = await import('/static/js/certificates/token.js');
    const [signature, data] = parts.map((part) => Uint8Array.from(part));
    const raw = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    const altered = data.with(0, data[0] ^ 1);
    return [await holds(raw, signature, data, null), await holds(raw, signature, altered, null)];
}"""


def as_the_portal_reads(digits: str) -> dict[str, Any]:
    try:
        return {"ok": True, "face": tokens.read(digits)}
    except TokenInvalid as refused:
        return {"ok": False, "reason": refused.fault.value}


def sound() -> list[str]:
    faces: list[dict[str, str]] = [FACE, *(FACE | {"level": level} for level in (*LEVELS, "高级工程师一级"))]
    faces += [
        FACE | {"is_restricted": "true"},
        FACE | {"district_limited": "海淀区"},
        FACE | {"holder_name": "名" * 100},
    ]
    return [
        *map(tokens.make, faces),
        *(forged(cbor2.dumps({0: 1, 1: "A1", **more})) for more in ({99: "later"}, {6: 17})),
    ]


def unsound() -> list[str]:
    token = token_of(tokens.make(FACE))
    flipped = [
        token[:place] + bytes([token[place] ^ 1 << place % 8]) + token[place + 1 :] for place in range(len(token))
    ]
    longer = b"\xd2\x9f" + b"".join(map(cbor2.dumps, cbor2.loads(token).value)) + b"\xff"
    stranger = Ed25519PrivateKey.generate()
    header = cbor2.dumps({1: -8, 4: b"\x00\x01\x02\x03"})
    return [
        *("", "0", "0123", "12a", "-5", "１２", "1", "256", "9" * 2001, "%20"),
        *map(digits_of, [*flipped, b"", b"\xd2", bytes(120), token + b"\x00", token[1:], token[:-1], longer]),
        forged(cbor2.dumps({0: 1, 1: "A1"}), key=stranger),
        forged(cbor2.dumps({0: 1, 1: "A1"}), header, stranger),
        *(forged(cbor2.dumps(payload)) for payload in ({0: 2, 1: "A1"}, {1: "A1"}, ["A1"])),
    ]


def test_both_read_and_refuse_the_same(bare_page: Page) -> None:
    cases = [*sound(), *unsound()]
    expected = [as_the_portal_reads(digits) for digits in cases]
    assert all(each["ok"] for each in expected[: len(sound())])
    assert {each.get("reason") for each in expected} == {None, *map(str, tokens.Fault)}
    assert bare_page.evaluate(READ, [cases, tokens.public_keys()]) == expected


def test_a_browser_without_ed25519_verifies_with_the_ballots_curves(bare_page: Page) -> None:
    digits = tokens.make(FACE)
    header, payload, signature = tokens._parts(b"\x01" + token_of(digits))
    parts = [list(signature), list(cbor2.dumps(["Signature1", header, b"", payload]))]
    key = tokens.public_keys()[header[-4:].hex()]
    assert bare_page.evaluate(HOLDS_WITHOUT_WEBCRYPTO, [digits, key, parts]) == [True, False]
