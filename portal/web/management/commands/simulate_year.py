"""`manage.py simulate_year`: a whole season with invented applicants, for demonstrations and measurements."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.web.management.commands.check_invariants import report
from portal.web.simulation import certifying, funnel, running
from portal.web.simulation.progress import Bar
from portal.web.simulation.running import Course

MIB = 1024


class Command(BaseCommand):
    help = (
        "Lead invented applicants through the season of 2025 by the real steps, print what became of them, and check "
        "every invariant; exit code 1 where one is broken or a story went otherwise than told. A run that was cut goes "
        "on when it is started with the same numbers again. Demonstrations only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--applicants", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=2025, help="the same seed tells the same year")
        parser.add_argument(
            "--papers", type=int, help="draw so many certificates and leave the others to their maker; all without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number, papers = options["applicants"], options["papers"]
        if number < 1:
            raise CommandError("At least one applicant is needed.")
        most = number if papers is None else papers
        try:
            course = running.run(seed=options["seed"], applicants=number, papers=most, watch=Bar(sys.stderr))
        except running.NotHereError:
            raise CommandError("A season is simulated only where the demonstration clock is on.") from None
        except running.AnotherIsCutError as error:
            cut = error.cut
            raise CommandError(
                f"A season was cut and goes on first: --applicants {cut.applicants} --seed {cut.seed} "
                f"--papers {cut.most_papers}."
            ) from None
        self._tell(course)
        if report(self) or course.trouble.number:
            sys.exit(1)

    def _tell(self, course: Course) -> None:
        self._line("How far they came")
        for station, number in funnel.way(course.numbers):
            self._line(f"  {number:>7}  {station}")
        self._line("Where they stand")
        for end in funnel.ends(course.numbers):
            self._line(f"  {end.number:>7}  {end.state:<22} {end.reason}".rstrip())
        self._line(f"  {certifying.waiting():>7}  certificates wait for their papers")
        self._line(f"Fingerprint {funnel.fingerprint(course.numbers)}")
        self._line(f"Applicants a second by tenth: {_figures(course.rates)}")
        self._line(f"The same for a second of this process's processor time: {_figures(course.rates_of_work)}")
        self._line(f"Memory in MiB by tenth: {' '.join(str(one // MIB) for one in course.memory)}")
        self._line(f"{course.rung} deadlines rang; the sweeps took {course.sweeping:.0f} s")
        if course.trouble.number:
            self._line(f"{course.trouble.number} times it went otherwise than told, first:")
            for one in course.trouble.first:
                self._line(f"  {one}")

    def _line(self, text: str) -> None:
        self.stdout.write(text)


def _figures(rates: list[float]) -> str:
    return " ".join(f"{rate:.2f}" for rate in rates)
