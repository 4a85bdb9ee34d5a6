"""Orders to issue certificates to many people at once."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates import guards, rules
from certificates.enums import OrderState as S
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition
from review.models import AcceptedCase


class IssueOrderQuerySet(models.QuerySet["IssueOrder"]):
    """Orders by reader."""

    def at(self, actor: Actor) -> Self:
        """Return the orders that the actor's office sees."""
        return self if BUREAU_DECIDERS & actor.roles else self.none()


@state_machine
class IssueOrder(Coded, Dated):
    """Who shall be issued certificates together: put together by one, ordered by another, worked off by the portal.

    ``issued_on`` is the day of the order; every certificate of it bears that day, however long the work takes.
    """

    CODE_PREFIX: ClassVar[str] = "FZ"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("proposed_by", "ordered_by")

    state = StateField(_("状态"), default=S.PROPOSED, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    ordered_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("签发人")
    )
    issued_on = models.DateField(_("发证日期"), null=True)
    finished_at = models.DateTimeField(_("办结时间"), null=True)

    objects = IssueOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("发证批次")
        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ordered_by_another", condition=Q(ordered_by=None) | ~Q(ordered_by=F("proposed_by"))
            ),
            models.CheckConstraint(
                name="running_order_has_day",
                condition=Q(state__in=[S.PROPOSED, S.DROPPED]) | Q(ordered_by__isnull=False, issued_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=S.PROPOSED,
        target=S.RUNNING,
        who=rules.decides,
        label=_("签发"),
        basis="R-123",
        guards=[guards.another_proposed, guards.not_in_the_order],
        caution=True,
    )
    def give(self, *, by: Actor, at: dt.datetime, issued_on: dt.date, **_facts: Any) -> None:
        """The lead orders; numbers are given at once, papers are written one after the other."""
        self.state_since, self.ordered_by, self.issued_on = at, by.person, issued_on

    @transition(state, source=S.PROPOSED, target=S.DROPPED, who=rules.proposes, label=_("取消"), basis="R-123")
    def drop(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """It was put together wrongly; its people may be put on another one."""
        self.state_since = at

    @transition(
        state,
        source=S.RUNNING,
        target=S.FINISHED,
        who=is_system,
        label=_("办结"),
        basis="R-123",
        guards=[guards.nobody_waits],
    )
    def finish(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Every certificate is out, or its number voided."""
        self.state_since = self.finished_at = at


class IssueLineQuerySet(models.QuerySet["IssueLine"]):
    """People of orders."""

    def to_be_judged(self) -> Self:
        """Return who was neither numbered nor passed over yet."""
        return self.filter(is_open=True, judged_at=None)


class IssueLine(models.Model):
    """One result on an order; ``refusal`` tells why the order passed it over, and sets it free for another.

    ``judged_at`` is when it was numbered or passed over; an order that was given is judged portion by portion.
    """

    order = models.ForeignKey(IssueOrder, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(AcceptedCase, on_delete=models.PROTECT, related_name="issue_lines")
    place = models.PositiveIntegerField(_("序号"))
    is_open = models.BooleanField(default=True)
    refusal = models.JSONField(_("未列入的原因"), default=list)
    judged_at = models.DateTimeField(null=True)

    objects = IssueLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("发证人员")
        ordering: ClassVar = ["order", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_place_once_an_order", fields=["order", "place"]),
            models.UniqueConstraint(name="on_one_open_order", fields=["case"], condition=Q(is_open=True)),
        ]
        indexes: ClassVar = [
            models.Index(name="line_to_judge", fields=["order", "place"], condition=Q(is_open=True, judged_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.place}"
