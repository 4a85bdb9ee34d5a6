"""Starting, killing and starting again what runs in production, each as a process of its own."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import quote

import httpx
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "portal" / "launch"))  # the launcher is a program, not a package

import places  # noqa: E402
from broker import Broker  # noqa: E402
from database import Database  # noqa: E402
from ports import listen  # noqa: E402
from processes import Program, end_group  # noqa: E402

__all__ = ["Database", "House", "database_url", "places"]


def database_url() -> str:
    """Return the address of the database on which this process's tests work."""
    told = connection.settings_dict
    password = f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else ""
    port = f":{told['PORT']}" if told["PORT"] else ""
    return f"postgres://{quote(told['USER'])}{password}@{quote(told['HOST'] or '', safe='')}{port}/{told['NAME']}"


@dataclass
class House:
    """Redis, web, worker and beat around the tests' database; ``variables`` are added to their environment.

    The web's socket is ours, as in the demonstration: while the web is dead its callers wait in the queue.
    """

    place: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.broker = Broker(self.place)
        self.listener: socket.socket = listen("127.0.0.1", random.randrange(20000, 50000))  # noqa: S311
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.live.settings",
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.broker.url,
            "PYTHONUNBUFFERED": "1",
            **self.variables,
        }
        celery = ("celery", "--app", "tests.live.celery")
        self.programs = {
            "redis": self.broker.program(),
            "web": self._python(
                *("web", "gunicorn", "portal.wsgi", "--bind", f"fd://{self.listener.fileno()}"),
                *("--no-control-socket", "--preload", "--worker-class", "gthread", "--workers", "2", "--threads", "2"),
            ),
            "worker": self._python("worker", *celery, "worker", "--concurrency", "2", "--loglevel", "INFO"),
            "beat": self._python("beat", *celery, "beat", "--schedule", str(self.place / "schedule"), "--pidfile="),
        }
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.fallen: list[subprocess.Popen[bytes]] = []
        self.gave_up: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.children):
            self.kill(name, whole=True)
        for child in self.fallen:
            end_group(child.pid)
            child.wait()
        self.listener.close()

    def start(self, *names: str) -> None:
        for name in names:
            self.children[name] = self.programs[name].start()

    def kill(self, name: str, *, whole: bool) -> None:
        """kill -9: the program with all its children, or its leader alone, whose orphans work on for a while.

        The dead stay in the process table until the end, so that their numbers name nobody else.
        """
        child = self.children.pop(name)
        self.fallen.append(child)
        if whole:
            end_group(child.pid)
        else:
            os.kill(child.pid, signal.SIGKILL)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    def wait_until(self, true: Callable[[], bool], within: float, what: str = "") -> None:
        """Look ten times a second, starting again who ended alone; without ``what`` running out of time is no error."""
        ends = time.monotonic() + within
        while not true():
            if time.monotonic() > ends:
                assert not what, what
                return
            self.watch()
            time.sleep(0.1)

    def watch(self) -> None:
        """Start again who ended of themselves, as every supervisor does."""
        for name, child in list(self.children.items()):
            if child.poll() is not None:
                self.gave_up.append(name)
                end_group(child.pid)
                self.start(name)

    def manage(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command of manage.py beside them."""
        return self._python("manage", *arguments, start="manage.py").start()

    def answers(self) -> bool:
        """Whether the web answers."""
        with self.client() as client:
            try:
                return bool(client.get("/livez").is_success)
            except httpx.TransportError:
                return False

    def client(self, **options: object) -> httpx.Client:
        """A caller who takes a new connection for each request: one kept open is closed by the web after a while, perhaps just then."""
        once = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=self.address, trust_env=False, timeout=60, limits=once, **options)  # type: ignore[arg-type]

    def _python(self, name: str, *arguments: str, start: str = "-m") -> Program:
        command = [sys.executable, start, *arguments]
        return Program(name, command, self.place / f"{name}.log", self.environment, sockets=(self.listener.fileno(),))
