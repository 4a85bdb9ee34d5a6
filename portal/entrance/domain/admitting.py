"""Admitting organisations: name and code as the register has them, first by somebody who says that they lead it."""

import datetime as dt
import unicodedata

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.identifiers import credit_code
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind, Role
from portal.accounts.rules import bureau_lead
from portal.connectors import organisations as register
from portal.connectors.errors import ConnectorError
from portal.entrance.enums import RequestState
from portal.entrance.models import MembershipRequest
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted

FIRST_ROLE = {
    OrganisationKind.EMPLOYER: Role.EMPLOYER_HEAD,
    OrganisationKind.CENTRAL: Role.EMPLOYER_HEAD,
    OrganisationKind.ASSOCIATION: Role.ASSOCIATION_HEAD,
}


def claim(
    typed_code: str, name: str, kind: OrganisationKind, *, district: str, by: Actor, at: dt.datetime
) -> MembershipRequest:
    """Register an organisation on behalf of which ``by`` says to act, and return the claim that awaits confirmation.

    The organisation stays closed until the district's office or the bureau confirms. Raises Refusal where code and
    name are not those of the register, and for a kind that is not claimed. A register that is down blocks nobody:
    the organisation is marked as not checked, for whoever confirms to see (A-46).
    """
    if by.person is None or kind not in FIRST_ROLE:
        raise StepNotPermitted("claim", [Reason(_("该类单位由市人力资源社会保障局登记。"), code="kind_not_claimed")])
    code = credit_code(typed_code)
    known = Organisation.objects.filter(credit_code=code).first()
    if known is not None and known.is_active:
        text = _("该单位已登记，请联系单位负责人邀请您加入。")
        raise Refusal([Reason(text, basis="R-013", code="organisation_registered", field="credit_code")])
    registered = as_registered(code, name, kind, at)
    with transaction.atomic():
        organisation, is_new = Organisation.objects.get_or_create(
            credit_code=code,
            defaults={
                "name": registered.name if registered else name.strip(),
                "kind": kind,
                "district": district,
                "is_active": False,
                "checked_at": at if registered else None,
            },
        )
        if is_new:
            record(organisation, "register", by=by, at=at, facts={"kind": kind}, basis="R-013")
        return _claimed(organisation, by, at)


@transaction.atomic
def admit(
    typed_code: str, name: str, kind: OrganisationKind, *, district: str, by: Actor, at: dt.datetime
) -> Organisation:
    """Register and open an organisation of any kind for the bureau; raises StepNotPermitted for anybody else."""
    if not bureau_lead.test(by):
        raise StepNotPermitted(
            "admit", [Reason(_("单位由市人力资源社会保障局负责人登记。"), basis="R-001", code="step_not_permitted")]
        )
    code = credit_code(typed_code)
    if Organisation.objects.filter(credit_code=code).exists():
        raise Refusal([Reason(_("该单位已登记。"), code="organisation_registered", field="credit_code")])
    registered = as_registered(code, name, kind, at)
    organisation = Organisation.objects.create(
        credit_code=code,
        name=registered.name if registered else name.strip(),
        kind=kind,
        district=district,
        checked_at=at if registered else None,
    )
    record(organisation, "register", by=by, at=at, facts={"kind": kind}, basis="R-001")
    return organisation


def as_registered(code: str, name: str, kind: OrganisationKind, at: dt.datetime) -> register.Organisation | None:
    """Return the organisation as the register has it, None where the register does not answer; raises Refusal."""
    try:
        found = register.lookup(code, at=at)
    except ConnectorError:
        return None
    if found is None or not _same(found.name, name):
        text = _("名称与统一社会信用代码不一致，请按登记证照上的全称和代码填写。")
        raise Refusal([Reason(text, basis="R-013", code="organisation_not_matched", field="name")])
    if found.standing is not register.Standing.ACTIVE:
        raise Refusal([Reason(_("该单位已注销或者被吊销，不能登记。"), basis="R-050", code="organisation_gone")])
    if kind == OrganisationKind.ASSOCIATION and found.kind is not register.Kind.SOCIAL:
        text = _("登记为协会、学会的单位应为社会组织，请改选用人单位。")
        raise Refusal([Reason(text, basis="A-16", code="kind_not_matched", field="kind")])
    return found


def _claimed(organisation: Organisation, by: Actor, at: dt.datetime) -> MembershipRequest:
    assert by.person is not None  # noqa: S101 - claim has asked
    role = FIRST_ROLE[OrganisationKind(organisation.kind)]
    request, is_new = MembershipRequest.objects.get_or_create(
        organisation=organisation,
        person=by.person,
        role=role,
        state=RequestState.PROPOSED,
        defaults={"full_name": by.person.full_name, "proposed_by": by.person},
    )
    if is_new:
        facts = {"role": role, "at": organisation.code}
        record(request, "claim", by=by, at=at, after=RequestState.PROPOSED, facts=facts, basis="R-013")
    return request


def _same(ours: str, theirs: str) -> bool:
    """Compare names without regard to width of brackets and to spaces."""
    return _bare(ours) == _bare(theirs)


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
