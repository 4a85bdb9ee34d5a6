"""Asking for a review: until when, what is against it, and the request itself (domain §8.17 #1, A-24)."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.queries import the_bureau
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.redress import letters
from portal.redress.enums import ANSWER, RequestState
from portal.redress.guards import FEWEST_SIGNS
from portal.redress.models import ReviewRequest
from portal.redress.registry import Outcome, matter_of
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.workdays.counting import Term, term_after
from portal.workdays.queries import calendar_in_force
from portal.workflow import settle_due
from portal.workflow.carry_out import locked


def time_to_ask(told_at: dt.datetime) -> Term:
    """Return the working days within which a review may be asked for after ``told_at``; the day itself does not count."""
    workdays = policy_in_force(clock.day_of(told_at)).number("appeal.file_workdays")
    return term_after(calendar_in_force(), told_at, workdays)


def ask(
    subject: models.Model, *, facts: str, evidence: StoredFile | None = None, by: Actor, at: dt.datetime
) -> ReviewRequest:
    """Take the request of the person concerned to review the outcome of ``subject``, and set the time to answer.

    Raises Refusal with every reason: no outcome to review, somebody else's, too late, asked for already, no facts.
    """
    settle_due(subject, at)
    with transaction.atomic():
        row = locked(subject)
        reasons = [*reasons_against_asking(row, by=by, at=at), *_against_the_words(facts)]
        if reasons:
            raise Refusal(reasons)
        request = _received(row, facts, evidence, at)
        told = {"subject": getattr(row, "code", ""), "result": request.result}
        record(request, "ask", by=by, at=at, after=RequestState.FILED, basis="R-130", facts=told)
        setting.set_workdays(ANSWER, request, workdays=_days("appeal.answer_workdays", at), at=at)
        letters.tell_received(request, at)
    return request


def reasons_against_asking(subject: models.Model, *, by: Actor, at: dt.datetime) -> list[Reason]:
    """Return why ``by`` cannot ask for a review of ``subject`` at ``at``; an empty list where nothing is against it."""
    outcome = matter_of(subject).outcome(subject)
    if outcome is None:
        text = _("现在没有可以申请复查的结果：只有审核不通过、视为放弃、不予推荐、评审未通过和不予承认可以申请复查。")
        return [Reason(text, "R-130", "nothing_to_review")]
    if not by.acts_personally or by.person is None or by.person.pk != matter_of(subject).person(subject).pk:
        return [Reason(_("复查申请由申报人本人提出。"), "R-130", "not_own")]
    return [*_against_the_time(outcome, at), *_against_asking_again(subject, outcome)]


def _against_the_time(outcome: Outcome, at: dt.datetime) -> list[Reason]:
    term = time_to_ask(outcome.at)
    if at < term.ends_at:
        return []
    known = {"told": clock.day_of(outcome.at).isoformat(), "last": term.last_day.isoformat(), "days": term.workdays}
    text = _(
        "申请复查的期限已过：结果于%(told)s告知，%(days)s个工作日至%(last)s 24:00止。仍可随时向市人力资源社会保障局投诉（电话12333）。"
    )
    return [Reason(text % known, "A-24", "too_late")]


def _against_asking_again(subject: models.Model, outcome: Outcome) -> list[Reason]:
    known = (
        ReviewRequest.objects.about(subject).filter(told_at=outcome.at).exclude(state=RequestState.WITHDRAWN).first()
    )
    if known is None:
        return []
    return [Reason(_("这一结果已经申请过复查，编号%(code)s。") % {"code": known.code}, "A-24", "asked_already")]


def _against_the_words(facts: str) -> list[Reason]:
    if len(facts.strip()) >= FEWEST_SIGNS:
        return []
    text = _("请写明哪个程序或者事实有误，至少%(fewest)s个字。") % {"fewest": FEWEST_SIGNS}
    return [Reason(text, "A-24", "facts_too_short", "facts")]


def _received(subject: models.Model, facts: str, evidence: StoredFile | None, at: dt.datetime) -> ReviewRequest:
    matter = matter_of(subject)
    outcome = matter.outcome(subject)
    assert outcome is not None  # noqa: S101 - reasons_against_asking has just said so
    handler = matter.handler(subject) or the_bureau()
    return ReviewRequest.objects.create(
        subject=subject,
        person=matter.person(subject),
        result=outcome.result,
        told_at=outcome.at,
        reason=outcome.reason,
        facts=facts.strip(),
        evidence=evidence,
        filed_at=at,
        first_handler=handler,
        handler=handler,
    )


def _days(key: str, at: dt.datetime) -> int:
    return policy_in_force(clock.day_of(at)).number(key)
