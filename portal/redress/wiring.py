"""What review requests register with the rooms below: the timer, files, desk entries."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents.models import StoredFile
from portal.documents.purposes import Purpose
from portal.documents.purposes import register as register_purpose
from portal.documents.rules import is_own
from portal.http import navigation, worklist
from portal.http.worklist import Waiting
from portal.redress import rules
from portal.redress.domain import answering, queries
from portal.redress.enums import ANSWER, EVIDENCE


def _reads(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or queries.reads_evidence(actor, file)


def connect() -> None:
    """Register everything."""
    register_deadline(
        DeadlineKind(ANSWER, _("复查答复"), "A-24", ring=answering.overdue, reminders=(3,), remind=answering.remind)
    )
    register_purpose(Purpose(EVIDENCE, _("复查申请证明材料"), may_upload=acts_personally, may_read=_reads))
    worklist.register("redress.requests", rules.staff, waiting_at_the_desk)
    navigation.register("redress:requests", _("复查申请办理"), who=rules.staff, place=142)
    navigation.register("redress:own_requests", _("我的复查申请"), who=acts_personally, place=153)


def waiting_at_the_desk(actor: Actor, at: dt.datetime) -> list[Waiting]:
    """Return what the actor's organisation has to take up, and what waits for a lead."""
    desk = reverse("redress:requests")
    waiting = [Waiting(_("待受理的复查申请"), queries.to_admit(actor).count(), desk)]
    if rules.leads.test(actor):
        waiting.append(Waiting(_("待答复的复查申请"), queries.to_decide(actor).count(), desk))
    return waiting
