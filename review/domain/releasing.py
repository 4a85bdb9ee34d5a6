"""Taking an expert off a panel before any opinion of theirs was handed in, at once with who sits there instead (E-10)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.catalogue.models import PolicyVersion
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.shared.phrases import joined
from portal.workflow.carry_out import locked
from review.domain import rounds, telling_defence
from review.domain.planning import LONGEST_REASON
from review.enums.defending import OPEN, TOLD, DefenceState, OpinionState
from review.models import Defence, Panel, PanelOpinion, Sitting, Slot

FEWEST_SIGNS = 10


@transaction.atomic
def release(
    panel: Panel, expert: Person, *, reason: str, by: Actor, at: dt.datetime, replacement: Person | None = None
) -> None:
    """Take ``expert`` off the panel and off every slot that is not over, and let ``replacement`` join those where they are needed.

    Raises Refusal with every reason: no reason given, not seated, an opinion handed in, or fewer experts left than the
    policy wants (``panel.min``), for the panel or for anybody who has a place before it.
    """
    live = _locked_defences(panel, at)
    row = Panel.objects.select_for_update(no_key=True).select_related("round__committee__agency").get(pk=panel.pk)
    words = reason.strip()[:LONGEST_REASON]
    reasons = _reasons_against(row, expert, replacement, words, at)
    if reasons:
        raise Refusal(reasons)
    slots = list(rounds.not_over(row, at).filter(sittings__expert=expert).distinct())
    Sitting.objects.filter(slot__in=slots, expert=expert).delete()
    row.seats.filter(expert=expert).delete()
    joined = rounds.add_expert(row, replacement, by=by, at=at) if replacement is not None else []
    _refuse_too_few_for_anybody(live)
    facts = {"expert": expert.code, "replacement": replacement.code if replacement else ""}
    record(row, "leave", by=by, at=at, note=words, basis="R-110", facts=facts)
    called = _called(slots)
    if called:
        telling_defence.tell_released(row, expert, words, at)
    if replacement is not None:
        for slot in (one for one in called if one in joined):
            telling_defence.tell_panel(slot, [replacement], at)


def _locked_defences(panel: Panel, at: dt.datetime) -> list[Defence]:
    """Return who has a place before the panel still, their applications locked as every step of a defence does."""
    slots = rounds.not_over(panel, at).values("pk")
    rows = Defence.objects.filter(slot__in=slots, state__in=OPEN).order_by("application_id")
    for application in Application.objects.filter(pk__in=rows.values("application_id")).order_by("pk"):
        locked(application)
    return list(rows.select_related("application", "slot"))


def _reasons_against(
    panel: Panel, expert: Person, replacement: Person | None, words: str, at: dt.datetime
) -> list[Reason]:
    reasons = []
    if len(words) < FEWEST_SIGNS:
        reasons.append(Reason(_("请写明原因，至少10个字。"), "R-110", "reason_given", "reason"))
    if not panel.seats.filter(expert=expert).exists():
        return [*reasons, Reason(_("该专家不在评议组中。"), "R-110", "not_seated", "expert")]
    handed_in = PanelOpinion.objects.filter(expert=expert, state=OpinionState.HANDED_IN)
    if handed_in.filter(defence__slot__panel=panel).exists():
        text = _("该专家已提交本评议组的意见，不能调出。")
        reasons.append(Reason(text, "R-110", "handed_in", "expert"))
    if replacement is None:
        least = PolicyVersion.objects.in_force(clock.day_of(at)).number("panel.min")
        if panel.seats.count() - 1 < least:
            text = _("评议组不少于%(least)s名专家，请同时指定接替的专家。") % {"least": least}
            reasons.append(Reason(text, "R-110", "panel_too_small", "replacement"))
    return reasons


def _refuse_too_few_for_anybody(live: Sequence[Defence]) -> None:
    """Everybody with a place keeps enough experts who do not keep out of their case; raises Refusal naming the others."""
    short = [defence.blind_number for defence in live if rounds.is_short(defence)]
    if short:
        text = _("调出后，除去回避的专家，以下答辩的专家人数不足：%(numbers)s。请先增补专家或者调整场次。")
        numbers = joined(sorted(short))
        raise Refusal([Reason(text % {"numbers": numbers}, "R-110", "panel_can_hear", "expert")])


def _called(slots: Sequence[Slot]) -> list[Slot]:
    """Return the slots to which the panel was called: those about which somebody was told."""
    told = TOLD | {DefenceState.IN_PROGRESS}
    return [slot for slot in slots if slot.defences.filter(state__in=told).exists()]
