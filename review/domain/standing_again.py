"""A result that was not recognised stands again, because a review found procedure or facts wrong (A-24, domain §8.17 #6)."""

import datetime as dt

from django.utils.translation import gettext as _

from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out
from review.domain import accepting, promising, quotas
from review.enums.accepting import AFTER_DECISION, DECIDED_YES, CaseState
from review.enums.sitting import DECIDED
from review.models import AcceptedCase


def reasons_against(application: Application) -> list[Reason]:
    """Return why the result cannot stand again: its vote is void by now, or its quota is used up (R-226)."""
    case = _case_of(application)
    if case is None or case.item.state not in DECIDED or case.acceptance.state not in AFTER_DECISION:
        return [Reason(_("原表决结果已作废，不能恢复；应当重新评审。"), "A-24", "vote_is_void")]
    return [Reason(text, "R-226", "quota_used_up") for text in quotas.against([case.item]).values()]


def stand_again(application: Application, at: dt.datetime) -> None:
    """Let the result of an application that goes on count again; the batch and its promise go on for it.

    It waits for a new notice. Nobody of a batch whose publicity was finished is held any more. The application is locked.
    Raises Refusal where the quota was used up meanwhile.
    """
    case = _case_of(application)
    assert case is not None  # noqa: S101 - asked before
    quotas.hold(quotas.keys_of([case.item]).values())
    reasons = reasons_against(application)
    if reasons:
        raise Refusal(reasons)
    batch = carry_out(case, "stand_again", by=SYSTEM, at=at).acceptance
    if batch.state not in DECIDED_YES:
        batch = carry_out(batch, "go_on", by=SYSTEM, at=at)
    promising.begin_again(batch, at)
    accepting.follow(batch, at)


def _case_of(application: Application) -> AcceptedCase | None:
    found = AcceptedCase.objects.with_all().filter(application=application, state=CaseState.CLOSED)
    return found.order_by("-pk").first()
