"""The published verifier, which shares no code with the portal, takes sound records and names what is wrong in others."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.ballot.casting import Choice
from portal.ballot.group import point, times_generator
from tests.factories.ballots import Scrutineers, Voter, counted, record
from tests.portal.ballot.curve import PATH, verifier

CURVE = verifier()
YES, NO, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    """Four of six agree, which is exactly two thirds; then three of five with one who did not vote; then nobody votes."""
    three, voters = Scrutineers("PS26000001"), [Voter() for _ in range(6)]
    choices = dict(zip(voters, [YES, YES, YES, YES, NO, ABSTAIN], strict=True))
    items = [
        counted(three, "YX26000001", choices),
        counted(three, "YX26000002", dict(list(choices.items())[1:5]), (voters[5],)),
    ]
    nobody = {**items[0], "item": "YX26000003", "ballots": [], "parts": [], "passed": False}
    nobody["totals"] = {"agree": 0, "against": 0, "abstain": 0, "not_cast": 6}
    return json.loads(json.dumps(record(three, voters, [*items, nobody])))


def test_a_sound_record_is_sound(published: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text(json.dumps(published), "utf-8")
    ran = subprocess.run(
        [sys.executable, "-I", PATH, tmp_path / "record.json"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "YX26000001: 4 agree, 1 against, 1 abstain, 0 not cast: passed" in ran.stdout
    assert "YX26000002: 3 agree, 1 against, 0 abstain, 1 not cast: not passed" in ran.stdout
    assert "YX26000003: 0 agree, 0 against, 0 abstain, 6 not cast: not passed" in ran.stdout
    assert ran.stdout.endswith("The record is sound.\n")


def swap_totals(told: Any) -> None:
    told["items"][0]["totals"].update(agree=5, against=0)


def drop_a_ballot(told: Any) -> None:
    told["items"][0]["ballots"].pop()


def double_a_ballot(told: Any) -> None:
    told["items"][0]["ballots"].append(told["items"][0]["ballots"][0])


def move_a_ballot(told: Any) -> None:
    told["items"][1]["ballots"][0] = told["items"][0]["ballots"][1]


def stuff_a_ballot(told: Any) -> None:
    told["items"][0]["ballots"][0]["key"] = Voter().key.hex()


def claim_a_pass(told: Any) -> None:
    told["items"][1]["passed"] = True


def shrink_the_roll(told: Any) -> None:
    told["items"][1]["roll"].pop()


def take_one_part(told: Any) -> None:
    told["items"][0]["parts"].pop()


def change_the_key(told: Any) -> None:
    told["ceremony"]["joint_key"] = times_generator(5).hex()


def share_a_key(told: Any) -> None:
    told["members"][0]["key"] = told["members"][1]["key"]


def forget_a_confirmation(told: Any) -> None:
    told["ceremony"]["scrutineers"][0]["confirmation"] = "00" * 64


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (swap_totals, "YX26000001: announced"),
        (drop_a_ballot, "YX26000001: the proof of part of an opening"),
        (double_a_ballot, "YX26000001: a ballot too many"),
        (move_a_ballot, "YX26000002: not signed by this member"),
        (stuff_a_ballot, "YX26000001: a ballot too many"),
        (claim_a_pass, "YX26000002: 3 of 5 agree: not passed"),
        (shrink_the_roll, "YX26000002: announced"),
        (take_one_part, "YX26000001: fewer than two scrutineers"),
        (change_the_key, "the joint key is another"),
        (share_a_key, "two members have one key"),
        (forget_a_confirmation, "a share that fits does not hold"),
    ],
)
def test_what_was_tampered_with_is_named(published: dict[str, Any], tamper: Callable[[Any], None], words: str) -> None:
    told = copy.deepcopy(published)
    tamper(told)
    found = CURVE.problems(told, say=lambda line: None)
    assert any(words in problem for problem in found), found


def test_both_arithmetics_agree() -> None:
    """The plain one of the verifier and libsodium's, on the same points."""
    for number in (1, 2, 7, 2**200 + 5, 2**252):
        spelled = times_generator(number)
        assert CURVE.spelled(CURVE.multiple(number, CURVE.GENERATOR)) == spelled
        assert CURVE.spelled(CURVE.point(spelled)) == point(spelled)
