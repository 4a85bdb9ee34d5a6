"""The gateway's notices: taken once, from the gateway alone, whatever the order and number in which they come."""

import datetime as dt
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from portal.connectors import payment, signing
from portal.connectors.errors import Malformed, Unreachable
from portal.connectors.payment import Event, NewOrder, Notice
from portal.connectors.sandbox import KEY_ID, SECRET
from tests.fixtures.sandbox import Sandbox

PATH = "/payment/notice"
BODY = (
    b'{"event": "succeeded", "order_number": "P-1", "trade_number": "T-1", "amount": 70000,'
    b' "happened_at": "2026-07-08T10:00:00+08:00", "receipt_number": "1106", "refund_number": null}'
)


@dataclass
class Ear:
    """Stands where the portal would: keeps what was sent and answers with the statuses it was told, then 200."""

    url: str = ""
    heard: list[tuple[str, Any, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def wait_for(self, number: int) -> list[Notice]:
        ends = time.monotonic() + 5
        while len(self.heard) < number and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(self.heard) == number
        return [payment.read_notice(*each) for each in self.heard]


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            ear.heard.append((self.path, self.headers, body))
            self.send_response(ear.statuses.pop(0) if ear.statuses else 200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        ear.url = f"http://127.0.0.1:{server.server_port}{PATH}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield ear
        server.shutdown()
        thread.join()


@pytest.fixture
def order(sandbox: Sandbox, ear: Ear, now: dt.datetime) -> NewOrder:
    order = NewOrder("P-1", Decimal(700), "职称评审费", now + dt.timedelta(days=5), ear.url, ear.url)
    payment.create_order(order, at=now)
    return order


def pay(sandbox: Sandbox, outcome: str = "succeeded") -> None:
    sandbox.tell("pay", order_number="P-1", outcome=outcome)


@pytest.mark.usefixtures("order")
class TestFromTheGateway:
    def test_a_payment_is_told(self, sandbox: Sandbox, ear: Ear, now: dt.datetime) -> None:
        pay(sandbox)
        (notice,) = ear.wait_for(1)
        assert (notice.event, notice.order_number, notice.amount) == (Event.SUCCEEDED, "P-1", Decimal(700))
        assert abs(notice.happened_at - now) < dt.timedelta(minutes=2)

    def test_a_notice_comes_several_times_each_with_its_own_nonce(self, sandbox: Sandbox, ear: Ear) -> None:
        sandbox.tell(notices={"copies": 3})
        pay(sandbox)
        first, *others = ear.wait_for(3)
        assert others == [first, first]

    def test_a_late_notice_carries_the_time_of_the_event(self, sandbox: Sandbox, ear: Ear) -> None:
        sandbox.tell(notices={"delay_ms": 400})
        pay(sandbox)
        assert ear.heard == []
        assert ear.wait_for(1)[0].event is Event.SUCCEEDED

    def test_notices_may_overtake_each_other(self, sandbox: Sandbox, ear: Ear) -> None:
        sandbox.tell(notices={"hold": True})
        pay(sandbox, "failed")
        pay(sandbox)
        sandbox.tell("release", reverse=True)
        assert [notice.event for notice in ear.wait_for(2)] == [Event.SUCCEEDED, Event.FAILED]

    def test_a_notice_that_was_not_taken_is_sent_again(self, sandbox: Sandbox, ear: Ear) -> None:
        ear.statuses = [500]
        pay(sandbox)
        assert {notice.order_number for notice in ear.wait_for(2)} == {"P-1"}

    def test_a_refund_is_told(self, sandbox: Sandbox, ear: Ear, now: dt.datetime) -> None:
        pay(sandbox)
        ear.wait_for(1)
        ear.heard.clear()
        payment.refund("P-1", "R-1", Decimal(700), "重复缴费", at=now)
        (notice,) = ear.wait_for(1)
        assert (notice.event, notice.refund_number) == (Event.REFUNDED, "R-1")

    def test_a_wrong_amount_is_told_as_it_came(self, sandbox: Sandbox, ear: Ear) -> None:
        sandbox.set("payment", "wrong_amount")
        pay(sandbox)
        assert ear.wait_for(1)[0].amount == Decimal("700.01")

    def test_a_forged_notice_is_malformed(self, sandbox: Sandbox, ear: Ear) -> None:
        sandbox.tell(notices={"forge": True})
        pay(sandbox)
        with pytest.raises(Malformed, match="signature does not hold"):
            ear.wait_for(1)


def signed(body: bytes = BODY, *, path: str = PATH, key_id: str = KEY_ID, secret: str = SECRET) -> httpx.Headers:
    return httpx.Headers(signing.notice_headers(key_id, secret, path=path, body=body))


def defect(path: str, headers: httpx.Headers, body: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        payment.read_notice(path, headers, body)
    return caught.value.defect


@pytest.mark.usefixtures("sandbox")
class TestVerification:
    def test_a_true_notice(self) -> None:
        assert payment.read_notice(PATH, signed(), BODY).trade_number == "T-1"

    def test_another_secret_is_refused_and_noted(self) -> None:
        with capture_logs() as lines:
            assert defect(PATH, signed(secret="guessed"), BODY) == "signature does not hold"
        assert [line["event"] for line in lines] == ["connector_notice_refused"]

    def test_another_key(self) -> None:
        assert defect(PATH, signed(key_id="somebody"), BODY) == "signature does not hold"

    def test_a_changed_amount(self) -> None:
        assert defect(PATH, signed(), BODY.replace(b"70000", b"1")) == "signature does not hold"

    def test_another_address(self) -> None:
        assert defect("/payment/other", signed(), BODY) == "signature does not hold"

    def test_no_signature_at_all(self) -> None:
        assert defect(PATH, httpx.Headers({}), BODY) == "signature does not hold"

    def test_a_signature_of_an_answer_is_none_of_a_notice(self) -> None:
        headers = signed()
        parts = ("ANSWER", "POST", PATH, headers[signing.TIMESTAMP], headers[signing.NONCE])
        headers[signing.SIGNATURE] = signing.sign(SECRET, *parts, body=BODY)
        assert defect(PATH, headers, BODY) == "signature does not hold"

    @pytest.mark.parametrize("seconds", [-301, 302])
    def test_a_stale_timestamp(self, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
        stale = str(int(signing.stamp()) + seconds)
        monkeypatch.setattr(signing, "stamp", lambda: stale)
        assert defect(PATH, signed(), BODY) == "stale"

    def test_a_replayed_nonce(self) -> None:
        headers = signed()
        payment.read_notice(PATH, headers, BODY)
        assert defect(PATH, headers, BODY) == "replayed"

    def test_a_forged_notice_does_not_use_up_a_nonce(self) -> None:
        headers = signed()
        assert defect(PATH, headers, b"{}") == "signature does not hold"
        assert payment.read_notice(PATH, headers, BODY).order_number == "P-1"

    @pytest.mark.parametrize("body", [b"not json", b"[]", BODY.replace(b"70000", b"-1"), BODY.replace(b"+08:00", b"")])
    def test_a_content_that_is_not_as_agreed(self, body: bytes) -> None:
        assert defect(PATH, signed(body), body)

    @pytest.mark.parametrize("way", [{}, {"url": "https://pay.example", "key_id": "", "secret": ""}])
    def test_where_payment_is_not_configured_nobody_can_sign(self, settings: Any, way: dict[str, str]) -> None:
        settings.CONNECTORS = {"payment": way}
        with pytest.raises(Unreachable):
            payment.read_notice(PATH, signed(key_id="", secret=""), BODY)

    def test_without_the_cache_a_true_notice_is_taken(self, settings: Any) -> None:
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
        assert payment.read_notice(PATH, signed(), BODY).order_number == "P-1"
