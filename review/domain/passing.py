"""The lead confirms that a file passes: the agency's check ends, the fee falls due (R-096)."""

import datetime as dt

from applications.domain.settling import settled_first
from applications.enums import FIRST_CHECK, ApplicationState
from portal.accounts.actors import Actor
from portal.deadlines import setting
from portal.workflow import carry_out
from portal.workflow.carry_out import fresh, locked
from review.domain import billing, telling_checks
from review.domain.checking import tally_of
from review.models import AgencyReview


@settled_first
def pass_review(review: AgencyReview, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgencyReview:
    """Confirm that every item is right; raises StepRefused for the person who proposed it, or with anything open."""
    application = locked(review.application)
    present = fresh(review)
    passed = carry_out(present, "pass_review", by=by, at=at, key=key, **tally_of(present).facts)
    if application.state in {ApplicationState.UNDER_REVIEW, ApplicationState.UNDER_SECOND_REVIEW}:
        setting.lift(FIRST_CHECK, application, at=at)
        done = carry_out(application, "pass_review", by=by, at=at, decided=True)
        telling_checks.tell_passed(passed, at)
        billing.bill(done, at=at)
    return passed
