"""The head signs the recommendation, for one or for many; and confirms it again after a correction (R-073…R-078)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from applications.domain import neighbours, publicising, receiving, telling
from applications.domain.settling import settled_first
from applications.enums import EMPLOYER_WINDOW, RECHECK, ApplicationState, RecommendationState
from applications.models import Application, Recommendation, Snapshot
from applications.models.snapshot import digest_of
from portal.accounts.actors import Actor
from portal.deadlines import setting
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out


@dataclass(frozen=True)
class Opinion:
    """What the head states: the opinion, the assessment results (R-076), and that both and the file are true (R-075)."""

    text: str
    assessment: str
    truth: bool


@dataclass(frozen=True)
class Outcome:
    """What became of one person in a bulk recommendation: recommended, or every reason against it."""

    recommendation: Recommendation
    reasons: tuple[Reason, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the person was recommended."""
        return not self.reasons


@settled_first
def recommend(
    recommendation: Recommendation, opinion: Opinion, *, by: Actor, at: dt.datetime, key: str | None = None
) -> Recommendation:
    """Sign the recommendation and hand the frozen file to the agency; after a correction, confirm it again (R-078).

    Raises StepRefused while the publicity is not clean, the time is over, or opinion, assessment or statement lack.
    """
    application = receiving.hold_both(recommendation)
    present = Recommendation.objects.get(pk=recommendation.pk)
    snapshot = receiving.present_snapshot(present)
    is_recheck = present.state == RecommendationState.RECHECKING
    receiving.first_what_was_asked_first(application, "confirm" if is_recheck else "recommend", at)
    facts: dict[str, Any] = {
        "opinion": opinion.text.strip(),
        "assessment": opinion.assessment.strip(),
        "truth": opinion.truth,
        "snapshot": snapshot,
        "signature": _signature(application, snapshot, opinion, by, at),
        **({"shown": publicising.shown_of(present)} if is_recheck else {}),
    }
    signed = carry_out(present, "confirm" if is_recheck else "recommend", by=by, at=at, key=key, **facts)
    if signed.signed_at != at:
        return signed
    _hand_on(application, signed, by, at)
    return signed


def recommend_many(
    recommendations: Sequence[Recommendation], opinion: Opinion, *, by: Actor, at: dt.datetime
) -> list[Outcome]:
    """Recommend each of many by itself: whoever cannot be recommended stays with the reasons, the others go on."""
    outcomes = []
    for recommendation in recommendations:
        try:
            outcomes.append(Outcome(recommend(recommendation, opinion, by=by, at=at)))
        except Refusal as refusal:
            outcomes.append(Outcome(recommendation, tuple(refusal.reasons)))
    return outcomes


def _hand_on(application: Application, signed: Recommendation, by: Actor, at: dt.datetime) -> None:
    """Pass the file to the agency, for the first or the second time, and stop the employer's timers."""
    is_second = application.state == ApplicationState.RESUBMITTED
    setting.lift(RECHECK if is_second else EMPLOYER_WINDOW, application, at=at)
    done = carry_out(application, "confirm_again" if is_second else "recommend", by=by, at=at)
    record(signed, "sign", by=by, at=at, facts={"signature": signed.signature}, basis="R-073, R-075")
    telling.tell_recommended(done, signed, at)
    neighbours.arrived(done, at)


def _signature(application: Application, snapshot: Snapshot, opinion: Opinion, by: Actor, at: dt.datetime) -> str:
    """Return the digest of what is signed; it enters the chained ledger, so that file and opinion cannot change afterwards."""
    return digest_of(
        {
            "application": application.code,
            "snapshot": snapshot.sha256,
            "opinion": opinion.text.strip(),
            "assessment": opinion.assessment.strip(),
            "signed_by": by.person.code if by.person else "",
            "signed_for": by.organisation.code if by.organisation else "",
            "signed_at": at.isoformat(),
        }
    )
