"""What time does to an application: windows that close, corrections and re-checks that are not made (R-024, R-025, R-093)."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.domain import receiving, submitting, telling
from applications.enums import (
    EMPLOYER_WINDOW,
    ON_NOTICE,
    RECHECK,
    WINDOW,
    WORKED_OFF,
    ApplicationState,
    RecommendationState,
)
from applications.models import Application, Recommendation
from portal.accounts.actors import SYSTEM
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.shared.office import in_office_language
from portal.workflow import carry_out

WHILE_WORKED_OFF = dt.timedelta(hours=1)
LAST_INSTANT = dt.timedelta(microseconds=1)


@in_office_language
def individual_window(application: Application, at: dt.datetime) -> None:
    """The window closed on a draft; where the schedule was amended to a later day, the timer follows it."""
    closes = submitting.window_closes_at(application)
    if application.state != ApplicationState.DRAFT or closes is None:
        return
    if closes > at:
        setting.set_instant(WINDOW, application, due_at=closes, at=at)
        return
    _lapse(application, _("个人申报截止时未提交。"), at)


@in_office_language
def employer_window(application: Application, at: dt.datetime) -> None:
    """The employer's time is over; an open objection, a lengthened notice (A-34) or what was asked in time holds it instead."""
    schedule, state = application.schedule, application.state
    if state not in {ApplicationState.SUBMITTED, ApplicationState.WITH_EMPLOYER} or schedule is None:
        return
    if schedule.employer_closes_at > at:
        setting.set_instant(EMPLOYER_WINDOW, application, due_at=schedule.employer_closes_at, at=at)
        return
    if application.recommendation.state in ON_NOTICE:
        return
    if _prolong_where_asked_in_time(EMPLOYER_WINDOW, application, at):
        return
    _expire(application, _("单位审核推荐截止时未推荐。"), at)


@in_office_language
def correction(application: Application, at: dt.datetime) -> None:
    """Not corrected in time: deemed withdrawn, without anybody's decision (R-093)."""
    if application.state == ApplicationState.RETURNED:
        done = carry_out(application, "expire_correction", by=SYSTEM, at=at, reason=_("逾期未补正，视为放弃申报。"))
        submitting.close(done, at)
        telling.tell_correction_expired(done, at)


@in_office_language
def recheck(application: Application, at: dt.datetime) -> None:
    """The employer did not confirm the corrected file in time (A-09), and asked for nothing in time that is not done yet."""
    if application.state == ApplicationState.RESUBMITTED and not _prolong_where_asked_in_time(RECHECK, application, at):
        _expire(application, _("单位未在复核期限内确认推荐。"), at)


def remind_employer(application: Application, remaining: int, at: dt.datetime) -> None:
    """Tell employer and person that the employer's time runs out."""
    telling.remind_employer(application, remaining, at)


def remind_correction(application: Application, remaining: int, at: dt.datetime) -> None:
    """Tell person and employer how much time to correct is left."""
    telling.remind_correction(application, remaining, at)


def _prolong_where_asked_in_time(kind: str, application: Application, at: dt.datetime) -> bool:
    """Prolong the time that is over at ``at`` where the employer asked in time for something with many that waits (A-33).

    As often as needed, and each time from the real end: what was asked since then is late. Returns whether it did.
    """
    waiting = receiving.asked_with_many(application, at)
    if waiting is None:
        return False
    prolonged = Deadline.objects.of(application).filter(kind=kind, basis=WORKED_OFF, rung_at=at).first()
    last = prolonged.started_at if prolonged is not None else at - LAST_INSTANT
    if waiting.batch.asked_at > last:
        return False
    setting.set_instant(kind, application, due_at=at + WHILE_WORKED_OFF, at=last, basis=WORKED_OFF)
    return True


def _expire(application: Application, reason: str, at: dt.datetime) -> None:
    recommendation = Recommendation.objects.get(application=application)
    if recommendation.state not in {RecommendationState.EXPIRED, RecommendationState.CLOSED}:
        carry_out(recommendation, "expire", by=SYSTEM, at=at)
    _lapse(application, reason, at)


def _lapse(application: Application, reason: str, at: dt.datetime) -> None:
    lapsed = carry_out(application, "lapse", by=SYSTEM, at=at, reason=reason)
    submitting.close(lapsed, at)
    telling.tell_lapsed(lapsed, at)
