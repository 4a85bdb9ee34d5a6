"""Results before the bureau: reported by the agency, taken, sent back, accepted in whole or in part, refused (domain §8.7)."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import submitting
from applications.domain.settling import settled_first
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.districts import District
from portal.catalogue.enums import Channel
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import fresh, locked
from review.domain import (
    acceptance_papers,
    accepting_checks,
    accepting_record,
    count_sheets,
    forgetting,
    promising,
    quotas,
    recounting,
    revoting,
    sitting,
    telling_acceptance,
    upheld_reviews,
)
from review.domain.accepting_checks import Found, Results
from review.domain.holding_session import held_with_applications
from review.enums.accepting import DECIDED_YES, AcceptanceState, CaseState, PaperKind
from review.enums.sitting import DECIDED, ItemState, SessionState
from review.models import AcceptedCase, AgendaItem, CommitteeSession, ResultAcceptance


def report(
    session: CommitteeSession,
    *,
    paper: StoredFile | None,
    statement: str = "",
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> ResultAcceptance:
    """Report a signed session's results and ask for acceptance; the promise begins to run (R-120).

    ``paper`` is the agency's work report; minutes and count sheet are written from the record. Raises StepRefused
    where the session is not signed.
    """
    may_be = session.state == SessionState.SIGNED
    written = acceptance_papers.written(session) if may_be else {}
    if may_be:
        recounting.count_few(session, at)
    with transaction.atomic():
        row = held_with_applications(session, session.items.values_list("application", flat=True))
        done = carry_out(row, "report", by=by, at=at, key=key)
        earlier = ResultAcceptance.objects.filter(session=done).first()
        if earlier is not None:
            return earlier
        assert by.person is not None  # noqa: S101 - who reports works for the agency
        batch = ResultAcceptance.objects.create(
            session=done, statement=statement.strip(), reported_by=by.person, reported_at=at, state_since=at
        )
        acceptance_papers.keep_written(batch, written, at=at)
        acceptance_papers.attach(batch, PaperKind.REPORT, paper, at=at)
        for case in _cases(batch, at):
            case.save()
        batch.digest = digest_of(batch)
        batch.save(update_fields=["digest", "updated_at"])
        facts = {"session": done.code, "digest": batch.digest, "cases": batch.cases.count()}
        record(batch, "report", by=by, at=at, after=batch.state, basis="R-120", facts=facts)
        promising.begin(batch, at)
        telling_acceptance.tell_reported(batch, at)
        return batch


@settled_first
def take(batch: ResultAcceptance, *, by: Actor, at: dt.datetime, key: str | None = None) -> ResultAcceptance:
    """Take a batch to look it over; who takes it does not decide on it."""
    return carry_out(batch, "take", by=by, at=at, key=key)


@settled_first
def send_back(
    batch: ResultAcceptance, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ResultAcceptance:
    """Ask for papers that are missing; meanwhile the promise does not run."""
    row = locked(batch)
    done = carry_out(row, "send_back", by=by, at=at, key=key, reason=reason)
    if row.state != done.state:
        promising.stop_for_papers(done, at)
        telling_acceptance.tell_sent_back(done, at)
    return done


@settled_first
def report_again(
    batch: ResultAcceptance,
    *,
    paper: StoredFile | None = None,
    answer: str = "",
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> ResultAcceptance:
    """Bring what was asked for; the batch is frozen anew with it and the promise runs on."""
    recounting.count_few(batch.session, at)
    row = locked(batch)
    acceptance_papers.attach(row, PaperKind.OTHER, paper, at=at)
    done = carry_out(row, "report_again", by=by, at=at, key=key, answer=answer, digest=digest_of(row))
    if row.state != done.state:
        promising.go_on_with_papers(done, at)
        telling_acceptance.tell_reported(done, at)
    return done


@settled_first
def accept(batch: ResultAcceptance, *, by: Actor, at: dt.datetime, key: str | None = None) -> ResultAcceptance:
    """Accept everybody of the batch; raises StepRefused with whatever a check finds, computed anew (R-121)."""
    return _decide(batch, "accept", (), by=by, at=at, key=key)


@settled_first
def accept_partly(
    batch: ResultAcceptance,
    *,
    held: Collection[str],
    reason: str,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> ResultAcceptance:
    """Accept the batch without the persons ``held``, given by the codes of their cases, who are looked into (A-23)."""
    return _decide(batch, "accept_partly", held, by=by, at=at, key=key, reason=reason)


@settled_first
def refuse(
    batch: ResultAcceptance, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ResultAcceptance:
    """Refuse for a violation of procedure: the session is void, and others vote on everybody again (A-23, R-152)."""
    row = _held(batch)
    found = checks_of(row, at)
    done = carry_out(row, "refuse", by=by, at=at, key=key, reason=reason, found=found.batch)
    if row.state != done.state:
        for case in _standing(done):
            carry_out(case, "void", by=SYSTEM, at=at, reason=done.reason)
        sitting.void(done.session, reason=done.reason, by=by, at=at)
        telling_acceptance.tell_refused(done, at)
    return done


@settled_first
def release(case: AcceptedCase, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> AcceptedCase:
    """Accept somebody who was held, once what was looked into came to nothing."""
    batch = _held(case.acceptance)
    row = locked(case)
    record_ = accepting_record.record_of(batch.session, at)
    item = _item(record_, row)
    found = accepting_checks.of_case(item, record_) if item is not None else Results(())
    done = carry_out(row, "release", by=by, at=at, key=key, reason=reason, failures=found.reasons, found=found)
    if row.state != done.state:
        _give_result(done, at)
        telling_acceptance.tell_released(done, at)
        forgetting.keep_until_appeals_end(batch.session, at)
        follow(batch, at)
    return done


@settled_first
def order_revote(
    case: AcceptedCase, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> AcceptedCase:
    """Have others vote again on somebody who was held: the procedure was faulty for this person (A-24, domain §8.1 #35)."""
    batch = _held(case.acceptance)
    row = locked(case)
    done = carry_out(row, "order_revote", by=by, at=at, key=key, reason=reason)
    if row.state != done.state:
        revoting.void_case(done.item, reason=done.reason, by=by, at=at)
        forgetting.keep_until_appeals_end(batch.session, at)
        telling_acceptance.tell_revote(done, at)
        follow(batch, at)
    return done


@settled_first
def revote_on_appeal(
    case: AcceptedCase,
    *,
    reason: str,
    decision_number: str,
    decision: StoredFile | None,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> AcceptedCase:
    """Carry out a review's decision for somebody who was told that they did not pass: others vote again (A-24).

    The lead names the decision by its number and keeps the document; a review that was upheld on the portal needs none.
    Raises StepRefused also where the person has another application this year already (A-25).
    """
    batch = _held(case.acceptance)
    row = locked(case)
    told: dict[str, Any] = {"reason": reason, "decision_number": decision_number, "decision": decision}
    told["review_request"] = upheld_reviews.number_about(row)
    done = carry_out(row, "revote_on_appeal", by=by, at=at, key=key, **told)
    if row.state != done.state:
        revoting.void_told_case(done.item, reason=done.reason, by=by, at=at)
        forgetting.keep_until_appeals_end(batch.session, at)
        telling_acceptance.tell_revote(done, at)
        follow(batch, at)
    return done


def follow(batch: ResultAcceptance, at: dt.datetime) -> None:
    """Do what follows once one person of a decided batch has moved: the promise, the end of publicity, the end of all."""
    row = fresh(batch)
    if row.state in DECIDED_YES and not row.unfinished().exists():
        row = carry_out(row, "finish_publicity", by=SYSTEM, at=at)
    if row.state == AcceptanceState.PUBLICISED and not row.uncertified().exists():
        row = carry_out(row, "finish", by=SYSTEM, at=at)
    promising.reconsider(row, at)


def checks_of(batch: ResultAcceptance, at: dt.datetime) -> Found:
    """Return what every check finds now, computed from the record of the session."""
    return accepting_checks.found_in(accepting_record.record_of(batch.session, at))


def application_ended(application: Application, at: dt.datetime) -> None:
    """Take somebody out of a batch whose application was ended by something else than its vote."""
    if application.state == ApplicationState.NOT_PASSED:
        return
    standing = application.accepted_cases.filter(state__in=[CaseState.REPORTED, CaseState.ACCEPTED, CaseState.HELD])
    for case in standing.select_related("acceptance"):
        carry_out(case, "close", by=SYSTEM, at=at)
        follow(case.acceptance, at)


def content_of(batch: ResultAcceptance) -> dict[str, Any]:
    """Return the whole batch as it is hashed: session, papers and every result with its counts, never anybody's vote."""
    cases = batch.cases.select_related("item", "application").order_by("item__order")
    return {
        "session": batch.session.code,
        "count": count_sheets.digest_of(batch.session),
        "statement": batch.statement,
        "papers": [[one.kind, one.file.sha256] for one in batch.papers.select_related("file").order_by("pk")],
        "cases": [
            {
                "item": one.item.code,
                "application": one.application.code,
                "is_pass": one.is_pass,
                "title": one.title,
                "level": one.level,
                "series": one.series,
                "specialty": one.specialty,
                "committee": one.committee,
                "passed_on": one.passed_on.isoformat(),
                "district_limited": one.district_limited,
            }
            for one in cases
        ],
    }


def digest_of(batch: ResultAcceptance) -> str:
    """Return the SHA-256 of the batch in canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(content_of(batch), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _decide(
    batch: ResultAcceptance,
    step: str,
    codes: Collection[str],
    *,
    by: Actor,
    at: dt.datetime,
    key: str | None,
    **facts: Any,
) -> ResultAcceptance:
    row = _held(batch)
    found, standing = checks_of(row, at), _standing(row)
    held = {case.pk for case in standing if case.code in set(codes)}
    facts |= {
        "held": held,
        "digest": digest_of(row),
        "found": found.batch,
        "failures": found.reasons_without({case.item_id for case in standing if case.pk in held}),
    }
    done = carry_out(row, step, by=by, at=at, key=key, **facts)
    if row.state != done.state:
        for case in standing:
            own = found.cases.get(case.item_id)
            if own is None:  # an appeal had the outcome voided since the report: others vote on it again
                carry_out(case, "void", by=SYSTEM, at=at, reason=case.item.reason)
            elif case.pk in held:
                carry_out(case, "hold", by=SYSTEM, at=at, reason=done.reason, found=own)
            else:
                _give_result(carry_out(case, "accept", by=SYSTEM, at=at, found=own), at)
        telling_acceptance.tell_accepted(done, len(held), at)
        forgetting.keep_until_appeals_end(done.session, at)
        follow(done, at)
    return done


def _give_result(case: AcceptedCase, at: dt.datetime) -> None:
    """Let the application follow its accepted result: on to publicity, or to its end with the right of review."""
    if case.is_pass:
        carry_out(case.application, "accept_result", by=SYSTEM, at=at)
        return
    ended = carry_out(case.application, "not_pass", by=SYSTEM, at=at, reason=_not_passed())
    submitting.close(ended, at)
    telling_acceptance.tell_not_passed(case, at)


@in_office_language
def _not_passed() -> str:
    return _("同意票未达到出席委员的三分之二，评审未通过。")


def _held(batch: ResultAcceptance) -> ResultAcceptance:
    """Return the batch, locked after its applications and its session."""
    held_with_applications(batch.session, batch.cases.values_list("application", flat=True))
    row = locked(batch)
    targeted = AgendaItem.objects.with_all().filter(session=batch.session, application__channel=Channel.TARGETED)
    quotas.hold(quotas.keys_of(targeted).values())
    return row


def _standing(batch: ResultAcceptance) -> list[AcceptedCase]:
    return list(batch.cases.with_all().filter(state=CaseState.REPORTED).order_by("item__order"))


def _item(record_: accepting_record.Record, case: AcceptedCase) -> AgendaItem | None:
    return next((item for item in record_.items if item.pk == case.item_id), None)


@in_office_language
def _cases(batch: ResultAcceptance, at: dt.datetime) -> list[AcceptedCase]:
    items = AgendaItem.objects.with_all().filter(session=batch.session, state__in=sorted(DECIDED)).order_by("order")
    return [_case(batch, item, at) for item in items]


def _case(batch: ResultAcceptance, item: AgendaItem, at: dt.datetime) -> AcceptedCase:
    application, entry = item.application, item.application.entry
    is_targeted, employer = application.channel == Channel.TARGETED, application.employer
    return AcceptedCase(
        acceptance=batch,
        item=item,
        application=application,
        state_since=at,
        is_pass=item.state == ItemState.DECIDED_PASS,
        title=application.title,
        level=entry.level.key,
        series=entry.specialty.series.name,
        specialty=entry.specialty.name,
        committee=batch.session.committee.name,
        passed_on=batch.session.day,
        district_limited=str(District(employer.district).label)
        if is_targeted and employer and employer.district
        else "",
    )
