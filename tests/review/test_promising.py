"""The twenty working days of the bureau: they stand while all that is left is looked into, day by day (R-006, A-06)."""

import datetime as dt

import pytest

from applications.domain.holding import set_hold
from applications.enums import Hold
from applications.models import Application
from portal.accounts.actors import PUBLIC
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import ringing
from portal.deadlines.models import Deadline
from portal.ledger.models import Entry
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.workflow import settle_due
from review.domain import promising
from review.enums.accepting import LOOKED_INTO, ON_SHOW
from review.models import ResultAcceptance
from tests.factories import acceptances, catalogue, sessions
from tests.factories.defences import on

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R-006"), pytest.mark.rule("A-06")]
ENDS = on(10, 24, 0)  # 24:00 of Friday 23 October


def made_once() -> tuple[list[Application], ResultAcceptance]:
    """Two people who both passed, reported on Monday 12 October: the 13th to the 16th are the bureau's."""
    pair = sessions.ready(catalogue.published_entry(), 2)
    return pair, acceptances.accepted(acceptances.voted(pair, [10, 9]))


@pytest.fixture
def pair(kept: tuple[list[Application], ResultAcceptance]) -> list[Application]:
    return kept[0]


@pytest.fixture
def batch(kept: tuple[list[Application], ResultAcceptance]) -> ResultAcceptance:
    return kept[1]


def look_into(application: Application, at: dt.datetime) -> None:
    set_hold(application, Hold.INVESTIGATION, at=at, basis="R-148")


def let_go(application: Application, at: dt.datetime) -> None:
    set_hold(application, Hold.NONE, at=at, basis="R-148")


def clock_of(batch: ResultAcceptance) -> Deadline:
    found = promising.clock_of(batch)
    assert found is not None
    return found


def standing(batch: ResultAcceptance) -> list[str]:
    """Return the causes that hold the clock now."""
    return [pause.cause for pause in clock_of(batch).pauses.all() if pause.resumed_at is None]


def test_it_runs_for_one_and_stands_once_both_cleared_people_are_looked_into(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    acceptances.posted(batch)
    settle_due(acceptances.fresh(batch), ENDS)
    look_into(pair[0], on(10, 27))
    assert standing(batch) == []
    look_into(pair[1], on(10, 28))
    assert standing(batch) == [LOOKED_INTO]
    assert clock_of(batch).due_at is None
    assert [promising.used(clock_of(batch), on(10, day)) for day in (26, 27, 28, 30)] == [5, 6, 6, 6]
    let_go(pair[0], on(11, 2))
    assert standing(batch) == []
    assert [promising.used(clock_of(batch), on(11, day)) for day in (2, 3)] == [6, 7]
    assert clock_of(batch).due_at == on(11, 21, 0)  # thirteen more: the 4th to the 20th


def test_it_stands_while_nobody_can_be_put_on_a_notice(batch: ResultAcceptance, pair: list[Application]) -> None:
    for one in pair:
        look_into(one, on(10, 19))
    assert standing(batch) == [LOOKED_INTO]
    let_go(pair[1], on(10, 21))
    assert standing(batch) == []
    assert [promising.used(clock_of(batch), on(10, day)) for day in (16, 19, 20, 21, 22)] == [4, 4, 4, 4, 5]


def test_what_is_looked_into_is_never_overdue(batch: ResultAcceptance, pair: list[Application]) -> None:
    for one in pair:
        look_into(one, on(10, 19))
    ringing.ring_due(at=on(12, 31))
    assert not Entry.objects.filter(subject_id=batch.pk, step="overdue").exists()
    assert clock_of(batch).rung_at is None


def test_an_investigation_during_the_notice_is_a_pause_of_its_own(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    acceptances.posted(batch)
    look_into(pair[0], on(10, 19))
    assert standing(batch) == [ON_SHOW]
    look_into(pair[1], on(10, 20))
    assert standing(batch) == [LOOKED_INTO]
    let_go(pair[1], on(10, 21))
    assert standing(batch) == [ON_SHOW]
    settle_due(acceptances.fresh(batch), ENDS)
    assert standing(batch) == []
    assert promising.used(clock_of(batch), on(10, 26)) == 5


def test_whoever_is_left_held_after_the_last_certificate_keeps_the_clock_for_later(
    entry: CatalogueEntry,
) -> None:
    people = sessions.ready(entry, 1)
    batch = acceptances.accepted(acceptances.voted(people, [10]))
    acceptances.posted(batch)
    settle_due(acceptances.fresh(batch), ENDS)
    look_into(people[0], on(10, 27))
    assert clock_of(batch).lifted_at is None
    assert standing(batch) == [LOOKED_INTO]


def test_an_objection_that_is_closed_after_the_notice_takes_no_day_of_its_own(entry: CatalogueEntry) -> None:
    people = sessions.ready(entry, 1)
    batch = acceptances.accepted(acceptances.voted(people, [10]))
    notice = acceptances.posted(batch)
    said = Statement("该同志并非所列成果的完成人，请核实。", name="王同事", contact="13800000000")
    objection = objecting.lodge(notice.lines.get(), said, by=PUBLIC, at=on(10, 21))
    settle_due(notice, ENDS)
    clerk = sessions.defences.staff_of(people[0])
    handed_on = objecting.escalate(objection, by=clerk, at=on(10, 26))
    taken = objecting.accept(handed_on, by=acceptances.clerk(), at=on(10, 27))
    objecting.decide(taken, "find_unfounded", answer="经核实，所反映问题不成立。", by=acceptances.lead(), at=on(10, 28))
    assert standing(batch) == []
    used = [promising.used(clock_of(batch), on(10, day)) for day in (27, 28, 29, 30)]
    assert used == [4, 4, 5, 6]
