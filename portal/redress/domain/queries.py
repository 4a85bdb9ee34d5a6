"""What a person and a handler read of requests, and how a row stands as regards a review."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally, bureau
from portal.deadlines.models import Deadline
from portal.documents.models import StoredFile
from portal.redress import rules
from portal.redress.domain.filing import reasons_against_asking, time_to_ask
from portal.redress.enums import ANSWER, AT_FIRST_INSTANCE, RequestState
from portal.redress.models import RequestQuerySet, ReviewRequest
from portal.redress.registry import Outcome, matter_of, reviewable_models
from portal.shared.errors import Reason
from portal.workdays.counting import Term


@dataclass(frozen=True)
class Standing:
    """Whether a review of ``outcome`` can be asked for, until when, what is against it, and what was asked before.

    Without an outcome there is only what was asked of earlier ones.
    """

    outcome: Outcome | None
    term: Term | None
    reasons: list[Reason]
    requests: list[ReviewRequest]

    @property
    def may_ask(self) -> bool:
        """Whether nothing is against it now."""
        return not self.reasons


def standing_of(subject: models.Model, *, by: Actor, at: dt.datetime) -> Standing | None:
    """Return how ``subject`` stands for the person concerned, or None where there is no outcome and never was a request."""
    outcome, requests = matter_of(subject).outcome(subject), requests_about(subject)
    if outcome is None and not requests:
        return None
    term = time_to_ask(outcome.at) if outcome else None
    return Standing(outcome, term, reasons_against_asking(subject, by=by, at=at), requests)


def requests_about(subject: models.Model) -> list[ReviewRequest]:
    """Return every request about ``subject``, the newest first."""
    return list(ReviewRequest.objects.about(subject).with_all())


def own_requests(actor: Actor) -> RequestQuerySet:
    """Return the actor's own requests, the newest first."""
    mine = ReviewRequest.objects.filter(person=actor.person) if acts_personally.test(actor) else None
    return (mine if mine is not None else ReviewRequest.objects.none()).with_all().order_by("-filed_at", "-pk")


def requests_seen_by(actor: Actor) -> RequestQuerySet:
    """Return the requests that the actor's organisation answers or answered first, the newest first; all for the bureau."""
    if bureau.test(actor):
        mine = ReviewRequest.objects.exclude(person=actor.person)
    else:
        mine = ReviewRequest.objects.handled_by(actor) if rules.staff.test(actor) else ReviewRequest.objects.none()
    return mine.with_all().order_by("-filed_at", "-pk")


def to_admit(actor: Actor) -> QuerySet[ReviewRequest]:
    """Return what nobody of the actor's organisation took up yet, at either instance."""
    fresh = models.Q(state=RequestState.FILED) | models.Q(state=RequestState.SECOND_INSTANCE, handled_by=None)
    return _waiting_at(actor).filter(fresh)


def to_decide(actor: Actor) -> QuerySet[ReviewRequest]:
    """Return what was looked into by somebody else of the actor's organisation and waits for a lead."""
    looked_into = models.Q(state__in=AT_FIRST_INSTANCE) | models.Q(state=RequestState.SECOND_INSTANCE)
    return _waiting_at(actor).filter(looked_into, handled_by__isnull=False).exclude(handled_by=actor.person)


def narrowed(requests: RequestQuerySet, q: str = "", state: str = "") -> RequestQuerySet:
    """Return those whose code or person's name is ``q``, or begins with it, and that are in ``state``."""
    if q:
        requests = requests.filter(models.Q(code=q.upper()) | models.Q(person__full_name__startswith=q))
    return requests.filter(state=state) if state else requests


def by_urgency(requests: RequestQuerySet) -> RequestQuerySet:
    """Return ``requests`` with ``due_at``, until when each must be answered: the first to answer first, the answered last."""
    kind = ContentType.objects.get_for_model(ReviewRequest)
    due = Deadline.objects.waiting().filter(kind=ANSWER, subject_type=kind, subject_id=models.OuterRef("pk"))
    dated = requests.annotate(due_at=models.Subquery(due.values("due_at")[:1]))
    return dated.order_by(models.F("due_at").asc(nulls_last=True), "-filed_at", "-pk")


def subject_of(actor: Actor, code: str) -> models.Model | None:
    """Return the actor's own row with this public code of which a review may be asked for, or None."""
    model = reviewable_models().get(code.partition("-")[0])
    found = model._base_manager.filter(code=code).first() if model else None
    if found is None or actor.person is None or matter_of(found).person(found) != actor.person:
        return None
    return found


def reads_evidence(actor: Actor, file: StoredFile) -> bool:
    """Return whether the actor answers the request with which the file came."""
    return requests_seen_by(actor).filter(evidence=file).exists()


def _waiting_at(actor: Actor) -> RequestQuerySet:
    return requests_seen_by(actor).awaiting().filter(handler=actor.organisation)
