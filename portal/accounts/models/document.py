"""Identity documents: what ties an account to one natural person."""

import datetime as dt
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.identifiers import DocumentKind, family_of, masked
from portal.accounts.models.person import Person
from portal.shared.encryption import EncryptedTextField, blind_index
from portal.shared.models import Coded, Dated


class VerificationSource(models.TextChoices):
    """Who vouched that the document belongs to the person."""

    IDENTITY_REGISTER = "identity_register", _("身份信息核验服务")
    IDENTITY_SERVICE = "identity_service", _("统一身份认证平台")
    BY_HAND = "by_hand", _("工作人员人工核验")


class IdentityDocumentQuerySet(models.QuerySet["IdentityDocument"]):
    """Documents by their number and standing."""

    def numbered(self, kind: DocumentKind, number: str, country: str = "") -> "IdentityDocumentQuerySet":
        """Return the document with this number in its stored form; at most one, past ones included."""
        return self.filter(number_index=index_of(kind, number, country))

    def current(self) -> "IdentityDocumentQuerySet":
        """Return the documents that were not replaced by a newer one."""
        return self.filter(ended_at=None)


class IdentityDocument(Coded, Dated):
    """One identity document of one person.

    A number belongs to one person for good: ``number_index`` is unique over every document ever registered, replaced
    ones included, within the numbering that kinds share (``identifiers.family_of``).
    """

    CODE_PREFIX: ClassVar[str] = "ID"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents", verbose_name=_("人员"))
    kind = models.CharField(_("证件种类"), max_length=30, choices=DocumentKind)
    number = EncryptedTextField(_("证件号码"))
    number_index = models.CharField(max_length=64, unique=True, editable=False)
    country = models.CharField(_("签发国家或地区"), max_length=3, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核验人")
    )
    source = models.CharField(_("核验方式"), max_length=20, choices=VerificationSource, blank=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = IdentityDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="verified_by_some_source",
                condition=Q(verified_at=None, source="") | (Q(verified_at__isnull=False) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="by_hand_means_by_somebody",
                condition=~Q(source=VerificationSource.BY_HAND) | Q(verified_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_current_document_per_kind", fields=["person", "kind"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked_number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number_index = index_of(DocumentKind(self.kind), self.number, self.country)
        super().save(*args, **kwargs)

    @property
    def masked_number(self) -> str:
        """Return the number as screens show it; the whole one is read through ``record_reading`` only."""
        return masked(self.number)

    def is_valid_on(self, day: dt.date) -> bool:
        """Return whether the document was checked and has not run out on ``day``."""
        in_time = self.valid_until is None or self.valid_until >= day
        return self.verified_at is not None and self.ended_at is None and in_time


def index_of(kind: DocumentKind, number: str, country: str = "") -> str:
    """Return the blind index under which a document's number is stored and found."""
    return blind_index(number, f"identity:{family_of(kind, number, country)}")
