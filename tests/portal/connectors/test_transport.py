"""What a failing system does to a call: which error, how many attempts, what the log says."""

import datetime as dt
import json
import time
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from portal.connectors import education, identity, signing, sms
from portal.connectors.errors import ConnectorError, Malformed, Refused, Unreachable, Why
from portal.connectors.sandbox import KEY_ID, SECRET
from tests.fixtures.sandbox import Sandbox, known

LIN = known("林知远")


def failure_of(now: dt.datetime) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        education.lookup(LIN, at=now)
    return caught.value


@pytest.mark.parametrize(
    ("fault", "why"),
    [("dead", Why.DROPPED), ("lost_reply", Why.DROPPED), ("error", Why.SERVER_ERROR), ("busy", Why.BUSY)],
)
def test_a_system_that_is_not_there_is_asked_again_and_then_unreachable(
    sandbox: Sandbox, now: dt.datetime, fault: str, why: Why
) -> None:
    sandbox.set("education", fault)
    failure = failure_of(now)
    assert isinstance(failure, Unreachable)
    assert failure.why is why
    assert failure.retryable
    assert str(failure) == f"education.lookup: {why}"
    assert len(sandbox.requests("education")) == 3


def test_a_slow_system_is_given_up_after_the_read_time_out(sandbox: Sandbox, now: dt.datetime, settings: Any) -> None:
    settings.CONNECTORS["education"] |= {"read_timeout": 0.3}
    sandbox.set("education", delay_ms=900)
    began = time.monotonic()
    failure = failure_of(now)
    assert isinstance(failure, Unreachable)
    assert (failure.why, failure.maybe_done) == (Why.TIMEOUT, True)
    assert time.monotonic() - began < 2


def test_patience_bounds_a_call_with_all_its_attempts(sandbox: Sandbox, now: dt.datetime, settings: Any) -> None:
    settings.CONNECTORS["education"] |= {"read_timeout": 5, "patience": 0.5}
    sandbox.set("education", delay_ms=2000)
    began = time.monotonic()
    failure_of(now)
    assert time.monotonic() - began < 1.5


def test_a_system_that_recovers_answers_within_the_same_call(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("education", "error", times=2)
    assert len(education.lookup(LIN, at=now)) == 2
    ids = {request["request_id"] for request in sandbox.requests("education")}
    assert len(sandbox.requests("education")) == 3
    assert len(ids) == 1


def test_a_refusal_is_not_asked_again(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("education", "refuse")
    failure = failure_of(now)
    assert isinstance(failure, Refused)
    assert (failure.code, failure.text, failure.retryable) == ("sandbox_refuses", "told to refuse", False)
    assert len(sandbox.requests("education")) == 1


@pytest.mark.parametrize(
    ("fault", "defect"),
    [
        ("garbage", "signature does not hold"),
        ("bad_signature", "signature does not hold"),
        ("broken_contract", "schooling is not a list"),
    ],
)
def test_an_answer_that_is_not_the_systems_own_is_malformed(
    sandbox: Sandbox, now: dt.datetime, fault: str, defect: str
) -> None:
    sandbox.set("education", fault)
    failure = failure_of(now)
    assert isinstance(failure, Malformed)
    assert failure.defect == defect
    assert len(sandbox.requests("education")) == 1


def test_nobody_listens(sandbox: Sandbox, now: dt.datetime, settings: Any) -> None:
    settings.CONNECTORS["education"] |= {"url": "http://127.0.0.1:9/education"}
    failure = failure_of(now)
    assert isinstance(failure, Unreachable)
    assert (failure.why, failure.maybe_done) == (Why.NO_CONNECTION, False)


def test_a_system_without_an_address_is_unreachable_and_nothing_crashes(
    sandbox: Sandbox, now: dt.datetime, settings: Any
) -> None:
    settings.CONNECTORS["education"] |= {"url": ""}
    failure = failure_of(now)
    assert isinstance(failure, Unreachable)
    assert failure.why is Why.NOT_CONFIGURED


class TestWhatMayNotHappenTwice:
    def test_a_message_whose_answer_was_lost_is_not_sent_again(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sandbox.set("sms", "lost_reply")
        with pytest.raises(Unreachable) as caught:
            sms.send("m-1", "13900001234", "请登录平台查看答辩通知书。", at=now)
        assert caught.value.maybe_done
        assert len(sandbox.requests("sms")) == 1
        sandbox.set("sms")
        assert sms.report("m-1", at=now) is not None

    def test_a_message_that_never_arrived_is_tried_again(self, sandbox: Sandbox, now: dt.datetime) -> None:
        sandbox.set("sms", "busy", times=2)
        assert sms.send("m-2", "13900001234", "您的申报已提交。", at=now).message_id == "m-2"
        assert len(sandbox.requests("sms")) == 3


def test_the_log_has_one_line_per_attempt_and_nothing_personal(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("identity", "error", times=1)
    with capture_logs() as lines:
        identity.check(LIN, at=now)
    calls = [line for line in lines if line["event"] == "connector_call"]
    assert [(line["attempt"], line["outcome"]) for line in calls] == [(1, "server_error"), (2, "ok")]
    assert {line["request_id"] for line in calls} == {request["request_id"] for request in sandbox.requests("identity")}
    assert all(line["system"] == "identity" and line["operation"] == "check" and line["ms"] >= 0 for line in calls)
    written = json.dumps(lines, ensure_ascii=False, default=str)
    assert LIN.name not in written
    assert LIN.number not in written


class TestTheOtherSideOfTheSignature:
    """The sandbox refuses what a real system would refuse, so a client that signs wrongly is noticed."""

    def ask(self, sandbox: Sandbox, headers: dict[str, str], body: bytes) -> httpx.Response:
        return httpx.post(f"{sandbox.url}/identity/check", content=body, headers=headers, trust_env=False)

    def signed(self, body: bytes, secret: str = SECRET) -> dict[str, str]:
        return signing.request_headers(KEY_ID, secret, path="/identity/check", request_id="r-1", body=body)

    def test_a_wrong_secret(self, sandbox: Sandbox) -> None:
        answer = self.ask(sandbox, self.signed(b"{}", secret="guessed"), b"{}")
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")

    def test_a_changed_body(self, sandbox: Sandbox) -> None:
        answer = self.ask(sandbox, self.signed(b"{}"), b'{"person": 1}')
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")

    def test_a_used_nonce(self, sandbox: Sandbox) -> None:
        headers = self.signed(b"{}")
        assert self.ask(sandbox, headers, b"{}").json()["code"] == "bad_request"
        assert self.ask(sandbox, headers, b"{}").json()["code"] == "replayed"

    def test_a_stale_timestamp(self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        late = str(int(signing.stamp()) - 301)
        monkeypatch.setattr(signing, "stamp", lambda: late)
        assert self.ask(sandbox, self.signed(b"{}"), b"{}").json()["code"] == "stale"


def test_the_canonical_string_is_as_written_down() -> None:
    """A fixed example for whoever implements the other side."""
    signature = signing.sign("secret", "REQUEST", "POST", "/sms/send", "1783476000", "00ff", "r-1", body=b'{"a":1}')
    assert signature == "58c5b4f9abac086bb149032d250acf914acab1fb84a64ec4ceb5c7ed1eb8cb4c"


def test_a_part_with_a_newline_is_never_signed() -> None:
    with pytest.raises(ValueError, match="newline"):
        signing.sign("secret", "a\nb", body=b"")
    assert not signing.holds("0" * 64, "secret", "a\nb", body=b"")
