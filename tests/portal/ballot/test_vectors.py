"""Python makes and takes exactly what the shared vectors say; `tests/browser/test_ballot_vectors.py` asks the same of the browser."""

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from portal.ballot import casting, ceremony, counting
from portal.ballot.casting import Booth
from portal.ballot.ceremony import SEATS, Ceremony
from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import point, scalar
from tests.portal.ballot.vectors import made

ROOT = Path(__file__).parents[3]
FILE = ROOT / "tests" / "fixtures" / "ballot_vectors.json"


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    if "UPDATE_VECTORS" in os.environ:
        FILE.write_text(json.dumps(made(), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return json.loads(FILE.read_text("utf-8"))


def test_the_same_draws_make_the_same_bytes(vectors: dict[str, Any]) -> None:
    assert made() == vectors


def test_bad_encodings_are_refused(vectors: dict[str, Any]) -> None:
    for name, encoding in vectors["refused_points"].items():
        with pytest.raises(BallotRefused) as refused:
            point(bytes.fromhex(encoding))
        assert refused.value.fault in {Fault.POINT, Fault.LENGTH}, name
    for encoding in vectors["refused_scalars"]:
        with pytest.raises(BallotRefused) as refused:
            scalar(bytes.fromhex(encoding))
        assert refused.value.fault == Fault.SCALAR


def test_a_whole_vote_is_counted_from_its_bytes(vectors: dict[str, Any]) -> None:
    """Nothing but the published bytes is used: as the portal does."""
    told = vectors["ceremony"]
    announced = [
        ceremony.read_announcement(vectors["session"], seat, bytes.fromhex(message))
        for seat, message in zip(SEATS, told["announcements"], strict=True)
    ]
    held = Ceremony(vectors["session"], tuple(announced))
    for seat, each in zip(SEATS, told["confirmations"], strict=True):
        ceremony.check_confirmation(held, seat, bytes.fromhex(each["confirmation"]))
    booth = Booth(vectors["session"], vectors["item"], held.joint_key)
    sealed = []
    for each in vectors["ballots"]:
        key, ballot, signature = (bytes.fromhex(each[name]) for name in ("key", "ballot", "signature"))
        casting.check_signature(booth, key, ballot, signature)
        sealed.append(casting.check(booth, key, ballot))
    votes = counting.added(sealed)
    parts = {
        each["seat"]: counting.check_part(booth, held, each["seat"], votes, bytes.fromhex(each["part"]))
        for each in vectors["parts"]
    }
    assert counting.opened(votes, parts, len(sealed))._asdict() == vectors["totals"]


def test_the_bundle_of_curves_is_the_one_that_was_read() -> None:
    folder = ROOT / "static" / "js" / "ballot"
    told = re.search(r"SHA-256 of curves.min.js: ([0-9a-f]{64})", (folder / "curves.licence.txt").read_text("utf-8"))
    assert told is not None
    assert hashlib.sha256((folder / "curves.min.js").read_bytes()).hexdigest() == told[1]
