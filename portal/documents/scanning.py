"""The search for viruses: files wait as rows, a sweep has each judged, and a scanner that is away changes nothing."""

import datetime as dt
import logging
import time

from django.conf import settings
from django.db import transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.connectors.breaker import Breaker
from portal.documents import storage
from portal.documents.clamd import Answer, Outcome, ScannerUnavailable, scan
from portal.documents.enums import State
from portal.documents.models import StoredFile
from portal.shared.errors import StepNotOpen
from portal.workflow import carry_out

logger = logging.getLogger(__name__)

SCANNER = "clamd"
BREAKER = Breaker(SCANNER, threshold=3, pause=60)
LEASE = dt.timedelta(minutes=3)  # longer than one judgement may take
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(minutes=30)
UNJUDGED_AT_MOST = 6


def scan_waiting(at: dt.datetime, seconds: float = 60.0) -> int:
    """Have waiting files judged for about ``seconds`` and return how many were; safe to run late, twice, or beside itself.

    Stops at the first sign that the scanner is away: the files stay unseen and wait longer each time.
    """
    if not settings.CLAMD_URL:
        return 0
    judged, until = 0, time.monotonic() + seconds
    while time.monotonic() < until and BREAKER.admits():
        file = _claim(at)
        if file is None:
            break
        answer = _ask(file)
        if answer is None:
            _wait_longer(file, at)
            break
        _conclude(file, answer, at)
        judged += 1
    return judged


def scan_again(by: Actor, at: dt.datetime) -> int:
    """Put every file that could not be judged back into the queue, after the scanner was set up anew; return how many."""
    files = StoredFile.objects.filter(state=State.UNSCANNABLE).order_by("pk")
    for file in files:
        carry_out(file, "scan_again", by=by, at=at)
    return len(files)


def _claim(at: dt.datetime) -> StoredFile | None:
    """Return the next waiting file, leased so that nobody else takes it for a while; None when nothing waits."""
    with transaction.atomic():
        file = StoredFile.objects.waiting_for_scan(at).select_for_update(skip_locked=True, no_key=True).first()
        if file is not None:
            file.next_scan_at = at + LEASE
            file.save(update_fields=["next_scan_at"])
    return file


def _ask(file: StoredFile) -> Answer | None:
    """Return the scanner's answer, or None where it or the storage is away."""
    try:
        with storage.faults_told(), storage.store().open(file.original_key) as content:
            answer = scan(content, settings.CLAMD_URL)
    except (ScannerUnavailable, storage.StorageUnavailable) as away:
        logger.warning("file %s could not be scanned: %s", file.code, away)
        BREAKER.failed(type(away).__name__)
        return None
    BREAKER.succeeded()
    return answer


def _conclude(file: StoredFile, answer: Answer, at: dt.datetime) -> None:
    try:
        if answer.outcome is Outcome.CLEAN:
            carry_out(file, "pass_scan", by=SYSTEM, at=at, scanner=SCANNER)
        elif answer.outcome is Outcome.INFECTED:
            carry_out(file, "fail_scan", by=SYSTEM, at=at, scanner=SCANNER, finding=answer.finding)
        elif file.scan_refusals + 1 >= UNJUDGED_AT_MOST:
            carry_out(file, "give_up_scan", by=SYSTEM, at=at, scanner=SCANNER, finding=answer.finding)
        else:
            _wait_longer(file, at, refused=1)
    except StepNotOpen:  # a sweep that took over after the lease was faster; its judgement stands
        logger.info("file %s was judged by another sweep", file.code)


def _wait_longer(file: StoredFile, at: dt.datetime, refused: int = 0) -> None:
    """Double the wait, up to the longest.

    ``scan_attempts`` counts every try without a judgement, ``scan_refusals`` those where the scanner answered that it
    cannot judge this file: only these end the waiting, for an outage is not the file's fault.
    """
    wait = min(FIRST_WAIT * 2 ** min(file.scan_attempts, 10), LONGEST_WAIT)
    StoredFile.objects.filter(pk=file.pk, state=State.RECEIVED).update(
        scan_attempts=file.scan_attempts + 1, scan_refusals=file.scan_refusals + refused, next_scan_at=at + wait
    )
