"""The agency's time for its first check is over: the file is flagged, nobody's application suffers (R-097)."""

import datetime as dt

from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.ledger.record import record
from portal.shared.office import in_office_language
from portal.workflow.carry_out import locked
from review.domain import telling_checks
from review.enums.checking import FIRST_CHECK_IN
from review.models import AgencyReview


@in_office_language
def first_check(application: Application, at: dt.datetime) -> None:
    """Flag a file that is not checked yet, and tell the agency's lead and the bureau of the first one (N-13)."""
    review = AgencyReview.objects.filter(application=application).first()
    if review is None or review.state not in FIRST_CHECK_IN:
        return
    row = locked(review)
    if row.overdue:
        return
    others = AgencyReview.objects.filter(agency=row.agency_id, due_at=row.due_at).overdue().exclude(pk=row.pk)
    is_first = not others.exists()
    row.overdue = True
    row.save(update_fields=["overdue", "updated_at"])
    record(row, "fall_overdue", by=SYSTEM, at=at, basis="R-097")
    if is_first:
        telling_checks.tell_overdue(row, at)
