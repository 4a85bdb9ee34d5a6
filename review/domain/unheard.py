"""Who was not heard or voted on by the end of the year's session period: the bureau's overdue list (R-028).

The period is the bureau's to extend (A-35); until it does, no slot of a defence is lawful.
"""

import datetime as dt

from django.db.models import QuerySet

from applications.models import Application
from portal.catalogue.models import AnnualSchedule
from review.domain.succeeding import BEFORE_THE_VOTE
from review.models import AgencyReview


def overdue(at: dt.datetime) -> QuerySet[AgencyReview]:
    """Return the passed files that are not voted on although their session period is over, the longest waiting first."""
    late = AgencyReview.objects.filter(
        application__state__in=sorted(BEFORE_THE_VOTE), application__entry__schedule__committee_closes_at__lte=at
    )
    return late.with_all().order_by("application__entry__schedule__committee_closes_at", "agency", "pk")


def number_in(schedule: AnnualSchedule) -> int:
    """Return how many people of a schedule passed the check and are not voted on."""
    return Application.objects.filter(entry__schedule=schedule, state__in=sorted(BEFORE_THE_VOTE)).count()
