"""The draw and the count on paper; the same row gives the same bytes, dated by the draw and by the signature."""

from portal.documents import pdf
from review.domain import drawing
from review.models import CommitteeSession, Draw


def draw_of(draw: Draw) -> bytes:
    """Return the record of a finished draw as a paper; what it prints is what the stand-alone script reads."""
    names = dict(draw.session.filing.members.values_list("term__code", "term__expert__person__full_name"))
    order = [(place, code, names.get(code, ""), code in draw.seats) for place, code in enumerate(draw.order, start=1)]
    context = {"draw": draw, "session": draw.session, "record": drawing.record_of(draw), "order": order}
    return pdf.render("documents/review/draw.html", context, at=draw.drawn_at or draw.frozen_at)


def count_of(session: CommitteeSession) -> bytes:
    """Return the signed count sheet as a paper."""
    items = session.items.select_related("application__applicant").order_by("order")
    members = session.members.exclude(checked_in_at=None).select_related("person").order_by("place")
    watching = session.scrutineers.select_related("member__person").order_by("place")
    context = {"session": session, "items": items, "members": members, "scrutineers": watching}
    return pdf.render("documents/review/count_sheet.html", context, at=session.signed_at or session.state_since)
