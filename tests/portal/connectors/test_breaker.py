"""The breaker: opens, lets one probe through, closes, is shared, and never stands in the way by itself."""

import datetime as dt
import subprocess
import sys
import time
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.cache import cache

from portal.connectors import education, health, insurance
from portal.connectors.breaker import Breaker, State
from portal.connectors.errors import ConnectorError, Unreachable, Why
from portal.connectors.systems import System
from tests.fixtures.sandbox import Sandbox, known

LIN = known("林知远")
PROCESS = """
import sys, time
import django
from django.conf import settings
settings.configure(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": sys.argv[1],
            "KEY_PREFIX": sys.argv[2]}},
    DEMO_CLOCK=False, USE_TZ=True, INSTALLED_APPS=["django.contrib.contenttypes", "portal.shared"],
)
django.setup()
from portal.connectors.breaker import Breaker
breaker = Breaker("education", threshold=5, pause=1)
"""


def fail(now: dt.datetime, *, times: int) -> list[Why]:
    whys = []
    for _ in range(times):
        with pytest.raises(Unreachable) as caught:
            education.lookup(LIN, at=now)
        whys.append(caught.value.why)
    return whys


def state(system: System = System.EDUCATION) -> State:
    return next(line.state for line in health.status() if line.system is system)


@pytest.fixture
def long_pause(sandbox: Sandbox, settings: Any) -> None:
    """A slow machine must not let the pause end within a test that is about the open state."""
    settings.CONNECTORS["education"] |= {"breaker_pause": 30}


def test_it_opens_after_five_failures_and_spares_the_system(
    sandbox: Sandbox, now: dt.datetime, long_pause: None
) -> None:
    sandbox.set("education", "error")
    assert fail(now, times=3) == [Why.SERVER_ERROR, Why.SERVER_ERROR, Why.CIRCUIT_OPEN]
    assert len(sandbox.requests("education")) == 5
    assert state() is State.OPEN


def test_one_systems_breaker_is_not_anothers(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("education", "error")
    fail(now, times=2)
    assert insurance.lookup(LIN, at=now) is not None
    assert state(System.INSURANCE) is State.CLOSED


def test_after_the_pause_a_success_closes_it(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("education", "error")
    fail(now, times=2)
    sandbox.set("education")
    time.sleep(1.1)
    assert state() is State.HALF_OPEN
    assert education.lookup(LIN, at=now)
    assert state() is State.CLOSED


def test_after_the_pause_a_failure_opens_it_again(sandbox: Sandbox, now: dt.datetime, settings: Any) -> None:
    sandbox.set("education", "error")
    fail(now, times=2)
    time.sleep(1.1)
    settings.CONNECTORS["education"] |= {"breaker_pause": 30}
    assert fail(now, times=2) == [Why.SERVER_ERROR, Why.CIRCUIT_OPEN]
    assert len(sandbox.requests("education")) == 6


def test_half_open_lets_exactly_one_through(sandbox: Sandbox) -> None:
    breaker = Breaker("education", threshold=1, pause=1)
    breaker.failed("timeout")
    time.sleep(1.1)
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_refusals_and_answers_that_break_the_contract_do_not_open_it(sandbox: Sandbox, now: dt.datetime) -> None:
    for fault in ("refuse", "broken_contract") * 3:
        sandbox.set("education", fault)
        with pytest.raises(ConnectorError):
            education.lookup(LIN, at=now)
    assert state() is State.CLOSED


def test_foreign_answers_open_it(sandbox: Sandbox, now: dt.datetime, long_pause: None) -> None:
    sandbox.set("education", "garbage")
    for _ in range(5):
        with pytest.raises(ConnectorError):
            education.lookup(LIN, at=now)
    assert state() is State.OPEN


def test_a_success_in_between_begins_a_new_row(sandbox: Sandbox, now: dt.datetime) -> None:
    for _ in range(4):
        sandbox.set("education", "error", times=2)
        assert education.lookup(LIN, at=now)
    assert state() is State.CLOSED


def test_two_processes_share_it(sandbox: Sandbox) -> None:
    """Two other processes fail ten times at once; this one finds the breaker open, then wins or loses one probe."""
    location, prefix = portal_settings.CACHES["default"]["LOCATION"], cache.key_prefix

    def start(code: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROCESS + code, location, prefix]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    failing = [start("[breaker.failed('timeout') for _ in range(3)]") for _ in range(2)]
    assert [process.communicate(timeout=30) for process in failing] == [("", None)] * 2
    breaker = Breaker("education", threshold=5, pause=1)
    assert breaker.health().last_reason == "timeout"
    wait = "\nwhile breaker.health().state == 'open': time.sleep(0.01)\nprint(sum(breaker.admits() for _ in range(5)))"
    probing = [start(wait) for _ in range(2)]
    assert sorted(int(process.communicate(timeout=30)[0]) for process in probing) == [0, 1]


@pytest.fixture
def without_cache(sandbox: Sandbox, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}


@pytest.mark.usefixtures("without_cache")
def test_without_the_cache_it_behaves_as_closed(sandbox: Sandbox, now: dt.datetime) -> None:
    sandbox.set("education", "error")
    assert fail(now, times=3) == [Why.SERVER_ERROR] * 3
    sandbox.set("education")
    assert education.lookup(LIN, at=now)
    assert {line.state for line in health.status()} == {State.UNKNOWN}


def test_health_tells_of_the_last_success_and_failure(sandbox: Sandbox, now: dt.datetime, settings: Any) -> None:
    insurance.lookup(LIN, at=now)
    sandbox.set("insurance", "dead")
    with pytest.raises(Unreachable):
        insurance.lookup(LIN, at=now)
    settings.CONNECTORS = {**settings.CONNECTORS, "sms": {}}
    lines = {line.system: line for line in health.status()}
    assert set(lines) == set(System)
    assert not lines[System.SMS].configured
    found = lines[System.INSURANCE]
    assert found.configured
    assert found.last_success is not None
    assert found.last_failure is not None
    assert found.last_failure >= found.last_success
    assert found.last_reason == "dropped"
    assert (lines[System.EDUCATION].last_success, lines[System.EDUCATION].last_reason) == (None, "")
