"""Which members keep out of a case: found in the records, declared by themselves, or ordered by the office (A-48, A-54)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from review import rules
from review.domain import relations, telling_sessions
from review.domain.holding_session import held_item, moved
from review.enums.defending import COMPUTED, Relation
from review.enums.sitting import BEFORE_VOTE, ItemState, RecusalSource
from review.models import AgendaItem, ItemRecusal, SessionMember


def compute(items: Sequence[AgendaItem], members: Sequence[SessionMember], *, at: dt.datetime) -> list[ItemRecusal]:
    """Write down every recusal that the records show between these cases and members; those known already stay."""
    if not items or not members:
        return []
    by_person = {one.person_id: one for one in members}
    session = items[0].session
    found = relations.found_between(
        [item.application for item in items], [one.person for one in members], on=session.day
    )
    made = []
    for item in items:
        known = set(item.recusals.values_list("member", flat=True))
        for person, relation in found[item.application_id].items():
            member = by_person[person]
            if member.pk not in known:
                made.append(_write(item, member, relation, RecusalSource.COMPUTED, "", by=SYSTEM, at=at))
    return made


def compute_for_item(item: AgendaItem, *, at: dt.datetime) -> list[ItemRecusal]:
    """Look for relations between one case and everybody with a seat."""
    return compute([item], list(item.session.members.seated().select_related("person")), at=at)


def compute_for_member(member: SessionMember, *, at: dt.datetime) -> list[ItemRecusal]:
    """Look for relations between a member who came later and every case that is not voted on yet."""
    items = member.session.items.filter(state__in=BEFORE_VOTE).select_related("application__employer", "session")
    return compute(list(items), [member], at=at)


def declare(item: AgendaItem, relation: str, remark: str, *, by: Actor, at: dt.datetime) -> ItemRecusal:
    """Let a member keep out of a case by their own word; raises Refusal once its vote is open."""
    with transaction.atomic():
        row = held_item(item)
        member = rules.seat_of(by, row.session)
        if member is None:
            raise StepNotPermitted("recuse", [Reason(_("您不是本次会议的委员。"), "A-48", "step_not_permitted")])
        return _add(row, member, relation, remark, RecusalSource.OWN, by=by, at=at)


def order(
    item: AgendaItem, member: SessionMember, relation: str, remark: str, *, by: Actor, at: dt.datetime
) -> ItemRecusal:
    """Let the agency, or the chair, keep a member out of a case (E-11); raises Refusal once its vote is open."""
    with transaction.atomic():
        row = held_item(item)
        if not (rules.lists_items.test(by, row) or rules.chairs_items_session.test(by, row)):
            raise StepNotPermitted("recuse", [Reason(_("您当前的身份不能办理。"), "A-48", "step_not_permitted")])
        if member.session_id != row.session_id:
            raise Refusal([Reason(_("所选人员不是本次会议的委员。"), "A-48", "not_a_member", "member")])
        return _add(row, member, relation, remark, RecusalSource.OFFICE, by=by, at=at)


def _add(
    item: AgendaItem,
    member: SessionMember,
    relation: str,
    remark: str,
    source: RecusalSource,
    *,
    by: Actor,
    at: dt.datetime,
) -> ItemRecusal:
    if relation not in set(Relation.values) - COMPUTED:
        raise Refusal([Reason(_("请选择回避的原因。"), "A-48", "relation_missing", "relation")])
    if item.state not in {ItemState.LISTED, ItemState.PRESENTED}:
        raise Refusal([Reason(_("该事项已经开始投票或者已有结果，不能再提出回避。"), "A-48", "too_late")])
    known = ItemRecusal.objects.filter(item=item, member=member).first()
    if known is not None:
        return known
    made = _write(item, member, Relation(relation), source, remark, by=by, at=at)
    moved(item.session)
    return made


def _write(
    item: AgendaItem,
    member: SessionMember,
    relation: Relation,
    source: RecusalSource,
    remark: str,
    *,
    by: Actor,
    at: dt.datetime,
) -> ItemRecusal:
    made = ItemRecusal.objects.create(
        item=item, member=member, relation=relation, source=source, remark=remark.strip()[:300], declared_at=at
    )
    facts = {"member": member.code, "relation": relation, "source": source}
    record(item, "recuse", by=by, at=at, basis="A-48", facts=facts)
    telling_sessions.tell_keeps_out(made, at)
    return made
