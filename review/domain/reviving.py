"""An application that ended goes on where it stood, because a review found procedure or facts wrong (A-24, domain §8.17 #6).

``not_passed`` is not among the ends: ``revoting.void_told_case`` has others vote. Money of an order of before counts as
ever: paid by the new deadline it settles the fee; what was proposed for refund as late goes back, and the fee is paid anew.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import clocks, holding, reopening, submitting
from applications.enums import FIRST_CHECK, ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.queries import policy_of
from portal.deadlines.terms import end_of_count
from portal.shared.errors import Reason, Refusal
from portal.workdays.queries import calendar_in_force
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import billing, standing_again, suspending
from review.enums.checking import OPEN
from review.enums.paying import PaymentState
from review.models import AgencyReview, Defence, Payment

A = ApplicationState
GONE_BACK = (PaymentState.REFUND_PENDING, PaymentState.REFUNDED)
Way = Callable[[Application, dt.datetime], None]


@transaction.atomic
def revive(application: Application, *, at: dt.datetime) -> Application:
    """Let an application that ended go on where it stood, because a review found procedure or facts wrong (A-24, domain §8.17 #6).

    Every time that ran when it ended runs anew and in full from ``at``; a suspension of the agency and a hold that came
    meanwhile stop it at once. Whoever has it from now on is told, and until when. Raises Refusal with ``reasons_against_reviving``.
    """
    row = locked(application)
    reasons = reasons_against_reviving(row, at)
    if reasons:
        raise Refusal(reasons)
    WAYS[_end_of(row)](row, at)
    suspending.follow_standing(row, at=at)
    return holding.hold_as_things_stand(row, at=at, basis="A-24")


def reasons_against_reviving(application: Application, at: dt.datetime) -> list[Reason]:
    """Return why ``revive`` would refuse at ``at``; nothing where the application can go on.

    A year's session period that is over is no reason: the person stands on the bureau's list of those who were not
    heard or voted on, and the bureau moves the period outwards (A-35). Once the schedule is closed it cannot.
    """
    if application.state not in REVIVED or _end_of(application) not in WAYS:
        text = _("当前状态为「%(state)s」，不能恢复办理。") % {"state": application.get_state_display()}
        return [Reason(text, "A-24", "not_revivable")]
    reasons = reopening.reasons_against(application, at)
    if Payment.objects.filter(application=application, state__in=GONE_BACK).exists():
        text = _("评审费已经退还或者正在退还，不能上会，申报不能恢复。")
        reasons.append(Reason(text, "R-096", "fee_went_back"))
    if application.state == A.NOT_RECOGNISED:
        reasons += standing_again.reasons_against(application)
    return reasons


def _end_of(application: Application) -> tuple[str, str]:
    return application.state, reopening.state_before_end(application)


# --- One end each -----------------------------------------------------------------------------
def _check(application: Application, at: dt.datetime) -> None:
    """The first check goes on, to the schedule's own day or the days in which a review is answered, whichever is later."""
    done = carry_out(application, "reopen_check", by=SYSTEM, at=at)
    submitting.reopen(done, at)
    review = carry_out(done.review, "check_again", by=SYSTEM, at=at)
    days = policy_of(done.policy_code).number("appeal.answer_workdays")
    ends = end_of_count(calendar_in_force(), at, days, ()).due_at
    closes = done.schedule.agency_closes_at if done.schedule else at
    if ends is not None and ends < closes:
        clocks.set_instant(FIRST_CHECK, done, due_at=closes, at=at)
    else:
        clocks.set_workdays(FIRST_CHECK, done, workdays=days, at=at, basis="A-24")
    review.due_at = max(ends or closes, closes)
    suspending.follow_the_clock(review)
    review.save(update_fields=["due_at", "updated_at"])


def _second_check(application: Application, at: dt.datetime) -> None:
    """The second check goes on; no day is set for it, as for no second check."""
    done = carry_out(application, "reopen_second_check", by=SYSTEM, at=at)
    submitting.reopen(done, at)
    carry_out(done.review, "check_correction_again", by=SYSTEM, at=at)


def _correction(application: Application, at: dt.datetime) -> None:
    reopening.correction(application, at)
    _wait_for_correction(application, at)


def _recheck(application: Application, at: dt.datetime) -> None:
    reopening.recheck(application, at)
    _wait_for_correction(application, at)


def _wait_for_correction(application: Application, at: dt.datetime) -> None:
    """Let the agency wait for the corrected file again; what comes back finds its check closed otherwise."""
    review = AgencyReview.objects.get(application=application)
    if review.state not in OPEN:
        carry_out(review, "wait_again", by=SYSTEM, at=at)


def _fee(application: Application, at: dt.datetime) -> None:
    done = carry_out(application, "reopen_fee", by=SYSTEM, at=at)
    submitting.reopen(done, at)
    billing.demand_again(Payment.objects.with_all().get(application=done), at=at)


def _defence(application: Application, at: dt.datetime) -> None:
    """The person waits for another day; the agency gives it by the steps that there are, inside the session period."""
    done = carry_out(application, "reopen_defence", by=SYSTEM, at=at)
    submitting.reopen(done, at)
    carry_out(Defence.objects.get(application=done), "hear_after_all", by=SYSTEM, at=at)


def _result(application: Application, at: dt.datetime) -> None:
    done = carry_out(application, "reopen_result", by=SYSTEM, at=at)
    submitting.reopen(done, at)
    standing_again.stand_again(done, at)


def _employers(application: Application, at: dt.datetime) -> None:
    reopening.check(application, at)


def _draft(application: Application, at: dt.datetime) -> None:
    reopening.draft(application, at)


WAYS: Mapping[tuple[str, str], Way] = {
    (A.REJECTED, A.UNDER_REVIEW): _check,
    (A.REJECTED, A.UNDER_SECOND_REVIEW): _second_check,
    (A.DEEMED_WITHDRAWN, A.RETURNED): _correction,
    (A.DEEMED_WITHDRAWN, A.REVIEW_PASSED): _fee,
    (A.DEEMED_WITHDRAWN, A.AWAITING_DEFENCE): _defence,
    (A.NOT_RECOMMENDED, A.DRAFT): _draft,
    (A.NOT_RECOMMENDED, A.SUBMITTED): _employers,
    (A.NOT_RECOMMENDED, A.WITH_EMPLOYER): _employers,
    (A.NOT_RECOMMENDED, A.RESUBMITTED): _recheck,
    (A.NOT_RECOMMENDED, A.RETURNED): _correction,
    (A.NOT_RECOGNISED, A.ACCEPTED): _result,
    (A.NOT_RECOGNISED, A.IN_RESULT_NOTICE): _result,
}
REVIVED = frozenset(state for state, _before in WAYS)
