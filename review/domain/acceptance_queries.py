"""Batches and results as desks and other rooms ask for them."""

from django.db.models import Count, Q, QuerySet

from applications.enums import Hold
from portal.accounts.actors import Actor
from review.enums.accepting import AcceptanceState, CaseState
from review.enums.sitting import SessionState
from review.models import AcceptedCase, CommitteeSession, ResultAcceptance


def batches(actor: Actor) -> QuerySet[ResultAcceptance]:
    """Return the batches that the actor's office sees, the oldest undecided first, with how many people each has."""
    people = Count("cases", distinct=True)
    passed = Count("cases", filter=Q(cases__is_pass=True), distinct=True)
    held = Count("cases", filter=Q(cases__state=CaseState.HELD), distinct=True)
    exempting = Count("cases", filter=Q(cases__in=AcceptedCase.objects.to_be_exempted()), distinct=True)
    rows = ResultAcceptance.objects.at(actor).with_all()
    rows = rows.annotate(people=people, passed=passed, held=held, exempting=exempting)
    return rows.order_by("decided_at", "reported_at", "pk")


def cases_of(batch: ResultAcceptance) -> QuerySet[AcceptedCase]:
    """Return the people of a batch in the order of its agenda."""
    return batch.cases.with_all().order_by("item__order")


def cleared_cases(*, ready: bool = True) -> QuerySet[AcceptedCase]:
    """Return the accepted results of applications that are cleared, oldest first: what certificates are issued for.

    Each row carries title, level, series, specialty, committee, ``passed_on``, ``is_restricted`` and
    ``district_limited``; ``ready`` leaves out whoever is being looked into (invariant 13.1).
    """
    found = AcceptedCase.objects.uncertified()
    if ready:
        found = found.filter(application__hold=Hold.NONE)
    return found.with_all().order_by("application__state_since", "pk")


def to_take(actor: Actor) -> QuerySet[ResultAcceptance]:
    """Return the batches that nobody took yet."""
    return ResultAcceptance.objects.at(actor).filter(state=AcceptanceState.SUBMITTED)


def to_decide(actor: Actor) -> QuerySet[ResultAcceptance]:
    """Return the batches that somebody else of the bureau took."""
    return ResultAcceptance.objects.at(actor).filter(state=AcceptanceState.CHECKING).exclude(taken_by=actor.person)


def to_show(actor: Actor) -> QuerySet[ResultAcceptance]:
    """Return the batches with accepted people who stand on no notice yet."""
    waiting = AcceptedCase.objects.to_be_shown().filter(application__hold=Hold.NONE)
    return ResultAcceptance.objects.at(actor).filter(pk__in=waiting.values("acceptance"))


def to_exempt(actor: Actor) -> QuerySet[AcceptedCase]:
    """Return the people whom somebody else of the bureau proposed not to show."""
    return AcceptedCase.objects.at(actor).to_be_exempted().exclude(exemption_by=actor.person)


def to_look_into(actor: Actor) -> QuerySet[AcceptedCase]:
    """Return the people whose acceptance is held."""
    return AcceptedCase.objects.at(actor).filter(state=CaseState.HELD)


def to_complete(actor: Actor) -> QuerySet[ResultAcceptance]:
    """Return the batches whose papers the agency must complete."""
    return ResultAcceptance.objects.at(actor).filter(state=AcceptanceState.SENT_BACK)


def to_report(actor: Actor) -> QuerySet[CommitteeSession]:
    """Return the signed sessions whose results the agency did not report yet."""
    return CommitteeSession.objects.of_agency(actor).filter(state=SessionState.SIGNED)
