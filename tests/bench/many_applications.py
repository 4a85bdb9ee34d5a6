"""So many applications in the database, cloned from one that came about by the real steps."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import Client

from applications.enums import EMPLOYER_WINDOW
from applications.models import Application, Recommendation, Sheet, Snapshot
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import IdentityDocument, Organisation, Person
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from tests.factories import accounts, applications, catalogue

AT_ONE_EMPLOYER = 500
STATES = "(array['pending', 'checking', 'sent_back'])[1 + i % 3]"


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
    submitted = applications.submitted(entry, applicant)
    return Bench(
        applicant=applicant,
        submitted=submitted,
        drafter=drafter,
        draft=applications.filled(entry, drafter),
        clerk=applications.clerk_of(employer),
    )


def fill_up(bench: Bench, count: int) -> None:
    """Clone the submitted application until there are ``count``: 500 at the clerk's employer, the others elsewhere."""
    first, last = Application.objects.count(), count
    if last <= first:
        return
    span = {"first": first, "last": last - 1}
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # no triggers, no foreign keys: these rows are only scenery
        for model, source, names, joins in _plan(bench):
            cursor.execute(_clone(model, names, joins), {"source": source, **span})
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _plan(bench: Bench) -> list[tuple[type[models.Model], int, dict[str, str], str]]:
    application = bench.submitted
    recommendation = Recommendation.objects.get(application=application)
    of_application = ContentType.objects.get_for_model(Application).pk
    person = "JOIN accounts_person p ON p.username = 'bench-' || i"
    unit = f"JOIN accounts_organisation u ON u.code = CASE WHEN i < {AT_ONE_EMPLOYER} THEN '{application.employer.code}' ELSE 'UB' || (2 + i / {AT_ONE_EMPLOYER}) END"
    file = "JOIN applications_application a ON a.code = 'SB-B' || i"
    deadline = Deadline.objects.of(application).get(kind=EMPLOYER_WINDOW)
    entry = Entry.objects.filter(subject_type="applications.Application", step="submit").latest("pk")
    return [
        (
            Organisation,
            application.employer.pk,
            {"code": "'UB' || i", "credit_code": "lpad(i::text, 18, '9')", "name": "'示例单位' || i"},
            "",
        ),
        (
            Person,
            application.applicant.pk,
            {"code": "'PB' || i", "username": "'bench-' || i", "full_name": "'张' || i"},
            "",
        ),
        (
            IdentityDocument,
            application.applicant.documents.get().pk,
            {"code": "'IB' || i", "number_index": "md5(i::text)", "person_id": "p.id"},
            person,
        ),
        (
            Application,
            application.pk,
            {
                "code": "'SB-B' || i",
                "applicant_id": "p.id",
                "employer_id": "u.id",
                "submitted_at": "source.submitted_at + i * interval '1 second'",
            },
            f"{person} {unit}",
        ),
        (
            Recommendation,
            recommendation.pk,
            {
                "code": "'TJ-B' || i",
                "application_id": "a.id",
                "organisation_id": "a.employer_id",
                "state": STATES,
                "state_since": "source.state_since + i * interval '1 second'",
            },
            file,
        ),
        (Snapshot, application.snapshots.get().pk, {"code": "'KZB' || i", "application_id": "a.id"}, file),
        (Sheet, application.sheets.get(kind="summary").pk, {"application_id": "a.id"}, file),
        (Deadline, deadline.pk, {"subject_id": "a.id", "subject_type_id": str(of_application)}, file),
        (Entry, entry.pk, {"subject_id": "a.id", "key": "''"}, file),
    ]


def _clone(model: type[models.Model], names: dict[str, str], joins: str) -> str:
    """Return the statement that copies the row %(source)s once for every i, with the columns in ``names`` made anew."""
    columns = [
        field.column for field in model._meta.local_concrete_fields if not field.primary_key and not field.generated
    ]
    values = ", ".join(names.get(column, f'source."{column}"') for column in columns)
    target = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    return (
        f'INSERT INTO "{table}" ({target}) SELECT {values} FROM "{table}" source '
        f"CROSS JOIN generate_series(%(first)s::int, %(last)s::int) i {joins} WHERE source.id = %(source)s ON CONFLICT DO NOTHING"
    ).replace(" % 3", " %% 3")


def cookie_of(who: Actor) -> str:
    """Return the cookie header of a browser that is logged in as ``who``."""
    browser: Client = accounts.client(who)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def applicant_of(application: Application) -> Actor:
    """Return the person whose application it is."""
    return acting_personally(application.applicant)
