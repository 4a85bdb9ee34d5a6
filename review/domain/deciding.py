"""The lead confirms a one-time return or a rejection, or sends neither (R-090, R-091)."""

import datetime as dt

from applications.domain import correcting, submitting
from applications.domain.correcting import Defect
from applications.domain.settling import settled_first
from applications.enums import ApplicationState
from portal.accounts.actors import Actor
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import fresh, locked
from review.domain import telling_checks
from review.domain.checking import findings_of, tally_of
from review.domain.checklist import items_of
from review.enums.checking import Verdict
from review.models import AgencyReview

AT_THE_AGENCY = frozenset({ApplicationState.UNDER_REVIEW, ApplicationState.UNDER_SECOND_REVIEW})


@settled_first
def return_once(review: AgencyReview, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgencyReview:
    """Return the file with every defect that was found; the applicant's time to correct begins (R-091, N-04)."""
    application = locked(review.application)
    present = fresh(review)
    defects = defects_of(present)
    returned = carry_out(
        present, "return_once", by=by, at=at, key=key, proposal=present.proposal, **tally_of(present).facts
    )
    if application.state in AT_THE_AGENCY:
        correcting.return_once(application, defects=defects, by=by, at=at)
    return returned


@settled_first
def reject(review: AgencyReview, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgencyReview:
    """Reject with the proposed reason and rule; the application ends and both learn why (N-06)."""
    application = locked(review.application)
    rejected = carry_out(review, "reject", by=by, at=at, key=key)
    if application.state in AT_THE_AGENCY:
        done = carry_out(application, "reject", by=by, at=at, decided=True, reason=rejected.reason)
        submitting.close(done, at)
        telling_checks.tell_rejected(rejected, at)
    return rejected


@in_office_language
def defects_of(review: AgencyReview) -> list[Defect]:
    """Return everything that was found defective, in the order of the checklist, as the applicant is told it."""
    found = {one.item: one for one in findings_of(review) if one.verdict == Verdict.DEFECT}
    return [
        Defect(found[item.key].text, ".".join(filter(None, (item.place, found[item.key].field))), found[item.key].basis)
        for item in items_of(review.snapshot, review.committee)
        if item.key in found
    ]
