"""Shapes that the parts of pages are filled with: rooms make them, templates under ``components`` show them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class StageState(StrEnum):
    """Where a stage stands in the life of a file."""

    DONE = "done"
    NOW = "now"
    LATER = "later"
    STOPPED = "stopped"


STAGE_WORDS: dict[StageState, Words] = {
    StageState.DONE: _("已完成"),
    StageState.NOW: _("进行中"),
    StageState.LATER: _("未开始"),
    StageState.STOPPED: _("已终止"),
}


@dataclass(frozen=True)
class Stage:
    """One stage of a file: ``brief`` for the progress row, the rest for the timeline.

    ``until`` is an exclusive bound (midnight reads as 24:00 of the day before); ``basis`` a rule such as R-072.
    """

    name: Words
    state: StageState
    brief: Words = ""
    holder: Words = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    basis: str = ""
    note: Words = ""

    @property
    def state_words(self) -> Words:
        """Return the state in words, for those who do not see the colour."""
        return STAGE_WORDS[self.state]


@dataclass(frozen=True)
class DayCell:
    """One day of a working-day strip: ``kind`` for the eye, ``words`` and ``note`` for everybody (第 3 日, 调休上班)."""

    day: dt.date
    kind: str
    words: Words
    note: Words = ""
    is_due: bool = False
    is_today: bool = False
    is_provisional: bool = False


@dataclass(frozen=True)
class Task:
    """One row of a task list; without ``tone`` the status is plain text, as for things that need no attention."""

    name: Words
    status: Words
    address: str = ""
    hint: Words = ""
    tone: str = ""
