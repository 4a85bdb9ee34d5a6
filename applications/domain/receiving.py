"""The employer receives an application, checks it item by item, sends it back, or refuses it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.domain import submitting, telling
from applications.domain.settling import settled_first
from applications.enums import ApplicationState, RecommendationState
from applications.models import Application, Check, Recommendation, Snapshot
from applications.rules import speaks_for_it
from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotOpen, StepNotPermitted
from portal.workflow import carry_out
from portal.workflow.carry_out import locked

CHECKED_IN = frozenset({RecommendationState.CHECKING, RecommendationState.RECHECKING})
LONGEST_REMARK = 300


@dataclass(frozen=True)
class Found:
    """What the employer found about one part."""

    is_right: bool
    remark: str = ""


@settled_first
def receive(recommendation: Recommendation, *, by: Actor, at: dt.datetime, key: str | None = None) -> Recommendation:
    """Open a submitted application for checking (R-070, R-071)."""
    application = hold_both(recommendation)
    opened = carry_out(recommendation, "open", by=by, at=at, key=key)
    if application.state == ApplicationState.SUBMITTED:
        carry_out(application, "receive", by=by, at=at)
    return opened


@settled_first
def check(recommendation: Recommendation, found: Mapping[str, Found], *, by: Actor, at: dt.datetime) -> Recommendation:
    """Store what the employer found about parts of the present snapshot; a part found wrong needs a remark."""
    hold_both(recommendation)
    row = locked(recommendation)
    if not speaks_for_it.test(by, row):
        raise StepNotPermitted("check", [Reason(_("您当前的身份不能核对。"), basis="R-070", code="step_not_permitted")])
    if row.state not in CHECKED_IN:
        text = _("当前状态为「%(state)s」，不能核对。") % {"state": row.get_state_display()}
        raise StepNotOpen("check", [Reason(text, basis="R-071", code="step_not_open")])
    snapshot = present_snapshot(row)
    reasons = list(_against(found, snapshot))
    if reasons:
        raise Refusal(reasons)
    for part, one in found.items():
        Check.objects.update_or_create(
            recommendation=row,
            part=part,
            defaults={
                "is_right": one.is_right,
                "remark": one.remark.strip(),
                "snapshot": snapshot,
                "by": by.person,
                "at": at,
            },
        )
    facts = {"parts": sorted(found), "wrong": sorted(part for part, one in found.items() if not one.is_right)}
    record(row, "check", by=by, at=at, facts=facts, basis="R-071")
    return row


@settled_first
def send_back(
    recommendation: Recommendation, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> Recommendation:
    """Ask the person to change something, while the individual window is open."""
    application = hold_both(recommendation)
    sent = carry_out(recommendation, "send_back", by=by, at=at, key=key, reason=reason)
    if application.state == ApplicationState.WITH_EMPLOYER:
        done = carry_out(application, "send_back", by=by, at=at)
        submitting.discard_snapshot(done, at)
        submitting.back_to_draft(done, at)
        telling.tell_sent_back(done, sent, at)
    return sent


@settled_first
def refuse(
    recommendation: Recommendation, *, ground: str, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> Recommendation:
    """Do not recommend, with ground and reason; the person learns both and the rights against it."""
    application = hold_both(recommendation)
    refused = carry_out(recommendation, "refuse", by=by, at=at, key=key, ground=ground, reason=reason)
    if application.is_live:
        end_unrecommended(application, refused, by=by, at=at)
    return refused


def end_unrecommended(application: Application, refused: Recommendation, *, by: Actor, at: dt.datetime) -> Application:
    """End an application that is not recommended, in the transaction of the refusal."""
    step = "lapse" if application.state == ApplicationState.RESUBMITTED else "not_recommend"
    done = carry_out(application, step, by=SYSTEM if step == "lapse" else by, at=at, reason=refused.remark)
    submitting.close(done, at)
    telling.tell_not_recommended(done, refused, at)
    return done


def hold_both(recommendation: Recommendation) -> Application:
    """Return the application, locked before its recommendation, as every step locks them."""
    return locked(recommendation.application)


def present_snapshot(recommendation: Recommendation) -> Snapshot:
    """Return what the employer looks at: the latest snapshot that has effect; raises StepNotOpen while the person edits."""
    snapshot = recommendation.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    if snapshot is None:
        text = _("申报人正在修改，提交后才能办理。")
        raise StepNotOpen("look", [Reason(text, basis="R-071", code="nothing_submitted")])
    return snapshot


def _against(found: Mapping[str, Found], snapshot: Snapshot) -> Iterable[Reason]:
    parts = set(snapshot.content["parts"])
    for part, one in found.items():
        if part not in parts:
            yield Reason(_("没有这项内容，请刷新页面。"), basis="R-071", code="part_unknown", field=part)
        elif not one.is_right and not one.remark.strip():
            yield Reason(_("不属实的请写明情况。"), basis="R-071", code="remark_missing", field=part)
        elif len(one.remark) > LONGEST_REMARK:
            text = _("备注最多%(most)s字。") % {"most": LONGEST_REMARK}
            yield Reason(text, basis="R-071", code="remark_too_long", field=part)
