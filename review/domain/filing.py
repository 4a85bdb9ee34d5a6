"""Which filing a committee of the catalogue sits under on a day."""

import datetime as dt

from portal.catalogue.models import Committee
from review.models import CommitteeFiling


def filing_of(committee: Committee, on: dt.date) -> CommitteeFiling | None:
    """Return the filing in force of the committee on the day ``on``, None where it may not sit (E-04, E-15).

    Committees of the catalogue are made anew each year; the filing follows them by agency, name and band.
    """
    same = CommitteeFiling.objects.in_force(on).filter(
        agency=committee.agency_id, name=committee.name, band=committee.band
    )
    return same.with_all().order_by("valid_from", "pk").first()
