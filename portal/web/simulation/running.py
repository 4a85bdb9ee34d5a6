"""The year from its first day to its last: the clock moves day by day, deadlines ring, and every block has its stages.

Each stage of a block is one transaction that also says that it is done: whatever kills a run of hours, the next one with the
same numbers goes on after the last stage that was finished.
"""

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.db import transaction

from portal.accounts import demo as accounts
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.queries import actor_of
from portal.catalogue import demo as catalogue
from portal.catalogue.loading import load_reference
from portal.deadlines.ringing import ring_due
from portal.ledger import sealing
from portal.shared import clock
from portal.web.demonstration import BEGINS
from portal.web.models import SimulatedSeason
from portal.web.simulation import season
from portal.web.simulation.season import Block, Season, moment
from portal.web.simulation.staffing import cast_for
from portal.web.simulation.stages import Do, Play, Trouble, stages_of
from portal.workdays.loading import load_shipped_years
from portal.workdays.queries import calendar_in_force

TENTHS = 10
KIB = 1024
# What of a course is kept with each stage, for a run that goes on.
KEPT = ("seconds", "worked", "memory", "sweeping", "rung")
Watch = Callable[["Course"], None]


class NotHereError(Exception):
    """The clock of this installation cannot be moved: it is no demonstration."""


class AnotherIsCutError(Exception):
    """A season with other numbers was cut here: it goes on first; ``cut`` says which."""

    def __init__(self, cut: SimulatedSeason) -> None:
        super().__init__(str(cut))
        self.cut = cut


@dataclass
class Course:
    """How a run goes: what was done of what there is, seconds by tenth of the applicants, memory by tenth of the work.

    ``worked`` are seconds of this process's own processor time, which say more than the clock's where others work, too.
    """

    stages: int
    applicants: int
    done: int = 0
    day: dt.date = season.PREPARES
    seconds: list[float] = field(default_factory=lambda: [0.0] * TENTHS)
    worked: list[float] = field(default_factory=lambda: [0.0] * TENTHS)
    people: list[int] = field(default_factory=lambda: [0] * TENTHS)
    memory: list[int] = field(default_factory=list)
    sweeping: float = 0.0
    rung: int = 0
    trouble: Trouble = field(default_factory=Trouble)
    numbers: range = range(0)

    def note(self, block: Block, seconds: float, worked: float) -> None:
        """Count a stage of a block."""
        self.done += 1
        self.seconds[block.number * TENTHS // block.of] += seconds
        self.worked[block.number * TENTHS // block.of] += worked
        while len(self.memory) < self.done * TENTHS // self.stages:
            self.memory.append(memory_now())

    @property
    def rates(self) -> list[float]:
        """Applicants a second by tenth of the applicants, over all their stages."""
        return self._rates(self.seconds)

    @property
    def rates_of_work(self) -> list[float]:
        """The same for a second of this process's processor time; what the database takes is not in it."""
        return self._rates(self.worked)

    def _rates(self, spent: list[float]) -> list[float]:
        return [number / seconds for number, seconds in zip(self.people, spent, strict=True) if number and seconds]


def run(*, seed: int, applicants: int, papers: int, watch: Watch = lambda course: None) -> Course:
    """Lead so many people through the season of 2025, and put the clock back to where it stood.

    ``papers`` is how many certificates are drawn, the others wait for their maker. ``watch`` is called after each
    stage. A second run in the same database goes on with the numbers; the same run again, after it was cut, with the stage
    that comes next. Raises NotHereError without a demonstration clock, AnotherIsCutError while another season waits to go on.
    """
    if not settings.DEMO_CLOCK:
        raise NotHereError
    # A run that was killed left the clock inside the season.
    began, started = max(clock.now(), BEGINS), time.monotonic()
    try:
        course = _run(seed, applicants, papers, watch)
    finally:
        clock.move_to(began + dt.timedelta(seconds=time.monotonic() - started))
    # What falls due after the season's last day is as late now as after a pause of the sweep.
    course.rung += ring_due(at=clock.now()).rung
    return course


def _run(seed: int, applicants: int, papers: int, watch: Watch) -> Course:
    clock.move_to(moment(season.PREPARES, 8))
    with transaction.atomic():
        _prepare()
        kept = _kept(seed, applicants, papers)
        this = Season(seed, applicants, calendar_in_force(), kept.first)
        cast = cast_for(this)
    cast.papers = kept.papers
    # Blocks and not people: some twenty thousand short rows for a hundred thousand applicants.
    stages = sorted(_stages(this), key=lambda one: (one[0], one[1].number))
    course = _course(kept, this, len(stages))
    left = stages[kept.done :]
    by_day = {day: list(of_day) for day, of_day in groupby(left, key=lambda one: one[0].date())}
    begins = season.PREPARES if not kept.done else stages[kept.done - 1][0].date()
    for offset in range((season.ENDS - begins).days):
        course.day = begins + dt.timedelta(days=offset)
        _begin_day(course)
        for at, block, do in by_day.pop(course.day, ()):
            _do(Play(block, this, cast, course.trouble, papers), do, at, course, kept)
            watch(course)
    SimulatedSeason.objects.filter(pk=kept.pk).update(is_over=True)
    return course


def _kept(seed: int, applicants: int, papers: int) -> SimulatedSeason:
    """Return the row of the season with these numbers that was cut, or that of a new one."""
    cut = SimulatedSeason.objects.filter(is_over=False).first()
    if cut is None:
        numbers = {"seed": seed, "applicants": applicants, "most_papers": papers}
        return SimulatedSeason.objects.create(**numbers, first=_next_number())
    if (cut.seed, cut.applicants, cut.most_papers) != (seed, applicants, papers):
        raise AnotherIsCutError(cut)
    return cut


def _course(kept: SimulatedSeason, this: Season, stages: int) -> Course:
    """Return the course as it stood after the last stage that was finished."""
    figures = dict(kept.figures)
    trouble = Trouble(**figures.pop("trouble", {}))
    numbers = range(kept.first, kept.first + kept.applicants)
    course = Course(stages, kept.applicants, done=kept.done, trouble=trouble, numbers=numbers, **figures)
    for block in this.blocks():
        course.people[block.number * TENTHS // block.of] += len(block.numbers)
    return course


def _begin_day(course: Course) -> None:
    """Move the clock to the beginning of the day and let the sweep ring what fell due."""
    start = time.perf_counter()
    midnight = clock.start_of(course.day)
    clock.move_to(midnight)
    course.rung += ring_due(at=midnight).rung
    sealing.seal()
    course.sweeping += time.perf_counter() - start


def _do(play: Play, do: Do, at: dt.datetime, course: Course, kept: SimulatedSeason) -> None:
    clock.move_to(at)
    with transaction.atomic():
        desk = play.desk  # a committee is made ready outside of the measurement: it serves many blocks
    start, begun = time.perf_counter(), time.process_time()
    with transaction.atomic():
        do(play, at)
        course.note(play.block, time.perf_counter() - start, time.process_time() - begun)
        kept.done, kept.papers = course.done, play.cast.papers
        kept.figures = {name: getattr(course, name) for name in KEPT} | {"trouble": asdict(course.trouble)}
        kept.save()
    assert desk is play.desk  # noqa: S101 - a cast has each desk once


def _stages(this: Season) -> Iterator[tuple[dt.datetime, Block, Do]]:
    for block in this.blocks():
        for at, do in stages_of(this, block):
            yield at, block, do


def _prepare() -> None:
    """Have everything that the season rests on: calendar, catalogue, authorities and the edition of its year."""
    load_shipped_years()
    load_reference()
    accounts.load()
    catalogue.load_edition(season.EDITION, clerk=_bureau("bureau-clerk"), lead=_bureau("bureau-lead"))


def _bureau(username: str) -> Actor:
    person = Person.objects.get(username=username)
    membership = person.memberships.select_related("organisation").get()
    return actor_of(person, membership.organisation.code, on=season.PREPARES)


def _next_number() -> int:
    """Return the number of the first applicant: the one after those of an earlier run, at a new employer's beginning."""
    last = Person.objects.filter(username__regex=r"^season-\d+$").order_by("-username").first()
    if last is None:
        return 0
    number = int(last.username.rpartition("-")[2]) + 1
    return -(-number // season.AT_ONE_EMPLOYER) * season.AT_ONE_EMPLOYER


def memory_now() -> int:
    """Return how much memory the process holds at this moment, in KiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // KIB
