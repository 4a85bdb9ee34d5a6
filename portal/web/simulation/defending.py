"""Defences: a round with its panel, everybody told in time, heard or absent; juniors have none."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.shared.errors import Refusal
from portal.web.simulation.season import Block, moment
from portal.web.simulation.staffing import Desk
from portal.web.simulation.stories import Ending, Story
from review.domain import attending, opining, planning, rounds
from review.enums.defending import DefenceState, Mode
from review.models import Defence, DefenceRound, Room, Slot

PANEL, IN_A_SLOT, MINUTES = 3, 6, 25
BEGINS = 9
BRING = "另请携带主要业绩的证明材料原件。"
ASKED = "问：如何保证成果的稳定应用？答：以过程控制和定期复核保证。"
HEARD = "论述清楚，回答准确，能够独立解决本专业技术问题，业绩真实。"
WEAK = "对关键问题的回答不够深入，独立解决复杂问题的能力有待提高。"


def plan(waiting: Sequence[Application], block: Block, desk: Desk, turn: int, *, day: dt.date, at: dt.datetime) -> None:
    """Open a round for the block's day, give everybody a place in it, and tell them and the panel."""
    heard = [one for one in waiting if one.state == ApplicationState.PAID and one.entry.level.needs_defence]
    if not heard:
        return
    places = _places(len(heard), block, desk, turn, day=day, at=at)
    for application in heard:
        defence = planning.plan(application, next(places), by=desk.office.clerk, at=at)
        planning.notify(defence, by=desk.office.clerk, at=at)


def hear(application: Application, story: Story, desk: Desk, *, at: dt.datetime) -> None:
    """Let the person in, let the panel write and hand in, and close the hearing; absent ones are found by the sweep."""
    if application.state != ApplicationState.AWAITING_DEFENCE or story.ending is Ending.ABSENT:
        return
    defence = Defence.objects.with_all().get(application=application)
    if defence.state != DefenceState.NOTIFIED or defence.slot is None:
        return
    code = attending.code_of(defence)
    attending.check_in(defence, typed=code, identity=True, by=desk.office.clerk, at=defence.slot.starts_at)
    for expert in _sitting(defence.slot, desk):
        _judge(defence, story, expert, defence.slot.ends_at)
    attending.complete(defence, by=desk.office.clerk, at=defence.slot.ends_at)


def _judge(defence: Defence, story: Story, expert: Actor, at: dt.datetime) -> None:
    is_weak = story.ending is Ending.VOTED_DOWN
    scores = {str(one.order): max(0, one.max_score - (12 if is_weak else 4)) for one in opining.criteria_of(defence)}
    given = {"questions": ASKED, "opinion": WEAK if is_weak else HEARD, "scores": scores}
    opining.save(defence, given, based_on=opining.opinion_of(defence, expert).version, by=expert, at=at)
    opining.hand_in(defence, by=expert, at=at)


def _sitting(slot: Slot, desk: Desk) -> list[Actor]:
    by_person = {one.person: one for one in desk.experts}
    rows = slot.sittings.select_related("expert").order_by("pk")
    return [by_person[one.expert] for one in rows]


def _places(number: int, block: Block, desk: Desk, turn: int, *, day: dt.date, at: dt.datetime) -> Iterator[Slot]:
    """Yield the places of a new round on ``day``, slot by slot, a place for everybody."""
    committee, clerk = desk.committee, desk.office.clerk
    title = f"第{block.first + 1}号起答辩"
    opened = rounds.open_round(
        committee, title=title, mode=Mode.ON_SITE, days=(day, day), to_bring=BRING, by=clerk, at=at
    )
    room = rounds.room_of(committee.agency, f"答辩室{block.first + 1}", "北京市朝阳区示例路1号")
    times = rounds.Times(moment(day, BEGINS), MINUTES, number=-(-number // IN_A_SLOT), pause=5, capacity=IN_A_SLOT)
    for slot in _slots(opened, room, times, desk, turn, at=at):
        yield from [slot] * IN_A_SLOT


def _slots(
    opened: DefenceRound, room: Room, times: rounds.Times, desk: Desk, turn: int, *, at: dt.datetime
) -> list[Slot]:
    """Return slots of the three experts whose turn it is, or of the next three who sit nowhere else then."""
    clerk, people = desk.office.clerk, [one.person for one in desk.experts if one.person is not None]
    trios = [people[first : first + PANEL] for first in range(0, len(people) - PANEL + 1, PANEL)]
    for tries in range(len(trios)):
        try:
            with transaction.atomic():
                panel = rounds.add_panel(opened, "评议组", trios[(turn + tries) % len(trios)], by=clerk, at=at)
                return rounds.add_slots(panel, room, times, by=clerk, at=at)
        except Refusal as refusal:
            if tries + 1 == len(trios) or "expert_busy" not in {one.code for one in refusal.reasons}:
                raise
    return []
