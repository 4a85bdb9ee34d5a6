"""A bar while a long run goes on: on a terminal one line that moves, in a log one line for every twentieth."""

import time
from typing import TextIO

from portal.web.simulation.running import Course

WIDTH, PARTS = 30, 20
LEAST_PAUSE = 0.2


class Bar:
    """Shows a run on ``out``."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.moves = out, out.isatty()
        self.started, self.shown_at, self.part = time.monotonic(), 0.0, 0
        self.before: int | None = None  # what an earlier run had done

    def __call__(self, course: Course) -> None:
        """Show how far it is, unless it was shown a moment ago."""
        now, part = time.monotonic(), course.done * PARTS // course.stages
        self.before = course.done - 1 if self.before is None else self.before
        if self.moves and (now - self.shown_at > LEAST_PAUSE or course.done == course.stages):
            self.out.write(f"\r{self._line(course, now)}" + ("\n" if course.done == course.stages else ""))
            self.out.flush()
            self.shown_at = now
        elif not self.moves and part > self.part:
            self.out.write(f"{self._line(course, now)}\n")
            self.out.flush()
            self.part = part

    def _line(self, course: Course, now: float) -> str:
        share, spent = course.done / course.stages, now - self.started
        filled = "█" * int(share * WIDTH)
        left = spent / (course.done - (self.before or 0)) * (course.stages - course.done)
        return f"{course.day} [{filled:<{WIDTH}}] {share:4.0%}  {_time(spent)} gone, {_time(left)} to go "


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
