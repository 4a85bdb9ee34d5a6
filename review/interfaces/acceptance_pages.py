"""What a batch's page shows: its steps with reasons, its checks, its people, and the clock of the promise."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.rules import bureau
from portal.deadlines.models import Deadline, Pause
from portal.deadlines.terms import term_of
from portal.workdays.counting import Term
from portal.workflow import OpenStep, open_steps
from review.domain import acceptance_queries, accepting, promising
from review.domain.accepting_checks import Found
from review.enums.accepting import CASE_TONES, UNDECIDED, AcceptanceState, CaseState
from review.models import AcceptedCase, ResultAcceptance

Checks = list[dict[str, Any]]


@dataclass(frozen=True)
class CaseRow:
    """One person: the result, its tone, and the checks that do not hold."""

    case: AcceptedCase
    tone: str
    failed: Checks


@dataclass(frozen=True)
class Promise:
    """The clock of the promise: how much of it was used, until when it runs, and when it stood still and why."""

    deadline: Deadline
    used: int
    term: Term | None
    pauses: list[Pause]

    @property
    def stands(self) -> bool:
        """Whether something holds it now."""
        return any(pause.resumed_at is None for pause in self.pauses)


def found_for(batch: ResultAcceptance, at: dt.datetime) -> Found | None:
    """Return the checks computed now while nobody decided; afterwards those that the decision saw are kept with it."""
    return accepting.checks_of(batch, at) if batch.state in UNDECIDED else None


def measures_after(batch: ResultAcceptance) -> str:
    """Return where the bureau takes measures against the agency of a batch that it refused, empty for any other (R-152)."""
    committee = batch.session.committee
    if batch.state != AcceptanceState.REFUSED:
        return ""
    authority = committee.edition.authorities.filter(agency=committee.agency_id).first()
    return reverse("catalogue:authority:show", args=[authority.code]) if authority is not None else ""


def checks_of(batch: ResultAcceptance, found: Found | None) -> Checks:
    """Return the checks of the session."""
    return found.batch.rows if found is not None else list(batch.checks)


def rows_of(batch: ResultAcceptance, found: Found | None) -> list[CaseRow]:
    """Return the people of a batch with what speaks against each."""
    return [
        CaseRow(case, CASE_TONES[CaseState(case.state)], [one for one in of_case(case, found) if one["reasons"]])
        for case in acceptance_queries.cases_of(batch)
    ]


def of_case(case: AcceptedCase, found: Found | None) -> Checks:
    """Return the checks of one person."""
    return found.cases[case.item_id].rows if found is not None and case.item_id in found.cases else list(case.checks)


def steps_of(batch: ResultAcceptance, found: Found | None, actor: Actor, at: dt.datetime) -> list[OpenStep]:
    """Return the steps with what speaks against them: only full acceptance needs every check to hold."""
    steps = open_steps(batch, by=actor, at=at)
    if found is None:
        return steps
    known = {"failures": found.reasons_without(()), "digest": accepting.digest_of(batch)}
    judged = {one.name: one for one in open_steps(batch, by=actor, at=at, **known)}
    return [judged[one.name] if one.name == "accept" else one for one in steps]


def promise_of(batch: ResultAcceptance, at: dt.datetime) -> Promise | None:
    """Return the clock of the promise."""
    deadline = promising.clock_of(batch)
    if deadline is None:
        return None
    pauses = sorted(deadline.pauses.all(), key=lambda pause: pause.paused_at)
    return Promise(deadline, promising.used(deadline, at), term_of(deadline), pauses)


def sees_checks(actor: Actor) -> bool:
    """Return whether the reader is of the bureau: what it looks at is not for the agency before the decision."""
    return bool(bureau.test(actor))
