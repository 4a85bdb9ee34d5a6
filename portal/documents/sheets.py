"""Long sheets written by workers: each kind of sheet is a table of orders, and a room that says how one is written.

Any number of workers may run at once; what was begun and never finished is begun anew.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.queries import actor_of
from portal.documents import intake, removing
from portal.documents.enums import Kind
from portal.documents.models import OrderedSheet
from portal.shared import clock

logger = logging.getLogger(__name__)

# What is written while somebody waits: a second or two, with every column.
AT_ONCE = 3_000
# Rows are fetched and written in portions; memory does not grow with their number.
PORTION = 1_000
# A writer that does not come back within this time is followed by another; after each failure twice as long.
LEASE = dt.timedelta(minutes=10)
LONGEST_PAUSE = dt.timedelta(days=1)
# After so many failures, about five hours from the first, a sheet is given up and who asked is told.
MOST_ATTEMPTS = 6
KEPT_FOR = dt.timedelta(days=7)

# What writes the sheet of an order: (order, actor, instant) -> (content, number of rows).
Writer = Callable[[Any, Actor, dt.datetime], tuple[bytes, int]]


@dataclass(frozen=True)
class Sheets:
    """One kind of sheet: the table of its orders, the purpose of its files, how their names begin, what who asked is told."""

    model: Any
    purpose: str
    name: str
    tell_ready: Callable[[Any, int, dt.datetime], None]
    tell_failed: Callable[[Any, dt.datetime], None]

    def ask(self, criteria: Mapping[str, str], keys: Sequence[str], *, by: Actor, at: dt.datetime) -> tuple[Any, bool]:
        """Note that a sheet shall be written, and return it and whether it is new: who has one waiting gets that one."""
        assert by.organisation is not None and by.person is not None  # noqa: S101, PT018 - desks are for staff only
        asked = {"asked_at": at, "not_before": at, "criteria": dict(criteria), "keys": list(keys)}
        of = {"person": by.person, "agency": by.organisation, "finished_at": None}
        found: tuple[Any, bool] = self.model.objects.get_or_create(**of, defaults=asked)
        return found

    def work_off(self, write: Writer, *, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
        """Write waiting sheets one by one for about ``seconds``, drop old ones, and return how many were written."""
        self.drop_old(at=now())
        written, ends = 0, time.monotonic() + seconds
        while time.monotonic() < ends:
            at = now()
            asked = self._claim(at)
            if asked is None:
                break
            try:
                self._write(asked, write, at)
                written += 1
            except Exception:
                logger.exception("the sheet %s could not be written", asked.code)
                if asked.attempts >= MOST_ATTEMPTS:
                    self._give_up(asked, at)
        return written

    def drop_old(self, *, at: dt.datetime) -> int:
        """Remove sheets that were kept long enough, as they hold personal data; return how many."""
        old = self.model.objects.filter(file__isnull=False, finished_at__lte=at - KEPT_FOR).select_related("file")
        kept = [one.file for one in old if one.file is not None]
        for file in kept:
            removing.discard(file, by=SYSTEM, at=at)
        return len(kept)

    def _claim(self, at: dt.datetime) -> OrderedSheet | None:
        with transaction.atomic():
            due = self.model.objects.waiting().filter(not_before__lte=at).order_by("not_before", "pk")
            asked: OrderedSheet | None = due.select_for_update(of=("self",), skip_locked=True).first()
            if asked is not None:
                asked.not_before = at + min(LEASE * 2 ** min(asked.attempts, 10), LONGEST_PAUSE)
                asked.attempts += 1
                asked.save(update_fields=["attempts", "not_before", "updated_at"])
            return asked

    def _write(self, asked: OrderedSheet, write: Writer, at: dt.datetime) -> None:
        """Write the sheet as who asked, in the roles held today, and keep it for that person; of two writers one keeps.

        Raises RuntimeError for a sheet whose writers were killed too often to say so themselves.
        """
        if asked.attempts > MOST_ATTEMPTS:
            raise RuntimeError(f"{asked.code} was begun {asked.attempts} times")
        actor = actor_of(asked.person, asked.agency.code, on=clock.day_of(at))
        with transaction.atomic():
            content, number = write(asked, actor, at)
            row = self._still_waiting(asked)
            if row is not None:
                self.keep(row, content, number, at)
                self.tell_ready(row, KEPT_FOR.days, at)

    def _give_up(self, asked: OrderedSheet, at: dt.datetime) -> None:
        with transaction.atomic():
            row = self._still_waiting(asked)
            if row is not None:
                row.finished_at = at
                row.save(update_fields=["finished_at", "updated_at"])
                self.tell_failed(row, at)

    def _still_waiting(self, asked: OrderedSheet) -> Any:
        rows = self.model.objects.waiting().select_related("person", "agency")
        return rows.select_for_update(of=("self",)).filter(pk=asked.pk).first()

    def keep(self, row: OrderedSheet, content: bytes, number: int, at: dt.datetime) -> None:
        """Keep a written sheet for who asked."""
        name = f"{self.name}-{row.asked_at.astimezone(clock.BEIJING):%Y%m%d-%H%M}.xlsx"
        row.file = intake.keep(content, name=name, purpose=self.purpose, kind=Kind.XLSX, owner=row.agency, at=at)
        row.rows, row.finished_at = number, at
        row.save(update_fields=["file", "rows", "finished_at", "updated_at"])
