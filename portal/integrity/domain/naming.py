"""How people, organisations and records are named to the credit platforms."""

import datetime as dt

from django.conf import settings
from django.utils import translation

from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument, Organisation, Person
from portal.connectors.credit import CreditRecord, Subject, SubjectKind
from portal.integrity.enums import Measure
from portal.integrity.models import IntegrityRecord
from portal.shared import clock
from portal.shared.phrases import joined


class NoDocument(Exception):  # noqa: N818 - says what is missing
    """A person whose identity document is not on file cannot be named to a platform."""


def subject_of(who: Person | Organisation) -> Subject:
    """Return under which name and number a platform knows ``who``; raises NoDocument."""
    named = subjects_of(who)
    if not named:
        raise NoDocument("no_identity_document")
    return named[0]


def subjects_of(who: Person | Organisation) -> list[Subject]:
    """Return every name and number under which a platform may know ``who``, the resident identity card first."""
    if isinstance(who, Organisation):
        return [Subject(SubjectKind.ORGANISATION, who.name, who.credit_code)]
    documents = IdentityDocument.objects.filter(person=who, verified_at__isnull=False)
    held = sorted(documents.order_by("pk"), key=_rank)
    return [Subject(SubjectKind.PERSON, who.full_name, document.number) for document in held]


def _rank(document: IdentityDocument) -> tuple[bool, bool]:
    return document.ended_at is not None, document.kind != DocumentKind.RESIDENT_ID


def record_for_platforms(record: IntegrityRecord) -> CreditRecord:
    """Return what the platforms show of a record: the act and the measures, never the facts; the last day inclusive."""
    if record.decided_at is None or record.record_until is None:
        raise ValueError(f"The record {record.code} is not decided.")
    with translation.override(settings.LANGUAGE_CODE):
        return CreditRecord(
            record_number=record.code,
            behaviour=record.get_act_display(),
            decision=joined(Measure(measure).label for measure in record.measures),
            decided_by=str(settings.PORTAL_OWNER),
            decided_on=clock.day_of(record.decided_at),
            record_until=clock.day_of(record.record_until - dt.timedelta(microseconds=1)),
        )
