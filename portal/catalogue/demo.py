"""The demonstration's catalogue: illustrative specialties, agencies and committees, published by real steps.

For demonstrations and tests only: the organisations do not exist.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.accounts import invented
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.districts import OFFICES
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue import demo_associations
from portal.catalogue.demo_conditions import terms_for
from portal.catalogue.demo_guides import publish_guides
from portal.catalogue.domain import committees, conditions, editions, schedules
from portal.catalogue.domain.rows import Changes, Row, apply
from portal.catalogue.enums import JUNIOR, SENIOR, Band, LevelKey, Method, Mode, ScheduleKind
from portal.catalogue.loading import day_at_nine, load_reference, read
from portal.catalogue.models import AnnualSchedule, Committee, Edition, Level, Series, Specialty, TitleName
from portal.workflow import carry_out

YEAR = "BJ-2026-demo"
BUREAU_SERIAL = 1
DISTRICT_SERIALS = 20  # the serials that the demonstration's accounts give the district offices
BANDS = {Band.SENIOR: SENIOR, Band.INTERMEDIATE: frozenset({LevelKey.INTERMEDIATE}), Band.JUNIOR: JUNIOR}


def load(*, clerk: Actor = SYSTEM, lead: Actor = SYSTEM) -> Edition:
    """Publish the demonstration's year, the clerk preparing and the lead deciding; a second run changes nothing."""
    load_edition("BJ-2024", clerk=clerk, lead=lead)
    return load_edition(YEAR, clerk=clerk, lead=lead)


def load_edition(code: str, *, clerk: Actor = SYSTEM, lead: Actor = SYSTEM) -> Edition:
    """Publish one shipped edition with its schedules, or return it where it stands already.

    Raises RuntimeError outside demonstrations and tests.
    """
    if not settings.DEMO_CLOCK:
        raise RuntimeError("Illustrative editions are never loaded where the demonstration clock is off.")
    standing = Edition.objects.filter(code=code).first()
    if standing is not None:
        return standing
    load_reference()
    load_specialties()
    return _publish(read(code), clerk, lead)


@transaction.atomic
def load_specialties() -> None:
    """Create the illustrative specialties that are missing."""
    data = read("specialties")
    known = set(Specialty.objects.values_list("code", flat=True))
    series = {row.code: row for row in Series.objects.all()}
    rows = [
        _specialty(series[code], number, name, data)
        for code, names in data["names"].items()
        for number, name in enumerate(names, start=1)
    ]
    Specialty.objects.bulk_create(row for row in rows if row.code not in known)


def _specialty(series: Series, number: int, listed: str, data: dict[str, Any]) -> Specialty:
    name, _at, branch = listed.partition("@")
    return Specialty(
        code=f"{series.code}{number:03d}",
        series=series,
        name=name,
        branch=branch,
        requires_matching_major=name in data["flags"]["matching_major"],
        exception_forbidden=name in data["flags"]["no_exception"],
        valid_from=data["valid_from"],
    )


@transaction.atomic
def _publish(data: dict[str, Any], clerk: Actor, lead: Actor) -> Edition:
    facts = dict(data["edition"])
    prepared_at, published_at = day_at_nine(facts.pop("prepared_on")), day_at_nine(facts.pop("published_on"))
    edition = editions.prepare(**facts, by=clerk, at=prepared_at)
    plans = {row["kind"]: _plan(edition, row, clerk, prepared_at) for row in data["schedules"]}
    builder = _Builder(edition, plans, _agencies(), clerk, prepared_at)
    apply(edition, Changes(added=builder.rows()), by=clerk, at=prepared_at)
    conditions.put(edition, terms_for(edition), by=clerk, at=prepared_at)
    edition = carry_out(edition, "submit", by=clerk, at=prepared_at)
    edition = carry_out(edition, "approve", by=lead, at=published_at)
    edition = editions.publish(edition, by=lead, at=published_at)
    for plan in plans.values():
        carry_out(plan, "publish", by=lead, at=published_at)
    demo_associations.recognise(clerk=clerk, lead=lead, prepared_at=prepared_at, approved_at=published_at)
    publish_guides(edition, clerk=clerk, lead=lead, prepared_at=prepared_at, published_at=published_at)
    return edition


def _plan(edition: Edition, row: dict[str, Any], clerk: Actor, at: dt.datetime) -> AnnualSchedule:
    days = schedules.Days(
        individual_from=row["individual"][0],
        individual_to=row["individual"][1],
        employer_from=row["employer"][0],
        employer_to=row["employer"][1],
        agency_to=row["agency"],
        committee_to=row["committee"],
    )
    plan = schedules.prepare(
        edition,
        title=row["title"],
        kind=ScheduleKind(row["kind"]),
        windows=days.windows(),
        notice=row["notice"],
        owner=clerk.organisation,
        by=clerk,
        at=at,
    )
    return carry_out(plan, "verify", by=clerk, at=at, acknowledgement=row.get("acknowledgement", ""))


def _agencies() -> dict[str, Organisation]:
    """Return the illustrative agencies by key, the district offices under their district's code; made where missing."""
    found = {row["key"]: _agency(row) for row in read("offers")["agencies"]}
    for number, (district, name) in enumerate(OFFICES.items()):
        row = {"serial": DISTRICT_SERIALS + number, "registrar": "11", "kind": OrganisationKind.DISTRICT, "name": name}
        found[district] = _agency({**row, "district": district})
    return found


def _agency(row: dict[str, Any]) -> Organisation:
    district = row.get("district", "")
    area = district if district.isdigit() else "110000"
    code = invented.credit_code(row["serial"], row["registrar"], area)
    fields = {
        "name": row["name"],
        "kind": row.get("kind", OrganisationKind.AGENCY),
        "district": district,
        "telephone": row.get("telephone", ""),
    }
    return Organisation.objects.get_or_create(credit_code=code, defaults=fields)[0]


@dataclass(frozen=True)
class _Builder:
    """Turns the illustrative offers into committees and rows of one edition."""

    edition: Edition
    plans: dict[str, AnnualSchedule]
    agencies: dict[str, Organisation]
    clerk: Actor
    at: dt.datetime

    def rows(self) -> list[Row]:
        """Return the rows of every offer."""
        offers = [offer for offer in read("offers")["offers"] if _plan_in(offer) in self.plans]
        return [row for offer in offers for row in self._of(offer)]

    def _of(self, offer: dict[str, Any]) -> list[Row]:
        bands = [Band(band) for band in offer.get("bands", list(Band))]
        levels = self._levels(offer["series"])
        return [
            row
            for band in bands
            for row in self._of_band(offer, band, [level for level in levels if level.key in BANDS[band]])
        ]

    def _of_band(self, offer: dict[str, Any], band: Band, levels: list[Level]) -> list[Row]:
        reviewed = [level for level in levels if level.key not in offer.get("exam_only", ())]
        chosen = self._committees(offer, band) if reviewed else []
        rows = []
        for specialty in self._specialties(offer):
            plan = self.plans[_plan_in(offer)] if specialty.series.mode == Mode.QUALIFICATION else None
            rows += [Row(specialty, level, Method.EXAM_ONLY) for level in levels if level not in reviewed]
            rows += [
                Row(specialty, level, self._method(offer, level), committee, plan)
                for level in reviewed
                for committee in chosen
            ]
        return rows

    def _method(self, offer: dict[str, Any], level: Level) -> str:
        return Method.EXAM_REVIEW if level.key in offer.get("exam_review", ()) else Method.REVIEW

    def _committees(self, offer: dict[str, Any], band: Band) -> list[Committee]:
        if offer.get("by_district"):
            return committees.prepare_for_districts(self.edition, by=self.clerk, at=self.at)
        fields = {
            "name": f"北京市{offer['committee']}{band.label}专业技术资格评审委员会",
            "agency": self.agencies[offer["agency"]],
            "band": band,
            "is_by_series": "specialties" not in offer,
        }
        return [committees.prepare(self.edition, fields, by=self.clerk, at=self.at)]

    def _levels(self, series: str) -> list[Level]:
        """Return the levels of which the series has titles, highest first."""
        named = TitleName.objects.filter(series__code=series).values("level")
        return list(Level.objects.filter(pk__in=named).order_by("-rank"))

    def _specialties(self, offer: dict[str, Any]) -> list[Specialty]:
        rows = Specialty.objects.filter(series__code=offer["series"]).select_related("series").order_by("code")
        return list(rows.filter(name__in=offer["specialties"]) if "specialties" in offer else rows)


def _plan_in(offer: dict[str, Any]) -> str:
    return str(offer.get("schedule", ScheduleKind.QUALIFICATION))
