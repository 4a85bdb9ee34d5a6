"""Submitting, taking back, withdrawing, and submitting again after a return; everything frozen as it was submitted."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation

from applications.domain import clocks, neighbours, sealing, telling
from applications.domain.compiling import Dossier, compile_dossier
from applications.domain.settling import settled_first
from applications.enums import (
    CORRECTION,
    EMPLOYER_WINDOW,
    RECHECK,
    WINDOW,
    ApplicationState,
    RecommendationState,
    Recommender,
)
from applications.models import Application, Recommendation, Snapshot, SnapshotFile
from applications.models.snapshot import digest_of
from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.enums import Channel
from portal.catalogue.queries import policy_of
from portal.deadlines import setting
from portal.deadlines.terms import end_of_count
from portal.ledger.record import record
from portal.redress.domain.answering import outcome_fell
from portal.shared.office import office_language
from portal.workdays.queries import calendar_in_force
from portal.workflow import carry_out
from portal.workflow.carry_out import locked


@settled_first
def submit(
    application: Application, *, commitment: bool, by: Actor, at: dt.datetime, key: str | None = None
) -> Application:
    """Submit the draft: check everything, freeze it with its hash, and hand it to whoever recommends.

    With an association's sealed papers it goes on to the agency at once (A-16).

    Raises StepRefused with every reason, each on its rule and beside its part. ``at`` decides about the window, so a
    request that arrived at 23:59:59 counts however long it waits.
    """
    row = locked(application)
    dossier = _frozen(row, at)
    policy = dossier.content["policy"]
    done = carry_out(row, "submit", by=by, at=at, key=key, dossier=dossier, commitment=commitment, policy=policy)
    if done.submitted_at == at and not done.snapshots.filter(made_at=at).exists():
        snapshot = _snapshot(done, dossier, at)
        record(snapshot, "freeze", by=by, at=at, facts={"sha256": snapshot.sha256}, basis="R-063", policy=policy)
        if done.on_paper:
            return _recommended_on_paper(done, dossier, snapshot, at)
        _hand_over(done, at)
    return done


@settled_first
def resubmit(
    application: Application, *, commitment: bool, by: Actor, at: dt.datetime, key: str | None = None
) -> Application:
    """Submit the corrected file; it goes to the employer for another check before the agency sees it (R-078)."""
    row = locked(application)
    dossier = _frozen(row, at)
    done = carry_out(row, "resubmit", by=by, at=at, key=key, dossier=dossier, commitment=commitment)
    if done.submitted_at != at or done.snapshots.filter(made_at=at).exists():
        return done
    snapshot = _snapshot(done, dossier, at)
    record(snapshot, "freeze", by=by, at=at, facts={"sha256": snapshot.sha256}, basis="R-092")
    setting.lift(CORRECTION, done, at=at)
    if done.on_paper:
        return _recommended_on_paper(done, dossier, snapshot, at)
    begin_recheck(done, at)
    recommendation = carry_out(done.recommendation, "recheck", by=SYSTEM, at=at)
    telling.tell_resubmitted(done, recommendation, at)
    return done


@settled_first
def take_back(application: Application, *, by: Actor, at: dt.datetime, key: str | None = None) -> Application:
    """Take a submitted application back to edit it, while the window is open and nothing was publicised."""
    done = carry_out(application, "take_back", by=by, at=at, key=key)
    if done.state == ApplicationState.DRAFT and done.state_since == at:
        carry_out(done.recommendation, "give_back", by=SYSTEM, at=at)
        discard_snapshot(done, at)
        back_to_draft(done, at)
        telling.tell_taken_back(done, at)
    return done


@settled_first
def withdraw(
    application: Application, *, reason: str = "", by: Actor, at: dt.datetime, key: str | None = None
) -> Application:
    """Give this year's application up; whatever runs for it stops."""
    done = carry_out(application, "withdraw", by=by, at=at, key=key, reason=reason.strip()[:500])
    if done.ended_at == at:
        close(done, at)
        telling.tell_withdrawn(done, at)
    return done


def close(application: Application, at: dt.datetime) -> None:
    """Stop the timers of an application that ended and close the employer's part; must stand in the ending's transaction."""
    for kind in setting.kinds_waiting(application):
        setting.lift(kind, application, at=at)
    recommendation = Recommendation.objects.filter(application=application).first()
    ended = {RecommendationState.CLOSED, RecommendationState.EXPIRED, RecommendationState.REFUSED}
    if recommendation is not None and recommendation.state not in ended:
        carry_out(recommendation, "close", by=SYSTEM, at=at)
    neighbours.ended(application, at)


def reopen(application: Application, at: dt.datetime) -> None:
    """Let the employer's part stand again for an application that was revived; must stand in the revival's transaction.

    What was asked about the end that stands no more is not answered any more.
    """
    carry_out(application.recommendation, "reopen", by=SYSTEM, at=at)
    outcome_fell(application, at)


def begin_recheck(application: Application, at: dt.datetime) -> None:
    """Let the employer's whole time to look at a corrected file run from ``at`` (R-078)."""
    days = policy_of(application.policy_code).number("correction.employer_recheck_workdays")
    clocks.set_workdays(RECHECK, application, workdays=days, at=at)


def discard_snapshot(application: Application, at: dt.datetime) -> None:
    """Mark the latest snapshot as without effect; it stays, as everything that was submitted does."""
    latest = application.snapshots.filter(discarded_at=None).order_by("-number").first()
    if latest is not None:
        latest.discarded_at = at
        latest.save(update_fields=["discarded_at"])


def window_closes_at(application: Application) -> dt.datetime | None:
    """Return the end of the individual window, or of the time given after an objection; None without a schedule."""
    schedule = application.schedule
    if schedule is None:
        return None
    return max(schedule.individual_closes_at, application.reopened_until or schedule.individual_closes_at)


def back_to_draft(application: Application, at: dt.datetime) -> None:
    """Stop the employer's timer and start the person's again, to the end of the window or of the time given after an objection."""
    setting.lift(EMPLOYER_WINDOW, application, at=at)
    closes = window_closes_at(application)
    assert closes is not None  # noqa: S101 - nothing is submitted without a schedule
    setting.set_instant(WINDOW, application, due_at=closes, at=at)


def _frozen(application: Application, at: dt.datetime) -> Dossier:
    """Return the dossier in the office's language, as it is frozen; with something missing, in the reader's."""
    with office_language():
        dossier = compile_dossier(application, at=at, settle_employer=True)
    if dossier.reasons and translation.get_language() != settings.LANGUAGE_CODE:
        return compile_dossier(application, at=at, settle_employer=True)
    return dossier


def _snapshot(application: Application, dossier: Dossier, at: dt.datetime) -> Snapshot:
    number = application.snapshots.count() + 1
    content = {**dossier.content, "number": number, "submitted_at": at.isoformat()}
    snapshot = Snapshot.objects.create(
        application=application, number=number, content=content, sha256=digest_of(content), made_at=at
    )
    SnapshotFile.objects.bulk_create(
        SnapshotFile(snapshot=snapshot, file_id=file, item_code=item) for file, item in dossier.files
    )
    return snapshot


def _arrived(application: Application, at: dt.datetime) -> Recommendation:
    """Return the recommendation that the submission begins, or begins again."""
    assert application.employer is not None  # noqa: S101 - guarded at submission
    setting.lift(WINDOW, application, at=at)
    is_freelance = application.channel == Channel.FREELANCER
    recommender: dict[str, Any] = {
        "organisation": application.employer,
        "kind": Recommender.ASSOCIATION if is_freelance else Recommender.EMPLOYER,
    }
    recommendation = Recommendation.objects.filter(application=application).first()
    if recommendation is None:
        recommendation = Recommendation.objects.create(application=application, state_since=at, **recommender)
        record(recommendation, "arrive", by=SYSTEM, at=at, after=recommendation.state, basis="R-070")
        return recommendation
    return carry_out(recommendation, "arrive_again", by=SYSTEM, at=at, **recommender)


def _recommended_on_paper(
    application: Application, dossier: Dossier, snapshot: Snapshot, at: dt.datetime
) -> Application:
    """Record what the association sealed as the recommendation of the very content submitted, and pass the file on."""
    is_second = application.state == ApplicationState.RESUBMITTED
    begun = (
        carry_out(application.recommendation, "recheck", by=SYSTEM, at=at) if is_second else _arrived(application, at)
    )
    signed = carry_out(begun, "record_sealed", by=SYSTEM, at=at, **sealing.facts_of(application, dossier, snapshot))
    record(signed, "sign", by=SYSTEM, at=at, facts={"signature": signed.signature}, basis="R-084, R-085")
    done = carry_out(application, "confirm_on_paper" if is_second else "recommend_on_paper", by=SYSTEM, at=at)
    telling.tell_recommended_on_paper(done, signed, at)
    neighbours.arrived(done, at)
    return done


def _hand_over(application: Application, at: dt.datetime) -> None:
    """Give the submitted application to whoever recommends, and set the time for it."""
    assert application.schedule is not None  # noqa: S101 - guarded at submission
    recommendation = _arrived(application, at)
    closes = application.schedule.employer_closes_at
    if at >= closes or recommendation.after_objection:
        _set_grace(application, at)
    else:
        clocks.set_instant(EMPLOYER_WINDOW, application, due_at=closes, at=at)
    telling.tell_submitted(application, recommendation, at)


def _set_grace(application: Application, at: dt.datetime) -> None:
    """Give the employer the days of A-34, or the window where that ends later: an objection must not kill a timely application."""
    days = policy_of(application.policy_code).number("employer.grace_after_objection")
    closes = application.schedule.employer_closes_at if application.schedule else at
    grace = end_of_count(calendar_in_force(), at, days, ()).due_at
    if grace is not None and grace < closes:
        clocks.set_instant(EMPLOYER_WINDOW, application, due_at=closes, at=at)
    else:
        clocks.set_workdays(EMPLOYER_WINDOW, application, workdays=days, at=at, basis="A-34")
