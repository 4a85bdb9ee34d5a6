"""The errand's one kind of deadline."""

import datetime as dt

from portal.accounts.actors import SYSTEM
from portal.deadlines.registry import DeadlineKind, register
from portal.notifications.kinds import reached_by
from portal.notifications.post import post
from portal.workflow import carry_out
from tests.errand.letters import Answered, Warned, reach
from tests.errand.models import Errand

LAPSES = "errand.lapses"
reminded: list[tuple[int, int, dt.datetime]] = []


def lapse(errand: Errand, at: dt.datetime) -> None:
    if errand.opinion == "poison":
        raise RuntimeError("this errand cannot lapse")
    carry_out(errand, "lapse", by=SYSTEM, at=at)
    if errand.owner:
        post(Warned, to=errand.owner, about=errand, at=at, facts={"grounds": "逾期未办理。"})


def remind(errand: Errand, remaining: int, at: dt.datetime) -> None:
    reminded.append((errand.pk, remaining, at))


def connect() -> None:
    reached_by(Answered, reach)
    register(DeadlineKind(LAPSES, "办理期限", "R-093", ring=lapse, reminders=(3, 1), remind=remind))
