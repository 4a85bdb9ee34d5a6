"""A session as a whole: planned, convened, opened, closed, signed, reported, cancelled or voided (domain §8.6)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts import queries as accounts
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import AGENCY_STAFF, OrganisationKind, Role
from portal.catalogue.models import Committee
from portal.catalogue.queries import policy_in_force
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow import Attempt, carry_out
from review import rules
from review.domain import count_sheets, duties, forgetting, inviting, revoting, telling_filings, telling_sessions
from review.domain.filing import filing_of
from review.domain.holding_session import held, held_with_applications, moved
from review.enums.filing import FilingState
from review.enums.sitting import BEFORE_OPENING, BEFORE_VOTE, DECIDED, UNTIL_CLOSED, BallotMode, ItemState, SessionState
from review.guards.sitting import SCRUTINEERS, agency_may_evaluate, filing_in_force, size_is_lawful
from review.guards.voting import can_count
from review.models import CommitteeFiling, CommitteeSession, Scrutineer, SessionMember


@dataclass(frozen=True)
class Plan:
    """What is laid down when a session is planned."""

    title: str
    starts_at: dt.datetime
    place: str
    mode: str = BallotMode.ELECTRONIC


def plan(committee: Committee, plan: Plan, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Plan a session of a committee; raises Refusal without a filing on that day, a lawful size, or authority (R-003, E-04)."""
    if not rules.prepares_session.test(by, CommitteeSession(committee=committee)):
        raise StepNotPermitted("plan", [Reason(_("您当前的身份不能办理。"), "R-003", "step_not_permitted")])
    day = clock.day_of(plan.starts_at)
    filing = filing_of(committee, day)
    if filing is None:
        text = _("会议当日没有有效的评审委员会备案。")
        raise Refusal([Reason(text, "E-04", "filing_in_force", "starts_at")])
    made = CommitteeSession(
        filing=filing,
        committee=committee,
        title=plan.title.strip(),
        mode=plan.mode,
        starts_at=plan.starts_at,
        place=plan.place.strip(),
        size=filing.size,
        policy_code=policy_in_force(day).code,
        state_since=at,
    )
    attempt = Attempt("plan", by, at)
    guards = (filing_in_force, agency_may_evaluate, size_is_lawful)
    reasons = [reason for guard in guards for reason in guard.reasons_against(made, attempt)]
    if plan.starts_at <= at:
        reasons.append(Reason(_("开会时间已经过去。"), "R-118", "in_the_past", "starts_at"))
    if reasons:
        raise Refusal(reasons)
    with transaction.atomic():
        made.save()
        facts = {"filing": filing.code, "day": str(day), "mode": plan.mode, "size": made.size}
        record(made, "plan", by=by, at=at, after=made.state, basis="R-003", facts=facts)
    return made


def commissioners_for(session: CommitteeSession) -> list[Person]:
    """Return who may watch the session: commissioners of the bureau and of the agency, not of its experts or staff."""
    found: dict[int, Person] = {}
    day = session.day
    for place in [session.committee.agency, *Organisation.objects.filter(kind=OrganisationKind.BUREAU)]:
        found |= {one.pk: one for one in accounts.people_holding(frozenset({Role.COMMISSIONER}), place, on=day)}
    staff = accounts.people_holding(AGENCY_STAFF, session.committee.agency, on=day).values_list("pk", flat=True)
    experts = session.filing.members.values_list("term__expert__person", flat=True)
    for pk in {*staff, *experts}:
        found.pop(pk, None)
    return list(found.values())


def name_commissioner(session: CommitteeSession, person: Person, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Name who watches the session, before it opens; the bureau or the agency does (R-115, A-47)."""
    with transaction.atomic():
        row = held(session)
        _permitted(rules.prepares_session.test(by, row) or rules.oversees.test(by), "R-115")
        if row.state not in BEFORE_OPENING:
            raise Refusal([Reason(_("会议已经召开或者结束，不能更换监督委员。"), "R-115", "too_late")])
        if person.pk not in {one.pk for one in commissioners_for(row)}:
            text = _("所选人员不是监督委员，或者是本次会议的专家、工作人员。")
            raise Refusal([Reason(text, "R-115", "not_a_commissioner", "commissioner")])
        if row.commissioner_id != person.pk:
            row.commissioner, row.commissioner_came_at, row.revision = person, None, row.revision + 1
            row.save()
            record(row, "name_commissioner", by=by, at=at, basis="R-115", facts={"person": person.code})
            telling_sessions.tell_commissioner(row, at)
        return row


def name_chair(session: CommitteeSession, member: SessionMember, *, by: Actor, at: dt.datetime) -> SessionMember:
    """Name who chairs, or hand the chair over: one of the filed chair and deputies who has a seat (R-114)."""
    with transaction.atomic():
        row = held(session)
        _permitted(rules.prepares_session.test(by, row) or rules.chairs_session.test(by, row), "R-114")
        if row.state not in UNTIL_CLOSED:
            raise Refusal([Reason(_("会议已经结束，不能更换主持人。"), "R-114", "too_late")])
        chosen = row.members.seated().filter(pk=member.pk).first()
        if chosen is None or not chosen.can_chair:
            text = _("会议主持人应为参会的主任委员或者副主任委员。")
            raise Refusal([Reason(text, "R-114", "cannot_chair", "member")])
        if row.scrutineers.filter(member=chosen).exists():
            raise Refusal([Reason(_("监票人不能同时主持会议。"), "R-111", "is_scrutineer", "member")])
        if not chosen.is_chair:
            row.members.filter(is_chair=True).update(is_chair=False)
            row.members.filter(pk=chosen.pk).update(is_chair=True)
            record(row, "name_chair", by=by, at=at, basis="R-114", facts={"member": chosen.code})
            moved(row)
        return row.members.select_related("person").get(pk=chosen.pk)


def name_scrutineers(
    session: CommitteeSession, members: Sequence[SessionMember], *, by: Actor, at: dt.datetime
) -> list[Scrutineer]:
    """Name the three members who watch the count, none of them the chair; by the agency or the chair, before the opening.

    On paper the chair may name others later, while no vote runs: two of them count a case whose totals are not found yet.
    Electronic votes keep the three whose keys the ballots were made for.
    """
    with transaction.atomic():
        row = held(session)
        _permitted(rules.prepares_session.test(by, row) or rules.chairs_session.test(by, row), "R-111")
        reasons = list(_against_scrutineers(row, members))
        if reasons:
            raise Refusal(reasons)
        now = list(row.scrutineers.values_list("member", flat=True))
        if now != [one.pk for one in members]:
            row.scrutineers.all().delete()
            Scrutineer.objects.bulk_create(
                Scrutineer(session=row, member=one, place=place) for place, one in enumerate(members, start=1)
            )
            facts = {"members": [one.code for one in members]}
            record(row, "name_scrutineers", by=by, at=at, basis="R-111", facts=facts)
            moved(row)
        return list(row.scrutineers.select_related("member__person").order_by("place"))


def convene(session: CommitteeSession, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeSession:
    """Convene the session once every seat is taken and the chair is named; members and commissioner are told."""
    with transaction.atomic():
        row = held(session)
        done = carry_out(row, "convene", by=by, at=at, key=key)
        if row.state != done.state:
            telling_sessions.tell_convened(done, at)
        return done


def open_session(
    session: CommitteeSession, *, commissioner_absence: str = "", by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeSession:
    """Open the meeting; raises StepRefused without quorum, scrutineers, or a word about the commissioner (A-03)."""
    return carry_out(session, "open_session", by=by, at=at, key=key, commissioner_absence=commissioner_absence)


def close_session(session: CommitteeSession, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeSession:
    """Close the meeting once every case was decided, put off or removed."""
    return carry_out(session, "close_session", by=by, at=at, key=key)


def sign(session: CommitteeSession, *, by: Actor, at: dt.datetime, key: str | None = None) -> CommitteeSession:
    """Sign the count: from now on nothing of it changes, and each application has its outcome (domain §8.1 #23)."""
    with transaction.atomic():
        row = held_with_applications(session, session.items.values_list("application", flat=True))
        done = carry_out(row, "sign", by=by, at=at, key=key, signature=count_sheets.digest_of(row))
        if done.signed_at == at:
            duties.note(done)
            for item in done.items.filter(state__in=DECIDED).select_related("application"):
                step = "record_pass" if item.state == ItemState.DECIDED_PASS else "record_fail"
                if item.application.state == ApplicationState.ON_AGENDA:
                    carry_out(item.application, step, by=SYSTEM, at=at)
            telling_sessions.tell_signed(done, at)
        return done


def cancel(
    session: CommitteeSession, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeSession:
    """Cancel a session that did not open; its cases wait for another one."""
    with transaction.atomic():
        row = held_with_applications(session, session.items.values_list("application", flat=True))
        done = carry_out(row, "cancel", by=by, at=at, key=key, reason=reason)
        for item in done.items.filter(state__in=BEFORE_VOTE).select_related("application"):
            carry_out(item, "remove", by=SYSTEM, at=at, reason=done.end_reason)
            carry_out(item.application, "leave_agenda", by=SYSTEM, at=at)
        inviting.keep_time(done, at)
        if row.state != done.state:
            telling_sessions.tell_cancelled(done, at)
        return done


def void(
    session: CommitteeSession, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None
) -> CommitteeSession:
    """Void a signed session for a violation of procedure: its cases are voted on again by others (A-23, domain §8.1 #35)."""
    with transaction.atomic():
        row = held_with_applications(session, session.items.values_list("application", flat=True))
        done = carry_out(row, "void", by=by, at=at, key=key, reason=reason)
        for item in done.items.filter(state__in=DECIDED).select_related("application"):
            carry_out(item, "void", by=SYSTEM, at=at, reason=done.end_reason)
            revoting.again(item.application, at)
        if row.state != done.state:
            telling_sessions.tell_voided(done, at)
            forgetting.keep_until_appeals_end(done, at)
        return done


def write_minutes(session: CommitteeSession, text: str, *, by: Actor, at: dt.datetime) -> CommitteeSession:
    """Store the minutes, by the chair or the agency, from the opening to the signature (E-11)."""
    with transaction.atomic():
        row = held(session)
        _permitted(rules.prepares_session.test(by, row) or rules.signs_session.test(by, row), "E-11")
        if row.state not in {SessionState.OPEN, SessionState.CLOSED}:
            raise Refusal([Reason(_("开会后、签署前可以填写会议记录。"), "E-11", "not_now")])
        if row.minutes != text.strip():
            row.minutes, row.revision = text.strip(), row.revision + 1
            row.save()
            record(row, "write_minutes", by=by, at=at, basis="E-11")
        return row


def filing_ended(filing: CommitteeFiling, at: dt.datetime) -> None:
    """Cancel what was drawn under a revoked filing and did not open; after an expiry the next filing may carry it (E-15).

    Whose case is left without any committee in force is told that it waits.
    """
    if filing.state == FilingState.REVOKED:
        prepared = CommitteeSession.objects.filter(filing=filing, state__in=sorted(BEFORE_OPENING))
        for session in prepared.with_all().order_by("pk"):
            cancel(session, reason=_("评审委员会备案已撤销。"), by=SYSTEM, at=at)
    same = Committee.objects.filter(agency=filing.agency, name=filing.name, band=filing.band)
    left = [one for one in same if filing_of(one, clock.day_of(at)) is None]
    waiting = Application.objects.filter(entry__committee__in=left, state=ApplicationState.READY_FOR_COMMITTEE)
    for application in waiting.with_all().order_by("pk"):
        telling_filings.tell_waiting(application, at)


def has_open_session(filing: CommitteeFiling) -> bool:
    """Return whether a session drawn from the filing's roll meets now: the roll cannot change meanwhile (§8.12 #6)."""
    return CommitteeSession.objects.filter(filing=filing, state=SessionState.OPEN).exists()


def _against_scrutineers(session: CommitteeSession, members: Sequence[SessionMember]) -> list[Reason]:
    reasons = []
    known = set(session.members.seated().filter(is_chair=False).values_list("pk", flat=True))
    chosen = {one.pk for one in members}
    if len(chosen) != SCRUTINEERS:
        reasons.append(Reason(_("请选择三名不同的监票人。"), "R-111", "three_scrutineers", "members"))
    if chosen - known:
        text = _("监票人应为参会委员，会议主持人不能担任。")
        reasons.append(Reason(text, "R-111", "not_a_member", "members"))
    is_open = session.state == SessionState.OPEN
    if session.state not in BEFORE_OPENING and not (is_open and session.is_on_paper):
        text = _("开会后不能更换监票人：选票按三名监票人的密钥加密。") if is_open else _("会议已经结束。")
        reasons.append(Reason(text, "R-111", "too_late"))
    if session.items.filter(state=ItemState.VOTING).exists():
        reasons.append(Reason(_("投票期间不能更换监票人。"), "R-111", "vote_running"))
    if not all(can_count(one, chosen) for one in session.items.filter(state=ItemState.COUNTED)):
        text = _("正在计票的事项须由至少两名没有回避关系的监票人计票。")
        reasons.append(Reason(text, "A-48", "scrutineers_recused", "members"))
    if is_open and session.members.present().filter(pk__in=chosen).count() != len(chosen):
        reasons.append(Reason(_("监票人应当在场。"), "R-111", "not_present", "members"))
    return reasons


def _permitted(answer: object, basis: str) -> None:
    if not answer:
        raise StepNotPermitted("name", [Reason(_("您当前的身份不能办理。"), basis, "step_not_permitted")])
