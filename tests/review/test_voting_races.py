"""Many at once on real locks: every right is used once, and nothing is counted that came after the close."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from portal.ballot.casting import Choice
from portal.ledger.models import Entry
from portal.shared.errors import Refusal
from review.domain import agenda, scoring, voting
from review.enums.scoring import LineSource, SheetState
from review.enums.sitting import ItemState
from review.models import Ballot, ScoreSheet
from tests.factories import catalogue, sessions
from tests.factories import scoring as scoring_factory
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN
from tests.factories.voting import fresh

pytestmark = pytest.mark.django_db(transaction=True)
YES, NO = Choice.AGREE, Choice.AGAINST


def at_once(*steps: Callable[[], Any]) -> list[str]:
    """Take all steps at the same instant; return "done" or the first reason of the refusal of each."""
    gate, seen = threading.Barrier(len(steps)), [""] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        gate.wait()
        try:
            step()
            seen[place] = "done"
        except Refusal as refusal:
            seen[place] = refusal.reasons[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, step)) for place, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


def test_thirty_vote_in_the_same_second_while_one_presses_twice() -> None:
    entry = catalogue.published_entry()
    session = sessions.planned(entry.committee, mode="electronic", members=31, size=31)
    meeting = electronic.opened(session, sessions.ready(entry), present=30)
    item = sessions.voting(sessions.items(meeting.session)[0])
    roll = meeting.roll(item)
    sent = [(member, meeting.ballot(item, member, YES if place % 3 else NO)) for place, member in enumerate(roll)]
    again = meeting.ballot(item, roll[0], NO)
    steps = [partial(voting.cast, item, *ballot, by=sessions.acting(one), at=BEGUN) for one, ballot in sent]
    steps += [steps[0], partial(voting.cast, item, *again, by=sessions.acting(roll[0]), at=BEGUN)]
    seen = at_once(*steps)
    assert seen[1:30] == ["done"] * 29
    assert sorted({seen[0], seen[31]}) == ["cast_already", "done"]  # one of the first member's two ballots stands
    assert Ballot.objects.filter(voter__item=item).count() == 30
    assert Entry.objects.filter(step="cast").count() == 30
    assert Entry.objects.filter(step="close_vote").count() == 1
    meeting.give_part(fresh(item), 1)
    done = meeting.give_part(fresh(item), 2)
    assert (done.agree or 0) + (done.against or 0) == 30


@pytest.mark.parametrize("_round", range(3))
def test_the_chair_closes_while_a_vote_arrives(_round: int) -> None:
    entry = catalogue.published_entry()
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    roll = meeting.roll(item)
    meeting.cast_all(item, [YES] * 8)
    sent = meeting.ballot(item, roll[8], NO)
    leader = sessions.leader(item)
    closed, vote = at_once(
        lambda: agenda.close_vote(fresh(item), by=leader, at=BEGUN),
        lambda: voting.cast(item, *sent, by=sessions.acting(roll[8]), at=BEGUN),
    )
    assert (closed, vote) in {("done", "done"), ("done", "vote_closed")}
    meeting.give_part(fresh(item), 1)
    done = meeting.give_part(fresh(item), 3)
    came = int(vote == "done")
    assert (done.agree, done.against, done.not_cast) == (8, came, 4 - came)
    assert done.state == ItemState.DECIDED_PASS


def test_two_scrutineers_open_at_the_same_instant() -> None:
    entry = catalogue.published_entry()
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    meeting.cast_all(item, [YES] * 12)
    parts = {seat: (sessions.acting(meeting.in_seat(seat)), meeting.part(item, seat)) for seat in (1, 2, 3)}
    seen = at_once(
        *(lambda a=by, m=part: voting.give_part(fresh(item), m, by=a, at=BEGUN) for by, part in parts.values())
    )
    assert sorted(seen) == ["done", "done", "not_counted_now"]
    assert Entry.objects.filter(step="pass_item").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_vote_opens_while_a_member_hands_in_scores(_round: int) -> None:
    session = scoring_factory.opened()
    item = sessions.presented(sessions.items(session)[0])
    leader, member = sessions.leader(item), sessions.ordinary(session)[0]
    scoring_factory.scored(item, member)
    opened, sheet = at_once(
        lambda: agenda.open_vote(fresh(item), by=leader, at=BEGUN),
        lambda: scoring.hand_in(fresh(item), by=sessions.acting(member), at=BEGUN),
    )
    assert (opened, sheet) in {("done", "done"), ("done", "vote_not_open")}
    assert fresh(item).state == ItemState.VOTING
    kept = ScoreSheet.objects.get(item=item, member=member)
    assert (kept.state == SheetState.HANDED_IN) == (sheet == "done")
    # What the rules find is written with the hand-in, and is gone with its refusal.
    assert kept.lines.exclude(source=LineSource.MEMBER).exists() == (sheet == "done")
    of_both = Q(subject_type="review.AgendaItem", subject_id=item.pk) | Q(subject_type="review.ScoreSheet")
    told = Entry.objects.filter(of_both, step__in=["open_vote", "hand_in"]).order_by("pk")
    steps = list(told.values_list("step", flat=True))
    assert steps == (["hand_in", "open_vote"] if sheet == "done" else ["open_vote"])
