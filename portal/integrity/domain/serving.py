"""From service to the end: the decision takes effect, stands its years, and leaves the active list."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.deadlines import setting
from portal.integrity import letters
from portal.integrity.domain import reporting
from portal.integrity.enums import AWAITING_SERVICE, EXPIRES, RecordState
from portal.integrity.models import IntegrityRecord
from portal.integrity.registry import handlers
from portal.notifications.models import Notification
from portal.workflow import carry_out

STEPS = {RecordState.DECIDED: "serve", RecordState.AMENDED: "serve_again"}


@transaction.atomic
def serve(record: IntegrityRecord, *, how: str, by: Actor, at: dt.datetime, key: str | None = None) -> IntegrityRecord:
    """Note that the decision reached its subject, by whatever way, and let it take effect.

    ``how`` names way, time and proof of the service. In force, both platforms are told and the record's end is set.
    """
    step = STEPS.get(RecordState(record.state), "serve")
    served = carry_out(record, step, by=by, at=at, key=key, how=how)
    if served.state not in AWAITING_SERVICE:
        return served
    in_force = carry_out(served, "enter_into_force", by=SYSTEM, at=at)
    if in_force.record_until is not None:
        setting.set_instant(EXPIRES, in_force, due_at=in_force.record_until, at=at)
    reporting.put_on(in_force, at)
    for handler in handlers():
        handler.in_force(in_force, at)
    return in_force


def received(letter: Notification, *, at: dt.datetime) -> None:
    """The subject took the receipt of the decision on the portal: that is its service.

    The receipt of a decision that was corrected meanwhile serves nothing, nor does a second one.
    """
    record = IntegrityRecord.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.about_id)
    is_due = record.state in AWAITING_SERVICE and record.served_at is None
    if is_due and record.told_at is not None and letter.posted_at >= record.told_at:
        with translation.override(settings.LANGUAGE_CODE):
            how = _("当事人在本平台签收，消息编号%(code)s。") % {"code": letter.code}
        serve(record, how=how, by=SYSTEM, at=at)


def expire(record: IntegrityRecord, at: dt.datetime) -> None:
    """The record's years are over: off the active list and both platforms, kept in the archive (R-142)."""
    expired = carry_out(record, "expire", by=SYSTEM, at=at)
    reporting.take_off(expired, at)
    letters.tell_expired(expired, at)
