"""Posting the letters of a defence, each in the transaction of its step, in the office's language."""

import datetime as dt
from collections.abc import Iterable

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.domain.telling import last_day_words, rights
from portal.accounts.models import Person
from portal.accounts.roles import AGENCY_STAFF
from portal.notifications.post import post
from portal.notifications.recipients import holders_at
from portal.shared import clock
from portal.shared.office import in_office_language
from review.enums.defending import RequestState
from review.letters import defending as letters
from review.models import ChangeRequest, Defence, Panel, Slot


@in_office_language
def tell_notified(defence: Defence, slot: Slot, at: dt.datetime) -> None:
    """N-08: when and where, and that the notice is to be downloaded."""
    facts = {
        "title": defence.application.title,
        "starts_at": when_words(slot.starts_at),
        "place": place_words(slot),
        "is_online": slot.round.is_online,
        "to_bring": slot.round.to_bring,
    }
    post(letters.DefenceNotified, to=defence.application.applicant, about=defence, at=at, facts=facts)


@in_office_language
def tell_panel(slot: Slot, experts: Iterable[Person], at: dt.datetime) -> None:
    """The panel learns when it sits and where, and nothing of whom it hears (A-49)."""
    facts = {"panel": slot.panel.name, "starts_at": when_words(slot.starts_at), "place": place_words(slot)}
    post(letters.PanelCalled, to=list(experts), about=slot, at=at, facts=facts)


@in_office_language
def tell_released(panel: Panel, expert: Person, reason: str, at: dt.datetime) -> None:
    """An expert who was called learns that they sit on the panel no more, and why."""
    facts = {"panel": panel.name, "round": panel.round.title, "reason": reason}
    post(letters.PanelReleased, to=expert, about=panel, at=at, facts=facts)


@in_office_language
def tell_changed(defence: Defence, slot: Slot, before: Slot, reason: str, at: dt.datetime) -> None:
    """The person learns of another date that the agency set, why, and that the one reschedule is still theirs (A-27)."""
    facts = {
        "title": defence.application.title,
        "before": when_words(before.starts_at),
        "starts_at": when_words(slot.starts_at),
        "place": place_words(slot),
        "is_online": slot.round.is_online,
        "to_bring": slot.round.to_bring,
        "reason": reason,
        "may_ask": defence.reschedules == 0,
    }
    post(letters.DefenceChanged, to=defence.application.applicant, about=defence, at=at, facts=facts)


@in_office_language
def tell_put_off(defence: Defence, before: Slot, reason: str, at: dt.datetime) -> None:
    """The person learns that what they were told is void, that another time follows, and what stays theirs (A-27)."""
    facts = {
        "title": defence.application.title,
        "before": when_words(before.starts_at),
        "reason": reason,
        "may_ask": defence.reschedules == 0,
    }
    post(letters.DefencePutOff, to=defence.application.applicant, about=defence, at=at, facts=facts)


@in_office_language
def tell_asked(request: ChangeRequest, at: dt.datetime) -> None:
    """The agency learns that somebody asks for another date or to be excused."""
    application = request.defence.application
    agency = application.entry.agency
    assert agency is not None  # noqa: S101 - what is heard has an agency
    facts = {
        "name": application.applicant.full_name,
        "title": application.title,
        "kind": str(request.get_kind_display()),
        "reason": request.reason,
    }
    post(letters.DateChangeAsked, to=holders_at(agency, AGENCY_STAFF), about=request.defence, at=at, facts=facts)


@in_office_language
def tell_answered(request: ChangeRequest, at: dt.datetime) -> None:
    """The person learns the answer, with its reason where it is no."""
    application = request.defence.application
    facts = {
        "title": application.title,
        "agreed": request.state == RequestState.AGREED,
        "decision": request.decision,
    }
    post(letters.DateChangeAnswered, to=application.applicant, about=request.defence, at=at, facts=facts)


@in_office_language
def tell_missed(defence: Defence, until: dt.datetime | None, at: dt.datetime) -> None:
    """The person learns until when an excuse can be given, and what follows without one."""
    facts = {
        "title": defence.application.title,
        "until": last_day_words(until),
        "may_change": defence.reschedules == 0,
    }
    post(letters.DefenceMissed, to=defence.application.applicant, about=defence, at=at, facts=facts)


@in_office_language
def tell_forfeited(defence: Defence, reason: str, at: dt.datetime) -> None:
    """The person learns of the end and of the rights against it."""
    facts = {"title": defence.application.title, "reason": reason, "rights": rights(at)}
    post(letters.DefenceForfeited, to=defence.application.applicant, about=defence, at=at, facts=facts)


def when_words(instant: dt.datetime) -> str:
    """Return day, weekday and minute in Beijing: 2026年9月20日（星期日）09:00."""
    return dateformat.format(instant.astimezone(clock.BEIJING), _("Y年n月j日（l）H:i"))


def place_words(slot: Slot) -> str:
    """Return the place in one line."""
    return _("，").join(word for word in (slot.room.name, slot.room.address) if word)
