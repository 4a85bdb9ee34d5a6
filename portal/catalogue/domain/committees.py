"""The committees of a year: entered, changed while that changes nothing published, and one per district at a stroke."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.accounts.roles import OrganisationKind
from portal.catalogue.domain.rows import locked_for_preparation
from portal.catalogue.enums import Band
from portal.catalogue.models import AnnualSchedule, Committee, Edition, PolicyVersion
from portal.catalogue.parameters import REGISTRY
from portal.ledger.record import record
from portal.shared.codes import new_code
from portal.shared.errors import Reason, Refusal

# What the published list says of a committee; another name or agency is another committee.
IDENTITY = ("name", "agency", "band", "district", "is_by_series")
# What agencies announce before the year starts, with the policy key that bounds it.
PERIODS = {"correction_workdays": "correction.workdays", "payment_workdays": "payment.workdays"}


@transaction.atomic
def prepare(edition: Edition, fields: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> Committee:
    """Add a committee to an edition in preparation; raises Refusal for a name that is taken or periods out of range."""
    row = locked_for_preparation(edition)
    _refuse_taken(row, fields)
    _refuse_periods(fields)
    committee = Committee.objects.create(edition=row, **fields)
    record(
        row, "add_committee", by=by, at=at, basis="R-020", facts={"committee": committee.code, "name": committee.name}
    )
    return committee


@transaction.atomic
def change(committee: Committee, fields: Mapping[str, Any], *, by: Actor, at: dt.datetime) -> Committee:
    """Change a committee of an edition in preparation.

    Raises Refusal where the published list already names it and its identity would change, and where its periods
    would change after the year has begun.
    """
    edition = locked_for_preparation(committee.edition)
    changed = {name: value for name, value in fields.items() if getattr(committee, name) != value}
    _refuse_taken(edition, fields, but=committee)
    _refuse_periods(changed)
    if set(changed) & set(IDENTITY) and is_public(committee):
        text = _("已公布的评审委员会不能改名、换机构、换级别或者换区域，请另设评审委员会并调整条目。")
        raise Refusal([Reason(text, basis="R-020", code="committee_is_public")])
    if set(changed) & set(PERIODS) and has_begun(edition, at):
        raise Refusal([Reason(_("申报已经开始，补正和缴费期限不能再改。"), basis="A-09", code="year_has_begun")])
    for name, value in changed.items():
        setattr(committee, name, value)
    committee.save()
    if changed:
        facts = {"committee": committee.code, "fields": sorted(changed)}
        record(edition, "change_committee", by=by, at=at, basis="R-020", facts=facts)
    return committee


@transaction.atomic
def prepare_for_districts(edition: Edition, *, by: Actor, at: dt.datetime) -> list[Committee]:
    """Add a junior engineering committee for every district that has none yet, and return the new ones (R-034)."""
    row = locked_for_preparation(edition)
    served = set(row.committees.filter(band=Band.JUNIOR).exclude(district="").values_list("district", flat=True))
    offices = Organisation.objects.filter(kind=OrganisationKind.DISTRICT, is_active=True).exclude(district__in=served)
    return [
        prepare(row, _district_committee(office), by=by, at=at)
        for office in offices.exclude(district="").order_by("district")
    ]


def _district_committee(office: Organisation) -> dict[str, Any]:
    district = office.get_district_display()
    name = _("%(district)s工程技术系列初级专业技术资格评审委员会") % {"district": district}
    return {"name": name, "agency": office, "band": Band.JUNIOR, "district": office.district, "is_by_series": True}


def copy_of(old: Committee, edition: Edition) -> Committee:
    """Return an unsaved committee of ``edition`` that equals ``old`` but for its code."""
    fields = {
        field.attname: getattr(old, field.attname)
        for field in Committee._meta.concrete_fields
        if field.attname not in {"id", "code", "edition_id", "created_at", "updated_at"}
    }
    return Committee(edition=edition, code=new_code(Committee.CODE_PREFIX), **fields)


def is_public(committee: Committee) -> bool:
    """Return whether a published revision names the committee."""
    return committee.entries.filter(since_revision__lte=committee.edition.revision).exists()


def has_begun(edition: Edition, at: dt.datetime) -> bool:
    """Return whether any individual window of the year has opened."""
    return AnnualSchedule.objects.in_force().filter(edition=edition, individual_opens_at__lte=at).exists()


def _refuse_taken(edition: Edition, fields: Mapping[str, Any], but: Committee | None = None) -> None:
    others = edition.committees.exclude(pk=but.pk) if but else edition.committees.all()
    if others.filter(name=fields.get("name"), band=fields.get("band")).exists():
        raise Refusal([Reason(_("该年度已有同名同级别的评审委员会。"), "R-020", "committee_name_taken", "name")])


def _refuse_periods(fields: Mapping[str, Any]) -> None:
    found = []
    for name, key in PERIODS.items():
        reason = REGISTRY[key].reason_against(fields[name]) if fields.get(name) is not None else None
        if reason is not None:
            found.append(Reason(reason.text, reason.basis, reason.code, field=name))
    if found:
        raise Refusal(found)


def correction_workdays(committee: Committee, policy: PolicyVersion) -> int:
    """Return the committee's own correction period, or the policy's (A-09); working days."""
    return committee.correction_workdays or policy.days("correction.workdays")


def payment_workdays(committee: Committee, policy: PolicyVersion) -> int:
    """Return the committee's own payment period, or the policy's (A-10); working days."""
    return committee.payment_workdays or policy.days("payment.workdays")
