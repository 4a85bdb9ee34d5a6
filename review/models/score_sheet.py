"""A member's scores for one case by the committee's standard: material for the discussion, never a vote (R-044, R-045)."""

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.catalogue.models import Criterion, Guide
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.scoring import LineSource, SheetState
from review.guards import scoring as guards
from review.models.agenda_item import AgendaItem
from review.models.session_member import SessionMember


@state_machine
class ScoreSheet(Coded, Dated):
    """The scores of one member for one case, by the guide that its committee published for the year.

    ``version`` grows with every saving, so that two windows cannot overwrite each other.
    """

    CODE_PREFIX: ClassVar[str] = "PF"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = (
        "guide",
        "item__application",
        "member__person",
        "member__session__committee__agency",
    )

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="score_sheets")
    member = models.ForeignKey(SessionMember, on_delete=models.PROTECT, related_name="score_sheets")
    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("状态"), default=SheetState.DRAFT, choices=SheetState)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("保存时间"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("评分表")
        constraints = [
            models.UniqueConstraint(name="one_score_sheet_a_member", fields=["item", "member"]),
            models.CheckConstraint(
                name="handed_in_sheet_has_its_time",
                condition=~Q(state=SheetState.HANDED_IN) | Q(handed_in_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="score_sheets_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="score_sheets_handed_in_are_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=SheetState.HANDED_IN),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def policy_code(self) -> str:
        """The policy version that holds for the application."""
        return self.item.policy_code

    @transition(
        state,
        source=SheetState.DRAFT,
        target=SheetState.HANDED_IN,
        who=rules.scores_by_it,
        label=_("提交评分表"),
        basis="R-044",
        guards=[
            guards.session_is_open,
            guards.member_is_present,
            guards.member_has_no_relation,
            guards.vote_not_open,
            guards.every_line_scored,
        ],
        caution=True,
    )
    def hand_in(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The member stands by the scores; they cannot be changed any more."""
        self.handed_in_at = at


class ScoreLine(models.Model):
    """The points of one line of a sheet; ``most`` is its criterion's maximum, and thereby its weight.

    Members give whole points; what a rule finds is kept to one decimal place, without points where there is nothing to
    find, and then the line counts on neither side. Lines of a sheet handed in stay as they are.
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="lines")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(_("评分来源"), max_length=10, choices=LineSource, default=LineSource.MEMBER)
    points = models.DecimalField(_("得分"), max_digits=5, decimal_places=1, null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("最高分"))

    class Meta:
        verbose_name = _("评分项")
        constraints = [
            models.UniqueConstraint(name="one_line_a_criterion", fields=["sheet", "criterion"]),
            models.CheckConstraint(
                name="points_within_the_line",
                condition=Q(most__gte=1) & (Q(points__isnull=True) | Q(points__gte=0, points__lte=F("most"))),
            ),
            models.CheckConstraint(
                name="a_members_line_has_points", condition=~Q(source=LineSource.MEMBER) | Q(points__isnull=False)
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="lines_fixed_with_their_sheet",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP <> 'INSERT' AND EXISTS (
                        SELECT 1 FROM review_scoresheet WHERE id = OLD.sheet_id AND state <> 'draft'
                    ) OR TG_OP <> 'DELETE' AND EXISTS (
                        SELECT 1 FROM review_scoresheet WHERE id = NEW.sheet_id AND state <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'the lines of a score sheet are fixed once it is handed in';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.criterion_id}"
