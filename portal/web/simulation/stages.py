"""The stages of a block in their order: on which day each comes, and what is done with the people of the block then."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from applications.enums import ApplicationState
from applications.models import Application
from portal.shared.errors import Refusal
from portal.web.simulation import (
    accepting,
    applying,
    certifying,
    checking,
    defending,
    paying,
    people,
    recommending,
    voting,
)
from portal.web.simulation.people import Employer
from portal.web.simulation.season import AT_ONE_EMPLOYER, Block, Season, moment
from portal.web.simulation.staffing import Cast, Desk
from portal.web.simulation.stories import Ending, Story, stories, story_of

SHOWN = 20
Person = tuple[Application, Story]


@dataclass
class Trouble:
    """What went otherwise than told: how often, and the first few with their reasons."""

    number: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, subject: str, why: str) -> None:
        """Note one more."""
        self.number += 1
        if len(self.first) < SHOWN:
            self.first.append(f"{subject}: {why}")

    @contextmanager
    def of(self, subject: str) -> Iterator[None]:
        """Do one person's part in a transaction; note a refusal that the story does not tell of, and go on."""
        try:
            with transaction.atomic():
                yield
        except Refusal as refusal:
            self.add(subject, "；".join(f"{one.text} [{one.code}]" for one in refusal.reasons))
        except applying.NotRefusedError as error:
            self.add(subject, str(error))


@dataclass
class Play:
    """One block on its way."""

    block: Block
    season: Season
    cast: Cast
    trouble: Trouble
    most_papers: int
    known: dict[int, Employer] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The committee before which the block goes."""
        return self.cast.desk(self.block)

    def people(self, *states: ApplicationState) -> Iterable[Person]:
        """Return the block's applications in one of ``states``, all without, with their stories; never more than a block."""
        first, last = people.username(self.block.first), people.username(self.block.last - 1)
        rows = Application.objects.filter(applicant__username__range=(first, last)).with_all()
        if states:
            rows = rows.filter(state__in=states)
        for application in rows.order_by("applicant__username"):
            number = int(application.applicant.username.rpartition("-")[2])
            yield application, story_of(self.season.seed, number)

    def each(self, do: Callable[[Application, Story], object], *states: ApplicationState) -> None:
        """Do something with each person whose application stands in one of ``states``."""
        for application, story in list(self.people(*states)):
            with self.trouble.of(application.code):
                do(application, story)

    def employer(self, number: int) -> Employer:
        """Return the employer of the applicant with this number."""
        serial = number // AT_ONE_EMPLOYER
        if serial not in self.known:
            self.known[serial] = people.employer_of(number, self.season.seed, self.desk.committee.district)
        return self.known[serial]

    # --- Stages ------------------------------------------------------------------------------
    def apply(self, at: dt.datetime) -> None:
        """Everybody fills in a draft and submits, as far as they ever do."""
        for numbers in self.block.employers():
            place = self.employer(numbers[0]).place
            for story in stories(self.season.seed, numbers):
                entry = self.desk.entries[story.number % len(self.desk.entries)]
                with self.trouble.of(people.username(story.number)):
                    application = applying.begin(story, entry, place, self.season.seed, at=at)
                    applying.submit(application, story, at=at)

    def receive(self, at: dt.datetime) -> None:
        """Employers open what came."""
        self.each(lambda row, story: recommending.receive(row, story, self.employer(story.number), at=at), S.SUBMITTED)

    def submit_again(self, at: dt.datetime) -> None:
        """Who was sent back puts it right."""

        def do(row: Application, story: Story) -> None:
            if story.sent_back and story.ending not in NOT_SENT_BACK:
                applying.submit_again(row, at=at)

        self.each(do, S.DRAFT)

    def publicise(self, at: dt.datetime) -> None:
        """Employers find everything right and post one notice each."""
        by_number = {story.number: (row, story) for row, story in self.people()}
        for numbers in self.block.employers():
            employer = self.employer(numbers[0])
            with self.trouble.of(employer.place.code):
                there = [by_number[number] for number in numbers if number in by_number]
                rows = [recommending.check(row, story, employer, at=at) for row, story in there]
                recommending.publicise([row for row in rows if row is not None], employer, at=at)

    def object_to(self, at: dt.datetime) -> None:
        """Somebody objects to a person on a running notice."""

        def do(row: Application, story: Story) -> None:
            if story.objected or story.ending is Ending.OBJECTION_UPHELD:
                recommending.object_to(row, at=at)

        self.each(do, S.WITH_EMPLOYER)

    def answer(self, at: dt.datetime) -> None:
        """Employers decide on objections."""
        self.each(
            lambda row, story: recommending.answer(row, story, self.employer(story.number), at=at), S.WITH_EMPLOYER
        )

    def recommend(self, at: dt.datetime) -> None:
        """Heads sign."""
        self.each(lambda row, story: recommending.recommend(row, self.employer(story.number), at=at), S.WITH_EMPLOYER)

    def check(self, at: dt.datetime) -> None:
        """The agency checks."""
        self.each(lambda row, story: checking.check(row, story, self.desk.office, at=at), S.RECOMMENDED)

    def correct(self, at: dt.datetime) -> None:
        """Who was returned corrects, but for those who let the days pass."""

        def do(row: Application, story: Story) -> None:
            if story.ending is not Ending.CORRECTION_MISSED:
                applying.correct(row, at=at)

        self.each(do, S.RETURNED)

    def confirm(self, at: dt.datetime) -> None:
        """Employers confirm what was corrected."""
        self.each(lambda row, story: recommending.confirm(row, self.employer(story.number), at=at), S.RESUBMITTED)

    def check_again(self, at: dt.datetime) -> None:
        """The agency checks what was corrected."""
        self.each(lambda row, story: checking.check_again(row, story, self.desk.office, at=at), S.UNDER_SECOND_REVIEW)

    def pay(self, at: dt.datetime) -> None:
        """Fees are paid."""
        self.each(lambda row, story: paying.pay(row, story, at=at), S.REVIEW_PASSED)

    def plan(self, at: dt.datetime) -> None:
        """The agency plans the defences and tells everybody."""
        waiting = [row for row, _story in self.people(S.PAID)]
        day = self.season.heard_on(self.block)
        with self.trouble.of(self.desk.committee.code):
            defending.plan(waiting, self.block, self.desk, self.cast.turn(self.block), day=day, at=at)

    def hear(self, at: dt.datetime) -> None:
        """Panels hear people."""
        self.each(lambda row, story: defending.hear(row, story, self.desk, at=at), S.AWAITING_DEFENCE)

    def convene(self, at: dt.datetime) -> None:
        """The session's members are drawn and its agenda made."""
        with self.trouble.of(self.desk.committee.code):
            voting.convene(self.block, self.desk, session_day(self.season, self.block), at=at)

    def meet(self, at: dt.datetime) -> None:
        """The committee votes."""
        with self.trouble.of(self.desk.committee.code):
            voting.meet(self.block, self.desk, self.season.seed, at.date())

    def report(self, at: dt.datetime) -> None:
        """The agency reports."""
        with self.trouble.of(self.desk.committee.code):
            accepting.report(self.block, self.desk, at=at)

    def accept(self, at: dt.datetime) -> None:
        """The bureau accepts and posts."""
        with self.trouble.of(self.desk.committee.code):
            accepting.accept(self.block, self.desk, self.cast, at=at)

    def object_to_result(self, at: dt.datetime) -> None:
        """Somebody objects to a result."""
        self.each(lambda row, story: accepting.object_to(row, story, at=at), S.IN_RESULT_NOTICE)

    def answer_on_result(self, at: dt.datetime) -> None:
        """The bureau decides on objections."""
        self.each(lambda row, story: accepting.answer(row, story, self.desk, self.cast, at=at), S.IN_RESULT_NOTICE)

    def order(self, at: dt.datetime) -> None:
        """Certificates are ordered and numbered."""
        with self.trouble.of(self.desk.committee.code):
            certifying.order(self.block, self.desk, self.cast, at=at)

    def draw(self, at: dt.datetime) -> None:
        """Papers are drawn, as many as are wanted."""
        self.cast.papers += certifying.make(self.most_papers - self.cast.papers, at=at)


S = ApplicationState
NOT_SENT_BACK = frozenset(
    {Ending.FORGOTTEN, Ending.TOO_EARLY, Ending.CIVIL_SERVANT, Ending.UNINSURED, Ending.DISHONEST}
)
Do = Callable[[Play, dt.datetime], None]


def session_day(season: Season, block: Block) -> dt.date:
    """Return the day of the block's session: four working days after its defences."""
    return season.after(season.heard_on(block), 4)


def stages_of(season: Season, block: Block) -> Iterator[tuple[dt.datetime, Do]]:
    """Yield every stage of a block with its instant."""
    applies, checked, heard = season.applies_on(block), season.checked_on(block), season.heard_on(block)
    posted, met = season.after(applies, 1), session_day(season, block)
    yield moment(applies, 9), Play.apply
    yield moment(applies, 16), Play.receive
    yield moment(applies, 20), Play.submit_again
    yield moment(posted, 9, 30), Play.publicise
    yield moment(season.after(posted, 1), 10), Play.object_to
    yield moment(season.after(posted, 3), 15), Play.answer
    yield moment(season.after(posted, 6), 10), Play.recommend
    yield moment(checked, 9), Play.check
    yield moment(season.after(checked, 3), 11), Play.pay
    yield moment(season.after(checked, 5), 14), Play.correct
    yield moment(season.after(checked, 6), 10), Play.confirm
    yield moment(season.after(checked, 8), 9), Play.check_again
    yield moment(season.after(checked, 10), 11), Play.pay
    yield moment(season.after(heard, -10), 9), Play.plan
    yield moment(heard, 9), Play.hear
    yield moment(season.after(heard, 2), 10), Play.convene
    yield moment(met, 9), Play.meet
    yield moment(season.after(met, 1), 10), Play.report
    yield moment(season.after(met, 3), 10), Play.accept
    yield moment(season.after(met, 4), 10), Play.object_to_result
    yield moment(season.after(met, 6), 15), Play.answer_on_result
    yield moment(season.after(met, 9), 10), Play.order
    yield moment(season.after(met, 9), 11), Play.draw
