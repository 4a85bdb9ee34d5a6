"""Setting specialties up and changing them (R-021, R-022)."""

import datetime as dt

from django.db import transaction

from portal.accounts.actors import Actor
from portal.catalogue.models import Specialty
from portal.ledger.record import record


@transaction.atomic
def store(specialty: Specialty, *, by: Actor, at: dt.datetime) -> Specialty:
    """Store a specialty, new or changed, and write who did it; the editions that list it stay as they are."""
    step = "change" if specialty.pk else "set_up"
    specialty.save()
    facts = {"code": specialty.code, "name": specialty.name, "valid_until": str(specialty.valid_until or "")}
    record(specialty, step, by=by, at=at, basis="R-021", facts=facts)
    return specialty
