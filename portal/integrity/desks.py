"""What each desk reads: the bureau's list and what waits there, a subject's own records, whom a number names."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.accounts.actors import Actor
from portal.accounts.identifiers import DocumentKind, compact
from portal.accounts.models import IdentityDocument, Organisation, Person
from portal.accounts.models.document import index_of
from portal.accounts.roles import OrganisationKind
from portal.accounts.rules import bureau
from portal.deadlines.models import Deadline
from portal.integrity import letters, rules
from portal.integrity.enums import (
    AWAITING_SERVICE,
    ROLES_OF_PEOPLE,
    STATEMENT,
    TOLD_TO_SUBJECT,
    RecordState,
    SubjectRole,
)
from portal.integrity.models import IntegrityRecord, PlatformEntry
from portal.integrity.models.record import RecordQuerySet
from portal.notifications.models import Notification

KINDS_OF_SUBJECT = {
    SubjectRole.EMPLOYER: (OrganisationKind.EMPLOYER, OrganisationKind.ASSOCIATION, OrganisationKind.CENTRAL),
    SubjectRole.AGENCY: (OrganisationKind.AGENCY, OrganisationKind.DISTRICT),
    SubjectRole.UNIT: (OrganisationKind.EMPLOYER, OrganisationKind.CENTRAL),
}


def records_seen_by(actor: Actor) -> RecordQuerySet:
    """Return the records that the actor's desk may read, newest first: all for the bureau, none for anybody else."""
    records = IntegrityRecord.objects.all() if bureau.test(actor) else IntegrityRecord.objects.none()
    known = records.with_names().select_related("investigator", "proposed_by", "decided_by", "statement_file")
    return known.order_by("-opened_at", "-pk")


def entries_seen_by(actor: Actor) -> QuerySet[PlatformEntry]:
    """Return the entries on the platforms that the actor's desk may read."""
    entries = PlatformEntry.objects.select_related("record__person", "record__organisation")
    return entries if bureau.test(actor) else entries.none()


def narrowed(records: RecordQuerySet, *, q: str = "", state: str = "", role: str = "") -> RecordQuerySet:
    """Return the records with a state and a role whose number, or whose subject's name, begins with ``q``."""
    if q:
        records = records.filter(
            Q(code__istartswith=q) | Q(person__full_name__startswith=q) | Q(organisation__name__contains=q)
        )
    return records.filter(**{field: value for field, value in {"state": state, "role": role}.items() if value})


def own_records(actor: Actor) -> RecordQuerySet:
    """Return the records about the actor, or the organisation that they speak for, of which the subject was told."""
    own = Q(person=actor.person) if actor.person else Q(pk=None)
    if actor.organisation is not None and rules.speaks_for_an_organisation.test(actor):
        own |= Q(organisation=actor.organisation)
    told = IntegrityRecord.objects.filter(own, state__in=TOLD_TO_SUBJECT)
    return told.with_names().select_related("statement_file").order_by("-noticed_at", "-pk")


def letter_to_sign(record: IntegrityRecord, actor: Actor) -> Notification | None:
    """Return the registered letter about where the record stands now that the actor has not received yet, or None.

    As long as there is one, its words are shown in the inbox only, against the receipt (N-12).
    """
    kinds = {
        RecordState.NOTICED: letters.SanctionIntended,
        RecordState.DECIDED: letters.SanctionDecided,
        RecordState.AMENDED: letters.SanctionCorrected,
    }
    kind = kinds.get(RecordState(record.state))
    if kind is None or actor.person is None:
        return None
    unread = Notification.objects.about(record).filter(kind=kind.kind(), person=actor.person, read_at=None)
    return unread.order_by("-posted_at", "-pk").first()


# --- What waits -----------------------------------------------------------------------------
def to_investigate() -> RecordQuerySet:
    """Return the clues that nobody looked into yet."""
    return IntegrityRecord.objects.filter(state=RecordState.OPENED, findings="")


def to_notice_or_close() -> RecordQuerySet:
    """Return the investigated records that wait for a lead."""
    return IntegrityRecord.objects.filter(state=RecordState.OPENED).exclude(findings="")


def to_decide() -> RecordQuerySet:
    """Return the records whose subject was heard, or had the time to speak."""
    running = Deadline.objects.waiting().filter(kind=STATEMENT, subject_id=OuterRef("pk"))
    return IntegrityRecord.objects.filter(Q(stated_at__isnull=False) | ~Exists(running), state=RecordState.NOTICED)


def to_serve() -> RecordQuerySet:
    """Return the decisions that did not reach their subject yet."""
    return IntegrityRecord.objects.filter(state__in=AWAITING_SERVICE)


def to_state(actor: Actor) -> RecordQuerySet:
    """Return the records that wait for the actor's statement."""
    running = Deadline.objects.waiting().filter(kind=STATEMENT, subject_id=OuterRef("pk"))
    return own_records(actor).filter(Exists(running), state=RecordState.NOTICED, stated_at=None)


def first_end(records: RecordQuerySet) -> dt.datetime | None:
    """Return when the first time to answer among ``records`` ends."""
    waiting = Deadline.objects.waiting().filter(kind=STATEMENT, subject_id__in=records.values("pk"))
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


# --- Whom a number names --------------------------------------------------------------------
def subject_numbered(role: SubjectRole, number: str) -> Person | Organisation | None:
    """Return the person with this document number, or the fitting organisation with this credit code; None for nobody."""
    typed = compact(number)
    if role in ROLES_OF_PEOPLE:
        indexes = {index_of(kind, typed) for kind in DocumentKind}
        document = IdentityDocument.objects.filter(number_index__in=indexes).select_related("person").first()
        return document.person if document else None
    return Organisation.objects.filter(credit_code=typed, kind__in=KINDS_OF_SUBJECT[role]).first()
