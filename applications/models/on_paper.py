"""The steps of an association's recommendation on paper: the sealed papers stand for what others do on the desk (A-16)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications import guards
from applications.enums import ApplicationState as A
from applications.enums import RecommendationState as R
from portal.accounts.actors import Actor
from portal.accounts.rules import is_system
from portal.workflow import transition

STATE = "state"  # the field of the machine that these steps belong to


class ApplicationOnPaper(models.Model):
    """What an application inherits of the paper way; submitted with its sealed papers it goes on at once."""

    on_paper = models.BooleanField(_("纸质推荐"), default=False)

    recommended_at: dt.datetime | None

    class Meta:
        abstract = True

    def _moved(self, at: dt.datetime) -> None:
        raise NotImplementedError

    @transition(
        STATE,
        source=A.SUBMITTED,
        target=A.RECOMMENDED,
        who=is_system,
        label=_("协会、学会纸质推荐"),
        basis="R-084",
        guards=[guards.employer_recommended, guards.not_on_hold],
    )
    def recommend_on_paper(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The association checked, publicised and sealed on paper; the scans came with the submission."""
        self._moved(at)
        self.recommended_at = at

    @transition(
        STATE,
        source=A.RESUBMITTED,
        target=A.UNDER_SECOND_REVIEW,
        who=is_system,
        label=_("协会、学会纸质复核推荐"),
        basis="R-078",
        guards=[guards.employer_recommended, guards.not_on_hold],
    )
    def confirm_on_paper(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The association sealed the corrected papers; their scans came with the correction."""
        self._moved(at)
        self.recommended_at = at


class RecommendationOnPaper(models.Model):
    """What a recommendation inherits of the paper way."""

    publicised: dict[str, str]
    publicised_at: dt.datetime | None
    _signed: Callable[..., None]

    class Meta:
        abstract = True

    @transition(
        STATE,
        source=[R.PENDING, R.RECHECKING],
        target=R.RECOMMENDED,
        who=is_system,
        label=_("登记纸质推荐"),
        basis="R-084",
        guards=[guards.is_on_paper, guards.sealed_papers_hold, guards.association_is_recognised],
    )
    def record_sealed(
        self, *, by: Actor, at: dt.datetime, shown: dict[str, str], publicised_at: dt.datetime, **facts: Any
    ) -> None:
        """Steps 3 to 6 in one: what the association publicised and sealed is the same record as one made on its desk."""
        self._signed(by, at, **facts)
        self.publicised, self.publicised_at = shown, publicised_at
