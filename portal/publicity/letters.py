"""What people are told about notices and objections; never who objected."""

import datetime as dt
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from portal.accounts.identifiers import telephone
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.deadlines.models import Deadline
from portal.deadlines.setting import waiting
from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter
from portal.notifications.post import post
from portal.notifications.recipients import OUTSIDER, Holders, holders_at
from portal.publicity import rules
from portal.publicity.enums import ANSWER, ENDS
from portal.publicity.models import Notice, Objection
from portal.publicity.registry import owner_of
from portal.shared.errors import Refusal
from portal.shared.office import in_office_language

# A named objector left a mobile number or an address of e-mail: whichever it is, the answer goes there.
BY_WHAT_THEY_GAVE = {Channel.SMS: Need.OPTIONAL, Channel.EMAIL: Need.OPTIONAL}


@letter
class OnNotice(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("列入公示")
    facts = ("title", "publisher", "since", "until")
    page = "publicity:notice"


@letter
class NoticeWithdrawn(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("所在公示已撤回")
    facts = ("title", "publisher", "reason")
    must_say = ("重新公示", "从头计算")


@letter
class NoticeLengthened(Letter):
    occasion = Occasion.ON_NOTICE
    label = _("公示期顺延")
    facts = ("title", "publisher", "until")
    must_say = ("顺延",)


@letter
class LineHeld(Letter):
    occasion = Occasion.OBJECTION
    label = _("收到公示异议")
    facts = ("title", "until")


@letter
class ObjectionToHandle(Letter):
    occasion = Occasion.OBJECTION
    label = _("待处理公示异议")
    facts = ("title", "number", "name", "until")
    page = "publicity:objection"
    organisation_page = "publicity:objection"


@letter
class ObjectionCopied(Letter):
    occasion = Occasion.OBJECTION
    label = _("单位公示收到异议（抄送）")
    facts = ("title", "number", "name", "handler", "until")
    channels: ClassVar = {}


@letter
class ObjectionExtended(Letter):
    occasion = Occasion.OBJECTION
    label = _("异议核查延期")
    facts = ("title", "reason", "until")


@letter
class ObjectionClosed(Letter):
    occasion = Occasion.OBJECTION
    label = _("异议办结")
    facts = ("title", "outcome", "answer")


@letter
class OutcomeCopied(Letter):
    occasion = Occasion.OBJECTION
    label = _("单位公示异议办结（抄送）")
    facts = ("title", "number", "name", "handler", "outcome", "answer")
    channels: ClassVar = {}


@letter
class ObjectorAccepted(Letter):
    occasion = Occasion.OBJECTION
    label = _("异议已受理")
    facts = ("title", "until")
    channels: ClassVar = BY_WHAT_THEY_GAVE
    outside = True


@letter
class ObjectorExtended(Letter):
    occasion = Occasion.OBJECTION
    label = _("异议核查延期")
    facts = ("title", "reason", "until")
    channels: ClassVar = BY_WHAT_THEY_GAVE
    outside = True


@letter
class ObjectorAnswered(Letter):
    occasion = Occasion.OBJECTION
    label = _("异议答复")
    facts = ("title", "outcome", "answer")
    channels: ClassVar = BY_WHAT_THEY_GAVE
    outside = True


@letter
class ObjectionOverdue(Letter):
    occasion = Occasion.OVERDUE
    label = _("异议处理超期")
    facts = ("title", "number")
    channels: ClassVar = {}
    organisation_page = "publicity:objection"


def tell_posted(notice: Notice, deadline: Deadline, at: dt.datetime) -> None:
    """Tell everybody named by a notice that is open to all, from when to when it runs."""
    facts = {
        "title": notice.title,
        "publisher": notice.publisher.name,
        "since": at,
        "until": deadline.due_at,
    }
    _tell_named(OnNotice, notice, at, facts)


def tell_withdrawn(notice: Notice, reason: str, at: dt.datetime) -> None:
    """Tell everybody named, on the board or not, why the notice was taken back and that a full new one follows."""
    facts = {"title": notice.title, "publisher": notice.publisher.name, "reason": reason}
    _tell_named(NoticeWithdrawn, notice, at, facts)


def tell_lengthened(notice: Notice, at: dt.datetime) -> None:
    """Tell everybody named, the publisher and whoever else waits for the end that an outage moved it (N-10)."""
    end = waiting(ENDS, notice)
    facts = {"title": notice.title, "publisher": notice.publisher.name, "until": end.due_at if end else None}
    following = {notice.publisher, *owner_of(notice.kind).following(notice)}
    post(NoticeLengthened, to=[*_named(notice), *map(_staff, following)], about=notice, at=at, facts=facts)


def tell_received(objection: Objection, at: dt.datetime) -> None:
    """Tell the person concerned that they are on hold, the handler that somebody waits for an answer, and who gets copies."""
    facts = {"title": objection.line.notice.title, "until": _due(objection)}
    if objection.line.person is not None:
        post(LineHeld, to=objection.line.person, about=objection, at=at, facts=facts)
    tell_handler(objection, at)
    _copy(ObjectionCopied, objection, at, facts)


def tell_handler(objection: Objection, at: dt.datetime) -> None:
    """Tell whoever works for the present handler."""
    line = objection.line
    facts = {"title": line.notice.title, "number": line.number, "name": line.name, "until": _due(objection)}
    post(ObjectionToHandle, to=_staff(objection.handler), about=objection, at=at, facts=facts)


def tell_accepted(objection: Objection, at: dt.datetime) -> None:
    """Tell a named objector that somebody looks into it, and until when they have their answer, unless that is over."""
    facts = {"title": objection.line.notice.title, "until": _due(objection)}
    _tell_objector(ObjectorAccepted, objection, at, facts)


def tell_extended(objection: Objection, reason: str, at: dt.datetime) -> None:
    """Tell the person concerned and a named objector that it takes longer, why, and until when."""
    facts = {"title": objection.line.notice.title, "reason": reason, "until": _due(objection)}
    _tell_objector(ObjectorExtended, objection, at, facts)
    if objection.line.person is not None:
        post(ObjectionExtended, to=objection.line.person, about=objection, at=at, facts=facts)


@in_office_language
def tell_closed(objection: Objection, at: dt.datetime) -> None:
    """Tell the person concerned, a named objector and who gets copies how it ended, and why."""
    facts = {
        "title": objection.line.notice.title,
        "outcome": objection.get_state_display(),
        "answer": objection.answer,
    }
    _tell_objector(ObjectorAnswered, objection, at, facts)
    if objection.line.person is not None:
        post(ObjectionClosed, to=objection.line.person, about=objection, at=at, facts=facts)
    _copy(OutcomeCopied, objection, at, facts)


def tell_overdue(objection: Objection, at: dt.datetime) -> None:
    """Tell the leads of the handler and of the bureau (N-13)."""
    bureaus = Organisation.objects.filter(kind=OrganisationKind.BUREAU)
    to = [holders_at(objection.handler, rules.LEADS)]
    to += [holders_at(bureau, {Role.BUREAU_LEAD}) for bureau in bureaus.exclude(pk=objection.handler_id)]
    facts = {"title": objection.line.notice.title, "number": objection.line.number}
    post(ObjectionOverdue, to=to, about=objection, at=at, facts=facts)


def reach_objector(about_id: int, channel: Channel) -> str:
    """Return where the objector of an objection is reached by ``channel``, or an empty text."""
    contact = Objection.objects.values_list("objector_contact", flat=True).get(pk=about_id)
    return address_in(contact, channel)


def address_in(contact: str, channel: Channel) -> str:
    """Return what somebody wrote as their contact as an address of ``channel``, or an empty text where it is none."""
    try:
        if channel is Channel.SMS:
            return telephone(contact)
        validate_email(contact)
    except (Refusal, ValidationError):
        return ""
    return contact


def _tell_named(kind: type[Letter], notice: Notice, at: dt.datetime, facts: dict[str, Any]) -> None:
    people = _named(notice)
    if people:
        post(kind, to=people, about=notice, at=at, facts=facts)


def _named(notice: Notice) -> list[Person]:
    """Return the people about whose lines nothing is decided."""
    return list(Person.objects.filter(pk__in=notice.lines.pending().exclude(person=None).values("person")))


def _tell_objector(kind: type[Letter], objection: Objection, at: dt.datetime, facts: dict[str, Any]) -> None:
    if objection.is_named:
        post(kind, to=OUTSIDER, about=objection, at=at, facts=facts)


def _copy(kind: type[Letter], objection: Objection, at: dt.datetime, facts: dict[str, Any]) -> None:
    """Tell those whom the owner of the notice names besides the handler, who knows already."""
    line, handler = objection.line, objection.handler
    to = [_staff(one) for one in owner_of(line.notice.kind).copied(objection) if one.pk != handler.pk]
    told = {**facts, "number": line.number, "name": line.name, "handler": handler.name}
    if to:
        post(kind, to=to, about=objection, at=at, facts=told)


def _staff(organisation: Organisation) -> Holders:
    return holders_at(organisation, rules.STAFF)


def _due(objection: Objection) -> dt.datetime | None:
    deadline = waiting(ANSWER, objection)
    return deadline.due_at if deadline else None
