"""How somebody comes into a pool: named, agreeing, looked over by the agency, vetted by the bureau (domain §8.15 #1, #2)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.domain import lookups
from applications.domain.settling import settled_first
from applications.enums import System
from portal.accounts.actors import Actor
from portal.accounts.identifiers import DocumentKind, compact
from portal.accounts.models import IdentityDocument, Organisation, Person
from portal.accounts.models.document import index_of
from portal.accounts.roles import AGENCY_STAFF, EMPLOYER_STAFF, OrganisationKind, Role
from portal.catalogue.models import Level, Series
from portal.documents.models import StoredFile
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted, StepRefused
from portal.workflow import Attempt, carry_out
from portal.workflow.carry_out import locked
from review import rules
from review.domain import telling_experts
from review.enums.pooling import SERVING, STANDING, Origin, TermState
from review.guards import pooling as guards
from review.models import Expert, ExpertTerm

NOMINATING = (guards.title_sufficient, guards.field_stated, guards.not_barred)
KEEPS_A_POOL = frozenset({OrganisationKind.AGENCY, OrganisationKind.DISTRICT})


@dataclass(frozen=True)
class Facts:
    """What a nomination tells about the expert; who already serves somewhere is taken as known there."""

    employer_name: str
    series: Series
    level: Level
    title: str
    field: str
    employer_code: str = ""
    certificate_number: str = ""
    is_non_public: bool = False
    is_new_research: bool = False


@dataclass(frozen=True)
class Scope:
    """Which pool: the agency's for one series and band."""

    agency: Organisation
    series: Series
    band: str


def person_named(full_name: str, number: str) -> Person:
    """Return the person with this name and document number; raises Refusal for one that the portal does not know.

    A wrong name and an unknown number read alike, so that nobody can find out whose number it is.
    """
    indexes = {index_of(kind, compact(number)) for kind in DocumentKind}
    found = IdentityDocument.objects.current().filter(number_index__in=indexes).select_related("person").first()
    if found is None or found.person.full_name != full_name.strip():
        text = _("平台没有姓名和证件号码相符的用户，请核对，或者请其先登录平台完成实名注册。")
        raise Refusal([Reason(text, "R-160", "person_unknown", "number")])
    return found.person


@transaction.atomic
def nominate(person: Person, scope: Scope, facts: Facts, *, grounds: str, by: Actor, at: dt.datetime) -> ExpertTerm:
    """Name a person for a pool; raises StepNotPermitted or StepRefused with every reason (R-160, R-161).

    Nobody enters without agreeing: only who names themselves has agreed already. One person stands at most once in
    one pool; who was declined, or whose qualification was taken away, may be named anew.
    """
    origin = _origin(person, scope, by)
    expert = _told(person, facts)
    is_own = origin == Origin.SELF
    assert by.person is not None  # noqa: S101 - whoever has an origin is a person
    term = ExpertTerm(
        expert=expert,
        agency=scope.agency,
        series=scope.series,
        band=scope.band,
        origin=origin,
        nominated_at=at,
        nominated_by=by.person,
        nominator=by.organisation,
        grounds=grounds.strip()[:500],
        consented_at=at if is_own else None,
    )
    reasons = [*_against_place(term), *_judged(term, by, at)]
    if reasons:
        raise StepRefused("nominate", reasons)
    _stored(term)
    facts_told = {"origin": origin, "agency": scope.agency.code, "series": scope.series.code, "band": scope.band}
    record(term, "nominate", by=by, at=at, after=term.state, basis="R-161", facts=facts_told)
    if is_own:
        lookups.ask(person, at=at, systems=[System.TITLES])
    else:
        telling_experts.tell_nominated(term, at)
    return term


@settled_first
def consent(term: ExpertTerm, *, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Agree to be in the pool; the registers are asked about the title from then on, never before (E-06)."""
    done = carry_out(term, "consent", by=by, at=at, key=key)
    lookups.ask(done.expert.person, at=at, systems=[System.TITLES])
    return done


@settled_first
def forward(term: ExpertTerm, *, opinion: str, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the agency pass the person on to the bureau with its opinion."""
    return carry_out(term, "forward", by=by, at=at, key=key, opinion=opinion.strip())


@settled_first
def vet(term: ExpertTerm, *, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the bureau agree, the title verified by data or by hand (E-06, A-46)."""
    done = carry_out(term, "vet", by=by, at=at, key=key)
    telling_experts.tell_vetted(done, at)
    return done


@settled_first
def decline(term: ExpertTerm, *, reason: str, by: Actor, at: dt.datetime, key: str | None = None) -> ExpertTerm:
    """Let the bureau, or the person, say no; whoever named the person is told why."""
    done = carry_out(term, "decline", by=by, at=at, key=key, reason=reason.strip())
    telling_experts.tell_declined(done, at)
    return done


# --- The title --------------------------------------------------------------------------------
@transaction.atomic
def ask_registers(term: ExpertTerm, *, by: Actor, at: dt.datetime) -> None:
    """Have the registers of titles asked again; the answer comes in the background, an outage blocks nobody (A-46)."""
    _refuse_unless_office(term, by)
    if term.consented_at is None:
        raise Refusal([Reason(_("专家本人尚未同意，不能查询其职称数据。"), "R-160", "consented")])
    lookups.ask(term.expert.person, at=at, systems=[System.TITLES], again=True)
    record(term.expert, "ask_titles", by=by, at=at, basis="R-160")


@transaction.atomic
def check_by_hand(term: ExpertTerm, proof: StoredFile | None, remark: str, *, by: Actor, at: dt.datetime) -> Expert:
    """Write down that somebody saw the certificate, where no register vouches for the title (A-46).

    Raises Refusal while a register is still being asked, where one vouches, and without saying what was seen.
    """
    _refuse_unless_office(term, by)
    expert = locked(term.expert)
    against = _against_hand(expert, remark)
    if against:
        raise Refusal(against)
    expert.title_checked_at, expert.title_checked_by, expert.title_proof = at, by.person, proof
    expert.save(update_fields=["title_checked_at", "title_checked_by", "title_proof", "updated_at"])
    record(expert, "check_title", by=by, at=at, note=remark.strip(), basis="A-46")
    return expert


def _against_hand(expert: Expert, remark: str) -> list[Reason]:
    if guards.title_known(expert):
        return [Reason(_("该职称已经核验。"), "R-160", "title_known")]
    if not guards.title_answered(expert.person):
        return [Reason(guards.title_state(expert.person), "A-46", "title_asked")]
    if not remark.strip():
        return [Reason(_("请写明核对了哪份证书、如何核对。"), "A-46", "remark_missing", "remark")]
    return []


def _refuse_unless_office(term: ExpertTerm, by: Actor) -> None:
    if not (rules.checks_it | rules.vets).test(by, term):
        raise StepNotPermitted("check_title", [Reason(_("您当前的身份不能办理。"), "R-160", "step_not_permitted")])


# --- Naming -----------------------------------------------------------------------------------
def _origin(person: Person, scope: Scope, by: Actor) -> Origin:
    """Return by which right the actor names the person; raises StepNotPermitted for whoever has none."""
    if by.person is not None:
        if by.acts_personally and by.person.pk == person.pk:
            return Origin.SELF
        if AGENCY_STAFF & by.roles and by.organisation == scope.agency:
            return Origin.AGENCY
        if EMPLOYER_STAFF & by.roles:
            return Origin.EMPLOYER
        if Role.INDUSTRY_OFFICER in by.roles:
            return Origin.INDUSTRY
    raise StepNotPermitted("nominate", [Reason(_("您当前的身份不能推荐该专家。"), "R-161", "step_not_permitted")])


def _told(person: Person, facts: Facts) -> Expert:
    """Return what is known of the person as an expert, brought up to date unless somebody already relies on it."""
    told: dict[str, Any] = dict(vars(facts))
    expert = Expert.objects.select_for_update().filter(person=person).first()
    if expert is None:
        return Expert.objects.create(person=person, **told)
    if expert.terms.filter(state__in=[*SERVING, TermState.VETTED]).exists():
        return expert
    changed = [name for name, value in told.items() if getattr(expert, name) != value]
    if {"series", "level", "certificate_number"} & set(changed):
        expert.title_checked_at = expert.title_checked_by = expert.title_proof = None
    for name in changed:
        setattr(expert, name, told[name])
    expert.save()
    return expert


def _against_place(term: ExpertTerm) -> list[Reason]:
    if term.agency.kind not in KEEPS_A_POOL or not term.agency.is_active:
        return [Reason(_("该单位不是评审服务机构，没有专家库。"), "R-161", "no_pool", "agency")]
    standing = ExpertTerm.objects.filter(
        expert=term.expert, agency=term.agency, series=term.series, band=term.band, state__in=sorted(STANDING)
    ).first()
    if standing is None:
        return []
    known = {"state": standing.get_state_display()}
    text = _("该专家已在本机构该系列、该级别的专家库中，当前状态为「%(state)s」。") % known
    return [Reason(text, "R-160", "already_in_the_pool", "number")]


def _judged(term: ExpertTerm, by: Actor, at: dt.datetime) -> list[Reason]:
    attempt = Attempt("nominate", by, at)
    return [reason for guard in NOMINATING for reason in guard.reasons_against(term, attempt)]


def _stored(term: ExpertTerm) -> None:
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        text = _("该专家刚刚由他人推荐，请刷新后查看。")
        raise Refusal([Reason(text, "R-160", "already_in_the_pool", "number")]) from error
