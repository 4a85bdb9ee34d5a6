"""What the desks ask about filings: which are under way, who waits for whom, and whom a roll consists of."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from portal.accounts.actors import Actor
from review.enums.filing import FilingState
from review.models import CommitteeFiling, ExpertTerm

F = FilingState


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


def from_outside(filing: CommitteeFiling) -> int:
    """Return how many on the roll do not work at the agency itself, by the credit codes of their employers."""
    return terms_of(filing).exclude(expert__employer_code=filing.agency.credit_code).count()
