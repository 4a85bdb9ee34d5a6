"""The person's and the employer's half of an application that goes on because a review was upheld (A-24, domain §8.17 #6).

Each function takes the locked application, as the one that ended, sets the whole time anew from ``at`` and tells whoever
has it: what was told before is over, and a time that was faulty is made good by a full one.
"""

import datetime as dt

from django.utils.translation import gettext as _

from applications import guards
from applications.domain import clocks, correcting, submitting, telling
from applications.enums import EMPLOYER_WINDOW, ApplicationState, RecommendationState
from applications.models import Application, Recommendation
from portal.accounts.actors import SYSTEM
from portal.catalogue.enums import ScheduleState
from portal.catalogue.queries import policy_of
from portal.deadlines.terms import end_of_count
from portal.integrity.queries import applications_cancelled
from portal.ledger.queries import history_of
from portal.shared.errors import Reason
from portal.workdays.queries import calendar_in_force
from portal.workflow import Attempt, carry_out

BASIS = "A-24"


def state_before_end(subject: Application | Recommendation) -> str:
    """Return the state from which an application, or a recommendation, came into the one that it is in now."""
    came = history_of(subject).filter(after=subject.state).exclude(before=subject.state)
    return came.values_list("before", flat=True).last() or ""


def reasons_against(application: Application, at: dt.datetime) -> list[Reason]:
    """Return why an application that ended cannot go on, whatever its end was: each of them would end it again at once."""
    reasons = guards.no_other_this_year.reasons_against(application, Attempt("revive", SYSTEM, at))
    schedule = application.schedule
    if application.state != ApplicationState.NOT_RECOGNISED and schedule and schedule.state == ScheduleState.CLOSED:
        text = _("本年度评审安排已结束，不能再审核、答辩或者评审，申报不能恢复；申报人可以在下一年度申报。")
        reasons.append(Reason(text, "R-029", "schedule_closed"))
    if application.ended_at and applications_cancelled(application.applicant, application.ended_at):
        text = _("申报终止后，诚信处理决定已取消申报人的申报资格，申报不能恢复。")
        reasons.append(Reason(text, "R-140", "cancelled_since"))
    return reasons


def correction(application: Application, at: dt.datetime) -> Application:
    """Let the person correct a returned file; the employer's part goes on to where it waits for the correction."""
    done = carry_out(application, "reopen_correction", by=SYSTEM, at=at)
    recommendation = done.recommendation
    if state_before_end(recommendation) == RecommendationState.SENT_BACK:
        _go_on_correcting(recommendation, at)
    else:
        submitting.reopen(done, at)
    telling.tell_returned(done, correcting.begin(done, at), at)
    return done


def draft(application: Application, at: dt.datetime) -> Application:
    """Let the person go on with what an objection showed to be wrong: the days of A-34, or the window where that is longer."""
    days = policy_of(application.policy_code).number("employer.grace_after_objection")
    ends = end_of_count(calendar_in_force(), at, days, ()).due_at or at
    closes = application.schedule.individual_closes_at if application.schedule else at
    done = carry_out(application, "reopen_draft", by=SYSTEM, at=at, reopened_until=max(ends, closes))
    recommendation = _go_on_correcting(done.recommendation, at)
    submitting.back_to_draft(done, at)
    telling.tell_sent_back(done, recommendation, at)
    return done


def check(application: Application, at: dt.datetime) -> Application:
    """Let the employer check, publicise and decide anew, in time of its own: the days of a notice and those of A-34.

    As after an objection, a notice that is posted in that time gives its days and those of A-34 once more.
    """
    done = carry_out(application, "reopen_recommendation", by=SYSTEM, at=at)
    recommendation = carry_out(done.recommendation, "take_up_again", by=SYSTEM, at=at)
    policy = policy_of(done.policy_code)
    days = policy.number("publicity.min_workdays") + policy.number("employer.grace_after_objection")
    ends = end_of_count(calendar_in_force(), at, days, ()).due_at
    closes = done.schedule.employer_closes_at if done.schedule else at
    if ends is not None and ends < closes:
        clocks.set_instant(EMPLOYER_WINDOW, done, due_at=closes, at=at)
    else:
        clocks.set_workdays(EMPLOYER_WINDOW, done, workdays=days, at=at, basis=BASIS)
    telling.tell_to_recommend_anew(done, recommendation, at)
    return done


def recheck(application: Application, at: dt.datetime) -> Application:
    """Let the employer look at the corrected file anew, in its whole time; a notice of changed content stops it (A-09)."""
    done = carry_out(application, "reopen_recheck", by=SYSTEM, at=at)
    recommendation = carry_out(done.recommendation, "recheck_again", by=SYSTEM, at=at)
    submitting.begin_recheck(done, at)
    telling.tell_resubmitted(done, recommendation, at)
    return done


def _go_on_correcting(recommendation: Recommendation, at: dt.datetime) -> Recommendation:
    asked = history_of(recommendation).filter(step="ask_to_correct").last()
    reason = str(asked.facts.get("reason", "")) if asked is not None else ""
    return carry_out(recommendation, "go_on_correcting", by=SYSTEM, at=at, reason=reason)
