"""The personal archive: adding, filling in, proving, disputing and removing what a person keeps from year to year (R-009)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import ArchiveItem, Evidence
from applications.models.filled import Filled
from applications.sections import SECTIONS, ItemKind
from applications.values import Unfit, clean
from portal.accounts.actors import Actor
from portal.documents import offers
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted

EVIDENCE = "application_evidence"
MOST_ITEMS = 200
MOST_PROOFS = 20


@dataclass(frozen=True)
class Conflict:
    """A field that somebody changed since the person opened it: the other value and its version."""

    field: str
    value: Any
    version: int


@dataclass(frozen=True)
class Saved:
    """What one saving did: the versions now, what another window had changed, and what did not fit its field."""

    saved_at: dt.datetime | None
    versions: Mapping[str, int]
    conflicts: tuple[Conflict, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def add_item(
    kind: ItemKind, values: Mapping[str, Any], *, by: Actor, at: dt.datetime, key: str = ""
) -> tuple[ArchiveItem, Saved]:
    """Put a new item into the person's archive, with what fits of ``values``; raises Refusal where the archive is full."""
    person = _owner(by)
    if ArchiveItem.objects.filter(person=person, kind=kind).kept().count() >= MOST_ITEMS:
        text = _("这一类已有%(most)s条，请先移除不用的条目。") % {"most": MOST_ITEMS}
        raise Refusal([Reason(text, basis="R-009", code="archive_full")])
    item = ArchiveItem.objects.create(person=person, kind=kind)
    record(item, "add", by=by, at=at, facts={"kind": str(kind)}, basis="R-009", key=key)
    return item, fill(item, values, based_on={}, by=by, at=at)


@transaction.atomic
def save_item(
    item: ArchiveItem, values: Mapping[str, Any], *, based_on: Mapping[str, int], by: Actor, at: dt.datetime
) -> Saved:
    """Change fields of an own item; raises Refusal for one that a register vouches for."""
    row = _locked(item, by)
    if not row.is_editable:
        text = _("该内容来自%(source)s，不能手工修改；与实际不符的，请填写说明并上传证明。")
        known = {"source": row.get_source_display()}
        raise Refusal([Reason(text % known, basis="R-059", code="verified_item")])
    return fill(row, values, based_on=based_on, by=by, at=at)


def fill(
    filled: Filled, values: Mapping[str, Any], *, based_on: Mapping[str, int], by: Actor, at: dt.datetime
) -> Saved:
    """Store the values that fit and that nobody else changed since ``based_on``; the caller holds the row's lock.

    A field is overwritten only by somebody who saw its present version: two windows never overwrite each other in
    silence. Unknown fields are ignored.
    """
    conflicts, unfit, changed = [], {}, []
    for name in [name for name in SECTIONS[filled.kind].names if name in values]:
        try:
            value = clean(SECTIONS[filled.kind].field(name), values[name])
        except Unfit as error:
            unfit[name] = str(error)
            continue
        present = filled.content.get(name)
        if value == present:
            continue
        if filled.version_of(name) != based_on.get(name, 0):
            conflicts.append(Conflict(name, present, filled.version_of(name)))
            continue
        filled.content[name] = value
        filled.versions[name] = filled.version_of(name) + 1
        changed.append(name)
    if changed:
        filled.saved_at = at
        filled.save()
        record(filled, "fill", by=by, at=at, facts={"fields": changed}, basis="R-063")
    return Saved(filled.saved_at, dict(filled.versions), tuple(conflicts), unfit)


@transaction.atomic
def dispute(item: ArchiveItem, reason: str, *, by: Actor, at: dt.datetime) -> ArchiveItem:
    """Say that what a register gave is not right; an empty ``reason`` takes it back. The agency decides on the proof."""
    row = _locked(item, by)
    if row.is_editable:
        raise Refusal([Reason(_("本人填报的内容可以直接修改。"), basis="R-059", code="own_item")])
    row.dispute = reason.strip()[:300]
    row.save(update_fields=["dispute", "updated_at"])
    record(row, "dispute", by=by, at=at, note=row.dispute, basis="R-059")
    return row


@transaction.atomic
def remove_item(item: ArchiveItem, *, by: Actor, at: dt.datetime) -> None:
    """Take an item out of the archive; what was submitted with it stays in its snapshots."""
    row = _locked(item, by)
    if row.removed_at is None:
        row.removed_at = at
        row.save(update_fields=["removed_at", "updated_at"])
        record(row, "remove", by=by, at=at, basis="R-009")


@transaction.atomic
def put_back(item: ArchiveItem, *, by: Actor, at: dt.datetime) -> None:
    """Take a removed item back into the archive: nothing is lost by a slip."""
    row = _locked(item, by)
    if row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at", "updated_at"])
        record(row, "put_back", by=by, at=at, basis="R-009")


@transaction.atomic
def prove(item: ArchiveItem, offer: Any, *, label: str = "", by: Actor, at: dt.datetime) -> Evidence:
    """Attach a file to the item that it proves; raises Refusal beside ``file``."""
    row = _locked(item, by)
    if row.evidence.filter(removed_at=None).count() >= MOST_PROOFS:
        text = _("每条最多%(most)s个证明文件，请合并为一个PDF。") % {"most": MOST_PROOFS}
        raise Refusal([Reason(text, basis="R-065", code="too_many_proofs", field="file")])
    file: StoredFile = offers.take(offer, purpose=EVIDENCE, by=by, at=at)
    proof, is_new = Evidence.objects.get_or_create(
        item=row, file=file, removed_at=None, defaults={"label": label.strip()[:60]}
    )
    if is_new:
        record(row, "prove", by=by, at=at, facts={"file": file.code, "sha256": file.sha256}, basis="R-065")
    return proof


@transaction.atomic
def drop_proof(proof: Evidence, *, by: Actor, at: dt.datetime) -> None:
    """Detach a file from its item; snapshots that show it keep it."""
    row = _locked(proof.item, by)
    if proof.removed_at is None:
        proof.removed_at = at
        proof.save(update_fields=["removed_at", "updated_at"])
        record(row, "drop_proof", by=by, at=at, facts={"file": proof.file.code}, basis="R-065")


def _owner(by: Actor) -> Any:
    if not by.acts_personally:
        raise StepNotPermitted("archive", [Reason(_("业绩档案由本人办理。"), basis="R-063", code="not_own")])
    return by.person


def _locked(item: ArchiveItem, by: Actor) -> ArchiveItem:
    return ArchiveItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk, person=_owner(by))
