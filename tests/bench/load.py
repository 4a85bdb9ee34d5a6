"""A small load tool: so many readers, each asking for the same page again as soon as it has come."""

import asyncio
import time
from dataclasses import dataclass

READERS = 8
OK = b"HTTP/1.1 200 "


@dataclass(frozen=True)
class Page:
    """An address of 127.0.0.1, and who asks."""

    port: int
    path: str
    cookie: str = ""

    def request(self) -> bytes:
        lines = [f"GET {self.path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", f"Cookie: {self.cookie}"]
        return "\r\n".join([*lines, "", ""]).encode()


def requests_per_second(page: Page, seconds: float) -> float:
    """Let the readers read for ``seconds``; any answer but 200 is an error."""
    return asyncio.run(_read_for(page, seconds))


async def _read_for(page: Page, seconds: float) -> float:
    start = time.perf_counter()
    counts = await asyncio.gather(*(_reader(page, start + seconds) for _ in range(READERS)))
    return sum(counts) / (time.perf_counter() - start)


async def _reader(page: Page, until: float) -> int:
    request, count = page.request(), 0
    reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
    while time.perf_counter() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(OK), head.decode(errors="replace")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
        await reader.readexactly(int(fields[b"content-length"]))
        count += 1
        if fields.get(b"connection") == b"close":
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
    writer.close()
    return count
