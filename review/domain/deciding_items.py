"""The outcome of a case from its totals, in integers, by the policy version that the application was submitted under."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from portal.accounts.actors import SYSTEM
from portal.catalogue.queries import policy_of
from portal.workflow import carry_out
from review.domain.holding_session import held_item, moved
from review.models import AgendaItem


@dataclass(frozen=True)
class Totals:
    """How the votes on one case fell; ``not_cast`` holds whatever was not cast, blank, or invalid (A-02)."""

    agree: int
    against: int
    abstain: int
    not_cast: int

    @property
    def present(self) -> int:
        """All those who were present for the case."""
        return self.agree + self.against + self.abstain + self.not_cast


def totals_of(item: AgendaItem, agree: int, against: int, abstain: int) -> Totals:
    """Return the totals with the rest of those present as not cast; negative where there are more votes than members."""
    return Totals(agree, against, abstain, (item.present_for_item or 0) - agree - against - abstain)


def decide(item: AgendaItem, agree: int, against: int, abstain: int, *, at: dt.datetime) -> AgendaItem:
    """Write the totals of a counted case and its outcome (R-112): whoever is present and does not agree counts against.

    Call it with sums only, never with anybody's vote. Raises StepRefused where the votes are more than the members
    present, StepNotOpen unless the vote was closed.
    """
    with transaction.atomic():
        row = held_item(item)
        totals = totals_of(row, agree, against, abstain)
        is_pass = policy_of(row.policy_code).reaches("vote", agree, row.present_for_item or 0)
        done = carry_out(row, "pass_item" if is_pass else "fail_item", by=SYSTEM, at=at, totals=totals)
        moved(done.session)
        return done
