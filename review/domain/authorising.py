"""The bureau lets an agency return a file once more, for an error of the agency's own (A-09)."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from applications.enums import ApplicationState
from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow.carry_out import locked
from review.domain import telling_checks
from review.enums.checking import FEWEST_SIGNS, LONGEST_REASON
from review.models import AgencyReview
from review.rules import authorises

AUTHORISED_RETURNS = 2
STEP = "authorise_return"


def is_possible(review: AgencyReview) -> bool:
    """Return whether the file could be returned once more, were it authorised."""
    application = review.application
    return (
        application.state == ApplicationState.UNDER_SECOND_REVIEW and application.returns_allowed < AUTHORISED_RETURNS
    )


def second_checks(actor: Actor) -> QuerySet[AgencyReview]:
    """Return the files that were returned and are checked again, for who may authorise another return; the oldest first."""
    if not authorises.test(actor):
        return AgencyReview.objects.none()
    again = AgencyReview.objects.filter(application__state=ApplicationState.UNDER_SECOND_REVIEW)
    return again.with_all().order_by("state_since", "pk")


@settled_first
def authorise_return(review: AgencyReview, *, reason: str, by: Actor, at: dt.datetime) -> AgencyReview:
    """Allow one more return; raises a refusal unless the file was returned before, is with the agency, and a reason is given."""
    application = locked(review.application)
    if not authorises.test(by):
        text = _("只有市人力资源社会保障局负责人可以同意再次退回。")
        raise StepNotPermitted(STEP, [Reason(text, "A-09", "step_not_permitted")])
    if application.returns_allowed >= AUTHORISED_RETURNS:
        raise StepNotOpen(STEP, [Reason(_("本件已经同意过再次退回。"), "A-09", "authorised_before")])
    if application.state != ApplicationState.UNDER_SECOND_REVIEW:
        text = _("只有补正后正在复审的申报，才能同意再次退回。")
        raise StepNotOpen(STEP, [Reason(text, "A-09", "step_not_open")])
    words = reason.strip()[:LONGEST_REASON]
    if len(words) < FEWEST_SIGNS:
        text = _("请写明评审服务机构的差错和同意再次退回的原因，至少10个字。")
        raise StepRefused(STEP, [Reason(text, "A-09", "reason_given", "reason")])
    application.returns_allowed = AUTHORISED_RETURNS
    application.save(update_fields=["returns_allowed", "updated_at"])
    row = locked(review)
    record(application, STEP, by=by, at=at, note=words, basis="A-09")
    record(row, STEP, by=by, at=at, note=words, basis="A-09")
    telling_checks.tell_second_return(row, words, at)
    return row
