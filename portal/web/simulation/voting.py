"""The committee: planned, drawn with the commissioner's number, convened, voting on paper, put off, signed."""

import datetime as dt

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor, acting_for
from portal.accounts.roles import Role
from portal.web.simulation.season import Block, moment
from portal.web.simulation.staffing import Desk
from portal.web.simulation.stories import Ending, Story, luck_of, story_of
from review.domain import agenda, drawing, paper_counting, seating, sitting
from review.enums.sitting import BallotMode, SessionState
from review.models import AgendaItem, CommitteeSession, SessionMember

MINUTES = (
    "会议由主任委员主持，逐项听取评议组意见和单位推荐意见，经充分讨论后以无记名投票方式逐项表决，计票结果当场宣布。"
)
REMARK = "会议程序合规，未发现问题。"
OPINION = "材料属实，业绩达到申报级别的要求，同意提交表决。"
PUT_OFF = "主要成果的归属须补充核实，延期到下次会议评审。"
WRITERS = 3


def convene(block: Block, desk: Desk, day: dt.date, *, at: dt.datetime) -> None:
    """Plan the block's session, draw and invite its members, and put whoever waits at the committee's door on its agenda."""
    waiting = Application.objects.filter(entry__committee=desk.committee, state=ApplicationState.READY_FOR_COMMITTEE)
    if not waiting.exists():
        return
    office = desk.office
    assert office.commissioner.person is not None  # noqa: S101 - a commissioner is a person
    plan = sitting.Plan(title_of(block), moment(day, 9), "北京市朝阳区示例路1号三层会议室", BallotMode.PAPER)
    session = sitting.plan(desk.committee, plan, by=office.clerk, at=at)
    sitting.name_commissioner(session, office.commissioner.person, by=office.clerk, at=at)
    draw = drawing.freeze(session, by=office.clerk, at=at)
    drawing.share(draw, f"{day:%Y%m%d}{block.first}", by=office.commissioner, at=at)
    seating.invite_all(session, by=office.clerk, at=at)
    for member in _members(session):
        seating.accept(member, promise=True, by=_acting(member, desk), at=at)
    chair = next(one for one in _members(session) if one.can_chair)
    sitting.name_chair(session, chair, by=office.clerk, at=at)
    sitting.convene(session, by=office.clerk, at=at)
    others = [one for one in _members(session) if one.pk != chair.pk]
    sitting.name_scrutineers(session, others[:3], by=office.clerk, at=at)
    for application in waiting.with_all().order_by("pk"):
        agenda.put_on(session, application, by=office.clerk, at=at)


def meet(block: Block, desk: Desk, seed: int, day: dt.date) -> None:
    """Hold the block's session: everybody comes but one, each case is voted on or put off, the chair signs."""
    session = session_of(block, desk)
    if session is None or session.state != SessionState.CONVENED:
        return
    at, office = moment(day, 9), desk.office
    for member in _coming(session):
        seating.check_in(member, by=office.clerk, at=at)
    seating.commissioner_comes(session, by=office.commissioner, at=at)
    chair = _acting(session.members.select_related("person").get(is_chair=True), desk)
    sitting.open_session(session, by=chair, at=at)
    room = Room(session, desk, chair, moment(day, 10))
    for item in AgendaItem.objects.with_all().filter(session=session).order_by("order"):
        room.settle(item, _story(item, seed), seed)
    late = moment(day, 17)
    sitting.close_session(session, by=chair, at=late)
    sitting.write_minutes(session, MINUTES, by=chair, at=late)
    seating.remark(session, REMARK, by=office.commissioner, at=late)
    sitting.sign(_fresh(session), by=chair, at=late)


class Room:
    """A session under way."""

    def __init__(self, session: CommitteeSession, desk: Desk, chair: Actor, at: dt.datetime) -> None:
        self.desk, self.chair, self.at = desk, chair, at
        rows = session.scrutineers.select_related("member__person").order_by("place")
        self.counting = [_acting(one.member, desk) for one in rows]
        self.writing = [_acting(one, desk) for one in _members(session)[:WRITERS]]

    def settle(self, item: AgendaItem, story: Story, seed: int) -> None:
        """Vote on a case on paper, or put it off."""
        if story.ending is Ending.DEFERRED and item.application.agenda_items.count() == 1:
            agenda.defer(item, reason=PUT_OFF, by=self.chair, at=self.at)
            return
        if not item.application.entry.level.needs_defence:
            for member in self.writing:
                agenda.write_opinion(item, OPINION, by=member, at=self.at)
        row = agenda.present(item, by=self.chair, at=self.at)
        row = agenda.open_vote(row, by=self.chair, at=self.at)
        row = agenda.close_vote(row, by=self.chair, at=self.at)
        counts = votes(row.present_for_item or 0, story, seed)
        first, second, *_third = self.counting
        paper_counting.enter(row, counts, by=first, at=self.at)
        paper_counting.confirm(row, counts, by=second, at=self.at)


def votes(present: int, story: Story, seed: int) -> tuple[int, int, int]:
    """Return who agreed, was against and abstained, of so many present: two thirds of them carry it, one fewer does not."""
    needed, dice = -(-2 * present // 3), luck_of(seed, story.number, "vote")
    if story.ending is Ending.VOTED_DOWN:
        agree = dice.randrange(needed // 2, needed)
    else:
        agree = dice.randrange(needed, present + 1)
    against = dice.randrange(present - agree + 1)
    return agree, against, present - agree - against


def session_of(block: Block, desk: Desk) -> CommitteeSession | None:
    """Return the block's session, None where nobody came as far."""
    rows = CommitteeSession.objects.with_all().filter(committee=desk.committee, title=title_of(block))
    return rows.first()


def title_of(block: Block) -> str:
    """Return how the block's session is called."""
    return f"第{block.first + 1}号起评审会议"


def _story(item: AgendaItem, seed: int) -> Story:
    return story_of(seed, int(item.application.applicant.username.rpartition("-")[2]))


def _coming(session: CommitteeSession) -> list[SessionMember]:
    """Return who comes: the chair, the scrutineers and the others, but for the last one drawn."""
    counting = set(session.scrutineers.values_list("member", flat=True))
    rows = sorted(_members(session), key=lambda one: (not one.is_chair, one.pk not in counting, one.place))
    return rows[:-1]


def _members(session: CommitteeSession) -> list[SessionMember]:
    rows = session.members.seated().select_related("person", "session__committee__agency")
    return list(rows.order_by("place"))


def _acting(member: SessionMember, desk: Desk) -> Actor:
    return acting_for(member.person, desk.committee.agency, frozenset({Role.EXPERT}))


def _fresh(session: CommitteeSession) -> CommitteeSession:
    return CommitteeSession.objects.with_all().get(pk=session.pk)
