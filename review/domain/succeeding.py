"""Another agency goes on with files that were passed by one whose authority is withdrawn (R-153, domain §8.3 #9)."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from applications.enums import ApplicationState
from applications.models import Application
from portal.catalogue.enums import AuthorityState
from portal.catalogue.models import AgencyAuthority
from portal.shared.errors import Reason
from review.domain import agenda, attending
from review.enums.checking import ReviewState
from review.enums.defending import DefenceState
from review.enums.sitting import BEFORE_VOTE
from review.models import AgencyReview, AgendaItem, Defence

BASIS = "R-153"
# Before the vote. What was voted on stands, or falls, with its session: the bureau decides on the batch.
BEFORE_THE_VOTE = frozenset(
    {
        ApplicationState.REVIEW_PASSED,
        ApplicationState.PAID,
        ApplicationState.AWAITING_DEFENCE,
        ApplicationState.READY_FOR_COMMITTEE,
        ApplicationState.ON_AGENDA,
    }
)


def waiting() -> Q:
    """Return which reviews wait so: passed, not voted on, and the agency never works again in that year."""
    withdrawn = AgencyAuthority.objects.filter(
        agency=OuterRef("agency"), edition=OuterRef("application__entry__edition"), state=AuthorityState.WITHDRAWN
    )
    return Q(Exists(withdrawn), state=ReviewState.PASSED, application__state__in=sorted(BEFORE_THE_VOTE))


def is_waiting(review: AgencyReview) -> bool:
    """Return whether this file waits so."""
    return AgencyReview.objects.filter(waiting(), pk=review.pk).exists()


def reasons_against(application: Application) -> list[Reason]:
    """Return what of the withdrawn agency is under way with the person and must end there first."""
    reasons = []
    if Defence.objects.filter(application=application, state=DefenceState.IN_PROGRESS).exists():
        text = _("申报人正在答辩，答辩完成后才能移交。")
        reasons.append(Reason(text, "R-105", "defence_running"))
    if application.state == ApplicationState.ON_AGENDA and not _item_of(application):
        text = _("该申报正在表决，表决结束后才能移交。")
        reasons.append(Reason(text, "R-111", "vote_running"))
    return reasons


def leave_the_old_agency(application: Application, at: dt.datetime) -> None:
    """Take the person off the old agency's agenda and out of its slot; the application is locked already.

    What is done stays done: the check, the fee that was paid, a defence that was held. Who was told of a defence that
    did not come yet is told of another one by the agency that goes on; the one change of date stays theirs (A-27).
    """
    agenda.given_away(application, _("评审服务机构被收回评审权，由其他机构接续办理。"), at)
    attending.given_away(application, at)


def _item_of(application: Application) -> bool:
    return AgendaItem.objects.filter(application=application, state__in=BEFORE_VOTE).exists()
