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
from review import rules
from review.domain import agenda
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
from review.models import AgendaItem, CommitteeSession, SessionMember

Steps = list[tuple[OpenStep, str]]
OWN_PAGES = {
    "accept": "session_accept",
    "decline": "session_decline",
    "check_in": "session_check_in",
    "leave": "session_leave",
}
OF_SESSION = {"convene", "open_session", "close_session", "sign", "cancel", "void"}
OF_ITEM = {"present", "open_vote", "close_vote", "defer", "remove"}
COUNTED_STATES = frozenset({*DECIDED, ItemState.VOIDED})


@dataclass(frozen=True)
class Reader:
    """In which capacities the actor meets this session."""

    seat: SessionMember | None
    is_agency: bool
    is_bureau: bool
    is_commissioner: bool
    is_scrutineer: bool

    @property
    def is_chair(self) -> bool:
        """Whether the actor chairs."""
        return self.seat is not None and self.seat.is_chair

    @property
    def moves_cases(self) -> bool:
        """Whether steps of cases can be in this reader's hand at all: everybody else's screen need not ask for them."""
        return self.is_agency or (self.seat is not None and (self.seat.is_chair or self.seat.can_chair))

    def sees_totals(self, session: CommitteeSession) -> bool:
        """Whether totals of decided cases are for this reader now."""
        return (
            self.seat is not None
            or self.is_commissioner
            or self.is_bureau
            or session.state in AFTER_SIGNING | {SessionState.VOIDED}
        )


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
        is_scrutineer=seat is not None and session.scrutineers.filter(member=seat).exists(),
    )


def screen_of(session: CommitteeSession, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    """Return the context of the screen."""
    reader = reader_of(session, actor)
    items = list(AgendaItem.objects.with_all().filter(session=session).prefetch_related("recusals").order_by("order"))
    rows = [_row(item, session, reader, actor, at) for item in items]
    now = next((row for row in rows if row.item.state in agenda.BEING_DISCUSSED), None)
    members = session.members.select_related("person", "replaced_by").order_by("place")
    return {
        "session": session,
        "reader": reader,
        "steps": _steps(session, "session", OF_SESSION, actor, at, commissioner_absence=""),
        "own_steps": _own_steps(reader.seat, actor, at),
        "rows": rows,
        "now": now,
        "attendance": agenda.attendance_for(now.item) if now is not None and now.name else None,
        "members": [(one, MEMBER_TONES[MemberState(one.state)]) for one in members],
        "present": sum(one.state == MemberState.PRESENT for one in members),
        "seated": sum(one.state != MemberState.DECLINED for one in members),
        "scrutineers": list(session.scrutineers.select_related("member__person").order_by("place")),
        "is_before_opening": session.state in BEFORE_OPENING,
        "names_shown": reader.is_agency or reader.is_bureau or reader.is_commissioner or reader.seat is not None,
    }


def _row(item: AgendaItem, session: CommitteeSession, reader: Reader, actor: Actor, at: dt.datetime) -> ItemRow:
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
        is_own_recusal=is_own,
        address=reverse("review:session_item", args=[item.code]) if reader.seat is not None and not is_own else "",
        steps=_item_steps(item, session, actor, at) if reader.moves_cases else [],
        may_recuse=reader.seat is not None and not is_own and item.state in BEFORE_VOTE,
        may_count=reader.is_scrutineer and not is_own and session.is_on_paper and item.state == ItemState.COUNTED,
    )


def _item_steps(item: AgendaItem, session: CommitteeSession, actor: Actor, at: dt.datetime) -> Steps:
    if session.state not in {SessionState.CONVENED, SessionState.OPEN} or item.state in COUNTED_STATES:
        return []
    facts: dict[str, Any] = {}
    if item.state == ItemState.PRESENTED:
        now = agenda.attendance_for(item)
        facts = {"present": now.present, "size": now.size}
    return _steps(item, "item", OF_ITEM, actor, at, **facts)


def _own_steps(seat: SessionMember | None, actor: Actor, at: dt.datetime) -> Steps:
    if seat is None:
        return []
    wanted = [one for one in open_steps(seat, by=actor, at=at) if one.name in OWN_PAGES]
    if seat.session.state not in BEFORE_OPENING:
        wanted = [one for one in wanted if one.name in {"check_in", "leave"}]
    return [(one, _address(OWN_PAGES[one.name], seat.code, one)) for one in wanted]


def _steps(subject: Any, kind: str, names: set[str], actor: Actor, at: dt.datetime, **facts: Any) -> Steps:
    found = [one for one in open_steps(subject, by=actor, at=at, **facts) if one.name in names]
    return [(one, _address(f"{kind}_{one.name}", subject.code, one)) for one in found]


def _address(name: str, code: str, step: OpenStep) -> str:
    return reverse(f"review:{name}", args=[code]) if step.is_pressable else ""
