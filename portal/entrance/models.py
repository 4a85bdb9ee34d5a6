"""Requests to work for an organisation: invited by its lead, or claimed by a person and confirmed by the authority."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import Role
from portal.accounts.rules import is_system
from portal.entrance import guards
from portal.entrance.enums import RequestState as S
from portal.entrance.rules import may_accept, may_admit, may_confirm, may_invite
from portal.shared.models import Coded, Dated
from portal.workflow import StateField, state_machine, transition


@state_machine
class MembershipRequest(Coded, Dated):
    """That somebody shall work for an organisation in one role.

    An invitation names nobody until a person accepts it with the one-time link, of which only the digest is kept.
    A claim names its person from the start: who registers an organisation says that they lead it.
    """

    CODE_PREFIX: ClassVar[str] = "Y"

    state = StateField(_("状态"), default=S.PROPOSED, choices=S)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="membership_requests", verbose_name=_("单位")
    )
    role = models.CharField(_("角色"), max_length=30, choices=Role)
    full_name = models.CharField(_("姓名"), max_length=50)
    email = models.EmailField(_("电子邮箱"), blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="membership_requests"
    )
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("提出人"))
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    digest = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invited_has_a_link_and_an_end",
                condition=~Q(state=S.INVITED) | (~Q(digest="") & Q(expires_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="accepted_has_a_person", condition=~Q(state=S.ACCEPTED) | Q(person__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_open_claim_per_person_and_role",
                fields=["organisation", "person", "role"],
                condition=Q(state=S.PROPOSED, person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_state_display()}"

    @transition(
        state,
        source=S.PROPOSED,
        target=S.INVITED,
        who=may_invite,
        label=_("批准并发出邀请"),
        basis="R-013",
        guards=[guards.role_belongs_to_the_kind, guards.second_pair_of_eyes],
    )
    def invite(self, *, by: Actor, at: dt.datetime, digest: str, expires_at: dt.datetime) -> None:
        """The lead lets the invitation out; only who has the link can accept it."""
        self.approved_by, self.digest, self.expires_at = by.person, digest, expires_at

    @transition(
        state,
        source=S.PROPOSED,
        target=S.ACCEPTED,
        who=may_confirm,
        label=_("核准"),
        basis="R-013",
        guards=[guards.role_belongs_to_the_kind, guards.not_for_oneself],
    )
    def confirm(self, *, by: Actor, at: dt.datetime) -> None:
        """The authority has seen that the claim is true; the membership begins."""
        self.approved_by = by.person

    @transition(
        state,
        source=S.INVITED,
        target=S.ACCEPTED,
        who=may_accept,
        label=_("接受邀请"),
        basis="R-013",
        guards=[
            guards.link_is_right,
            guards.in_time,
            guards.name_is_the_invited,
            guards.nobody_admits_themselves,
            guards.identity_is_verified,
        ],
    )
    def accept(self, *, by: Actor, at: dt.datetime, digest: str) -> None:
        """The invited person accepts; the link is used up and the membership begins."""
        self.person, self.digest = by.person, ""

    @transition(
        state, source=S.PROPOSED, target=S.REFUSED, who=may_invite | may_confirm, label=_("不予批准"), basis="R-013"
    )
    def refuse(self, *, by: Actor, at: dt.datetime) -> None:
        """It is not granted."""
        self.approved_by = by.person

    @transition(
        state, source=[S.PROPOSED, S.INVITED], target=S.WITHDRAWN, who=may_admit, label=_("撤回"), basis="R-013"
    )
    def withdraw(self, *, by: Actor, at: dt.datetime) -> None:
        """The organisation takes it back; the link dies."""
        self.digest = ""

    @transition(state, source=S.INVITED, target=S.LAPSED, who=is_system, label=_("过期"), basis="R-013")
    def lapse(self, *, by: Actor, at: dt.datetime) -> None:
        """Nobody accepted in time; the link dies."""
        self.digest = ""
