"""The second check: what was found right and did not change stands (R-092)."""

import datetime as dt

from applications.models import Snapshot
from portal.accounts.actors import SYSTEM
from portal.ledger.record import record
from portal.workflow import carry_out
from review.domain import checklist
from review.enums.checking import Verdict
from review.models import AgencyReview, Finding


def bring_back(review: AgencyReview, snapshot: Snapshot | None, *, at: dt.datetime) -> AgencyReview:
    """Bring the corrected, confirmed file back to whoever checked it, with every finding that still stands."""
    assert snapshot is not None  # noqa: S101 - confirmed again
    before = review.snapshot
    back = carry_out(review, "come_back", by=SYSTEM, at=at, snapshot=snapshot)
    same = checklist.unchanged(before, snapshot, back.committee)
    stands = Finding.objects.filter(review=back, snapshot=before, item__in=same).exclude(verdict=Verdict.DEFECT)
    carried = Finding.objects.bulk_create(
        Finding(
            review=back,
            snapshot=snapshot,
            item=one.item,
            verdict=one.verdict,
            carried=True,
            by_id=one.by_id,
            at=one.at,
            version=back.version,
        )
        for one in stands
    )
    record(back, "carry_over", by=SYSTEM, at=at, facts={"items": sorted(one.item for one in carried)}, basis="R-092")
    return back


def version_before(review: AgencyReview) -> Snapshot | None:
    """Return the version that the agency returned; None in a first check."""
    earlier = Snapshot.objects.filter(application=review.application_id, number__lt=review.snapshot.number)
    looked_at = earlier.filter(pk__in=Finding.objects.filter(review=review).values("snapshot"))
    return looked_at.order_by("-number").first()
