"""Putting associations on the list of those that may recommend freelancers (R-082)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.enums import Recogniser
from portal.catalogue.models import Recognition
from portal.catalogue.rules import may_prepare
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted


@dataclass(frozen=True)
class Recognised:
    """What an authority's document says: whom it recognises, from when, and until when where it says so."""

    association: Organisation
    recogniser: Recogniser
    document: str
    recognised_on: dt.date
    until: dt.date | None = None
    authority: str = ""


@transaction.atomic
def propose(told: Recognised, *, by: Actor, at: dt.datetime, key: str = "") -> Recognition:
    """Enter a recognition for another of the bureau to approve; raises Refusal with every reason, each beside its field."""
    if not may_prepare.test(by):
        text = _("协会、学会的认可由市人力资源社会保障局登记。")
        raise StepNotPermitted("propose", [Reason(text, basis="R-082", code="step_not_permitted")])
    if reasons := list(_against(told, clock.day_of(at))):
        raise Refusal(reasons)
    try:
        with transaction.atomic():
            row = Recognition.objects.create(**{name: getattr(told, name) for name in Recognised.__dataclass_fields__})
    except IntegrityError:
        text = _("该协会同一日期的认可已经登记。")
        raise Refusal([Reason(text, basis="R-082", code="recognition_known", field="recognised_on")]) from None
    facts = {"association": told.association.code, "document": told.document, "since": told.recognised_on.isoformat()}
    record(row, "propose", by=by, at=at, after=row.state, facts=facts, basis="R-082", key=key)
    return row


def _against(told: Recognised, today: dt.date) -> Iterator[Reason]:
    if told.association.kind != OrganisationKind.ASSOCIATION or not told.association.is_active:
        text = _("请选择已登记的协会、学会。")
        yield Reason(text, basis="R-082", code="not_an_association", field="association")
    if (told.recogniser == Recogniser.INDUSTRY) != bool(told.authority.strip()):
        text = _("认可部门为其他行业主管部门的，请填写部门名称；其余不填。")
        yield Reason(text, basis="R-082", code="authority_not_named", field="authority")
    if not told.document.strip():
        yield Reason(_("请填写认可文件名称和文号。"), basis="R-082", code="no_document", field="document")
    if told.recognised_on > today:
        text = _("认可日期不得晚于今日。")
        yield Reason(text, basis="R-082", code="recognised_in_future", field="recognised_on")
    if told.until is not None and told.until < told.recognised_on:
        text = _("认可截止日期不得早于认可日期。")
        yield Reason(text, basis="R-082", code="ends_before_it_begins", field="until")
