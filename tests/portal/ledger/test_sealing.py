"""The ledger: appended once, sealed completely however commits interleave, and every tampering found."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.ledger import sealing
from portal.ledger.models import Entry, Seal
from portal.ledger.queries import history_of
from portal.ledger.record import record, record_reading
from tests.errand.models import Errand
from tests.fixtures.ledger import seal_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(now: dt.datetime) -> Callable[[int], list[Entry]]:
    """Write and seal batches: ``written(3)`` is one batch of three."""

    def write(count: int) -> list[Entry]:
        errand = Errand.objects.create()
        entries = [record(errand, f"step{n}", by=SYSTEM, at=now, facts={"n": n}) for n in range(count)]
        seal_all()
        return entries

    return write


def tamper(sql: str) -> None:
    """Do what only a superuser can: switch the triggers off, change, switch them on again."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)


def faults() -> list[str]:
    return [fault.why for fault in sealing.verify()]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET note = 'x'",
        "UPDATE ledger_entry SET seal_id = NULL WHERE seal_id IS NOT NULL",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_seal SET entries = 0",
        "DELETE FROM ledger_seal",
        "TRUNCATE ledger_seal CASCADE",
    ],
)
def test_the_database_refuses_changes(written: Callable[[int], list[Entry]], sql: str) -> None:
    written(2)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_an_untouched_ledger_verifies(written: Callable[[int], list[Entry]]) -> None:
    for size in (1, 3, 2):
        written(size)
    assert faults() == []


def test_an_edited_entry_is_found_in_its_batch(written: Callable[[int], list[Entry]]) -> None:
    written(2)
    first, _second = written(2)
    tamper(f"UPDATE ledger_entry SET note = 'nothing happened' WHERE id = {first.pk}")
    (fault,) = sealing.verify()
    assert (fault.why, fault.first_entry) == ("an entry was edited", first.pk)


@pytest.mark.parametrize(
    "column",
    [
        "at = at + interval '1 second'",
        "person_id = NULL, actor_kind = 'public'",
        "facts = '{\"n\": 7}'",
        "basis = 'R-001'",
    ],
)
def test_every_column_is_covered(written: Callable[[int], list[Entry]], column: str) -> None:
    (entry,) = written(1)
    tamper(f"UPDATE ledger_entry SET {column} WHERE id = {entry.pk}")
    assert faults() == ["an entry was edited"]


def test_a_removed_entry_is_found(written: Callable[[int], list[Entry]]) -> None:
    first, _second = written(2)
    tamper(f"DELETE FROM ledger_entry WHERE id = {first.pk}")
    assert faults() == ["entries were removed or added"]


def test_an_entry_slipped_into_a_sealed_batch_is_found(written: Callable[[int], list[Entry]], now: dt.datetime) -> None:
    (entry,) = written(1)
    late = record(Errand.objects.create(), "late", by=SYSTEM, at=now)
    tamper(f"UPDATE ledger_entry SET seal_id = {Entry.objects.get(pk=entry.pk).seal_id} WHERE id = {late.pk}")
    assert faults() == ["entries were removed or added"]


def test_two_entries_that_changed_places_are_found(written: Callable[[int], list[Entry]]) -> None:
    first, second = written(2)
    tamper(f"UPDATE ledger_entry SET id = -1 WHERE id = {first.pk}")
    tamper(f"UPDATE ledger_entry SET id = {first.pk} WHERE id = {second.pk}")
    tamper(f"UPDATE ledger_entry SET id = {second.pk} WHERE id = -1")
    assert faults() == ["an entry was edited"]


def test_a_seal_removed_with_its_entries_breaks_the_chain(written: Callable[[int], list[Entry]]) -> None:
    for _ in range(3):
        written(1)
    middle = Seal.objects.order_by("-pk")[1].pk
    tamper(f"DELETE FROM ledger_entry WHERE seal_id = {middle}")
    tamper(f"DELETE FROM ledger_seal WHERE id = {middle}")
    assert faults() == ["a seal before it is missing"]


def test_a_rebuilt_root_still_breaks_the_chain(written: Callable[[int], list[Entry]]) -> None:
    (entry,) = written(1)
    seal = Entry.objects.get(pk=entry.pk).seal_id
    tamper(f"UPDATE ledger_entry SET note = 'x' WHERE id = {entry.pk}")
    root = (
        f"SELECT sha256(string_agg(ledger_digest(e), ''::bytea ORDER BY id)) FROM ledger_entry e WHERE seal_id = {seal}"
    )
    tamper(f"UPDATE ledger_seal SET root = ({root}) WHERE id = {seal}")
    assert faults() == ["the seal itself was edited"]


def test_a_tail_cut_off_is_found_by_the_witness(
    written: Callable[[int], list[Entry]], settings: object, tmp_path: Path
) -> None:
    settings.LEDGER_WITNESS = str(tmp_path / "witness.jsonl")  # type: ignore[attr-defined]
    written(1)
    written(1)
    last = Seal.objects.order_by("-pk").first()
    assert last is not None
    tamper(f"DELETE FROM ledger_entry WHERE seal_id = {last.pk}")
    tamper(f"DELETE FROM ledger_seal WHERE id = {last.pk}")
    assert faults() == ["differs from the witness"]


def test_the_command_fails_on_a_broken_ledger(written: Callable[[int], list[Entry]]) -> None:
    (entry,) = written(1)
    call_command("verify_ledger")
    tamper(f"UPDATE ledger_entry SET note = 'x' WHERE id = {entry.pk}")
    with pytest.raises(CommandError, match="broken in 1 place"):
        call_command("verify_ledger")


def test_no_entry_is_skipped_when_a_slow_transaction_commits_late(now: dt.datetime) -> None:
    """An older entry that commits after a younger one was written must wait, and then be sealed."""
    errand, holding, done = Errand.objects.create(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(errand, "slow", by=SYSTEM, at=now)
            holding.set()
            done.wait(timeout=10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    holding.wait(timeout=10)
    record(errand, "quick", by=SYSTEM, at=now)
    sealing.seal()
    assert Entry.objects.get(step="quick").seal_id is None
    done.set()
    thread.join()
    seal_all()
    assert faults() == []


def test_two_sealers_and_many_writers_seal_every_entry_once(now: dt.datetime) -> None:
    stop = threading.Event()

    def write(number: int) -> None:
        for turn in range(30):
            with transaction.atomic():
                record(Errand.objects.create(), f"w{number}", by=SYSTEM, at=now)
                if turn % 10 == 0:
                    time.sleep(0.02)
        connections.close_all()

    def keep_sealing() -> None:
        while not stop.is_set():
            sealing.seal()
        connections.close_all()

    sealers = [threading.Thread(target=keep_sealing) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in [*sealers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sealers:
        thread.join()
    seal_all()
    assert Entry.objects.filter(step__startswith="w").exclude(seal=None).count() == 120
    assert faults() == []


def test_a_history_is_in_order_and_readings_stand_in_it(bureau_clerk: Actor, now: dt.datetime) -> None:
    errand = Errand.objects.create()
    record(errand, "one", by=SYSTEM, at=now)
    record_reading(errand, "identity_number", by=bureau_clerk, at=now, reason="核对")
    assert [(entry.step, entry.note, entry.facts) for entry in history_of(errand)] == [
        ("one", "", {}),
        ("read", "核对", {"what": "identity_number"}),
    ]
