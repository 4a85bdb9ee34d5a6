"""Time (5, 6, 11): notices that run their full days, timers that ring when they must, counting that lands on working days."""

import datetime as dt
from collections.abc import Iterator

from portal.publicity.enums import NoticeState
from portal.publicity.models import Notice
from portal.shared import clock
from portal.web.invariants.findings import AT_ONCE, Breach, Invariant, found_by
from portal.workdays import counting
from portal.workdays.queries import calendar_in_force

FEWEST = 5
COUNTS = (1, 5, 10, 20)
# The sweep runs every half minute; what rings later than this does not ring by itself.
SLACK = dt.timedelta(minutes=10)


def _short_notices() -> Iterator[Breach]:
    """Count every notice that ended anew, by the calendar in force."""
    calendar = calendar_in_force()
    ended = Notice.objects.filter(posted_at__isnull=False, ended_at__isnull=False).exclude(state=NoticeState.WITHDRAWN)
    for notice in ended.order_by("pk").iterator(AT_ONCE):
        assert notice.posted_at is not None  # noqa: S101 - filtered
        assert notice.ended_at is not None  # noqa: S101 - filtered
        last = counting.add_workdays(calendar, clock.day_of(notice.posted_at), max(FEWEST, notice.workdays))
        if notice.ended_at < clock.end_of(last):
            yield Breach(notice.code, f"posted at {notice.posted_at}, it may not end before {last} is over")


def _overdue() -> Iterator[Breach]:
    """Deadlines that are over and did not ring; a failing one is known to staff and stands here, too."""
    find = found_by(
        """SELECT 'deadline ' || id, kind, due_at FROM deadlines_deadline
        WHERE rung_at IS NULL AND lifted_at IS NULL AND due_at < %(by)s""",
        "{0} was due at {1} and did not ring",
        by=clock.now() - SLACK,
    )
    return find()


def _counting() -> Iterator[Breach]:
    """Add working days to every day of the years in force: each lands on one, and none before that of the day before."""
    calendar = calendar_in_force()
    for year in sorted(calendar.years):
        before: dict[int, dt.date] = {}
        for offset in range(366):
            start = dt.date(year, 1, 1) + dt.timedelta(days=offset)
            earlier = start
            for days in COUNTS:
                last = counting.add_workdays(calendar, start, days)
                if not calendar.is_workday(last) or last <= earlier or last < before.get(days, last):
                    yield Breach(start.isoformat(), f"{days} working days later is {last}")
                before[days] = earlier = last


NOTICES = Invariant(
    5,
    "a notice runs five full working days at least, and nobody is cleared before",
    (
        _short_notices,
        found_by(
            """SELECT n.code, l.number FROM publicity_line l JOIN publicity_notice n ON n.id = l.notice_id
            WHERE l.cleared_at IS NOT NULL AND (n.ended_at IS NULL OR l.cleared_at < n.ended_at)""",
            "line {0} was cleared before its end",
        ),
        found_by("SELECT code, workdays FROM publicity_notice WHERE workdays < 5", "runs {0} working days"),
    ),
)

TIMERS = Invariant(
    6,
    "a timer rings once and at its time, and what ended waits for none",
    (
        _overdue,
        found_by(
            """SELECT 'deadline ' || id, kind FROM deadlines_deadline
            WHERE rung_at IS NOT NULL AND (lifted_at IS NOT NULL OR due_at IS NULL OR rung_at < due_at)""",
            "{0} rang early, or although it was lifted",
        ),
        found_by(
            """SELECT a.code, d.kind FROM applications_application a JOIN django_content_type t
            ON t.app_label = 'applications' AND t.model = 'application' JOIN deadlines_deadline d
            ON d.subject_type_id = t.id AND d.subject_id = a.id WHERE d.rung_at IS NULL AND d.lifted_at IS NULL
            AND d.kind IN ('applications.individual_window', 'applications.employer_window', 'applications.correction')
            AND a.ended_at IS NOT NULL""",
            "it ended, and {0} still runs",
        ),
    ),
)

COUNTING = Invariant(11, "working days that are added land on working days, and later ones lie later", (_counting,))
