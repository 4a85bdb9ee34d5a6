"""Applications (4, 7, 8): returned once, acted on by those whose it is, and never submitted by somebody who may not."""

from collections.abc import Iterator

from applications.models import Application
from portal.integrity import queries as integrity
from portal.integrity.enums import BarKind
from portal.integrity.models import IntegrityRecord
from portal.web.invariants.findings import AT_ONCE, Breach, Invariant, found_by
from review.domain.authorising import STEP as AUTHORISED

# Who may not apply, as the person declared it in what was frozen.
KEPT_OUT = {"is_civil_servant": "a civil servant", "is_retired": "retired"}


def _barred() -> Iterator[Breach]:
    """Whoever was barred from applying at the moment of the submission."""
    recorded = IntegrityRecord.objects.standing().filter(person__isnull=False).values("person")
    rows = Application.objects.filter(submitted_at__isnull=False, applicant__in=recorded).select_related("applicant")
    for application in rows.order_by("pk").iterator(AT_ONCE):
        at = application.first_submitted_at or application.submitted_at
        if at and integrity.bars_on(application.applicant, at=at, kinds={BarKind.APPLY}):
            yield Breach(application.code, "submitted by somebody who was barred")


RETURNS = Invariant(
    4,
    "a file is returned once, but for an authorised error of the agency's",
    (
        found_by(
            "SELECT code, return_count, returns_allowed FROM applications_application WHERE return_count > returns_allowed",
            "returned {0} times, {1} allowed",
        ),
        found_by(
            """SELECT a.code, a.returns_allowed FROM applications_application a WHERE a.returns_allowed > 1
            AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.subject_type = 'applications.Application'
              AND e.subject_id = a.id AND e.step = %(authorised)s)""",
            "{0} returns allowed, and nobody authorised it",
            authorised=AUTHORISED,
        ),
        found_by(
            """SELECT a.code, count(*) FROM applications_application a JOIN ledger_entry e
            ON e.subject_type = 'applications.Application' AND e.subject_id = a.id AND e.after = 'returned'
            AND e.before IN ('under_review', 'under_second_review') GROUP BY a.id HAVING count(*) > a.returns_allowed""",
            "the ledger knows {0} returns",
        ),
    ),
)

ACTORS = Invariant(
    7,
    "only the insured employer and the agency of the chosen committee act",
    (
        found_by(
            """SELECT r.code, e.step, o.code FROM ledger_entry e
            JOIN applications_recommendation r ON r.id = e.subject_id JOIN accounts_organisation o ON o.id = e.organisation_id
            WHERE e.subject_type = 'applications.Recommendation' AND e.after <> '' AND e.after <> e.before
            AND e.organisation_id <> r.organisation_id AND o.kind NOT IN ('bureau', 'agency', 'district')""",
            "{0} was taken by {1}, not by the employer",
        ),
        found_by(
            """SELECT v.code, e.step, o.code FROM ledger_entry e JOIN review_agencyreview v ON v.id = e.subject_id
            JOIN applications_application a ON a.id = v.application_id
            JOIN catalogue_catalogueentry n ON n.id = a.entry_id JOIN catalogue_committee c ON c.id = n.committee_id
            JOIN accounts_organisation o ON o.id = e.organisation_id
            WHERE e.subject_type = 'review.AgencyReview' AND e.after <> e.before
            AND o.kind IN ('agency', 'district') AND e.organisation_id <> c.agency_id""",
            "{0} was taken by {1}, not by the committee's agency",
        ),
        found_by(
            """SELECT s.code, s.committee_id FROM review_committeesession s
            JOIN review_committeefiling f ON f.id = s.filing_id JOIN catalogue_committee c ON c.id = s.committee_id
            WHERE f.agency_id <> c.agency_id""",
            "held under another agency's filing",
        ),
    ),
)

MAY_APPLY = Invariant(
    8,
    "no civil servant, retired, sanctioned or barred person is ever submitted",
    (
        *(
            found_by(
                """SELECT a.code FROM applications_snapshot s JOIN applications_application a ON a.id = s.application_id
                WHERE s.content->'sheets'->'post'->>%(declared)s = 'true'""",
                f"submitted by {who}",
                declared=name,
            )
            for name, who in KEPT_OUT.items()
        ),
        found_by(
            """SELECT a.code FROM applications_snapshot s JOIN applications_application a ON a.id = s.application_id
            WHERE jsonb_path_exists(s.content, '$.eligibility[*] ? (@.verdict == "not_met")')""",
            "submitted although a condition was not met",
        ),
        _barred,
    ),
)
