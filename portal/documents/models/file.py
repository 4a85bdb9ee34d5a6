"""One kept file, and how far the search for viruses is."""

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import Role
from portal.accounts.rules import holds, is_system
from portal.documents.enums import TONES, Kind, State
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition

BASIS = "GB/T 22239"  # the national standard of protection asks for a search for malicious code


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files by owner and by what waits."""

    def owned_by(self, actor: Actor) -> Self:
        """Return the files of the organisation for which ``actor`` acts, or of the person acting personally."""
        if actor.organisation is not None:
            return self.filter(owner_organisation=actor.organisation)
        if actor.person is not None:
            return self.filter(owner_person=actor.person)
        return self.none()

    def waiting_for_scan(self, at: dt.datetime) -> Self:
        """Return the files whose search is due at ``at``, longest waiting first."""
        return self.filter(state=State.RECEIVED, next_scan_at__lte=at).order_by("next_scan_at", "pk")


@state_machine
class StoredFile(Coded, Dated):
    """A file that somebody handed in or the portal wrote.

    ``received_*`` is the receipt: size and SHA-256 of exactly what came in, kept under ``original_key``. ``size``,
    ``sha256`` and ``storage_key`` are of the copy that is shown: made harmless where the kind allows, otherwise the same.
    """

    CODE_PREFIX: ClassVar[str] = "F"

    owner_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="files", verbose_name=_("所有人")
    )
    owner_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="files", verbose_name=_("所有单位")
    )
    uploaded_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )
    purpose = models.CharField(_("用途"), max_length=40)
    original_name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind)
    state = StateField(_("安全检查"), default=State.RECEIVED, choices=State)
    received_at = models.DateTimeField(_("收到时间"))
    received_size = models.BigIntegerField(_("收到的字节数"))
    received_sha256 = models.CharField(_("收到内容的 SHA-256"), max_length=64)
    original_key = models.CharField(max_length=80, unique=True)
    size = models.BigIntegerField(_("字节数"))
    sha256 = models.CharField("SHA-256", max_length=64)
    storage_key = models.CharField(max_length=80, unique=True)
    removed = models.JSONField(_("展示副本中去除的内容"), default=list, blank=True)
    scanned_at = models.DateTimeField(_("检查时间"), null=True)
    scanner = models.CharField(_("检查方式"), max_length=60, blank=True)
    finding = models.CharField(_("检查结论"), max_length=120, blank=True)
    scan_attempts = models.PositiveIntegerField(default=0)
    scan_refusals = models.PositiveSmallIntegerField(default=0)
    next_scan_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(name="file_by_person", fields=["owner_person", "-received_at"]),
            models.Index(name="file_by_organisation", fields=["owner_organisation", "-received_at"]),
            models.Index(name="file_to_scan", fields=["next_scan_at"], condition=Q(state=State.RECEIVED)),
        ]
        constraints = [
            models.CheckConstraint(
                name="file_has_one_owner",
                condition=Q(owner_person=None, owner_organisation__isnull=False)
                | Q(owner_person__isnull=False, owner_organisation=None),
            ),
            models.CheckConstraint(name="file_is_not_empty", condition=Q(received_size__gt=0, size__gt=0)),
            models.CheckConstraint(
                name="file_judged_says_how",
                condition=Q(state=State.RECEIVED) | (Q(scanned_at__isnull=False) & ~Q(scanner="")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_viewable(self) -> bool:
        """Whether the file may be shown at all, to whomever."""
        return bool(self.state == State.CLEAN)

    @property
    def was_changed(self) -> bool:
        """Whether the copy that is shown differs from what came in."""
        return self.storage_key != self.original_key

    @property
    def tone(self) -> str:
        """The meaning of the state for its mark on a page."""
        return TONES[State(self.state)]

    @property
    def keys(self) -> set[str]:
        """The keys under which bytes of this file lie."""
        return {self.original_key, self.storage_key}

    @transition(state, source=State.RECEIVED, target=State.CLEAN, who=is_system, label=_("安全检查通过"), basis=BASIS)
    def pass_scan(self, *, by: Actor, at: dt.datetime, scanner: str) -> None:
        """``scanner`` found nothing; the file may be shown from now on."""
        self.scanned_at, self.scanner, self.finding = at, scanner, ""

    @transition(state, source=State.RECEIVED, target=State.INFECTED, who=is_system, label=_("发现病毒"), basis=BASIS)
    def fail_scan(self, *, by: Actor, at: dt.datetime, scanner: str, finding: str) -> None:
        """``scanner`` recognised malicious code; the file is never shown, its bytes stay locked away as proof."""
        self.scanned_at, self.scanner, self.finding = at, scanner, finding

    @transition(state, source=State.RECEIVED, target=State.UNSCANNABLE, who=is_system, label=_("无法检查"), basis=BASIS)
    def give_up_scan(self, *, by: Actor, at: dt.datetime, scanner: str, finding: str) -> None:
        """``scanner`` answered again and again that it cannot judge this file; it is never shown."""
        self.scanned_at, self.scanner, self.finding = at, scanner, finding

    @transition(
        state,
        source=State.UNSCANNABLE,
        target=State.RECEIVED,
        who=is_system | holds(Role.SYSADMIN),
        label=_("重新检查"),
        basis=BASIS,
    )
    def scan_again(self, *, by: Actor, at: dt.datetime) -> None:
        """The scanner was set up anew, so the file waits for it once more."""
        self.scan_attempts, self.scan_refusals, self.next_scan_at = 0, 0, at
