"""How fast the certificate log grows and proves, with 100,000 events in it, beside the plainest statements."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from certificates.domain import transparency
from tests.bench.rates import Row, stopwatch

EVENTS, PORTION = 100_000, 5_000
SINGLE, BULK, PROOFS = 300, 5_000, 500
STRIDE = 7919  # a prime: places all over the log, the same in every run
BARE = "CREATE TABLE bare_leaf (index bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, record text NOT NULL)"
INSERT = "INSERT INTO bare_leaf (record) VALUES (%s)"
RECORD = {
    "event": "issued",
    "number": "BJ202600001",
    "face_sha256": "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    "at": "2026-10-30T10:00:00+08:00",
}


@contextmanager
def rows() -> Iterator[list[Row]]:
    for _ in range(EVENTS // PORTION):
        append(PORTION)
    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.execute("ANALYZE")
    yield [
        Row("event logged, one commit each", "events/s", "one INSERT with commit", one_by_one, inserted_one_by_one),
        Row("events logged, 5,000 a commit", "events/s", "one INSERT of 5,000 rows", together, inserted_together),
        Row("inclusion proved, 100,000 events", "proofs/s", "SELECT of a leaf's hash by its place", prove, look_up),
        Row("consistency proved", "proofs/s", "SELECT of a leaf's hash by its place", prove_growth, look_up),
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_leaf")


def append(events: int) -> None:
    with transaction.atomic():
        transparency.append([RECORD] * events)


def one_by_one() -> float:
    """Log events of steps of their own: lock, last place, left neighbours, leaf and nodes, commit."""
    return rate(SINGLE, lambda _n: append(1))


def together() -> float:
    """Log what an order to issue brings."""
    with stopwatch() as watch:
        append(BULK)
    return BULK / watch.seconds


def inserted_one_by_one() -> float:
    def insert(_n: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [transparency.canonical(RECORD)])

    return rate(SINGLE, insert)


def inserted_together() -> float:
    text = transparency.canonical(RECORD)
    with connection.cursor() as cursor, stopwatch() as watch:
        cursor.execute(INSERT + ", (%s)" * (BULK - 1), [text] * BULK)
    return BULK / watch.seconds


def prove() -> float:
    size = transparency.size()
    return rate(PROOFS, lambda n: transparency.inclusion_proof(n * STRIDE % size, size))


def prove_growth() -> float:
    size = transparency.size()
    return rate(PROOFS, lambda n: transparency.consistency_proof(n * STRIDE % size + 1, size))


def look_up() -> float:
    size = transparency.size()
    return rate(PROOFS, lambda n: transparency.leaf_hashes(n * STRIDE % size, n * STRIDE % size + 1))


def rate(times: int, work: Callable[[int], object]) -> float:
    with stopwatch() as watch:
        for n in range(times):
            work(n)
    return times / watch.seconds
