"""Sealing batches of committed entries and verifying the chain.

A sealer may run anywhere and any number of times: one advisory lock lets one work, and it takes only rows whose
transactions can no longer be overtaken, so that no entry is skipped however commits interleave. Whoever can edit
the database can rebuild the chain behind an edit; therefore each new root is also written to a witness file,
kept on another machine, and verification compares both.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from portal.ledger.models import Seal


@dataclass(frozen=True)
class Fault:
    """A place where the ledger is not what was once sealed."""

    seal: int
    first_entry: int | None
    last_entry: int | None
    why: str


def seal() -> int:
    """Seal the entries that wait and return their number; 0 also when another sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_seal()")
        (sealed,) = cursor.fetchone()
    if sealed:
        _tell_witness()
    return int(sealed)


def verify() -> list[Fault]:
    """Re-compute every seal from its entries and the chain from its first link; an empty list means untouched.

    Finds entries edited, removed, added to a sealed batch or moved between batches, seals removed from the
    middle, and, where a witness file is kept, a tail that was rewritten or cut off.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal, first_entry, last_entry, why FROM ledger_faults()")
        faults = [Fault(*row) for row in cursor.fetchall()]
    return faults + _disagreements_with_witness()


def newest_root() -> Seal | None:
    """Return the last seal, whose hash stands for the whole ledger up to it."""
    return Seal.objects.order_by("-pk").first()


def _tell_witness() -> None:
    newest = newest_root()
    if not settings.LEDGER_WITNESS or newest is None:
        return
    path = Path(settings.LEDGER_WITNESS)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"seal": newest.pk, "hash": bytes(newest.hash).hex(), "sealed_at": _utc(newest.sealed_at)}
    with path.open("a", encoding="utf-8") as witness:
        witness.write(json.dumps(line) + "\n")


def _utc(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds")


def _disagreements_with_witness() -> list[Fault]:
    if not settings.LEDGER_WITNESS or not Path(settings.LEDGER_WITNESS).exists():
        return []
    known = {seal.pk: bytes(seal.hash).hex() for seal in Seal.objects.only("pk", "hash").iterator()}
    faults = []
    with Path(settings.LEDGER_WITNESS).open(encoding="utf-8") as witness:
        for line in witness:
            told = json.loads(line)
            if known.get(told["seal"]) != told["hash"]:
                faults.append(Fault(told["seal"], None, None, "differs from the witness"))
    return faults
