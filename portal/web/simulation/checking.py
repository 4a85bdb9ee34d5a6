"""The agency's part: the checklist, four eyes, a return with everything at once, the second check, rejections."""

import datetime as dt
from collections.abc import Mapping

from applications.models import Application
from portal.web.simulation.staffing import Office
from portal.web.simulation.stories import Ending, Story
from portal.workflow.carry_out import fresh
from review.domain import checking, checklist, deciding, passing
from review.domain.checking import Found
from review.enums.checking import Ground, Proposal, ReviewState, Verdict
from review.models import AgencyReview

DEFECTS = {"summary": "工作总结请补充近三年主持项目的进度、本人分工和完成情况。"}
REASON = "所列业绩与申报专业无关，不符合申报条件。"


def check(application: Application, story: Story, office: Office, *, at: dt.datetime) -> None:
    """Check a file that waits: pass it, return it once, or reject it."""
    review = _review(application)
    if review is None or review.state != ReviewState.QUEUED:
        return
    checking.take(review, by=office.clerk, at=at)
    _conclude(
        review, office, DEFECTS if story.needs_correction else {}, is_rejected=story.ending is Ending.REJECTED, at=at
    )


def check_again(application: Application, story: Story, office: Office, *, at: dt.datetime) -> None:
    """Check a corrected file: it passes, or is rejected; there is no second return."""
    review = _review(application)
    if review is not None and review.state == ReviewState.RECHECKING:
        _conclude(review, office, {}, is_rejected=story.ending is Ending.REJECTED_AFTER_RETURN, at=at)


def _conclude(
    review: AgencyReview,
    office: Office,
    defects: Mapping[str, str],
    *,
    is_rejected: bool,
    at: dt.datetime,
) -> None:
    _find(review, defects, office, at)
    if is_rejected:
        why = {"reason": REASON, "basis": Ground.CONDITIONS.value}
        checking.propose(review, Proposal.REJECT, **why, by=office.clerk, at=at)
        deciding.reject(review, by=office.lead, at=at)
    elif defects:
        checking.propose(review, Proposal.RETURN, by=office.clerk, at=at)
        deciding.return_once(review, by=office.lead, at=at)
    else:
        checking.propose(review, Proposal.PASS, by=office.clerk, at=at)
        passing.pass_review(review, by=office.lead, at=at)


def _find(review: AgencyReview, defects: Mapping[str, str], office: Office, at: dt.datetime) -> None:
    items = checklist.items_of(review.snapshot, review.committee)
    found = {
        item.key: Found(Verdict.DEFECT, defects[item.key], item.basis) if item.key in defects else Found(Verdict.FINE)
        for item in items
    }
    checking.find(review, found, by=office.clerk, at=at)


def _review(application: Application) -> AgencyReview | None:
    review = AgencyReview.objects.filter(application=application).first()
    return fresh(review) if review is not None else None
