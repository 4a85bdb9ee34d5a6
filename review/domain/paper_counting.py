"""The totals of ballots on paper: one scrutineer enters what was counted, another counts again and confirms it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review import rules
from review.domain import deciding_items
from review.domain.holding_session import held_item, moved
from review.enums.sitting import ItemState
from review.models import AgendaItem, PaperCount, SessionMember


def enter(item: AgendaItem, counts: tuple[int, int, int], *, by: Actor, at: dt.datetime) -> PaperCount:
    """Enter (agree, against, abstain) of a closed vote; invalid and missing ballots are what is left of those present.

    Until it is confirmed it can be entered anew. Raises Refusal for more ballots than members present.
    """
    with transaction.atomic():
        row, member = _counted_by(item, by)
        reasons = _against(row, counts)
        if reasons:
            raise Refusal(reasons)
        agree, against, abstain = counts
        fields = {"agree": agree, "against": against, "abstain": abstain, "entered_by": member, "entered_at": at}
        made, _is_new = PaperCount.objects.update_or_create(item=row, defaults=fields)
        record(row, "enter_totals", by=by, at=at, basis="R-111", facts={"scrutineer": member.code})
        moved(row.session)
        return made


def confirm(item: AgendaItem, counts: tuple[int, int, int], *, by: Actor, at: dt.datetime) -> AgendaItem:
    """Confirm by counting again, without seeing the first count: the same numbers decide the case, others undo the entry.

    Returns the case: decided, or with nothing entered where the two counts differed.
    """
    with transaction.atomic():
        row, member = _counted_by(item, by)
        entered = PaperCount.objects.select_for_update(of=("self",), no_key=True).filter(item=row).first()
        if entered is None:
            raise Refusal([Reason(_("还没有监票人录入票数。"), "R-111", "nothing_entered")])
        if entered.entered_by_id == member.pk:
            raise Refusal([Reason(_("须由另一名监票人复核。"), "R-111", "another_scrutineer")])
        if counts != (entered.agree, entered.against, entered.abstain):
            entered.delete()
            record(row, "counts_differ", by=by, at=at, basis="R-111", facts={"scrutineer": member.code})
            moved(row.session)
            return row
        entered.confirmed_by, entered.confirmed_at = member, at
        entered.save()
        record(row, "confirm_totals", by=by, at=at, basis="R-111", facts={"scrutineer": member.code})
        return deciding_items.decide(row, *counts, at=at)


def _counted_by(item: AgendaItem, by: Actor) -> tuple[AgendaItem, SessionMember]:
    """Return the held case and the scrutineer who counts; raises Refusal for a case that is not counted on paper now."""
    row = held_item(item)
    member = rules.seat_of(by, row.session)
    if member is None or not row.session.scrutineers.filter(member=member).exists():
        raise StepNotPermitted("count", [Reason(_("您不是本次会议的监票人。"), "R-111", "step_not_permitted")])
    reasons = []
    if row.recusals.filter(member=member).exists():
        reasons.append(Reason(_("您在该事项中回避，不能计票。"), "A-48", "scrutineer_recused"))
    if not row.session.is_on_paper:
        reasons.append(Reason(_("本次会议采用电子表决，票数由系统计算。"), "R-111", "not_on_paper"))
    if row.state != ItemState.COUNTED:
        reasons.append(Reason(_("投票截止后、出结果前才能录入票数。"), "R-111", "not_counted_now"))
    if reasons:
        raise Refusal(reasons)
    return row, member


def _against(item: AgendaItem, counts: tuple[int, int, int]) -> list[Reason]:
    present = item.present_for_item or 0
    if min(counts) < 0:
        return [Reason(_("票数不能为负数。"), "R-111", "negative", "agree")]
    if sum(counts) > present:
        known = {"present": present, "votes": sum(counts)}
        return [Reason(_("票数合计%(votes)s，多于出席的%(present)s人。") % known, "R-112", "too_many", "agree")]
    return []
