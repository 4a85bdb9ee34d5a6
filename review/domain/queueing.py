"""The agency's queue: narrowed, ordered, and read page by page without counting everything before it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.catalogue.models import Committee, Series
from portal.shared import clock
from review.enums.checking import CHECKED_IN, OPEN, WITH_THE_AGENCY, ReviewState
from review.enums.queueing import ANYBODY, DECIDED, ME, NOBODY, Held, Order, Tab
from review.models import AgencyReview
from review.models.agency_review import AgencyReviewQuerySet

A_PAGE = 20
# Beyond so many nobody needs the exact number, and counting would cost more than the page.
COUNTED = 1_000
ONE_DAY = dt.timedelta(days=1)

Rows = AgencyReviewQuerySet

# What a row of the queue needs of itself, whatever is shown of it; not the frozen content, which is long.
OWN = ("code", "state", "proposal", "overdue", "suspended_since", "arrived_at", "due_at")

_TABS: dict[str, Q] = {
    Tab.OPEN: Q(state__in=sorted(WITH_THE_AGENCY)),
    Tab.WAITING: Q(state=ReviewState.QUEUED),
    Tab.CHECKING: Q(state=ReviewState.CHECKING, proposal=""),
    Tab.PROPOSED: Q(state__in=sorted(CHECKED_IN)) & ~Q(proposal=""),
    Tab.RETURNED: Q(state=ReviewState.RETURNED),
    Tab.RECHECKING: Q(state=ReviewState.RECHECKING, proposal=""),
    Tab.DECIDED: Q(state__in=sorted(DECIDED)),
    Tab.OVERDUE: Q(state__in=[ReviewState.QUEUED, ReviewState.CHECKING], overdue=True),
    Tab.ALL: Q(),
}
_HELD: dict[str, Q] = {
    Held.NONE: Q(suspended_since=None, application__hold="none"),
    Held.SUSPENDED: Q(suspended_since__isnull=False),
    Held.OBJECTION: Q(application__hold="objection"),
    Held.INVESTIGATION: Q(application__hold="investigation"),
}
# The primary key makes every order complete; every part of one order goes the same way, so that an index holds it.
_ORDERS: dict[str, tuple[str, ...]] = {
    Order.DUE: ("due_at", "pk"),
    Order.ARRIVED: ("arrived_at", "pk"),
    Order.STATE: ("state", "due_at", "pk"),
}


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see; empty narrows nothing.

    ``assignee`` is a person's code, or ME, NOBODY, ANYBODY; ``due_by`` the last day on which what is shown falls due, ``number`` an application's number;
    ``words`` a part of a name or a whole application number, and therefore never written down with the others.
    """

    state: str = Tab.OPEN.value
    committee: str = ""
    level: str = ""
    series: str = ""
    assignee: str = ""
    district: str = ""
    due_by: dt.date | None = None
    hold: str = ""
    number: str = ""
    order: str = Order.DUE.value
    words: str = ""

    @property
    def criteria(self) -> dict[str, str]:
        """What may be kept, written into addresses and told in the ledger: everything but the words."""
        return {name: str(value) for name, value in vars(self).items() if value and name != "words"}


def wanted_by(criteria: Mapping[str, str]) -> Wanted:
    """Return what ``Wanted.criteria`` wrote down."""
    day = criteria.get("due_by")
    return Wanted(**{**criteria, "due_by": dt.date.fromisoformat(day) if day else None})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Slice:
    """One page of the queue; ``earlier`` and ``later`` are the codes from which the pages beside it go on, or empty."""

    rows: list[AgencyReview]
    earlier: str
    later: str


class _RowValue(Func):
    """``ROW(a, b)``: compared as a whole, which an index over a and b can answer."""

    template = "ROW(%(expressions)s)"
    output_field = models.BooleanField()


def queue(actor: Actor, wanted: Wanted) -> Rows:
    """Return the files of the actor's agency that are wanted, in no order."""
    return narrowed(AgencyReview.objects.at(actor), actor, wanted)


def narrowed(rows: Rows, actor: Actor, wanted: Wanted) -> Rows:
    """Narrow ``rows`` to what is wanted; what is unknown matches nothing."""
    filters: list[tuple[Any, Callable[[Any], Q]]] = [
        (wanted.state, lambda state: _TABS.get(state, Q(pk=None))),
        (wanted.committee, lambda code: Q(committee__code=code)),
        (wanted.level, lambda key: Q(application__entry__level__key=key)),
        (wanted.series, lambda code: Q(application__entry__specialty__series__code=code)),
        (wanted.assignee, lambda who: _of(who, actor)),
        (wanted.district, lambda code: Q(application__employer__district=code)),
        (wanted.due_by, lambda day: Q(due_at__lte=clock.start_of(day + ONE_DAY))),
        (wanted.hold, lambda hold: _HELD.get(hold, Q(pk=None))),
        (wanted.number, lambda code: Q(application__code=code.upper())),
        (wanted.words, _named),
    ]
    for value, condition in filters:
        if value:
            rows = rows.filter(condition(value))
    return rows


def read(
    rows: Rows,
    order: str,
    *,
    after: str = "",
    before: str = "",
    size: int = A_PAGE,
    needs: Sequence[str] = (),
    with_documents: bool = False,
) -> Slice:
    """Return the page behind the file with the code ``after``, the one ahead of ``before``, or the first.

    ``needs`` are the fields of other rows that are shown.

    A page begins where that file stands now, so that nothing is passed over when others were dealt with meanwhile. The
    keys of a page are found first, over an index, and only its rows are fetched with what they show.
    """
    backwards = bool(before)
    keys, is_descending = _keys_of(order)
    goes_down = is_descending != backwards
    start = AgencyReview.objects.filter(code=before or after).values_list(*keys).first() if before or after else None
    if start is not None:
        here, there = _RowValue(*map(F, keys)), _RowValue(*(Value(value) for value in start))
        rows = rows.filter(LessThan(here, there) if goes_down else GreaterThan(here, there))
    found = rows.order_by(*(f"-{key}" if goes_down else key for key in keys)).values_list("pk", flat=True)[: size + 1]
    numbers = list(found)
    more, shown = len(numbers) > size, numbers[:size]
    fetched = shown_of(AgencyReview.objects.all(), needs, with_documents=with_documents).in_bulk(shown)
    page = [fetched[number] for number in (reversed(shown) if backwards else shown) if number in fetched]
    has_earlier, has_later = (more, True) if backwards else (start is not None, more)
    return Slice(page, page[0].code if page and has_earlier else "", page[-1].code if page and has_later else "")


def shown_of(rows: Rows, needs: Sequence[str], *, with_documents: bool) -> Rows:
    """Fetch with each row the fields ``needs`` of others, with the person's documents where their numbers are shown."""
    others = {field.rpartition("__")[0] for field in needs}
    rows = rows.select_related(*sorted(others)).only(*OWN, *needs) if others else rows.only(*OWN)
    return rows.prefetch_related("application__applicant__documents") if with_documents else rows


def ordered(rows: Rows, order: str) -> Rows:
    """Return ``rows`` in one of the orders."""
    keys, is_descending = _keys_of(order)
    return rows.order_by(*(f"-{key}" if is_descending else key for key in keys))


def count_up_to(rows: Rows, most: int = COUNTED) -> int:
    """Return how many there are, or ``most`` + 1 for any more."""
    return rows.order_by()[: most + 1].count()


@dataclass(frozen=True)
class Load:
    """How much lies with a committee or a clerk (None: with nobody)."""

    owner: Any
    waiting: int
    mine: int
    proposed: int
    returned: int
    overdue: int
    total: int


_COUNTS = {
    "waiting": Count("pk", filter=_TABS[Tab.WAITING]),
    "mine": Count("pk", filter=_TABS[Tab.CHECKING] | _TABS[Tab.RECHECKING]),
    "proposed": Count("pk", filter=_TABS[Tab.PROPOSED]),
    "returned": Count("pk", filter=_TABS[Tab.RETURNED]),
    "overdue": Count("pk", filter=_TABS[Tab.OVERDUE]),
    "total": Count("pk"),
}


def loads_by_committee(actor: Actor) -> list[Load]:
    """Return how much lies with each committee of the agency that has a file which is not decided."""
    found = _loads(actor, "committee")
    return [Load(one, **found[one.pk]) for one in committees_of(actor) if one.pk in found]


def loads_by_clerk(actor: Actor, clerks: Sequence[Person]) -> list[Load]:
    """Return how much lies with nobody, with each of ``clerks``, and with people who no longer work there."""
    found = _loads(actor, "assignee")
    gone = Person.objects.filter(pk__in=[key for key in found if key and key not in {one.pk for one in clerks}])
    nothing = dict.fromkeys(_COUNTS, 0)
    return [Load(one, **found.get(one.pk if one else None, nothing)) for one in (None, *clerks, *gone.order_by("pk"))]


def _loads(actor: Actor, by: str) -> dict[int | None, dict[str, int]]:
    rows = AgencyReview.objects.at(actor).filter(state__in=sorted(OPEN))
    counted = rows.values(by).annotate(**_COUNTS).order_by()
    return {row.pop(by): row for row in counted}


def committees_of(actor: Actor) -> list[Committee]:
    """Return the committees whose files the actor's agency checks, newest year first."""
    if actor.organisation is None:
        return []
    rows = Committee.objects.filter(agency=actor.organisation).order_by("-edition", "name")
    return list(rows.only("code", "name", "band"))


def series_of(actor: Actor) -> list[Series]:
    """Return the series that the agency's committees evaluate."""
    if actor.organisation is None:
        return []
    rows = Series.objects.filter(specialties__entries__committee__agency=actor.organisation).distinct()
    return list(rows.only("code", "name"))


def _keys_of(order: str) -> tuple[tuple[str, ...], bool]:
    is_descending = order.startswith("-")
    return _ORDERS.get(order.removeprefix("-"), _ORDERS[Order.DUE]), is_descending


def _of(who: str, actor: Actor) -> Q:
    known = {ME: Q(assignee=actor.person), NOBODY: Q(assignee=None), ANYBODY: Q(assignee__isnull=False)}
    return known.get(who) or Q(assignee__code=who)


def _named(words: str) -> Q:
    return Q(application__applicant__full_name__contains=words) | Q(application__code=words.upper())
