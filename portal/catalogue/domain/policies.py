"""Preparing a policy version, and putting it in force after the one before."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.enums import PolicyState
from portal.catalogue.models import PolicyValue, PolicyVersion
from portal.catalogue.parameters import REGISTRY
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out


@dataclass(frozen=True)
class Entered:
    """A value as somebody entered it: what, the passage that states it, and whether that is still to be verified."""

    value: Any
    source: str = ""
    unverified: bool = False


def shipped_values() -> dict[str, Entered]:
    """Return the registry's defaults with their sources: what a first version starts from."""
    return {
        key: Entered(parameter.default, str(parameter.source), parameter.unverified)
        for key, parameter in REGISTRY.items()
    }


def values_of(version: PolicyVersion) -> dict[str, Entered]:
    """Return the stored values of ``version``: what its successor starts from."""
    return {key: Entered(row.value, row.source, row.unverified) for key, row in version.by_key.items()}


@transaction.atomic
def prepare(
    *,
    code: str,
    title: str,
    source: str,
    valid_from: dt.date,
    values: Mapping[str, Entered],
    by: Actor,
    at: dt.datetime,
) -> PolicyVersion:
    """Store a draft version with a full set of values; it holds only after another person approved it.

    Raises Refusal for a code that is taken and for values outside their range.
    """
    if PolicyVersion.objects.filter(code=code).exists():
        raise Refusal([Reason(_("政策版本编号%(code)s已被使用。") % {"code": code}, code="code_taken", field="code")])
    version = PolicyVersion.objects.create(code=code, title=title, source=source, valid_from=valid_from)
    complete = {**shipped_values(), **values}
    _refuse_unlawful({key: entered.value for key, entered in complete.items()})
    PolicyValue.objects.bulk_create(
        PolicyValue(version=version, key=key, value=each.value, source=each.source, unverified=each.unverified)
        for key, each in complete.items()
    )
    record(
        version, "prepare", by=by, at=at, after=PolicyState.DRAFT, basis="R-019", facts={"valid_from": str(valid_from)}
    )
    return version


def prepare_next(
    *, code: str, title: str, source: str, valid_from: dt.date, by: Actor, at: dt.datetime
) -> PolicyVersion:
    """Store a draft that starts from the values of the version published last; raises Refusal as ``prepare`` does."""
    latest = PolicyVersion.objects.once_published().prefetch_related("values").order_by("valid_from").last()
    values = values_of(latest) if latest else {}
    return prepare(code=code, title=title, source=source, valid_from=valid_from, values=values, by=by, at=at)


@transaction.atomic
def change(version: PolicyVersion, changes: Mapping[str, Entered], *, by: Actor, at: dt.datetime) -> PolicyVersion:
    """Change values of a draft and return it anew; raises Refusal for values outside their range and for a version that is no draft."""
    row = PolicyVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != PolicyState.DRAFT:
        raise Refusal([Reason(_("政策版本已批准，参数不能再改。"), basis="R-019", code="policy_is_frozen")])
    _refuse_unlawful({**row.as_entered, **{key: entered.value for key, entered in changes.items()}})
    before = values_of(row)
    changed = {key: entered for key, entered in changes.items() if before.get(key) != entered}
    for key, each in changed.items():
        fields = {"value": each.value, "source": each.source, "unverified": each.unverified}
        PolicyValue.objects.update_or_create(version=row, key=key, defaults=fields)
    if changed:
        facts = {key: [before[key].value if key in before else None, each.value] for key, each in changed.items()}
        record(row, "change_values", by=by, at=at, basis="R-019", facts=facts)
    return PolicyVersion.objects.get(pk=row.pk)


@transaction.atomic
def publish(version: PolicyVersion, *, by: Actor, at: dt.datetime, key: str | None = None) -> PolicyVersion:
    """Put ``version`` in force from its first day; the version before holds until the day before that.

    Raises StepRefused where it does not begin after every other, or begins in the past.
    """
    earlier = PolicyVersion.objects.filter(state=PolicyState.PUBLISHED).exclude(pk=version.pk)
    before = earlier.filter(valid_from__lt=version.valid_from).order_by("valid_from").last()
    published = carry_out(version, "publish", by=by, at=at, key=key)
    if before is not None:
        carry_out(before, "supersede", by=by, at=at, successor=published)
    return published


def _refuse_unlawful(values: Mapping[str, Any]) -> None:
    answers = (REGISTRY[key].reason_against(value) for key, value in values.items())
    found = [answer for answer in answers if answer is not None]
    if found:
        raise Refusal(found)
