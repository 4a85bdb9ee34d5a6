"""What the integrity archive registers with the rooms below: timers, receipts, purposes of files, desk entries."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import bureau, bureau_lead
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents.purposes import Purpose
from portal.documents.purposes import register as register_purpose
from portal.documents.rules import is_own
from portal.http import navigation, worklist
from portal.http.worklist import Waiting
from portal.integrity import desks, letters, rules
from portal.integrity.domain import noticing, reporting, serving
from portal.integrity.enums import EVIDENCE, EXPIRES, STATEMENT, RecordState
from portal.integrity.models import IntegrityRecord
from portal.notifications.kinds import on_receipt


def connect() -> None:
    """Register everything."""
    register_deadline(
        DeadlineKind(STATEMENT, _("陈述申辩"), "A-45", ring=noticing.time_over, reminders=(3,), remind=remind)
    )
    register_deadline(DeadlineKind(EXPIRES, _("诚信档案记录期满"), "R-142", ring=serving.expire))
    on_receipt(letters.SanctionDecided, serving.received)
    on_receipt(letters.SanctionCorrected, serving.received)
    register_purpose(
        Purpose(EVIDENCE, _("陈述申辩的证据"), may_upload=rules.may_be_a_subject, may_read=is_own | bureau)
    )
    worklist.register("integrity.bureau", bureau, waiting_at_the_bureau)
    worklist.register("integrity.subject", rules.may_be_a_subject, waiting_for_a_statement)
    navigation.register("integrity:records", _("诚信档案"), who=bureau, place=150)
    navigation.register("integrity:open", _("提请失信立案"), who=rules.proposes, place=151)
    navigation.register("integrity:own_records", _("我的诚信记录"), who=rules.may_be_a_subject, place=152)


def waiting_at_the_bureau(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what the clerk investigates and serves, and what the lead decides."""
    desk = reverse("integrity:records")
    opened, noticed = f"{desk}?state={RecordState.OPENED}", f"{desk}?state={RecordState.NOTICED}"
    for_everybody = [
        Waiting(_("待核查的失信线索"), desks.to_investigate().count(), opened),
        Waiting(_("待送达的失信处理决定"), desks.to_serve().count(), f"{desk}?state={RecordState.DECIDED}"),
        Waiting(_("信用信息共享平台推送故障"), reporting.stuck().count(), desk),
    ]
    for_leads = [
        Waiting(_("待告知或者结案的失信线索"), desks.to_notice_or_close().count(), opened),
        Waiting(_("可以作出失信处理决定"), desks.to_decide().count(), noticed),
    ]
    return for_everybody + (for_leads if bureau_lead.test(actor) else [])


def waiting_for_a_statement(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what the actor may answer, and until when the first."""
    open_ones = desks.to_state(actor)
    count = open_ones.count()
    until = desks.first_end(open_ones) if count else None
    return [Waiting(_("可以陈述申辩"), count, reverse("integrity:own_records"), until)]


def remind(record: IntegrityRecord, remaining: int, at: dt.datetime) -> None:
    """Remind the subject while the time to answer runs."""
    deadline = noticing.time_to_state(record)
    if deadline is not None and deadline.due_at is not None:
        letters.remind_of_statement(record, deadline.due_at, at)
