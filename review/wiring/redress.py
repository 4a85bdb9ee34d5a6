"""What review registers with the room of review requests."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.rules import bureau_lead
from portal.catalogue import unfinished
from portal.http import worklist
from portal.redress.registry import register
from review.domain import redress, upheld_reviews


def new_votes_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many new votes an upheld review asks the bureau's lead to order."""
    number = upheld_reviews.new_votes_to_order(actor).count()
    return [worklist.Waiting(_("复查认定程序有误，待责令重新评审"), number, reverse("redress:requests"))]


def connect_redress() -> None:
    """Register applications as what can be reviewed."""
    register(Application, redress.ApplicationMatter())
    unfinished.register(upheld_reviews.waiting_in)
    worklist.register("review.new_votes", bureau_lead, new_votes_waiting)
