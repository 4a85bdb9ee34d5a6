"""How many public pages are served, beside the least that a Django page can do, both by gunicorn 2×2 to 8 readers."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from portal.accounts.roles import Role
from portal.shared import clock
from tests.bench.load import Page, requests_per_second
from tests.bench.rates import Row
from tests.factories import accounts, publicity
from tests.live.house import ROOT, database_url

NOTICES = 60
SECONDS = 3
CEILING = "bench_ceiling"
BY_GUNICORN = ("--no-control-socket", "--worker-class", "gthread", "--workers", "2", "--threads", "2")


@dataclass(frozen=True)
class Sites:
    """The portal and the ceiling, each served by gunicorn on a port of its own; the cookie logs in at the ceiling."""

    portal: int
    ceiling: int
    cookie: str


@contextmanager
def rows() -> Iterator[list[Row]]:
    post_notices()
    with beside_the_ceiling() as sites:
        ceiling = partial(requests_per_second, Page(sites.ceiling, "/", sites.cookie), SECONDS)
        yield [
            Row(
                name,
                "requests/s",
                "bare Django, one SELECT, 20 rows",
                partial(requests_per_second, Page(sites.portal, path), SECONDS),
                ceiling,
                0.70,
            )
            for name, path in (("public home", "/"), ("public board, 20 of 60 notices", "/notices/"))
        ]
    connection.close()


@contextmanager
def beside_the_ceiling(**variables: str) -> Iterator[Sites]:
    """Serve the portal and the least that a Django page can do, the same way and at the same time."""
    with ExitStack() as running:
        url = running.enter_context(database_of_the_ceiling())
        cookie = subprocess.run(
            [sys.executable, "-m", "tests.bench.ceiling_site"],
            env=os.environ | {"CEILING_URL": url},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        site = running.enter_context(served("tests.bench.ceiling_site:application", {"CEILING_URL": url}))
        ours = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "DATABASE_URL": database_url(), **variables}
        yield Sites(running.enter_context(served("portal.wsgi", ours)), site, f"sessionid={cookie}")


def post_notices() -> None:
    """Put notices of one publisher on the public board."""
    at = clock.now()
    by = accounts.actor(Role.BUREAU_CLERK)
    for number in range(NOTICES):
        publicity.posted(by, at, "张三", "李四", title=f"第{number}号公示")


@contextmanager
def database_of_the_ceiling() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {CEILING} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {CEILING}")
    yield urlunsplit(urlsplit(database_url())._replace(path=f"/{CEILING}"))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {CEILING} WITH (FORCE)")


@contextmanager
def served(application: str, variables: dict[str, str]) -> Iterator[int]:
    """Serve a WSGI application as in production and give its port; callers wait in our socket's queue until it is up."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"fd://{listener.fileno()}", *BY_GUNICORN]
        records = ROOT / ".test"
        records.mkdir(exist_ok=True)
        with (
            (records / f"{application.partition(':')[0]}.log").open("wb") as log,
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | variables,
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
            ) as server,
        ):
            try:
                yield listener.getsockname()[1]
            finally:
                server.terminate()
