"""What the handler does with a request: admitted or not, lengthened, answered, and what time does (domain §8.17 #2–#8)."""

import datetime as dt

from django.db import models, transaction

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.queries import the_bureau
from portal.accounts.roles import OrganisationKind
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.ledger.record import record
from portal.redress import letters
from portal.redress.domain.filing import time_to_ask
from portal.redress.enums import ANSWER
from portal.redress.models import ReviewRequest
from portal.redress.registry import matter_of
from portal.shared import clock
from portal.workflow import carry_out
from portal.workflow.carry_out import locked


@transaction.atomic
def admit(request: ReviewRequest, *, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Begin to look into it; who does stands recorded and does not decide."""
    before = locked(request)
    admitted = carry_out(request, "admit", by=by, at=at, key=key)
    if admitted.state != before.state:
        letters.tell_admitted(admitted, at)
    return admitted


@transaction.atomic
def not_admit(
    request: ReviewRequest, *, ground: str, answer: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ReviewRequest:
    """Keep a request out that is about no fault, with written reasons; the person may turn to the second instance."""
    until = _time_to_go_higher(request, at)
    done = carry_out(request, "not_admit", by=by, at=at, key=key, ground=ground, answer=answer, until=until)
    return _answered(done, at)


@transaction.atomic
def extend(request: ReviewRequest, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Give a complex case more working days, once, and tell the person why."""
    before = locked(request)
    extended = carry_out(request, "extend", by=by, at=at, key=key, reason=reason)
    if extended.state != before.state:
        days = policy_in_force(clock.day_of(at)).number("appeal.extension_workdays")
        setting.extend(ANSWER, extended, workdays=days)
        letters.tell_extended(extended, reason, at)
    return extended


@transaction.atomic
def let_stand(
    request: ReviewRequest, *, answer: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ReviewRequest:
    """Answer that procedure and facts were right."""
    until = _time_to_go_higher(request, at)
    return _answered(carry_out(request, "let_stand", by=by, at=at, key=key, answer=answer, until=until), at)


@transaction.atomic
def uphold(request: ReviewRequest, *, answer: str, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Answer that procedure or facts were wrong: what was decided falls, and the subject goes on where it stood.

    Raises StepRefused also where the subject cannot go on, such as beside another application of the year (A-25).
    """
    _hold_subject(request)
    return _taken_back(carry_out(request, "uphold", by=by, at=at, key=key, answer=answer), at)


@transaction.atomic
def escalate(request: ReviewRequest, *, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Hand a request to the bureau with the full time anew: nobody here may handle it, or nobody answered in time."""
    return _at_the_bureau(carry_out(request, "escalate", by=by, at=at, key=key, to=the_bureau()), at)


@transaction.atomic
def go_higher(
    request: ReviewRequest, *, objection: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ReviewRequest:
    """Take the answer to the bureau, which has the full time anew."""
    asked = carry_out(request, "go_higher", by=by, at=at, key=key, objection=objection, to=the_bureau())
    return _at_the_bureau(asked, at)


@transaction.atomic
def take_up(request: ReviewRequest, *, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Begin to look into it at the second instance; who does stands recorded and does not decide."""
    return carry_out(request, "take_up", by=by, at=at, key=key)


@transaction.atomic
def close_standing(
    request: ReviewRequest, *, answer: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ReviewRequest:
    """Answer at the second instance that procedure and facts were right; nothing follows on the portal."""
    return _closed(carry_out(request, "close_standing", by=by, at=at, key=key, answer=answer), at)


@transaction.atomic
def close_upholding(
    request: ReviewRequest, *, answer: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ReviewRequest:
    """Answer at the second instance that procedure or facts were wrong; as ``uphold``."""
    _hold_subject(request)
    return _taken_back(carry_out(request, "close_upholding", by=by, at=at, key=key, answer=answer), at)


@transaction.atomic
def withdraw(request: ReviewRequest, *, by: Actor, at: dt.datetime, key: str | None = None) -> ReviewRequest:
    """Ask no more: nobody has to answer."""
    withdrawn = carry_out(request, "withdraw", by=by, at=at, key=key)
    _time_is_over(withdrawn, at)
    return withdrawn


def overdue(request: ReviewRequest, at: dt.datetime) -> None:
    """Nobody answered in time: the bureau takes it over, and where that is the bureau its leads are told (N-13)."""
    if request.handler.kind == OrganisationKind.BUREAU:
        record(request, "overdue", by=SYSTEM, at=at, basis="A-24")
        letters.tell_overdue(request, at)
        return
    letters.tell_overdue(request, at)
    escalate(request, by=SYSTEM, at=at)


def outcome_fell(subject: models.Model, at: dt.datetime) -> None:
    """The outcome of ``subject`` stands no more, by another way than its review: nobody has to answer about it any more.

    Must run in the transaction of what took the outcome back.
    """
    for request in ReviewRequest.objects.about(subject).awaiting():
        ended = carry_out(request, "lose_its_matter", by=SYSTEM, at=at)
        _time_is_over(ended, at)
        letters.tell_moot(ended, at)


def remind(request: ReviewRequest, remaining: int, at: dt.datetime) -> None:
    """Tell whoever answers that so many working days are left."""
    letters.remind_of_answer(request, remaining, at)


def answer_due(request: ReviewRequest) -> Deadline | None:
    """Return until when the request must be answered, or None where it was, or the time is over."""
    return setting.waiting(ANSWER, request)


def _time_to_go_higher(request: ReviewRequest, at: dt.datetime) -> dt.datetime | None:
    """Return until when the bureau can be asked, as long as for the first request; None where it answered itself."""
    return None if request.handler.kind == OrganisationKind.BUREAU else time_to_ask(at).ends_at


def _hold_subject(request: ReviewRequest) -> None:
    """Lock the subject first, as whatever moves it does, or two of them could wait for each other."""
    locked(request.subject)


def _taken_back(request: ReviewRequest, at: dt.datetime) -> ReviewRequest:
    if at in {request.answered_at, request.closed_at}:
        matter_of(request.subject).upheld(request, at)
        _time_is_over(request, at)
        letters.tell_upheld(request, at)
    return request


def _answered(request: ReviewRequest, at: dt.datetime) -> ReviewRequest:
    if request.answered_at == at:
        _time_is_over(request, at)
        letters.tell_answered(request, at)
    return request


def _closed(request: ReviewRequest, at: dt.datetime) -> ReviewRequest:
    if request.closed_at == at:
        _time_is_over(request, at)
        letters.tell_closed(request, at)
    return request


def _at_the_bureau(request: ReviewRequest, at: dt.datetime) -> ReviewRequest:
    if request.went_higher_at == at:
        _time_is_over(request, at)
        workdays = policy_in_force(clock.day_of(at)).number("appeal.answer_workdays")
        setting.set_workdays(ANSWER, request, workdays=workdays, at=at)
        letters.tell_went_higher(request, at)
    return request


def _time_is_over(request: ReviewRequest, at: dt.datetime) -> None:
    setting.lift(ANSWER, request, at=at)
    letters.forget_reminders(request, at)
