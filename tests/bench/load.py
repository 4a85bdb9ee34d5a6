"""A small load tool: so many readers, each asking for the same page again as soon as it has come."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

READERS = 8
GOOD = (b"HTTP/1.1 2", b"HTTP/1.1 3")

# What a form brings: fields of the head, and the body.
Brought = tuple[dict[str, str], bytes]


def nothing() -> Brought:
    return {}, b""


@dataclass(frozen=True)
class Page:
    """An address of 127.0.0.1, who asks, and what each asking brings along."""

    port: int
    path: str
    cookie: str = ""
    method: str = "GET"
    brings: Callable[[], Brought] = nothing

    def request(self) -> bytes:
        fields, body = self.brings()
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Accept: text/html, */*;q=0.1",
            f"Cookie: {self.cookie}",
        ]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body


def requests_per_second(page: Page | Sequence[Page], seconds: float) -> float:
    """Let the readers read for ``seconds``, each its own of several pages; an answer that is no success is an error."""
    return _read(page, seconds)[0]


def pace_of_the_slowest(page: Page | Sequence[Page], seconds: float) -> float:
    """Return 1 / p95: how many answers a second there would be if all were as slow as the slowest twentieth."""
    return 1 / statistics.quantiles(_read(page, seconds)[1], n=20)[-1]


def each_once(pages: Sequence[Page]) -> float:
    """Ask for each page once, all readers sharing them, and return how many a second."""
    return asyncio.run(_each_once(iter(pages), len(pages)))


def _read(page: Page | Sequence[Page], seconds: float) -> tuple[float, list[float]]:
    return asyncio.run(_read_for([page] if isinstance(page, Page) else page, seconds))


async def _read_for(pages: Sequence[Page], seconds: float) -> tuple[float, list[float]]:
    start = time.perf_counter()
    readers = (_reader(pages[number % len(pages)], start + seconds) for number in range(READERS))
    spans = [span for spans in await asyncio.gather(*readers) for span in spans]
    return len(spans) / (time.perf_counter() - start), spans


async def _each_once(pages: Iterator[Page], count: int) -> float:
    async def some() -> None:
        for page in pages:
            await _reader(page, time.perf_counter() + 1e-6)

    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(READERS)))
    return count / (time.perf_counter() - start)


async def _reader(page: Page, until: float) -> list[float]:
    spans: list[float] = []
    reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
    while not spans or time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(page.request())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(GOOD), head.decode(errors="replace")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        await reader.readexactly(int(fields.get(b"content-length", 0)))
        spans.append(time.perf_counter() - begun)
        if fields.get(b"connection") == b"close":
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
    writer.close()
    return spans
