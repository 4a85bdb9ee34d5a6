"""The list behind a number: what is counted, in the same scope and by the same conditions. Nobody is named in it."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.domain.figures import Rows, Scope, supervised
from applications.enums import ENDED, ApplicationState
from applications.models import Application
from portal.accounts.models import Organisation
from portal.cockpit.tables import Words
from portal.publicity.models import Objection
from portal.redress.models import ReviewRequest
from review.domain.figures import days, lateness, returns, stages
from review.domain.figures.promise import promises
from review.enums.checking import Ground
from review.enums.figuring import Event, Late, PromiseState, Stage
from review.models import ResultAcceptance

WITH = ("employer", "entry__specialty__series", "entry__committee__agency", "review")


@dataclass(frozen=True)
class Line:
    """One of the list: its number, what it is about, where, with whom, how it stands since when, and its own page."""

    code: str
    subject: str
    detail: str
    district: str
    office: str
    state: str
    since: dt.datetime
    address: str = ""


@dataclass(frozen=True)
class Found:
    """What a number counts: in words, as rows, and how a row is told."""

    words: Words
    rows: QuerySet[Any] | Sequence[Any]
    told: Callable[[Any], Line]


def behind(scope: Scope, what: str, at: dt.datetime) -> Found:
    """Return what stands behind ``what`` in ``scope``; raises LookupError for what is counted nowhere."""
    name, *rest = what.split(".")
    try:
        if name in PEOPLE:
            words, rows = PEOPLE[name](supervised(scope), *rest)
            return Found(words, rows.select_related(*WITH).order_by("state_since", "pk"), _application)
        return OTHERS[name](scope, at, *rest)
    except (KeyError, TypeError, ValueError, Organisation.DoesNotExist) as unknown:
        raise LookupError(f"Nothing is counted as {what!r}.") from unknown


def _reached(rows: Rows, stage: str) -> tuple[Words, Rows]:
    there = Stage(int(stage))
    return _("到达“%(stage)s”的申报") % {"stage": there.label}, stages.reached(rows, there)


def _resting(rows: Rows, stage: str) -> tuple[Words, Rows]:
    there = Stage(int(stage))
    return _("停留在“%(stage)s”的申报") % {"stage": there.label}, stages.resting(rows, there)


def _ended(rows: Rows, stage: str, state: str = "") -> tuple[Words, Rows]:
    there = Stage(int(stage))
    if not state:
        return _("“%(stage)s”之后终止的申报") % {"stage": there.label}, stages.ended(rows, there)
    end = ApplicationState(state)
    if end not in ENDED:
        raise ValueError(state)
    words = _("“%(stage)s”之后终止的申报：%(end)s") % {"stage": there.label, "end": end.label}
    return words, stages.ended(rows, there, end)


def _failed(rows: Rows) -> tuple[Words, Rows]:
    return _("表决未通过的申报"), stages.failed(rows)


def _returned(rows: Rows, basis: str = "") -> tuple[Words, Rows]:
    if not basis:
        return _("退回补正的申报"), returns.returned(rows)
    reason = Ground(basis).label if basis in Ground.values else basis
    return _("因“%(reason)s”退回补正的申报") % {"reason": reason}, returns.returned(rows, basis)


def _on_day(rows: Rows, event: str, day: str) -> tuple[Words, Rows]:
    what, when = Event(event), dt.date.fromisoformat(day)
    words = _("%(day)s的申报：%(event)s") % {"day": when.isoformat(), "event": what.label}
    return words, days.touched(rows, what, when)


def _late(rows: Rows) -> tuple[Words, Rows]:
    return _("逾期未完成首次审核的申报"), lateness.unchecked(rows)


def _promise(scope: Scope, at: dt.datetime, state: str) -> Found:
    how = PromiseState(state)
    batches = [one.batch for one in promises(scope, at) if one.state is how]
    return Found(_("评审结果批次：%(state)s") % {"state": how.label}, batches, _batch)


def _objections(scope: Scope, at: dt.datetime, handler: str = "") -> Found:
    rows = lateness.unanswered()
    if not handler:
        return Found(_("逾期未答复的异议"), rows, _objection)
    words = _("逾期未答复的异议：%(handler)s") % {"handler": Organisation.objects.get(code=handler).name}
    return Found(words, rows.filter(handler__code=handler), _objection)


def _reviews(scope: Scope, at: dt.datetime) -> Found:
    return Found(_("逾期未答复的复查申请"), lateness.unanswered_reviews(), _review)


PEOPLE: dict[str, Callable[..., tuple[Words, Rows]]] = {
    "reached": _reached,
    "resting": _resting,
    "ended": _ended,
    "failed": _failed,
    "returned": _returned,
    "day": _on_day,
    Late.FIRST_CHECK.value: _late,
}
OTHERS: dict[str, Callable[..., Found]] = {
    "promise": _promise,
    Late.OBJECTION.value: _objections,
    Late.REVIEW.value: _reviews,
}


def _application(one: Application) -> Line:
    """Tell one application; its state as it may be known before the result is accepted."""
    has_file = getattr(one, "review", None)
    return Line(
        code=one.code,
        subject=one.title,
        detail=f"{one.entry.specialty.series.name} {one.entry.specialty.name}",
        district=one.employer.get_district_display() if one.employer else "",
        office=one.entry.committee.agency.name if one.entry.committee else "",
        state=str(one.state_before_acceptance.label),
        since=one.state_since,
        address=reverse("review:file", args=[has_file.code]) if has_file else "",
    )


def _batch(one: ResultAcceptance) -> Line:
    return Line(
        code=one.code,
        subject=one.session.title,
        detail=one.session.committee.name,
        district="",
        office=one.session.committee.agency.name,
        state=str(one.get_state_display()),
        since=one.state_since,
        address=reverse("review:acceptance", args=[one.code]),
    )


def _objection(one: Objection) -> Line:
    return Line(
        code=one.code,
        subject=str(one.line.notice.get_kind_display()),
        detail="",
        district=one.handler.get_district_display(),
        office=one.handler.name,
        state=str(one.get_state_display()),
        since=one.received_at,
    )


def _review(one: ReviewRequest) -> Line:
    return Line(
        code=one.code,
        subject=str(one.first_handler),
        detail="",
        district=one.handler.get_district_display(),
        office=one.handler.name,
        state=str(one.get_state_display()),
        since=one.filed_at,
        address=reverse("redress:request", args=[one.code]),
    )
