"""Committees on file with the bureau, with the experts on their rolls."""

import datetime as dt
import itertools

from portal.catalogue.models import Committee
from portal.shared import clock
from review.enums.filing import Duty, FilingState
from review.models import CommitteeFiling, ExpertTerm, FiledMember
from tests.factories import experts

_serial = itertools.count(1)
FROM, TO = dt.date(2026, 1, 1), dt.date(2028, 12, 31)
FILED_AT = dt.datetime(2025, 12, 20, 10, 0, tzinfo=clock.BEIJING)


def filed(
    committee: Committee,
    members: int = 15,
    *,
    size: int = 11,
    valid_from: dt.date = FROM,
    valid_to: dt.date = TO,
    terms: list[ExpertTerm] | None = None,
) -> CommitteeFiling:
    """Return the committee's filing in force, with so many appointed experts, the first of them its chair."""
    entry = committee.entries.select_related("specialty__series").first()
    scope = entry.specialty.series if entry else experts.series()
    filing = CommitteeFiling.objects.create(
        agency=committee.agency,
        name=committee.name,
        band=committee.band,
        is_by_series=committee.is_by_series,
        series=scope,
        specialty=entry.specialty if entry and not committee.is_by_series else None,
        size=size,
        submitted_at=FILED_AT,
        number=f"京评备{next(_serial):05d}",
        valid_from=valid_from,
        valid_to=valid_to,
        filed_at=FILED_AT,
    )
    on_roll = terms if terms is not None else experts.appointed(committee.agency, members, of=scope, band=filing.band)
    FiledMember.objects.bulk_create(
        FiledMember(filing=filing, term=term, duty=Duty.MEMBER if place else Duty.CHAIR)
        for place, term in enumerate(on_roll)
    )
    row = CommitteeFiling.objects.filter(pk=filing.pk)
    row.update(state=FilingState.SUBMITTED)
    row.update(state=FilingState.FILED)
    return row.with_all().get()
