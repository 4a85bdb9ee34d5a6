"""Certificates: one title of one person, on paper that anybody can check (domain §8.9)."""

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates import guards, rules
from certificates.enums import OUT
from certificates.enums import CertificateState as S
from certificates.models.order import IssueOrder
from certificates.values import Face
from portal.accounts.actors import Actor
from portal.accounts.identifiers import Sex
from portal.accounts.models import Person
from portal.accounts.roles import BUREAU_DECIDERS
from portal.accounts.rules import is_system
from portal.catalogue.enums import LevelKey
from portal.catalogue.models import Series
from portal.documents.models import StoredFile
from portal.shared.encryption import EncryptedTextField
from portal.shared.models import Coded, Dated
from portal.shared.office import in_office_language
from portal.workflow import StateField, state_machine, transition
from review.models import AcceptedCase

# What the paper says of its holder and of the result.
FACE = (
    "holder_name",
    "sex",
    "birth_date",
    "document_type",
    "masked_document",
    "series",
    "specialty",
    "title",
    "level",
    "mode",
    "committee",
    "passed_on",
    "issued_on",
    "district_limited",
    "is_restricted",
)
FROZEN = ["case", "holder", "year", "numbered_in", "serial", "number", *FACE, "corrects"]


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates by reader."""

    def of(self, actor: Actor) -> Self:
        """Return the certificates that the person who acts personally was issued."""
        return self.filter(holder=actor.person, state__in=sorted(OUT)) if actor.acts_personally else self.none()

    def at(self, actor: Actor) -> Self:
        """Return what the bureau's register shows the actor."""
        return self if BUREAU_DECIDERS & actor.roles else self.none()

    def out(self) -> Self:
        """Return those whose paper was handed out, whatever became of it since."""
        return self.filter(state__in=sorted(OUT))

    def stuck(self) -> Self:
        """Return those that nobody writes until staff has looked, or whatever held them is over."""
        return self.filter(state=S.PREPARING, not_before=None)

    def make_from(self, at: dt.datetime) -> int:
        """Have them written from ``at`` on, as if never tried; return how many."""
        return self.update(not_before=at, attempts=0, trouble="")


@state_machine
class Certificate(Coded, Dated):
    """One numbered certificate; its face never changes, an error is put right by a new one that names the old.

    A number is given with the row and stays with it: what cannot be issued after all is voided and keeps its place.
    ``version`` counts the changes that the national platform is told of. ``not_before`` is the lease of whoever writes
    the paper; empty while it is prepared means that staff must look, and ``trouble`` says at what.
    """

    CODE_PREFIX: ClassVar[str] = "ZS"
    FETCHED_WITH: ClassVar[tuple[str, ...]] = ("holder", "order", "corrects", "case__acceptance")

    order = models.ForeignKey(IssueOrder, on_delete=models.PROTECT, related_name="certificates", null=True)
    case = models.ForeignKey(AcceptedCase, on_delete=models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("持有人"))
    state = StateField(_("状态"), default=S.PREPARING, choices=S)
    state_since = models.DateTimeField(_("当前状态起始"))

    year = models.PositiveSmallIntegerField(_("核发年度"))
    numbered_in = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField(_("顺序号"))
    number = models.CharField(_("证书编号"), max_length=30, unique=True)

    holder_name = models.CharField(_("姓名"), max_length=50)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    birth_date = models.DateField(_("出生日期"))
    document_type = models.CharField(_("证件种类"), max_length=30)
    masked_document = models.CharField(_("证件号码"), max_length=40)
    series = models.CharField(_("系列"), max_length=60)
    specialty = models.CharField(_("专业"), max_length=60)
    title = models.CharField(_("职称"), max_length=30)
    level = models.CharField(_("级别"), max_length=20, choices=LevelKey)
    mode = models.CharField(_("评价方式"), max_length=30)
    committee = models.CharField(_("评审委员会"), max_length=80)
    passed_on = models.DateField(_("评审通过日期"))
    issued_on = models.DateField(_("发证日期"))
    district_limited = models.CharField(_("限定使用的区"), max_length=30, blank=True)
    is_restricted = models.BooleanField(_("限制查验"), default=False)
    check_code = EncryptedTextField(_("查验码"))
    corrects = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("替代的证书"),
    )

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    notice_file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("签发时间"), null=True)
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    version = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(_("未完成的原因"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("职称证书")
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_number_once", fields=["year", "numbered_in", "serial"]),
            models.UniqueConstraint(
                name="one_certificate_a_result",
                fields=["case"],
                condition=Q(state__in=[S.ISSUED, S.SUSPENDED, S.REVOKED]),
            ),
            models.CheckConstraint(
                name="issued_has_papers",
                condition=Q(state__in=[S.PREPARING, S.VOIDED])
                | Q(file__isnull=False, notice_file__isnull=False, issued_at__isnull=False),
            ),
            models.CheckConstraint(name="serials_begin_at_one", condition=Q(serial__gte=1)),
            models.UniqueConstraint(
                name="one_correction_a_certificate", fields=["corrects"], condition=~Q(state=S.VOIDED)
            ),
            models.CheckConstraint(name="corrects_another", condition=Q(corrects=None) | ~Q(corrects=F("pk"))),
            models.CheckConstraint(
                name="revoked_has_day_and_reason",
                condition=~Q(state=S.REVOKED) | Q(ended_on__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="certificate_of_holder", fields=["holder", "-issued_on"]),
            models.Index(name="certificate_to_write", fields=["not_before", "id"], condition=Q(state=S.PREPARING)),
            models.Index(name="certificate_by_name", fields=["holder_name"]),
            models.Index(name="certificate_by_day", fields=["-issued_on", "-id"]),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="certificates_are_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="faces_are_frozen", fields=FROZEN),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def policy_code(self) -> str:
        """The policy version of the application, as the ledger notes it."""
        return self.case.policy_code

    @cached_property
    def corrected_by(self) -> "Certificate | None":
        """The certificate that replaces this one or is being made to; one whose number was voided does not."""
        return next((one for one in self.corrections.all() if one.state != S.VOIDED), None)

    @property
    def is_out(self) -> bool:
        """Whether its paper was handed out."""
        return self.state in OUT

    @in_office_language
    def face(self) -> Face:
        """Return what the paper says, in the words that were sealed and logged, whoever asks in whatever language."""
        return Face(
            number=self.number,
            holder_name=self.holder_name,
            sex=str(Sex(self.sex).label),
            birth_date=self.birth_date,
            document_type=self.document_type,
            masked_document=self.masked_document,
            series=self.series,
            specialty=self.specialty,
            title=self.title,
            level=str(LevelKey(self.level).label),
            mode=self.mode,
            committee=self.committee,
            passed_on=self.passed_on,
            issued_on=self.issued_on,
            district_limited=self.district_limited,
            is_restricted=self.is_restricted,
            check_code=self.check_code,
            corrects=self.corrects.number if self.corrects else "",
        )

    def _moved(self, at: dt.datetime, reason: str = "") -> None:
        self.state_since, self.reason = at, reason.strip()
        self.version += 1

    @transition(
        state,
        source=S.PREPARING,
        target=S.ISSUED,
        who=is_system,
        label=_("核发证书"),
        basis="R-123",
        guards=[guards.papers_are_made, guards.nothing_speaks_against_it],
    )
    def issue(self, *, by: Actor, at: dt.datetime, file: StoredFile, notice_file: StoredFile, **_facts: Any) -> None:
        """Certificate and result notice are signed and handed to the holder."""
        self._moved(at)
        self.file, self.notice_file, self.issued_at = file, notice_file, at
        self.not_before, self.trouble = None, ""

    @transition(state, source=S.PREPARING, target=S.VOIDED, who=is_system, label=_("编号作废"), basis="R-123")
    def void(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The application, or the certificate to be corrected, ended before the paper was out; nobody else gets the number."""
        self.state_since, self.reason, self.not_before, self.trouble = at, reason.strip(), None, ""

    @transition(
        state,
        source=S.ISSUED,
        target=S.SUPERSEDED,
        who=is_system,
        label=_("更正换发"),
        basis="R-123",
    )
    def supersede(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """A new certificate without the error took its place."""
        self._moved(at, reason)

    @transition(
        state,
        source=S.ISSUED,
        target=S.SUSPENDED,
        who=rules.decides_or_system,
        label=_("暂停使用"),
        basis="A-45",
        guards=[guards.reason_given],
        caution=True,
    )
    def suspend(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """Serious evidence is looked into; whoever checks is told that it is under review."""
        self._moved(at, reason)

    @transition(
        state,
        source=S.SUSPENDED,
        target=S.ISSUED,
        who=rules.decides_or_system,
        label=_("恢复使用"),
        basis="A-45",
        guards=[guards.reason_given],
    )
    def resume(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """What was looked into came to nothing."""
        self._moved(at, reason)

    @transition(
        state,
        source=[S.ISSUED, S.SUSPENDED],
        target=S.REVOKED,
        who=rules.decides_or_system,
        label=_("撤销"),
        basis="R-141",
        guards=[guards.reason_given],
        caution=True,
    )
    def revoke(self, *, by: Actor, at: dt.datetime, reason: str, on: dt.date, **_facts: Any) -> None:
        """A decision to revoke the title is in force; ``on`` is the day of that decision."""
        self._moved(at, reason)
        self.ended_on = on

    @transition(
        state,
        source=S.REVOKED,
        target=S.ISSUED,
        who=rules.decides_or_system,
        label=_("恢复证书"),
        basis="A-45",
        guards=[guards.reason_given],
        caution=True,
    )
    def restore(self, *, by: Actor, at: dt.datetime, reason: str, **_facts: Any) -> None:
        """The decision was quashed on appeal or by a court; the title holds as if it had never been revoked."""
        self._moved(at, reason)
        self.ended_on = None
