"""The sandbox's pages: people can see and change how the outside behaves, without JavaScript."""

import datetime as dt

import httpx
import pytest

from portal.connectors import checks, sms
from portal.connectors.sandbox import SECRET
from tests.fixtures.sandbox import Sandbox


def test_the_overview_lists_systems_and_hides_telephone_numbers(sandbox: Sandbox, now: dt.datetime) -> None:
    sms.send("m-1", "13912345678", "验证码 <b>135790</b>", at=now)
    page = httpx.get(f"{sandbox.url}/").text
    assert "insurance" in page
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "&lt;b&gt;135790" in page
    assert "<script" not in page


def test_buttons_change_a_system_and_put_all_back(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.url}/_mode", data={"system": "sms", "fault": "dead", "delay_ms": "1000"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert sandbox.shown()["systems"]["sms"] == {"fault": "dead", "delay_ms": 1000, "times": None}
    httpx.post(f"{sandbox.url}/_mode", data={"reset": "1"})
    assert sandbox.shown()["systems"]["sms"]["fault"] == "none"


def test_notices_can_be_told_to_come_twice_or_to_wait(sandbox: Sandbox) -> None:
    httpx.post(f"{sandbox.url}/_notices", data={"copies": "2", "delay_ms": "0", "hold": "on"})
    assert sandbox.shown()["notices"] == {"copies": 2, "delay_ms": 0, "hold": True, "forge": False}
    assert httpx.post(f"{sandbox.url}/_notices", data={"release": "reverse"}).status_code == 303


@pytest.mark.parametrize(
    ("path", "status"), [("/style.css", 200), ("/nothing", 404), ("/pay/guessed", 404), ("/_control/nothing", 404)]
)
def test_addresses(sandbox: Sandbox, path: str, status: int) -> None:
    ask = httpx.post if path.startswith("/_control") else httpx.get
    assert ask(f"{sandbox.url}{path}").status_code == status


@pytest.mark.parametrize(
    "told", [{"systems": {"moon": {}}}, {"systems": {"sms": {"fault": "sleepy"}}}, {"notices": {"x": 1}}]
)
def test_what_makes_no_sense_is_refused(sandbox: Sandbox, told: dict[str, object]) -> None:
    assert httpx.post(f"{sandbox.url}/_control", json=told).status_code == 400


class TestChecksAtStart:
    def test_the_published_key_is_refused_outside_of_a_demonstration(self, sandbox: Sandbox, settings: object) -> None:
        assert checks.sandbox_is_for_demonstrations(None) == []
        settings.DEMO_CLOCK = False
        settings.CONNECTORS = {"payment": {"url": "https://pay.example", "key_id": "k", "secret": SECRET}}
        (error,) = checks.sandbox_is_for_demonstrations(None)
        assert (error.id, "payment" in error.msg) == ("connectors.E001", True)

    def test_what_is_missing_or_unencrypted_is_said(self, settings: object) -> None:
        settings.CONNECTORS = {"payment": {"url": "http://pay.example", "secret": "s"}}
        (missing,) = checks.systems_are_configured(None)
        assert "identity" in missing.msg
        assert "payment" not in missing.msg
        (open_connection,) = checks.connections_are_encrypted(None)
        assert open_connection.id == "connectors.W002"

    def test_trusted_certificates_that_are_not_there_stop_the_start(self, settings: object) -> None:
        assert checks.trusted_certificates_are_there(None) == []
        settings.CONNECTORS_CA_FILE = "/nowhere.pem"
        assert [error.id for error in checks.trusted_certificates_are_there(None)] == ["connectors.E002"]
