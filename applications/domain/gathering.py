"""Everything that an application is made of, fetched once."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from applications.domain import lookups as registers
from applications.domain.lookups import Insured
from applications.enums import SealedPaper, System
from applications.models import (
    Application,
    ArchiveItem,
    Evidence,
    Lookup,
    RepresentativeWork,
    SealedScan,
    Sheet,
)
from applications.sections import ItemKind, SheetKind
from portal.accounts.models import IdentityDocument, Organisation
from portal.catalogue.enums import Channel
from portal.catalogue.models import Criterion
from portal.shared.prepared import Asked, Prepared


@dataclass(frozen=True)
class Gathered:
    """One application with its sheets, the items that it shows, and what the registers answered.

    ``kept`` is the whole archive, on which eligibility rests; ``items`` leaves out the results that were not chosen.
    ``association`` is who recommends a freelancer, None for whoever an employer insures; ``scans`` are its sealed papers.
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
    association: Organisation | None = None
    scans: tuple[SealedScan, ...] = ()

    @property
    def post(self) -> Mapping[str, Any]:
        """What the person declared about post and standing."""
        return self.sheets.get(SheetKind.POST, {})

    @property
    def is_freelance(self) -> bool:
        """Whether an association recommends, because nobody insures the person."""
        return self.association is not None

    @property
    def works_at(self) -> str:
        """The unit where the person works, where another one insures them (A-18); empty otherwise."""
        told = str(self.post.get("work_unit") or "")
        return told if self.insured and bare(told) not in {"", bare(self.insured.name)} else ""

    def of(self, kind: str) -> list[ArchiveItem]:
        """Return the items of one section."""
        return [item for item in self.items if item.kind == kind]


def bare(name: object) -> str:
    """Return a unit's name as it is compared: without spaces, its brackets of one width."""
    return "".join(str(name or "").split()).replace("(", "（").replace(")", "）")


def gather(application: Application) -> Gathered:
    """Return ``application`` as it stands now; a constant number of queries."""
    person = application.applicant
    prefetch_related_objects([person], "documents")
    proofs = Prefetch("evidence", Evidence.objects.select_related("file"))
    kept = tuple(_kept().all(person=person.pk))
    prefetch_related_objects(kept, proofs)
    criteria = {work.item_id: work.criterion for work in _works().all(application=application.pk)}
    is_freelance = application.channel == Channel.FREELANCER
    items = tuple(item for item in kept if _is_shown(item, criteria, is_freelance=is_freelance))
    lookups = registers.latest(person)
    sheets = [
        one for one in _sheets().all(application=application.pk) if one.kind != SheetKind.SEALED or application.on_paper
    ]
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
        association=application.employer if is_freelance else None,
        scans=tuple(_scans_of(application)) if application.on_paper else (),
    )


@cache
def _kept() -> Prepared[ArchiveItem]:
    return Prepared(ArchiveItem.objects.filter(person=Asked("person")).kept().order_by("kind", "pk"))


@cache
def _works() -> Prepared[RepresentativeWork]:
    rows = RepresentativeWork.objects.filter(application=Asked("application"))
    return Prepared(rows.select_related("criterion"))


@cache
def _sheets() -> Prepared[Sheet]:
    return Prepared(Sheet.objects.filter(application=Asked("application")))


def _is_shown(item: ArchiveItem, criteria: Container[int], *, is_freelance: bool) -> bool:
    """Results are chosen; what proves free work is shown by freelancers."""
    if item.kind == ItemKind.RESULT:
        return item.pk in criteria
    return is_freelance or item.kind != ItemKind.FREELANCE


def _scans_of(application: Application) -> Iterable[SealedScan]:
    order = SealedPaper.values
    return sorted(application.scans.select_related("file"), key=lambda one: order.index(one.paper))


def proofs_of(item: ArchiveItem) -> list[Evidence]:
    """Return the files that prove an item now, from what was fetched with it."""
    return [proof for proof in item.evidence.all() if proof.removed_at is None]
