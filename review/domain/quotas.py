"""Quotas for targeted titles: set by two of the bureau, used by accepted results, left to whoever more members agreed to.

A quota is kept per district, series and year (R-226). Results beyond it are ranked by agreeing votes, then by score, and
wait; of those who cannot be told apart at the last place nobody is accepted before the quota is raised (A-50).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.districts import District
from portal.catalogue.enums import Channel
from portal.catalogue.models import Series
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from portal.workflow.carry_out import locked
from review.domain import score_summaries
from review.enums.accepting import CaseState
from review.enums.quotas import QuotaState
from review.enums.sitting import ItemState
from review.guards.quotas import FEWEST_SIGNS
from review.models import AcceptedCase, AgendaItem, TargetedQuota


class Key(NamedTuple):
    """Whose quota it is: the code of a district, the key of a series, a year."""

    district: str
    series: int
    year: int


@dataclass(frozen=True)
class Standing:
    """One quota in force with how many of it accepted results use."""

    quota: TargetedQuota
    used: int

    @property
    def left(self) -> int:
        """How many more may be accepted; never below zero."""
        return max(0, self.quota.total - self.used)


# --- The register -----------------------------------------------------------------------------
@transaction.atomic
def propose(
    district: str,
    series: Series,
    year: int,
    *,
    total: int,
    ground: str,
    by: Actor,
    at: dt.datetime,
    key: str | None = None,
) -> TargetedQuota:
    """Propose a quota, or another number for it, to a lead; raises Refusal with every reason against."""
    assert by.person is not None  # noqa: S101 - the desk is for staff only
    of = Key(district, series.pk, year)
    reasons = list(_against(of, total, ground))
    if reasons:
        raise Refusal(reasons)
    try:
        with transaction.atomic():
            quota = TargetedQuota.objects.create(
                district=district,
                series=series,
                year=year,
                total=total,
                ground=ground.strip(),
                proposed_by=by.person,
                proposed_at=at,
            )
    except IntegrityError:
        text = _("该区该系列该年度已有一项名额等待批准。")
        raise Refusal([Reason(text, "R-226", "quota_waits")]) from None
    facts = {"district": district, "series": series.code, "year": year, "total": total}
    record(quota, "propose", by=by, at=at, after=quota.state, basis="R-226", facts=facts, key=key or "")
    return quota


@transaction.atomic
def approve(quota: TargetedQuota, *, by: Actor, at: dt.datetime, key: str | None = None) -> TargetedQuota:
    """Agree as another one; the version that was in force is replaced. Raises StepRefused for less than is used."""
    of = key_of_quota(quota)
    earlier = hold([of])
    row = locked(quota)
    if row.state == QuotaState.PROPOSED:
        for one in earlier:
            carry_out(one, "replace", by=SYSTEM, at=at)
    return carry_out(row, "approve", by=by, at=at, key=key, used=used([of])[of])


@transaction.atomic
def decline(quota: TargetedQuota, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> TargetedQuota:
    """Do not agree; what was in force stays."""
    return carry_out(quota, "decline", by=by, at=at, key=key, reason=reason)


def standings(quotas: Sequence[TargetedQuota]) -> list[Standing]:
    """Return the quotas with how many of each are used; one query."""
    counted = used([key_of_quota(one) for one in quotas])
    return [Standing(one, counted[key_of_quota(one)]) for one in quotas]


def to_decide(actor: Actor) -> QuerySet[TargetedQuota]:
    """Return what waits for a lead who did not propose it."""
    waiting = TargetedQuota.objects.at(actor).filter(state=QuotaState.PROPOSED)
    return waiting.exclude(proposed_by=actor.person)


def used(keys: Collection[Key]) -> dict[Key, int]:
    """Return how many accepted results use each quota: passed, accepted, and not ended since; one query."""
    names, counted = _names(), dict.fromkeys(keys, 0)
    rows = AcceptedCase.objects.filter(
        state=CaseState.ACCEPTED,
        is_pass=True,
        application__channel=Channel.TARGETED,
        application__year__in={one.year for one in keys},
    )
    grouped = rows.order_by().values_list(
        "district_limited", "application__entry__specialty__series", "application__year"
    )
    for name, series, year, number in grouped.annotate(Count("pk")):
        of = Key(names.get(name, ""), series, year)
        if of in counted:
            counted[of] += number
    return counted


def hold(keys: Iterable[Key]) -> list[TargetedQuota]:
    """Lock the quotas in force with these keys: of two who accept at once the second sees what the first used."""
    wanted = set(keys)
    if not wanted:
        return []
    rows = TargetedQuota.objects.in_force().filter(year__in={one.year for one in wanted}).order_by("pk")
    chosen = [one.pk for one in rows if key_of_quota(one) in wanted]
    return list(TargetedQuota.objects.filter(pk__in=chosen).order_by("pk").select_for_update(of=("self",)))


def key_of_quota(quota: TargetedQuota) -> Key:
    """Return whose quota it is."""
    return Key(quota.district, quota.series_id, quota.year)


# --- What the checks of a batch ask ------------------------------------------------------------
def keys_of(items: Iterable[AgendaItem]) -> dict[int, Key]:
    """Return whose quota each targeted pass uses, by case; the district is that of the recommending employer."""
    found = {}
    for item in items:
        application, employer = item.application, item.application.employer
        if application.channel == Channel.TARGETED and item.state == ItemState.DECIDED_PASS:
            district = employer.district if employer else ""
            found[item.pk] = Key(district, application.entry.specialty.series_id, application.year)
    return found


def against(items: Sequence[AgendaItem]) -> dict[int, str]:
    """Return in words, by case, why a targeted pass finds no place in its quota; must be called in the office's language."""
    keys = keys_of(items)
    if not keys:
        return {}
    rows = TargetedQuota.objects.in_force().filter(year__in={one.year for one in keys.values()})
    totals = {key_of_quota(one): one.total for one in rows}
    granted = AcceptedCase.objects.filter(item__in=list(keys), state=CaseState.ACCEPTED)
    has_place, taken = set(granted.values_list("item", flat=True)), used(set(keys.values()))
    waiting: dict[Key, list[AgendaItem]] = defaultdict(list)
    for item in items:
        if item.pk in keys and item.pk not in has_place:
            waiting[keys[item.pk]].append(item)
    found: dict[int, str] = {}
    for of, those in waiting.items():
        found |= _unregistered(those) if of not in totals else _beyond(those, totals[of], taken[of])
    return found


def _unregistered(items: Iterable[AgendaItem]) -> dict[int, str]:
    text = _("该区该系列该年度的定向评价名额没有登记，请先登记名额，或者暂缓验收。")
    return {one.pk: text for one in items}


def _beyond(items: Sequence[AgendaItem], total: int, taken: int) -> dict[int, str]:
    """Return those for whom no place is left, the best first to be served; equals at the last place all wait."""
    left = max(0, total - taken)
    if len(items) <= left:
        return {}
    rank = _ranks(items)
    words = {"total": total, "used": taken, "left": left}
    text = _("名额%(total)s个，已用%(used)s个，剩余%(left)s个；按同意票数、评分排序，本人不在剩余名额内，请暂缓验收。")
    found = {}
    for one in items:
        ahead_or_equal = sum(1 for other in items if rank[other.pk] >= rank[one.pk])
        if ahead_or_equal > left:
            found[one.pk] = text % words
    return found


def _ranks(items: Sequence[AgendaItem]) -> dict[int, tuple[int, Decimal]]:
    """Return agreeing votes and score by case; the score is looked up only where votes alone do not decide."""
    votes = [int(one.agree or 0) for one in items]
    return {
        one.pk: (agree, _score(one) if votes.count(agree) > 1 else Decimal(0))
        for one, agree in zip(items, votes, strict=True)
    }


def _score(item: AgendaItem) -> Decimal:
    numbers = score_summaries.summary_of(item).numbers
    return numbers.mean if numbers is not None else Decimal(0)


@in_office_language
def _names() -> dict[str, str]:
    """Return the codes of the districts by the names that results carry."""
    return {str(District(code).label): code for code in District.values}


def _against(of: Key, total: int, ground: str) -> Iterable[Reason]:
    if len(ground.strip()) < FEWEST_SIGNS:
        yield Reason(_("请写明下达名额的依据，至少10个字。"), "R-226", "ground_given", field="ground")
    taken = used([of])[of]
    if total < taken:
        text = _("名额不能少于已经使用的%(used)s个。") % {"used": taken}
        yield Reason(text, "R-226", "covers_what_was_granted", field="total")
    now = TargetedQuota.objects.in_force().filter(district=of.district, series=of.series, year=of.year).first()
    if now is not None and now.total == total:
        yield Reason(_("与执行中的名额相同。"), "R-226", "nothing_changes", field="total")
