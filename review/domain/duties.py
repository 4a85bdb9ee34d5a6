"""How each expert did the duty of a session: written down once the chair signed, and what is known later (R-164)."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal, StepNotPermitted
from portal.workflow.carry_out import locked
from review import rules
from review.domain import score_deviations, telling_experts
from review.enums.pooling import Attendance
from review.enums.sitting import MemberState, RecusalSource
from review.models import CommitteeSession, DutyRecord, ItemRecusal, SessionMember

FEWEST_SIGNS = 5
OBSERVED = ("missed_recusals", "complaints", "secrecy_breach")
ASKED = frozenset({MemberState.ACCEPTED, MemberState.PRESENT, MemberState.LEFT, MemberState.DECLINED})


def note(session: CommitteeSession) -> None:
    """Write down for everybody who answered the invitation whether they came, and in how many cases they kept out.

    How far their scores lay from the room's is added where they scored enough cases (R-116).

    Must stand in the transaction of the signature; a second call writes nothing new. Who never answered is passed
    over: no duty was taken on. What is known later (complaints, breaches) is added to the same rows.
    """
    members = session.members.filter(state__in=sorted(ASKED)).order_by("place")
    own = dict(
        ItemRecusal.objects.filter(member__in=members, source=RecusalSource.OWN)
        .values_list("member")
        .annotate(number=Count("pk"))
    )
    deviations = score_deviations.deviations_of(session)
    DutyRecord.objects.bulk_create(
        [
            DutyRecord(
                term_id=member.term_id,
                session=session.code,
                held_on=session.day,
                attendance=_attendance(member),
                recusals=own.get(member.pk, 0),
                deviation=deviations.get(member.pk),
            )
            for member in members
        ],
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class Observed:
    """What an office knows of one expert's duty in one session; the deviation of scores is reckoned and not told."""

    missed_recusals: int
    complaints: int
    secrecy_breach: bool
    remark: str


@transaction.atomic
def observe(duty: DutyRecord, told: Observed, *, by: Actor, at: dt.datetime) -> DutyRecord:
    """Write down what became known of a session after it: by the agency or the bureau, each time with its ground.

    A breach of secrecy is written down, or taken back, by the agency's lead or the bureau. None of it is a sanction:
    a sanction needs a decided integrity record (R-144). The expert is told; the ledger keeps what stood before.
    Raises StepNotPermitted, and Refusal without a ground.
    """
    row = locked(duty)
    is_breach_changed = row.secrecy_breach != told.secrecy_breach
    may = (rules.leads_it if is_breach_changed else rules.checks_it) | rules.oversees
    if not may.test(by, row.term):
        text = (
            _("违反保密纪律由评审服务机构负责人或者市人力资源社会保障局登记。")
            if is_breach_changed
            else _("您当前的身份不能办理。")
        )
        raise StepNotPermitted("observe_duty", [Reason(text, "R-164", "step_not_permitted")])
    if len(told.remark.strip()) < FEWEST_SIGNS:
        raise Refusal([Reason(_("请写明依据，至少5个字。"), "R-164", "remark_missing", "remark")])
    before = {name: str(getattr(row, name)) for name in OBSERVED}
    for name, value in asdict(told).items():
        setattr(row, name, value)
    row.remark = told.remark.strip()
    row.save(update_fields=[*OBSERVED, "remark", "updated_at"])
    after = {name: str(getattr(row, name)) for name in OBSERVED}
    changed = [f"{name}: {before[name]} → {after[name]}" for name in OBSERVED if before[name] != after[name]]
    facts = {"session": row.session, "changed": changed}
    record(row.term, "observe_duty", by=by, at=at, basis="R-164", note=row.remark, facts=facts)
    telling_experts.tell_duty(row, at)
    return row


def _attendance(member: SessionMember) -> Attendance:
    if member.checked_in_at is not None:
        return Attendance.PRESENT
    return Attendance.EXCUSED if member.state == MemberState.DECLINED else Attendance.ABSENT
