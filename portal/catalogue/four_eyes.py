"""Four eyes: whoever had a hand in preparing something cannot be the one who approves it.

The ledger already says who did what, so no field has to be kept beside it, and nobody can hide by letting another
person press the last button of the preparation.
"""

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import ActorKind
from portal.ledger.models import READ
from portal.ledger.queries import history_of
from portal.workflow import Attempt, guard

# Steps that judge or release what others prepared; all other steps prepare.
JUDGING = frozenset({"approve", "send_back", "publish", "amend", "close", "supersede", READ})


def preparers_of(subject: models.Model) -> frozenset[int]:
    """Return the keys of the people who prepared what is in hand since ``subject`` was last published."""
    history = history_of(subject).order_by()
    since = history.filter(step="publish").aggregate(last=Max("pk"))["last"] or 0
    prepared = history.filter(pk__gt=since, person__isnull=False).exclude(step__in=JUDGING)
    return frozenset(prepared.values_list("person__pk", flat=True))


@guard(_("参与编制的人员不能审批，请由另一位负责人办理。"), basis="R-001")
def another_prepared(subject: models.Model, attempt: Attempt) -> bool:
    """Hold for the system, which brings shipped data, and for people who had no hand in the preparation."""
    if attempt.by.kind is ActorKind.SYSTEM:
        return True
    return attempt.by.person is not None and attempt.by.person.pk not in preparers_of(subject)
