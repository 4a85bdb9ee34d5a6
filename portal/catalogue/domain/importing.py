"""Keeping a sheet between upload and confirmation, and marking it as taken over."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.domain.rows import Changes, apply
from portal.catalogue.models import Edition, RowImport
from portal.shared.errors import Reason, Refusal


def keep(
    edition: Edition, rows: Sequence[dict[str, Any]], *, file_name: str, is_complete: bool, by: Actor, at: dt.datetime
) -> RowImport:
    """Store a sheet that was read without fault; nothing changes until it is confirmed."""
    if by.person is None:
        raise ValueError("A sheet is uploaded by a person.")
    return RowImport.objects.create(
        edition=edition,
        uploaded_by=by.person,
        uploaded_at=at,
        file_name=file_name[:200],
        is_complete=is_complete,
        rows=list(rows),
    )


@transaction.atomic
def take_over(kept: RowImport, changes: Changes, *, by: Actor, at: dt.datetime) -> None:
    """Write a kept sheet's changes into the working revision, once; raises Refusal for one that was taken over already."""
    row = RowImport.objects.select_for_update().get(pk=kept.pk)
    if row.applied_at is not None:
        raise Refusal([Reason(_("该文件已经导入过。"), code="sheet_taken_over")])
    apply(kept.edition, changes, by=by, at=at)
    row.applied_at = at
    row.save(update_fields=["applied_at", "updated_at"])
