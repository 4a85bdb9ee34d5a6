"""The employer receives an application, checks it item by item, sends it back, or refuses it."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import dateformat
from django.utils.translation import gettext as _

from applications.domain import reading, submitting, telling
from applications.domain.settling import settled_first
from applications.enums import AWAITING_EMPLOYER, ApplicationState, RecommendationState
from applications.models import Application, BatchItem, Check, Recommendation, Snapshot
from applications.rules import speaks_for_it
from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotOpen, StepNotPermitted, StepRefused
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
    row = _to_be_checked(recommendation, by)
    snapshot = present_snapshot(row)
    reasons = list(_against(found, snapshot))
    if reasons:
        raise Refusal(reasons)
    changed = _unlike_stored(row, snapshot, found)
    if changed:
        _store(row, snapshot, changed, by=by, at=at)
        wrong = sorted(part for part, one in changed.items() if not one.is_right)
        record(row, "check", by=by, at=at, facts={"parts": sorted(changed), "wrong": wrong}, basis="R-071")
    return row


@settled_first
def carry_over(recommendation: Recommendation, parts: Collection[str], *, by: Actor, at: dt.datetime) -> Recommendation:
    """Let what was found right before a correction stand for ``parts`` that did not change since.

    Stored for the present snapshot under the name of whoever carries it over; raises Refusal for a part that changed,
    was not found right before, or was looked at again already.
    """
    row = _to_be_checked(recommendation, by)
    snapshot = present_snapshot(row)
    before = checked_before(row, snapshot)
    unchanged = set(still_right(row, snapshot, before)) if before else set()
    if not parts or set(parts) - unchanged:
        text = _("有内容已变化或者已重新核对，不能沿用此前的核对结果，请刷新页面。")
        raise Refusal([Reason(text, basis="R-078", code="part_changed")])
    _store(row, snapshot, dict.fromkeys(parts, Found(is_right=True)), by=by, at=at)
    record(row, "carry_over", by=by, at=at, facts={"parts": sorted(parts)}, basis="R-078")
    return row


def checked_before(recommendation: Recommendation, snapshot: Snapshot) -> Snapshot | None:
    """Return the content on which the employer last had an opinion before ``snapshot``: the recommended, or the last checked."""
    if recommendation.snapshot is not None and recommendation.snapshot.number < snapshot.number:
        return recommendation.snapshot
    earlier = Check.objects.filter(recommendation=recommendation, snapshot__number__lt=snapshot.number)
    last = earlier.select_related("snapshot").order_by("-snapshot__number").first()
    return last.snapshot if last else None


def still_right(recommendation: Recommendation, snapshot: Snapshot, before: Snapshot) -> list[str]:
    """Return the parts that were found right on ``before`` and read the same in ``snapshot``, files and warnings included."""
    checks = recommendation.checks.filter(snapshot=before, is_right=True).values_list("part", flat=True)
    old = {part.key: part for part in reading.parts_of(before.content)}
    found = set(checks)
    return [part.key for part in reading.parts_of(snapshot.content) if part.key in found and old.get(part.key) == part]


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
    first_what_was_asked_first(application, "refuse", at)
    refused = carry_out(recommendation, "refuse", by=by, at=at, key=key, ground=ground, reason=reason)
    if application.is_live:
        end_unrecommended(application, refused, by=by, at=at)
    return refused


def end_unrecommended(application: Application, refused: Recommendation, *, by: Actor, at: dt.datetime) -> Application:
    """End an application that is not recommended, in the transaction of the refusal."""
    done = carry_out(application, "not_recommend", by=by, at=at, reason=refused.remark)
    submitting.close(done, at)
    telling.tell_not_recommended(done, refused, at)
    return done


def asked_with_many(application: Application, at: dt.datetime) -> BatchItem | None:
    """Return what the employer asked before ``at`` for many at once and was not done for this person yet (A-33)."""
    waiting = BatchItem.objects.filter(recommendation__application=application, handled_at=None)
    return (
        waiting.filter(batch__asked_at__lt=at)
        .select_related("batch", "recommendation")
        .order_by("batch__asked_at")
        .first()
    )


def first_what_was_asked_first(application: Application, step: str, at: dt.datetime) -> None:
    """Raise StepRefused while something asked earlier with many waits: it counts as of when it was asked, this would not.

    It is worked off in seconds. Only until then is the employer's time prolonged, for what was asked and nothing else.
    """
    waiting = asked_with_many(application, at)
    if waiting is None or waiting.recommendation.state not in AWAITING_EMPLOYER:
        return
    text = _("%(asked)s已在批量办理（编号%(code)s）中提交「%(kind)s」，正在后台办理，请等待办结后再查看结果。") % {
        "asked": dateformat.format(waiting.batch.asked_at.astimezone(clock.BEIJING), _("Y年n月j日 H:i")),
        "code": waiting.batch.code,
        "kind": waiting.batch.get_kind_display(),
    }
    raise StepRefused(step, [Reason(text, basis="R-073", code="asked_with_many")])


def hold_both(recommendation: Recommendation) -> Application:
    """Return the application, locked before its recommendation, as every step locks them."""
    return locked(recommendation.application)


def hold_all(recommendations: Sequence[Recommendation]) -> list[Application]:
    """Return the applications of many, locked in the order of their keys, in which every step for many locks them."""
    keys = [one.application_id for one in recommendations]
    rows = Application.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    held = {one.pk: one for one in rows.select_related("applicant", "entry__schedule").order_by("pk")}
    return [held[key] for key in keys]


def present_snapshots(recommendations: Sequence[Recommendation]) -> dict[int, Snapshot]:
    """Return what the employer looks at of many, by the application's primary key; nothing for drafts. One query."""
    keys = [one.application_id for one in recommendations]
    rows = Snapshot.objects.filter(application__in=keys, discarded_at=None)
    return {one.application_id: one for one in rows.order_by("application", "-number").distinct("application")}


def present_snapshot(recommendation: Recommendation) -> Snapshot:
    """Return what the employer looks at: the latest snapshot that has effect; raises StepNotOpen while the person edits."""
    snapshot = recommendation.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    if snapshot is None:
        text = _("申报人正在修改，提交后才能办理。")
        raise StepNotOpen("look", [Reason(text, basis="R-071", code="nothing_submitted")])
    return snapshot


def _to_be_checked(recommendation: Recommendation, by: Actor) -> Recommendation:
    hold_both(recommendation)
    row = locked(recommendation)
    if not speaks_for_it.test(by, row):
        raise StepNotPermitted("check", [Reason(_("您当前的身份不能核对。"), basis="R-070", code="step_not_permitted")])
    if row.state not in CHECKED_IN:
        text = _("当前状态为「%(state)s」，不能核对。") % {"state": row.get_state_display()}
        raise StepNotOpen("check", [Reason(text, basis="R-071", code="step_not_open")])
    return row


def _unlike_stored(row: Recommendation, snapshot: Snapshot, found: Mapping[str, Found]) -> dict[str, Found]:
    """Return what differs from the stored findings, so that a page saved again leaves no trace of unmade checks."""
    rows = row.checks.filter(snapshot=snapshot).values_list("part", "is_right", "remark")
    stored = {part: (is_right, remark) for part, is_right, remark in rows}
    return {part: one for part, one in found.items() if stored.get(part) != (one.is_right, one.remark.strip())}


def _store(row: Recommendation, snapshot: Snapshot, found: Mapping[str, Found], *, by: Actor, at: dt.datetime) -> None:
    Check.objects.bulk_create(
        [
            Check(
                recommendation=row,
                part=part,
                is_right=one.is_right,
                remark=one.remark.strip(),
                snapshot=snapshot,
                by=by.person,
                at=at,
            )
            for part, one in found.items()
        ],
        update_conflicts=True,
        unique_fields=["recommendation", "part"],
        update_fields=["is_right", "remark", "snapshot", "by", "at", "updated_at"],
    )


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
