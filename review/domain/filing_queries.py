"""What the desks ask about filings: which are under way, who waits for whom, and whom a roll consists of."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, IntegerField, QuerySet, Value, When

from portal.accounts.actors import Actor
from portal.catalogue.queries import policy_in_force
from portal.shared import clock
from review.enums.filing import FilingState
from review.models import CommitteeFiling, ExpertTerm

F = FilingState
WHOLE = 100


def filings(actor: Actor) -> QuerySet[CommitteeFiling]:
    """Return the filings that the actor's office sees: what waits for somebody first, then the latest."""
    waits = Case(
        When(state__in=[F.SUBMITTED, F.SENT_BACK, F.DRAFT, F.AMENDED, F.EXPIRING], then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return CommitteeFiling.objects.at(actor).with_all().order_by(waits, "-pk")


def to_judge(actor: Actor) -> QuerySet[CommitteeFiling]:
    """Return what was handed in to the bureau."""
    return CommitteeFiling.objects.at(actor).filter(state=F.SUBMITTED)


def changes_to_confirm(actor: Actor) -> QuerySet[CommitteeFiling]:
    """Return the amendments that wait for the bureau."""
    return CommitteeFiling.objects.at(actor).filter(state=F.AMENDED, change_handed_in_at__isnull=False)


def to_mend(actor: Actor) -> QuerySet[CommitteeFiling]:
    """Return what came back to the agency."""
    return CommitteeFiling.objects.at(actor).filter(state=F.SENT_BACK)


def running_out(actor: Actor) -> QuerySet[CommitteeFiling]:
    """Return what ends within ninety days (N-14)."""
    return CommitteeFiling.objects.at(actor).filter(state=F.EXPIRING)


def terms_of(filing: CommitteeFiling) -> QuerySet[ExpertTerm]:
    """Return the terms of everybody on the roll, prepared changes included."""
    return ExpertTerm.objects.filter(places__filing=filing)


@dataclass(frozen=True)
class Outside:
    """How many of a roll do not work at the agency that files it; ``line`` is the percentage below which a warning stands."""

    outside: int
    total: int
    line: int

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down; 0 of an empty roll."""
        return self.outside * WHOLE // self.total if self.total else 0

    @property
    def is_low(self) -> bool:
        """Whether the share lies below the line: a warning, for the law names no number and refuses nobody (R-161)."""
        return self.outside * WHOLE < self.line * self.total


def from_outside(filing: CommitteeFiling, at: dt.datetime) -> Outside:
    """Return the share of members from outside, by credit code or name of their employers, as the roll is planned."""
    agency, roll = filing.agency, filing.planned_roll()
    own = [
        one
        for one in roll
        if one.term.expert.employer_name == agency.name
        or (agency.credit_code and one.term.expert.employer_code == agency.credit_code)
    ]
    line = policy_in_force(clock.day_of(at)).number("committee.outside_share_warn")
    return Outside(len(roll) - len(own), len(roll), line)
