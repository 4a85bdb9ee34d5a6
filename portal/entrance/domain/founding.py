"""The first day of an installation: the bureau and its first leads, who admit everybody else."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import SYSTEM
from portal.accounts.identifiers import credit_code
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.roles import OrganisationKind, Role
from portal.entrance.domain.admitting import as_registered
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

# What one lead proposes another lets out: a bureau with one lead could admit no colleague.
FEWEST = 2


@transaction.atomic
def found(typed_code: str, name: str, leads: Sequence[Person], *, at: dt.datetime) -> Organisation:
    """Register the bureau with ``leads`` and return it; the ledger says that nobody stood above them.

    Raises Refusal where a bureau stands already, for fewer than two leads, for a lead without a verified document, and
    where code and name are not those of the register.
    """
    reasons = [Reason(text, basis="R-001", code=code) for code, text, holds in _demands(leads, at) if not holds]
    if reasons:
        raise Refusal(reasons)
    code, kind = credit_code(typed_code), OrganisationKind.BUREAU
    registered = as_registered(code, name, kind, at)
    bureau = Organisation.objects.create(
        credit_code=code,
        name=registered.name if registered else name.strip(),
        kind=kind,
        checked_at=at if registered else None,
    )
    record(bureau, "found", by=SYSTEM, at=at, facts={"kind": kind}, basis="R-001")
    for person in leads:
        lead = Membership.objects.create(
            person=person, organisation=bureau, role=Role.BUREAU_LEAD, since=clock.day_of(at)
        )
        record(lead, "begin", by=SYSTEM, at=at, facts={"role": lead.role, "person": person.code}, basis="R-001")
    return bureau


def _demands(leads: Sequence[Person], at: dt.datetime) -> list[tuple[str, Promise, bool]]:
    day = clock.day_of(at)
    return [
        (
            "bureau_founded",
            _("市人力资源社会保障局已登记，其人员由负责人邀请。"),
            not Organisation.objects.filter(kind=OrganisationKind.BUREAU).exists(),
        ),
        ("leads_too_few", _("负责人至少两名：一名提出的，须由另一名批准。"), len({one.pk for one in leads}) >= FEWEST),
        (
            "identity_not_verified",
            _("负责人的证件尚未核验或者已过有效期。"),
            all(any(one.is_valid_on(day) for one in lead.documents.all()) for lead in leads),
        ),
    ]
