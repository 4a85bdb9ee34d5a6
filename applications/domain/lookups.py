"""Asking outside registers about an applicant in the background, and what their answers become (R-059, R-068, A-46)."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from django.db import transaction

from applications.enums import LookupState, Source, System
from applications.models import ArchiveItem, Lookup
from applications.sections import ItemKind
from portal.accounts.actors import SYSTEM
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import OrganisationKind
from portal.catalogue.enums import LevelKey
from portal.connectors import education, insurance, titles
from portal.connectors.errors import ConnectorError
from portal.connectors.people import DocumentKind, Who
from portal.integrity.domain import comparing
from portal.ledger.record import record
from portal.shared.errors import StepNotOpen
from portal.shared.prepared import Asked, Prepared
from portal.workflow import carry_out

logger = logging.getLogger(__name__)

ATTEMPTS = 4
WAIT = dt.timedelta(minutes=2)
BATCH = 50
FRESH = dt.timedelta(hours=12)

LEVELS = {
    titles.Level.SENIOR_FULL: LevelKey.FULL,
    titles.Level.SENIOR_ASSOCIATE: LevelKey.ASSOCIATE,
    titles.Level.INTERMEDIATE: LevelKey.INTERMEDIATE,
    titles.Level.ASSISTANT: LevelKey.ASSISTANT,
    titles.Level.ENTRY: LevelKey.ENTRY,
}


@dataclass(frozen=True)
class Insured:
    """The unit that pays a person's insurance now (R-070), and where the person works if elsewhere (A-18)."""

    credit_code: str
    name: str
    district: str
    work_unit: str


def ask(person: Person, *, at: dt.datetime, systems: Iterable[System] = tuple(System), again: bool = False) -> None:
    """Have the registers asked soon; what was answered lately is asked again only where ``again`` says so."""
    known = {lookup.system: lookup for lookup in Lookup.objects.filter(person=person)}
    for system in systems:
        lookup = known.get(system)
        if lookup is None:
            Lookup.objects.get_or_create(person=person, system=system, defaults={"asked_at": at, "next_at": at})
        elif lookup.state != LookupState.WAITING and (again or at - lookup.asked_at > FRESH):
            with suppress(StepNotOpen):  # asked in another window meanwhile
                carry_out(lookup, "ask_again", by=SYSTEM, at=at)


def run_due(*, at: dt.datetime) -> int:
    """Ask what waits and return how many were asked; safe to run twice, in parallel, and to die in the middle.

    Each question is claimed for a while, asked outside of any transaction, and its answer stored in one of its own.
    """
    done = 0
    while done < BATCH:
        lookup = _claimed(at)
        if lookup is None:
            break
        run(lookup, at=at)
        done += 1
    return done


def _claimed(at: dt.datetime) -> Lookup | None:
    """Return the lookup that waits longest, put off for the others; the attempt counts from here, whatever becomes of it."""
    with transaction.atomic():
        due = Lookup.objects.filter(state=LookupState.WAITING, next_at__lte=at).select_related("person")
        lookup = due.select_for_update(of=("self",), skip_locked=True).order_by("next_at", "pk").first()
        if lookup is not None:
            lookup.attempts += 1
            lookup.next_at = at + WAIT * lookup.attempts
            lookup.save(update_fields=["attempts", "next_at", "updated_at"])
        return lookup


def run(lookup: Lookup, *, at: dt.datetime) -> None:
    """Put one question; an outage is tried again, and after the last attempt marked for upload and agency (A-46)."""
    who = who_is(lookup.person)
    try:
        answer = _QUESTIONS[System(lookup.system)](lookup.person, who, at) if who is not None else {}
    except ConnectorError as error:
        logger.info("lookup %s failed: %s", lookup.pk, error)
        if lookup.attempts >= ATTEMPTS:
            with suppress(StepNotOpen):  # another worker had an answer
                carry_out(lookup, "give_up", by=SYSTEM, at=at)
        return
    with suppress(StepNotOpen):
        settle(lookup, answer, at=at)


@transaction.atomic
def settle(lookup: Lookup, answer: dict[str, Any], *, at: dt.datetime) -> None:
    """Store a register's answer and what it vouches for; raises StepNotOpen where another worker was quicker."""
    carry_out(lookup, "settle", by=SYSTEM, at=at, answer=answer)
    _keep(lookup, answer, at)


def who_is(person: Person) -> Who | None:
    """Return how registers know the person: by the verified document that stands first; None without one."""
    document = person.documents.filter(ended_at=None, verified_at__isnull=False).order_by("pk").first()
    return Who(person.full_name, DocumentKind(document.kind), document.number) if document else None


def latest(person: Person) -> dict[str, Lookup]:
    """Return the lookups of a person by system."""
    return {lookup.system: lookup for lookup in _of_person().all(person=person.pk)}


@cache
def _of_person() -> Prepared[Lookup]:
    return Prepared(Lookup.objects.filter(person=Asked("person")))


def insured_employer(person: Person) -> Insured | None:
    """Return who pays the person's insurance by the register's last answer, None where nobody is known."""
    return insured_in(Lookup.objects.filter(person=person, system=System.INSURANCE).first())


def insured_in(lookup: Lookup | None) -> Insured | None:
    """Return who pays by this answer, None where it names nobody."""
    answer = (lookup.answer if lookup else None) or {}
    employer, work_unit = answer.get("employer"), answer.get("work_unit")
    if not employer:
        return None
    name = work_unit["name"] if work_unit else ""
    return Insured(employer["credit_code"], employer["name"], district_of(employer["district"]), name)


def district_of(code: str) -> str:
    """Return the district of the portal for a code of six digits, an empty text for one outside Beijing."""
    return code if code.startswith("1101") else ""


def organisation_of(insured: Insured, *, at: dt.datetime) -> Organisation:
    """Return the employer as an organisation of the portal; one that never logged in is entered, to be claimed by its head."""
    found, is_new = Organisation.objects.get_or_create(
        credit_code=insured.credit_code,
        defaults={"name": insured.name, "kind": OrganisationKind.EMPLOYER, "district": insured.district},
    )
    if is_new:
        record(found, "register", by=SYSTEM, at=at, facts={"source": "insurance"}, basis="R-070")
    return found


def _education(person: Person, who: Who, at: dt.datetime) -> dict[str, Any]:
    return {"schooling": [_plain(asdict(found)) for found in education.lookup(who, at=at)]}


def _insurance(person: Person, who: Who, at: dt.datetime) -> dict[str, Any]:
    found = insurance.lookup(who, at=at)
    return _plain(asdict(found)) if found is not None else {"employer": None}


def _titles(person: Person, who: Who, at: dt.datetime) -> dict[str, Any]:
    held = titles.everywhere(who, at=at)
    if len(held.unanswered) == len(titles.SOURCES):
        raise ConnectorError("titles", "lookup", "no source answered")
    return {
        "titles": [_plain(asdict(found)) for found in held.titles],
        "unanswered": [str(one) for one in held.unanswered],
    }


def _credit(person: Person, who: Who, at: dt.datetime) -> dict[str, Any]:
    return {"records": [_plain(asdict(found)) for found in comparing.external_bar(person, at=at)]}


_QUESTIONS: dict[System, Callable[[Person, Who, dt.datetime], dict[str, Any]]] = {
    System.EDUCATION: _education,
    System.INSURANCE: _insurance,
    System.TITLES: _titles,
    System.CREDIT: _credit,
}


@dataclass(frozen=True)
class _Vouched:
    """One fact of a register: under which of its own numbers, as which item of the archive."""

    kind: ItemKind
    source: Source
    number: str
    content: dict[str, Any]


def _keep(lookup: Lookup, answer: dict[str, Any], at: dt.datetime) -> None:
    """Turn what a register vouches for into items of the archive, each once."""
    if lookup.system == System.EDUCATION:
        for found in answer.get("schooling", []):
            one = _Vouched(ItemKind.EDUCATION, Source.EDUCATION, found["certificate_number"], _schooling(found))
            _kept(lookup.person, one, at)
    elif lookup.system == System.TITLES:
        for found in answer.get("titles", []):
            _kept(
                lookup.person, _Vouched(ItemKind.TITLE, Source.TITLES, found["certificate_number"], _title(found)), at
            )


def _kept(person: Person, one: _Vouched, at: dt.datetime) -> None:
    item, is_new = ArchiveItem.objects.get_or_create(
        person=person,
        kind=one.kind,
        source=one.source,
        source_key=one.number,
        defaults={"content": one.content, "verified_at": at, "saved_at": at, "versions": dict.fromkeys(one.content, 1)},
    )
    facts = {"source": str(one.source)}
    if is_new:
        record(item, "verify", by=SYSTEM, at=at, after="verified", facts=facts, basis="R-059")
    elif item.content != one.content:
        item.content, item.verified_at, item.saved_at = one.content, at, at
        item.save(update_fields=["content", "verified_at", "saved_at", "updated_at"])
        record(item, "verify", by=SYSTEM, at=at, after="changed", facts=facts, basis="R-059")


def _schooling(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "level": found["level"],
        "degree": found["degree"],
        "school": found["school"],
        "major": found["major"],
        "study": found["study_mode"],
        "graduated_on": found["graduated_on"],
        "certificate_number": found["certificate_number"],
    }


def _title(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "series": found["series"],
        "title": found["title"],
        "level": LEVELS[titles.Level(found["level"])].value,
        "specialty": found["specialty"],
        "obtained_on": found["passed_on"],
        "certificate_number": found["certificate_number"],
        "authority": found["authority"],
        "standing": found["standing"],
        "district_limited": found["district_limited"],
    }


def _plain(facts: Any) -> Any:
    """Return facts as plain JSON: dates as ISO texts, enumerations as their values."""
    if isinstance(facts, dict):
        return {name: _plain(value) for name, value in facts.items()}
    if isinstance(facts, list | tuple):
        return [_plain(value) for value in facts]
    if isinstance(facts, dt.date):
        return facts.isoformat()
    return facts.value if hasattr(facts, "value") else facts
