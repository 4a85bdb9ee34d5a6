"""The paper trail of an objection: what was done, by whom, and who was told of it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.accounts.actors import ActorKind
from portal.accounts.models import Organisation
from portal.ledger.models import READ, Entry
from portal.ledger.queries import history_of
from portal.notifications.kinds import letter_of
from portal.notifications.models import Notification
from portal.notifications.queries import messages_about
from portal.publicity.enums import NotAdmittedGround
from portal.publicity.models import Objection
from portal.shared.phrases import joined
from portal.workflow import label_of


@dataclass(frozen=True)
class Event:
    """One line of the trail; ``basis`` is the rule that a step rests on."""

    at: dt.datetime
    what: str | Promise
    who: str
    note: str = ""
    basis: str = ""


def trail_of(objection: Objection) -> list[Event]:
    """Return everything that happened with the objection, earliest first; who objects stands nowhere in it."""
    events = [*_steps(objection), *_letters(messages_about(objection))]
    return sorted(events, key=lambda event: event.at)


def _steps(objection: Objection) -> Iterator[Event]:
    entries = list(history_of(objection))
    codes = {entry.facts["to"] for entry in entries if entry.facts.get("to")}
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    for entry in entries:
        yield Event(entry.at, _what(entry), _who(entry), _note(entry, names), entry.basis)


def _what(entry: Entry) -> str | Promise:
    own = {"lodge": _("收到异议"), "overdue": _("超过答复期限"), READ: _("查看异议人身份")}
    return own.get(entry.step) or label_of(Objection, entry.step)


def _who(entry: Entry) -> str:
    if entry.person is None:
        return _("异议人") if entry.actor_kind == ActorKind.PUBLIC else _("系统")
    return f"{entry.person.full_name} {entry.organisation.name if entry.organisation else ''}".strip()


def _note(entry: Entry, names: dict[str, str]) -> str:
    facts = entry.facts
    if facts.get("files"):
        return _("附证明材料%(number)s件") % {"number": len(facts["files"])}
    if facts.get("to"):
        return names.get(facts["to"], "")
    if facts.get("ground"):
        return str(NotAdmittedGround(facts["ground"]).label)
    return str(facts.get("reason") or "")


def _letter_of(message: Notification) -> tuple[dt.datetime, str, int]:
    return message.posted_at, message.kind, message.organisation_id or 0


def _letters(messages: Iterable[Notification]) -> Iterator[Event]:
    """One line for each letter, however many of the staff got a copy."""
    for (at, kind, _place), copies in groupby(messages, key=_letter_of):
        same = list(copies)
        letter = letter_of(kind)
        what = _("通知：%(label)s") % {"label": letter.label if letter else kind}
        yield Event(at, what, _addressee(same[0]), _deliveries(same))


def _addressee(message: Notification) -> str:
    if message.outside:
        return _("异议人")
    return message.organisation.name if message.organisation else _("当事人")


def _deliveries(messages: list[Notification]) -> str:
    ways = [delivery for message in messages for delivery in message.deliveries.all()]
    if messages[0].outside and not ways:
        return _("没有发出：异议人没有留下手机号码或电子邮箱，可凭异议编号查询")
    return joined(dict.fromkeys(f"{way.get_channel_display()} {way.get_state_display()}" for way in ways))
