"""A PostgreSQL of one test's own that keeps what it promised: killed with all its processes, and started again.

It begins as a copy of the tests' database. While it stands, Django's connection and with it every factory work there.
A kill takes what a process holds itself, not what it handed to the system: commits wait until their log is written, but
nobody waits for the disk.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection

from tests.live.house import Database, database_url, places

WITHIN = 60
KEEPS_PROMISES = ("-c", "synchronous_commit=on")
PARENT = 1  # of the fields behind a process's name in /proc/…/stat


@dataclass
class Cluster:
    """The server, as its own processes; whoever holds it is its supervisor."""

    database: Database
    children: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        """Start it and wait until it answers, as often as what the dead left behind is still in its way."""
        program = self.database.program()
        program = replace(program, command=[*program.command, *KEEPS_PROMISES])
        assert program.answers is not None
        ends = time.monotonic() + WITHIN
        self.children.append(program.start())
        while not program.answers():
            assert time.monotonic() < ends, self.database.log.read_text(encoding="utf-8")
            if self.children[-1].poll() is not None:
                self.children.append(program.start())
            time.sleep(0.05)

    def kill(self) -> int:
        """kill -9 the postmaster and every process of its own; return how many those were.

        Each of them leads a group of its own. The postmaster is halted while they are counted, so that none escapes.
        """
        leader = self.children[-1]
        os.kill(leader.pid, signal.SIGSTOP)
        own = children_of(leader.pid)
        for pid in (leader.pid, *own):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        leader.wait(WITHIN)  # its number stands in the lock file, and must name nobody by the next start
        return len(own)

    def stop(self) -> None:
        if self.children and self.children[-1].poll() is None:
            self.kill()

    def fill_from(self, address: str) -> None:
        """Copy the database at ``address`` here, but for what the tests keep beside it."""
        dump = self.database.place / "tests.dump"
        self._run("pg_dump", "--format=custom", "--exclude-schema=reference", f"--file={dump}", f"--dbname={address}")
        self._run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={self.database.url}", str(dump))

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self.database.programs / program, *arguments], check=True, timeout=WITHIN)


def children_of(parent: int) -> list[int]:
    found = []
    for one in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = one.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[PARENT]) == parent:
                found.append(int(one.parent.name))
    return found


@contextlib.contextmanager
def standing() -> Iterator[Cluster]:
    """Give a cluster filled like the tests' database, on which Django's connection works until it is left."""
    with places.throwaway() as place:
        cluster = Cluster(Database(place, durable=False))
        try:
            cluster.start()
            cluster.fill_from(database_url())
            with _connected_to(cluster.database.url):
                yield cluster
        finally:
            cluster.stop()


@contextlib.contextmanager
def _connected_to(address: str) -> Iterator[None]:
    there, before = urlsplit(address), dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(
        HOST=there.hostname,
        PORT=str(there.port),
        USER=there.username,
        PASSWORD=unquote(there.password or ""),
        NAME=there.path.lstrip("/"),
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
