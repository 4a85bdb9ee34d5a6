"""What the suspension of an agency does to its files: nothing is decided, and every applicant's clock stands still (R-152)."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.domain import clocks
from applications.enums import FIRST_CHECK, RESUMPTION, SUSPENSION
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.models import AgencyAuthority
from portal.catalogue.queries import may_evaluate
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.ledger.record import record
from portal.shared.office import in_office_language
from portal.workflow import settle_due
from portal.workflow.carry_out import locked
from review.domain import attending, telling_checks
from review.models import AgencyReview

# Up to so many files are done while the bureau waits; of more, the sweep does one after the other.
AT_ONCE = 20
REASON = _("评审服务机构被暂停评审工作期间，期限暂停计算")
BASIS = "R-152"
SUSPENDED = "review.suspended"


def standing_changed(authority: AgencyAuthority, at: dt.datetime) -> None:
    """Have every file of the agency in the year suspended or resumed, from the instant at which its standing changed.

    Each file gets a timer that is due then, in the transaction of the change, and whoever meets the file first rings
    it: the sweep, in any number of workers, or a step that would overtake it. Few files are done at once. An agency
    that lost its place on the list may no more evaluate than a suspended one: its files wait as well.
    """
    kind = RESUMPTION if authority.is_listed else SUSPENSION
    files = list(_files(authority).only("pk"))
    for application in _not_done_yet(kind, files):
        settle_due(locked(application), at)
    setting.set_instant_for_all(kind, files, at=at)
    if len(files) <= AT_ONCE:
        for application in files:
            settle_due(locked(application), at)


@in_office_language
def suspend_file(application: Application, at: dt.datetime) -> None:
    """The agency may not evaluate any more: the file's timer rings."""
    suspend_one(AgencyReview.objects.get(application=application), at=at)


@in_office_language
def resume_file(application: Application, at: dt.datetime) -> None:
    """The agency may evaluate again: the file's timer rings."""
    _resume_one(AgencyReview.objects.get(application=application), application, at=at)


@in_office_language
def follow_standing(application: Application, *, at: dt.datetime) -> None:
    """Suspend or resume one file by how its agency stands now: while it had ended, no change reached it. It is locked."""
    review = AgencyReview.objects.filter(application=application).first()
    if review is None:
        return
    if may_evaluate(review.agency, application.entry.edition):
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
    clocks.stop(application, cause=SUSPENDED, at=at, reason=str(REASON), basis=BASIS)


def follow_the_clock(review: AgencyReview) -> None:
    """Give the row of the queue, unsaved, the end of the first check as far as it moved while the clocks stood still."""
    deadline = setting.waiting(FIRST_CHECK, review.application)
    if deadline is not None and deadline.due_at is not None:
        review.due_at = deadline.due_at


def _resume_one(review: AgencyReview, application: Application, *, at: dt.datetime) -> None:
    row = locked(review)
    if row.suspended_since is None:
        return
    row.suspended_since = None
    clocks.start(application, cause=SUSPENDED, at=at)
    follow_the_clock(row)
    row.save(update_fields=["suspended_since", "due_at", "updated_at"])
    record(row, "resume", by=SYSTEM, at=at, facts={"due_at": row.due_at.isoformat()}, basis=BASIS)
    telling_checks.tell_resumed(row, at)
    attending.clocks_run_on(application, at)


def _files(authority: AgencyAuthority) -> QuerySet[Application]:
    """Return the live applications that came to the agency in the year, in the order in which rows are locked."""
    rows = Application.objects.live().filter(
        entry__edition=authority.edition_id, review__agency=authority.agency_id, review__isnull=False
    )
    return rows.order_by("pk")


def _not_done_yet(kind: str, files: Sequence[Application]) -> list[Application]:
    """Return those whose last change of the kind is still to be rung: a second one must not take its place."""
    waits = Deadline.objects.waiting().filter(kind=kind, subject_type=ContentType.objects.get_for_model(Application))
    numbers = set(waits.values_list("subject_id", flat=True))
    return [one for one in files if one.pk in numbers]
