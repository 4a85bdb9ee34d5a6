"""Small catalogues; dull on purpose. The illustrative year of the demonstration is ``demo.load_edition(demo.YEAR)``."""

import datetime as dt
import itertools

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.domain import committees, editions, schedules
from portal.catalogue.domain.rows import Changes, Row, apply
from portal.catalogue.enums import Band, LevelKey, Method, ScheduleKind
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Committee, Edition, Level, Series, Specialty
from portal.shared import clock
from portal.workflow import carry_out
from tests.factories import accounts

_serial = itertools.count(1)
PREPARED_AT = dt.datetime(2026, 6, 8, 9, 0, tzinfo=clock.BEIJING)
PUBLISHED_AT = dt.datetime(2026, 6, 22, 9, 0, tzinfo=clock.BEIJING)
# The plan of the demonstration year (domain §12).
PLAN = schedules.Days(
    dt.date(2026, 7, 7),
    dt.date(2026, 7, 28),
    dt.date(2026, 7, 7),
    dt.date(2026, 8, 6),
    dt.date(2026, 9, 11),
    dt.date(2026, 11, 30),
)


def level(key: LevelKey = LevelKey.ASSOCIATE) -> Level:
    return Level.objects.get(key=key)


def specialty(series: str = "05", **fields: object) -> Specialty:
    number = next(_serial) % 1000
    defaults = {
        "code": f"{series}{number:03d}",
        "name": f"示例专业{number}",
        "series": Series.objects.get(code=series),
        "valid_from": dt.date(2024, 1, 1),
    }
    return Specialty.objects.create(**{**defaults, **fields})


def edition(by: Actor = SYSTEM, *, at: dt.datetime = PREPARED_AT, **fields: object) -> Edition:
    number = next(_serial)
    defaults = {"code": f"T-{number}", "year": 2026, "title": f"示例目录{number}", "is_illustrative": True}
    return editions.prepare(**{**defaults, **fields}, by=by, at=at)


def schedule(of: Edition, by: Actor = SYSTEM, *, days: schedules.Days = PLAN, **fields: object) -> AnnualSchedule:
    defaults = {"title": f"示例安排{next(_serial)}", "kind": ScheduleKind.QUALIFICATION, "windows": days.windows()}
    return schedules.prepare(of, **{**defaults, **fields}, by=by, at=PREPARED_AT)


def committee(of: Edition, by: Actor = SYSTEM, *, agency: Organisation | None = None, **fields: object) -> Committee:
    defaults = {
        "name": f"示例评审委员会{next(_serial)}",
        "agency": agency or accounts.organisation(OrganisationKind.AGENCY),
        "band": Band.SENIOR,
    }
    return committees.prepare(of, {**defaults, **fields}, by=by, at=PREPARED_AT)


def row(of: Edition, plan: AnnualSchedule | None, **fields: object) -> Row:
    """Return one reviewed row of the senior-associate level, with a specialty and a committee of its own."""
    defaults = {
        "specialty": fields.get("specialty") or specialty(),
        "level": level(),
        "method": Method.REVIEW,
        "schedule": plan,
    }
    chosen = {**defaults, **fields}
    if "committee" not in chosen:
        chosen["committee"] = committee(of)
    return Row(**chosen)


def published(*rows: Row, of: Edition, plan: AnnualSchedule, by: Actor = SYSTEM, lead: Actor = SYSTEM) -> Edition:
    """Take an edition with its one schedule through every step until both are published."""
    apply(of, Changes(added=rows), by=by, at=PREPARED_AT)
    carry_out(plan, "verify", by=by, at=PREPARED_AT, acknowledgement="示例")
    submitted = carry_out(of, "submit", by=by, at=PREPARED_AT)
    approved = carry_out(submitted, "approve", by=lead, at=PUBLISHED_AT)
    done = editions.publish(approved, by=lead, at=PUBLISHED_AT)
    carry_out(plan, "publish", by=lead, at=PUBLISHED_AT)
    return done


def published_entry(by: Actor = SYSTEM, lead: Actor = SYSTEM, **fields: object) -> CatalogueEntry:
    """Return the one row of a small published year on the demonstration's plan."""
    year = edition(by)
    plan = schedule(year, by)
    published(row(year, plan, **fields), of=year, plan=plan, by=by, lead=lead)
    return CatalogueEntry.objects.with_all().get(edition=year)
