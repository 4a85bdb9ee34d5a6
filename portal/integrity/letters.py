"""What the subject, and those concerned with the subject, are told about a record; never who gave the clue."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.deadlines.models import Deadline
from portal.integrity import rules
from portal.integrity.enums import Act, Measure
from portal.integrity.models import IntegrityRecord
from portal.integrity.registry import handlers
from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter
from portal.notifications.post import cancel, post
from portal.notifications.recipients import Recipient, holders_at
from portal.shared.phrases import joined

TERMS = ("record_until", "apply_bar_until", "promotion_bar_until")


class _ToSubject(Letter):
    occasion = Occasion.SANCTION
    page = "integrity:own_record"
    organisation_page = "integrity:own_record"


class _Registered(_ToSubject):
    registered = True
    channels: ClassVar = {Channel.SMS: Need.REQUIRED}
    required_by = "A-45"


@letter
class SanctionIntended(_Registered):
    label = _("拟作失信处理告知书")
    facts = ("act", "grounds", "measures", "until")


@letter
class StatementDue(_ToSubject):
    label = _("陈述申辩期限提醒")
    facts = ("until",)
    reminder = True


@letter
class SanctionDecided(_Registered):
    label = _("失信处理决定书")
    facts = ("act", "decision", "considered", "measures", *TERMS, "remedies")


@letter
class SanctionCorrected(_Registered):
    label = _("失信处理更正决定书")
    facts = ("reason", "act", "decision", "considered", "measures", *TERMS, "remedies")


@letter
class SanctionQuashed(_ToSubject):
    label = _("失信处理决定已撤销")
    facts = ("reason",)


@letter
class RecordExpired(_ToSubject):
    label = _("诚信档案记录期满")
    facts = ("until",)


class _ToOthers(Letter):
    occasion = Occasion.SANCTION
    channels: ClassVar = {}


@letter
class SanctionOfStaffIntended(_ToOthers):
    label = _("有关人员拟作失信处理告知书")
    facts = ("name", "act", "grounds", "measures", "until")
    registered = True


@letter
class SanctionOfStaffDecided(_ToOthers):
    label = _("有关人员失信处理决定")
    facts = ("name", "act", "decision", "measures", *TERMS, "remedies")
    registered = True


@letter
class SanctionOfStaffQuashed(_ToOthers):
    label = _("有关人员失信处理决定已撤销")
    facts = ("name", "reason")


def tell_noticed(record: IntegrityRecord, deadline: Deadline, at: dt.datetime) -> None:
    """Tell the subject, and those whom a room above names, what is meant and until when to answer (N-12)."""
    facts = {
        **_named(record.act, record.intended),
        "grounds": record.grounds,
        "until": deadline.due_at,
    }
    post(SanctionIntended, to=_subject(record), about=record, at=at, facts=facts)
    _tell_others(SanctionOfStaffIntended, record, at, facts)


def remind_of_statement(record: IntegrityRecord, until: dt.datetime, at: dt.datetime) -> None:
    """Remind the subject that the time to answer ends."""
    post(StatementDue, to=_subject(record), about=record, at=at, facts={"until": until})


def forget_reminder(record: IntegrityRecord, at: dt.datetime) -> None:
    """Take the reminder back, because the task is done."""
    cancel(StatementDue, about=record, at=at)


def tell_decided(record: IntegrityRecord, at: dt.datetime) -> None:
    """Send the decision to the subject, whose receipt is its service, and to those concerned (N-12)."""
    facts = _decision(record)
    post(SanctionDecided, to=_subject(record), about=record, at=at, facts=facts)
    _tell_others(SanctionOfStaffDecided, record, at, _without_answer(facts))


def tell_amended(record: IntegrityRecord, at: dt.datetime) -> None:
    """Send the corrected decision; only its receipt serves from now on."""
    facts = _decision(record)
    post(SanctionCorrected, to=_subject(record), about=record, at=at, facts={"reason": record.amendment, **facts})
    _tell_others(SanctionOfStaffDecided, record, at, _without_answer(facts))


def tell_quashed(record: IntegrityRecord, at: dt.datetime) -> None:
    """Tell everybody who was told of the decision that it is lifted."""
    facts = {"reason": record.quashing_reason}
    post(SanctionQuashed, to=_subject(record), about=record, at=at, facts=facts)
    _tell_others(SanctionOfStaffQuashed, record, at, facts)


def tell_expired(record: IntegrityRecord, at: dt.datetime) -> None:
    """Tell the subject that the record left the active list and both platforms."""
    post(RecordExpired, to=_subject(record), about=record, at=at, facts={"until": record.record_until})


def _decision(record: IntegrityRecord) -> dict[str, Any]:
    return {
        **_named(record.act, record.measures),
        **{name: getattr(record, name) for name in TERMS},
        "decision": record.decision,
        "considered": record.considered,
        "remedies": record.remedies,
    }


def _without_answer(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts without what concerns the subject's own statement."""
    return {name: value for name, value in facts.items() if name != "considered"}


def _named(act: str, measures: Iterable[str]) -> dict[str, str]:
    """Return act and measures in the portal's own language, in which letters are written."""
    with translation.override(settings.LANGUAGE_CODE):
        return {"act": str(Act(act).label), "measures": joined(Measure(measure).label for measure in measures)}


def _subject(record: IntegrityRecord) -> Recipient:
    """Return the person, or whoever speaks for the organisation."""
    if isinstance(record.subject, Person):
        return record.subject
    return holders_at(record.subject, rules.SPEAKERS)


def _tell_others(kind: type[Letter], record: IntegrityRecord, at: dt.datetime, facts: dict[str, Any]) -> None:
    others = [recipient for handler in handlers() for recipient in handler.also_told(record)]
    if others:
        post(kind, to=others, about=record, at=at, facts={"name": str(record.subject), **facts})
