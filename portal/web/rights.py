"""What a person can ask for against an outcome, and within how many days."""

import datetime as dt

from portal.catalogue.models.policy import NoPolicyInForceError
from portal.catalogue.queries import policy_in_force
from portal.shared import clock


def review_days(at: dt.datetime) -> dict[str, int]:
    """Return within how many working days a review is asked for and answered (A-24), or nothing before the first policy."""
    try:
        policy = policy_in_force(clock.day_of(at))
    except NoPolicyInForceError:
        return {}
    return {"file": policy.number("appeal.file_workdays"), "answer": policy.number("appeal.answer_workdays")}
