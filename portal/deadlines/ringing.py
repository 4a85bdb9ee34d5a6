"""The sweep: every due deadline rings exactly once, whether it runs on time, late, twice, or dies in the middle.

Lock order is subject first, then deadline, as in every step that sets or lifts one; so a sweep and a person who
work on the same subject wait for each other or step aside, and never for ever.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import F, Q

from portal.deadlines import settled
from portal.deadlines.models import WAITING, Deadline, DeadlineQuerySet, Reminder
from portal.deadlines.registry import kind_named
from portal.shared.prepared import Taught

logger = logging.getLogger(__name__)

BATCH = 50
LONGEST_PAUSE = dt.timedelta(hours=1)

# One statement instead of three: the sweep's rate is decided by its conversations with the database.
MARK_RUNG = """
WITH rung AS (
  UPDATE deadlines_deadline AS this SET rung_at = due_at
  WHERE id = %(deadline)s AND due_at = %(due_at)s AND rung_at IS NULL AND lifted_at IS NULL
    AND NOT EXISTS (
      SELECT FROM deadlines_deadline AS earlier
      WHERE earlier.subject_type_id = this.subject_type_id AND earlier.subject_id = this.subject_id
        AND earlier.rung_at IS NULL AND earlier.lifted_at IS NULL
        AND (earlier.due_at, earlier.id) < (this.due_at, this.id)
        AND (earlier.try_again_at IS NULL OR earlier.try_again_at <= this.due_at)
    )
  RETURNING id
), dropped AS (
  DELETE FROM deadlines_reminder USING rung WHERE deadline_id = rung.id AND reminded_at IS NULL
)
SELECT count(*) FROM rung
"""

# Asked before every step and every page of a subject, and nearly always answered with no: Django would need ten times as
# long to write it.
IS_ANYTHING_DUE = Taught(
    """
    SELECT EXISTS (
      SELECT FROM deadlines_deadline
      WHERE subject_type_id = $1 AND subject_id = $2 AND rung_at IS NULL AND lifted_at IS NULL
        AND due_at <= $3 AND (try_again_at IS NULL OR try_again_at <= $3)
    )
    """,
    "integer",
    "bigint",
    "timestamptz",
)


@dataclass
class Rung:
    """What one sweep did."""

    rung: int = 0
    reminded: int = 0
    failed: int = 0


def ring_due(*, at: dt.datetime) -> Rung:
    """Ring every deadline due at or before ``at``, each in its own transaction; send the reminders that are due.

    One that fails is noted with its error, tried again later and shown to staff; the others go on.
    """
    done = Rung()
    while _ring_round(done, at):
        continue
    done.reminded = _remind_due(at)
    return done


def _ring_round(done: Rung, at: dt.datetime) -> bool:
    """Ring what is due, add it to ``done``, and return whether anything rang: a ring may set what was due before it."""
    before = done.rung
    for deadline in _in_batches(_due(at)):
        try:
            done.rung += _ring(deadline, wait=False)
        except Exception as error:
            logger.exception("deadline %s of kind %s failed", deadline.pk, deadline.kind)
            _note_failure(deadline, error, at)
            done.failed += 1
    return done.rung > before


def settle_due(subject: models.Model, at: dt.datetime) -> bool:
    """Ring what is due on ``subject`` before somebody acts on it, so that an expired deadline is never overtaken.

    Asks again after each round, as one ring may set the next: a notice that ends has its lines cleared at once.
    Returns whether anything was due, also where somebody else rang it meanwhile.
    """
    if subject.pk is None or settled.covers(subject, at):
        return False
    was_due = False
    while is_anything_due(subject, at):
        was_due = True
        if not sum(_ring(deadline, wait=True) for deadline in _due(at).of(subject).order_by("due_at", "pk")):
            break
    return was_due


def is_anything_due(subject: models.Model, at: dt.datetime) -> bool:
    """Return whether a deadline waits on ``subject`` that was due at or before ``at`` and is not to be tried later."""
    of = ContentType.objects.get_for_model(subject)
    ((found,),) = IS_ANYTHING_DUE.rows(of.pk, subject.pk, at)
    return bool(found)


def try_again(*, at: dt.datetime) -> Rung:
    """Ring what failed without waiting for its next turn; for the person who has just mended the cause."""
    failing().update(try_again_at=None)
    return ring_due(at=at)


def overdue(at: dt.datetime) -> int:
    """Return how many deadlines are due and have not rung; more than a sweep's worth means that nobody sweeps."""
    return Deadline.objects.waiting().filter(due_at__lte=at).count()


def failing() -> models.QuerySet[Deadline]:
    """Return the waiting deadlines whose ringing failed, for the staff who must look."""
    return Deadline.objects.waiting().filter(attempts__gt=0).order_by("due_at")


def _due(at: dt.datetime) -> DeadlineQuerySet:
    ready = Q(try_again_at=None) | Q(try_again_at__lte=at)
    return Deadline.objects.filter(WAITING & ready, due_at__lte=at)


def _in_batches(due: DeadlineQuerySet) -> Iterator[Deadline]:
    """Yield due deadlines in order, asking anew every fifty and until nothing more is due, so that what a ring sets is seen."""
    last: Deadline | None = None
    while True:
        rest = due if last is None else due.filter(Q(due_at=last.due_at, pk__gt=last.pk) | Q(due_at__gt=last.due_at))
        batch = list(rest.order_by("due_at", "pk")[:BATCH])
        if not batch:
            return
        yield from batch
        last = batch[-1]


def _ring(deadline: Deadline, *, wait: bool) -> bool:
    """Ring one deadline unless it rang or was lifted meanwhile; without ``wait`` step aside for whoever holds the subject.

    What fell due on the subject before it rings first, so that a late sweep leaves what one on time would have left.
    """
    if deadline.due_at is None:
        return False
    with transaction.atomic():
        subject = _locked_subject(deadline, wait=wait)
        if subject is None:
            return False
        if not _mark_rung(deadline):
            for earlier in _before(deadline, deadline.due_at):
                _ring(earlier, wait=True)
            if not _mark_rung(deadline):
                return False
        with settled.up_to(subject, deadline.due_at):
            kind_named(deadline.kind).ring(subject, deadline.due_at)
    return True


def _mark_rung(deadline: Deadline) -> bool:
    """Mark the deadline as rung and drop its reminders, if it still waits and nothing earlier waits on its subject."""
    with connection.cursor() as cursor:
        cursor.execute(MARK_RUNG, {"deadline": deadline.pk, "due_at": deadline.due_at})
        return bool(cursor.fetchone()[0])


def _before(deadline: Deadline, due_at: dt.datetime) -> DeadlineQuerySet:
    """Return what fell due on the same subject before ``deadline``, or together with it and was set before it."""
    earlier = Q(due_at__lt=due_at) | Q(due_at=due_at, pk__lt=deadline.pk)
    same = {"subject_type": deadline.subject_type_id, "subject_id": deadline.subject_id}
    return _due(due_at).filter(earlier, **same).order_by("due_at", "pk")


def _locked_subject(deadline: Deadline, *, wait: bool) -> models.Model | None:
    model = ContentType.objects.get_for_id(deadline.subject_type_id).model_class()
    if model is None:
        raise LookupError(f"The subject of deadline {deadline.pk} belongs to no model of the portal.")
    rows = model._base_manager.select_for_update(of=("self",), no_key=True, skip_locked=not wait)
    return rows.filter(pk=deadline.subject_id).first()


def _note_failure(deadline: Deadline, error: Exception, at: dt.datetime) -> None:
    pause = min(dt.timedelta(seconds=30) * 2**deadline.attempts, LONGEST_PAUSE)
    text = f"{type(error).__name__}: {error}"[:2000]
    Deadline.objects.filter(pk=deadline.pk).update(attempts=F("attempts") + 1, last_error=text, try_again_at=at + pause)


def _remind_due(at: dt.datetime) -> int:
    sent = 0
    due = Reminder.objects.filter(reminded_at=None, remind_at__lte=at)
    for pk in list(due.order_by("remind_at", "pk").values_list("pk", flat=True)[: BATCH * 20]):
        with transaction.atomic():
            reminder = (
                due.select_for_update(of=("self",), skip_locked=True).select_related("deadline").filter(pk=pk).first()
            )
            if reminder is not None:
                sent += _remind(reminder, at)
    return sent


def _remind(reminder: Reminder, at: dt.datetime) -> bool:
    """Send the reminder once; one whose deadline has ended or stands still meanwhile is dropped."""
    deadline = reminder.deadline
    has_ended = deadline.rung_at is not None or deadline.lifted_at is not None
    if has_ended or deadline.due_at is None or deadline.due_at <= at:
        reminder.delete()
        return False
    Reminder.objects.filter(pk=reminder.pk).update(reminded_at=at)
    remind = kind_named(deadline.kind).remind
    if remind is not None:
        remind(deadline.subject, reminder.remaining, at)
    return True
