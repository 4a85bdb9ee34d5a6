"""The part of a long agenda that a screen shows: one page of it, by default the page that the room is at."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils.translation import gettext_lazy as _

from review.domain.agenda import BEING_DISCUSSED
from review.enums.sitting import BEFORE_VOTE, DECIDED, ItemState
from review.models import CommitteeSession, ItemRecusal, SessionMember

# A shorter agenda is shown whole; writing hundreds of rows out at each move of the room takes longer than the moves.
A_PAGE = 25


class Kind(models.TextChoices):
    """Which cases are looked for."""

    ALL = "", _("全部")
    WAITING = "waiting", _("待表决")
    DECIDED = "decided", _("已表决")


_STATES: dict[str, frozenset[Any]] = {Kind.WAITING: BEFORE_VOTE, Kind.DECIDED: DECIDED | {ItemState.VOIDED}}


@dataclass(frozen=True)
class Wanted:
    """What of the agenda somebody asked for; without a page, the one that the room is at."""

    kind: str = Kind.ALL.value
    page: str = ""


@dataclass(frozen=True)
class Window:
    """The cases shown, by key; ``page`` is None where that is the whole agenda."""

    keys: list[int]
    discussed: int | None
    following: int | None
    page: "Page[int] | None" = None
    kind: str = Kind.ALL.value

    @property
    def kinds(self) -> list[tuple[Any, str, bool]]:
        """The kinds to choose from: words, value, and whether it is chosen."""
        return [(one.label, one.value, one.value == self.kind) for one in Kind]

    @property
    def fetched(self) -> set[int]:
        """The cases that the screen needs, shown in the list or not."""
        return {one for one in (*self.keys, self.discussed, self.following) if one is not None}


def window_of(session: CommitteeSession, seat: SessionMember | None, wanted: Wanted | None) -> Window:
    """Return what of the agenda is shown; all of it where nothing is ``wanted``, or where it fits on one page.

    A member finds a case that they keep out of in the whole agenda alone: its state is not theirs to know (A-48).
    """
    rows = [(pk, state) for pk, _order, state in session.standing()]
    discussed = next((pk for pk, state in rows if state in BEING_DISCUSSED), None)
    following = next((pk for pk, state in rows if state == ItemState.LISTED), None)
    if wanted is None or len(rows) <= A_PAGE:
        return Window([pk for pk, _state in rows], discussed, following)
    kind = wanted.kind if wanted.kind in _STATES else Kind.ALL.value
    hidden = set(ItemRecusal.objects.filter(member=seat).values_list("item", flat=True)) if seat and kind else set()
    states = _STATES.get(kind)
    shown = [pk for pk, state in rows if (states is None or state in states) and pk not in hidden]
    page = Paginator(shown, A_PAGE).get_page(wanted.page or _page_of(shown, discussed or following))
    return Window(list(page), discussed, following, page, kind)


def _page_of(shown: list[int], case: int | None) -> int:
    return shown.index(case) // A_PAGE + 1 if case in shown else 1
