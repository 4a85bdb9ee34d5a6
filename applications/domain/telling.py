"""Posting the letters of an application, each in the transaction of its step."""

import datetime as dt

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications import letters
from applications.enums import CORRECTION, EMPLOYER_WINDOW, RECHECK, WINDOW
from applications.models import Application, Recommendation
from applications.rules import STAFF
from portal.accounts.roles import AGENCY_STAFF
from portal.catalogue.queries import last_safe_posting, policy_in_force
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.notifications.kinds import Letter
from portal.notifications.post import cancel, post
from portal.notifications.recipients import Holders, Recipient, holders_at
from portal.shared import clock
from portal.shared.office import in_office_language


def tell_submitted(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """N-01: to the person and the employer, with the employer's deadline and the last safe day to post.

    After an upheld objection no day is named: the new notice has time of its own, whenever it is posted by the deadline (A-34).
    """
    schedule = None if recommendation.after_objection else application.schedule
    safe = last_safe_posting(schedule) if schedule else None
    shared = {"title": application.title, "until": _until(EMPLOYER_WINDOW, application), "safe": safe}
    employer = recommendation.organisation.name
    post(letters.Submitted, to=application.applicant, about=application, at=at, facts={**shared, "employer": employer})
    _tell_employer_to_recommend(application, recommendation, safe, at)


def tell_to_recommend_anew(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """N-01 to the employer alone: a review found its refusal wrong; no day is named, a notice has time of its own (A-24)."""
    _tell_employer_to_recommend(application, recommendation, None, at)


def tell_taken_back(application: Application, at: dt.datetime) -> None:
    """The employer learns that the person edits again."""
    cancel(letters.EmployerDeadline, about=application, at=at)
    _to_employer(letters.TakenBack, application, at)


def tell_withdrawn(application: Application, at: dt.datetime) -> None:
    """The employer, and the agency where it had the file, learn that the application was withdrawn."""
    _settle_reminders(application, at)
    _to_employer(letters.Withdrawn, application, at)
    if application.recommended_at is not None:
        facts = {"name": application.applicant.full_name, "title": application.title}
        post(letters.Withdrawn, to=_agency(application), about=application, at=at, facts=facts)


def tell_sent_back(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """The person learns what to change, and until when."""
    cancel(letters.EmployerDeadline, about=application, at=at)
    facts = {
        "title": application.title,
        "reason": recommendation.remark,
        "until": _until(WINDOW, application) or _until(CORRECTION, application),
    }
    post(letters.SentBack, to=application.applicant, about=application, at=at, facts=facts)


def tell_publicised(application: Application, *, since: dt.datetime, until: dt.datetime | None) -> None:
    """The person learns from when to when the employer's notice runs (N-10)."""
    facts = {"title": application.title, "since": since, "until": until}
    post(letters.OnEmployersNotice, to=application.applicant, about=application, at=since, facts=facts)


def tell_clear(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """The head learns that the recommendation can be signed, and until when."""
    kind = RECHECK if setting.waiting(RECHECK, application) else EMPLOYER_WINDOW
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "until": _until(kind, application),
    }
    post(letters.PublicityClean, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


@in_office_language
def tell_not_recommended(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """The person learns ground, reason and rights."""
    _settle_reminders(application, at)
    facts = {
        "title": application.title,
        "ground": recommendation.get_ground_display(),
        "reason": recommendation.remark,
        "rights": rights(at),
    }
    post(letters.NotRecommended, to=application.applicant, about=application, at=at, facts=facts)


@in_office_language
def tell_recommended(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """The person and the agency learn that the file is with the agency now."""
    _settle_reminders(application, at)
    facts = {"title": application.title, "agency": str(application.entry.agency)}
    post(letters.Recommended, to=application.applicant, about=application, at=at, facts=facts)
    arrived = {
        "name": application.applicant.full_name,
        "title": application.title,
        "committee": str(application.entry.committee),
    }
    post(letters.ArrivedAtAgency, to=_agency(application), about=application, at=at, facts=arrived)


def tell_recommended_on_paper(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """As after a recommendation on the desk; and the association learns what was handed in under its seal."""
    tell_recommended(application, recommendation, at)
    facts = {"name": application.applicant.full_name, "title": application.title}
    post(letters.SealedHandedIn, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


@in_office_language
def tell_returned(application: Application, deadline: Deadline, at: dt.datetime) -> None:
    """N-04: every defect, the last day with its weekday and 24:00, and that there is no second chance."""
    shared = {"title": application.title, "last_day": last_day_words(deadline.due_at)}
    facts = {**shared, "defects": [one["text"] for one in application.defects]}
    post(letters.Returned, to=application.applicant, about=application, at=at, facts=facts)
    told = {**shared, "name": application.applicant.full_name}
    post(
        letters.ReturnedToEmployer,
        to=_staff(application.recommendation),
        about=application.recommendation,
        at=at,
        facts=told,
    )


def tell_resubmitted(application: Application, recommendation: Recommendation, at: dt.datetime) -> None:
    """The employer learns that a corrected file waits for its check."""
    cancel(letters.CorrectionDeadline, about=application, at=at)
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "until": _until(RECHECK, application),
    }
    post(letters.Resubmitted, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


@in_office_language
def tell_correction_expired(application: Application, at: dt.datetime) -> None:
    """The person, the employer and the agency learn of the automatic end; ``at`` is the bound that was not kept."""
    _settle_reminders(application, at)
    facts = {"title": application.title, "last_day": last_day_words(at), "rights": rights(at)}
    to: list[Recipient] = [application.applicant, _staff(application.recommendation), _agency(application)]
    post(letters.CorrectionExpired, to=to, about=application, at=at, facts=facts)


def tell_lapsed(application: Application, at: dt.datetime) -> None:
    """The person, and the employer where it had the file, learn that time is over."""
    _settle_reminders(application, at)
    recommendation = Recommendation.objects.filter(application=application).first()
    to: list[Recipient] = [application.applicant, *([_staff(recommendation)] if recommendation else [])]
    facts = {"title": application.title, "reason": application.end_reason}
    post(letters.Lapsed, to=to, about=application, at=at, facts=facts)


def remind_employer(application: Application, remaining: int, at: dt.datetime) -> None:
    """N-02: to employer and person."""
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "remaining": remaining,
        "until": _until(EMPLOYER_WINDOW, application),
    }
    post(letters.EmployerDeadline, to=application.applicant, about=application, at=at, facts=facts)
    recommendation = application.recommendation
    post(letters.EmployerDeadline, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


@in_office_language
def remind_correction(application: Application, remaining: int, at: dt.datetime) -> None:
    """N-05: to person and employer."""
    deadline = setting.waiting(CORRECTION, application)
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "remaining": remaining,
        "last_day": last_day_words(deadline.due_at if deadline else None),
    }
    post(letters.CorrectionDeadline, to=application.applicant, about=application, at=at, facts=facts)
    recommendation = application.recommendation
    post(letters.CorrectionDeadline, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


def last_day_words(due_at: dt.datetime | None) -> str:
    """Return an exclusive end as people say it: 2026年9月23日（星期三）24:00."""
    if due_at is None:
        return ""
    day = clock.day_of(due_at - dt.timedelta(microseconds=1))
    return dateformat.format(day, _("Y年n月j日（l）")) + "24:00"


def rights(at: dt.datetime) -> str:
    """Return what a person can do against an end that others, or time, brought about and told at ``at`` (A-24)."""
    known = {"days": policy_in_force(clock.day_of(at)).number("appeal.file_workdays")}
    return (
        _(
            "如认为程序或者事实有误，可在收到本通知之日起%(days)s个工作日内在本平台该申报的页面申请复查，也可随时向市人力资源社会保障局投诉（电话12333）。"
        )
        % known
    )


def _tell_employer_to_recommend(
    application: Application, recommendation: Recommendation, safe: dt.date | None, at: dt.datetime
) -> None:
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "until": _until(EMPLOYER_WINDOW, application),
        "safe": safe,
    }
    post(letters.SubmittedToEmployer, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


def _to_employer(kind: type[Letter], application: Application, at: dt.datetime) -> None:
    recommendation = Recommendation.objects.filter(application=application).first()
    if recommendation is not None:
        facts = {"name": application.applicant.full_name, "title": application.title}
        post(kind, to=_staff(recommendation), about=recommendation, at=at, facts=facts)


def _settle_reminders(application: Application, at: dt.datetime) -> None:
    recommendation = Recommendation.objects.filter(application=application).first()
    for kind in (letters.EmployerDeadline, letters.CorrectionDeadline):
        cancel(kind, about=application, at=at)
        if recommendation is not None:
            cancel(kind, about=recommendation, at=at)


def _until(kind: str, application: Application) -> dt.datetime | None:
    deadline = setting.waiting(kind, application)
    return deadline.due_at if deadline else None


def _staff(recommendation: Recommendation) -> Holders:
    return holders_at(recommendation.organisation, STAFF)


def _agency(application: Application) -> Holders:
    agency = application.entry.agency
    assert agency is not None  # noqa: S101 - what is reviewed has an agency
    return holders_at(agency, AGENCY_STAFF)
