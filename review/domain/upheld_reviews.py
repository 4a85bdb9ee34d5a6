"""What a person's review request means for a vote: an upheld one asks for a new vote, an open one for the ballots (A-24)."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, QuerySet

from applications.enums import ENDED, ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.catalogue.models import AnnualSchedule
from portal.redress.models import RequestQuerySet, ReviewRequest
from review.models import AcceptedCase


def new_votes_to_order(actor: Actor) -> QuerySet[AcceptedCase]:
    """Return whose vote an upheld review found faulty, and who waits for the bureau to order a new one."""
    told = {"subject_id": OuterRef("application"), "told_at": OuterRef("application__ended_at")}
    waiting = AcceptedCase.objects.at(actor).filter(is_pass=False, application__state=ApplicationState.NOT_PASSED)
    return waiting.filter(models.Exists(_upheld().filter(**told)))


def number_about(case: AcceptedCase) -> str:
    """Return the number of the review that found the told vote of ``case`` faulty, or an empty text."""
    told_at = case.application.ended_at
    found = _upheld().filter(subject_id=case.application_id, told_at=told_at).first() if told_at else None
    return found.code if found else ""


def is_open_about(item_path: str) -> models.Q:
    """Return the condition that a review of the application behind ``item_path`` waits for an answer, or a new vote for its order."""
    asked = _of_applications().awaiting().filter(subject_id=OuterRef(item_path))
    told = {"subject_id": OuterRef(item_path), "told_at": OuterRef(f"{item_path}__ended_at")}
    return models.Q(models.Exists(asked)) | models.Q(models.Exists(_upheld().filter(**told)))


def waiting_in(schedule: AnnualSchedule) -> int:
    """Return how many people of a schedule wait for an answer to their review, or for the new vote that it asks for (R-029)."""
    asked = Application.objects.filter(entry__schedule=schedule, state__in=sorted(ENDED))
    waiting = _of_applications().awaiting().filter(subject_id=OuterRef("pk"))
    told = {"subject_id": OuterRef("pk"), "told_at": OuterRef("ended_at")}
    return asked.filter(models.Exists(waiting) | models.Exists(_upheld().filter(**told))).count()


def _upheld() -> RequestQuerySet:
    return _of_applications().filter(is_upheld=True, result=ApplicationState.NOT_PASSED)


def _of_applications() -> RequestQuerySet:
    return ReviewRequest.objects.filter(subject_type=ContentType.objects.get_for_model(Application))
