"""The bureau's register of certificates: narrowed, read page by page without counting what lies before, and taken out."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext as _

from certificates.domain import telling
from certificates.enums import REGISTER_FILE
from certificates.models import Certificate, RegisterExport
from portal.accounts.actors import Actor
from portal.accounts.identifiers import DocumentKind, compact
from portal.accounts.models import IdentityDocument
from portal.accounts.models.document import index_of
from portal.catalogue.models import Series
from portal.documents.sheets import AT_ONCE, PORTION, Sheets
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal

STEP = "export_certificates"
A_PAGE = 20
# Beyond so many nobody needs the exact number.
COUNTED = 1_000
SHEETS = Sheets(RegisterExport, REGISTER_FILE, "certificates", telling.tell_sheet_ready, telling.tell_sheet_failed)
SHOWN = ("holder", "case__application__employer", "corrects")

Rows = QuerySet[Certificate]


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see; empty narrows nothing. ``words`` are a name, a number or an identity document."""

    year: int | None = None
    series: str = ""
    state: str = ""
    committee: str = ""
    words: str = ""

    @property
    def criteria(self) -> dict[str, str]:
        """What may be written into addresses and told in the ledger: everything but the words."""
        return {name: str(value) for name, value in vars(self).items() if value and name != "words"}


@dataclass(frozen=True)
class Slice:
    """One page; ``earlier`` and ``later`` are the codes from which the pages beside it go on, or empty."""

    rows: list[Certificate]
    earlier: str
    later: str


class _RowValue(Func):
    """``ROW(a, b)``: compared as a whole, which an index over a and b can answer."""

    template = "ROW(%(expressions)s)"
    output_field = models.BooleanField()


def narrowed(rows: Rows, wanted: Wanted) -> Rows:
    """Narrow ``rows`` to what is wanted; what is unknown matches nothing."""
    filters: list[tuple[Any, Callable[[Any], Q]]] = [
        (wanted.year, lambda year: Q(year=year)),
        (wanted.series, lambda code: Q(numbered_in__code=code)),
        (wanted.state, lambda state: Q(state=state)),
        (wanted.committee, lambda part: Q(committee__contains=part)),
        (wanted.words, _matching),
    ]
    for value, condition in filters:
        if value:
            rows = rows.filter(condition(value))
    return rows


def read(rows: Rows, *, after: str = "", before: str = "", size: int = A_PAGE) -> Slice:
    """Return the page behind the certificate with the code ``after``, the one ahead of ``before``, or the newest."""
    start = Certificate.objects.filter(code=before or after).values_list("issued_on", "pk").first()
    backwards = bool(before)
    if start is not None:
        here, there = _RowValue(F("issued_on"), F("pk")), _RowValue(*(Value(value) for value in start))
        rows = rows.filter(GreaterThan(here, there) if backwards else LessThan(here, there))
    order = ("issued_on", "pk") if backwards else ("-issued_on", "-pk")
    found = list(rows.select_related(*SHOWN).order_by(*order)[: size + 1])
    more, page = len(found) > size, found[:size]
    if backwards:
        page.reverse()
    has_earlier, has_later = (more, True) if backwards else (start is not None, more)
    return Slice(page, page[0].code if page and has_earlier else "", page[-1].code if page and has_later else "")


def count_up_to(rows: Rows, most: int = COUNTED) -> int:
    """Return how many there are, or ``most`` + 1 for any more."""
    return rows.order_by()[: most + 1].count()


def series_with_certificates() -> list[Series]:
    """Return the series in which certificates were numbered."""
    numbered = Certificate.objects.order_by().values("numbered_in").distinct()
    return list(Series.objects.filter(pk__in=numbered).order_by("code"))


def export(wanted: Wanted, write: Callable[[Iterator[Certificate]], int], *, by: Actor, at: dt.datetime) -> int:
    """Hand the wanted certificates to ``write``, newest first, and record that personal data left the portal.

    The words that were looked for name somebody: that there were any is told, never which.
    """
    rows = narrowed(Certificate.objects.at(by), wanted)
    assert by.organisation is not None  # noqa: S101 - the desk is for staff only
    with transaction.atomic():
        found = rows.select_related(*SHOWN).order_by("-issued_on", "-pk")
        number = write(found.iterator(chunk_size=PORTION))
        facts = {"rows": number, "filter": wanted.criteria, "by_words": bool(wanted.words), "personal": True}
        record(by.organisation, STEP, by=by, at=at, basis="R-127", facts=facts)
    return number


def is_long(wanted: Wanted, actor: Actor) -> bool:
    """Return whether the sheet would keep its reader waiting."""
    return count_up_to(narrowed(Certificate.objects.at(actor), wanted), AT_ONCE) > AT_ONCE


def order(wanted: Wanted, *, by: Actor, at: dt.datetime) -> RegisterExport:
    """Note that a worker shall write the sheet; who has one waiting gets that one.

    Raises Refusal where somebody was looked for by name or number: that would have to be kept.
    """
    if wanted.words:
        text = _("按姓名或者号码查找的结果过多，请先用其他条件缩小范围，再导出。")
        raise Refusal([Reason(text, "R-127", "too_many_by_name")])
    asked: RegisterExport = SHEETS.ask(wanted.criteria, (), by=by, at=at)[0]
    return asked


def wanted_by(criteria: Mapping[str, str]) -> Wanted:
    """Return what was wanted, from the criteria that were kept of it."""
    year = criteria.get("year", "")
    told = {name: criteria.get(name, "") for name in ("series", "state", "committee")}
    return Wanted(year=int(year) if year else None, **told)


def _matching(words: str) -> Q:
    """Return who is meant: by name, by the number of a certificate, or by that of an identity document, whole."""
    typed = compact(words)
    indexes = {index_of(kind, typed) for kind in DocumentKind}
    owners = IdentityDocument.objects.filter(number_index__in=indexes).values("person")
    return Q(holder_name__startswith=words) | Q(number=typed.upper()) | Q(code=typed.upper()) | Q(holder__in=owners)
