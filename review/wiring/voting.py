"""What the vote on devices answers to other rooms."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.http import worklist
from review import rules
from review.domain import forgetting, voting_queries
from review.enums.voting import BALLOTS_KEPT
from review.models import AgendaItem


def votes_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the expert's own hand in a meeting that votes on devices now: a ballot, or a count."""
    cast, counts = voting_queries.cases_to_vote_on(actor), voting_queries.cases_to_open(actor)
    return [
        worklist.Waiting(_("正在表决，待您投票"), len(cast), _page_of_vote(cast)),
        worklist.Waiting(_("投票已截止，待您开票"), len(counts), _page_of_vote(counts)),
    ]


def _page_of_vote(cases: list[AgendaItem]) -> str:
    return reverse("review:ballots", args=[cases[0].session.code]) if cases else ""


def connect_voting() -> None:
    """Register the vote on devices."""
    kept = DeadlineKind(BALLOTS_KEPT, _("加密选票保存期满"), "A-24", ring=forgetting.appeals_are_over)
    register_deadline(kept)
    worklist.register("review.voting", rules.expert, votes_waiting)
