"""Following an application after it was submitted: where it stands, what was submitted, what can be done."""

import datetime as dt
from typing import Any

from django.template.response import TemplateResponse

from applications.domain import queries, telling, timeline
from applications.domain.timeline import Course, Version
from applications.enums import CORRECTION, EMPLOYER_WINDOW, ON_NOTICE, RECHECK, RESULT_KNOWN, ApplicationState, Hold
from applications.enums import RecommendationState as R
from applications.interfaces import beside
from applications.interfaces.timeline import hold_words, stages_of
from applications.views.addresses import defects_of
from portal.catalogue.queries import last_safe_posting
from portal.deadlines.models import Deadline
from portal.deadlines.terms import term_of
from portal.http.parts import StageState
from portal.http.views import SubjectMixin
from portal.redress.domain.queries import standing_of
from portal.workflow import open_steps

TEMPLATE = "applications/applicant/following.html"
# Steps with a page of their own here; submitting again has the page of checked answers.
STEPS = frozenset({"take_back", "withdraw"})
TONES = {
    ApplicationState.RETURNED: "action",
    ApplicationState.LAPSED: "ended",
    ApplicationState.NOT_RECOMMENDED: "bad",
    ApplicationState.DEEMED_WITHDRAWN: "bad",
    ApplicationState.REJECTED: "bad",
    ApplicationState.WITHDRAWN: "ended",
    ApplicationState.DISQUALIFIED: "bad",
    ApplicationState.NOT_PASSED: "bad",
    ApplicationState.NOT_RECOGNISED: "bad",
    ApplicationState.CLEARED: "good",
    ApplicationState.CERTIFIED: "good",
}
NOT_YET_POSTED = frozenset({R.PENDING, R.CHECKING})
# Ends that others, or time, brought about carry the rights against them.
WITH_RIGHTS = frozenset(
    {
        ApplicationState.NOT_RECOMMENDED,
        ApplicationState.REJECTED,
        ApplicationState.DEEMED_WITHDRAWN,
        ApplicationState.NOT_PASSED,
        ApplicationState.NOT_RECOGNISED,
    }
)


def show(view: SubjectMixin) -> TemplateResponse:
    """Answer with the timeline of the view's application, for every state but the draft's."""
    application = view.subject
    course = timeline.course_of(application)
    stages, versions = stages_of(course), timeline.versions(application)
    running = _running(course)
    context = {
        "application": application,
        "defects": defects_of(application),
        "recommendation": course.recommendation,
        "opinion": _opinion(course),
        "state": application.state_shown_to(view.actor),
        "tone": TONES.get(application.state, "running"),
        "stages": stages,
        "now": next((stage for stage in stages if stage.state in {StageState.NOW, StageState.STOPPED}), None),
        "coming": next((stage for stage in stages if stage.state is StageState.LATER), None),
        "running": running,
        "term": term_of(running) if running is not None else None,
        "hold": hold_words(course) if application.is_live and application.hold != Hold.NONE else "",
        "receipt": _receipt(course, versions),
        "versions": versions,
        "history": timeline.history(course),
        "steps": [one for one in open_steps(application, by=view.actor, at=view.at) if one.name in STEPS],
        "usual": queries.usual_days(application.entry_id) if _waits_for_others(course) else None,
        "cards": beside.cards_for(application, by=view.actor, at=view.at),
        "redress": standing_of(application, by=view.actor, at=view.at),
        "rights": telling.rights(view.at) if application.state in WITH_RIGHTS else "",
    }
    return TemplateResponse(view.request, TEMPLATE, {"at": view.at, "view": view, **context})


def _opinion(course: Course) -> str:
    """Return what the employer wrote, once the result that it was written for is known."""
    if course.recommendation is None or course.application.state not in RESULT_KNOWN:
        return ""
    return course.recommendation.opinion


def _running(course: Course) -> Deadline | None:
    """Return the period that is explained day by day: the notice, the correction or the second check that runs now.

    A correction that came too late goes on explaining the days that it had.
    """
    if course.application.state == ApplicationState.DEEMED_WITHDRAWN:
        return (
            Deadline.objects.of(course.application).filter(kind=CORRECTION, due_at=course.application.ended_at).first()
        )
    recommendation = course.recommendation
    if recommendation is not None and recommendation.state in ON_NOTICE:
        return course.notice_end
    return course.deadlines.get(CORRECTION) or course.deadlines.get(RECHECK)


def _receipt(course: Course, versions: list[Version]) -> dict[str, Any] | None:
    """Return what proves the submission: number, time, hash, and what the employer must do until when."""
    present = next((one.snapshot for one in versions if one.snapshot.discarded_at is None), None)
    if present is None:
        return None
    return {
        "snapshot": present,
        "employer": course.recommendation.organisation if course.recommendation else course.application.employer,
        "until": course.due(RECHECK) or course.due(EMPLOYER_WINDOW),
        "safe": _last_safe_day(course),
    }


def _last_safe_day(course: Course) -> dt.date | None:
    """Return the last day on which the employer can post and still recommend in time, while that is still ahead."""
    application, recommendation = course.application, course.recommendation
    if recommendation is None or recommendation.state not in NOT_YET_POSTED or recommendation.after_objection:
        return None
    if application.schedule is None or application.state not in {
        ApplicationState.SUBMITTED,
        ApplicationState.WITH_EMPLOYER,
    }:
        return None
    return last_safe_posting(application.schedule)


def _waits_for_others(course: Course) -> bool:
    application = course.application
    return application.state in {ApplicationState.SUBMITTED, ApplicationState.WITH_EMPLOYER}
