"""Organisations in their tree, and who works for them in which role."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.districts import District
from portal.accounts.models.person import Person
from portal.accounts.roles import OrganisationKind, Role
from portal.shared import clock
from portal.shared.models import Coded, Dated


class Organisation(Coded, Dated):
    """An employer, association, agency, authority or the bureau, under its parent where it has one."""

    CODE_PREFIX: ClassVar[str] = "U"

    name = models.CharField(_("名称"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    kind = models.CharField(_("类型"), max_length=20, choices=OrganisationKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级单位")
    )
    district = models.CharField(_("所在区"), max_length=20, choices=District, blank=True)
    checked_at = models.DateTimeField(_("与登记信息核对时间"), null=True, blank=True)
    telephone = models.CharField(_("联系电话"), max_length=40, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="not_its_own_parent", condition=~Q(parent=F("pk"))),
            models.CheckConstraint(
                name="credit_code_is_one", condition=Q(credit_code__regex=r"^[0-9A-HJ-NPQRTUWXY]{18}$")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by day."""

    def in_force(self, on: dt.date) -> Self:
        """Return the memberships that hold on the day ``on``, both ends included; one that was ended holds no more that day."""
        return self.holding(on, clock.end_of(on))

    def holding(self, on: Any, at_its_end: Any) -> Self:
        """Return the same for a day and its end, which may be ``Asked`` later."""
        return self.filter(
            Q(until=None) | Q(until__gte=on),
            Q(ended_at=None) | Q(ended_at__gte=at_its_end),
            since__lte=on,
            organisation__is_active=True,
            person__is_active=True,
        )


class Membership(Dated):
    """That a person works for an organisation in one role from one day to another, unless ended before."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("单位")
    )
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("截止日期"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                name="one_open_membership_per_role",
                fields=["person", "organisation", "role"],
                condition=Q(until=None, ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}@{self.organisation_id}:{self.role}"
