"""The agenda of a session: cases listed, ordered, presented, voted on, put off or removed (domain §8.6, AgendaItem)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import carry_out
from portal.workflow.carry_out import fresh, locked
from review import rules
from review.domain import keeping_out, revoting, telling_sessions, voting
from review.domain.holding_session import held, held_item, moved
from review.enums.sitting import BEFORE_VOTE, BEING_VOTED, SEATED, ItemState, SessionState
from review.models import AgendaItem, CommitteeSession, ItemOpinion, ItemVoter, SessionMember

FEW = 5
BEING_DISCUSSED = BEING_VOTED | {ItemState.PRESENTED}
LONGEST_OPINION, FEWEST_SIGNS = 3000, 10


@dataclass(frozen=True)
class Attendance:
    """Who could vote on a case now: ``present`` members without relation, of ``size`` seats without relation (A-02, A-03)."""

    voters: tuple[SessionMember, ...]
    size: int

    @property
    def present(self) -> int:
        """How many could vote."""
        return len(self.voters)

    @property
    def reveals_all_if_unanimous(self) -> bool:
        """Whether so few vote that an outcome of one mind shows everybody's vote."""
        return self.present < FEW


def attendance_for(item: AgendaItem) -> Attendance:
    """Return who is in the room and has no relation to the case, and how many seats count for its quorum."""
    return attendance_among(item.session.members.select_related("person").order_by("place"), item)


def attendance_among(members: Iterable[SessionMember], item: AgendaItem) -> Attendance:
    """Return the same from all ``members`` of its session, in the draw's order, for whoever has them at hand."""
    kept_out = {one.member_id for one in item.recusals.all()}
    seated = [one for one in members if one.state in SEATED]
    without = [one for one in seated if one.pk not in kept_out]
    present = tuple(one for one in without if one.is_present)
    return Attendance(present, item.session.size - (len(seated) - len(without)))


def put_on(
    session: CommitteeSession, application: Application, *, by: Actor, at: dt.datetime, key: str | None = None
) -> AgendaItem:
    """Put one application on the agenda of a convened session, and look who must keep out of it (domain §8.1 #22).

    Raises Refusal outside convening or for another committee's case, StepRefused for one that is held or not ready.
    """
    with transaction.atomic():
        case = locked(application)
        row = held(session)
        _to_be_listed(row, case, by)
        earlier = AgendaItem.objects.filter(session=row, application=case, state=ItemState.LISTED).first()
        if earlier is not None:
            return earlier
        carry_out(case, "put_on_agenda", by=by, at=at, key=key)
        last = row.items.aggregate(last=Max("order"))["last"] or 0
        item = AgendaItem.objects.create(session=row, application=case, order=last + 1, state_since=at)
        record(item, "list", by=by, at=at, after=item.state, basis="R-096", facts={"session": row.code})
        keeping_out.compute_for_item(fresh(item), at=at)
        moved(row)
        return item


def reorder(session: CommitteeSession, codes: Sequence[str], *, by: Actor, at: dt.datetime) -> list[AgendaItem]:
    """Give the cases the order of ``codes``, all of the session's; by the agency before the opening, by the chair then."""
    with transaction.atomic():
        row = held(session)
        may = rules.chairs_session if row.state == SessionState.OPEN else rules.prepares_session
        if not may.test(by, row) or row.state not in {SessionState.CONVENED, SessionState.OPEN}:
            raise StepNotPermitted("reorder", [Reason(_("现在不能调整议程顺序。"), "R-114", "step_not_permitted")])
        items = {one.code: one for one in row.items.all()}
        if sorted(codes) != sorted(items):
            raise Refusal([Reason(_("议程已有变化，请刷新页面后再调整。"), "R-114", "agenda_changed")])
        ordered = [items[code] for code in codes]
        for place, item in enumerate(ordered, start=1):
            item.order = place
        AgendaItem.objects.bulk_update(ordered, ["order"])
        record(row, "reorder", by=by, at=at, basis="R-114", facts={"items": list(codes)})
        moved(row)
        return ordered


def write_opinion(item: AgendaItem, text: str, *, by: Actor, at: dt.datetime) -> ItemOpinion:
    """Write a member's opinion on a case, until its vote opens: three of them stand for a panel's (E-10)."""
    with transaction.atomic():
        row = held_item(item)
        member = rules.seat_of(by, row.session)
        if member is None or row.recusals.filter(member=member).exists():
            raise StepNotPermitted("write", [Reason(_("您不评议该事项。"), "A-48", "step_not_permitted")])
        if row.state not in BEFORE_VOTE:
            raise Refusal([Reason(_("该事项已经开始投票或者已有结果，意见不能再修改。"), "E-10", "opinion_fixed")])
        if len(text.strip()) < FEWEST_SIGNS:
            raise Refusal([Reason(_("请填写书面意见，至少10个字。"), "E-10", "opinion_written", "text")])
        fields = {"text": text.strip()[:LONGEST_OPINION], "written_at": at}
        opinion, is_new = ItemOpinion.objects.update_or_create(item=row, member=member, defaults=fields)
        record(row, "write_opinion", by=by, at=at, basis="E-10", facts={"member": member.code, "is_new": is_new})
        moved(row.session)
        return opinion


def present(item: AgendaItem, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    """Let the members discuss the case, one at a time, with all opinions before them (R-113, E-10)."""
    return _step(item, "present", by=by, at=at, key=key)


def open_vote(item: AgendaItem, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    """Freeze the roll and let its members vote; relations are looked for once more before (A-02, A-03).

    Raises StepRefused where the quorum fails without those who keep out.
    """
    with transaction.atomic():
        row = held_item(item)
        keeping_out.compute_for_item(row, at=at)
        now = attendance_for(row)
        done = carry_out(row, "open_vote", by=by, at=at, key=key, present=now.present, size=now.size)
        if done.opened_at == at and not done.roll.exists():
            ItemVoter.objects.bulk_create(ItemVoter(item=done, member=one) for one in now.voters)
            voting.hand_out(done)
            moved(done.session)
        return done


def close_vote(item: AgendaItem, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    """End the vote: whatever was not cast by now counts as not agreeing; then the totals are found and decided on."""
    with transaction.atomic():
        return voting.closed(_step(item, "close_vote", by=by, at=at, key=key), at=at)


def defer(item: AgendaItem, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    """Put a case off: another session decides, and the application waits for it (domain §8.1 #24)."""
    return _off(item, "defer", reason=reason, by=by, at=at, key=key)


def remove(item: AgendaItem, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    """Take a case off the agenda: held, disqualified, or withdrawn by leave (A-08)."""
    return _off(item, "remove", reason=reason, by=by, at=at, key=key)


def application_ended(application: Application, at: dt.datetime) -> None:
    """Take a case whose application ended off the agenda; the application is locked already."""
    _without(application, _("申报已终止。"), at)


def given_away(application: Application, reason: str, at: dt.datetime) -> None:
    """Take a case that another agency goes on with off the agenda; the application is locked already (R-153)."""
    if _without(application, reason, at):
        carry_out(application, "leave_agenda", by=SYSTEM, at=at)


def _without(application: Application, reason: str, at: dt.datetime) -> bool:
    item = AgendaItem.objects.filter(application=application, state__in=BEFORE_VOTE).select_related("session").first()
    if item is None:
        return False
    held(item.session)
    telling_sessions.tell_left_agenda(carry_out(item, "remove", by=SYSTEM, at=at, reason=reason), at)
    moved(item.session)
    return True


def _off(item: AgendaItem, step: str, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    with transaction.atomic():
        row = held_item(item)
        done = carry_out(row, step, by=by, at=at, key=key, reason=reason)
        if row.application.state == ApplicationState.ON_AGENDA and done.state_since == at:
            carry_out(row.application, "leave_agenda", by=SYSTEM, at=at)
            telling_sessions.tell_left_agenda(done, at)
            moved(done.session)
        return done


def _step(item: AgendaItem, step: str, *, by: Actor, at: dt.datetime, key: str | None = None) -> AgendaItem:
    with transaction.atomic():
        row = held_item(item)
        done = carry_out(row, step, by=by, at=at, key=key)
        if done.state != row.state:
            moved(done.session)
        return done


def _to_be_listed(session: CommitteeSession, application: Application, by: Actor) -> None:
    if not rules.prepares_session.test(by, session):
        raise StepNotPermitted("list", [Reason(_("您当前的身份不能办理。"), "R-096", "step_not_permitted")])
    reasons = []
    if session.state != SessionState.CONVENED:
        text = _("会议召集后、开会前才能列入议程。")
        reasons.append(Reason(text, "R-096", "session_not_convened"))
    if application.entry.committee_id != session.committee_id:
        reasons.append(Reason(_("该申报属于其他评审委员会。"), "R-003", "other_committee"))
    if session.members.seated().filter(person__in=revoting.sat_before([application])).exists():
        text = _("该申报的表决曾被认定无效，须由其他委员重新评审；本次会议有参加过原会议的委员。")
        reasons.append(Reason(text, "A-24", "sat_before"))
    if reasons:
        raise Refusal(reasons)
