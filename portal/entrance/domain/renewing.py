"""Adding an identity document, or renewing one: the number may stay (resident ID) or change (passport)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.countries import country_code
from portal.accounts.identifiers import DocumentKind, Identified, identify
from portal.accounts.models import IdentityDocument, Person, VerificationSource
from portal.entrance.domain.registering import ISSUED_ABROAD, prove_identity
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal


def add_document(
    person: Person,
    kind: DocumentKind,
    typed: str,
    *,
    by: Actor,
    at: dt.datetime,
    country: str = "",
    valid_until: dt.date | None = None,
) -> IdentityDocument:
    """Store a document that the identity register confirms, and end the one of the same kind that it replaces.

    Raises Refusal for a wrong number, one that has run out, one of another birth or sex than the account's, one that
    the register does not confirm or cannot (A-46), and one that belongs to another account.
    """
    found = identify(kind, typed, on=clock.day_of(at))
    issuer = country_code(country) if kind in ISSUED_ABROAD else ""
    _refuse_unless_it_fits(person, found, valid_until, at)
    prove_identity(person.full_name, kind, found.number, at=at)
    try:
        with transaction.atomic():
            document = _stored(person, found, issuer, valid_until, at)
            facts = {"document": document.code, "kind": kind, "source": document.source}
            record(person, "add_document", by=by, at=at, facts=facts, basis="R-051")
    except IntegrityError as error:
        if "number_index" not in str(error):
            raise
        text = _("该证件已登记在另一账号，请拨打咨询电话核实。")
        raise Refusal([Reason(text, code="document_registered", field="number")]) from error
    return document


def _refuse_unless_it_fits(person: Person, found: Identified, valid_until: dt.date | None, at: dt.datetime) -> None:
    if valid_until is not None and valid_until < clock.day_of(at):
        text = _("证件已过有效期，请使用有效证件。")
        raise Refusal([Reason(text, code="document_run_out", field="valid_until")])
    if found.born_on not in {None, person.born_on} or found.sex not in {None, person.sex}:
        text = _("证件号码中的出生日期或者性别与账号登记的不一致。")
        raise Refusal([Reason(text, code="another_person", field="number")])


def _stored(
    person: Person, found: Identified, country: str, valid_until: dt.date | None, at: dt.datetime
) -> IdentityDocument:
    Person.objects.select_for_update().get(pk=person.pk)
    own = IdentityDocument.objects.numbered(found.kind, found.number, country).filter(person=person).first()
    others = IdentityDocument.objects.current().filter(person=person, kind=found.kind)
    (others if own is None else others.exclude(pk=own.pk)).update(ended_at=at)
    document = own or IdentityDocument(person=person, kind=found.kind, number=found.number, country=country)
    document.valid_until, document.ended_at = valid_until, None
    document.verified_at, document.verified_by = at, None
    document.source = VerificationSource.IDENTITY_REGISTER
    document.save()
    return document
