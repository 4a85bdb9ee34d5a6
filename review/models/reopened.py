"""The steps by which an agency's check goes on, because a review found procedure or facts wrong (domain §8.17 #6)."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.workflow import transition
from review import rules
from review.enums.checking import ReviewState as S

STATE = "state"  # the field of the machine that these steps belong to


class ReviewReopened(models.Model):
    """What an agency's check inherits of reviews that are upheld.

    ``rejected_by`` is who decided what a review found wrong, and does not decide again where another lead can.
    """

    rejected_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("作出被纠正结论的复核人"),
    )

    decided_by: Person | None
    decided_at: dt.datetime | None

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    def _reconsiders(self, reason: str) -> None:
        raise NotImplementedError

    def _is_decided_anew(self, at: dt.datetime) -> None:
        self._reconsiders("")
        self._moved(at)
        self.rejected_by, self.decided_by, self.decided_at = self.decided_by, None, None

    @transition(
        STATE, source=S.REJECTED, target=S.CHECKING, who=rules.system, label=_("复查决定重新审核"), basis="A-24"
    )
    def check_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The rejection falls, what was found stands; it is looked through and decided anew."""
        self._is_decided_anew(at)

    @transition(
        STATE, source=S.REJECTED, target=S.RECHECKING, who=rules.system, label=_("复查决定重新复审"), basis="A-24"
    )
    def check_correction_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The same in the second check."""
        self._is_decided_anew(at)

    @transition(
        STATE,
        source=[S.CLOSED_EXPIRED, S.CLOSED],
        target=S.RETURNED,
        who=rules.system,
        label=_("复查决定重新补正"),
        basis="A-24",
    )
    def wait_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The file that was returned is with the person, or the employer, again."""
        self._moved(at)
