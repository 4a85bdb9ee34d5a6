"""The only reader of the wall clock.

Everything else receives time as an argument, so that a rule can be tested on any day and a demonstration
can skip five working days. Instants are aware datetimes; days are dates in the portal's time zone.
"""

import datetime as dt
import threading
import time
from zoneinfo import ZoneInfo

from django.conf import settings

from portal.shared.models import DemoClock

BEIJING = ZoneInfo("Asia/Shanghai")
REFRESH_SECONDS = 1.0


class _Remembered(threading.local):
    """The offset last read from the database by this thread, so that a page costs at most one query for it."""

    offset = dt.timedelta(0)
    read_at = float("-inf")


_remembered = _Remembered()


def now() -> dt.datetime:
    """Return the present instant in Beijing time; in demonstrations moved by the stored offset."""
    actual = dt.datetime.now(tz=BEIJING)
    return actual + _offset() if settings.DEMO_CLOCK else actual


def since_epoch() -> float:
    """Return the real seconds since 1970, as a proxy in front stamps them; for measuring how long a request waited."""
    return time.time()


def today() -> dt.date:
    """Return the present day in Beijing."""
    return now().date()


def day_of(instant: dt.datetime) -> dt.date:
    """Return the Beijing day in which ``instant`` lies."""
    return instant.astimezone(BEIJING).date()


def start_of(day: dt.date) -> dt.datetime:
    """Return 00:00 Beijing time of ``day``; the end (24:00) of a day is the start of the next."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=BEIJING)


def end_of(day: dt.date) -> dt.datetime:
    """Return 24:00 Beijing time of ``day`` as an exclusive upper bound (domain §7.2)."""
    return start_of(day + dt.timedelta(days=1))


def move_to(instant: dt.datetime) -> None:
    """Set the demonstration clock so that it reads ``instant`` now and runs on from there.

    Raises RuntimeError where the demonstration clock is not enabled.
    """
    _store(instant - dt.datetime.now(tz=BEIJING))


def move_by(span: dt.timedelta) -> None:
    """Move the demonstration clock by ``span``; raises RuntimeError where it is not enabled."""
    _store(_offset() + span)


def back_to_real_time() -> None:
    """Undo every move of the demonstration clock."""
    _store(dt.timedelta(0))


def is_moved() -> bool:
    """Return whether the demonstration clock differs from real time."""
    return bool(settings.DEMO_CLOCK and _offset())


def forget() -> None:
    """Drop the remembered offset; the next reading asks the database."""
    _remembered.read_at = float("-inf")


def _store(offset: dt.timedelta) -> None:
    if not settings.DEMO_CLOCK:
        raise RuntimeError("The demonstration clock is not enabled in this environment.")
    DemoClock.objects.update_or_create(pk=DemoClock.ONLY, defaults={"offset": offset})
    forget()


def _offset() -> dt.timedelta:
    if time.monotonic() - _remembered.read_at > REFRESH_SECONDS:
        row = DemoClock.objects.filter(pk=DemoClock.ONLY).first()
        _remembered.offset = row.offset if row else dt.timedelta(0)
        _remembered.read_at = time.monotonic()
    return _remembered.offset
