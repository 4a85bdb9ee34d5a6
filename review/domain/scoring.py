"""A member's score sheet while it is filled in: saved again and again, handed in once, before the vote (R-044, R-045).

Scores prepare the discussion. Nothing that decides a case reads them, and nobody but the member ever sees them.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.enums import GuideState, Heading
from portal.catalogue.models import Criterion, Guide
from portal.catalogue.queries import policy_of
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out
from review import rules
from review.domain import quantifying
from review.domain.holding_session import held_item, moved
from review.enums.scoring import LineSource, SheetState
from review.enums.sitting import BEFORE_VOTE
from review.models import AgendaItem, ScoreLine, ScoreSheet, SessionMember

STANDING = frozenset({GuideState.PUBLISHED, GuideState.ARCHIVED})


@dataclass(frozen=True)
class Line:
    """One line as its member sees it: ``points`` are None while not given, or where a rule found nothing."""

    criterion: Criterion
    source: LineSource
    points: Decimal | None
    origin: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the member gives the points."""
        return self.source == LineSource.MEMBER


def standard_of(item: AgendaItem) -> Guide | None:
    """Return the guide by which the case is scored: published before the year began and fixed since (R-039).

    None where nothing was published, or nothing of it is for members to score.
    """
    guide: Guide | None = getattr(item.application.entry.committee, "guide", None)
    if guide is None or guide.state not in STANDING or not guide.criteria.scored_by_people().exists():
        return None
    return guide


def scorer_of(item: AgendaItem, by: Actor) -> SessionMember | None:
    """Return the seat from which the actor may score the case: sworn to secrecy and without relation to it (A-48)."""
    member: SessionMember | None = rules.seat_of(by, item.session)
    if member is None or member.promised_at is None or item.recusals.filter(member=member).exists():
        return None
    return member


def sheet_of(item: AgendaItem, member: SessionMember, guide: Guide) -> ScoreSheet:
    """Return the member's sheet as it stands; an unsaved empty one before the first score."""
    found = ScoreSheet.objects.filter(item=item, member=member).select_related("guide").first()
    return found or ScoreSheet(item=item, member=member, guide=guide)


def lines_of(sheet: ScoreSheet) -> list[Line]:
    """Return the lines of the standard with the member's points and those that a rule finds, in the standard's order."""
    given = dict(sheet.lines.values_list("criterion", "points")) if sheet.pk else {}
    policy, application = policy_of(sheet.policy_code), sheet.item.application
    lines = []
    for criterion in sheet.guide.criteria.scored().select_related("guide").order_by("order"):
        source = quantifying.source_of(criterion)
        if source == LineSource.MEMBER:
            lines.append(Line(criterion, source, given.get(criterion.pk)))
            continue
        found = quantifying.found_for(application, criterion, policy)
        lines.append(Line(criterion, source, given.get(criterion.pk, found.points), found.origin))
    return lines


def total_of(lines: Sequence[Line]) -> Decimal:
    """Return the points of the lines that count, of a hundred for the whole standard."""
    counted = [one for one in lines if one.points is not None]
    reached = sum((Fraction(one.points) for one in counted if one.points is not None), Fraction())
    return quantifying.tenths(quantifying.WHOLE * reached / sum(one.criterion.max_score for one in counted))


def by_heading(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Return the lines under the three headings (R-014), without a heading that has none."""
    groups = [(str(one.label), [line for line in lines if line.criterion.heading == one]) for one in Heading]
    return [(label, found) for label, found in groups if found]


def save(item: AgendaItem, points: Mapping[str, Any], *, based_on: int, by: Actor, at: dt.datetime) -> ScoreSheet:
    """Store the member's ``points`` by the criterion's number; None takes them back. Saving the same twice changes nothing.

    Raises Refusal with the code ``changed_elsewhere`` where another window saved since ``based_on``, ``sheet_fixed``
    once handed in, ``scoring_closed`` once the vote is open, and beside each value that its line does not allow.
    """
    member, guide = _scoring(item, by)
    fresh = _cleaned(guide, points)
    with transaction.atomic():
        sheet, is_new = ScoreSheet.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            item=item, member=member, defaults={"guide": guide}
        )
        if is_new:
            record(sheet, "begin", by=by, at=at, after=sheet.state, basis="R-044", facts={"item": item.code})
        if sheet.state != SheetState.DRAFT:
            raise Refusal([Reason(_("评分表已经提交，不能再修改。"), "R-044", "sheet_fixed")])
        stored = {one.criterion_id: one.points for one in sheet.lines.filter(source=LineSource.MEMBER)}
        wanted = {key: value for key, (_line, value) in fresh.items() if value is not None}
        if stored == {**{key: value for key, value in stored.items() if key not in fresh}, **wanted}:
            return sheet
        if sheet.version != based_on:
            text = _("评分表已在另一个窗口修改，本页内容没有保存。请刷新页面后继续。")
            raise Refusal([Reason(text, "R-044", "changed_elsewhere")])
        sheet.lines.filter(criterion__in=fresh).delete()
        ScoreLine.objects.bulk_create(
            ScoreLine(sheet=sheet, criterion=line, points=value, most=line.max_score)
            for line, value in fresh.values()
            if value is not None
        )
        sheet.version, sheet.saved_at = sheet.version + 1, at
        sheet.save()
        return sheet


def hand_in(item: AgendaItem, *, by: Actor, at: dt.datetime, key: str | None = None) -> ScoreSheet:
    """Hand the member's sheet in; it is fixed from now on, with what the rules found for the other lines.

    The ledger says that it was handed in and no score of it. Raises StepRefused with everything that is missing.
    """
    with transaction.atomic():
        row = held_item(item)
        member = rules.seat_of(by, row.session)
        if member is None:
            raise StepNotPermitted("hand_in", [Reason(_("您不评议该事项。"), "A-48", "step_not_permitted")])
        sheet = ScoreSheet.objects.filter(item=row, member=member).select_related("guide").first()
        if sheet is None:
            raise Refusal([Reason(_("请先评分。"), "R-044", "every_line_scored")])
        if sheet.state == SheetState.DRAFT:
            _write_found(sheet)
        done = carry_out(sheet, "hand_in", by=by, at=at, key=key)
        if sheet.state == SheetState.DRAFT:
            moved(row.session)
        return done


def _write_found(sheet: ScoreSheet) -> None:
    """Write the lines that no member gives; they stand or fall with the step in whose transaction this is."""
    ScoreLine.objects.bulk_create(
        ScoreLine(
            sheet=sheet, criterion=one.criterion, source=one.source, points=one.points, most=one.criterion.max_score
        )
        for one in lines_of(sheet)
        if not one.is_own
    )


def _scoring(item: AgendaItem, by: Actor) -> tuple[SessionMember, Guide]:
    member, guide = scorer_of(item, by), standard_of(item)
    if member is None:
        raise StepNotPermitted("score", [Reason(_("您不评议该事项。"), "A-48", "step_not_permitted")])
    if guide is None:
        raise Refusal([Reason(_("评审委员会没有公布评价标准，该事项不评分。"), "R-039", "no_standard")])
    if item.state not in BEFORE_VOTE:
        raise Refusal([Reason(_("该事项已经开始投票或者已有结果，不能再评分。"), "R-111", "scoring_closed")])
    return member, guide


def _cleaned(guide: Guide, points: Mapping[str, Any]) -> dict[int, tuple[Criterion, int | None]]:
    fresh: dict[int, tuple[Criterion, int | None]] = {}
    reasons = []
    for criterion in guide.criteria.scored_by_people().order_by("order"):
        number = str(criterion.order)
        if number not in points:
            continue
        value = points[number]
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (is_whole and 0 <= value <= criterion.max_score):
            text = _("请填写0到%(most)s之间的整数。") % {"most": criterion.max_score}
            reasons.append(Reason(text, "R-044", "points_out_of_range", f"points_{number}"))
        fresh[criterion.pk] = (criterion, value)
    known = {str(criterion.order) for criterion, _value in fresh.values()}
    if set(points) - known:
        reasons.append(Reason(_("有的项目不由委员评分。"), "R-045", "not_a_members_line"))
    if reasons:
        raise Refusal(reasons)
    return fresh
