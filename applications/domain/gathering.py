"""Everything that an application is made of, fetched once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from applications.domain import lookups as registers
from applications.domain.lookups import Insured
from applications.enums import System
from applications.models import Application, ArchiveItem, Evidence, Lookup
from applications.sections import ItemKind, SheetKind
from portal.accounts.models import IdentityDocument
from portal.catalogue.models import Criterion


@dataclass(frozen=True)
class Gathered:
    """One application with its sheets, the items that it shows, and what the registers answered.

    ``kept`` is the whole archive, on which eligibility rests; ``items`` leaves out the results that were not chosen.
    ``criteria`` gives the indicator under which a chosen result is shown, by the item's key. ``saved_at`` is when
    anything of it was saved last.
    """

    application: Application
    kept: tuple[ArchiveItem, ...]
    items: tuple[ArchiveItem, ...]
    criteria: Mapping[int, Criterion | None]
    sheets: Mapping[str, Mapping[str, Any]]
    lookups: Mapping[str, Lookup]
    insured: Insured | None
    documents: tuple[IdentityDocument, ...]
    saved_at: dt.datetime | None

    @property
    def post(self) -> Mapping[str, Any]:
        """What the person declared about post and standing."""
        return self.sheets.get(SheetKind.POST, {})

    def of(self, kind: str) -> list[ArchiveItem]:
        """Return the items of one section."""
        return [item for item in self.items if item.kind == kind]


def gather(application: Application) -> Gathered:
    """Return ``application`` as it stands now; a constant number of queries."""
    person = application.applicant
    prefetch_related_objects([person], "documents")
    proofs = Prefetch("evidence", Evidence.objects.select_related("file"))
    archive = ArchiveItem.objects.filter(person=person).kept().prefetch_related(proofs)
    kept = tuple(archive.order_by("kind", "pk"))
    criteria = {work.item_id: work.criterion for work in application.works.select_related("criterion")}
    items = tuple(item for item in kept if item.kind != ItemKind.RESULT or item.pk in criteria)
    lookups = registers.latest(person)
    sheets = list(application.sheets.all())
    return Gathered(
        application=application,
        kept=kept,
        items=items,
        criteria=criteria,
        sheets={sheet.kind: sheet.content for sheet in sheets},
        saved_at=max(filter(None, [*(one.saved_at for one in items), *(one.saved_at for one in sheets)]), default=None),
        lookups=lookups,
        insured=registers.insured_in(lookups.get(System.INSURANCE)),
        documents=tuple(person.documents.all()),
    )


def proofs_of(item: ArchiveItem) -> list[Evidence]:
    """Return the files that prove an item now, from what was fetched with it."""
    return [proof for proof in item.evidence.all() if proof.removed_at is None]
