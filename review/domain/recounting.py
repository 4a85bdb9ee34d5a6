"""The ballots of a reported session counted again before its results are accepted: keys, signatures, proofs and sums (R-148).

Counting takes about 2 ms a ballot, so it is done once: with the report where few voted, else by a worker in portions. What was
found is kept with the digest of the record that was counted; the checks compare digests, so that a later change shows.
"""

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.record import SessionRecord
from portal.ballot.recounting import ceremony_in, recount
from portal.shared import clock
from review.domain import voting_record
from review.enums.accepting import UNDECIDED
from review.models import AgendaItem, Ballot, CommitteeSession, Recount

# Ballots that are counted while the agency waits for its report: half a second.
AT_ONCE = 250
# Cases in one transaction of a worker: with the largest committee about two seconds.
PORTION = 20

WORDS: dict[str, str | Promise] = {
    Fault.SIGNATURE: _("有选票的签名与登记的表决密钥不符。"),
    Fault.PROOF: _("有选票不能证明是一张有效选票。"),
    Fault.ROLL: _("选票与投票名册不符。"),
    Fault.PARTIAL: _("监票人的开票分量与全部选票之和不符。"),
    Fault.THRESHOLD: _("开票的监票人不足两名。"),
    Fault.TOTALS: _("全部选票之和不能还原为票数。"),
    Fault.OUTCOME: _("根据选票重新计算的票数或者结果与记录不一致。"),
    Fault.POSSESSION: _("监票人的表决密钥未通过校验。"),
    Fault.CONFIRMATION: _("监票人的表决密钥未通过校验。"),
}
UNREADABLE = _("表决记录的数据格式不正确。")


def waiting() -> QuerySet[AgendaItem]:
    """Return the cases of undecided batches that were decided on devices and never counted again."""
    reported = AgendaItem.objects.decided_on_devices().filter(session__acceptance__state__in=sorted(UNDECIDED))
    return reported.filter(recounts=None, kept_sum=None)


def count_few(session: CommitteeSession, at: dt.datetime) -> None:
    """Count a small session again at once; of a large one whatever was not counted yet waits for a worker."""
    items = list(session.items.decided_on_devices().filter(kept_sum=None).order_by("order"))
    if Ballot.objects.filter(voter__item__in=items).count() <= AT_ONCE:
        count(session, items, at)


def count(session: CommitteeSession, items: Sequence[AgendaItem], at: dt.datetime) -> None:
    """Count cases of one session again and keep what was found; a record that was counted before is not counted twice."""
    record = read(session, items)
    digests = digests_of(record, items)
    known = set(Recount.objects.filter(item__in=items).values_list("item", "digest"))
    fresh = [one for one in items if (one.pk, digests[one.pk]) not in known]
    faults = _faults(record, fresh)
    numbers = dict(
        Ballot.objects.filter(voter__item__in=fresh).values_list("voter__item").annotate(Count("pk")).order_by()
    )
    Recount.objects.bulk_create(
        (
            Recount(
                item=one,
                digest=digests[one.pk],
                ballots=numbers.get(one.pk, 0),
                fault=faults[one.code],
                counted_at=at,
            )
            for one in fresh
        ),
        ignore_conflicts=True,
    )


def work_off(*, seconds: float, now: Callable[[], dt.datetime] = clock.now) -> int:
    """Count waiting cases again in portions for about ``seconds``; return how many. Any number may run at once."""
    done, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        with transaction.atomic():
            items = _claim()
            if not items:
                break
            count(items[0].session, items, now())
        done += len(items)
    return done


def read(session: CommitteeSession, items: Sequence[AgendaItem]) -> SessionRecord | None:
    """Return the record of cases that is counted; None where there is no key, or none that can be read."""
    try:
        return voting_record.whole_of(session, items)
    except BallotRefused:
        return None


def digests_of(record: SessionRecord | None, items: Iterable[AgendaItem]) -> dict[int, str]:
    """Return by case the SHA-256 of all that its count rests on: keys without names, roll, ballots, parts, totals."""
    if record is None:
        return {one.pk: "" for one in items}
    told = {
        "protocol": record["protocol"],
        "session": record["session"],
        "joint_key": record["ceremony"]["joint_key"],
        "scrutineers": [[one["announcement"], one["confirmation"]] for one in record["ceremony"]["scrutineers"]],
        "members": sorted(one["key"] for one in record["members"]),
    }
    shared, of_item = _digest(told), {one["item"]: one for one in record["items"]}
    return {one.pk: _digest([shared, of_item[one.code]]) for one in items}


def words_for(fault: str) -> str:
    """Return in words what a recount found."""
    return str(WORDS.get(fault, UNREADABLE))


def _claim() -> list[AgendaItem]:
    """Return the next portion of one session, locked against others who count."""
    free = waiting().select_for_update(of=("self",), skip_locked=True).select_related("session")
    first = free.order_by("session", "order").first()
    if first is None:
        return []
    return list(free.filter(session=first.session_id).order_by("order")[:PORTION])


def _faults(record: SessionRecord | None, items: Iterable[AgendaItem]) -> dict[str, str]:
    """Return by code the first fault of each case, an empty text for a sound one."""
    wanted = {one.code for one in items}
    if record is None:
        return dict.fromkeys(wanted, str(Fault.POSSESSION))
    registered = {one["key"] for one in record["members"]}
    faults = dict.fromkeys(wanted, "")
    try:
        ceremony = ceremony_in(record["session"], record["ceremony"])
    except BallotRefused:
        return dict.fromkeys(wanted, str(Fault.CONFIRMATION))
    for told in record["items"]:
        if told["item"] in wanted:
            try:
                recount(ceremony, registered, told)
            except BallotRefused as refused:
                faults[told["item"]] = str(refused.fault)
    return faults


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
