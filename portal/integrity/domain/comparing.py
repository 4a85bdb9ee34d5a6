"""Records that others made: asked of both credit platforms before an application is taken (A-14, A-46)."""

import datetime as dt

from portal.accounts.models import Organisation, Person
from portal.connectors import credit
from portal.connectors.credit import CreditRecord, Platform
from portal.integrity.domain.naming import NoDocument, subjects_of
from portal.integrity.models import IntegrityRecord


def external_bar(who: Person | Organisation, *, at: dt.datetime) -> tuple[CreditRecord, ...]:
    """Return the records in force at ``at`` that others made about ``who``; empty when both platforms know none.

    Records of this archive are left out: ``queries.bars_on`` answers for them, also while a quashed one still waits to
    be taken off. Asks over the network, so call it in a task and outside of a transaction. Raises a ConnectorError as
    soon as one platform does not answer, and NoDocument for a person without a verified document: this check blocks
    (A-46).
    """
    subjects = subjects_of(who)
    if not subjects:
        raise NoDocument("no_identity_document")
    found = {
        record.record_number: record
        for subject in subjects
        for platform in Platform
        for record in credit.records(platform, subject, at=at)
    }
    own = IntegrityRecord.objects.filter(code__in=found).values_list("code", flat=True)
    return tuple(found[number] for number in sorted(found.keys() - set(own)))
