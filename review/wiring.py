"""What review registers with the rooms below, process by process."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from applications.enums import FIRST_CHECK
from portal.accounts.actors import Actor
from portal.catalogue.domain import standing
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.http import navigation, worklist
from portal.workflow import register_settler, settle_due
from review import rules
from review.domain import overdue, suspending
from review.domain.arriving import FromEmployer
from review.models import AgencyReview


def connect() -> None:
    """Register everything."""
    connect_checking()


def settle_review(subject: models.Model, at: dt.datetime) -> None:
    """Execute what is due on a review: on its application, where the timers hang."""
    if isinstance(subject, AgencyReview):
        settle_due(subject.application, at)


def reviews_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the agency: for the lead's confirmation, for the actor's own check, and what is late."""
    mine = AgencyReview.objects.at(actor)
    queue = reverse("review:queue")
    waiting = mine.awaiting()
    first = waiting.filter(suspended_since=None).order_by("due_at").values_list("due_at", flat=True).first()
    groups = [
        worklist.Waiting(_("申报材料待审核"), waiting.filter(proposal="").count(), queue, first),
        worklist.Waiting(_("首次审核逾期"), mine.overdue().count(), queue),
    ]
    if rules.leads.test(actor):
        groups.append(worklist.Waiting(_("审核意见待复核确认"), mine.proposed().count(), queue))
    return groups


def reviews_overdue(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many files of all agencies were not checked in time, for the bureau (N-13)."""
    return [
        worklist.Waiting(
            _("评审服务机构首次审核逾期"), AgencyReview.objects.overdue().count(), reverse("review:overdue")
        )
    ]


def connect_checking() -> None:
    """Register the agency's check."""
    register_deadline(DeadlineKind(FIRST_CHECK, _("机构首次审核截止"), "R-097", ring=overdue.first_check))
    register_settler(settle_review)
    neighbours.register(FromEmployer())
    standing.on_change(suspending.standing_changed)
    worklist.register("review.checks", rules.checks, reviews_waiting)
    worklist.register("review.overdue", rules.oversees, reviews_overdue)
    navigation.register("review:queue", _("申报材料审核"), who=rules.checks, place=16)
    navigation.register("review:overdue", _("机构审核逾期"), who=rules.oversees, place=130)
