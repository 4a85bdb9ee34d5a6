"""Brings the gateway's notices to the portal: late, several times, held back or forged, as told."""

import json
import threading
from collections import deque
from typing import Any

import httpx

from portal.connectors import signing
from portal.connectors.sandbox import KEY_ID, SECRET
from portal.connectors.sandbox.world import World

Facts = dict[str, Any]
REPEAT_AFTER = (1.0, 3.0, 10.0, 30.0)
"""Seconds until a notice that was not answered with 200 is sent again."""


class Courier:
    """Sends each notice in the background; what came of it stands in `deliveries`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.held: list[tuple[str, Facts]] = []
        self.deliveries: deque[Facts] = deque(maxlen=1000)
        self.round = 0
        self.client = httpx.Client(timeout=10, trust_env=False)

    def reset(self) -> None:
        """Forget held notices and those still to be repeated."""
        self.held.clear()
        self.deliveries.clear()
        self.round += 1

    def send(self, url: str, notice: Facts) -> None:
        """Send a notice as the world's rules for notices say."""
        told = self.world.notices
        if told.hold:
            self.held.append((url, notice))
            return
        for _ in range(told.copies):
            self._later(told.delay_ms / 1000, url, notice, attempt=0)

    def release(self, *, reverse: bool) -> int:
        """Send the held notices one after the other, the last first if `reverse`; return how many."""
        held, self.held = self.held[:: -1 if reverse else 1], []
        for url, notice in held:
            for _ in range(self.world.notices.copies):
                self._deliver(url, notice, attempt=0, sent_in=self.round)
        return len(held)

    def _later(self, seconds: float, url: str, notice: Facts, attempt: int) -> None:
        timer = threading.Timer(seconds, self._deliver, (url, notice, attempt, self.round))
        timer.daemon = True
        timer.start()

    def _deliver(self, url: str, notice: Facts, attempt: int, sent_in: int) -> None:
        if sent_in != self.round:
            return
        body, headers = self._signed(url, notice)
        try:
            status = self.client.post(url, content=body, headers=headers).status_code
        except httpx.HTTPError:
            status = 0
        with self.world.lock:
            self.deliveries.append({"event": notice["event"], "order_number": notice["order_number"], "status": status})
        if status != 200 and attempt < len(REPEAT_AFTER) and sent_in == self.round:
            self._later(REPEAT_AFTER[attempt], url, notice, attempt + 1)

    def _signed(self, url: str, notice: Facts) -> tuple[bytes, dict[str, str]]:
        """Return body and headers; a repetition is signed anew, with a nonce of its own."""
        if self.world.moods["payment"].fault == "wrong_amount":
            notice = notice | {"amount": notice["amount"] + 1}
        body = json.dumps(notice, ensure_ascii=False).encode()
        secret = "not the gateway's" if self.world.notices.forge else SECRET
        path = httpx.URL(url).raw_path.decode()
        return body, {
            "Content-Type": "application/json",
            **signing.notice_headers(KEY_ID, secret, path=path, body=body),
        }
