"""The bureau's answer to a commissioner who asks to stop a meeting (A-47, docs/decisions/stopping-a-meeting.md)."""

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review import rules
from review.domain import agenda, sitting, telling_sessions
from review.domain.holding_session import held, held_with_applications
from review.enums.sitting import BEFORE_VOTE, BEING_VOTED, SessionState, StopDecision
from review.guards.sitting import FEWEST_SIGNS
from review.models import CommitteeSession

STOPPABLE = frozenset({SessionState.CONVENED, SessionState.OPEN})


def answer(session: CommitteeSession, decision: str, reason: str, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Let the meeting go on, or stop it; the bureau's lead decides. Returns the session as it stands then.

    A convened session that is stopped is cancelled. Of an open one every case that no vote runs on is put off, and it
    closes; where a vote runs, the chair closes it afterwards. What was decided stays until the bureau voids the
    signed session.
    Raises StepNotPermitted for anybody else, Refusal without an open request, without a reason, or to stop what ended.
    """
    with transaction.atomic():
        row = held_with_applications(session, session.items.values_list("application", flat=True))
        if not rules.answers_stop.test(by):
            raise StepNotPermitted("answer", [Reason(_("您当前的身份不能办理。"), "A-47", "step_not_permitted")])
        reasons = list(_against(row, decision, reason))
        if reasons:
            raise Refusal(reasons)
        row.stop_decision, row.stop_answer, row.stop_answered_at = decision, reason.strip()[:500], at
        row.revision += 1
        row.save()
        record(row, "answer_stop", by=by, at=at, basis="A-47", note=row.stop_answer, facts={"decision": decision})
        telling_sessions.tell_stop_answered(row, at)
        if decision == StopDecision.STOP:
            _stop(row, at)
        return held(row)


def _against(session: CommitteeSession, decision: str, reason: str) -> Iterator[Reason]:
    if not session.waits_for_stop_answer:
        yield Reason(_("没有待答复的停止会议建议。"), "A-47", "not_asked")
    if decision not in StopDecision.values:
        yield Reason(_("请选择会议继续或者停止会议。"), "A-47", "decision_missing", "decision")
    if decision == StopDecision.STOP and session.state not in STOPPABLE:
        text = _("会议已经闭会，不能停止；程序违规的，签署后可以认定会议无效。")
        yield Reason(text, "A-47", "too_late", "decision")
    if len(reason.strip()) < FEWEST_SIGNS:
        yield Reason(_("请写明理由，至少10个字。"), "A-47", "reason_given", "reason")


def _stop(session: CommitteeSession, at: dt.datetime) -> None:
    if session.state == SessionState.CONVENED:
        sitting.cancel(session, reason=session.stop_answer, by=SYSTEM, at=at)
        return
    for item in session.items.filter(state__in=BEFORE_VOTE).order_by("order"):
        agenda.defer(item, reason=session.stop_answer, by=SYSTEM, at=at)
    if not session.items.filter(state__in=BEING_VOTED).exists():
        sitting.close_session(session, by=SYSTEM, at=at)
