"""The promise of twenty working days, on a batch: it runs while the bureau has something to do for somebody of it (A-06)."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from applications.enums import ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.catalogue.queries import policy_of
from portal.deadlines import setting
from portal.deadlines.models import Deadline, Pause
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.office import in_office_language
from portal.workdays.counting import ONE_DAY, Calendar, workdays_between
from portal.workdays.queries import calendar_in_force
from portal.workflow.carry_out import locked
from review.domain import telling_acceptance
from review.enums.accepting import AFTER_DECISION, AT_THE_AGENCY, LOOKED_INTO, ON_SHOW, PROMISE, CaseState
from review.models import ResultAcceptance

A_MOMENT = dt.timedelta(microseconds=1)
WITH_THE_BUREAU = frozenset({ApplicationState.ACCEPTED, ApplicationState.CLEARED})


def begin(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Start the clock: a complete request came in (R-006)."""
    days = policy_of(batch.policy_code).number("promise.workdays")
    setting.set_workdays(PROMISE, batch, workdays=days, at=at, basis="R-006")


def begin_again(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Promise once more for somebody whose result stands again, where the promise had ended; one that was broken stays so."""
    clock_ = clock_of(batch)
    if clock_ is None or clock_.lifted_at is not None:
        begin(batch, at)


@in_office_language
def stop_for_papers(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Let the clock stand while the agency completes the papers."""
    setting.pause(PROMISE, batch, cause=AT_THE_AGENCY, at=at, reason=_("退回评审服务机构补正材料"), basis="A-23")


def go_on_with_papers(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Let the clock run again: the request is complete."""
    setting.resume(PROMISE, batch, cause=AT_THE_AGENCY, at=at)


@in_office_language
def reconsider(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Let the clock run or stand by where the people of a decided batch are; must follow whatever moved one of them.

    It runs while anybody whom nothing holds waits for the bureau: to be put on a notice, or for a certificate. Otherwise
    it stands while results are on show, and then while what is left is looked into. With nobody left it ends.
    """
    clock_ = setting.waiting(PROMISE, batch)
    if clock_ is None or batch.state not in AFTER_DECISION:
        return
    going_on = batch.cases.filter(is_pass=True, application__hold=Hold.NONE)
    places = list(going_on.values_list("state", "application__state"))
    if any(state == CaseState.ACCEPTED and of in WITH_THE_BUREAU for state, of in places):
        _run(batch, at)
    elif any(of == ApplicationState.IN_RESULT_NOTICE for _state, of in places):
        # Full days of publicity are those after the posting day: the day itself is the bureau's.
        since = clock.start_of(clock.day_of(at) + ONE_DAY)
        setting.pause(PROMISE, batch, cause=ON_SHOW, at=since, reason=_("评审结果公示期间"), basis="A-06")
        _resume(clock_, batch, LOOKED_INTO, at)
    elif batch.unfinished().exists() or batch.uncertified().exists():
        setting.pause(PROMISE, batch, cause=LOOKED_INTO, at=at, reason=_("异议或者诚信核查期间"), basis="A-08")
        _resume(clock_, batch, ON_SHOW, at)
    else:
        setting.lift(PROMISE, batch, at=at)


def hold_moved(application: Application, at: dt.datetime) -> None:
    """Let the clock of a result's batch follow a hold that was set or lifted; the application is locked."""
    for case in application.accepted_cases.filter(state=CaseState.ACCEPTED).select_related("acceptance"):
        reconsider(locked(case.acceptance), at)


def clock_of(batch: ResultAcceptance) -> Deadline | None:
    """Return the promise of a batch, running, standing, over or ended; with its pauses."""
    found = Deadline.objects.of(batch).filter(kind=PROMISE).prefetch_related("pauses")
    return found.order_by("-pk").first()


def is_over(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Flag what was promised and not kept; nothing becomes void by it (A-06)."""
    record(batch, "overdue", by=SYSTEM, at=at, basis="R-006")
    telling_acceptance.tell_overdue(batch, at)


def _run(batch: ResultAcceptance, at: dt.datetime) -> None:
    standing = setting.waiting(PROMISE, batch)
    for cause in (ON_SHOW, LOOKED_INTO):
        if standing is not None:
            _resume(standing, batch, cause, at)


def _resume(standing: Deadline, batch: ResultAcceptance, cause: str, at: dt.datetime) -> None:
    """End a pause; what ends at midnight took nothing of the day that begins."""
    if standing.pauses.filter(cause=cause, resumed_at=None).exists():
        ends = at - A_MOMENT if at == clock.start_of(clock.day_of(at)) else at
        setting.resume(PROMISE, batch, cause=cause, at=ends)


def used(clock_: Deadline, at: dt.datetime) -> int:
    """Return how many of the promised working days were used up to and including the day of ``at``."""
    return days_used(clock_, at, calendar_in_force())


def days_used(clock_: Deadline, at: dt.datetime, calendar: Calendar) -> int:
    """Return the same by a calendar at hand, for many batches; ``clock_`` comes with its pauses."""
    until = clock.day_of(min([at, *(end for end in (clock_.lifted_at,) if end is not None)]))
    stood = {day for pause in clock_.pauses.all() for day in _days(pause, until)}
    return workdays_between(calendar.without(stood), clock.day_of(clock_.started_at), until)


def _days(pause: Pause, until: dt.date) -> Iterator[dt.date]:
    day, last = clock.day_of(pause.paused_at), clock.day_of(pause.resumed_at) if pause.resumed_at else until
    while day <= last:
        yield day
        day += ONE_DAY
