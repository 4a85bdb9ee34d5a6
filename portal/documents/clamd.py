"""Speaking to clamd: one file as a stream, one answer. The protocol is that of clamd(8), command zINSTREAM."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Protocol
from urllib.parse import urlsplit

PORT = 3310
CHUNK = 128 * 1024
LONGEST_ANSWER = 4096
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 60.0


class ScannerUnavailable(Exception):  # noqa: N818 - the scanner's state, not the file's fault
    """Nobody answered in time: clamd is down, overloaded or unreachable."""


class Outcome(StrEnum):
    """What clamd says of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    UNJUDGED = "unjudged"


@dataclass(frozen=True)
class Answer:
    """The outcome; ``finding`` is the name of the malware, or why clamd could not judge the file."""

    outcome: Outcome
    finding: str = ""


class Readable(Protocol):
    """Anything that gives bytes."""

    def read(self, size: int, /) -> bytes: ...


def scan(content: "Readable | IO[bytes]", address: str) -> Answer:
    """Return what the clamd at ``address`` (``tcp://host:port`` or ``unix:///path``) says of ``content``.

    A clamd that refuses the rest of a file that is too long for it is an answer: UNJUDGED. Raises ScannerUnavailable.
    """
    try:
        with _connected(address) as wire:
            return _judged(_told(wire, content))
    except OSError as fault:
        raise ScannerUnavailable(str(fault)) from fault


def _told(wire: socket.socket, content: "Readable | IO[bytes]") -> bytes:
    """Send everything and return the answer; one that comes before the end is read as well."""
    try:
        wire.sendall(b"zINSTREAM\0")
        while piece := content.read(CHUNK):
            wire.sendall(struct.pack(">I", len(piece)) + piece)
        wire.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return _answer(wire) or b"size limit exceeded ERROR"
    return _answer(wire)


def _answer(wire: socket.socket) -> bytes:
    told = b""
    while not told.endswith(b"\0") and len(told) < LONGEST_ANSWER:
        try:
            piece = wire.recv(LONGEST_ANSWER)
        except ConnectionResetError:
            break
        if not piece:
            break
        told += piece
    return told.rstrip(b"\0\n")


def _judged(told: bytes) -> Answer:
    words = told.decode("utf-8", "replace").removeprefix("stream: ")
    if words == "OK":
        return Answer(Outcome.CLEAN)
    if words.endswith(" FOUND"):
        return Answer(Outcome.INFECTED, words.removesuffix(" FOUND")[:120])
    if words.endswith("ERROR"):
        return Answer(Outcome.UNJUDGED, words[:120])
    raise ScannerUnavailable(f"clamd answered {words[:80]!r}")


@contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(CONNECT_SECONDS)
        wire.connect(parts.path)
    else:
        wire = socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=CONNECT_SECONDS)
    with wire:
        wire.settimeout(ANSWER_SECONDS)
        yield wire
