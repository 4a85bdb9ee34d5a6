"""One notice for many people, one opinion for many people: asked for with one click, worked off off the page."""

import datetime as dt
import logging
import time
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from applications.domain import publicising, queries, recommending
from applications.domain.recommending import Opinion
from applications.enums import BatchKind
from applications.models import Batch, BatchItem, Recommendation
from portal.accounts.actors import Actor
from portal.accounts.queries import actor_of
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal

logger = logging.getLogger(__name__)

# Up to so many people are handled while the person who asked waits.
AT_ONCE = 20
MOST = publicising.MOST_ON_ONE_NOTICE
# A fault may pass by itself: so long after it was asked a notice is tried again, then its people are let go.
TRIED_AGAIN_FOR = dt.timedelta(hours=1)


def ask_to_publicise(
    recommendations: Sequence[Recommendation], *, contact: str, text: str, by: Actor, at: dt.datetime
) -> Batch:
    """Note that one notice shall be posted for many; few are posted at once. Raises Refusal for none or too many."""
    asked = {"contact": contact, "text": text}
    return _asked(BatchKind.PUBLICISE, [(one, {}) for one in recommendations], asked, by=by, at=at)


def ask_to_recommend(
    recommendations: Sequence[Recommendation],
    opinion: Opinion,
    own: Mapping[str, Mapping[str, str]],
    *,
    by: Actor,
    at: dt.datetime,
) -> Batch:
    """Note that many shall be recommended, each by itself; few are recommended at once.

    ``own`` gives by a recommendation's code the ``opinion`` or ``assessment`` that differs from the common one; an
    empty assessment of ``opinion`` stands for what the person's file says (R-076).
    """
    asked = {"opinion": opinion.text, "assessment": opinion.assessment, "truth": opinion.truth}
    people = [(one, own.get(one.code, {})) for one in recommendations]
    return _asked(BatchKind.RECOMMEND, people, asked, by=by, at=at)


def work_off(*, seconds: float) -> int:
    """Go on with waiting batches for about ``seconds`` and return how many steps were made; any number may run at once."""
    made, ends = 0, time.monotonic() + seconds
    failed: set[int] = set()
    while time.monotonic() < ends:
        batch = Batch.objects.waiting().exclude(pk__in=failed).order_by("pk").first()
        if batch is None:
            break
        try:
            if not go_on(batch):
                failed.add(batch.pk)
        except Exception:
            logger.exception("the batch %s could not be worked off", batch)
            failed.add(batch.pk)
        made += 1
    return made


def go_on(batch: Batch) -> bool:
    """Take the next step of a batch in a transaction of its own; False where another worker is at it."""
    if batch.kind == BatchKind.PUBLICISE:
        return _publicise(batch)
    return _recommend_next(batch)


def _asked(
    kind: BatchKind,
    people: Sequence[tuple[Recommendation, Mapping[str, str]]],
    asked: Mapping[str, object],
    *,
    by: Actor,
    at: dt.datetime,
) -> Batch:
    if not 0 < len(people) <= MOST:
        text = _("请选择1至%(most)s人一并办理。") % {"most": MOST}
        raise Refusal([Reason(text, basis="R-072", code="how_many")])
    assert by.organisation is not None and by.person is not None  # noqa: S101, PT018 - the desk is for staff only
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=kind, organisation=by.organisation, person=by.person, asked_at=at, asked=dict(asked)
        )
        items = [BatchItem(batch=batch, recommendation=one, own=dict(own)) for one, own in people]
        BatchItem.objects.bulk_create(items)
        record(batch, "ask", by=by, at=at, facts={"kind": kind, "people": len(items)}, basis="R-072, R-073")
        if len(items) <= AT_ONCE:
            while batch.finished_at is None and go_on(batch):
                batch.refresh_from_db()
    return batch


def _publicise(batch: Batch) -> bool:
    with transaction.atomic():
        held = Batch.objects.waiting().select_for_update(of=("self",), skip_locked=True).filter(pk=batch.pk).first()
        if held is None:
            return False
        people = Recommendation.objects.filter(pk__in=held.items.values("recommendation")).with_all()
        try:
            with transaction.atomic():
                held.notice = publicising.publicise(
                    list(people),
                    contact=held.asked["contact"],
                    text=held.asked["text"],
                    by=_who(held),
                    at=held.asked_at,
                )
        except Refusal as refusal:
            held.reasons = [one.as_dict() for one in refusal.reasons]
        except Exception:
            if clock.now() < held.asked_at + TRIED_AGAIN_FOR:
                raise
            logger.exception("the notice of the batch %s could not be posted", held)
            fault = Reason(_("系统故障，没有发布公示，请重新办理。"), code="fault")
            held.reasons = [fault.as_dict()]
        held.items.update(handled_at=held.asked_at)
        _finish(held)
    return True


def _recommend_next(batch: Batch) -> bool:
    with transaction.atomic():
        waiting = batch.items.filter(handled_at=None).order_by("pk")
        item = waiting.select_for_update(of=("self",), skip_locked=True).first()
        if item is None:
            held = Batch.objects.waiting().select_for_update(of=("self",), skip_locked=True).filter(pk=batch.pk).first()
            if held is None or waiting.exists():
                return False
            _finish(held)
            return True
        one = Recommendation.objects.with_all().get(pk=item.recommendation_id)
        try:
            with transaction.atomic():
                recommending.recommend(one, _opinion(batch, item, one), by=_who(batch), at=batch.asked_at)
        except Refusal as refusal:
            item.reasons = [reason.as_dict() for reason in refusal.reasons]
        except Exception:
            # One person's fault must not stop the others behind it; this one can be tried again from the file.
            logger.exception("%s could not be recommended", one)
            fault = Reason(_("系统故障，没有办理，请在本人页面重新签署。"), code="fault")
            item.reasons = [fault.as_dict()]
        item.handled_at = batch.asked_at
        item.save(update_fields=["handled_at", "reasons"])
    return True


def _opinion(batch: Batch, item: BatchItem, one: Recommendation) -> Opinion:
    common = batch.asked
    snapshot = one.application.snapshots.filter(discarded_at=None).order_by("-number").first()
    told = queries.assessments_in(snapshot) if snapshot else ""
    return Opinion(
        text=item.own.get("opinion") or common["opinion"],
        assessment=item.own.get("assessment") or common["assessment"] or told,
        truth=common["truth"],
    )


def _who(batch: Batch) -> Actor:
    """Return who asked, in the roles held when asking; whoever lost them since is refused by the rules."""
    return actor_of(batch.person, batch.organisation.code, on=clock.day_of(batch.asked_at))


def _finish(batch: Batch) -> None:
    batch.finished_at = clock.now()
    batch.save(update_fields=["notice", "reasons", "finished_at", "updated_at"])
