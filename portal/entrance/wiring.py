"""Hooks of the entrance: navigation, what waits, invitations that lapse, secrets to encrypt anew."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.rules import bureau_lead, district, lead, logged_in
from portal.entrance import second_factor
from portal.entrance.domain import inviting
from portal.entrance.domain.queries import claims_waiting_for, proposals_waiting_for
from portal.http import navigation, worklist
from portal.shared import reencryption
from portal.workflow import register_settler


def connect() -> None:
    """Register everything; called once at start."""
    register_settler(inviting.settle)
    reencryption.register("second factors", second_factor.reencrypt_secrets)
    navigation.register("entrance:profile", _("我的账号"), who=logged_in, place=880)
    navigation.register("entrance:own_members", _("单位人员"), who=lead, place=180)
    navigation.register("entrance:organisations", _("单位登记"), who=bureau_lead | district, place=185)
    worklist.register("membership_claims", bureau_lead | district, _claims)
    worklist.register("membership_proposals", lead, _proposals)


def _claims(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    count = claims_waiting_for(actor).count()
    return [worklist.Waiting(_("待核准的单位登记"), count, reverse("entrance:organisations"))]


def _proposals(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    count = proposals_waiting_for(actor).count()
    return [worklist.Waiting(_("待批准的单位人员"), count, reverse("entrance:own_members"))]
