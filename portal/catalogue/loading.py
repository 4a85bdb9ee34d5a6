"""Loading what the portal ships with: levels, series, names of titles, policy versions, and editions for demonstrations.

Everything passes through the steps that people take, so that the ledger tells where it came from. Safe to repeat:
what stands is left alone, because the bureau may have changed it since.
"""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.accounts.actors import SYSTEM
from portal.catalogue.domain import policies
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import Level, PolicyVersion, Series, TitleName
from portal.catalogue.parameters import REGISTRY
from portal.shared import clock
from portal.workflow import carry_out

DATA = Path(__file__).parent / "data"


def load_reference() -> list[str]:
    """Put levels, series, names of titles and policy versions in place; return the codes of new policy versions."""
    load_levels()
    load_series()
    return load_policies()


def load_levels() -> None:
    """Create the levels that are missing."""
    Level.objects.bulk_create((Level(**row) for row in read("levels")["levels"]), ignore_conflicts=True)


@transaction.atomic
def load_series() -> None:
    """Create the series that are missing, each with the names of its titles."""
    known = set(Series.objects.values_list("code", flat=True))
    levels = {level.key: level for level in Level.objects.all()}
    new = [row for row in read("series")["series"] if row["code"] not in known]
    names = []
    for row in new:
        titles, source = row.pop("titles"), row.pop("source")
        series = Series.objects.create(**row)
        names += [
            TitleName(series=series, level=levels[LevelKey(key)], source=source, order=order, **_branch_and_name(title))
            for key, listed in titles.items()
            for order, title in enumerate(listed)
        ]
    TitleName.objects.bulk_create(names)


def load_policies() -> list[str]:
    """Put every shipped policy version in force whose code is unknown, in the order of their days; return their codes."""
    known = set(PolicyVersion.objects.values_list("code", flat=True))
    new = [row for row in read("policies")["versions"] if row["code"] not in known]
    for row in sorted(new, key=lambda each: each["valid_from"]):
        _put_in_force(row)
    return [row["code"] for row in new]


@transaction.atomic
def _put_in_force(row: dict[str, Any]) -> None:
    at = clock.start_of(row["valid_from"])
    fields = {name: row[name] for name in ("code", "title", "source", "valid_from")}
    version = policies.prepare(**fields, values=_values(row), by=SYSTEM, at=at)
    version = carry_out(version, "approve", by=SYSTEM, at=at)
    policies.publish(version, by=SYSTEM, at=at)


def _values(row: dict[str, Any]) -> dict[str, policies.Entered]:
    values, sources, unverified = row.get("values", {}), row.get("sources", {}), set(row.get("unverified", ()))
    return {
        key: policies.Entered(
            values.get(key, parameter.default),
            sources.get(key, str(parameter.source)),
            parameter.unverified or key in unverified,
        )
        for key, parameter in REGISTRY.items()
    }


def _branch_and_name(title: str) -> dict[str, str]:
    branch, _colon, name = title.rpartition(":")
    return {"branch": branch, "name": name}


def read(name: str) -> dict[str, Any]:
    """Return a shipped data file."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def day_at_nine(day: dt.date) -> dt.datetime:
    """Return 09:00 Beijing time of ``day``: when loaded steps are said to have been taken."""
    return clock.start_of(day) + dt.timedelta(hours=9)
