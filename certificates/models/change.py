"""Changes of certificates that were issued: proposed by one, decided by another."""

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates import guards, rules
from certificates.enums import ChangeKind
from certificates.enums import ChangeState as S
from certificates.models.certificate import Certificate
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS
from portal.documents.models import StoredFile
from portal.integrity.enums import Measure, RecordState
from portal.integrity.models import IntegrityRecord
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


class CertificateChangeQuerySet(models.QuerySet["CertificateChange"]):
    """Changes by reader."""

    def at(self, actor: Actor) -> Self:
        """Return what the actor's office sees."""
        return self if BUREAU_DECIDERS & actor.roles else self.none()


@state_machine
class CertificateChange(Coded, Dated):
    """One change of one certificate with its ground; ``corrections`` names the faulty facts and what is true instead."""

    CODE_PREFIX: ClassVar[str] = "ZB"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("certificate", "proposed_by", "decided_by", "record")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("事项"), max_length=10, choices=ChangeKind)
    state = StateField(_("状态"), default=S.PROPOSED, choices=S)
    reason = models.CharField(_("理由"), max_length=500)
    corrections = models.JSONField(_("更正内容"), default=dict, blank=True)
    proof = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("证明材料")
    )
    record = models.ForeignKey(
        IntegrityRecord, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("处理决定")
    )
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("决定人")
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    answer = models.CharField(_("不批准的理由"), max_length=500, blank=True)

    objects = CertificateChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("证书变更")
        ordering: ClassVar = ["-proposed_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_open_change_a_certificate", fields=["certificate"], condition=Q(state=S.PROPOSED)
            ),
            models.CheckConstraint(
                name="change_decided_by_another", condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by"))
            ),
        ]
        triggers: ClassVar = [pgtrigger.Protect(name="changes_are_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code

    @property
    def record_revokes(self) -> bool:
        """Whether the decision named is in force, about the holder, and takes the title away."""
        record = self.record
        return (
            record is not None
            and record.state == RecordState.IN_FORCE
            and record.person_id == self.certificate.holder_id
            and Measure.REVOKE_TITLE in record.measures
        )

    def _decided(self, by: Actor, at: dt.datetime) -> None:
        self.decided_by, self.decided_at = by.person, at

    @transition(
        state,
        source=S.PROPOSED,
        target=S.APPROVED,
        who=rules.decides,
        label=_("批准"),
        basis="A-45",
        guards=[guards.another_proposed, guards.not_ones_own, guards.revocation_decided],
        caution=True,
    )
    def approve(self, *, by: Actor, at: dt.datetime, **_facts: Any) -> None:
        """The lead agrees; the certificate changes in the same instant."""
        self._decided(by, at)

    @transition(
        state,
        source=S.PROPOSED,
        target=S.DECLINED,
        who=rules.decides,
        label=_("不批准"),
        basis="A-45",
        guards=[guards.another_proposed, guards.not_ones_own, guards.reason_given],
    )
    def decline(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The certificate stays as it is, and whoever proposed learns why."""
        self._decided(by, at)
        self.answer = reason.strip()
