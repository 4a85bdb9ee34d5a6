"""Loading the notices that the portal ships with."""

import datetime as dt
import tomllib
from pathlib import Path

from portal.accounts.actors import SYSTEM
from portal.shared import clock
from portal.workdays.counting import DayException
from portal.workdays.models import YearNotice
from portal.workdays.publishing import prepare, publish

DATA = Path(__file__).parent / "data"


def load_shipped_years() -> list[int]:
    """Put every shipped notice in force whose year has none yet, and return those years; safe to repeat."""
    known = set(YearNotice.objects.in_force().values_list("year", flat=True))
    loaded = []
    for path in sorted(DATA.glob("*.toml")):
        notice = tomllib.loads(path.read_text(encoding="utf-8"))
        if notice["year"] in known:
            continue
        at = clock.start_of(dt.date(notice["year"], 1, 1))
        draft = prepare(year=notice["year"], title=notice["title"], source="", days=_days(notice), by=SYSTEM, at=at)
        publish(draft, by=SYSTEM, at=at)
        loaded.append(notice["year"])
    return loaded


def _days(notice: dict[str, dict[str, str]]) -> dict[dt.date, DayException]:
    kinds = (("rest", False), ("work", True))
    return {
        dt.date.fromisoformat(date): DayException(is_workday, name)
        for kind, is_workday in kinds
        for date, name in notice.get(kind, {}).items()
    }
