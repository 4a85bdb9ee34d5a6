"""What the sheets of one case say together: their mean, by heading, and whether members differ much (R-044).

A member sees it only after handing in their own sheet, and its numbers only once everybody in the room did or the vote
is open: no score leans on another's, and no sheet can be told from two readings. A flag asks for discussion and nothing
more; the vote alone decides (R-112).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from portal.catalogue.enums import Heading
from portal.catalogue.queries import policy_of
from review.domain.quantifying import WHOLE, tenths
from review.enums.scoring import SheetState
from review.enums.sitting import BEFORE_VOTE
from review.models import AgendaItem, ScoreLine, ScoreSheet, SessionMember


@dataclass(frozen=True)
class HeadingMean:
    """The mean of what the sheets give under one heading, of ``most`` that could be given."""

    heading: Heading
    points: Decimal
    most: int


@dataclass(frozen=True)
class Numbers:
    """The mean and the distance of the highest from the lowest sheet, each of a hundred points for the whole standard."""

    mean: Decimal
    spread: Decimal
    headings: tuple[HeadingMean, ...]


@dataclass(frozen=True)
class Summary:
    """How many sheets count, how many members in the room still owe one, and what the sheets say where it is shown.

    ``is_divergent`` is None with fewer sheets than ``least``, and so are the ``numbers``.
    """

    sheets: int
    awaited: int
    least: int
    threshold: int
    is_divergent: bool | None = None
    numbers: Numbers | None = None


def summary_of(item: AgendaItem) -> Summary:
    """Return the summary of the sheets handed in by members without relation to the case, for its record."""
    policy = policy_of(item.policy_code)
    kept_out = item.recusals.values("member")
    counted = ScoreSheet.objects.filter(item=item, state=SheetState.HANDED_IN).exclude(member__in=kept_out)
    rows = list(counted.values_list("pk", "member"))
    owing = item.session.members.present().exclude(pk__in=kept_out).exclude(pk__in=[member for _pk, member in rows])
    least, threshold = policy.number("scoring.least_sheets"), policy.number("scoring.divergence")
    summary = Summary(len(rows), owing.count(), least, threshold)
    if len(rows) < least:
        return summary
    numbers, spread = _numbers([pk for pk, _member in rows])
    return replace(summary, is_divergent=spread > threshold, numbers=numbers)


def shown_to(item: AgendaItem, member: SessionMember) -> Summary | None:
    """Return what of the summary is for ``member`` now: nothing before their own sheet, numbers only with the last one."""
    own = ScoreSheet.objects.filter(item=item, member=member, state=SheetState.HANDED_IN)
    if not own.exists() or item.recusals.filter(member=member).exists():
        return None
    summary = summary_of(item)
    is_early = item.state in BEFORE_VOTE and summary.awaited > 0
    return replace(summary, numbers=None) if is_early else summary


def _numbers(sheets: list[int]) -> tuple[Numbers, Fraction]:
    lines = ScoreLine.objects.filter(sheet__in=sheets, points__isnull=False)
    points: dict[int, Fraction] = defaultdict(Fraction)
    most: dict[int, int] = defaultdict(int)
    of_heading: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
    for sheet, heading, given, greatest in lines.values_list("sheet", "criterion__heading", "points", "most"):
        points[sheet] += Fraction(given or 0)
        most[sheet] += greatest
        of_heading[heading][0] += Fraction(given or 0)
        of_heading[heading][1] += greatest
    totals = [WHOLE * points[one] / most[one] for one in sheets]
    spread = max(totals) - min(totals)
    headings = tuple(
        HeadingMean(one, tenths(of_heading[one][0] / len(sheets)), int(of_heading[one][1] / len(sheets)))
        for one in Heading
        if one in of_heading
    )
    return Numbers(tenths(sum(totals, Fraction()) / len(totals)), tenths(spread), headings), spread
