"""Notices of the gateway that name no known order: kept once, shown to who reconciles, cleared up by a lead (A-10)."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review.models import GatewayNotice, StrayNotice
from review.rules import settles_strays

FEWEST_SIGNS, LONGEST_NOTE = 10, 300
STEP = "settle"


def keep(notice: GatewayNotice) -> None:
    """Have a notice without a known order looked at; the same message again is the same matter."""
    StrayNotice.objects.get_or_create(sha256=notice.sha256, defaults={"notice": notice})


def seen_by(actor: Actor) -> QuerySet[StrayNotice]:
    """Return what the actor may see, open ones first and the latest of them first; each with how often it came, and when last."""
    same = GatewayNotice.objects.filter(sha256=OuterRef("sha256")).order_by().values("sha256")
    rows = StrayNotice.objects.seen_by(actor).select_related("notice", "settled_by")
    counted = rows.annotate(
        times=Subquery(same.annotate(number=Count("pk")).values("number")),
        last_at=Subquery(same.annotate(last=Max("received_at")).values("last")),
    )
    return counted.order_by("-settled_at", "-pk")


def open_to(actor: Actor) -> int:
    """Return how many that the actor may see are not cleared up."""
    return StrayNotice.objects.seen_by(actor).unsettled().count()


def waiting(actor: Actor) -> int:
    """Return how many wait for the actor: for a lead alone."""
    return open_to(actor) if settles_strays.test(actor) else 0


@transaction.atomic
def settle(stray: StrayNotice, *, note: str, by: Actor, at: dt.datetime) -> StrayNotice:
    """Note how the matter was cleared up; raises Refusal for anybody but a lead, without words, or done before."""
    if by.person is None or not settles_strays.test(by):
        text = _("只有负责人可以认定缴费通知已处理。")
        raise StepNotPermitted(STEP, [Reason(text, "A-10", "step_not_permitted")])
    row = StrayNotice.objects.select_for_update(of=("self",), no_key=True).get(pk=stray.pk)
    if row.settled_at is not None:
        raise Refusal([Reason(_("该通知已经处理。"), "A-10", "settled_before")])
    words = note.strip()[:LONGEST_NOTE]
    if len(words) < FEWEST_SIGNS:
        raise Refusal([Reason(_("请写明查明的情况和处理结果，至少10个字。"), "A-10", "note_given", "note")])
    row.settled_at, row.settled_by, row.note = at, by.person, words
    row.save(update_fields=["settled_at", "settled_by", "note", "updated_at"])
    record(row, STEP, by=by, at=at, after="settled", note=words, basis="A-10")
    return row
