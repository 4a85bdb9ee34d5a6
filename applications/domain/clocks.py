"""The clocks of one person's application: set, stopped and started, whatever stands against the person (A-08, R-152)."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.domain import neighbours
from applications.enums import RUNS_ON, Hold
from applications.models import Application
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.shared.office import in_office_language

INVESTIGATED = "applications.investigated"


def set_workdays(kind: str, application: Application, *, workdays: int, at: dt.datetime, basis: str = "") -> Deadline:
    """Set a count of working days; it begins to run when nothing holds the person's clocks any more."""
    deadline = setting.set_workdays(kind, application, workdays=workdays, at=at, basis=basis)
    return _as_it_stands(deadline, application, at)


def set_instant(kind: str, application: Application, *, due_at: dt.datetime, at: dt.datetime) -> Deadline:
    """Set an end at ``due_at``; it moves by as long as something holds the person's clocks."""
    deadline = setting.set_instant(kind, application, due_at=due_at, at=at)
    return _as_it_stands(deadline, application, at)


@in_office_language
def stop_for_investigation(application: Application, at: dt.datetime) -> None:
    """Stop the clocks of a person whose conduct is looked into."""
    stop(application, cause=INVESTIGATED, at=at, reason=_("诚信核查期间，期限暂停计算"), basis="R-148")


def stop(application: Application, *, cause: str, at: dt.datetime, reason: str, basis: str) -> None:
    """Pause every timer of one person for ``cause``; the year's window runs on for all."""
    for kind in setting.kinds_waiting(application) - RUNS_ON:
        setting.pause(kind, application, cause=cause, at=at, reason=reason, basis=basis)


def start(application: Application, *, cause: str, at: dt.datetime) -> None:
    """End what ``cause`` paused; a timer that something else holds as well stands on until that has ended, too."""
    for kind in setting.kinds_waiting(application) - RUNS_ON:
        setting.resume(kind, application, cause=cause, at=at)


def _as_it_stands(deadline: Deadline, application: Application, at: dt.datetime) -> Deadline:
    if application.hold == Hold.INVESTIGATION:
        stop_for_investigation(application, at)
    neighbours.timed(application, at)
    deadline.refresh_from_db()
    return deadline
