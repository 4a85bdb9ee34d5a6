"""How long records and bars last: to the corresponding day years later, 24:00 (A-13, A-55)."""

import datetime as dt

from portal.catalogue.queries import policy_in_force
from portal.integrity.enums import SubjectRole
from portal.integrity.papers import Sentence
from portal.shared import clock

FEBRUARY = 2


def sentence_from(decided_at: dt.datetime, role: SubjectRole, *, is_serious: bool) -> Sentence:
    """Return what follows from a decision made at ``decided_at``, by the policy of that day.

    The record stands in every case; an applicant is barred from applying in every case of verified misconduct, and
    from promotion where it is serious (A-13, R-143).
    """
    day = clock.day_of(decided_at)
    policy = policy_in_force(day)
    bar = clock.end_of(years_after(day, policy.number("integrity.bar_years")))
    is_applicant = role == SubjectRole.APPLICANT
    return Sentence(
        policy_code=policy.code,
        record_until=clock.end_of(years_after(day, policy.number("integrity.record_years"))),
        apply_bar_until=bar if is_applicant else None,
        promotion_bar_until=bar if is_applicant and is_serious else None,
    )


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the corresponding day ``years`` later; where there is none, the month's last (Civil Code Art. 202)."""
    if (day.month, day.day) == (FEBRUARY, 29):
        return dt.date(day.year + years, FEBRUARY + 1, 1) - dt.timedelta(days=1)
    return day.replace(year=day.year + years)
