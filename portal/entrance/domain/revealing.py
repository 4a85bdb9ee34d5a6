"""Showing an identity number or a mobile number in full: on a click, with a reason, written in the ledger (domain §9)."""

import datetime as dt
from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.accounts.rules import bureau
from portal.ledger.record import record_reading
from portal.shared.errors import Reason, Refusal

PHONE = "phone"

Files = Callable[[Actor], QuerySet[Person]]
_files: list[Files] = []


def register_files(people_in_files_of: Files) -> None:
    """Let actors read in full the numbers of the people in their own files, as a room above knows them.

    ``people_in_files_of(actor)`` returns those people, none for an actor without files: an agency's applicants.
    """
    if people_in_files_of not in _files:
        _files.append(people_in_files_of)


def open_to(actor: Actor) -> QuerySet[Person]:
    """Return the people whose numbers ``actor`` may read in full: their own, those in their files; the bureau all."""
    if bureau.test(actor):
        return Person.objects.all()
    own = Q(pk=actor.person.pk) if actor.acts_personally and actor.person else Q(pk__in=())
    for people_in_files_of in _files:
        own |= Q(pk__in=people_in_files_of(actor).values("pk"))
    return Person.objects.filter(own)


def reveal(person: Person, what: str, *, by: Actor, at: dt.datetime, reason: str) -> str:
    """Return the number in full and write who read it and why; ``what`` is ``phone`` or the code of a document.

    Must run in a transaction that is kept. Raises Refusal for a person not open to ``by``, for another's document,
    and without a reason where it is somebody else's number.
    """
    if not open_to(by).filter(pk=person.pk).exists():
        raise Refusal([Reason(_("您当前的身份不能查看该号码。"), code="number_not_open")])
    if by.person != person and not reason.strip():
        raise Refusal([Reason(_("请选择查看的事由。"), code="reason_missing", field="reason")])
    if what == PHONE:
        record_reading(person, "phone", by=by, at=at, reason=reason)
        return str(person.phone)
    document = person.documents.filter(code=what).first()
    if document is None:
        raise Refusal([Reason(_("没有这个证件。"), code="document_unknown", field="what")])
    record_reading(document, "identity_number", by=by, at=at, reason=reason)
    return str(document.number)
