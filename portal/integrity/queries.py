"""What other rooms ask the archive: which bars hold, which records are open, what an employer may see."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from django.utils import dateformat
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, Person
from portal.integrity.enums import (
    AGAINST_SESSIONS,
    AWAITING_SERVICE,
    UNDECIDED,
    BarKind,
    Measure,
    RecordState,
    SubjectRole,
)
from portal.integrity.models import IntegrityRecord
from portal.shared import clock
from portal.shared.errors import Reason
from portal.shared.prepared import Asked, Prepared

ALL_BARS = frozenset(BarKind)
BASIS_OF_BAR = {
    BarKind.APPLY: "R-143, A-13",
    BarKind.PROMOTION: "R-143, A-13",
    BarKind.EXPERT: "R-144",
    BarKind.SESSIONS: "R-152, R-153",
}


@dataclass(frozen=True)
class Bar:
    """One bar that holds: what it keeps from, by which record, from when, and its exclusive end.

    ``text`` names neither the facts nor the subject, so that it may be shown to whoever only needs to know the bar
    (domain §9).
    """

    kind: BarKind
    record: str
    since: dt.datetime
    until: dt.datetime

    @property
    def basis(self) -> str:
        """The rules that the bar rests on."""
        return BASIS_OF_BAR[self.kind]

    @property
    def text(self) -> str:
        """What the bar keeps from, and until when, in words for everybody."""
        last = dateformat.format(clock.day_of(self.until - dt.timedelta(microseconds=1)), _("Y年n月j日"))
        return _("%(what)s，至%(day)s24:00（诚信档案记录%(record)s）。") % {
            "what": self.kind.label,
            "day": last,
            "record": self.record,
        }

    @property
    def reason(self) -> Reason:
        """The bar as a reason of a refusal."""
        return Reason(self.text, basis=self.basis, code=f"integrity_bar_{self.kind}")


def bars_on(who: Person | Organisation, *, at: dt.datetime, kinds: Collection[BarKind] = ALL_BARS) -> list[Bar]:
    """Return the bars of ``kinds`` that hold on a person or an organisation at ``at``, the longest first; one query.

    A bar holds from the moment of the decision, before its service, up to its own end (A-13). A quashed decision bars
    nobody, whenever it is asked about.
    """
    about = _about_person() if isinstance(who, Person) else _about_organisation()
    standing = about.all(who=who.pk, at=at)
    found = [bar for record in standing for bar in _bars_of(record) if bar.kind in kinds and at < bar.until]
    return sorted(found, key=lambda bar: bar.until, reverse=True)


@cache
def _about_person() -> Prepared[IntegrityRecord]:
    return Prepared(IntegrityRecord.objects.standing().filter(person=Asked("who"), decided_at__lte=Asked("at")))


@cache
def _about_organisation() -> Prepared[IntegrityRecord]:
    return Prepared(IntegrityRecord.objects.standing().filter(organisation=Asked("who"), decided_at__lte=Asked("at")))


def is_barred(who: Person | Organisation, at: dt.datetime, kind: BarKind = BarKind.APPLY) -> bool:
    """Return whether a bar of ``kind`` holds at ``at``; ``bars_on`` says which and why."""
    return bool(bars_on(who, at=at, kinds={kind}))


def barred_among(people: Collection[int], *, at: dt.datetime, kind: BarKind = BarKind.APPLY) -> frozenset[int]:
    """Return which of these people, by their keys, a bar of ``kind`` keeps out at ``at``; one query for a whole batch."""
    standing = IntegrityRecord.objects.filter(person__in=people, decided_at__lte=at).standing()
    held = (record.person_id for record in standing for bar in _bars_of(record) if bar.kind == kind and at < bar.until)
    return frozenset(pk for pk in held if pk is not None)


def _bars_of(record: IntegrityRecord) -> Iterator[Bar]:
    """Yield the bars that follow from a decision.

    A suspended agency is barred until its decision is in force: from then on its standing in the catalogue says
    whether it was restored. Withdrawn authority and a cancelled expert stay barred as long as the record stands.
    """
    ends: dict[BarKind, dt.datetime | None] = {
        BarKind.APPLY: record.apply_bar_until,
        BarKind.PROMOTION: record.promotion_bar_until,
        BarKind.EXPERT: record.record_until if Measure.CANCEL_EXPERT in record.measures else None,
        BarKind.SESSIONS: record.record_until if _stops_sessions(record) else None,
    }
    for kind, until in ends.items():
        if until is not None and record.decided_at is not None:
            yield Bar(kind, record.code, record.decided_at, until)


def _stops_sessions(record: IntegrityRecord) -> bool:
    against = AGAINST_SESSIONS & set(record.measures)
    return Measure.WITHDRAW in against or (bool(against) and record.in_force_at is None)


def cases_open_against(who: Person | Organisation) -> QuerySet[IntegrityRecord]:
    """Return the records about ``who`` that are not decided yet, oldest first: live cases of theirs wait for these."""
    return IntegrityRecord.objects.about(who).undecided().order_by("opened_at", "pk")


def cases_waiting_for(who: Person) -> QuerySet[IntegrityRecord]:
    """Return the records for which a live application of ``who`` waits: not decided yet, or decided and not served yet."""
    waiting = [*UNDECIDED, *AWAITING_SERVICE]
    return IntegrityRecord.objects.about(who).filter(role=SubjectRole.APPLICANT, state__in=waiting)


def applications_cancelled(who: Person, since: dt.datetime) -> bool:
    """Return whether a decision in force since ``since`` cancels every application of ``who`` that was live by then (R-140)."""
    found = IntegrityRecord.objects.about(who).standing().filter(role=SubjectRole.APPLICANT, in_force_at__gte=since)
    return any(Measure.CANCEL_APPLICATION in record.measures for record in found)


def records_of_case(case: models.Model) -> QuerySet[IntegrityRecord]:
    """Return every record that came from ``case``, oldest first."""
    of_it = {"case_type": ContentType.objects.get_for_model(case), "case_id": case.pk}
    return IntegrityRecord.objects.filter(**of_it).order_by("opened_at", "pk")


def in_force_about(people: Collection[int]) -> QuerySet[IntegrityRecord]:
    """Return the records in force about these people, by their keys: what an employer may see of its staff (domain §9)."""
    found = IntegrityRecord.objects.filter(person__in=people, state=RecordState.IN_FORCE)
    return found.with_names().order_by("-decided_at", "-pk")
