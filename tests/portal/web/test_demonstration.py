"""The demonstration's year: loaded by real steps, the same when loaded twice, and moved by its clock."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications import demo as applications
from applications.models import Application
from portal.deadlines import ringing
from portal.ledger.models import Entry
from portal.publicity.models import Notice
from portal.shared import clock
from portal.web import demonstration
from review import demo as review
from review import demo_autumn
from review.models import CommitteeSession, DefenceRound, Slot

STATES = {
    "demo-draft": "draft",
    "demo-submitted": "submitted",
    "demo-checking": "with_employer",
    "demo-publicising": "with_employer",
    "demo-sent-back": "draft",
    "demo-refused": "not_recommended",
    "demo-queued": "recommended",
    "demo-reviewing": "under_review",
    "demo-proposed": "under_review",
    "demo-returned": "returned",
    "demo-rejected": "rejected",
    "demo-fee": "review_passed",
    "demo-paid": "paid",
    "demo-defence": "awaiting_defence",
    "demo-defence-2": "awaiting_defence",
    "demo-ready": "on_agenda",
    "demo-ready-2": "on_agenda",
}


pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def loaded(standing: Callable[..., Any]) -> None:
    """Load the demonstration once for both."""
    standing(demonstration.load)


def test_loading_twice_is_loading_once() -> None:
    once = Entry.objects.count()
    assert dict(Application.objects.values_list("applicant__username", "state")) == STATES
    assert STATES.keys() == {figure.username for figure in (*applications.FIGURES, *review.FIGURES)}
    assert clock.now() - demonstration.BEGINS < dt.timedelta(minutes=5)
    clock.move_by(dt.timedelta(days=3))
    demonstration.load()
    assert Entry.objects.count() == once
    assert clock.today() == dt.date(2026, 7, 11)


def test_an_autumn_waits_for_whoever_applies_in_summer() -> None:
    """The README's walk from draft to certificate rests on it: a round with free slots, and a convened session."""
    held = CommitteeSession.objects.get(title=demo_autumn.SESSION.title)
    opened = DefenceRound.objects.get(title=demo_autumn.ROUND)
    applied = Application.objects.get(applicant__username="demo-submitted").entry
    assert held.committee == opened.committee == applied.committee
    assert (held.state, held.members.filter(state="accepted").count()) == ("convened", 11)
    assert Slot.objects.filter(panel__round=opened, defences=None).count() == 4


def test_moving_the_clock_moves_what_is_open(visit: Callable[..., Client]) -> None:
    running = Notice.objects.get(title=demonstration.publicity.RUNNING)
    assert "提出异议" in visit().get(f"/notices/{running.code}/").content.decode()
    clock.move_to(clock.start_of(dt.date(2026, 7, 14)))
    ringing.ring_due(at=clock.now())
    page = visit().get(f"/notices/{running.code}/").content.decode()
    assert ("公示期满" in page, "提出异议" in page) == (True, False)
