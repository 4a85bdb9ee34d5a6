"""Drawing the members of a session: who can be drawn, the two secrets, the order, and who takes a seat that fell free."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.shared.phrases import joined
from portal.workflow import Attempt, carry_out
from portal.workflow.carry_out import locked
from review import rules
from review.domain import drawing_order as arithmetic
from review.domain import inviting, pooling, relations, revoting
from review.domain.holding_session import held
from review.enums.defending import Relation
from review.enums.filing import Duty
from review.enums.sitting import HEADS, SEATED, UNTIL_CLOSED, SessionState
from review.guards.sitting import filing_in_force, size_is_lawful
from review.models import CommitteeSession, Draw, Expert, ExpertTerm, SessionMember
from review.models.draw import new_secret

YOUNG = 45


@dataclass(frozen=True)
class Pool:
    """Who can be drawn for a session: codes of terms, sorted; ``excluded`` says of everybody else why not."""

    eligible: list[str]
    heads: list[str]
    excluded: list[dict[str, str]]
    related_limit: int = 0
    young_share: int | None = None

    @property
    def hash(self) -> str:
        """What fixes the set."""
        return arithmetic.hash_of(self.eligible)

    def commitment(self, session: str, secret: str) -> str:
        """Return the commitment of the house to ``secret`` for this set."""
        return arithmetic.commitment(session, self.hash, secret)

    def why_not(self, size: int) -> str:
        """Return why ``size`` members cannot be drawn from it, an empty text where they can."""
        if len(self.eligible) < size:
            known = {"size": size, "left": len(self.eligible)}
            return _("需要抽取%(size)s名委员，排除后可抽取的专家只有%(left)s名。") % known
        if not self.heads:
            return _("排除后没有主任委员、副主任委员可以主持会议。")
        return ""


def waiting_for(session: CommitteeSession) -> list[Application]:
    """Return the applications at the committee's door, among which the session will choose its agenda."""
    return list(_waiting(session).order_by("pk"))


def some_wait_for(session: CommitteeSession) -> bool:
    """Return whether anybody is at the committee's door."""
    return _waiting(session).exists()


def _waiting(session: CommitteeSession) -> QuerySet[Application]:
    return Application.objects.with_all().filter(
        entry__committee=session.committee_id, state=ApplicationState.READY_FOR_COMMITTEE
    )


def pool_of(session: CommitteeSession, *, related_limit: int = 0) -> Pool:
    """Return who can be drawn now. Left out, each with the reason and its rule: whoever the roll, the term or a record

    keeps out; whoever has a relation to more than ``related_limit`` of those waiting (A-48, A-54); whoever sat in a
    session whose outcome for one of them is void (A-24); whoever has a seat in another session of that day; the commissioner.
    """
    terms = list(pooling.drawable(session.filing, session.day))
    excluded = [_left_out(term, reason) for term, reason in pooling.why_not_drawable(session.filing, session.day)]
    against = _reasons_against(session, terms, related_limit)
    excluded += [_left_out(term, against[term.pk]) for term in terms if term.pk in against]
    eligible = [term for term in terms if term.pk not in against]
    duties = _duties(session)
    return Pool(
        eligible=sorted(term.code for term in eligible),
        heads=sorted(term.code for term in eligible if duties.get(term.pk) in HEADS),
        excluded=sorted(excluded, key=lambda one: one["code"]),
        related_limit=related_limit,
        young_share=_young_share(eligible, session.day),
    )


def freeze(
    session: CommitteeSession, *, related_limit: int = 0, by: Actor, at: dt.datetime, key: str | None = None
) -> Draw:
    """Fix who can be drawn and commit to the house's secret; again while the commissioner did not take part.

    Raises Refusal with every reason: filing, size, no commissioner, too few experts.
    """
    with transaction.atomic():
        row = _to_be_drawn(session, by, at)
        pool = pool_of(row, related_limit=related_limit)
        draw = Draw.objects.filter(session=row).first()
        if draw is not None:
            return carry_out(draw, "freeze_again", by=by, at=at, key=key, pool=pool)
        shortage = pool.why_not(row.size)
        if shortage:
            raise Refusal([Reason(shortage, "E-05", "enough_to_draw")])
        return _commit(row, pool, by=by, at=at)


def share(draw: Draw, share: str, *, by: Actor, at: dt.datetime, key: str | None = None) -> Draw:
    """Let the commissioner's number open the draw: seed, order and seats follow at once and are written down for good."""
    with transaction.atomic():
        session = held(draw.session)
        frozen = locked(draw)
        _hold_experts(frozen.eligible)
        seed = arithmetic.seed_of(session.code, frozen.eligible_hash, frozen.secret, share)
        order = arithmetic.order_of(seed, frozen.eligible)
        seats = arithmetic.seated(order, frozen.heads, session.size)
        pool = pool_of(session, related_limit=frozen.related_limit)
        facts: dict[str, Any] = {"share": share, "seed": seed, "order": order, "seats": seats, "pool": pool}
        done = carry_out(frozen, "give_share", by=by, at=at, key=key, **facts)
        if session.state == SessionState.DRAFT:
            carry_out(session, "draw_members", by=SYSTEM, at=at)
            seat(done, done.seats)
        return done


def seat(
    draw: Draw, codes: Sequence[str], *, replaces: SessionMember | None = None, passed_over: Sequence[str] = ()
) -> list[SessionMember]:
    """Give seats to the terms with these codes, at their places in the order."""
    terms = {one.code: one for one in ExpertTerm.objects.filter(code__in=codes).select_related("expert__person")}
    duties = _duties(draw.session)
    members = []
    for code in codes:
        term = terms[code]
        members.append(
            SessionMember.objects.create(
                session=draw.session,
                term=term,
                person=term.expert.person,
                place=draw.order.index(code) + 1,
                duty=duties.get(term.pk, Duty.MEMBER),
                replaces=replaces,
                passed_over=list(passed_over),
            )
        )
    return members


def replace(member: SessionMember, *, at: dt.datetime) -> SessionMember | None:
    """Give the seat of ``member``, who declined, to the next of the same order; None when nobody is left (A-52).

    Whoever may not be drawn any more, or has come to be related since, is passed over, and the ledger says so.
    """
    draw = Draw.objects.select_related("session__committee__agency", "session__filing").get(session=member.session)
    _hold_experts(draw.order)
    pool = pool_of(draw.session, related_limit=draw.related_limit)
    sat = set(draw.session.members.values_list("term__code", flat=True))
    staying = set(draw.session.members.seated().values_list("term__code", flat=True))
    passed_over = [code for code in draw.order if code not in sat and code not in pool.eligible]
    code = arithmetic.replacement(draw.order, draw.heads, sat | set(passed_over), staying)
    if not code:
        return None
    (made,) = seat(draw, [code], replaces=member, passed_over=passed_over)
    facts = {"place": made.place, "instead_of": member.code, "passed_over": passed_over}
    record(made, "replace", by=SYSTEM, at=at, after=made.state, basis="A-52", facts=facts)
    if member.invited_at is not None:
        (made,) = inviting.ask([made], by=SYSTEM, at=at)
    return made


def record_of(draw: Draw) -> dict[str, Any]:
    """Return the printable record of a finished draw, all that ``docs/verify_draw.py`` needs to repeat it."""
    members = draw.session.members.select_related("term", "replaces__term").order_by("pk")
    return {
        "format": "draw-1",
        "session": draw.session.code,
        "committee": draw.session.committee.name,
        "title": draw.session.title,
        "size": draw.session.size,
        "eligible": draw.eligible,
        "heads": draw.heads,
        "excluded": draw.excluded,
        "related_limit": draw.related_limit,
        "eligible_hash": draw.eligible_hash,
        "commitment": draw.commitment,
        "frozen_at": draw.frozen_at.isoformat(),
        "secret": draw.secret,
        "share": draw.share,
        "seed": draw.seed,
        "drawn_at": draw.drawn_at.isoformat() if draw.drawn_at else None,
        "order": draw.order,
        "seats": draw.seats,
        "replacements": _replacements(members),
    }


def _replacements(members: Iterable[SessionMember]) -> list[dict[str, Any]]:
    return [
        {"seat": one.term.code, "instead_of": one.replaces.term.code, "passed_over": one.passed_over}
        for one in members
        if one.replaces is not None
    ]


def _to_be_drawn(session: CommitteeSession, by: Actor, at: dt.datetime) -> CommitteeSession:
    row = held(session)
    if not rules.prepares_session.test(by, row):
        raise StepNotPermitted("freeze", [Reason(_("您当前的身份不能办理。"), "R-116", "step_not_permitted")])
    attempt = Attempt("freeze", by, at)
    reasons = [one for guard in (filing_in_force, size_is_lawful) for one in guard.reasons_against(row, attempt)]
    if row.state != SessionState.DRAFT:
        reasons.append(Reason(_("会议已经抽取过专家，只能从同一顺序中递补。"), "R-116", "drawn_already"))
    if row.commissioner_id is None:
        reasons.append(Reason(_("请先确定监督委员，抽取须由监督委员参与。"), "R-115", "commissioner_missing"))
    if reasons:
        raise Refusal(reasons)
    return row


def _commit(session: CommitteeSession, pool: Pool, *, by: Actor, at: dt.datetime) -> Draw:
    secret = new_secret()
    draw = Draw.objects.create(
        session=session,
        eligible=pool.eligible,
        heads=pool.heads,
        excluded=pool.excluded,
        related_limit=pool.related_limit,
        young_share=pool.young_share,
        eligible_hash=pool.hash,
        secret=secret,
        commitment=pool.commitment(session.code, secret),
        frozen_at=at,
    )
    facts = {"eligible_hash": draw.eligible_hash, "commitment": draw.commitment, "number": len(pool.eligible)}
    record(draw, "freeze", by=by, at=at, after=draw.state, basis="R-116", facts=facts)
    return draw


def _duties(session: CommitteeSession) -> dict[int, str]:
    return dict(session.filing.members.filter(is_listed=True).values_list("term", "duty"))


def _left_out(term: ExpertTerm, reason: Reason) -> dict[str, str]:
    return {"code": term.code, "text": str(reason.text), "basis": reason.basis}


def _reasons_against(session: CommitteeSession, terms: Sequence[ExpertTerm], limit: int) -> dict[int, Reason]:
    """Return by term why the person keeps out of this session, although the roll and the term would allow it."""
    people = {term.expert.person_id: term for term in terms}
    waiting = waiting_for(session)
    found = relations.found_between(waiting, [term.expert.person for term in terms], on=session.day)
    by_person: dict[int, Counter[Relation]] = {}
    for of_it in found.values():
        for person, relation in of_it.items():
            by_person.setdefault(person, Counter())[relation] += 1
    reasons = {people[person].pk: _related(counted) for person, counted in by_person.items() if counted.total() > limit}
    for person in revoting.sat_before(waiting) & people.keys():
        text = _("曾参加被认定无效的表决，不参加其中申报的重新评审。")
        reasons[people[person].pk] = Reason(text, "A-24", "sat_before")
    for person in _meeting_elsewhere(session, people) & people.keys():
        text = _("会议当日已被抽取参加另一场评审会议。")
        reasons[people[person].pk] = Reason(text, "R-116", "meets_elsewhere")
    if session.commissioner_id in people:
        reasons[people[session.commissioner_id].pk] = Reason(_("为本次会议监督委员。"), "R-115", "is_commissioner")
    return reasons


def _related(counted: Counter[Relation]) -> Reason:
    kinds = joined([str(relation.label) for relation in sorted(counted)])
    known = {"number": counted.total(), "kinds": kinds}
    return Reason(_("与%(number)s名待评审的申报人有应当回避的关系：%(kinds)s。") % known, "A-48", "related")


def hold_experts_of(sessions: Iterable[CommitteeSession]) -> None:
    """Hold everybody of the draws of these sessions at once, where seats of more than one fall free; sessions come first."""
    _hold_experts(
        code for order in Draw.objects.filter(session__in=sessions).values_list("order", flat=True) for code in order
    )


def _hold_experts(codes: Iterable[str]) -> None:
    """Let two draws that could seat the same people wait for each other; in the order of the keys, so never in a circle."""
    found = ExpertTerm.objects.filter(code__in=list(codes)).values("expert")
    list(Expert.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=found).order_by("pk"))


def _meeting_elsewhere(session: CommitteeSession, people: Iterable[int]) -> set[int]:
    """Return who of ``people`` has a seat in another session of the day that is to come or under way.

    A session names when it begins and not when it ends, so that two of one day count as two at the same time.
    """
    others = CommitteeSession.objects.filter(
        state__in=sorted(UNTIL_CLOSED),
        starts_at__gte=clock.start_of(session.day),
        starts_at__lt=clock.end_of(session.day),
    ).exclude(pk=session.pk)
    seats = SessionMember.objects.filter(session__in=others, state__in=sorted(SEATED), person__in=list(people))
    return set(seats.values_list("person", flat=True))


def _young_share(terms: Sequence[ExpertTerm], on: dt.date) -> int | None:
    """Return the percentage of those who are 45 or younger on the day, None where no birth date is known (R-162)."""
    born = [term.expert.person.born_on for term in terms if term.expert.person.born_on]
    young = [day for day in born if on.year - day.year - ((on.month, on.day) < (day.month, day.day)) <= YOUNG]
    return len(young) * 100 // len(born) if born else None
