"""The search for viruses against a clamd of our own: what is found, what is away, what is never shown."""

import datetime as dt
import io
import secrets
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.db import connections

from portal.accounts.actors import SYSTEM
from portal.accounts.roles import Role
from portal.connectors.breaker import Breaker
from portal.documents import clamd, intake, scanning
from portal.documents.enums import State
from portal.documents.models import StoredFile
from portal.ledger.models import Entry
from tests.fixtures import scanner
from tests.portal.documents.conftest import docx, pdf

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NOBODY = "tcp://127.0.0.1:9"
Start = Callable[..., str]


@pytest.fixture
def start(settings, monkeypatch) -> Iterator[Start]:
    """Return a starter of scanners: ``start("honest")`` runs one in a process of its own and makes it the portal's."""
    monkeypatch.setattr(scanning, "BREAKER", Breaker(f"clamd-{secrets.token_hex(4)}", threshold=3, pause=60))
    monkeypatch.setattr(clamd, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(clamd, "ANSWER_SECONDS", 1.0)
    settings.CLAMD_URL = NOBODY
    with ExitStack() as running:

        def start(mode: str = "honest", where: str = "tcp") -> str:
            settings.CLAMD_URL = running.enter_context(scanner.running(mode, where))
            return settings.CLAMD_URL

        yield start


@pytest.fixture
def waiting(actor, now, start) -> Callable[..., StoredFile]:
    """Return a maker of files that wait for the scanner."""

    def make(content: bytes = b"", name: str = "x.docx") -> StoredFile:
        lead = actor(Role.AGENCY_LEAD)
        return intake.accept([content or docx()], name=name, purpose="minutes", by=lead, at=now)

    return make


def infected() -> bytes:
    """Return a Word file with the test virus lying in it unpacked."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as file:
        file.writestr("docProps/thumbnail.txt", EICAR)
    return out.getvalue()


def fresh(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


@pytest.mark.parametrize("where", ["tcp", "unix"])
def test_a_clean_file_is_shown_only_after_the_scanner_said_so(start, waiting, now, tmp_path, where):
    start("honest", where if where == "tcp" else str(tmp_path / "s"))
    file = waiting()
    assert (file.state, file.is_viewable) == (State.RECEIVED, False)
    assert scanning.scan_waiting(now) == 1
    file = fresh(file)
    assert (file.state, file.scanner, file.scanned_at, file.is_viewable) == (State.CLEAN, "clamd", now, True)
    assert scanning.scan_waiting(now) == 0


def test_the_test_virus_is_found_and_never_shown(start, waiting, now):
    start("honest")
    file = waiting(infected())
    scanning.scan_waiting(now)
    file = fresh(file)
    assert (file.state, file.finding) == (State.INFECTED, "Eicar-Test-Signature")
    entry = Entry.objects.get(step="fail_scan")
    assert (entry.actor_kind, entry.facts["finding"]) == ("system", "Eicar-Test-Signature")


@pytest.mark.parametrize("mode", ["down", "hang", "babble"])
def test_while_the_scanner_is_away_files_wait_longer_each_time_and_stay_unseen(start, waiting, now, mode):
    if mode != "down":
        start(mode)
    file, at, waits = waiting(), now, []
    for _ in range(8):
        scanning.BREAKER.succeeded()
        assert scanning.scan_waiting(at) == 0
        file = fresh(file)
        waits.append((file.next_scan_at - at).total_seconds())
        at = file.next_scan_at
        assert (file.state, file.is_viewable) == (State.RECEIVED, False)
    assert waits == [30, 60, 120, 240, 480, 960, 1800, 1800]
    scanning.BREAKER.succeeded()
    start("honest")
    assert scanning.scan_waiting(at) == 1
    assert fresh(file).state == State.CLEAN


def test_a_scanner_that_is_away_is_not_asked_for_every_file(start, waiting, now):
    for _ in range(5):
        waiting()
    for _ in range(5):
        scanning.scan_waiting(now)
    assert sorted(StoredFile.objects.values_list("scan_attempts", flat=True)) == [0, 0, 1, 1, 1]


def test_a_file_that_the_scanner_cannot_judge_waits_and_then_is_set_aside(start, waiting, now):
    start("small")
    file, at = waiting(pdf(30), "x.pdf"), now
    for attempt in range(1, scanning.UNJUDGED_AT_MOST):
        scanning.scan_waiting(at)
        file = fresh(file)
        assert (file.state, file.scan_refusals) == (State.RECEIVED, attempt)
        at = file.next_scan_at
    scanning.scan_waiting(at)
    file = fresh(file)
    assert (file.state, file.is_viewable) == (State.UNSCANNABLE, False)
    assert "size limit exceeded" in file.finding
    start("honest")
    assert scanning.scan_again(SYSTEM, at) == 1
    assert scanning.scan_waiting(at) == 1
    assert fresh(file).state == State.CLEAN


def test_an_outage_is_never_the_files_fault(start, waiting, now):
    file, at = waiting(), now
    for _ in range(scanning.UNJUDGED_AT_MOST * 2):
        scanning.BREAKER.succeeded()
        scanning.scan_waiting(at)
        file = fresh(file)
        at = file.next_scan_at
    assert (file.state, file.scan_refusals) == (State.RECEIVED, 0)


def test_without_a_scanner_nothing_is_shown_unless_the_installation_says_so(actor, now, settings):
    settings.CLAMD_URL, settings.DOCUMENTS_WITHOUT_SCANNER = "", False
    file = intake.accept([pdf()], name="x.pdf", purpose="personal", by=actor(), at=now)
    assert (file.state, scanning.scan_waiting(now)) == (State.RECEIVED, 0)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_share_the_files(start, waiting, now):
    start("honest")
    for _ in range(6):
        waiting()
    begin, counts = threading.Barrier(2), []

    def sweep() -> None:
        begin.wait()
        counts.append(scanning.scan_waiting(now))
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 6
    assert Entry.objects.filter(step="pass_scan").count() == 6


def test_a_sweep_that_died_leaves_its_file_to_the_next_after_the_lease(start, waiting, now, monkeypatch):
    start("honest")
    file = waiting()
    monkeypatch.setattr(scanning, "_ask", lambda file: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        scanning.scan_waiting(now)
    monkeypatch.undo()
    assert scanning.scan_waiting(now) == 0
    assert scanning.scan_waiting(now + scanning.LEASE + dt.timedelta(seconds=1)) == 1
    assert fresh(file).state == State.CLEAN
