"""Points that follow from another record by the policy's rule: the employer's part and the panel's (R-045, R-110).

Everything is reckoned in whole numbers and fractions and kept to one decimal place, half a tenth upwards. Where there is
nothing to reckon from there are no points, and the line counts on neither side.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Recommendation
from applications.sections import Assessed, ItemKind
from portal.catalogue.enums import Indicator
from portal.catalogue.models import Criterion, PolicyVersion
from portal.shared.phrases import joined
from review.enums.scoring import LineSource

WHOLE = 100
SOURCES = {Indicator.EMPLOYER_ASSESSMENT: LineSource.EMPLOYER, Indicator.DEFENCE: LineSource.PANEL}


@dataclass(frozen=True)
class Found:
    """Points that a rule found, or None, and in words what they come from."""

    points: Decimal | None
    origin: str


def source_of(criterion: Criterion) -> LineSource:
    """Return who gives the points of a line."""
    return SOURCES.get(Indicator(criterion.indicator), LineSource.MEMBER)


def tenths(value: Fraction) -> Decimal:
    """Return a value that is not negative to one decimal place, half a tenth upwards."""
    return Decimal(int(value * 10 + Fraction(1, 2))).scaleb(-1)


def found_for(application: Application, criterion: Criterion, policy: PolicyVersion) -> Found:
    """Return the points of a line that no member gives; raises KeyError for one that members do."""
    reckon = {LineSource.EMPLOYER: _of_employer, LineSource.PANEL: _of_panel}[source_of(criterion)]
    return reckon(application, criterion, policy)


def graded_years(content: Mapping[str, Any], years: int) -> list[tuple[int, Assessed]]:
    """Return the newest ``years`` years with a grade, newest first, from the content that the employer recommended.

    A year without assessment does not count; of two grades in one year the lower one does.
    """
    worst_last = list(Assessed)
    grades: dict[int, Assessed] = {}
    for one in content.get("items", []):
        if one["kind"] != ItemKind.ASSESSMENT or one["content"].get("result") in {None, Assessed.NONE}:
            continue
        year, grade = int(one["content"].get("year") or 0), Assessed(one["content"]["result"])
        grades[year] = max(grade, grades.get(year, grade), key=worst_last.index)
    return sorted(grades.items(), reverse=True)[:years]


def _of_employer(application: Application, criterion: Criterion, policy: PolicyVersion) -> Found:
    """The grades by the policy's table, together with the signed recommendation by its share (R-045)."""
    signed = Recommendation.objects.filter(application=application).exclude(signed_at=None)
    recommendation = signed.select_related("snapshot", "organisation").first()
    if recommendation is None or recommendation.snapshot is None:
        return Found(None, _("没有已签署的推荐意见，本项不计入。"))
    grades = graded_years(recommendation.snapshot.content, policy.number("scoring.assessment_years"))
    if not grades:
        return Found(None, _("没有可以折算的年度考核结果，本项不计入。"))
    percents = [policy.number(f"scoring.assessment_{grade}") for _year, grade in grades]
    share = policy.number("scoring.recommendation_share")
    reached = share * WHOLE + (WHOLE - share) * Fraction(sum(percents), len(percents))
    years = [
        _("%(year)s年%(grade)s折算%(percent)s%%") % {"year": year, "grade": grade.label, "percent": percent}
        for (year, grade), percent in zip(grades, percents, strict=True)
    ]
    words = _("%(organisation)s已签署推荐，占%(share)s%%；年度考核%(years)s，取平均，占%(rest)s%%。") % {
        "organisation": recommendation.organisation.name,
        "share": share,
        "years": joined(years),
        "rest": WHOLE - share,
    }
    return Found(tenths(criterion.max_score * reached / WHOLE**2), words)


def _of_panel(application: Application, criterion: Criterion, policy: PolicyVersion) -> Found:
    """The mean of what the panel's experts gave of all that they could give; experts stay unnamed."""
    scored = {str(one.order): one.max_score for one in criterion.guide.criteria.scored_by_people()}
    defence = getattr(application, "defence", None)
    given = defence.opinions.counted().values_list("scores", flat=True) if defence else []
    whole = [one for one in given if scored.keys() <= one.keys()]
    if not whole or not scored:
        return Found(None, _("没有答辩评议的评分，本项不计入。"))
    reached = Fraction(sum(one[order] for one in whole for order in scored), len(whole) * sum(scored.values()))
    words = _("答辩评议组%(number)s名专家评分的平均，得满分的%(percent)s%%。") % {
        "number": len(whole),
        "percent": tenths(reached * WHOLE),
    }
    return Found(tenths(criterion.max_score * reached), words)
