"""Encrypted ballots are deleted once nobody can appeal any more: what is not there no later computer decrypts.

Kept are totals, proofs, keys and the encrypted sum, with which the scrutineers' parts still show that the totals are its
content; a hash of the published record serves whoever kept a copy of it.
"""

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications.enums import VOTED, Hold
from portal.accounts.actors import SYSTEM
from portal.catalogue.queries import policy_in_force
from portal.deadlines import setting
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.office import in_office_language
from review.domain import upheld_reviews, voting, voting_record
from review.domain.holding_session import held, moved
from review.enums.accepting import CaseState
from review.enums.voting import BALLOTS_KEPT
from review.models import AgendaItem, Ballot, CommitteeSession, KeptSum

INSTANCES = 2  # a review by the agency and a second one by the bureau
BASIS = "A-24"


def keep_until_appeals_end(session: CommitteeSession, at: dt.datetime) -> None:
    """Let the ballots of a session go when the time for appeals is over, counted from what was told last at ``at``.

    Both instances with their longest answers are waited for. Must stand in the transaction of what was told.
    """
    if not _ballots(session).exists():
        return
    policy = policy_in_force(clock.day_of(at))
    names = ("appeal.file_workdays", "appeal.answer_workdays", "appeal.extension_workdays")
    setting.lift(BALLOTS_KEPT, session, at=at)
    setting.set_workdays(BALLOTS_KEPT, session, workdays=INSTANCES * sum(map(policy.number, names)), at=at)


@in_office_language
def appeals_are_over(session: CommitteeSession, at: dt.datetime) -> None:
    """Delete the ballots; where somebody's result is still open they are kept for one more answer."""
    with transaction.atomic():
        row = held(session)
        if _is_open(row):
            days = policy_in_force(clock.day_of(at)).number("appeal.answer_workdays")
            setting.set_workdays(BALLOTS_KEPT, row, workdays=days, at=at)
            return
        _delete(row, at)


def _is_open(session: CommitteeSession) -> bool:
    """Say whether somebody of the session is looked into, was not told the outcome yet, or waits for a review of it."""
    looked_into = ~Q(application__hold=Hold.NONE) | Q(accepted_case__state__in=[CaseState.REPORTED, CaseState.HELD])
    untold = Q(application__state__in=sorted(VOTED))
    reviewed = upheld_reviews.is_open_about("application")
    return session.items.filter(looked_into | untold | reviewed, roll__ballot__isnull=False).exists()


def _delete(session: CommitteeSession, at: dt.datetime) -> None:
    items = session.items.filter(roll__ballot__isnull=False, kept_sum=None).distinct().order_by("order")
    sums = [_sum_of(item, at) for item in items.select_related("session", "application")]
    if not sums:
        return
    KeptSum.objects.bulk_create(sums)
    number, _by_model = _ballots(session).delete()
    facts = {"ballots": number, "digests": {one.item.code: one.digest for one in sums}}
    note = _("申请复查和申诉的期限已过，删除加密选票，保留票数、证明和密文之和。")
    record(session, "delete_ballots", by=SYSTEM, at=at, note=note, basis=BASIS, facts=facts)
    moved(session)


def _sum_of(item: AgendaItem, at: dt.datetime) -> KeptSum:
    cast = len(voting.ballots_of(item))
    return KeptSum(item=item, votes=bytes(voting.sum_of(item)), cast=cast, digest=digest_of(item), deleted_at=at)


def digest_of(item: AgendaItem) -> str:
    """Return the SHA-256 of the case's part of the record in canonical JSON: sorted keys, no blanks, UTF-8."""
    told = voting_record.item_record(item)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _ballots(session: CommitteeSession) -> QuerySet[Ballot]:
    return Ballot.objects.filter(voter__item__session=session)
