"""The agency's one return with all defects, as the application sees it (R-091, A-09)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from applications.domain import clocks, telling
from applications.domain.settling import settled_first
from applications.enums import CORRECTION, FIRST_CHECK
from applications.models import Application
from portal.accounts.actors import Actor
from portal.catalogue.domain.committees import correction_workdays
from portal.catalogue.queries import policy_of
from portal.deadlines import setting
from portal.deadlines.models import Deadline
from portal.workflow import carry_out


@dataclass(frozen=True)
class Defect:
    """One thing to correct: what the person is told, where it is put right (``section.item.field``), and the rule."""

    text: str
    place: str = ""
    basis: str = "R-091"


@settled_first
def take(application: Application, *, by: Actor, at: dt.datetime, key: str | None = None) -> Application:
    """Let the agency begin its first check (domain §8.1 #9)."""
    return carry_out(application, "take", by=by, at=at, key=key)


@settled_first
def return_once(
    application: Application, *, defects: Sequence[Defect], by: Actor, at: dt.datetime, key: str | None = None
) -> Application:
    """Return the file once with all its defects, and set the committee's time to correct; raises StepRefused a second time."""
    listed = [asdict(one) for one in defects]
    done = carry_out(application, "return_once", by=by, at=at, key=key, defects=listed)
    if setting.waiting(CORRECTION, done) is None:
        setting.lift(FIRST_CHECK, done, at=at)
        telling.tell_returned(done, begin(done, at), at)
    return done


def begin(application: Application, at: dt.datetime) -> Deadline:
    """Let the committee's whole time to correct run from ``at``."""
    committee = application.entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    days = correction_workdays(committee, policy_of(application.policy_code))
    return clocks.set_workdays(CORRECTION, application, workdays=days, at=at)
