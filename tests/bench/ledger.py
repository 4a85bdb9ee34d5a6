"""How fast the ledger is sealed and verified, beside the plainest statements that touch the same rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from portal.ledger import sealing
from portal.ledger.models import Entry
from tests.bench.rates import Row, stopwatch
from tests.bench.sweep import NOW

ENTRIES = 20_000
WRITE = """
INSERT INTO ledger_entry (at, recorded_at, subject_type, subject_id, step, before, after, actor_kind, roles, note, facts, basis, policy, key)
SELECT %s, clock_timestamp(), 'errand.Errand', i, 'finish', 'open', 'done', 'person', 'bureau_clerk', '同意',
       '{"opinion": "材料齐全，同意办理。"}', 'R-071', 'BJ-2024', ''
FROM generate_series(1, %s) i
"""
SCAN = "SELECT count(DISTINCT get_byte(sha256(convert_to(e::text, 'UTF8')), 0)) FROM ledger_entry e"
COPY = "CREATE TABLE bare_entry AS TABLE ledger_entry; CREATE INDEX ON bare_entry (seal_id, id)"


@contextmanager
def rows() -> Iterator[list[Row]]:
    write()
    yield [
        Row("ledger sealed", "entries/s", "one UPDATE of a copy with one index", seal, bare_update),
        Row("ledger verified", "entries/s", "sha256 of every row in one scan", verify, scan),
    ]


def write() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [NOW, ENTRIES])


def seal() -> float:
    """Seal a batch of fresh entries."""
    write()
    with stopwatch() as watch:
        sealed = sealing.seal()
    assert sealed >= ENTRIES, sealed
    return sealed / watch.seconds


def bare_update() -> float:
    """Set the same column of as many rows, with no trigger, hash or chain."""
    with connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute("SELECT count(*) FROM bare_entry")
        (entries,) = cursor.fetchone()
        with stopwatch() as watch:
            cursor.execute("UPDATE bare_entry SET seal_id = 1")
        cursor.execute("DROP TABLE bare_entry")
    return entries / watch.seconds


def verify() -> float:
    """Re-compute every seal and the chain."""
    sealing.seal()
    entries = Entry.objects.count()
    with stopwatch() as watch:
        faults = sealing.verify()
    assert faults == [], faults
    return entries / watch.seconds


def scan() -> float:
    """Hash every row as text."""
    entries = Entry.objects.count()
    with connection.cursor() as cursor, stopwatch() as watch:
        cursor.execute(SCAN)
    return entries / watch.seconds
