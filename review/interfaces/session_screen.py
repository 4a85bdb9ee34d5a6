"""What one reader's screen of a session shows: the steps in their hand, the case in discussion, agenda and attendance.

Totals are for members and the commissioner once they are counted, for the agency after the signature, for the bureau
always (domain §9). A member who keeps out of a case sees its number and nothing else.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.accounts.rules import bureau
from portal.workflow import OpenStep, open_steps
from portal.workflow.machine import transitions_of
from review import rules
from review.domain import agenda, drawing, inviting, scoring
from review.enums.sitting import (
    AFTER_SIGNING,
    BEFORE_OPENING,
    BEFORE_VOTE,
    DECIDED,
    ITEM_TONES,
    MEMBER_TONES,
    ItemState,
    MemberState,
    SessionState,
)
from review.guards.members import day_has_come
from review.interfaces.agenda_window import Wanted, window_of
from review.interfaces.voting_standing import preparation_of, standing_of
from review.models import AgendaItem, CommitteeSession, SessionMember

Steps = list[tuple[OpenStep, str]]
OWN_PAGES = {
    "accept": "session_accept",
    "decline": "session_decline",
    "check_in": "session_check_in",
    "leave": "session_leave",
}
# In the order in which a meeting takes them; what ends it or puts off stands last.
OF_SESSION = ("convene", "open_session", "close_session", "sign", "report", "cancel", "void")
OF_ITEM = ("present", "open_vote", "close_vote", "defer", "remove")
OVER = frozenset({SessionState.CLOSED, SessionState.CANCELLED, SessionState.VOIDED, *AFTER_SIGNING})
COUNTED_STATES = frozenset({*DECIDED, ItemState.VOIDED})
OUT_OF_TURN = sorted(
    (
        OpenStep(found.name, found.custom["label"], found.custom["basis"], found.custom["caution"], ())
        for found in transitions_of(AgendaItem)
        if found.source == ItemState.LISTED and found.name in OF_ITEM
    ),
    key=lambda one: OF_ITEM.index(one.name),
)


@dataclass(frozen=True)
class Reader:
    """In which capacities the actor meets this session."""

    seat: SessionMember | None
    is_agency: bool
    is_bureau: bool
    is_commissioner: bool
    is_scrutineer: bool
    answers_stop: bool = False

    @property
    def is_chair(self) -> bool:
        """Whether the actor chairs."""
        return self.seat is not None and self.seat.is_chair

    @property
    def moves_cases(self) -> bool:
        """Whether steps of cases can be in this reader's hand at all: everybody else's screen need not ask for them."""
        return self.is_agency or (self.seat is not None and (self.seat.is_chair or self.seat.can_chair))

    @property
    def sees_recusals(self) -> bool:
        """Whether the reader learns who keeps out and why: members know only how many (domain §8.6, A-47)."""
        return self.is_agency or self.is_bureau or self.is_commissioner

    def sees_totals(self, session: CommitteeSession) -> bool:
        """Whether totals of decided cases are for this reader now."""
        return (
            self.seat is not None
            or self.is_commissioner
            or self.is_bureau
            or session.state in AFTER_SIGNING | {SessionState.VOIDED}
        )


@dataclass(frozen=True)
class Changes:
    """What of the room's order the reader may change now; before the opening the agency finds it with the preparations."""

    chair: bool
    scrutineers: bool
    paper: bool


@dataclass(frozen=True)
class KeptOut:
    """A member who keeps out of a case, for those who prepare, watch and oversee."""

    name: str
    relation: str
    said_by: str


@dataclass(frozen=True)
class ItemRow:
    """One case on the agenda as the reader may see it; ``name`` is empty where they keep out of it."""

    item: AgendaItem
    name: str
    title: str
    state: str | Promise
    tone: str
    shows_totals: bool
    is_hidden: bool
    kept_out: int
    keeping_out: tuple[KeptOut, ...]
    is_own_recusal: bool
    address: str
    steps: Steps
    may_recuse: bool
    may_count: bool


def reader_of(session: CommitteeSession, actor: Actor) -> Reader:
    """Return the capacities of ``actor`` in the session."""
    seat = rules.seat_of(actor, session)
    return Reader(
        seat=seat,
        is_agency=bool(rules.prepares_session.test(actor, session)),
        is_bureau=bool(bureau.test(actor)),
        is_commissioner=bool(rules.watches_session.test(actor, session)),
        is_scrutineer=seat is not None and hasattr(seat, "scrutiny"),
        answers_stop=bool(rules.answers_stop.test(actor)),
    )


def screen_of(session: CommitteeSession, actor: Actor, at: dt.datetime, wanted: Wanted | None = None) -> dict[str, Any]:
    """Return the context of the screen, with the part of a long agenda that is ``wanted``, or all of it."""
    session.read_once()
    reader = reader_of(session, actor)
    window = window_of(session, reader.seat, wanted)
    found = AgendaItem.objects.with_all().filter(pk__in=window.fetched).prefetch_related("recusals").order_by("order")
    items: dict[int | None, AgendaItem] = {item.pk: item for item in found}
    for item in found:
        item.session = session
    members = list(session.members.all())
    hand = _Hand(session, reader, actor, at, items.get(window.discussed), items.get(window.following))
    shown = {key: _row(item, hand) for key, item in items.items()}
    now = shown.get(window.discussed)
    return {
        "session": session,
        "reader": reader,
        "changes": _changes(session, reader),
        "steps": _steps(session, "session", OF_SESSION, actor, at),
        "own_steps": _own_steps(reader.seat, actor, at),
        "at": at,
        "answers_end": inviting.next_end(session) if reader.is_agency else None,
        "answer_by": inviting.answer_by(reader.seat) if reader.seat is not None else None,
        "rows": [shown[key] for key in window.keys if key in shown],
        "window": window,
        "now": now,
        "preparation": preparation_of(session, reader.seat, is_scrutineer=reader.is_scrutineer),
        "vote": standing_of(now.item, reader.seat) if now is not None and now.name else None,
        "attendance": agenda.attendance_among(members, now.item) if now is not None and now.name else None,
        "is_scored": _is_scored(now, reader),
        "members": [(one, MEMBER_TONES[MemberState(one.state)]) for one in members],
        "present": sum(one.state == MemberState.PRESENT for one in members),
        "seated": sum(one.state != MemberState.DECLINED for one in members),
        "scrutineers": sorted((one.scrutiny for one in members if hasattr(one, "scrutiny")), key=lambda one: one.place),
        "expected": sum(one.state in {MemberState.ACCEPTED, MemberState.LEFT} for one in members),
        "doors_are_open": day_has_come(session, at),
        "cases_wait": reader.is_agency and session.state == SessionState.CONVENED and drawing.some_wait_for(session),
        "is_before_opening": session.state in BEFORE_OPENING,
        "names_shown": reader.is_agency or reader.is_bureau or reader.is_commissioner or reader.seat is not None,
    }


@dataclass(frozen=True)
class _Hand:
    """What a row needs of the session to know the steps in its reader's hand.

    The case under discussion, or the one that comes next, is asked for its steps with all reasons. Of all others only
    those are offered that can be taken out of turn: their pages say what speaks against them, and an agenda of
    hundreds asks the database no more than one of three.
    """

    session: CommitteeSession
    reader: Reader
    actor: Actor
    at: dt.datetime
    discussed: AgendaItem | None
    following: AgendaItem | None

    def steps(self, item: AgendaItem) -> Steps:
        if not self.reader.moves_cases or item.state in COUNTED_STATES:
            return []
        if self.session.state not in {SessionState.CONVENED, SessionState.OPEN}:
            return []
        if item == (self.discussed or self.following):
            return _item_steps(item, self.actor, self.at)
        return self._offered(item) if item.state == ItemState.LISTED else []

    def _offered(self, item: AgendaItem) -> Steps:
        is_open, seat = self.session.state == SessionState.OPEN, self.reader.seat
        may = {
            "present": is_open and self.discussed is None and seat is not None and seat == item.leader,
            "defer": is_open and seat is not None and seat.is_chair and seat.is_present,
            "remove": self.reader.is_agency,
        }
        return [(step, _address(f"item_{step.name}", item.code, step)) for step in OUT_OF_TURN if may[step.name]]


def _changes(session: CommitteeSession, reader: Reader) -> Changes:
    seat, is_open = reader.seat, session.state == SessionState.OPEN
    leads = reader.is_agency or (seat is not None and seat.is_chair and seat.is_present)
    names = leads and (is_open or (session.state in BEFORE_OPENING and not reader.is_agency))
    votes = any(state == ItemState.VOTING for _key, _order, state in session.standing())
    return Changes(
        chair=names,
        scrutineers=names and not votes and (session.is_on_paper or not is_open),
        paper=leads and not session.is_on_paper and session.state in {SessionState.CONVENED, SessionState.OPEN},
    )


def _row(item: AgendaItem, hand: _Hand) -> ItemRow:
    session, reader = hand.session, hand.reader
    recused = {one.member_id for one in item.recusals.all()}
    is_own = reader.seat is not None and reader.seat.pk in recused
    shows = item.state in COUNTED_STATES and reader.sees_totals(session)
    is_hidden = item.state in DECIDED and not shows
    application = item.application
    return ItemRow(
        item=item,
        name="" if is_own else application.applicant.full_name,
        title="" if is_own else f"{application.entry.specialty.name} {application.title}",
        state=_("已表决") if is_hidden else item.get_state_display(),
        tone="neutral" if is_hidden else ITEM_TONES[ItemState(item.state)],
        shows_totals=shows,
        is_hidden=is_hidden,
        kept_out=len(recused),
        keeping_out=_keeping_out(item, session) if reader.sees_recusals else (),
        is_own_recusal=is_own,
        address=reverse("review:session_item", args=[item.code]) if reader.seat is not None and not is_own else "",
        steps=hand.steps(item),
        may_recuse=reader.seat is not None and not is_own and item.state in BEFORE_VOTE,
        may_count=reader.is_scrutineer and not is_own and session.is_on_paper and item.state == ItemState.COUNTED,
    )


def _keeping_out(item: AgendaItem, session: CommitteeSession) -> tuple[KeptOut, ...]:
    names = {one.pk: one.person.full_name for one in session.members.all()}
    told = item.recusals.all()
    return tuple(KeptOut(names[one.member_id], one.get_relation_display(), one.get_source_display()) for one in told)


def _is_scored(now: ItemRow | None, reader: Reader) -> bool:
    """Whether the reader has a score sheet to fill in for the case under discussion."""
    if now is None or reader.seat is None or now.is_own_recusal or now.item.state != ItemState.PRESENTED:
        return False
    return scoring.standard_of(now.item) is not None


def _item_steps(item: AgendaItem, actor: Actor, at: dt.datetime) -> Steps:
    facts: dict[str, Any] = {}
    if item.state == ItemState.PRESENTED:
        now = agenda.attendance_among(item.session.members.all(), item)
        facts = {"present": now.present, "size": now.size}
    return _steps(item, "item", OF_ITEM, actor, at, **facts)


def _own_steps(seat: SessionMember | None, actor: Actor, at: dt.datetime) -> Steps:
    if seat is None or seat.session.state in OVER:
        return []
    wanted = [one for one in open_steps(seat, by=actor, at=at) if one.name in OWN_PAGES]
    if seat.session.state not in BEFORE_OPENING:
        wanted = [one for one in wanted if one.name in {"check_in", "leave"}]
    return [(one, _address(OWN_PAGES[one.name], seat.code, one)) for one in wanted]


def _steps(subject: Any, kind: str, names: tuple[str, ...], actor: Actor, at: dt.datetime, **facts: Any) -> Steps:
    found = [one for one in open_steps(subject, by=actor, at=at, **facts) if one.name in names]
    found.sort(key=lambda one: names.index(one.name))
    return [(one, _address(f"{kind}_{one.name}", subject.code, one)) for one in found]


def _address(name: str, code: str, step: OpenStep) -> str:
    return reverse(f"review:{name}", args=[code]) if step.is_pressable else ""
