"""People of the demonstration whom the agency already has: one in each state of its half, with a defence on the first day.

For demonstrations and tests only; the people do not exist, and the money is a sandbox's.
"""

import datetime as dt
from collections.abc import Iterator

from django.conf import settings

from applications.demo import CONTACT, Figure, begun, checked, staff
from applications.domain import publicising, receiving, recommending, submitting
from applications.domain.recommending import Opinion
from applications.models import Application, Recommendation
from portal.accounts.actors import SYSTEM, Actor, acting_for, acting_personally
from portal.accounts.identifiers import Sex
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.redress.domain import filing as asking
from portal.shared import clock
from portal.workflow import carry_out, settle_due
from review import demo_autumn, demo_session
from review.domain import (
    attending,
    checking,
    checklist,
    crediting,
    deciding,
    opining,
    ordering,
    passing,
    planning,
    rounds,
)
from review.domain.checking import Found
from review.domain.crediting import Money
from review.enums.checking import Ground, Proposal, Verdict
from review.enums.defending import Mode
from review.models import AgencyReview, Defence, Payment, Slot

DEFECTS = {
    "summary": "工作总结请补充近三年主持项目的进度、本人分工和完成情况。",
    "post": "所填岗位名称与劳动合同不一致，请核对后更正。",
}
OPINION = Opinion("该同志专业能力突出，业绩显著，同意推荐申报高级工程师。", "近三年年度考核均为优秀", truth=True)
REASON = "所列业绩与申报专业无关，不符合申报条件。"
WHY_AGAIN = "机构所说的业绩是嵌入式存储器的芯片设计，属于集成电路专业，申报表第三项已附流片报告。"
ASKED = "问：如何保证批量一致性？答：以在线标定和统计过程控制保证。"
HEARD = "论述清楚，回答准确，能够独立解决本专业的复杂技术问题，业绩真实。"


def _on(month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


FILED, RECOMMENDED = _on(6, 22, 10), _on(6, 30, 9)
CHECKED, PAID, PLANNED, TOLD = _on(6, 30, 10), _on(7, 1, 9), _on(7, 1, 14), _on(7, 1, 15)
FIRST_SLOT, TODAYS_SLOTS = _on(7, 7, 14), _on(7, 8, 10, 30)
LATELY, ASKED_AGAIN = _on(7, 7, 16), _on(7, 7, 17)

FIGURES = [
    Figure("demo-queued", "方晓岚", dt.date(1986, 3, 14), 911, Sex.FEMALE, "车规级电源芯片", "queued"),
    Figure("demo-reviewing", "邓国栋", dt.date(1984, 7, 2), 913, Sex.MALE, "高速接口物理层电路", "checking"),
    Figure("demo-proposed", "白静宜", dt.date(1987, 12, 19), 914, Sex.FEMALE, "毫米波收发前端", "proposed"),
    Figure("demo-returned", "石磊", dt.date(1985, 5, 27), 915, Sex.MALE, "存储控制器验证平台", "returned"),
    Figure("demo-rejected", "任书航", dt.date(1985, 9, 8), 922, Sex.MALE, "嵌入式非易失存储器", "rejected"),
    Figure("demo-fee", "孟祥云", dt.date(1988, 10, 6), 916, Sex.FEMALE, "低功耗音频编解码器", "passed"),
    Figure("demo-paid", "余海涛", dt.date(1983, 8, 21), 917, Sex.MALE, "图像传感器读出电路", "paid"),
    Figure("demo-ready", "叶知秋", dt.date(1982, 11, 11), 919, Sex.FEMALE, "工业总线控制芯片", "heard"),
    Figure("demo-ready-2", "曾可凡", dt.date(1984, 2, 17), 921, Sex.MALE, "车载以太网收发器", "heard"),
    Figure("demo-defence", "范思远", dt.date(1986, 1, 30), 918, Sex.MALE, "片上电源完整性分析", "notified"),
    Figure("demo-defence-2", "秦若溪", dt.date(1987, 4, 9), 920, Sex.FEMALE, "安全启动与密钥管理电路", "notified"),
]


def load() -> None:
    """Bring each figure as far as its state says, by the real steps; a second run changes nothing."""
    if not settings.DEMO_CLOCK or Person.objects.filter(username=FIGURES[0].username).exists():
        return
    entry = _entry("集成电路")
    places = _places(entry)
    for figure in FIGURES:
        _bring(figure, _recommended(figure, entry), places)
    terms = demo_session.load(entry)
    demo_autumn.load(_entry("电子信息"), terms)


def _entry(specialty: str) -> CatalogueEntry:
    """Return the senior-associate level of an engineering specialty."""
    found: CatalogueEntry = (
        CatalogueEntry.objects.public()
        .with_all()
        .get(
            edition__code="BJ-2026-demo",
            specialty__name=specialty,
            specialty__series__code="05",
            level__key="associate",
        )
    )
    return found


def _recommended(figure: Figure, entry: CatalogueEntry) -> Application:
    clerk, head = staff("employer-clerk"), staff("employer-head")
    application = begun(figure, entry, at=FILED)
    submitting.submit(application, commitment=True, by=acting_personally(application.applicant), at=FILED)
    recommendation = receiving.receive(Recommendation.objects.get(application=application), by=clerk, at=FILED)
    checked(recommendation, clerk, at=FILED)
    publicising.publicise([recommendation], contact=CONTACT, by=clerk, at=FILED)
    settle_due(Recommendation.objects.with_all().get(pk=recommendation.pk), RECOMMENDED)
    recommending.recommend(Recommendation.objects.get(pk=recommendation.pk), OPINION, by=head, at=RECOMMENDED)
    return Application.objects.with_all().get(pk=application.pk)


def _bring(figure: Figure, application: Application, places: Iterator[Slot]) -> None:
    review = AgencyReview.objects.with_all().get(application=application)
    if figure.goes_to == "queued":
        return
    clerk, lead = staff("agency-clerk"), staff("agency-lead")
    checking.take(review, by=clerk, at=CHECKED)
    if figure.goes_to == "checking":
        _find(review, {"summary"}, clerk, at=CHECKED, only=("person", "post", "summary"))
        return
    _find(review, set(DEFECTS) if figure.goes_to == "returned" else set(), clerk, at=CHECKED)
    if figure.goes_to == "rejected":
        _reject(review, clerk, lead)
        return
    at = LATELY if figure.goes_to in {"proposed", "passed"} else CHECKED
    kind = Proposal.RETURN if figure.goes_to == "returned" else Proposal.PASS
    checking.propose(_fresh(review), kind, by=clerk, at=at)
    if figure.goes_to == "returned":
        deciding.return_once(_fresh(review), by=lead, at=CHECKED)
    elif figure.goes_to != "proposed":
        passing.pass_review(_fresh(review), by=lead, at=at)
        if figure.goes_to != "passed":
            _pay(figure, application)
            if figure.goes_to != "paid":
                _defend(figure, application, next(places), clerk)


def _reject(review: AgencyReview, clerk: Actor, lead: Actor) -> None:
    """Reject a file whose person asks for a review, which neither of the two may handle: they took part."""
    checking.propose(_fresh(review), Proposal.REJECT, reason=REASON, basis=Ground.CONDITIONS.value, by=clerk, at=LATELY)
    deciding.reject(_fresh(review), by=lead, at=LATELY)
    ended = Application.objects.get(pk=review.application_id)
    asking.ask(ended, facts=WHY_AGAIN, by=acting_personally(ended.applicant), at=ASKED_AGAIN)


def _fresh(review: AgencyReview) -> AgencyReview:
    return AgencyReview.objects.with_all().get(pk=review.pk)


def _find(
    review: AgencyReview, wrong: set[str], clerk: Actor, *, at: dt.datetime, only: tuple[str, ...] | None = None
) -> None:
    fresh = _fresh(review)
    found = {
        item.key: Found(Verdict.DEFECT, DEFECTS[item.key], item.basis) if item.key in wrong else Found(Verdict.FINE)
        for item in checklist.items_of(fresh.snapshot, fresh.committee)
        if only is None or item.key in only
    }
    checking.find(fresh, found, by=clerk, at=at)


def _pay(figure: Figure, application: Application) -> None:
    payment = Payment.objects.with_all().get(application=application)
    order = ordering.start(payment, by=acting_personally(application.applicant), at=PAID)
    trade = f"TDEMO{figure.serial}"
    placed = carry_out(order, "place", by=SYSTEM, at=PAID, trade_number=trade, pay_url="")
    crediting.credit(placed, Money(placed.amount, PAID, trade, f"1106{figure.serial:010d}"), at=PAID)


def _places(entry: CatalogueEntry) -> Iterator[Slot]:
    """Yield the slots of the first round in their order: two of the day before, two of the demonstration's first day."""
    clerk = staff("agency-clerk")
    committee = entry.committee
    assert committee is not None  # noqa: S101 - what is reviewed has a committee
    days = (FIRST_SLOT.date(), TODAYS_SLOTS.date())
    bring = "另请携带主要业绩的证明材料原件。"
    opened = rounds.open_round(
        committee, title="第一批次答辩", mode=Mode.ON_SITE, days=days, to_bring=bring, by=clerk, at=PLANNED
    )
    experts = [_expert(username).person for username in ("expert", "expert-2", "expert-3")]
    panel = rounds.add_panel(opened, "第一评议组", [one for one in experts if one], by=clerk, at=PLANNED)
    place = rounds.room_of(committee.agency, "答辩室一", "北京市朝阳区示例路1号")
    for begins_at, number in ((FIRST_SLOT, 2), (TODAYS_SLOTS, 2)):
        times = rounds.Times(begins_at, minutes=30, number=number, pause=10, capacity=1)
        yield from rounds.add_slots(panel, place, times, by=clerk, at=PLANNED)


def _expert(username: str) -> Actor:
    person = Person.objects.get(username=username)
    membership = person.memberships.select_related("organisation").get(role=Role.EXPERT)
    return acting_for(person, membership.organisation, frozenset({Role.EXPERT}))


def _defend(figure: Figure, application: Application, slot: Slot, clerk: Actor) -> None:
    fresh = Application.objects.with_all().get(pk=application.pk)
    defence = planning.notify(planning.plan(fresh, slot, by=clerk, at=PLANNED), by=clerk, at=TOLD)
    if figure.goes_to == "heard":
        _hear(defence, slot, clerk)


def _hear(defence: Defence, slot: Slot, clerk: Actor) -> None:
    attending.check_in(defence, typed=attending.code_of(defence), identity=True, by=clerk, at=slot.starts_at)
    for username in ("expert", "expert-2", "expert-3"):
        expert = _expert(username)
        scores = {str(one.order): one.max_score - 4 for one in opining.criteria_of(defence)}
        given = {"questions": ASKED, "opinion": HEARD, "scores": scores}
        version = opining.opinion_of(defence, expert).version
        opining.save(defence, given, based_on=version, by=expert, at=slot.ends_at)
        opining.hand_in(defence, by=expert, at=slot.ends_at)
    attending.complete(defence, by=clerk, at=slot.ends_at)
