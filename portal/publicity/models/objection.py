"""Objections: somebody says that a line of a running notice is not right."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.rules import bureau_lead, is_system
from portal.documents.models import StoredFile
from portal.publicity import guards, rules
from portal.publicity.enums import AWAITING, UNDER_INVESTIGATION, ObjectionState
from portal.publicity.models.notice import Line
from portal.shared.encryption import EncryptedTextField
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition

S = ObjectionState


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections by state and reader."""

    def awaiting(self) -> Self:
        """Return those that hold their line."""
        return self.filter(state__in=AWAITING)

    def against(self, subject: models.Model) -> Self:
        """Return those against lines, of whatever notice, that belong to the row ``subject``."""
        kind = ContentType.objects.get_for_model(subject)
        return self.filter(line__subject_type=kind, line__subject_id=subject.pk)

    def handled_by(self, actor: Actor) -> Self:
        """Return those that the actor's organisation answers now, without those against the actor's own line."""
        if actor.organisation is None:
            return self.none()
        return self.filter(handler=actor.organisation).exclude(line__person=actor.person)


@state_machine
class Objection(Coded, Dated):
    """One objection against one line.

    Who objects is encrypted and shown to the handler only; an employer sees it only where the objector agreed.
    """

    CODE_PREFIX: ClassVar[str] = "YY"

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="objections")
    state = StateField(_("状态"), default=S.RECEIVED, choices=ObjectionState)
    facts = models.TextField(_("异议事实"))
    is_named = models.BooleanField(_("实名"), default=False)
    objector_name = EncryptedTextField(_("异议人姓名"), blank=True)
    objector_contact = EncryptedTextField(_("异议人联系方式"), blank=True)
    may_be_named_to_employer = models.BooleanField(_("同意向单位公开身份"), default=False)
    received_at = models.DateTimeField(_("收到时间"))
    handler = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="objections", verbose_name=_("受理单位")
    )
    investigator = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    answer = models.TextField(_("处理意见"), blank=True)
    suspects_fraud = models.BooleanField(_("涉嫌弄虚作假"), default=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="closed_objection_has_answer",
                condition=Q(state__in=sorted(AWAITING)) | (Q(closed_at__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="fraud_is_suspected_in_fatal_ones", condition=Q(suspects_fraud=False) | Q(state=S.FOUNDED_FATAL)
            ),
        ]
        indexes: ClassVar = [models.Index(name="objection_of_handler", fields=["handler", "state", "received_at"])]

    def __str__(self) -> str:
        return self.code

    @transition(
        state,
        source=[S.RECEIVED, S.ESCALATED],
        target=S.INVESTIGATING,
        who=rules.handles,
        label=_("受理并核查"),
        basis="R-133",
        guards=[guards.not_involved],
    )
    def accept(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """Somebody not involved looks into it."""
        self.investigator = by.person

    @transition(
        state,
        source=S.RECEIVED,
        target=S.REJECTED_FORM,
        who=rules.handles,
        label=_("不予受理"),
        basis="A-08",
        guards=[guards.answer_given, guards.lacks_checkable_facts, guards.not_involved],
    )
    def reject_form(self, *, by: Actor, at: dt.datetime, answer: str = "", **_facts: Any) -> None:
        """It is anonymous without facts that can be checked, or says again what another said."""
        self._close(answer, at)

    @transition(
        state,
        source=S.INVESTIGATING,
        target=S.EXTENDED,
        who=rules.leads_the_handler,
        label=_("延长核查"),
        basis="A-08",
        guards=[guards.reason_of_extension, guards.time_to_answer_runs],
    )
    def extend(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """A complex case gets more working days, once."""

    @transition(
        state,
        source=sorted(AWAITING),
        target=S.ESCALATED,
        who=rules.handles | is_system,
        label=_("移交上级"),
        basis="A-08",
        guards=[guards.somebody_stands_above],
    )
    def escalate(self, *, by: Actor, at: dt.datetime, to: Organisation, **_facts: Any) -> None:
        """The handler is in conflict or overdue; the next instance answers."""
        self.handler = to
        self.investigator = None

    @transition(
        state,
        source=UNDER_INVESTIGATION,
        target=S.UNFOUNDED,
        who=rules.leads_the_handler,
        label=_("认定不成立"),
        basis="A-08",
        guards=[guards.answer_given, guards.another_investigated, guards.not_involved, guards.decided_here],
    )
    def find_unfounded(self, *, by: Actor, at: dt.datetime, answer: str = "", **_facts: Any) -> None:
        """What was said is not so; the line is released."""
        self._close(answer, at)

    @transition(
        state,
        source=UNDER_INVESTIGATION,
        target=S.FOUNDED_CORRECTABLE,
        who=rules.leads_the_handler,
        label=_("认定成立，予以更正"),
        basis="A-08",
        guards=[guards.answer_given, guards.another_investigated, guards.not_involved, guards.decided_here],
    )
    def find_correctable(self, *, by: Actor, at: dt.datetime, answer: str = "", **_facts: Any) -> None:
        """An honest mistake; it is corrected and publicised anew for this person."""
        self._close(answer, at)

    @transition(
        state,
        source=UNDER_INVESTIGATION,
        target=S.FOUNDED_FATAL,
        who=rules.leads_the_handler,
        label=_("认定成立，影响申报或结果"),
        basis="R-191",
        guards=[guards.answer_given, guards.another_investigated, guards.not_involved, guards.decided_here],
        caution=True,
    )
    def find_fatal(
        self, *, by: Actor, at: dt.datetime, answer: str = "", suspects_fraud: bool = False, **_facts: Any
    ) -> None:
        """It decides about the application or the result; a suspicion of fraud is reported to the bureau, which decides on it."""
        self._close(answer, at)
        self.suspects_fraud = suspects_fraud

    @transition(
        state,
        source=UNDER_INVESTIGATION,
        target=S.FOUNDED_FRAUD,
        who=bureau_lead,
        label=_("认定成立，涉嫌弄虚作假"),
        basis="R-140",
        guards=[guards.answer_given, guards.another_investigated, guards.not_involved, guards.decided_here],
        caution=True,
    )
    def find_fraud(self, *, by: Actor, at: dt.datetime, answer: str = "", **_facts: Any) -> None:
        """As fatal, and an integrity case is opened."""
        self._close(answer, at)

    def _close(self, answer: str, at: dt.datetime) -> None:
        self.answer = answer
        self.closed_at = at

    @property
    def person(self) -> Person | None:
        """The person against whose line the objection is."""
        return self.line.person


class Evidence(models.Model):
    """A file that somebody handed in with an objection; only whoever answers it may read it."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="evidence")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.objection_id}/{self.file_id}"
