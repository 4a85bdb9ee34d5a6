"""Sessions that reached a state by the real steps, on Saturday 10 October 2026, a make-up working day (scenario S5)."""

import datetime as dt
from collections.abc import Iterable, Sequence

from applications.models import Application
from portal.accounts.actors import Actor, acting_for
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry, Committee
from review.domain import agenda, drawing, paper_counting, seating, sitting
from review.domain.sitting import Plan
from review.enums.sitting import BallotMode, MemberState, SessionState
from review.models import AgendaItem, CommitteeFiling, CommitteeSession, SessionMember
from tests.factories import accounts, catalogue, defences, filings
from tests.factories.defences import on

PREPARED, DRAWN, CONVENED = on(9, 21), on(9, 22), on(9, 28)
STARTS = on(10, 10, 9)
BEGUN = on(10, 10, 9, 5)
SHARE = "20261010ABC"
OPINION = "材料属实，业绩达到申报级别的要求，同意提交表决。"
MINUTES = "会议由主任委员主持，逐项听取评议组意见和单位推荐意见，经充分讨论后以无记名投票方式逐项表决，计票结果当场宣布。会议纪律良好，回避情况已记录。"


def committee() -> Committee:
    """Return the committee of a published row of the catalogue."""
    found = catalogue.published_entry().committee
    assert found is not None
    return found


def filing(of: Committee, *, members: int = 19, size: int = 15) -> CommitteeFiling:
    return filings.filed(of, members, size=size)


def clerk(session: CommitteeSession) -> Actor:
    return defences.agency_staff(session.committee.agency)


def lead(session: CommitteeSession) -> Actor:
    return defences.agency_staff(session.committee.agency, Role.AGENCY_LEAD)


def commissioner_of(session: CommitteeSession) -> Actor:
    """Return the session's commissioner, made and named on first use."""
    agency = session.committee.agency
    person = CommitteeSession.objects.get(pk=session.pk).commissioner
    if person is None:
        watching = accounts.actor(Role.COMMISSIONER, at=agency)
        assert watching.person is not None
        sitting.name_commissioner(session, watching.person, by=clerk(session), at=PREPARED)
        return watching
    place = Membership.objects.get(person=person, role=Role.COMMISSIONER).organisation
    return acting_for(person, place, frozenset({Role.COMMISSIONER}))


def planned(
    of: Committee | None = None, *, mode: str = BallotMode.PAPER, members: int = 19, size: int = 15
) -> CommitteeSession:
    """Return a session whose members are not drawn yet; the committee is filed where it was not."""
    where = of or committee()
    if not CommitteeFiling.objects.filter(agency=where.agency, name=where.name).exists():
        filing(where, members=members, size=size)
    by = defences.agency_staff(where.agency)
    session = sitting.plan(
        where, Plan("2026年第一次评审会议", STARTS, "北京市海淀区示例路1号三层会议室", mode), by=by, at=PREPARED
    )
    commissioner_of(session)
    return fresh(session)


def fresh(session: CommitteeSession) -> CommitteeSession:
    return CommitteeSession.objects.with_all().get(pk=session.pk)


def drawn(session: CommitteeSession | None = None, **fields: object) -> CommitteeSession:
    """Return a session whose members were drawn with the commissioner's share."""
    one = session or planned(**fields)  # type: ignore[arg-type]
    draw = drawing.freeze(one, by=clerk(one), at=DRAWN)
    drawing.share(draw, SHARE, by=commissioner_of(one), at=DRAWN)
    return fresh(one)


def acting(member: SessionMember) -> Actor:
    """Return the member acting as an expert of the agency."""
    return acting_for(member.person, member.session.committee.agency, frozenset({Role.EXPERT}))


def members(session: CommitteeSession) -> list[SessionMember]:
    """Return who has a seat, in the order drawn."""
    rows = session.members.seated().select_related("person", "session__committee__agency")
    return list(rows.order_by("place"))


def chair(session: CommitteeSession) -> Actor:
    return acting(session.members.select_related("person").get(is_chair=True))


def accepted(session: CommitteeSession | None = None, **fields: object) -> CommitteeSession:
    """Return a drawn session whose members all accepted, the chair named."""
    one = session or planned(**fields)  # type: ignore[arg-type]
    if one.state == SessionState.DRAFT:
        one = drawn(one)
    seating.invite_all(one, by=clerk(one), at=DRAWN)
    for member in members(one):
        seating.accept(member, promise=True, by=acting(member), at=DRAWN)
    head = next(member for member in members(one) if member.can_chair)
    sitting.name_chair(one, head, by=clerk(one), at=DRAWN)
    return fresh(one)


def convened(
    session: CommitteeSession | None = None, cases: Iterable[Application] = (), **fields: object
) -> CommitteeSession:
    """Return a convened session with these cases on its agenda and three scrutineers named."""
    one = accepted(session, **fields)
    sitting.convene(one, by=clerk(one), at=CONVENED)
    one = fresh(one)
    sitting.name_scrutineers(one, ordinary(one)[:3], by=clerk(one), at=CONVENED)
    for case in cases:
        agenda.put_on(one, case, by=clerk(one), at=CONVENED)
    return fresh(one)


def ordinary(session: CommitteeSession) -> list[SessionMember]:
    """Return the members who do not chair."""
    return [member for member in members(session) if not member.is_chair]


def check_in(session: CommitteeSession, number: int | None = None, *, at: dt.datetime = STARTS) -> list[SessionMember]:
    """Let the chair, then the others in their order, come until ``number`` are in the room."""
    waiting = sorted(members(session), key=lambda member: (not member.is_chair, member.place))
    coming = waiting if number is None else waiting[:number]
    for member in coming:
        if member.state == MemberState.ACCEPTED:
            seating.check_in(member, by=clerk(session), at=at)
    return members(session)


def opened(
    session: CommitteeSession | None = None,
    cases: Iterable[Application] = (),
    *,
    present: int | None = None,
    **fields: object,
) -> CommitteeSession:
    """Return an open session: ``present`` members in the room, scrutineers among them, the commissioner watching."""
    one = convened(session, cases, **fields)
    check_in(one, present)
    seating.commissioner_comes(one, by=commissioner_of(one), at=STARTS)
    sitting.open_session(one, by=chair(one), at=BEGUN)
    return fresh(one)


# --- Cases ------------------------------------------------------------------------------------
def ready(entry: CatalogueEntry, number: int = 1) -> list[Application]:
    """Return applications at the committee's door, all heard by one panel."""
    paid = [defences.paid(entry) for _each in range(number)]
    round_ = defences.round_of(paid[0].entry.committee, title=f"答辩{paid[0].code}")  # type: ignore[arg-type]
    slot = defences.slots(defences.panel(round_), capacity=number, room=f"答辩室{paid[0].code}")[0]
    return [defences.heard(one, slot) for one in paid]


def items(session: CommitteeSession) -> list[AgendaItem]:
    return list(AgendaItem.objects.with_all().filter(session=session).order_by("order"))


def presented(item: AgendaItem, *, at: dt.datetime = BEGUN) -> AgendaItem:
    """Return the case under discussion; three members write where no panel heard the person."""
    if getattr(item.application, "defence", None) is None:
        kept_out = set(item.recusals.values_list("member", flat=True))
        writing = [one for one in members(item.session) if one.pk not in kept_out][:3]
        for member in writing:
            agenda.write_opinion(item, OPINION, by=acting(member), at=at)
    return agenda.present(item, by=leader(item), at=at)


def leader(item: AgendaItem) -> Actor:
    found = item.leader
    return acting(found) if found is not None else chair(item.session)


def voting(item: AgendaItem, *, at: dt.datetime = BEGUN) -> AgendaItem:
    """Return the case with its vote open."""
    done = presented(item, at=at)
    return agenda.open_vote(done, by=leader(done), at=at)


def counted(item: AgendaItem, *, at: dt.datetime = BEGUN) -> AgendaItem:
    """Return the case with its vote closed and nothing counted."""
    done = voting(item, at=at)
    return agenda.close_vote(done, by=leader(done), at=at)


def scrutineers(item: AgendaItem) -> Sequence[Actor]:
    kept_out = item.recusals.values("member")
    rows = item.session.scrutineers.exclude(member__in=kept_out).select_related("member__person")
    return [acting(one.member) for one in rows.order_by("place")]


def decided(item: AgendaItem, agree: int, against: int = 0, abstain: int = 0, *, at: dt.datetime = BEGUN) -> AgendaItem:
    """Return the case with these totals, on paper: one scrutineer enters them and another confirms."""
    return counted_on_paper(counted(item, at=at), agree, against, abstain, at=at)


def counted_on_paper(
    item: AgendaItem, agree: int, against: int = 0, abstain: int = 0, *, at: dt.datetime = BEGUN
) -> AgendaItem:
    """Return the closed vote with its totals: one scrutineer enters them and another confirms."""
    first, second, *_third = scrutineers(item)
    paper_counting.enter(item, (agree, against, abstain), by=first, at=at)
    return paper_counting.confirm(item, (agree, against, abstain), by=second, at=at)


def closed(session: CommitteeSession, *, at: dt.datetime = BEGUN) -> CommitteeSession:
    sitting.close_session(session, by=chair(session), at=at)
    return fresh(session)


def signed(session: CommitteeSession, *, at: dt.datetime = BEGUN) -> CommitteeSession:
    """Return a closed session after minutes, remarks and the chair's signature."""
    one = closed(session, at=at)
    sitting.write_minutes(one, MINUTES, by=chair(one), at=at)
    if one.commissioner_came_at:
        seating.remark(one, "会议程序合规，未发现问题。", by=commissioner_of(one), at=at)
    sitting.sign(one, by=chair(one), at=at)
    return fresh(one)
