"""A program that talks to the API as one actor."""

import base64
import json
from typing import Any

from portal.accounts.actors import Actor
from portal.http.once import HEADER, new_key
from tests.factories import accounts

TUS = {"Tus-Resumable": "1.0.0"}


class Caller:
    """Sends JSON with a fresh idempotency key, or the one given."""

    def __init__(self, who: Actor | None = None) -> None:
        self.client = accounts.client(who)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("PUT", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("DELETE", path, None, headers)

    def upload(self, content: bytes, purpose: str) -> str:
        """Hand a file in by the protocol of resumed uploads and return its code."""
        pairs = {"filename": "证明.pdf", "purpose": purpose}
        told = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items())
        begun = self.client.post(
            "/files/uploads/", headers={**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": told}
        )
        headers = {**TUS, "Upload-Offset": "0"}
        self.client.patch(begun["Location"], content, content_type="application/offset+octet-stream", headers=headers)
        return str(self.client.get(begun["Location"]).json()["file"]["code"])

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        told = {HEADER: new_key(), **headers}
        return self.client.generic(
            method,
            f"/api/{path}",
            _bytes(body),
            content_type="application/json",
            headers={name: value for name, value in told.items() if value},
        )


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return json.dumps({} if body is None else body).encode()


def codes(answer: Any) -> list[str]:
    """Return the codes of the reasons in a problem."""
    return [reason["code"] for reason in answer.json()["reasons"]]


def bases(answer: Any) -> list[str]:
    """Return the rules of the reasons in a problem."""
    return [reason["basis"] for reason in answer.json()["reasons"]]


def fields(answer: Any) -> list[str]:
    """Return the fields of the reasons in a problem."""
    return [reason["field"] for reason in answer.json()["reasons"]]
