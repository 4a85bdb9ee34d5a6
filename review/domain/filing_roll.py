"""Making a filing and its roll: its scope and size, who is on it, in which duty; in an amendment, what shall change."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applications.domain.settling import settled_first
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation
from portal.catalogue.models import Series, Specialty
from portal.ledger.record import record
from portal.shared import clock
from portal.shared.errors import Reason, Refusal, StepNotPermitted, StepRefused
from portal.workflow import Attempt
from portal.workflow.carry_out import locked
from review import rules
from review.enums.filing import EDITABLE, IN_FORCE, Change, Duty, FilingState
from review.enums.pooling import SERVING
from review.guards import filing as guards
from review.models import CommitteeFiling, ExpertTerm, FiledMember

LARGEST = 199


@dataclass(frozen=True)
class Told:
    """What a filing says of its committee."""

    name: str
    band: str
    series: Series
    specialty: Specialty | None
    size: int
    small_reason: str = ""


@transaction.atomic
def start(agency: Organisation, told: Told, *, by: Actor, at: dt.datetime) -> CommitteeFiling:
    """Begin the filing of a committee; raises StepRefused where the agency has no authority for it (domain §8.12 #1)."""
    filing = CommitteeFiling(agency=agency)
    _fill(filing, told, "start", by, at)
    record(filing, "start", by=by, at=at, after=filing.state, basis="R-187")
    return filing


@settled_first
def revise(filing: CommitteeFiling, told: Told, *, by: Actor, at: dt.datetime) -> CommitteeFiling:
    """Change scope and size before the filing is handed in."""
    row = _open_for(filing, EDITABLE, by)
    _fill(row, told, "revise", by, at)
    record(row, "revise", by=by, at=at, basis="R-187", facts={"size": row.size, "name": row.name})
    return row


@transaction.atomic
def start_renewal(filing: CommitteeFiling, *, by: Actor, at: dt.datetime) -> CommitteeFiling:
    """Begin the next filing of a committee with whoever of the roll still serves; the first one goes on holding (E-04)."""
    told = Told(filing.name, filing.band, filing.series, filing.specialty, filing.size, filing.small_reason)
    made = start(filing.agency, told, by=by, at=at)
    staying = filing.members.filter(is_listed=True, term__state__in=sorted(SERVING)).exclude(change=Change.OUT)
    FiledMember.objects.bulk_create(
        FiledMember(filing=made, term_id=one.term_id, duty=one.duty) for one in staying.order_by("pk")
    )
    return made


def candidates(filing: CommitteeFiling, on: dt.date) -> QuerySet[ExpertTerm]:
    """Return who of the agency's pool may be put on the roll: serving in its series and band, not on it yet."""
    rows = ExpertTerm.objects.filter(
        agency=filing.agency, series=filing.series, band=filing.band, state__in=sorted(SERVING), ends_on__gte=on
    )
    return rows.exclude(places__filing=filing).with_all().order_by("expert__person__sort_key", "pk")


@settled_first
def put(filing: CommitteeFiling, terms: Iterable[ExpertTerm], *, by: Actor, at: dt.datetime) -> list[FiledMember]:
    """Put experts on the roll as members; in an amendment they come with its confirmation."""
    row = _open_for(filing, EDITABLE | {FilingState.AMENDED}, by)
    chosen = list(terms)
    allowed = set(candidates(row, clock.day_of(at)).values_list("pk", flat=True))
    if not chosen or any(term.pk not in allowed for term in chosen):
        raise Refusal(
            [Reason(_("请在本机构专家库该系列、该级别聘期内的专家中选择。"), "R-160", "not_in_the_pool", "terms")]
        )
    is_listed = row.state in EDITABLE
    try:
        with transaction.atomic():
            made = FiledMember.objects.bulk_create(
                FiledMember(filing=row, term=term, is_listed=is_listed) for term in chosen
            )
    except IntegrityError as error:
        raise Refusal(
            [Reason(_("有专家刚刚已经加入名单，请刷新后重试。"), "A-36", "already_on_it", "terms")]
        ) from error
    _changed(row, "put", by, at, [term.code for term in chosen])
    return made


@settled_first
def take_out(filing: CommitteeFiling, member: FiledMember, *, by: Actor, at: dt.datetime) -> None:
    """Take somebody off the roll; in an amendment a filed member goes with its confirmation."""
    row = _open_for(filing, EDITABLE | {FilingState.AMENDED}, by)
    if row.state in EDITABLE or not member.is_listed:
        row.members.filter(pk=member.pk).delete()
    else:
        row.members.filter(pk=member.pk).update(change=Change.OUT)
    _changed(row, "take_out", by, at, [member.term.code])


@settled_first
def keep(filing: CommitteeFiling, member: FiledMember, *, by: Actor, at: dt.datetime) -> None:
    """Undo what an amendment would do with a filed member."""
    row = _open_for(filing, {FilingState.AMENDED}, by)
    row.members.filter(pk=member.pk).update(change=Change.NONE)
    _changed(row, "keep", by, at, [member.term.code])


@settled_first
def give_duty(filing: CommitteeFiling, member: FiledMember, duty: Duty, *, by: Actor, at: dt.datetime) -> None:
    """Make a member chair, deputy or plain member; a new chair makes the one before a plain member."""
    row = _open_for(filing, EDITABLE | {FilingState.AMENDED}, by)
    members = row.members.select_for_update()
    is_amended = row.state == FilingState.AMENDED
    if duty == Duty.CHAIR:
        for other in members.exclude(pk=member.pk):
            if other.planned_duty == Duty.CHAIR:
                _set_duty(other, Duty.MEMBER, is_amended=is_amended)
    _set_duty(members.get(pk=member.pk), duty, is_amended=is_amended)
    _changed(row, "give_duty", by, at, [member.term.code], duty=duty)


def apply_changes(filing: CommitteeFiling) -> None:
    """Bring the roll in line with a confirmed amendment; must stand in its transaction."""
    members = list(filing.members.select_for_update())
    for one in members:
        if one.change == Change.OUT:
            one.delete()
    staying = [one for one in members if one.change != Change.OUT]
    for one in sorted(staying, key=lambda member: member.planned_duty == Duty.CHAIR):  # one chair at a time
        one.duty, one.change, one.is_listed = one.planned_duty, Change.NONE, True
        one.save(update_fields=["duty", "change", "is_listed", "updated_at"])


def drop_changes(filing: CommitteeFiling) -> None:
    """Forget what an amendment would have changed; must stand in its transaction."""
    filing.members.filter(is_listed=False).delete()
    filing.members.exclude(change=Change.NONE).update(change=Change.NONE)


def _set_duty(member: FiledMember, duty: Duty, *, is_amended: bool) -> None:
    if is_amended and member.is_listed:
        member.change = Change.NONE if member.duty == duty else Change(duty)
    else:
        member.duty = duty
    member.save(update_fields=["duty", "change", "updated_at"])


def _fill(filing: CommitteeFiling, told: Told, step: str, by: Actor, at: dt.datetime) -> None:
    if not rules.files_committee.test(by, filing):
        raise StepNotPermitted(step, [Reason(_("您当前的身份不能办理。"), "R-187", "step_not_permitted")])
    filing.name, filing.band, filing.series, filing.specialty = told.name, told.band, told.series, told.specialty
    filing.is_by_series = told.specialty is None
    filing.size, filing.small_reason = told.size, told.small_reason.strip()
    attempt = Attempt(step, by, at)
    judged = (guards.one_scope, guards.authority_covers, guards.size_is_odd)
    reasons = [reason for guard in judged for reason in guard.reasons_against(filing, attempt)]
    reasons += _against_second(filing)
    if reasons:
        raise StepRefused(step, reasons)
    filing.save()


def _against_second(filing: CommitteeFiling) -> list[Reason]:
    """One filing at a time is prepared for one committee; beside it the one in force may run out."""
    done = [*sorted(IN_FORCE), FilingState.EXPIRED, FilingState.REFUSED, FilingState.REVOKED]
    same = CommitteeFiling.objects.filter(agency=filing.agency, name=filing.name, band=filing.band)
    if not same.exclude(state__in=done).exclude(pk=filing.pk).exists():
        return []
    return [Reason(_("该评审委员会已有一件正在办理的备案。"), "R-187", "already_under_way", "name")]


def _open_for(filing: CommitteeFiling, states: Iterable[str], by: Actor) -> CommitteeFiling:
    row = locked(filing)
    if not rules.files_committee.test(by, row):
        raise StepNotPermitted("revise", [Reason(_("您当前的身份不能办理。"), "R-187", "step_not_permitted")])
    if row.state not in set(states):
        known = {"state": row.get_state_display()}
        raise Refusal([Reason(_("当前状态为「%(state)s」，不能修改。") % known, "R-187", "not_editable")])
    return row


def _changed(filing: CommitteeFiling, step: str, by: Actor, at: dt.datetime, terms: list[str], **facts: str) -> None:
    """Write the change down; an amendment that was handed in is to be handed in again."""
    if filing.change_handed_in_at is not None:
        filing.change_handed_in_at = None
        filing.save(update_fields=["change_handed_in_at", "updated_at"])
    record(filing, step, by=by, at=at, basis="R-187", facts={"terms": terms, **facts})
