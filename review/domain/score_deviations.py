"""How far each member's scores lay from the room's over a whole session: watched, never a sanction by itself (R-116, R-164)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef

from portal.catalogue.queries import policy_of
from review.domain.quantifying import WHOLE, tenths
from review.enums.scoring import SheetState
from review.enums.sitting import DECIDED
from review.models import CommitteeSession, ItemRecusal, ScoreLine


def deviations_of(session: CommitteeSession) -> dict[int, Decimal]:
    """Return by the member's key the mean distance of their totals from each case's mean, of a hundred points.

    Only decided cases with enough sheets count, and only members with as many such cases: no single score follows
    from the number, which the office sees.
    """
    least = policy_of(session.policy_code).number("scoring.least_sheets")
    distances: dict[int, list[Fraction]] = defaultdict(list)
    for totals in _totals_by_case(session):
        if len(totals) < least:
            continue
        mean = sum(totals.values(), Fraction()) / len(totals)
        for member, total in totals.items():
            distances[member].append(abs(total - mean))
    return {
        member: tenths(sum(found, Fraction()) / len(found))
        for member, found in distances.items()
        if len(found) >= least
    }


def _totals_by_case(session: CommitteeSession) -> Iterable[dict[int, Fraction]]:
    """Return of each decided case the totals by member, without sheets of whoever kept out in the end; one query."""
    kept_out = ItemRecusal.objects.filter(item=OuterRef("sheet__item"), member=OuterRef("sheet__member"))
    lines = ScoreLine.objects.filter(
        ~Exists(kept_out),
        sheet__item__session=session,
        sheet__item__state__in=DECIDED,
        sheet__state=SheetState.HANDED_IN,
        points__isnull=False,
    )
    reached: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
    most: dict[tuple[int, int], int] = defaultdict(int)
    for item, member, given, greatest in lines.values_list("sheet__item", "sheet__member", "points", "most"):
        reached[item, member] += Fraction(given or 0)
        most[item, member] += greatest
    cases: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for (item, member), total in reached.items():
        cases[item][member] = WHOLE * total / most[item, member]
    return cases.values()
