"""The program for strangers: run as they would, on sound evidence and on every kind of forgery."""

import base64
import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain import checkpoints, transparency
from certificates.domain.evidence import evidence_for
from certificates.domain.logging_events import LogEvent, log_event
from certificates.models import LogCheckpoint
from tests.certificates.conftest import ORIGIN
from tests.certificates.verifier import PATH, verifier

Run = Callable[..., tuple[int, str]]
Piece = dict[str, Any]
FACE = {"number": "BJ202600001", "holder_name": "䶮龘", "title": "高级工程师"}
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.fixture
def piece(
    log: Callable[..., int], sign: Callable[..., LogCheckpoint], now: dt.datetime, key: Ed25519PrivateKey
) -> Piece:
    """Evidence of one event among others, and that the log goes on from what was signed before."""
    log(3)
    before = sign()
    log_event(LogEvent.ISSUED, FACE["number"], FACE, now)
    log(4)
    sign()
    (found,) = evidence_for(FACE["number"])
    proof = [one.hex() for one in transparency.consistency_proof(3, 8)]
    return {**found, "consistency": {"checkpoint": before.note, "proof": proof}}


@pytest.fixture
def run(tmp_path: Path, key: Ed25519PrivateKey) -> Run:
    """Run the program with nothing but Python itself: ``run(evidence, face=…)``; returns how it ended and what it said."""

    def ran(evidence: Any, *, face: Any = None, by: Ed25519PrivateKey = key, line: str = "") -> tuple[int, str]:
        files = {"evidence.json": evidence, "certificate.json": face}
        for name, told in files.items():
            text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
            (tmp_path / name).write_text(text, encoding="utf-8")
        known = line or checkpoints.verifier_key(ORIGIN, by.public_key().public_bytes_raw())
        options = ["--face", "certificate.json"] if face is not None else []
        command = [sys.executable, "-I", "-S", str(PATH), "check", "evidence.json", "--key", known, *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert not done.stderr
        return done.returncode, done.stdout

    return ran


def flipped(text: str) -> str:
    return ("1" if text[0] == "0" else "0") + text[1:]


def signed(size: int, top: bytes, by: Ed25519PrivateKey, origin: str = ORIGIN) -> str:
    return checkpoints.signed_note(by, origin, size, top)


# --- Sound evidence ---------------------------------------------------------------------------
def test_sound_evidence_says_what_it_proves(piece: Piece, run: Run) -> None:
    status, said = run(piece, face=FACE)
    assert status == 0
    assert '"event":"issued"' in said
    assert said.splitlines()[0].startswith("SOUND  entry 3 of 8: ")
    assert said.splitlines()[1] == "SOUND  the log of 8 entries goes on from that of 3"


def test_a_list_of_evidence_is_checked_piece_by_piece(piece: Piece, run: Run) -> None:
    second = {name: piece[name] for name in ("checkpoint", "inclusion")}
    status, said = run([piece, second])
    assert (status, said.count("SOUND  entry")) == (0, 2)


def test_signatures_by_witnesses_beside_the_logs_own_are_passed_over(piece: Piece, run: Run) -> None:
    line = base64.b64encode(bytes(68)).decode()
    text, _blank, own = piece["checkpoint"].partition("\n\n")
    status, said = run({**piece, "checkpoint": f"{text}\n\n— witness.example.org {line}\n{own}"})
    assert status == 0, said


# --- Forgeries --------------------------------------------------------------------------------
def another_record(told: Piece) -> None:
    told["inclusion"]["record"] = told["inclusion"]["record"].replace("issued", "revoked")


def another_nonce(told: Piece) -> None:
    told["inclusion"]["nonce"] = flipped(told["inclusion"]["nonce"])


def another_place(told: Piece) -> None:
    told["inclusion"]["index"] = 2


def a_place_outside(told: Piece) -> None:
    told["inclusion"]["index"] = 8


def another_proof(told: Piece) -> None:
    told["inclusion"]["proof"][0] = flipped(told["inclusion"]["proof"][0])


def a_shorter_proof(told: Piece) -> None:
    told["inclusion"]["proof"].pop()


def another_root(told: Piece) -> None:
    lines = told["checkpoint"].split("\n")
    told["checkpoint"] = "\n".join([*lines[:2], base64.b64encode(bytes(32)).decode(), *lines[3:]])


def another_size(told: Piece) -> None:
    told["checkpoint"] = told["checkpoint"].replace("\n8\n", "\n9\n")


def another_signer(told: Piece) -> None:
    told["checkpoint"] = signed(8, transparency.root(8), OTHER)


def another_log(told: Piece) -> None:
    told["checkpoint"] = signed(8, transparency.root(8), OTHER, "elsewhere.example.org/log")


def another_history(told: Piece, key: Ed25519PrivateKey) -> None:
    told["consistency"]["checkpoint"] = signed(3, bytes(32), key)


def a_longer_history(told: Piece, key: Ed25519PrivateKey) -> None:
    told["consistency"]["checkpoint"] = signed(9, transparency.root(8), key)


def a_history_of_another(told: Piece) -> None:
    told["consistency"]["checkpoint"] = signed(3, transparency.root(3), OTHER)


def no_proof_of_history(told: Piece) -> None:
    told["consistency"]["proof"] = []


@pytest.mark.parametrize(
    ("forge", "word"),
    [
        (another_record, "inclusion: this record is not at this place"),
        (another_nonce, "inclusion: this record is not at this place"),
        (another_place, "inclusion: this record is not at this place"),
        (a_place_outside, "inclusion: this record is not at this place"),
        (another_proof, "inclusion: this record is not at this place"),
        (a_shorter_proof, "inclusion: this record is not at this place"),
        (another_root, "signature: the log's key did not sign"),
        (another_size, "signature: the log's key did not sign"),
        (another_signer, "signature: none of the checkpoint's is by the log's key"),
        (another_log, "checkpoint: it is of another log"),
        (another_history, "consistency: the log of 8 does not go on from that of 3"),
        (a_longer_history, "consistency: the log of 8 does not go on from that of 9"),
        (a_history_of_another, "signature: none of the checkpoint's is by the log's key"),
        (no_proof_of_history, "consistency: the log of 8 does not go on from that of 3"),
    ],
)
def test_a_forgery_is_named(piece: Piece, run: Run, key: Ed25519PrivateKey, forge: Any, word: str) -> None:
    told = deepcopy(piece)
    forge(*((told, key) if forge.__code__.co_argcount == 2 else (told,)))
    status, said = run(told)
    assert status == 1
    assert said.splitlines()[-1].startswith(f"WRONG  {word}")


def test_a_certificate_that_shows_something_else_is_named(piece: Piece, run: Run) -> None:
    status, said = run(piece, face={**FACE, "title": "正高级工程师"})
    assert (status, said) == (1, "WRONG  face: the certificate shows something else than what was logged\n")


def test_a_signature_that_was_altered_is_named(piece: Piece, run: Run) -> None:
    text, _blank, line = piece["checkpoint"].partition("\n\n")
    raw = bytearray(base64.b64decode(line.split(" ")[2]))
    raw[-1] ^= 1
    status, said = run({**piece, "checkpoint": f"{text}\n\n— {ORIGIN} {base64.b64encode(raw).decode()}\n"})
    assert (status, "signature: the log's key did not sign" in said) == (1, True)


@pytest.mark.parametrize(
    "evidence",
    [
        "",
        "no JSON",
        "3",
        [],
        {},
        {"checkpoint": "x"},
        {"checkpoint": 3},
    ],
)
def test_what_is_no_evidence_is_not_called_a_forgery(run: Run, evidence: Any) -> None:
    status, said = run(evidence)
    assert status == 2
    assert said.startswith("UNREADABLE  ")


@pytest.mark.parametrize(
    "change",
    [
        {"inclusion": {}, "consistency": None},
        {"inclusion": None, "consistency": None},
        {"inclusion": {"index": True, "record": "", "nonce": "00" * 32, "proof": []}},
        {"inclusion": {"index": 1, "record": "", "nonce": "00", "proof": []}},
        {"inclusion": {"index": 1, "record": "", "nonce": "00" * 32, "proof": ["zz"]}},
    ],
)
def test_a_piece_with_holes_is_unreadable(piece: Piece, run: Run, change: Piece) -> None:
    status, said = run({**piece, **change})
    assert (status, said.splitlines()[-1].split("  ")[0]) == (2, "UNREADABLE")


@pytest.mark.parametrize("spelt", ["08", "+8", "٨", "8 ", "8_0", "-8", "0"])
def test_a_size_has_one_spelling(piece: Piece, run: Run, key: Ed25519PrivateKey, spelt: str) -> None:
    text = f"{ORIGIN}\n{spelt}\n{base64.b64encode(transparency.root(8)).decode()}\n"
    raw = checkpoints.key_id(ORIGIN, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    status, said = run({**piece, "checkpoint": f"{text}\n— {ORIGIN} {base64.b64encode(raw).decode()}\n"})
    assert (status, said) == (2, "UNREADABLE  checkpoint: not the head of a log\n")


def test_a_mistyped_key_is_told_from_a_forgery(piece: Piece, run: Run, key: Ed25519PrivateKey) -> None:
    line = checkpoints.verifier_key(ORIGIN, key.public_key().public_bytes_raw())
    for wrong in (line.replace("titles", "tites"), line[:-6] + "AAAAA=", "nothing", line.replace("+A", "+B")):
        status, said = run(piece, line=wrong)
        assert (status, said.split(":")[0]) in {(2, "UNREADABLE  key"), (2, "UNREADABLE  not base64 as it is written")}


# --- Its own arithmetic -----------------------------------------------------------------------
def test_the_standards_own_signature() -> None:
    """The third vector of RFC 8032, 7.1."""
    public = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
    signature = bytes.fromhex(
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    )
    assert verifier.is_signature(public, bytes.fromhex("af82"), signature)
    assert not verifier.is_signature(public, bytes.fromhex("af83"), signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_signatures_hold_and_not_with_any_bit_flipped(secret: bytes, message: bytes, bit: int) -> None:
    signer = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = signer.public_key().public_bytes_raw(), signer.sign(message)
    assert verifier.is_signature(public, message, signature)
    changed = (int.from_bytes(signature, "little") ^ (1 << bit)).to_bytes(64, "little")
    assert not verifier.is_signature(public, message, changed)
    assert not verifier.is_signature(public, message + b"\x00", signature)


def test_a_signature_has_one_spelling() -> None:
    """The answer plus the order of the group would pass where nobody looks at its size."""
    signer = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signature = signer.sign(b"head")
    larger = int.from_bytes(signature[32:], "little") + verifier.ORDER
    assert not verifier.is_signature(
        signer.public_key().public_bytes_raw(), b"head", signature[:32] + larger.to_bytes(32, "little")
    )
