"""How fast due deadlines ring, beside the same rows turned over by bare SQL."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connection

from portal.deadlines import ringing
from portal.deadlines.models import Deadline
from portal.shared import clock
from portal.shared.codes import new_code
from tests.bench.rates import Row, stopwatch
from tests.errand.models import Errand
from tests.errand.wiring import LAPSES
from tests.live.house import database_url

DUE = 600
BATCH = 50
NOW = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)

TABLES = """
CREATE TABLE bare_timer (
  id bigserial PRIMARY KEY, subject_id bigint NOT NULL, kind text NOT NULL, due_at timestamptz NOT NULL, rung_at timestamptz);
CREATE INDEX ON bare_timer (due_at, id) WHERE rung_at IS NULL;
CREATE INDEX ON bare_timer (subject_id);
CREATE TABLE bare_journal (
  id bigserial PRIMARY KEY, subject_id bigint NOT NULL, at timestamptz NOT NULL, step text NOT NULL, facts jsonb NOT NULL);
CREATE INDEX ON bare_journal (subject_id, id);
"""
FILL = "INSERT INTO bare_timer (subject_id, kind, due_at) SELECT i, 'bare', %s FROM generate_series(1, %s) i"
CLAIM = """
SELECT id, subject_id FROM bare_timer WHERE rung_at IS NULL AND due_at <= %s ORDER BY due_at, id
LIMIT %s FOR UPDATE SKIP LOCKED
"""
RING = "UPDATE bare_timer SET rung_at = %s WHERE id = %s"
WRITE = "INSERT INTO bare_journal (subject_id, at, step, facts) VALUES (%s, %s, 'lapse', '{}')"


@contextmanager
def rows() -> Iterator[list[Row]]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    yield [
        Row("sweep, each its own commit", "deadlines/s", "bare SQL, one commit each", ring, lambda: bare(1), 0.40),
        Row("sweep", "deadlines/s", f"bare SQL, one commit for {BATCH}", ring, lambda: bare(BATCH)),
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_timer, bare_journal")


def ring() -> float:
    """Ring deadlines by the product's own sweep: lock, ring, transition, ledger entry, commit."""
    errands = Errand.objects.bulk_create(Errand(code=new_code("E")) for _ in range(DUE))
    fields = {"kind": LAPSES, "started_at": NOW - dt.timedelta(days=1), "due_at": NOW, "basis": "R-093"}
    Deadline.objects.bulk_create(Deadline(subject=errand, **fields) for errand in errands)
    with stopwatch() as watch:
        done = ringing.ring_due(at=NOW)
    assert (done.rung, done.failed) == (DUE, 0), done
    return DUE / watch.seconds


def bare(batch: int) -> float:
    """Claim, update and journal as many rows through the driver alone, ``batch`` rows to a commit."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, [NOW, DUE])
    link = psycopg2.connect(database_url())
    done = 0
    with stopwatch() as watch, link.cursor() as cursor:
        while True:
            cursor.execute(CLAIM, [NOW, batch])
            claimed = cursor.fetchall()
            for timer, subject in claimed:
                cursor.execute(RING, [NOW, timer])
                cursor.execute(WRITE, [subject, NOW])
            link.commit()
            done += len(claimed)
            if not claimed:
                break
    link.close()
    assert done == DUE, done
    return DUE / watch.seconds
