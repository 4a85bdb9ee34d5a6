"""Mobile number and e-mail address of an account."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.identifiers import telephone
from portal.accounts.models import Person
from portal.ledger.record import record


@transaction.atomic
def change_contact(person: Person, *, phone: str, email: str, by: Actor, at: dt.datetime) -> Person:
    """Store both; a new address counts for password links only after it is confirmed. Raises Refusal for a wrong number.

    The ledger keeps that and who, never the values.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    before = {"phone": person.phone, "email": person.email}
    person.phone, person.email = telephone(phone), email.strip().lower()
    person.save(update_fields=["phone", "email"])
    if before["email"] != person.email:
        EmailAddress.objects.filter(user=person).delete()
        if person.email:
            EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    changed = [name for name, value in before.items() if value != getattr(person, name)]
    record(person, "change_contact", by=by, at=at, facts={"changed": changed})
    return person
