"""The agency takes the file over from the employer, gets it back after a correction, and lets go of it when it ends."""

import datetime as dt

from applications.domain import clocks
from applications.domain.neighbours import Neighbour
from applications.enums import FIRST_CHECK, ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.queries import may_evaluate
from portal.ledger.record import record
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import carrying, suspending
from review.enums.checking import ReviewState
from review.models import AgencyReview


class FromEmployer(Neighbour):
    """What the agency's check does when the employer's half moves; a neighbour of ``applications``."""

    def arrived(self, application: Application, at: dt.datetime) -> None:
        """Queue the recommended file for its first check, or bring the corrected one back for its second."""
        review = AgencyReview.objects.filter(application=application).first()
        if review is None:
            _open(application, at)
        elif review.state == ReviewState.RETURNED:
            carrying.bring_back(review, application.recommendation.snapshot, at=at)

    def timed(self, application: Application, at: dt.datetime) -> None:
        """While the agency is suspended, what was just set stands still like the others."""
        review = AgencyReview.objects.filter(application=application).first()
        if review is not None and review.suspended_since is not None:
            suspending.stop_clocks_of(application, at)

    def released(self, application: Application, at: dt.datetime) -> None:
        """The end of the first check moved with the person's clocks; the queue shows and orders by it (R-097)."""
        review = AgencyReview.objects.filter(application=application).first()
        if review is not None:
            row = locked(review)
            suspending.follow_the_clock(row)
            row.save(update_fields=["due_at", "updated_at"])

    def ended(self, application: Application, at: dt.datetime) -> None:
        """Close what is still open: there is nothing left to check."""
        review = AgencyReview.objects.filter(application=application).first()
        if review is None or not review.is_open:
            return
        expired = review.state == ReviewState.RETURNED and application.state == ApplicationState.DEEMED_WITHDRAWN
        carry_out(review, "expire" if expired else "close", by=SYSTEM, at=at)


def _open(application: Application, at: dt.datetime) -> AgencyReview:
    committee, schedule, snapshot = (
        application.entry.committee,
        application.schedule,
        application.recommendation.snapshot,
    )
    assert committee is not None and schedule is not None and snapshot is not None  # noqa: S101, PT018 - recommended
    closes = schedule.agency_closes_at
    review = AgencyReview.objects.create(
        application=application,
        agency=committee.agency,
        committee=committee,
        snapshot=snapshot,
        state_since=at,
        arrived_at=at,
        due_at=closes,
    )
    record(review, "arrive", by=SYSTEM, at=at, after=review.state, basis="R-026")
    clocks.set_instant(FIRST_CHECK, application, due_at=closes, at=at)
    if not may_evaluate(committee.agency, application.entry.edition):
        suspending.suspend_one(review, at=at)
    return review
