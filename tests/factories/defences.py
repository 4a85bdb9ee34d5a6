"""Defences that reached a state by the real steps, on the days of scenario S1."""

import datetime as dt
from collections.abc import Sequence

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Membership, Organisation
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry, Committee, Criterion, Guide
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.shared import clock
from review.domain import attending, opining, planning, rescheduling, rounds
from review.enums.defending import Mode
from review.models import ChangeRequest, Defence, DefenceRound, Panel, Slot
from tests.factories import accounts, catalogue, payments


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


PAID, PLANNED, TOLD = on(8, 21), on(9, 7), on(9, 14)
DAY = dt.date(2026, 9, 20)  # a make-up Sunday
BEGINS = on(9, 20, 9)
ASK = "本人因突发疾病住院，不能按时参加。"
OPINION = "论述清楚，业绩突出，达到高级工程师水平。"


def agency_staff(agency: Organisation, role: Role = Role.AGENCY_CLERK) -> Actor:
    held = Membership.objects.filter(organisation=agency, role=role).select_related("person").first()
    if held is not None:
        return acting_for(held.person, agency, frozenset({role}))
    return accounts.actor(role, at=agency)


def staff_of(application: Application) -> Actor:
    agency = application.entry.agency
    assert agency is not None
    return agency_staff(agency)


def paid(entry: CatalogueEntry, by: Actor | None = None, *, at: dt.datetime = PAID) -> Application:
    """Return an application that passed the agency's check and was paid."""
    return payments.paid(payments.passed(entry, by), at=at)


def guide(committee: Committee) -> Guide:
    """Return the committee's guide with two criteria that are scored."""
    made = Guide.objects.create(
        committee=committee, conditions="条件", procedure="程序", place_and_time="时间", materials="材料"
    )
    for order, (heading, indicator, text, score) in enumerate(
        [
            ("ability", "professional_ability", "专业能力", 40),
            ("achievement", "professional_ability", "业绩贡献", 60),
        ],
        start=1,
    ):
        Criterion.objects.create(
            guide=made, heading=heading, indicator=indicator, text=text, max_score=score, order=order
        )
    return made


def round_of(committee: Committee, **fields: object) -> DefenceRound:
    defaults: dict[str, object] = {
        "title": "2026年第一次答辩",
        "mode": Mode.ON_SITE,
        "days": (DAY, DAY + dt.timedelta(days=20)),
        "to_bring": "请携带身份证原件。",
    }
    clerk = agency_staff(committee.agency)
    return rounds.open_round(committee, **{**defaults, **fields}, by=clerk, at=PLANNED)  # type: ignore[arg-type]


def experts(agency: Organisation, number: int = 3) -> list[Actor]:
    return [accounts.actor(Role.EXPERT, at=agency) for _each in range(number)]


def panel(of: DefenceRound, sitting: Sequence[Actor] | None = None, name: str = "第一评议组") -> Panel:
    agency = of.committee.agency
    chosen = experts(agency) if sitting is None else sitting
    people = [one.person for one in chosen if one.person is not None]
    return rounds.add_panel(of, name, people, by=agency_staff(agency), at=PLANNED)


def slots(
    of: Panel, number: int = 1, *, begins_at: dt.datetime = BEGINS, room: str = "答辩室一", capacity: int = 1
) -> list[Slot]:
    agency = of.round.committee.agency
    place = rounds.room_of(agency, room, "北京市海淀区示例路1号")
    times = rounds.Times(begins_at, minutes=30, number=number, pause=10, capacity=capacity)
    return rounds.add_slots(of, place, times, by=agency_staff(agency), at=PLANNED)


def planned(application: Application | None = None, slot: Slot | None = None, *, at: dt.datetime = PLANNED) -> Defence:
    """Return a defence that has a slot and was not told yet."""
    one = application or paid(catalogue.published_entry())
    committee = one.entry.committee
    assert committee is not None
    place = slot or slots(panel(round_of(committee)))[0]
    return planning.plan(one, place, by=staff_of(one), at=at)


def notified(application: Application | None = None, slot: Slot | None = None, *, at: dt.datetime = TOLD) -> Defence:
    defence = planned(application, slot)
    return planning.notify(defence, by=staff_of(defence.application), at=at)


def begun(application: Application | None = None, slot: Slot | None = None) -> Defence:
    """Return a defence in which the person was let in, ten minutes before the time."""
    defence = notified(application, slot)
    assert defence.slot is not None
    return let_in(defence, at=defence.slot.starts_at - dt.timedelta(minutes=10))


def let_in(defence: Defence, *, at: dt.datetime) -> Defence:
    clerk = staff_of(defence.application)
    return attending.check_in(defence, typed=attending.code_of(defence), identity=True, by=clerk, at=at)


def heard(application: Application | None = None, slot: Slot | None = None) -> Application:
    """Lead a paid application through its defence to the committee's door."""
    defence = begun(application, slot)
    assert defence.slot is not None
    later = defence.slot.ends_at
    for expert in panel_of(defence):
        write(defence, expert, at=later)
        opining.hand_in(defence, by=expert, at=later)
    attending.complete(defence, by=staff_of(defence.application), at=later)
    return Application.objects.with_all().get(pk=defence.application_id, state=ApplicationState.READY_FOR_COMMITTEE)


def panel_of(defence: Defence) -> list[Actor]:
    """Return the experts who sit and do not keep out, acting as experts."""
    assert defence.slot is not None
    agency = defence.slot.round.committee.agency
    kept_out = defence.application.recusals.values("expert")
    sitting = defence.slot.sittings.exclude(expert__in=kept_out).select_related("expert").order_by("pk")
    return [acting_for(one.expert, agency, frozenset({Role.EXPERT})) for one in sitting]


def write(defence: Defence, expert: Actor, *, at: dt.datetime, opinion: str = OPINION) -> None:
    scores = {str(one.order): one.max_score - 5 for one in opining.criteria_of(defence)}
    given = {"questions": "问：如何降低功耗？答：采用门控时钟。", "opinion": opinion, "scores": scores}
    opining.save(defence, given, based_on=opining.opinion_of(defence, expert).version, by=expert, at=at)


def proof(of: Defence, *, at: dt.datetime = TOLD) -> StoredFile:
    owner = of.application.applicant
    content = b"%PDF-1.4 " + of.code.encode()
    who = acting_personally(owner)
    return keep(content, name="住院证明.pdf", purpose="defence_cause", kind=Kind.PDF, owner=owner, at=at, by=who)


def asked(of: Defence, *, at: dt.datetime = TOLD) -> ChangeRequest:
    who = acting_personally(of.application.applicant)
    return rescheduling.ask(of, reason=ASK, file=proof(of, at=at), by=who, at=at)
