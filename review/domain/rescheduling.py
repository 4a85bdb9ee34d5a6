"""One other date for good cause: asked with a reason and a proof, agreed or refused with a reason, never twice (A-27)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from applications.enums import EXCUSE
from portal.accounts.actors import Actor
from portal.deadlines import setting
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.errors import Reason, StepNotPermitted, StepRefused
from portal.workflow import Attempt, carry_out, settle_due
from portal.workflow.carry_out import locked
from review import rules
from review.domain import attending, telling_defence
from review.enums.defending import NO_SHOW, TOLD, DefenceState, RequestKind, RequestState
from review.guards import defending as guards
from review.models import ChangeRequest, Defence

FEWEST_SIGNS, MOST_SIGNS = 10, 1000


def reasons_against(defence: Defence, *, by: Actor, at: dt.datetime) -> list[Reason]:
    """Return why the person cannot ask for another date now; the same before and after the day."""
    if defence.state not in {*TOLD, DefenceState.ABSENT}:
        return [Reason(_("当前状态不能申请改期。"), "A-27", "step_not_open")]
    attempt = Attempt("ask", by, at)
    reasons = [
        *guards.not_rescheduled_before.reasons_against(defence, attempt),
        *guards.session_runs_on.reasons_against(defence, attempt),
    ]
    if defence.requests.filter(state=RequestState.ASKED).exists():
        reasons.append(Reason(_("您的申请正在等待评审服务机构答复。"), "A-27", "request_waits"))
    if defence.state in TOLD and defence.slot is not None and at >= defence.slot.starts_at:
        reasons.append(Reason(_("答辩时间已到，不能再申请改期。"), "A-27", "too_late"))
    if defence.state == DefenceState.ABSENT and setting.waiting(EXCUSE, defence.application) is None:
        reasons.append(Reason(_("说明期限已过。"), "A-27", "excuse_over"))
    return reasons


def ask(defence: Defence, *, reason: str, file: StoredFile, by: Actor, at: dt.datetime) -> ChangeRequest:
    """Ask for another date; after an absence this stops the time for excuses. Raises StepRefused, StepNotPermitted."""
    settle_due(defence.application, at)
    with transaction.atomic():
        application = locked(defence.application)
        row = locked(defence)
        if not rules.is_heard.test(by, row):
            raise StepNotPermitted("ask", [Reason(_("只有申报人本人可以申请。"), "A-27", "step_not_permitted")])
        reasons = reasons_against(row, by=by, at=at)
        if len(reason.strip()) < FEWEST_SIGNS:
            reasons.append(Reason(_("请写明原因，至少10个字。"), "A-27", "reason_missing", "reason"))
        if reasons:
            raise StepRefused("ask", reasons)
        kind = RequestKind.AFTER if row.state == DefenceState.ABSENT else RequestKind.BEFORE
        made = ChangeRequest.objects.create(
            defence=row, kind=kind, reason=reason.strip()[:MOST_SIGNS], file=file, asked_at=at
        )
        record(made, "ask", by=by, at=at, after=made.state, basis="A-27", facts={"kind": kind, "file": file.code})
        if kind == RequestKind.AFTER:
            setting.lift(EXCUSE, application, at=at)
        telling_defence.tell_asked(made, at)
        return made


def agree(request: ChangeRequest, *, decision: str = "", by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Accept the cause: the slot is free again and another one is looked for; raises StepRefused a second time."""
    settle_due(request.defence.application, at)
    with transaction.atomic():
        application = locked(request.defence.application)
        done = carry_out(request, "agree", by=by, at=at, key=key, decision=decision.strip()[:500])
        if done.decided_at != at:
            return locked(done.defence)
        defence = carry_out(done.defence, "reschedule", by=by, at=at)
        for kind in (NO_SHOW, EXCUSE):
            setting.lift(kind, application, at=at)
        telling_defence.tell_answered(done, at)
        return defence


def refuse(request: ChangeRequest, *, decision: str, by: Actor, at: dt.datetime, key: str | None = None) -> Defence:
    """Do not accept the cause; after an absence the application ends with it (A-27)."""
    settle_due(request.defence.application, at)
    with transaction.atomic():
        application = locked(request.defence.application)
        done = carry_out(request, "refuse", by=by, at=at, key=key, decision=decision.strip()[:500])
        defence = locked(done.defence)
        if done.decided_at != at:
            return defence
        telling_defence.tell_answered(done, at)
        if defence.state == DefenceState.ABSENT and setting.waiting(EXCUSE, application) is None:
            return attending.give_up(defence, by=by, at=at)
        return defence
