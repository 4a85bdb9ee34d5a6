"""An expert's opinion while it is written: saved again and again, never over another window's words, then handed in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.catalogue.models import Criterion
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out, settle_due
from portal.workflow.carry_out import locked
from review import rules
from review.enums.defending import SHOWN_TO_PANEL, DefenceState, OpinionState
from review.models import Defence, PanelOpinion
from review.models.panel_opinion import LONGEST_TEXT

TEXTS = ("questions", "opinion")


def criteria_of(defence: Defence) -> list[Criterion]:
    """Return what the panel scores: the criteria with points of the guide that the committee published (R-039).

    What the employer says is not the panel's to see (domain §9), and its own result is not its to score.
    """
    guide = getattr(defence.application.entry.committee, "guide", None)
    return list(guide.criteria.scored_by_people().order_by("order")) if guide is not None else []


def opinion_of(defence: Defence, by: Actor) -> PanelOpinion:
    """Return the expert's opinion as it stands; an unsaved empty one before the first word."""
    found = PanelOpinion.objects.filter(defence=defence, expert=by.person).first()
    return found or PanelOpinion(defence=defence, expert=by.person)


def save(defence: Defence, given: Mapping[str, Any], *, based_on: int, by: Actor, at: dt.datetime) -> PanelOpinion:
    """Store texts (``questions``, ``opinion``) and ``scores`` (by criterion's number); saving the same twice changes nothing.

    Raises Refusal with the code ``changed_elsewhere`` where another window saved since ``based_on``, ``opinion_fixed``
    once handed in, and beside each score that its criterion does not allow.
    """
    if by.person is None or not rules.sits_in_it.test(by, defence):
        raise StepNotPermitted("write", [Reason(_("您不在这场答辩的评议组中。"), "A-48", "step_not_permitted")])
    if defence.state not in SHOWN_TO_PANEL - {DefenceState.COMPLETED}:
        raise Refusal([Reason(_("这场答辩已经结束，意见不能再修改。"), "R-110", "opinion_fixed")])
    fresh = _cleaned(defence, given)
    with transaction.atomic():
        row, is_new = PanelOpinion.objects.select_for_update(of=("self",), no_key=True).get_or_create(
            defence=defence, expert=by.person
        )
        if is_new:
            record(row, "begin", by=by, at=at, after=row.state, basis="R-110")
        if row.state != OpinionState.DRAFT:
            raise Refusal([Reason(_("意见已经提交，不能再修改。"), "R-110", "opinion_fixed")])
        if all(getattr(row, name) == value for name, value in fresh.items()):
            return row
        if row.version != based_on:
            text = _("意见已在另一个窗口修改，本页内容没有保存。请刷新页面后继续。")
            raise Refusal([Reason(text, "R-110", "changed_elsewhere")])
        for name, value in fresh.items():
            setattr(row, name, value)
        row.version, row.saved_at = row.version + 1, at
        row.save()
        return row


def hand_in(defence: Defence, *, by: Actor, at: dt.datetime, key: str | None = None) -> PanelOpinion:
    """Hand the opinion in; it is fixed from now on. Raises StepRefused with everything that is missing."""
    settle_due(defence.application, at)
    with transaction.atomic():
        locked(defence.application)
        opinion = opinion_of(defence, by)
        if opinion.pk is None:
            raise Refusal([Reason(_("请先填写意见。"), "R-110", "opinion_written", "opinion")])
        return carry_out(opinion, "hand_in", by=by, at=at, key=key)


def _cleaned(defence: Defence, given: Mapping[str, Any]) -> dict[str, Any]:
    fresh: dict[str, Any] = {name: str(given[name]).strip()[:LONGEST_TEXT] for name in TEXTS if name in given}
    if "scores" not in given:
        return fresh
    scores, reasons = {}, []
    for criterion in criteria_of(defence):
        value = given["scores"].get(str(criterion.order))
        if value is None or value == "":
            continue
        if not isinstance(value, int) or not 0 <= value <= criterion.max_score:
            text = _("请填写0到%(most)s之间的整数。") % {"most": criterion.max_score}
            reasons.append(Reason(text, "R-110", "score_out_of_range", f"score_{criterion.order}"))
            continue
        scores[str(criterion.order)] = value
    if reasons:
        raise Refusal(reasons)
    return {**fresh, "scores": scores}
