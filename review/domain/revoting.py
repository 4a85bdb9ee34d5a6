"""A new vote by other members: of one case where an appeal was upheld, of all of a session that was voided (A-23, A-24)."""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import holding, reopening, submitting
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.rules import bureau_lead, is_system
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out
from portal.workflow.machine import transitions_of
from review.domain import suspending, telling_sessions
from review.domain.holding_session import held_item, moved
from review.enums.sitting import AFTER_SIGNING, DECIDED, ItemState, MemberState, SessionState
from review.models import AgendaItem, SessionMember

FEWEST_SIGNS = 10
VOTED = frozenset(found.source for found in transitions_of(Application) if found.name == "vote_again")
TOLD = frozenset(found.source for found in transitions_of(Application) if found.name == "reopen_vote")


def void_case(item: AgendaItem, *, reason: str, by: Actor, at: dt.datetime) -> AgendaItem:
    """Void the outcome of one case of a signed session, the others stand; it waits for other members (domain §8.6, item #9).

    What an upheld appeal calls, by the bureau's lead or as the system for the decision it recorded. A case that was
    voided before stays as it is. Raises StepNotPermitted, and Refusal without a reason, before the signature, or where
    the application is past the vote.
    """
    with transaction.atomic():
        row = _voided(item, VOTED, reason, by, at)
        if row is not None:
            again(row.application, at)
        return row or held_item(item)


def void_told_case(item: AgendaItem, *, reason: str, by: Actor, at: dt.datetime) -> AgendaItem:
    """Void the outcome of a case whose person was told already that they did not pass; the application goes on (A-24).

    The same as ``void_case`` for a review that is upheld after the acceptance (domain §8.17 #6): what ended with the
    told outcome, the employer's recommendation among it, stands again. Raises as ``void_case`` does.
    """
    with transaction.atomic():
        row = _voided(item, TOLD, reason, by, at)
        if row is not None:
            application = carry_out(row.application, "reopen_vote", by=SYSTEM, at=at)
            submitting.reopen(application, at)
            suspending.follow_standing(application, at=at)
            telling_sessions.tell_voted_again(holding.hold_as_things_stand(application, at=at, basis="A-24"), at)
        return row or held_item(item)


def again(application: Application, at: dt.datetime) -> None:
    """Let an application whose outcome was voided wait for another session, and tell the person so; it must be locked."""
    if application.is_live:
        telling_sessions.tell_voted_again(carry_out(application, "vote_again", by=SYSTEM, at=at), at)


def sat_before(applications: Iterable[Application]) -> set[int]:
    """Return who was in the room when an outcome of these applications came about that is void now (A-24)."""
    voided = AgendaItem.objects.filter(application__in=[one.pk for one in applications], state=ItemState.VOIDED)
    came = SessionMember.objects.filter(
        session__in=voided.values("session"), state__in=[MemberState.PRESENT, MemberState.LEFT]
    )
    return set(came.values_list("person", flat=True))


def _voided(item: AgendaItem, states: Container[Any], reason: str, by: Actor, at: dt.datetime) -> AgendaItem | None:
    """Void the outcome where its application is in one of ``states``; return None where it was void before."""
    if not (bureau_lead.test(by) or is_system.test(by)):
        raise StepNotPermitted("void", [Reason(_("您当前的身份不能办理。"), "A-24", "step_not_permitted")])
    row = held_item(item)
    if row.state == ItemState.VOIDED:
        return None
    reasons = list(_against_voiding(row, states, reason, at))
    if reasons:
        raise Refusal(reasons)
    record(row, "order_new_vote", by=by, at=at, basis="A-24", note=reason.strip()[:500])
    done = carry_out(row, "void", by=SYSTEM, at=at, reason=reason)
    telling_sessions.tell_case_voided(done, at)
    moved(done.session)
    return done


def _against_voiding(item: AgendaItem, states: Container[Any], reason: str, at: dt.datetime) -> Iterable[Reason]:
    if len(reason.strip()) < FEWEST_SIGNS:
        yield Reason(_("请写明理由，至少10个字。"), "A-24", "reason_given", "reason")
    if item.session.state not in AFTER_SIGNING | {SessionState.VOIDED} or item.state not in DECIDED:
        yield Reason(_("会议签署后才能认定表决结果无效。"), "A-24", "not_signed")
    elif item.application.state not in states:
        known = {"state": item.application.get_state_display()}
        yield Reason(_("该申报当前状态为「%(state)s」，不能重新评审。") % known, "A-24", "past_the_vote")
    elif item.application.state in TOLD:
        yield from reopening.reasons_against(item.application, at)
