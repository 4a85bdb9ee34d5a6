"""So many applications in the database, cloned from one that came about by the real steps."""

from dataclasses import dataclass, field

from django.db import connection, models

from applications.enums import EMPLOYER_WINDOW, WINDOW
from applications.models import (
    Application,
    ArchiveItem,
    Evidence,
    Lookup,
    Recommendation,
    RepresentativeWork,
    Sheet,
    Snapshot,
)
from portal.accounts.actors import Actor
from portal.accounts.models import IdentityDocument, Organisation, Person
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from review.models import AgencyReview, AgendaItem
from tests.factories import accounts, applications, catalogue

AT_ONE_EMPLOYER = 500
SECONDS_APART = "source.{} + i * interval '1 second'".format
STATES = "(array['pending', 'checking', 'sent_back'])[1 + i %% 3]"

PERSON = "JOIN accounts_person p ON p.username = 'bench-' || i"
FILE = "JOIN applications_application a ON a.code = 'SB-B' || lpad(i::text, 9, '0')"
ITEM = "JOIN applications_archiveitem t ON t.code = 'DB' || i || '-' || source.item_id"


@dataclass(frozen=True)
class Copies:
    """Which rows of ``model`` are copied once for every i, and how columns differ from copy to copy."""

    model: type[models.Model]
    where: str
    names: dict[str, str] = field(default_factory=dict)
    joins: str = ""

    def statement(self) -> str:
        fields = self.model._meta.local_concrete_fields
        columns = [one.column for one in fields if not one.primary_key and not one.generated]
        values = ", ".join(self.names.get(column, f'source."{column}"') for column in columns)
        target = ", ".join(f'"{column}"' for column in columns)
        table = self.model._meta.db_table
        return (
            f'INSERT INTO "{table}" ({target}) SELECT {values} FROM "{table}" source '
            f"CROSS JOIN generate_series(%(first)s::int, %(last)s::int) i {self.joins} WHERE source.{self.where}"
        )


@dataclass(frozen=True)
class Bench:
    """Whose pages are measured: an applicant with a submitted file, one with a draft, and a clerk of the largest employer."""

    applicant: Actor
    submitted: Application
    drafter: Actor
    draft: Application
    clerk: Actor


def prepare() -> Bench:
    """Return the people and files that the pages are asked for."""
    entry = catalogue.published_entry()
    employer = applications.employer()
    applicant, drafter = applications.applicant(employer), applications.applicant(employer)
    return Bench(
        applicant=applicant,
        submitted=applications.submitted(entry, applicant),
        drafter=drafter,
        draft=applications.filled(entry, drafter),
        clerk=applications.clerk_of(employer),
    )


def fill_up(bench: Bench, count: int) -> None:
    """Clone the submitted application until there are ``count``: 500 at the clerk's employer, the others elsewhere."""
    first, last = Application.objects.count(), count
    if last > first:
        make(_submitted(bench.submitted), first, last - 1)


def make(copies: list[Copies], first: int, last: int) -> None:
    """Insert the copies numbered ``first`` to ``last`` without triggers and foreign keys: they are only scenery."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for one in copies:
            cursor.execute(one.statement(), {"first": first, "last": last})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def people(like: Person) -> list[Copies]:
    """Return copies of a person with the document: ``bench-<i>``."""
    document = like.documents.get()
    return [
        Copies(
            Person,
            f"id = {like.pk}",
            {"code": "'PB' || i", "username": "'bench-' || i", "full_name": "'张' || i"},
        ),
        Copies(
            IdentityDocument,
            f"id = {document.pk}",
            {"code": "'IB' || i", "number_index": "md5(i::text)", "person_id": "p.id"},
            PERSON,
        ),
    ]


def drafts(like: Application) -> list[Copies]:
    """Return copies of a filled draft with everything that its submission needs: ``SB-B<i>``."""
    window = Deadline.objects.of(like).get(kind=WINDOW)
    person = like.applicant
    item_code = {"code": "'DB' || i || '-' || source.id", "person_id": "p.id"}
    return [
        *people(person),
        Copies(Lookup, f"person_id = {person.pk}", {"person_id": "p.id"}, PERSON),
        Copies(ArchiveItem, f"person_id = {person.pk}", item_code, PERSON),
        Copies(
            Evidence,
            f"item_id IN (SELECT id FROM applications_archiveitem WHERE person_id = {person.pk})",
            {"code": "'EB' || i || '-' || source.id", "item_id": "t.id"},
            ITEM,
        ),
        Copies(
            Application, f"id = {like.pk}", {"code": "'SB-B' || lpad(i::text, 9, '0')", "applicant_id": "p.id"}, PERSON
        ),
        Copies(Sheet, f"application_id = {like.pk}", {"application_id": "a.id"}, FILE),
        Copies(
            RepresentativeWork,
            f"application_id = {like.pk}",
            {"application_id": "a.id", "item_id": "t.id"},
            f"{FILE} {ITEM}",
        ),
        Copies(Deadline, f"id = {window.pk}", {"subject_id": "a.id"}, FILE),
    ]


def reviews(like: AgencyReview, clerk: Person, lead: Person) -> list[Copies]:
    """Return copies of a file that came to an agency: of five one waits, one is checked, one is away, two are decided."""
    application = like.application
    of_five = "(array[{}])[1 + i %% 5]".format
    clerk_or_none = of_five(f"NULL::bigint, {clerk.pk}, {clerk.pk}, {clerk.pk}, {lead.pk}")
    if_decided = "CASE WHEN i %% 5 > 2 THEN {} END".format
    return [
        *people(application.applicant),
        Copies(
            Application,
            f"id = {application.pk}",
            {"code": "'SB-B' || lpad(i::text, 9, '0')", "applicant_id": "p.id"},
            PERSON,
        ),
        Copies(
            AgencyReview,
            f"id = {like.pk}",
            {
                "code": "'SH-B' || lpad(i::text, 9, '0')",
                "application_id": "a.id",
                "state": of_five("'queued', 'checking', 'returned', 'passed', 'passed'"),
                "assignee_id": clerk_or_none,
                "proposal": of_five("'', '', '', 'pass', 'pass'"),
                "proposed_by_id": if_decided(clerk.pk),
                "proposed_at": if_decided("source.arrived_at"),
                "decided_by_id": if_decided(lead.pk),
                "decided_at": if_decided("source.arrived_at"),
                "arrived_at": SECONDS_APART("arrived_at"),
                "due_at": "source.due_at + (i %% 30) * interval '1 day'",
            },
            FILE,
        ),
    ]


def cases(like: AgendaItem) -> list[Copies]:
    """Return copies of a case on an agenda, each of another person: ``YC-B<i>``."""
    application = like.application
    return [
        *people(application.applicant),
        Copies(
            Application,
            f"id = {application.pk}",
            {"code": "'SB-B' || lpad(i::text, 9, '0')", "applicant_id": "p.id"},
            PERSON,
        ),
        Copies(
            AgendaItem,
            f"id = {like.pk}",
            {"code": "'YC-B' || i", "application_id": "a.id", "order": 'source."order" + i'},
            FILE,
        ),
    ]


def cookies_of(who: Actor) -> dict[str, str]:
    """Return the cookies of a browser that is logged in as ``who``."""
    return {name: morsel.value for name, morsel in accounts.client(who).cookies.items()}


def _submitted(like: Application) -> list[Copies]:
    assert like.employer is not None
    recommendation = Recommendation.objects.get(application=like)
    deadline = Deadline.objects.of(like).get(kind=EMPLOYER_WINDOW)
    entry = Entry.objects.filter(subject_type=like._meta.label, step="submit").latest("pk")
    units = f"CASE WHEN i < {AT_ONE_EMPLOYER} THEN '{like.employer.code}' ELSE 'UB' || i / {AT_ONE_EMPLOYER} END"
    later = SECONDS_APART
    unit = {"code": "'UB' || i", "credit_code": "lpad(i::text, 18, '0')", "name": "'示例单位' || i"}
    return [
        Copies(Organisation, f"id = {like.employer.pk}", unit),
        *people(like.applicant),
        Copies(
            Application,
            f"id = {like.pk}",
            {
                "code": "'SB-B' || lpad(i::text, 9, '0')",
                "applicant_id": "p.id",
                "employer_id": "coalesce(u.id, source.employer_id)",
                "submitted_at": later("submitted_at"),
            },
            f"{PERSON} LEFT JOIN accounts_organisation u ON u.code = {units}",
        ),
        Copies(
            Recommendation,
            f"id = {recommendation.pk}",
            {
                "code": "'TJ-B' || i",
                "application_id": "a.id",
                "organisation_id": "a.employer_id",
                "state": STATES,
                "state_since": later("state_since"),
            },
            FILE,
        ),
        Copies(Snapshot, f"application_id = {like.pk}", {"code": "'KZB' || i", "application_id": "a.id"}, FILE),
        Copies(Sheet, f"application_id = {like.pk}", {"application_id": "a.id"}, FILE),
        Copies(Deadline, f"id = {deadline.pk}", {"subject_id": "a.id"}, FILE),
        Copies(Entry, f"id = {entry.pk}", {"subject_id": "a.id", "key": "''"}, FILE),
    ]
