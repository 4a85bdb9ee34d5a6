"""The sandbox's HTTP: signatures, misbehaviour on request, pages and the control endpoint."""

import json
import socket
import struct
import time
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from portal.connectors import signing
from portal.connectors.sandbox import KEY_ID, SECRET, pages
from portal.connectors.sandbox.desk import Desk
from portal.connectors.sandbox.world import SYSTEMS, Mood, Refusal

LARGEST_REQUEST = 64 * 1024 * 1024
STAMPED = "application/timestamp-reply"


class Server(ThreadingHTTPServer):
    """Serves one desk; every connection has a thread."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, desk: Desk) -> None:
        super().__init__((host, port), partial(Handler, desk))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the other side hangs up on a slow answer, that is what it is slow for."""


class Handler(BaseHTTPRequestHandler):
    """Routes: `/` and `/pay/…` for people, `/_…` for control, `/system/operation` for the portal."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, desk: Desk, *args: Any) -> None:
        self.desk = desk
        super().__init__(*args)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        order = self._order(path)
        if path == "/":
            self._page(pages.overview(self.desk.shown()))
        elif path == "/style.css":
            self._send(200, pages.STYLE.encode(), "text/css; charset=utf-8")
        elif path == "/_control":
            self._json(200, self.desk.shown())
        elif order:
            self._page(pages.payer(order))
        else:
            self._page(pages.missing(), status=404)

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST_REQUEST))
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["_control", *what]:
                self._controlled("/".join(what), body)
            case ["_mode"]:
                self._mode(_form(body))
            case ["_notices"]:
                self._notices(_form(body))
            case ["pay", _]:
                self._pay(_form(body))
            case [system, operation] if system in SYSTEMS:
                self._system(system, operation, body)
            case _:
                self._json(404, {"code": "not_found", "message": "no such address"})

    def log_message(self, *args: Any) -> None:
        """Write no access log: it would hold the numbers of orders and people."""

    # --- the outside systems ---------------------------------------------------------------

    def _system(self, system: str, operation: str, body: bytes) -> None:
        mood = self.desk.world.behave(system, operation, self.headers.get(signing.REQUEST_ID, ""))
        time.sleep(mood.delay_ms / 1000)
        if mood.fault == "dead":
            return self._hang_up()
        if mood.fault in UNSIGNED:
            return self._send(*UNSIGNED[mood.fault])
        try:
            self._check_signature(body)
            kind, answer = self._answer(system, operation, body, mood)
        except Refusal as refusal:
            return self._json(refusal.status, {"code": refusal.code, "message": refusal.message})
        if mood.fault == "lost_reply":
            return self._hang_up()
        secret = "not the system's own" if mood.fault == "bad_signature" else SECRET
        return self._send(200, answer, kind, self._signature(answer, secret))

    def _check_signature(self, body: bytes) -> None:
        told = {name: self.headers.get(name, "") for name in (signing.TIMESTAMP, signing.NONCE, signing.REQUEST_ID)}
        timestamp, nonce, request_id = told.values()
        parts = ("REQUEST", "POST", self.path, timestamp, nonce, request_id)
        known = self.headers.get(signing.KEY_ID) == KEY_ID
        if not known or not signing.holds(self.headers.get(signing.SIGNATURE, ""), SECRET, *parts, body=body):
            raise Refusal(401, "bad_signature", "the signature does not hold")
        if not signing.is_fresh(timestamp):
            raise Refusal(401, "stale", "the timestamp is too old or in the future")
        if not self.desk.world.first_time(nonce, time.time(), signing.TOLERANCE):
            raise Refusal(401, "replayed", "the nonce was used before")

    def _answer(self, system: str, operation: str, body: bytes, mood: Mood) -> tuple[str, bytes]:
        if system == "timestamps":
            forge, other = mood.fault == "bad_signature", mood.fault == "broken_contract"
            try:
                return STAMPED, self.desk.authority.stamp(body, self.desk.world.now(), forge=forge, other_data=other)
            except (ValueError, TypeError):
                raise Refusal(400, "bad_query", "not a time-stamp query") from None
        try:
            asked = json.loads(body)
        except ValueError:
            raise Refusal(400, "bad_request", "not JSON") from None
        answer = self.desk.answer(system, operation, asked)
        if mood.fault == "broken_contract":
            answer = {"unexpected": True}
        if mood.fault == "wrong_amount":
            answer = _one_fen_more(answer)
        return "application/json", json.dumps(answer, ensure_ascii=False).encode()

    def _signature(self, answer: bytes, secret: str) -> dict[str, str]:
        timestamp = signing.stamp()
        asked = (self.headers.get(signing.NONCE, ""), self.headers.get(signing.REQUEST_ID, ""))
        signature = signing.sign(secret, "ANSWER", "200", timestamp, *asked, body=answer)
        return {signing.TIMESTAMP: timestamp, signing.SIGNATURE: signature}

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR)

    # --- people and tests ------------------------------------------------------------------

    def _controlled(self, what: str, body: bytes) -> None:
        try:
            self._json(200, self.desk.told(what, json.loads(body or b"{}")))
        except Refusal as refusal:
            self._json(refusal.status, {"code": refusal.code, "message": refusal.message})
        except (ValueError, KeyError, TypeError) as wrong:
            self._json(400, {"code": "bad_request", "message": str(wrong)})

    def _mode(self, form: dict[str, str]) -> None:
        if form.get("reset"):
            self.desk.told("", {"reset": True})
        elif form.get("system") in SYSTEMS and form.get("delay_ms", "").isdigit():
            mood = {"fault": form["fault"], "delay_ms": int(form["delay_ms"])}
            self.desk.told("", {"systems": {form["system"]: mood}})
        self._see_other("/")

    def _notices(self, form: dict[str, str]) -> None:
        if form.get("release"):
            self.desk.told("release", {"reverse": form["release"] == "reverse"})
        elif form.get("copies", "").isdigit() and form.get("delay_ms", "").isdigit():
            told = {"copies": int(form["copies"]), "delay_ms": int(form["delay_ms"])}
            told |= {name: form.get(name) == "on" for name in ("hold", "forge")}
            self.desk.told("", {"notices": told})
        self._see_other("/")

    def _pay(self, form: dict[str, str]) -> None:
        order = self._order(self.path)
        if order is None or form.get("outcome") not in ("succeeded", "failed"):
            return self._page(pages.missing(), status=404)
        try:
            self.desk.told("pay", {"order_number": order["order_number"], "outcome": form["outcome"]})
        except Refusal as refusal:
            return self._page(pages.payer(order, f"不能支付 {refusal.message}"), status=409)
        return self._see_other(order["return_url"])

    def _order(self, path: str) -> dict[str, Any] | None:
        with self.desk.world.lock:
            return self.desk.gateway.by_token(path.removeprefix("/pay/"))

    # --- answers ---------------------------------------------------------------------------

    def _page(self, html: str, status: int = 200) -> None:
        self._send(status, html.encode(), "text/html; charset=utf-8")

    def _json(self, status: int, value: Any) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _see_other(self, address: str) -> None:
        self._send(HTTPStatus.SEE_OTHER, b"", "text/plain", {"Location": address})

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


UNSIGNED: dict[str, tuple[int, bytes, str]] = {
    "error": (500, b"internal error", "text/plain"),
    "busy": (429, b"too many requests", "text/plain"),
    "refuse": (403, b'{"code": "sandbox_refuses", "message": "told to refuse"}', "application/json"),
    "garbage": (200, b"<html><body>The system is under maintenance.</body></html>", "text/html"),
}


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _one_fen_more(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: value + 1 if name == "amount" else _one_fen_more(value) for name, value in answer.items()}
    return [_one_fen_more(each) for each in answer] if isinstance(answer, list) else answer
