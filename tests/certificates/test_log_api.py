"""The log as strangers reach it: the API, the public page, the clockwork and the commands behind them."""

import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from certificates import tasks
from certificates.api import log as api
from certificates.domain import auditing, checkpoints, log_keys, stamping, transparency, tree
from certificates.models import LogCheckpoint, LogStamp
from portal.accounts.actors import Actor
from portal.connectors import timestamps
from tests.applications.test_api_schema import _one_connection, fuzzed
from tests.certificates.conftest import tamper
from tests.certificates.verifier import PATH, verifier
from tests.factories.calls import Caller
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["_one_connection", "sandbox", "sandbox_process"]

Log = Callable[..., int]
At = Callable[[dt.datetime], None]


@pytest.fixture
def public() -> Caller:
    return Caller()


@pytest.fixture
def signed(log: Log, at: At, now: dt.datetime) -> list[LogCheckpoint]:
    """Two checkpoints by the portal's own key, of 3 and of 8 entries, and two entries that wait for the next."""
    at(now)
    for count in (3, 5):
        log(count)
        tasks.sign_log()
    log(2)
    return list(LogCheckpoint.objects.order_by("size"))


def known() -> list[Any]:
    return [verifier.key_of(key.line) for key in log_keys.published_keys()]


# --- Heads ------------------------------------------------------------------------------------
def test_the_newest_head_is_a_note_signed_by_the_published_key(public: Caller, signed: list[LogCheckpoint]) -> None:
    answer = public.get("certificate-log/checkpoint/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    (line,) = public.get("certificate-log/key/").content.decode().splitlines()
    assert verifier.read(answer.content.decode(), [verifier.key_of(line)]) == (8, transparency.root(8))
    assert line.startswith(f"{configured.CERTIFICATE_LOG_ORIGIN}+")


def test_an_older_head_is_found_by_its_size(public: Caller, signed: list[LogCheckpoint]) -> None:
    assert public.get("certificate-log/checkpoints/3/").content.decode() == signed[0].note
    assert public.get("certificate-log/checkpoints/4/").status_code == 404
    assert public.get("certificate-log/checkpoints/0/").status_code == 404


@pytest.mark.parametrize("what", ["checkpoint/", "leaves/", "inclusion/?index=0", "checkpoints/1/stamp/"])
def test_an_empty_log_has_nothing_to_show(db: None, public: Caller, what: str) -> None:
    answer = public.client.get(f"/api/certificate-log/{what}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# --- Proofs -----------------------------------------------------------------------------------
def test_two_heads_are_proved_to_belong_to_one_history(public: Caller, signed: list[LogCheckpoint]) -> None:
    for first in range(1, 9):
        told = public.get("certificate-log/consistency/", first=first, second=8).json()
        proof = [bytes.fromhex(one) for one in told["proof"]]
        assert tree.goes_on(first, 8, transparency.root(first), transparency.root(8), proof)


def test_a_leaf_is_proved_by_place_or_by_hash(public: Caller, signed: list[LogCheckpoint]) -> None:
    by_place = public.get("certificate-log/inclusion/", index=4).json()
    assert by_place == public.get("certificate-log/inclusion/", leaf=by_place["leaf"], size=8).json()
    leaf, proof = bytes.fromhex(by_place["leaf"]), [bytes.fromhex(one) for one in by_place["proof"]]
    assert tree.includes(leaf, 4, 8, proof, transparency.root(8))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("consistency/?first=3&second=9", 404),  # logged, not signed yet
        ("consistency/?first=8&second=3", 404),
        ("consistency/?first=0&second=3", 400),
        ("consistency/?first=3", 400),
        ("consistency/?first=x&second=3", 400),
        (f"consistency/?first=3&second={10**30}", 400),
        ("inclusion/?index=8", 404),
        ("inclusion/?index=3&size=3", 404),
        ("inclusion/?index=3&size=10", 404),
        (f"inclusion/?leaf={'ab' * 32}", 404),
        (f"inclusion/?leaf={'AB' * 32}", 400),
        (f"inclusion/?leaf={'ab' * 32}%0A", 404),
        ("inclusion/?leaf=%00", 400),
        (f"inclusion/?leaf={'ab' * 32}&index=1", 400),
        ("inclusion/", 400),
        ("leaves/?count=1001", 400),
        ("leaves/?start=-1", 400),
    ],
)
def test_what_cannot_be_proved_is_refused(public: Caller, signed: list[LogCheckpoint], query: str, status: int) -> None:
    answer = public.client.get(f"/api/certificate-log/{query}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_a_mirror_reckons_the_root_from_the_leaves(public: Caller, signed: list[LogCheckpoint]) -> None:
    hashes: list[str] = []
    while found := public.get("certificate-log/leaves/", start=len(hashes), count=3).json()["leaves"]:
        hashes += found
    assert len(hashes) == 8  # and not what waits for its signature
    kept = tree.grown(0, [bytes.fromhex(one) for one in hashes], {}.__getitem__)
    assert tree.folded([kept[node] for node in tree.complete((0, 8))]) == bytes(signed[1].root)


def test_nothing_of_a_record_is_shown(public: Caller, signed: list[LogCheckpoint]) -> None:
    for what in ("leaves/", "inclusion/?index=1", "consistency/?first=3&second=8", "closings/", "checkpoint/"):
        told = public.client.get(f"/api/certificate-log/{what}").content.decode()
        assert "issued" not in told
        assert "000001" not in told
        assert "nonce" not in told


def test_who_asks_too_often_is_told_to_wait(
    public: Caller, signed: list[LogCheckpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "QUESTIONS_AN_HOUR", 0)
    answer = public.get("certificate-log/checkpoint/")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_often")


@pytest.mark.usefixtures("_one_connection", "signed")
def test_the_description_is_true(bureau_clerk: Actor) -> None:
    assert fuzzed(bureau_clerk, ("certificate-log",), lambda path: {"size": "8"} if "size" in path else {}) == 8


# --- What leaves the house --------------------------------------------------------------------
def test_the_last_head_of_each_day_is_stamped_outside(
    sandbox: Any, log: Log, at: At, now: dt.datetime, public: Caller
) -> None:
    for day, hours in enumerate((1, 5, 7)):
        log(2)
        at(now + dt.timedelta(days=day, hours=hours - 8))
        tasks.sign_log()
        log(1)
        at(now + dt.timedelta(days=day, hours=hours))
        tasks.sign_log()
    tasks.stamp_log()
    assert list(LogStamp.objects.order_by("checkpoint").values_list("checkpoint", flat=True)) == [3, 6]
    rows = public.get("certificate-log/closings/").json()["results"]
    assert [(row["day"], row["size"]) for row in rows] == [("2026-07-09", 6), ("2026-07-08", 3)]
    assert all(row["stamped_at"] for row in rows)
    answer = public.get("certificate-log/checkpoints/6/stamp/")
    assert answer["Content-Type"] == "application/timestamp-reply"
    assert timestamps.verify(answer.content, public.get("certificate-log/checkpoints/6/").content)
    assert stamping.unfit_stamps() == []


def test_an_authority_that_is_silent_is_asked_again(sandbox: Any, log: Log, at: At, now: dt.datetime) -> None:
    at(now)
    log(1)
    tasks.sign_log()
    at(now + dt.timedelta(days=1))
    sandbox.set("timestamps", "error")
    tasks.stamp_log()
    assert not LogStamp.objects.exists()
    sandbox.set("timestamps")
    tasks.stamp_log()
    assert LogStamp.objects.count() == 1


# --- The clockwork and the commands -----------------------------------------------------------
def test_the_clockwork_needs_no_key_while_nothing_waits(db: None, settings: Settings) -> None:
    settings.SEALING = {**settings.SEALING, "keys": ""}
    tasks.sign_log()
    assert not LogCheckpoint.objects.exists()


def test_the_log_is_signed_and_verified_by_hand(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sign_certificate_log")
    assert capsys.readouterr().out == "Nothing was logged yet.\n"
    log(2)
    call_command("sign_certificate_log")
    assert verifier.read(capsys.readouterr().out, known())[0] == 2
    call_command("verify_certificate_log")
    assert "is whole. Signed so far: 2" in capsys.readouterr().out


def test_a_broken_log_ends_both_commands_with_its_place(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log(3)
    call_command("sign_certificate_log")
    tamper("UPDATE certificates_lognode SET hash = sha256('x') WHERE level = 0 AND index = 2")
    log(1)
    with pytest.raises(CommandError, match="broken in 2 place"):
        call_command("verify_certificate_log")
    assert "2: the record is not what was logged" in capsys.readouterr().err
    with pytest.raises(CommandError, match="does not go on"):
        call_command("sign_certificate_log")


def test_a_signature_by_another_key_and_a_foreign_stamp_are_found(
    sandbox: Any, signed: list[LogCheckpoint], now: dt.datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = timestamps.stamp(b"something else")
    LogStamp.objects.create(checkpoint=signed[0], response=stamp.response, stamped_at=now)
    tamper("UPDATE certificates_logcheckpoint SET note = replace(note, 'localhost', 'elsewhere') WHERE size = 8")
    with pytest.raises(CommandError, match="broken in 2 place"):
        call_command("verify_certificate_log")
    told = capsys.readouterr().err
    assert "8: the signature is not by the log's key" in told
    assert "3: the time stamp is not of what was signed" in told


# --- The page and the program -----------------------------------------------------------------
def test_the_page_shows_the_newest_head_and_how_to_check(client: Client, signed: list[LogCheckpoint]) -> None:
    page = client.get("/certificates/log/").content.decode()
    assert "8 条" in page
    (key,) = log_keys.published_keys()
    assert key.fingerprint in page
    program = client.get("/certificates/log/verifier/")
    assert hashlib.sha256(program.content).hexdigest() in page
    assert program.content == PATH.read_bytes()


def test_the_page_of_an_empty_log_says_so(client: Client, db: None, settings: Settings) -> None:
    settings.SEALING = {**settings.SEALING, "keys": ""}
    page = client.get("/certificates/log/")
    assert (page.status_code, "日志还没有签过检查点。" in page.content.decode()) == (200, True)
    assert client.get("/api/certificate-log/key/").status_code == 404


def test_a_witness_sees_growth_and_a_second_history(
    transactional_db: None, live_server: LiveServer, log: Log, tmp_path: Path
) -> None:
    (key,) = log_keys.published_keys()
    kept = tmp_path / "checkpoint.txt"

    def watch() -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(PATH), "watch", live_server.url, "--key", key.line]
        done = subprocess.run([*command, "--kept", str(kept)], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    log(3)
    tasks.sign_log()
    assert watch() == (0, "SOUND  3 entries\n")
    log(4)
    tasks.sign_log()
    assert watch() == (0, "SOUND  7 entries\n")
    assert watch() == (0, "SOUND  7 entries\n")
    tamper("TRUNCATE certificates_logstamp, certificates_logcheckpoint, certificates_lognode, certificates_logleaf")
    log(9, event="revoked")
    tasks.sign_log()
    status, said = watch()
    assert (status, said.split(";")[0]) == (1, "WRONG  consistency: the log of 9 does not go on from that of 7")
    assert (checkpoints.newest().note, auditing.faults()) == (Path(f"{kept}.wrong").read_text(encoding="utf-8"), [])
