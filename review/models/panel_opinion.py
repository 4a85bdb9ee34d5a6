"""What the panel leaves behind: each expert's opinion, who kept out of it, and which files may be shown blind."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.documents.models import StoredFile
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review import rules
from review.enums.defending import OpinionState, Relation
from review.guards import defending as guards
from review.models.defence import Defence

LONGEST_TEXT = 3000


class PanelOpinionQuerySet(models.QuerySet["PanelOpinion"]):
    """Opinions by whether they count."""

    def counted(self) -> Self:
        """Return what was handed in by those who sat to the end; of a hearing that was broken off nothing else remains."""
        return self.filter(state=OpinionState.HANDED_IN, defence__slot__sittings__expert=F("expert"))


@state_machine
class PanelOpinion(Coded, Dated):
    """One expert's questions, scores and written opinion about one defence.

    ``scores`` maps the number of a criterion of the committee's guide to the points given. ``version`` grows with
    every saving, so that two windows cannot overwrite each other.
    """

    CODE_PREFIX: ClassVar[str] = "YJ"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = (
        "defence__application__entry__committee",
        "defence__slot",
    )

    defence = models.ForeignKey(Defence, on_delete=models.PROTECT, related_name="opinions")
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("专家"))
    state = StateField(_("状态"), default=OpinionState.DRAFT, choices=OpinionState)
    questions = models.TextField(_("提问和回答情况"), max_length=LONGEST_TEXT, blank=True)
    scores = models.JSONField(_("评分"), default=dict, blank=True)
    opinion = models.TextField(_("书面意见"), max_length=LONGEST_TEXT, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("保存时间"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    objects = PanelOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("评议组专家意见")
        constraints = [models.UniqueConstraint(name="one_opinion_an_expert", fields=["defence", "expert"])]
        triggers = [
            pgtrigger.Protect(name="opinions_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="opinions_handed_in_are_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=OpinionState.HANDED_IN),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=OpinionState.DRAFT,
        target=OpinionState.HANDED_IN,
        who=rules.wrote_it,
        label=_("提交意见"),
        basis="R-110",
        guards=[
            guards.hearing_has_begun,
            guards.expert_not_recused,
            guards.every_criterion_scored,
            guards.opinion_written,
        ],
        caution=True,
    )
    def hand_in(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The expert answers for it; it cannot be changed any more."""
        self.handed_in_at = at


class Recusal(Dated):
    """That an expert keeps out of one person's case, declared by the expert, ordered by the agency, or found (A-48)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    expert = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(_("关系"), max_length=20, choices=Relation)
    remark = models.CharField(_("说明"), max_length=300, blank=True)
    declared_at = models.DateTimeField(_("时间"))
    is_own = models.BooleanField(_("专家本人提出"), default=False)

    class Meta:
        verbose_name = _("回避")
        constraints = [models.UniqueConstraint(name="one_recusal_an_expert", fields=["application", "expert"])]

    def __str__(self) -> str:
        return f"{self.expert_id}×{self.application_id}"


class BlindFile(Coded, Dated):
    """A file of evidence in which somebody of the agency looked and found neither the person nor the employer."""

    CODE_PREFIX: ClassVar[str] = "DM"

    defence = models.ForeignKey(Defence, on_delete=models.PROTECT, related_name="blind_files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("核对时间"))

    class Meta:
        verbose_name = _("可盲评的证明材料")
        constraints = [models.UniqueConstraint(name="one_blind_mark_a_file", fields=["defence", "file"])]

    def __str__(self) -> str:
        return self.code
