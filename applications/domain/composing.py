"""Before a notice is posted: exactly what it would show, until when, and who cannot be on it for which reasons."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from applications.domain import publicising, receiving
from applications.models import Recommendation
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.queries import policy_of
from portal.publicity.enums import Field
from portal.publicity.models import Notice
from portal.shared.errors import Reason, StepRefused
from portal.workdays.counting import Term, term_after
from portal.workdays.queries import calendar_in_force
from portal.workflow import Attempt
from portal.workflow.carry_out import reasons_against, transition_open_for


@dataclass(frozen=True)
class Preview:
    """What one person's line would show, and every reason against it."""

    recommendation: Recommendation
    content: dict[str, str]
    reasons: tuple[Reason, ...]

    @property
    def name(self) -> str:
        """Whom the line speaks of."""
        return self.recommendation.application.applicant.full_name

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What the line shows, as (label, value) in the order of the notice."""
        return [(str(field.label), self.content[field]) for field in Field if field in self.content]


def previews(recommendations: Sequence[Recommendation], *, by: Actor, at: dt.datetime) -> list[Preview]:
    """Return for each person, in the order of the notice, the line and what speaks against posting it at ``at``."""
    chosen = sorted(recommendations, key=lambda one: one.application_id)
    snapshots = receiving.present_snapshots(chosen)
    safe = publicising.last_safe_days([one.application for one in chosen])
    found = []
    for one in chosen:
        snapshot = snapshots.get(one.application_id)
        content = publicising.shown_in(snapshot) if snapshot else {}
        facts = {"shown": content, "safe": safe.get(one.application.entry.schedule_id), "snapshot": snapshot}
        reasons = _against(one, Attempt("publicise", by, at, facts=facts))
        found.append(Preview(one, content, tuple(reasons)))
    return found


def period(recommendation: Recommendation, at: dt.datetime) -> Term:
    """Return the days of a notice posted at ``at``: the posting day not counted (A-05)."""
    workdays = policy_of(recommendation.application.policy_code).number("publicity.min_workdays")
    return term_after(calendar_in_force(), at, workdays)


def usual_contact(organisation: Organisation | None) -> str:
    """Return whom the organisation named for objections on its last notice, or its telephone before the first."""
    if organisation is None:
        return ""
    last = Notice.objects.filter(publisher=organisation).exclude(contact="").order_by("-created_at").first()
    return last.contact if last else organisation.telephone


def _against(recommendation: Recommendation, attempt: Attempt) -> list[Reason]:
    try:
        found = transition_open_for(recommendation, attempt)
    except StepRefused as refusal:
        return refusal.reasons
    return reasons_against(found, recommendation, attempt, known_only=False)
