"""A committee's guide and its standard: written by the agency or the bureau, published before the year begins (R-039)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.enums import GuideState
from portal.catalogue.models import Committee, Criterion, Guide
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal


@dataclass(frozen=True)
class Line:
    """One line of a standard as it was entered."""

    heading: str
    indicator: str
    text: str
    is_required: bool = False
    max_score: int = 0


@transaction.atomic
def write(
    committee: Committee, words: Mapping[str, str], lines: Sequence[Line], *, by: Actor, at: dt.datetime
) -> Guide:
    """Store the guide of ``committee`` with its standard, new or changed; raises Refusal once it was checked."""
    guide = Guide.objects.select_for_update(of=("self",)).filter(committee=committee).first()
    if guide is not None and guide.state != GuideState.DRAFT:
        raise Refusal([Reason(_("通知公告已核查，请先退回再修改。"), basis="R-040", code="guide_is_not_a_draft")])
    step = "change" if guide else "prepare"
    guide = guide or Guide(committee=committee)
    for name, text in words.items():
        setattr(guide, name, text)
    guide.save()
    guide.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(guide=guide, order=order, **asdict(line)) for order, line in enumerate(lines, start=1)
    )
    record(guide, step, by=by, at=at, basis="R-039", facts={"committee": committee.code, "lines": len(lines)})
    return guide


def lines_of(guide: Guide) -> list[Line]:
    """Return the standard as plain values, in its order."""
    return [
        Line(row.heading, row.indicator, row.text, row.is_required, row.max_score)
        for row in guide.criteria.order_by("order")
    ]
