"""What the person who asked and whoever answers are told about a review request (domain §8.17)."""

import datetime as dt
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.queries import the_bureau
from portal.accounts.roles import Role
from portal.deadlines.setting import waiting
from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter
from portal.notifications.post import cancel, post
from portal.notifications.recipients import Holders, Recipient, holders_at
from portal.redress import rules
from portal.redress.enums import ANSWER
from portal.redress.models import ReviewRequest
from portal.redress.registry import matter_of
from portal.shared.office import in_office_language


class _ToPerson(Letter):
    occasion = Occasion.REVIEW_REQUEST
    page = "redress:own_request"


class _ToHandler(Letter):
    occasion = Occasion.REVIEW_REQUEST
    organisation_page = "redress:request"


@letter
class RequestReceived(_ToPerson):
    label = _("复查申请已收到")
    facts = ("title", "handler", "until")


@letter
class RequestAdmitted(_ToPerson):
    label = _("复查申请已受理")
    facts = ("title", "handler", "until")


@letter
class RequestExtended(_ToPerson):
    label = _("复查答复延期")
    facts = ("title", "reason", "until")


@letter
class RequestAnswered(_ToPerson):
    label = _("复查答复")
    facts = ("title", "outcome", "answer", "until")


@letter
class RequestUpheld(Letter):
    occasion = Occasion.REVIEW_REQUEST
    label = _("复查认定程序或者事实有误")
    facts = ("title", "name", "answer", "follows")
    page = "redress:own_request"
    organisation_page = "redress:request"


@letter
class RequestWentHigher(_ToPerson):
    label = _("复核办理中")
    facts = ("title", "handler", "until")


@letter
class RequestClosed(_ToPerson):
    label = _("复核答复")
    facts = ("title", "answer")
    must_say = ("行政复议",)


@letter
class RequestMoot(Letter):
    occasion = Occasion.REVIEW_REQUEST
    label = _("复查终结")
    facts = ("title", "name")
    page = "redress:own_request"
    organisation_page = "redress:request"


@letter
class RequestToHandle(_ToHandler):
    label = _("待办理的复查申请")
    facts = ("title", "name", "until")


@letter
class AnswerDue(_ToHandler):
    label = _("复查答复期限提醒")
    facts = ("title", "name", "remaining", "until")
    reminder = True


@letter
class AnswerOverdue(_ToHandler):
    occasion = Occasion.OVERDUE
    label = _("复查答复超期")
    facts = ("title", "name")
    channels: ClassVar = {}


def tell_received(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person the number and until when they are answered, and the handler that somebody waits."""
    _to_person(RequestReceived, request, at, handler=str(request.handler), until=_due(request))
    _tell_handler(request, at)


def tell_admitted(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person that somebody looks into it, and until when."""
    _to_person(RequestAdmitted, request, at, handler=str(request.handler), until=_due(request))


def tell_extended(request: ReviewRequest, reason: str, at: dt.datetime) -> None:
    """Tell the person that it takes longer, why, and until when."""
    _to_person(RequestExtended, request, at, reason=reason, until=_due(request))


@in_office_language
def tell_answered(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person what was answered, why, and until when the bureau can be asked."""
    known = {"outcome": request.get_state_display(), "answer": request.answer, "until": request.may_go_higher_until}
    _to_person(RequestAnswered, request, at, **known)


@in_office_language
def tell_upheld(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person, the first handler and whoever has to act that the outcome fell, and why."""
    matter = matter_of(request.subject)
    answer = request.final_answer or request.answer
    facts = {**_named(request), "answer": answer, "follows": matter.what_follows(request)}
    offices = {request.first_handler, *matter.following(request)}
    to: list[Recipient] = [request.person, *map(_staff, offices)]
    post(RequestUpheld, to=to, about=request, at=at, facts=facts)


def tell_went_higher(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person that the bureau answers now, and until when; and the bureau that somebody waits."""
    _to_person(RequestWentHigher, request, at, handler=str(request.handler), until=_due(request))
    _tell_handler(request, at)


def tell_closed(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person what the bureau answered, and what the law leaves beyond the portal."""
    _to_person(RequestClosed, request, at, answer=request.final_answer)


def tell_moot(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the person and whoever was to answer that the outcome stands no more, so that there is nothing to review."""
    post(RequestMoot, to=[request.person, _staff(request.handler)], about=request, at=at, facts=_named(request))


def tell_overdue(request: ReviewRequest, at: dt.datetime) -> None:
    """Tell the leads of the handler and of the bureau that nobody answered in time (N-13)."""
    to = [holders_at(request.handler, rules.LEADS), holders_at(the_bureau(), {Role.BUREAU_LEAD})]
    post(AnswerOverdue, to=to, about=request, at=at, facts=_named(request))


def remind_of_answer(request: ReviewRequest, remaining: int, at: dt.datetime) -> None:
    """Remind the handler while the time to answer runs."""
    facts = {**_named(request), "remaining": remaining, "until": _due(request)}
    post(AnswerDue, to=_staff(request.handler), about=request, at=at, facts=facts)


def forget_reminders(request: ReviewRequest, at: dt.datetime) -> None:
    """Take the reminder back: there is nothing to answer any more."""
    cancel(AnswerDue, about=request, at=at)


def _tell_handler(request: ReviewRequest, at: dt.datetime) -> None:
    facts = {**_named(request), "until": _due(request)}
    post(RequestToHandle, to=_staff(request.handler), about=request, at=at, facts=facts)


def _to_person(kind: type[Letter], request: ReviewRequest, at: dt.datetime, **facts: Any) -> None:
    post(kind, to=request.person, about=request, at=at, facts={"title": _title(request), **facts})


def _named(request: ReviewRequest) -> dict[str, Any]:
    return {"title": _title(request), "name": request.person.full_name}


def _title(request: ReviewRequest) -> str:
    return matter_of(request.subject).title(request.subject)


def _staff(organisation: Organisation) -> Holders:
    return holders_at(organisation, rules.STAFF)


def _due(request: ReviewRequest) -> dt.datetime | None:
    deadline = waiting(ANSWER, request)
    return deadline.due_at if deadline else None
