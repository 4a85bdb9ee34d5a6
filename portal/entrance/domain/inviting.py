"""Admitting people to an organisation, and letting them go."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.core.mail import EmailMessage
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Membership, Organisation
from portal.accounts.names import normal_name
from portal.accounts.roles import LEADS, NEEDS_FOUR_EYES, ROLES_OF_KIND, OrganisationKind, Role
from portal.entrance import letters
from portal.entrance.enums import RequestState
from portal.entrance.models import MembershipRequest
from portal.entrance.rules import may_admit
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.office import in_office_language
from portal.workflow import carry_out, settle_due

VALID_FOR = dt.timedelta(days=7)


@dataclass(frozen=True)
class Link:
    """An invitation that went out; ``token`` opens it once and is stored nowhere."""

    request: MembershipRequest
    token: str


@transaction.atomic
def propose(
    organisation: Organisation, *, role: Role, full_name: str, email: str, by: Actor, at: dt.datetime
) -> MembershipRequest:
    """Write down that somebody shall be invited; who may admit may also let the invitation out (``let_out``).

    Raises StepNotPermitted for anybody but a lead, Refusal for a role that the kind of organisation does not have.
    """
    request = MembershipRequest(
        organisation=organisation, role=role, full_name=normal_name(full_name), email=email, proposed_by=by.person
    )
    if not may_admit.test(by, request):
        raise StepNotPermitted("propose", [Reason(_("您当前的身份不能邀请该单位的人员。"), code="step_not_permitted")])
    if role not in ROLES_OF_KIND[OrganisationKind(organisation.kind)]:
        raise Refusal([Reason(_("该类单位没有这个角色。"), basis="R-001", code="role_unknown", field="role")])
    request.save()
    record(request, "propose", by=by, at=at, after=RequestState.PROPOSED, facts={"role": role, "at": organisation.code})
    return request


def needs_another_lead(role: Role) -> bool:
    """Return whether a role is granted by another lead than the one who proposes it."""
    return role in NEEDS_FOUR_EYES


def let_out(request: MembershipRequest, *, by: Actor, at: dt.datetime, key: str = "") -> Link:
    """Approve and return the one-time link's token; raises StepRefused where the proposer may not approve alone."""
    token = secrets.token_urlsafe(24)
    expires_at = at + VALID_FOR
    invited = carry_out(request, "invite", by=by, at=at, key=key, digest=digest_of(token), expires_at=expires_at)
    return Link(invited, token)


@in_office_language
def send(link: Link, address: str) -> None:
    """Mail the link's ``address`` to whom the invitation names, where it gives an e-mail address."""
    if not link.request.email:
        return
    facts = {"unit": link.request.organisation.name, "role": link.request.get_role_display(), "address": address}
    body = (
        _("%(unit)s邀请您担任「%(role)s」。请登录后打开下面的链接接受邀请，七天内有效，只能使用一次：\n\n%(address)s")
        % facts
    )
    letters.post(EmailMessage(subject=_("单位人员邀请"), body=body, to=[link.request.email]))


def accept(request: MembershipRequest, token: str, *, by: Actor, at: dt.datetime, key: str = "") -> Membership:
    """Take the invitation and return the membership; raises StepRefused with the reasons."""
    settle_due(request, at)  # before the transaction, so that a refusal does not undo the expiry that it rests on
    with transaction.atomic():
        accepted = carry_out(request, "accept", by=by, at=at, key=key, digest=digest_of(token))
        return _begin(accepted, at)


@transaction.atomic
def confirm(request: MembershipRequest, *, by: Actor, at: dt.datetime, key: str = "") -> Membership:
    """Grant a claim, open the organisation where this is its first, and return the membership."""
    granted = carry_out(request, "confirm", by=by, at=at, key=key)
    if not granted.organisation.is_active:
        granted.organisation.is_active = True
        granted.organisation.save(update_fields=["is_active"])
        record(granted.organisation, "open", by=by, at=at, basis="R-013")
    return _begin(granted, at)


@transaction.atomic
def end(membership: Membership, *, by: Actor, at: dt.datetime, note: str = "") -> Membership:
    """End a membership at once: the person's next request finds it gone.

    Raises StepNotPermitted for anybody but a lead, Refusal for one that has ended and for the last lead of an
    organisation, which would leave it without anybody who can act.
    """
    row = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    if not may_admit.test(by, row):
        raise StepNotPermitted("end", [Reason(_("您当前的身份不能终止该单位的人员。"), code="step_not_permitted")])
    if row.ended_at is not None:
        raise Refusal([Reason(_("该任职已终止。"), code="membership_ended")])
    if _is_last_lead(row, at):
        text = _("这是单位最后一名负责人，请先邀请另一名负责人。")
        raise Refusal([Reason(text, basis="R-013", code="last_lead")])
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(row, "end", by=by, at=at, note=note, facts={"role": row.role, "person": row.person.code})
    return row


def settle(subject: models.Model, at: dt.datetime) -> bool:
    """Let an invitation lapse whose time is over, before anything is asked of it; return whether it did.

    It lapses as of the end of its time, at which it is not yet late: so the step does not settle itself again.
    """
    if not isinstance(subject, MembershipRequest):
        return False
    late = MembershipRequest.objects.filter(pk=subject.pk, state=RequestState.INVITED, expires_at__lt=at).first()
    if late is not None:
        carry_out(late, "lapse", by=SYSTEM, at=late.expires_at or at)
    return late is not None


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _begin(request: MembershipRequest, at: dt.datetime) -> Membership:
    return Membership.objects.get_or_create(
        person=request.person,
        organisation=request.organisation,
        role=request.role,
        until=None,
        ended_at=None,
        defaults={"since": clock.day_of(at)},
    )[0]


def _is_last_lead(membership: Membership, at: dt.datetime) -> bool:
    if Role(membership.role) not in LEADS:
        return False
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.in_force(clock.day_of(at)).filter(organisation=membership.organisation, role__in=LEADS)
    return not others.exclude(pk=membership.pk).exists()
