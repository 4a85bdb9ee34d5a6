"""The employer's part: checking, publicising, recommending, and checking again after a correction (domain §8.2)."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications import guards, rules
from applications.enums import AWAITING_EMPLOYER, OBJECTED, Recommender, RefusalGround
from applications.enums import RecommendationState as S
from applications.models.application import Application
from applications.models.on_paper import RecommendationOnPaper
from applications.models.reopened import RecommendationReopened
from applications.models.snapshot import Snapshot
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import is_system
from portal.publicity.models import Notice
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Recommendations by reader."""

    def at(self, actor: Actor) -> Self:
        """Return those that the actor's organisation gives."""
        return self.filter(organisation=actor.organisation) if actor.organisation else self.none()

    def awaiting(self) -> Self:
        """Return those with which the organisation has something to do."""
        return self.filter(state__in=AWAITING_EMPLOYER)

    def with_all(self) -> Self:
        """Fetch with each row what every page shows of it."""
        return self.select_related(
            "application__applicant",
            "application__entry__specialty__series",
            "application__entry__level",
            "application__entry__committee__agency",
            "application__entry__schedule",
            "organisation",
            "notice",
        )


@state_machine
class Recommendation(RecommendationOnPaper, RecommendationReopened, Coded, Dated):
    """What the insured employer, or an association, does with one application.

    ``publicised`` is what its last clean notice showed of the person, field by field; new publicity is needed only
    where that changed (A-09). ``snapshot`` is the very content that was recommended. ``after_objection`` gives the next
    notice time of its own, whatever the year's window: after an objection, or a review that was upheld (A-34, A-24).
    """

    CODE_PREFIX: ClassVar[str] = "TJ"

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="recommendation")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("推荐单位")
    )
    kind = models.CharField(_("推荐方式"), max_length=20, choices=Recommender, default=Recommender.EMPLOYER)
    state = StateField(_("状态"), default=S.PENDING, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))
    remark = models.CharField(_("退回意见"), max_length=1000, blank=True)
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("公示")
    )
    publicised = models.JSONField(_("公示内容"), default=dict, blank=True)
    publicised_at = models.DateTimeField(_("公示无异议时间"), null=True, blank=True)
    after_objection = models.BooleanField(_("异议更正后重新公示"), default=False)
    opinion = models.TextField(_("推荐意见"), blank=True)
    assessment = models.CharField(_("考核结果"), max_length=500, blank=True)
    ground = models.CharField(_("不予推荐理由"), max_length=20, choices=RefusalGround, blank=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("签署人")
    )
    signed_at = models.DateTimeField(_("签署时间"), null=True, blank=True)
    signature = models.CharField(_("签署摘要值"), max_length=64, blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位推荐")
        constraints = [
            models.CheckConstraint(
                name="recommended_is_signed",
                condition=~Q(state=S.RECOMMENDED)
                | (Q(signed_at__isnull=False, snapshot__isnull=False) & ~Q(opinion="") & ~Q(signature="")),
            ),
            models.CheckConstraint(
                name="publicising_has_a_notice",
                condition=~Q(state__in=[S.PUBLICISING, S.HELD, S.PUBLICISED]) | Q(notice__isnull=False),
            ),
            models.CheckConstraint(name="refused_has_a_ground", condition=~Q(state=S.REFUSED) | ~Q(ground="")),
        ]
        indexes = [models.Index(name="recommendation_of_unit", fields=["organisation", "state", "state_since"])]

    def __str__(self) -> str:
        return self.code

    def _moved(self, at: dt.datetime) -> None:
        self.state_since = at

    @transition(
        state,
        source=S.PENDING,
        target=S.CHECKING,
        who=rules.speaks_for_it,
        label=_("受理审核"),
        basis="R-071",
    )
    def open(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer begins to check what the person filled in."""
        self._moved(at)

    @transition(
        state,
        source=S.CHECKING,
        target=S.SENT_BACK,
        who=rules.speaks_for_it,
        label=_("退回申报人修改"),
        basis="R-071",
        guards=[guards.reason_given],
    )
    def send_back(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The person is asked to change something while there is time."""
        self._moved(at)
        self.remark = reason

    @transition(
        state,
        source=[S.PENDING, S.CHECKING],
        target=S.SENT_BACK,
        who=is_system,
        label=_("申报人取回"),
        basis="R-024",
    )
    def give_back(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person took the application back to edit it."""
        self._moved(at)
        self.remark = ""

    @transition(
        state,
        source=S.SENT_BACK,
        target=S.PENDING,
        who=is_system,
        label=_("再次提交"),
        basis="R-063",
    )
    def arrive_again(self, *, by: Actor, at: dt.datetime, organisation: Organisation, kind: str, **_facts: Any) -> None:
        """The person submitted again."""
        self._moved(at)
        self.organisation, self.kind = organisation, kind

    @transition(
        state,
        source=[S.CHECKING, S.RECHECKING],
        target=S.PUBLICISING,
        who=rules.speaks_for_it,
        label=_("发布单位公示"),
        basis="R-072",
        guards=[
            guards.everything_checked,
            guards.content_changed_if_recommended_before,
            guards.can_finish_in_time,
            guards.not_under_investigation,
            guards.association_is_recognised,
            guards.not_after_the_real_end,
        ],
        caution=True,
    )
    def publicise(self, *, by: Actor, at: dt.datetime, notice: Notice, **_facts: Any) -> None:
        """A notice of at least five full working days begins."""
        self._moved(at)
        self.notice = notice

    @transition(
        state,
        source=[S.PUBLICISING, S.HELD],
        target=S.CHECKING,
        who=rules.heads_it_or_system,
        label=_("撤回公示"),
        basis="R-072",
    )
    def stop_publicising(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice was withdrawn for a serious mistake; only a new full one can replace it."""
        self._moved(at)

    @transition(
        state,
        source=[S.PUBLICISING, S.HELD],
        target=S.RECHECKING,
        who=rules.heads_it_or_system,
        label=_("撤回复核公示"),
        basis="R-072",
    )
    def stop_publicising_again(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The notice of the corrected content was withdrawn for a serious mistake."""
        self._moved(at)

    @transition(
        state,
        source=S.PUBLICISING,
        target=S.PUBLICISED,
        who=is_system,
        label=_("公示无异议"),
        basis="R-073",
    )
    def clear(self, *, by: Actor, at: dt.datetime, shown: dict[str, str], **_facts: Any) -> None:
        """The notice ran its full time and nothing is open against this person."""
        self._moved(at)
        self.publicised, self.publicised_at = shown, at
        self.after_objection = False

    @transition(
        state,
        source=S.PUBLICISING,
        target=S.HELD,
        who=is_system,
        label=_("收到异议"),
        basis="A-08",
    )
    def hold(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """An objection stops this person; the notice goes on for the others."""
        self._moved(at)

    @transition(
        state,
        source=S.HELD,
        target=S.PUBLICISING,
        who=is_system,
        label=_("异议不成立"),
        basis="A-08",
    )
    def release(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every objection was closed as unfounded or not admitted."""
        self._moved(at)

    @transition(
        state,
        source=sorted(OBJECTED),
        target=S.SENT_BACK,
        who=is_system,
        label=_("异议成立，更正后重新公示"),
        basis="A-08",
    )
    def ask_to_correct(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """An error without dishonesty: corrected content is publicised anew for this person."""
        self._moved(at)
        self.remark = reason
        self.after_objection = True

    @transition(
        state,
        source=sorted(OBJECTED | {S.SENT_BACK}),
        target=S.REFUSED,
        who=is_system,
        label=_("异议成立，不予推荐"),
        basis="A-08",
    )
    def refuse_after_objection(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The objection decides about the application."""
        self._moved(at)
        self.ground, self.remark = RefusalGround.OBJECTION_UPHELD, reason

    @transition(
        state,
        source=S.PUBLICISED,
        target=S.RECOMMENDED,
        who=rules.heads_it,
        label=_("签署推荐"),
        basis="R-073",
        guards=[
            *guards.STATED_BY_THE_HEAD,
            guards.not_under_investigation,
            guards.employer_time_runs,
        ],
        caution=True,
    )
    def recommend(self, *, by: Actor, at: dt.datetime, **facts: Any) -> None:
        """The head gives opinion and assessment, and answers for their truth."""
        self._signed(by, at, **facts)

    @transition(
        state,
        source=S.RECHECKING,
        target=S.RECOMMENDED,
        who=rules.heads_it,
        label=_("复核确认推荐"),
        basis="R-078",
        guards=[
            guards.everything_checked,
            guards.publicised_content_unchanged,
            *guards.STATED_BY_THE_HEAD,
            guards.not_under_investigation,
            guards.employer_time_runs,
        ],
        caution=True,
    )
    def confirm(self, *, by: Actor, at: dt.datetime, **facts: Any) -> None:
        """Nothing that was publicised changed; the head stands by the recommendation."""
        self._signed(by, at, **facts)

    @transition(
        state,
        source=[S.CHECKING, S.PUBLICISED, S.RECHECKING],
        target=S.REFUSED,
        who=rules.heads_it,
        label=_("不予推荐"),
        basis="R-071",
        guards=[
            guards.ground_given,
            guards.reason_given,
            guards.not_under_investigation,
            guards.not_after_the_real_end,
        ],
        caution=True,
    )
    def refuse(self, *, by: Actor, at: dt.datetime, ground: str, reason: str, **_facts: Any) -> None:
        """The head does not recommend, and says why."""
        self._moved(at)
        self.ground, self.remark = ground, reason

    @transition(
        state,
        source=[S.RECOMMENDED, S.SENT_BACK],
        target=S.RECHECKING,
        who=is_system,
        label=_("补正后复核"),
        basis="R-078",
    )
    def recheck(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person corrected the returned file; what the employer stood for has changed."""
        self._moved(at)

    @transition(
        state,
        source=[S.PENDING, S.CHECKING, S.SENT_BACK, S.PUBLICISING, S.PUBLICISED, S.RECHECKING],
        target=S.EXPIRED,
        who=is_system,
        label=_("逾期未推荐"),
        basis="R-025",
    )
    def expire(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The employer's time is over."""
        self._moved(at)

    @transition(
        state,
        source=sorted({*AWAITING_EMPLOYER, S.SENT_BACK, S.RECOMMENDED}),
        target=S.CLOSED,
        who=is_system,
        label=_("申报终止"),
        basis="R-067",
    )
    def close(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The application ended otherwise: withdrawn, lapsed, deemed withdrawn or disqualified."""
        self._moved(at)

    def _signed(
        self,
        by: Actor,
        at: dt.datetime,
        *,
        opinion: str,
        assessment: str,
        snapshot: Snapshot,
        signature: str,
        **_facts: Any,
    ) -> None:
        self._moved(at)
        self.opinion, self.assessment, self.snapshot, self.signature = opinion, assessment, snapshot, signature
        self.signed_by, self.signed_at = by.person, at


class Check(Dated):
    """What the employer found about one part of the submitted content, item by item (R-071)."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="checks")
    part = models.CharField(_("核对内容"), max_length=40)
    is_right = models.BooleanField(_("属实"))
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_check_a_part", fields=["recommendation", "part"])]

    def __str__(self) -> str:
        return f"{self.recommendation_id}/{self.part}"
