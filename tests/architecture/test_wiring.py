"""What rooms promise each other is there: tasks of the schedule, owners of notices, entries that lead somewhere."""

import datetime as dt

import pytest

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import Role
from portal.celery import app
from portal.deadlines.registry import DeadlineKind, all_kinds, kind_named, register
from portal.http import navigation, worklist
from portal.publicity.enums import NoticeKind
from portal.publicity.registry import owned_kinds
from portal.web.rulebook import by_number
from tests.architecture.sources import python_files
from tests.factories import accounts

# Kinds whose owners come with the processes that they belong to.
AWAITED = {
    NoticeKind.RESULT_UNIT,
    NoticeKind.UNIT_DOCUMENTS,
}


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled <= set(app.tasks)


def test_each_worker_takes_from_every_queue_of_the_schedule() -> None:
    """A queue that a worker has to be told of would be one that nobody works on after a hurried deployment."""
    named = {
        entry["options"].get("queue", app.conf.task_default_queue)
        for entry in app.conf.beat_schedule.values()
        if "options" in entry
    }
    assert named == set(app.amqp.queues.consume_from)


def test_no_task_is_sent_into_the_future() -> None:
    """Timers are rows: a message to the queue with a countdown is lost or doubled when a worker dies."""
    sent = [path for path in python_files() if any(word in path.read_text() for word in ("countdown=", "eta="))]
    assert sent == []


def test_every_kind_of_notice_is_owned_or_awaited() -> None:
    assert owned_kinds() | AWAITED == set(NoticeKind)
    assert not owned_kinds() & AWAITED


def test_every_deadline_kind_rests_on_a_rule() -> None:
    assert all_kinds()
    assert [kind.name for kind in all_kinds() if kind.basis not in by_number()] == []


def test_a_kind_registered_twice_or_reminding_nobody_is_refused() -> None:
    known = all_kinds()[0]
    with pytest.raises(ValueError, match="twice"):
        register(DeadlineKind(known.name, "另一个", "R-001", ring=print))
    with pytest.raises(ValueError, match="nobody who sends them"):
        register(DeadlineKind("planted", "提醒", "R-001", ring=print, reminders=(1,)))
    with pytest.raises(LookupError):
        kind_named("planted")


@pytest.mark.parametrize("role", [None, *Role])
def test_every_desk_entry_leads_somewhere(db: None, now: dt.datetime, role: Role | None) -> None:
    actor: Actor = accounts.actor(role) if role else PUBLIC
    assert all(entry.address.startswith("/") for entry in navigation.entries_for(actor))
    assert all(group.address.startswith("/") for group in worklist.waiting_for(actor, now))
