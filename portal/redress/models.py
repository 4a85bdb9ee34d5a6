"""Review requests."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import is_system
from portal.documents.models import StoredFile
from portal.redress import guards, rules
from portal.redress.enums import (
    AT_FIRST_INSTANCE,
    AWAITING_ANSWER,
    MAY_GO_HIGHER,
    TONES,
    NotAdmittedGround,
    RequestState,
)
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition

S = RequestState


class RequestQuerySet(models.QuerySet["ReviewRequest"]):
    """Requests by state and reader."""

    def awaiting(self) -> Self:
        """Return those that wait for an answer."""
        return self.filter(state__in=AWAITING_ANSWER)

    def about(self, subject: models.Model) -> Self:
        """Return those about one row, the newest first."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(subject_type=kind, subject_id=subject.pk).order_by("-filed_at", "-pk")

    def handled_by(self, actor: Actor) -> Self:
        """Return those that the actor's organisation answers or answered, without the actor's own."""
        if actor.organisation is None:
            return self.none()
        mine = Q(handler=actor.organisation) | Q(first_handler=actor.organisation)
        return self.filter(mine).exclude(person=actor.person)

    def with_all(self) -> Self:
        """Fetch whom a page of a request names along with it."""
        return self.select_related("person", "handler", "first_handler", "handled_by", "answered_by", "evidence")


@state_machine
class ReviewRequest(Coded, Dated):
    """One person's request to review one outcome (domain §8.17).

    ``told_at`` is when the outcome was told, ``reason`` what was told with it; a later outcome of the same row may be
    reviewed anew. ``handled_by`` took the request up at the present instance; ``answer`` is the first instance's,
    ``final_answer`` the second's. ``closed_at`` is the second's, too, or when a moot request ended.
    """

    CODE_PREFIX: ClassVar[str] = "FC"

    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject: Any = GenericForeignKey("subject_type", "subject_id")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="review_requests", verbose_name=_("申请人")
    )
    result = models.CharField(_("所复查的结果"), max_length=30)
    told_at = models.DateTimeField(_("结果告知时间"))
    reason = models.TextField(_("所复查结果的理由"), blank=True)
    state = StateField(_("状态"), default=S.FILED, choices=RequestState)
    facts = models.TextField(_("申请复查的事实和理由"))
    evidence = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("证明材料")
    )
    filed_at = models.DateTimeField(_("提交时间"))
    first_handler = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("首次受理单位")
    )
    handler = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("受理单位"))
    handled_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    ground = models.CharField(_("不予受理的理由"), max_length=20, choices=NotAdmittedGround, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    answered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    may_go_higher_until = models.DateTimeField(_("申请复核截止"), null=True)
    objection = models.TextField(_("申请复核的理由"), blank=True)
    went_higher_at = models.DateTimeField(_("进入复核时间"), null=True)
    final_answer = models.TextField(_("复核答复"), blank=True)
    is_upheld = models.BooleanField(_("认定程序或者事实有误"), default=False)
    closed_at = models.DateTimeField(_("复核办结时间"), null=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("复查申请")
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_request_an_outcome",
                fields=["subject_type", "subject_id", "told_at"],
                condition=~Q(state=S.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="answered_request_has_answer",
                condition=~Q(state__in=[*MAY_GO_HIGHER, S.UPHELD_PROCEDURE])
                | Q(Q(answered_at__isnull=False), ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="closed_request_has_final_answer",
                condition=~Q(state=S.CLOSED) | Q(Q(closed_at__isnull=False), ~Q(final_answer="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="requests_of_handler", fields=["handler", "state", "filed_at"]),
            models.Index(name="requests_about", fields=["subject_type", "subject_id"]),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def tone(self) -> str:
        """The meaning of the state, for its colour."""
        return TONES.get(RequestState(self.state), "good" if self.is_upheld else "ended")

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in AWAITING_ANSWER

    @transition(
        state,
        source=S.FILED,
        target=S.HANDLING,
        who=rules.handles,
        label=_("受理复查"),
        basis="R-130",
        guards=[guards.not_involved],
    )
    def admit(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody not involved looks into it."""
        self.handled_by = by.person

    @transition(
        state,
        source=S.FILED,
        target=S.NOT_ADMITTED,
        who=rules.handles,
        label=_("不予受理"),
        basis="A-24",
        guards=[guards.ground_given, guards.answer_given, guards.not_involved],
    )
    def not_admit(
        self, *, by: Actor, at: dt.datetime, ground: str, answer: str, until: dt.datetime | None, **_facts: Any
    ) -> None:
        """It is about no fault of procedure or facts; the person learns why, and may turn to the second instance."""
        self.ground = ground
        self._answered(by, at, answer, until)

    @transition(
        state,
        source=S.HANDLING,
        target=S.EXTENDED,
        who=rules.leads_the_handler,
        label=_("延长复查"),
        basis="A-24",
        guards=[guards.reason_of_extension, guards.time_to_answer_runs],
    )
    def extend(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A complex case gets more working days, once."""

    @transition(
        state,
        source=AT_FIRST_INSTANCE,
        target=S.ANSWERED_UPHELD,
        who=rules.leads_the_handler,
        label=_("维持原结果"),
        basis="R-130",
        guards=[guards.answer_given, guards.another_handled, guards.not_involved],
    )
    def let_stand(self, *, by: Actor, at: dt.datetime, answer: str, until: dt.datetime | None, **_facts: Any) -> None:
        """Procedure and facts were right; the outcome stands, with written reasons."""
        self._answered(by, at, answer, until)

    @transition(
        state,
        source=AT_FIRST_INSTANCE,
        target=S.UPHELD_PROCEDURE,
        who=rules.leads_the_handler,
        label=_("认定程序或者事实有误"),
        basis="A-24",
        guards=[guards.answer_given, guards.another_handled, guards.not_involved, guards.can_be_taken_back],
        caution=True,
    )
    def uphold(self, *, by: Actor, at: dt.datetime, answer: str, **_facts: Any) -> None:
        """Procedure or facts were wrong: the outcome falls and the application goes on."""
        self._answered(by, at, answer, None)
        self.is_upheld = True

    @transition(
        state,
        source=MAY_GO_HIGHER,
        target=S.SECOND_INSTANCE,
        who=rules.asked,
        label=_("向市人力资源社会保障局申请复核"),
        basis="A-24",
        guards=[
            guards.says_what_is_wrong,
            guards.somebody_stands_above,
            guards.in_time_to_go_higher,
            guards.outcome_stands,
        ],
    )
    def go_higher(self, *, by: Actor, at: dt.datetime, to: Organisation, objection: str = "", **_facts: Any) -> None:
        """The person is not satisfied with the answer; the bureau looks at it."""
        self.objection = objection.strip()
        self._goes_up(to, at)

    @transition(
        state,
        source=[S.FILED, *AT_FIRST_INSTANCE],
        target=S.SECOND_INSTANCE,
        who=rules.handles | is_system,
        label=_("转市人力资源社会保障局办理"),
        basis="A-24",
        guards=[guards.somebody_stands_above, guards.nobody_here_may_answer],
    )
    def escalate(self, *, by: Actor, at: dt.datetime, to: Organisation, **_facts: Any) -> None:
        """Nobody answered in time, or everybody here took part in what is reviewed: the second instance takes it over."""
        self._goes_up(to, at)

    @transition(
        state,
        source=S.SECOND_INSTANCE,
        target=S.SECOND_INSTANCE,
        who=rules.handles,
        label=_("受理复核"),
        basis="A-24",
        guards=[guards.not_involved],
    )
    def take_up(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody of the bureau looks into it; who took it over last counts."""
        self.handled_by = by.person

    @transition(
        state,
        source=S.SECOND_INSTANCE,
        target=S.CLOSED,
        who=rules.leads_the_handler,
        label=_("复核维持原结果"),
        basis="A-24",
        guards=[guards.answer_given, guards.taken_up, guards.another_handled, guards.not_involved],
    )
    def close_standing(self, *, by: Actor, at: dt.datetime, answer: str, **_facts: Any) -> None:
        """The second instance found procedure and facts right."""
        self._closed(by, at, answer)

    @transition(
        state,
        source=S.SECOND_INSTANCE,
        target=S.CLOSED,
        who=rules.leads_the_handler,
        label=_("复核认定程序或者事实有误"),
        basis="A-24",
        guards=[
            guards.answer_given,
            guards.taken_up,
            guards.another_handled,
            guards.not_involved,
            guards.can_be_taken_back,
        ],
        caution=True,
    )
    def close_upholding(self, *, by: Actor, at: dt.datetime, answer: str, **_facts: Any) -> None:
        """The second instance found procedure or facts wrong: the outcome falls."""
        self._closed(by, at, answer)
        self.is_upheld = True

    @transition(
        state,
        source=[S.FILED, *AT_FIRST_INSTANCE],
        target=S.WITHDRAWN,
        who=rules.asked,
        label=_("撤回申请"),
        basis="A-24",
    )
    def withdraw(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The person asks no more; within the time they may ask again."""

    @transition(
        state,
        source=sorted(AWAITING_ANSWER),
        target=S.MOOT,
        who=is_system,
        label=_("原结果已变更，复查终结"),
        basis="A-24",
    )
    def lose_its_matter(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The outcome was taken back by another way, such as money that came in time after all."""
        self.closed_at = at

    def _answered(self, by: Actor, at: dt.datetime, answer: str, until: dt.datetime | None) -> None:
        self.answer, self.answered_by, self.answered_at = answer.strip(), by.person, at
        self.may_go_higher_until = until

    def _goes_up(self, to: Organisation, at: dt.datetime) -> None:
        self.handler, self.handled_by, self.went_higher_at = to, None, at

    def _closed(self, by: Actor, at: dt.datetime, answer: str) -> None:
        self.final_answer, self.answered_by, self.closed_at = answer.strip(), by.person, at
