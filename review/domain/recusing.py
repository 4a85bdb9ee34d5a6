"""Who of a panel keeps out of one person's case: found in the registers, declared by the expert, or ordered (A-48)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.enums import System
from applications.models import Application, Lookup, Recommendation
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Membership, Person
from portal.accounts.roles import Role
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal
from portal.workflow.carry_out import locked
from review import rules
from review.domain import name_matches
from review.enums.defending import COMPUTED, OPEN, Relation
from review.models import Defence, NameMatch, PanelOpinion, Recusal

FEWEST_SIGNS, LONGEST_REMARK = 10, 300


def employers_of(experts: Iterable[Person], *, on: dt.date) -> dict[int, set[str]]:
    """Return by expert the credit codes of where they work: by the insurance register, and by what they may act for."""
    people = list(experts)
    found: dict[int, set[str]] = defaultdict(set)
    held = Membership.objects.in_force(on).filter(person__in=people).exclude(role__in=[Role.EXPERT, Role.COMMISSIONER])
    for person, code in held.values_list("person", "organisation__credit_code"):
        found[person].add(code)
    insured = Lookup.objects.filter(person__in=people, system=System.INSURANCE).values_list("person", "answer")
    for person, answer in insured:
        employer = (answer or {}).get("employer") or {}
        found[person].add(employer.get("credit_code", ""))
    return found


@dataclass(frozen=True)
class Given:
    """Who recommended a person: the signatory's key, and the credit code of where it was signed."""

    signed_by: int | None
    credit_code: str


def recommended_by(applications: Iterable[Application]) -> dict[int, Given]:
    """Return by application who recommended it; where nobody did yet, it is left out."""
    rows = Recommendation.objects.filter(application__in=list(applications))
    found = rows.values_list("application", "signed_by", "organisation__credit_code")
    return {application: Given(signed_by, code) for application, signed_by, code in found}


def relation_to(
    application: Application, expert: int, employers: Mapping[int, set[str]], given: Mapping[int, Given]
) -> Relation | None:
    """Return the relation that speaks for itself, or None.

    Who signed the recommendation recommends, and so does who works where it was given: an association's people, too.
    """
    if expert == application.applicant_id:
        return Relation.SAME_PERSON
    employer, works_at = application.employer, employers.get(expert, set())
    if employer is not None and employer.credit_code in works_at:
        return Relation.SAME_EMPLOYER
    recommended = given.get(application.pk)
    if recommended is not None and (recommended.signed_by == expert or recommended.credit_code in works_at):
        return Relation.RECOMMENDER
    return None


def note_found(application: Application, experts: Iterable[Person], *, at: dt.datetime) -> None:
    """Write down the recusals that the registers show, so that lists, guards and the panel's desk all obey them.

    Names found in the person's works are written down beside them, to be judged by the agency.
    """
    people = list(experts)
    name_matches.note(application, people, at=at)
    employers, given = employers_of(people, on=clock.day_of(at)), recommended_by([application])
    for expert in people:
        relation = relation_to(application, expert.pk, employers, given)
        if relation is not None:
            _write(application, expert, relation, "", by=SYSTEM, at=at)


def declare(defence: Defence, relation: str, remark: str, *, by: Actor, at: dt.datetime) -> Recusal:
    """Let an expert keep out by their own word; raises Refusal once the opinion was handed in or the hearing is over."""
    locked(defence.application)
    if by.person is None or not rules.sits_in_it.test(by, defence):
        raise Refusal([Reason(_("您不在这场答辩的评议组中。"), "A-48", "not_on_the_panel")])
    _refuse_if_too_late(defence, by.person)
    return _write(defence.application, by.person, _chosen(relation), remark, by=by, at=at)


def order(defence: Defence, expert: Person, relation: str, remark: str, *, by: Actor, at: dt.datetime) -> Recusal:
    """Let the agency keep an expert out of one person's case."""
    locked(defence.application)
    if not rules.prepares_defences.test(by, defence):
        raise Refusal([Reason(_("您当前的身份不能办理。"), "A-48", "step_not_permitted")])
    _refuse_if_too_late(defence, expert)
    return _write(defence.application, expert, _chosen(relation), remark, by=by, at=at)


def judge(match: NameMatch, *, is_related: bool, remark: str, by: Actor, at: dt.datetime) -> NameMatch:
    """Say whether a name in the person's works is the expert's who worked with them; if so, the expert keeps out (A-48).

    Raises Refusal once judged, without words about why it is nobody, and where it is too late to keep out.
    """
    application = locked(match.application)
    row = NameMatch.objects.select_for_update(of=("self",), no_key=True).select_related("expert").get(pk=match.pk)
    defence: Defence = application.defence
    if by.person is None or not rules.prepares_defences.test(by, defence):
        raise Refusal([Reason(_("您当前的身份不能办理。"), "A-48", "step_not_permitted")])
    if row.is_related is not None:
        raise Refusal([Reason(_("这项同名已经核对。"), "A-48", "judged_before")])
    words = remark.strip()[:LONGEST_REMARK]
    if not is_related and len(words) < FEWEST_SIGNS:
        text = _("不构成合作关系的，请写明核对情况，至少10个字。")
        raise Refusal([Reason(text, "A-48", "remark_missing", "remark")])
    row.is_related, row.remark, row.judged_by, row.judged_at = is_related, words, by.person, at
    row.save()
    facts = {"is_related": is_related, "expert": row.expert.code}
    record(row, "judge", by=by, at=at, note=words, basis="A-48", facts=facts)
    if is_related:
        order(defence, row.expert, Relation.CO_AUTHOR, words, by=by, at=at)
    return row


def _chosen(relation: str) -> Relation:
    if relation not in set(Relation.values) - COMPUTED:
        raise Refusal([Reason(_("请选择回避的原因。"), "A-48", "relation_missing", "relation")])
    return Relation(relation)


def _refuse_if_too_late(defence: Defence, expert: Person) -> None:
    if defence.state not in OPEN:
        raise Refusal([Reason(_("这场答辩已经结束，不能再提出回避。"), "A-48", "too_late")])
    if PanelOpinion.objects.filter(defence=defence, expert=expert, handed_in_at__isnull=False).exists():
        raise Refusal([Reason(_("意见已经提交，不能再提出回避，请联系评审服务机构。"), "A-48", "handed_in")])


def _write(
    application: Application, expert: Person, relation: Relation, remark: str, *, by: Actor, at: dt.datetime
) -> Recusal:
    recusal, is_new = Recusal.objects.get_or_create(
        application=application,
        expert=expert,
        defaults={
            "relation": relation,
            "remark": remark.strip()[:LONGEST_REMARK],
            "declared_at": at,
            "is_own": by.person == expert,
        },
    )
    if is_new:
        record(recusal, "recuse", by=by, at=at, basis="A-48", facts={"relation": relation, "expert": expert.code})
    return recusal
