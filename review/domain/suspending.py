"""What the suspension of an agency does to its files: nothing is decided, and every applicant's clock stands still (R-152)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from applications.domain.holding import start_clocks, stop_clocks
from applications.enums import FIRST_CHECK
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.models import AgencyAuthority
from portal.deadlines import setting
from portal.ledger.record import record
from portal.shared.office import in_office_language
from portal.workflow.carry_out import locked
from review.domain import telling_checks
from review.models import AgencyReview

REASON = _("评审服务机构被暂停评审工作期间，期限暂停计算")
BASIS = "R-152"
SUSPENDED = "review.suspended"


@in_office_language
def standing_changed(authority: AgencyAuthority, at: dt.datetime) -> None:
    """Suspend or resume every file of the agency in the year, in the transaction in which its standing changes.

    An agency that lost its place on the list may no more evaluate than a suspended one: its files wait as well.
    """
    for application in _files(authority):
        review = AgencyReview.objects.get(application=application)
        if authority.is_listed:
            _resume_one(review, application, at=at)
        else:
            suspend_one(review, at=at)


def suspend_one(review: AgencyReview, *, at: dt.datetime) -> None:
    """Mark one file as suspended and stop the clocks of its applicant; its application is locked already. Twice is once."""
    row = locked(review)
    if row.suspended_since is not None:
        return
    row.suspended_since = at
    row.save(update_fields=["suspended_since", "updated_at"])
    stop_clocks_of(row.application, at)
    record(row, "suspend", by=SYSTEM, at=at, basis=BASIS)
    telling_checks.tell_suspended(row, at)


def stop_clocks_of(application: Application, at: dt.datetime) -> None:
    """Stop every clock of the applicant for as long as the agency is suspended."""
    stop_clocks(application, cause=SUSPENDED, at=at, reason=str(REASON), basis=BASIS)


def _resume_one(review: AgencyReview, application: Application, *, at: dt.datetime) -> None:
    row = locked(review)
    if row.suspended_since is None:
        return
    row.suspended_since = None
    start_clocks(application, cause=SUSPENDED, at=at)
    deadline = setting.waiting(FIRST_CHECK, application)
    if deadline is not None and deadline.due_at is not None:
        row.due_at = deadline.due_at
    row.save(update_fields=["suspended_since", "due_at", "updated_at"])
    record(row, "resume", by=SYSTEM, at=at, facts={"due_at": row.due_at.isoformat()}, basis=BASIS)
    telling_checks.tell_resumed(row, at)


def _files(authority: AgencyAuthority) -> list[Application]:
    """Return the live applications that came to the agency in the year, locked in the order of their keys."""
    rows = Application.objects.live().filter(
        entry__edition=authority.edition_id, review__agency=authority.agency_id, review__isnull=False
    )
    return [locked(application) for application in rows.order_by("pk")]
