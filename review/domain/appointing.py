"""The terms of experts: appointing, pausing, ending, judging, renewing, taking the qualification away (domain §8.15 #3 on)."""

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.deadlines import setting
from portal.integrity.enums import BarKind
from portal.integrity.models import IntegrityRecord
from portal.integrity.queries import is_barred
from portal.integrity.registry import Handler
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.office import in_office_language
from portal.workflow import carry_out
from review.domain import seating, telling_experts
from review.enums.pooling import SERVING, TERM_END, TERM_ENDING, TermState
from review.models import ExpertTerm

REMINDER = dt.timedelta(days=90)  # N-14
LOSES = frozenset({*SERVING, TermState.VETTED, TermState.ENDED})


@settled_first
def allow_more(term: ExpertTerm, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the bureau allow one term over the limit, for a reason (A-31)."""
    step = "allow_renewal" if term.state == TermState.ENDED else "allow_more"
    return carry_out(term, step, by=by, at=at, key=key, reason=reason.strip())


@settled_first
def appoint(
    term: ExpertTerm, *, starts_on: dt.date, ends_on: dt.date, by: Actor, at: dt.datetime, key: str | None = None
) -> ExpertTerm:
    """Appoint a vetted person from one day to another, both included; raises StepRefused with every reason."""
    return _begun(term, "appoint", (starts_on, ends_on), by=by, at=at, key=key)


@settled_first
def renew(
    term: ExpertTerm, *, starts_on: dt.date, ends_on: dt.date, by: Actor, at: dt.datetime, key: str | None = None
) -> ExpertTerm:
    """Let the bureau appoint the person for another term after a good assessment (R-164)."""
    return _begun(term, "renew", (starts_on, ends_on), by=by, at=at, key=key)


@settled_first
def promise(term: ExpertTerm, *, promised: bool, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the expert promise secrecy and recusal; from then on the expert can be drawn (R-116)."""
    return carry_out(term, "promise", by=by, at=at, key=key, promised=promised)


@settled_first
def pause(term: ExpertTerm, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Keep the expert out of draws and of sessions that did not open for a while; the term runs on."""
    done = carry_out(term, "pause", by=by, at=at, key=key, reason=reason.strip())
    seating.term_stopped(done, at)
    telling_experts.tell_paused(done, at)
    return done


@settled_first
def resume(term: ExpertTerm, *, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the expert be drawn again."""
    done = carry_out(term, "resume", by=by, at=at, key=key)
    telling_experts.tell_resumed(done, at)
    return done


@settled_first
def end(term: ExpertTerm, *, reason: str = "", by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """End a term: after its last day, or before it for a reason."""
    done = carry_out(term, "end", by=by, at=at, key=key, reason=reason.strip())
    _over(done, by, at)
    telling_experts.tell_ended(done, at)
    return done


@settled_first
def assess(
    term: ExpertTerm, *, assessment: str, remark: str, by: Actor, at: dt.datetime, key: str | None = None
) -> ExpertTerm:
    """Judge the duty of the term that is over; without a good one nobody is appointed again (R-164)."""
    return carry_out(term, "assess", by=by, at=at, key=key, assessment=assessment, remark=remark.strip())


@settled_first
def disqualify(term: ExpertTerm, *, reason: str = "", by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Take the qualification away, as a decision of the integrity archive says (R-144, E-14)."""
    done = carry_out(term, "disqualify", by=by, at=at, key=key, reason=reason.strip())
    _over(done, by, at)
    telling_experts.tell_disqualified(done, at)
    return done


# --- Timers -----------------------------------------------------------------------------------
def term_is_over(term: ExpertTerm, at: dt.datetime) -> None:
    """The last day of the term ended."""
    row = ExpertTerm.objects.with_all().get(pk=term.pk)
    if row.state in SERVING:
        end(row, by=SYSTEM, at=at)


def term_is_ending(term: ExpertTerm, at: dt.datetime) -> None:
    """Ninety days are left (N-14)."""
    row = ExpertTerm.objects.with_all().get(pk=term.pk)
    if row.state in SERVING:
        telling_experts.tell_ending(row, at)


class Consequences(Handler):
    """What the integrity archive decides about experts: the qualification goes with the bar, and comes back with it."""

    def decided(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """A decision, or its correction, keeps somebody from being an expert, or no longer does."""
        if record.person is not None:
            bar_changed(record.person, at)

    def quashed(self, record: IntegrityRecord, at: dt.datetime) -> None:
        """The decision fell."""
        if record.person is not None:
            bar_changed(record.person, at)


def bar_changed(person: Person, at: dt.datetime) -> None:
    """Bring every term of the person in line with the bars that hold now; must stand in the transaction of the decision."""
    terms = ExpertTerm.objects.filter(expert__person=person).with_all().order_by("pk")
    if is_barred(person, at, BarKind.EXPERT):
        for term in terms.filter(state__in=sorted(LOSES)):
            disqualify(term, by=SYSTEM, at=at)
    else:
        for term in terms.filter(state=TermState.DISQUALIFIED):
            _reinstate(term, at)


@in_office_language
def _reinstate(term: ExpertTerm, at: dt.datetime) -> None:
    """Undo what a quashed decision did (A-45): a term that still runs stands paused, until the agency resumes it."""
    if term.number == 0 or term.ends_on is None:
        carry_out(term, "reinstate_vetted", by=SYSTEM, at=at)
    elif at >= clock.end_of(term.ends_on):
        carry_out(term, "reinstate_ended", by=SYSTEM, at=at)
    else:
        reason = _("诚信档案处理决定已撤销，恢复专家资格，由评审服务机构恢复抽取。")
        done = carry_out(term, "reinstate", by=SYSTEM, at=at, reason=reason)
        _run(done, at)
        _admit(done, SYSTEM, at)
        telling_experts.tell_paused(done, at)


# --- What a term brings with it ---------------------------------------------------------------
def _begun(
    term: ExpertTerm, step: str, days: tuple[dt.date, dt.date], *, by: Actor, at: dt.datetime, key: str | None
) -> ExpertTerm:
    starts_on, ends_on = days
    facts: dict[str, Any] = {"starts_on": starts_on, "ends_on": ends_on, "number": term.next_number}
    done = carry_out(term, step, by=by, at=at, key=key, **facts)
    _run(done, at)
    _admit(done, by, at)
    telling_experts.tell_appointed(done, at)
    return done


def _run(term: ExpertTerm, at: dt.datetime) -> None:
    """Set the timers of a term that begins or goes on."""
    assert term.ends_on is not None  # noqa: S101 - a term that runs has its days
    over = clock.end_of(term.ends_on)
    for kind, due_at in ((TERM_END, over), (TERM_ENDING, over - REMINDER)):
        setting.lift(kind, term, at=at)
        setting.set_instant(kind, term, due_at=due_at, at=at)


def _admit(term: ExpertTerm, by: Actor, at: dt.datetime) -> None:
    """Let the person act as an expert at the agency during the term."""
    assert term.starts_on is not None  # noqa: S101 - a term that began has its days
    place = {"person": term.expert.person, "organisation": term.agency, "role": Role.EXPERT}
    held = Membership.objects.filter(Q(until=None) | Q(until__gte=term.starts_on), **place, ended_at=None).first()
    if held is None:
        held = Membership.objects.create(**place, since=term.starts_on, until=term.ends_on)
    elif held.until is not None and term.ends_on is not None and held.until < term.ends_on:
        held.until = term.ends_on
        held.save(update_fields=["until", "updated_at"])
    facts = {"role": Role.EXPERT, "person": term.expert.person.code}
    record(held, "begin", by=by, at=at, basis="R-163", facts=facts)


def _over(term: ExpertTerm, by: Actor, at: dt.datetime) -> None:
    """Lift the timers, give on the seats, and end the role where the person serves the agency in no other pool."""
    for kind in (TERM_END, TERM_ENDING):
        setting.lift(kind, term, at=at)
    seating.term_stopped(term, at)
    others = ExpertTerm.objects.filter(expert=term.expert_id, agency=term.agency_id, state__in=sorted(SERVING))
    if others.exclude(pk=term.pk).exists():
        return
    held = Membership.objects.filter(
        person=term.expert.person, organisation=term.agency_id, role=Role.EXPERT, ended_at=None
    )
    for membership in held.filter(Q(until=None) | Q(until__gte=clock.day_of(at))):
        membership.ended_at = at
        membership.save(update_fields=["ended_at", "updated_at"])
        record(membership, "end", by=by, at=at, facts={"role": Role.EXPERT, "person": term.expert.person.code})
