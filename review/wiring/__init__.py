"""What review registers with the rooms below, process by process."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from applications.enums import EXCUSE, FEE, FIRST_CHECK, RESUMPTION, SUSPENSION
from applications.interfaces import beside
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.rules import acts_personally, agency, bureau, is_system
from portal.catalogue import unfinished
from portal.catalogue.domain import standing
from portal.deadlines.registry import DeadlineKind
from portal.deadlines.registry import register as register_deadline
from portal.documents import purposes
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.http import navigation, worklist
from portal.workflow import register_settler, settle_due
from review import rules
from review.domain import (
    agenda,
    attending,
    defence_papers,
    defence_queries,
    exporting,
    fees,
    inviting,
    lapsing,
    overdue,
    queueing,
    seating,
    session_queries,
    stray_notices,
    suspending,
    unheard,
)
from review.domain.arriving import FromEmployer
from review.domain.queueing import Wanted
from review.enums.defending import NO_SHOW, OPEN
from review.enums.paying import SETTLEMENT, PaymentState
from review.enums.queueing import ME, NOBODY
from review.enums.sitting import INVITATION
from review.interfaces.paying_forms import TONES
from review.models import (
    AgencyReview,
    AgendaItem,
    ChangeRequest,
    CommitteeSession,
    Defence,
    Order,
    PanelOpinion,
    Payment,
    QueueExport,
    Refund,
    SessionMember,
)
from review.models.payment import amount_in_words
from review.wiring import accepting, pools, redress, voting


def connect() -> None:
    """Register everything."""
    connect_checking()
    connect_paying()
    connect_defending()
    connect_queueing()
    connect_sitting()
    pools.connect_pooling()
    pools.connect_filing()
    voting.connect_voting()
    accepting.connect_accepting()
    redress.connect_redress()


def settle_review(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a review: on its application, where the timers hang."""
    return isinstance(subject, AgencyReview) and settle_due(subject.application, at)


def reviews_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the agency: for the lead's confirmation, for the actor's own check, and what is late."""
    mine = AgencyReview.objects.at(actor)
    queue = reverse("review:queue")
    waiting = mine.awaiting()
    first = waiting.running().order_by("due_at").values_list("due_at", flat=True).first()
    groups = [
        worklist.Waiting(_("申报材料待审核"), waiting.filter(proposal="").count(), queue, first),
        worklist.Waiting(_("首次审核逾期"), mine.overdue().count(), queue),
    ]
    if rules.leads.test(actor):
        groups.append(worklist.Waiting(_("审核意见待复核确认"), mine.proposed().count(), queue))
    return groups


def reviews_overdue(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many files of all agencies were not checked, or heard and voted on, in time, for the bureau (N-13)."""
    return [
        worklist.Waiting(
            _("评审服务机构首次审核逾期"), AgencyReview.objects.overdue().count(), reverse("review:overdue")
        ),
        worklist.Waiting(_("答辩评审逾期"), unheard.overdue(at).count(), reverse("review:unheard")),
    ]


def connect_checking() -> None:
    """Register the agency's check."""
    register_deadline(DeadlineKind(FIRST_CHECK, _("机构首次审核截止"), "R-097", ring=overdue.first_check))
    register_settler(settle_review)
    neighbours.register(FromEmployer())
    standing.on_change(suspending.standing_changed)
    unfinished.register(unheard.number_in)
    register_deadline(DeadlineKind(SUSPENSION, _("机构被暂停评审工作"), "R-152", ring=suspending.suspend_file))
    register_deadline(DeadlineKind(RESUMPTION, _("机构恢复评审工作"), "R-152", ring=suspending.resume_file))
    worklist.register("review.checks", rules.checks, reviews_waiting)
    worklist.register("review.overdue", rules.oversees, reviews_overdue)
    navigation.register("review:queue", _("申报材料审核"), who=rules.checks, place=16)
    navigation.register("review:overdue", _("机构审核逾期"), who=rules.oversees, place=130)
    navigation.register("review:unheard", _("答辩评审逾期"), who=rules.oversees, place=131)
    navigation.register("review:suspended", _("暂停评审的申报材料"), who=rules.oversees, place=132)


# --- The fee ----------------------------------------------------------------------------------
class FeeEnds(neighbours.Neighbour):
    """The fee ends with its application."""

    def ended(self, application: Application, at: dt.datetime) -> None:
        """What was not paid need not be paid any more."""
        lapsing.ended(application, at)


def settle_fee(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a fee, an order or a refund: on its application, where the timers hang."""
    match subject:
        case Payment():
            return settle_due(subject.application, at)
        case Order():
            return settle_due(subject.payment.application, at)
        case Refund():
            return settle_due(subject.order.payment.application, at)
    return False


def fees_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return the fees that the person must pay, each with its last day."""
    return [
        worklist.Waiting(
            _("评审费待缴"), 1, reverse("review:payment", args=[payment.code]), due.due_at if due else payment.due_at
        )
        for payment, due in fees.waiting_for_payer(actor)
    ]


def refunds_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many refunds wait for the lead's decision."""
    return [worklist.Waiting(_("退费待批准"), fees.waiting_for_lead(actor), reverse("review:refunds"))]


def differences_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return how many differences of a day's money nobody has cleared up (N-13)."""
    return [
        worklist.Waiting(_("缴费对账差异待处理"), fees.differences_waiting(actor), reverse("review:reconciliations")),
        worklist.Waiting(
            _("未对应订单的缴费通知待处理"), stray_notices.waiting(actor), reverse("review:stray_notices")
        ),
    ]


def fee_card(application: Application, by: Actor, at: dt.datetime) -> beside.Card | None:
    """Return the fee of the person's application, once it was asked for."""
    payment = fees.own(by).filter(application=application).first()
    if payment is None:
        return None
    tone = TONES[PaymentState(payment.state)]
    return {
        "template": "review/fee/card.html",
        "payment": payment,
        "amount": amount_in_words(payment.amount),
        "tone": tone,
    }


def connect_paying() -> None:
    """Register the fee."""
    beside.register("review.fee", fee_card)
    register_deadline(
        DeadlineKind(FEE, _("缴费截止"), "R-102", ring=lapsing.last_day, reminders=(1,), remind=lapsing.remind)
    )
    register_deadline(DeadlineKind(SETTLEMENT, _("到账确认截止"), "A-10", ring=lapsing.margin))
    register_settler(settle_fee)
    neighbours.register(FeeEnds())
    worklist.register("review.fees", acts_personally, fees_waiting)
    worklist.register("review.refunds", rules.leads, refunds_waiting)
    worklist.register("review.differences", rules.reconciles, differences_waiting)
    navigation.register("review:fees", _("评审费"), who=rules.checks, place=18)
    navigation.register("review:refunds", _("退费"), who=rules.checks, place=132)
    navigation.register("review:reconciliations", _("缴费对账"), who=rules.reconciles, place=134)


# --- Defence ----------------------------------------------------------------------------------
class OfDefence(neighbours.Neighbour):
    """What ends with an application, or waited for its hold to end: its hearing."""

    def released(self, application: Application, at: dt.datetime) -> None:
        """A day that passed meanwhile is no absence."""
        attending.clocks_run_on(application, at)

    def ended(self, application: Application, at: dt.datetime) -> None:
        """The place is free again."""
        attending.application_ended(application, at)


def settle_defence(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a defence: its timers hang on the application."""
    match subject:
        case Defence():
            return settle_due(subject.application, at)
        case ChangeRequest() | PanelOpinion():
            return settle_due(subject.defence.application, at)
    return False


def _reads_cause(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or defence_queries.reads_cause(actor, file)


def _reads_notice(actor: Actor, file: StoredFile) -> bool:
    return is_own.test(actor, file) is True or defence_queries.reads_notice(actor, file)


CAUSE = purposes.Purpose(
    name=defence_queries.CAUSE, label=_("答辩改期证明材料"), may_upload=acts_personally, may_read=_reads_cause
)
NOTICE = purposes.Purpose(
    name=defence_papers.PURPOSE,
    label=_("答辩通知书"),
    may_upload=is_system,
    may_read=_reads_notice,
    kinds=frozenset({Kind.PDF}),
)


def defence_card(application: Application, by: Actor, at: dt.datetime) -> beside.Card | None:
    """Return the person's defence, once it was told."""
    defence = Defence.objects.of(by).with_all().filter(application=application).first()
    if defence is None or defence.state not in OPEN:
        return None
    return {"template": "review/defence/card.html", "defence": defence}


def defences_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of the defences waits for the agency."""
    page = reverse("review:defence_rounds")
    return [
        worklist.Waiting(_("已缴费，待安排答辩"), defence_queries.unplaced(actor).count(), page),
        worklist.Waiting(_("答辩改期申请待答复"), defence_queries.waiting_requests(actor).count(), page),
        worklist.Waiting(_("待重新安排答辩"), defence_queries.to_be_rearranged(actor).count(), page),
    ]


def panel_waiting(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the expert: people to be heard whose opinion is not handed in."""
    waiting = defence_queries.opinions_waiting(actor).count()
    return [worklist.Waiting(_("答辩评议待提交意见"), waiting, reverse("review:panel_desk"))]


def connect_defending() -> None:
    purposes.register(CAUSE)
    purposes.register(NOTICE)
    beside.register("review.defence", defence_card)
    worklist.register("review.defences", agency, defences_waiting)
    worklist.register("review.panel", rules.expert, panel_waiting)
    navigation.register("review:defence_rounds", _("答辩"), who=agency, place=24)
    navigation.register("review:panel_desk", _("答辩评议"), who=rules.expert, place=10)
    register_settler(settle_defence)
    neighbours.register(OfDefence())
    register_deadline(DeadlineKind(NO_SHOW, _("答辩当日未到场"), "A-27", ring=attending.day_is_over))
    register_deadline(DeadlineKind(EXCUSE, _("未到场说明截止"), "A-27", ring=attending.excuse_is_over))


# --- The queue --------------------------------------------------------------------------------
def files_of_clerk(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what waits for the clerk's own hand, and what nobody has yet."""
    own, nobodys = queueing.queue(actor, Wanted(assignee=ME)), queueing.queue(actor, Wanted(assignee=NOBODY))
    queue = reverse("review:queue")
    first = own.running().order_by("due_at").values_list("due_at", flat=True).first()
    return [
        worklist.Waiting(_("分配给我的申报材料"), own.count(), f"{queue}?state=open&assignee={ME}", first),
        worklist.Waiting(_("未分配的申报材料"), nobodys.count(), f"{queue}?state=open&assignee={NOBODY}"),
    ]


def _reads_export(actor: Actor, file: StoredFile) -> bool:
    return QueueExport.objects.of(actor).filter(file=file).exists()


EXPORT = purposes.Purpose(
    name=exporting.PURPOSE,
    label=_("审核列表导出文件"),
    may_upload=is_system,
    may_read=_reads_export,
    kinds=frozenset({Kind.XLSX}),
)


def connect_queueing() -> None:
    """Register the agency's queue."""
    purposes.register(EXPORT)
    worklist.register("review.own", rules.checks, files_of_clerk)
    navigation.register("review:overview", _("审核分布情况"), who=rules.checks, place=131)


# --- The committee's session ------------------------------------------------------------------
class OfSession(neighbours.Neighbour):
    """What ends with an application: its place on an agenda."""

    def ended(self, application: Application, at: dt.datetime) -> None:
        """No session votes on it."""
        agenda.application_ended(application, at)


def settle_sitting(subject: models.Model, at: dt.datetime) -> bool:
    """Execute what is due on a case or a seat: the timers hang on the application and on the session."""
    match subject:
        case AgendaItem():
            return settle_due(subject.application, at)
        case SessionMember():
            return settle_due(subject.session, at)
    return False


def sessions_of_expert(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of sessions waits for an expert: an answer, today's meeting, a score, a count, a signature."""
    page = reverse("review:sessions")
    return [
        worklist.Waiting(_("评审会议邀请待答复"), session_queries.invitations(actor).count(), page),
        worklist.Waiting(_("今日评审会议"), session_queries.meeting_today(actor, at).count(), page),
        worklist.Waiting(_("评审事项待提交评分表"), session_queries.to_be_scored(actor).count(), page),
        worklist.Waiting(_("待清点录入票数"), session_queries.to_be_counted(actor).count(), page),
        worklist.Waiting(_("评审会议待签署"), session_queries.to_be_signed(actor).count(), page),
    ]


def sessions_of_commissioner(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return what of sessions waits for the commissioner."""
    page = reverse("review:sessions")
    return [
        worklist.Waiting(_("今日评审会议"), session_queries.watched_today(actor, at).count(), page),
        worklist.Waiting(_("专家抽取待参与"), session_queries.draws_waiting(actor).count(), page),
        worklist.Waiting(_("监督意见待填写"), session_queries.remarks_waiting(actor).count(), page),
    ]


def sessions_of_agency(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return the sessions that the agency prepares."""
    number = session_queries.to_be_prepared(actor).count()
    return [worklist.Waiting(_("评审会议筹备中"), number, reverse("review:sessions"))]


def sessions_of_bureau_lead(actor: Actor, at: dt.datetime) -> list[worklist.Waiting]:
    """Return the sessions whose commissioner asked to stop them (A-47)."""
    number = CommitteeSession.objects.asked_to_stop().count()
    return [worklist.Waiting(_("停止会议的建议待决定"), number, reverse("review:sessions"))]


def connect_sitting() -> None:
    """Register the committee's sessions."""
    neighbours.register(OfSession())
    register_settler(settle_sitting)
    register_deadline(
        DeadlineKind(
            INVITATION,
            _("会议邀请答复截止"),
            "A-52",
            ring=seating.invitations_lapse,
            reminders=(1,),
            remind=inviting.remind,
        )
    )
    worklist.register("review.sessions_of_expert", rules.expert, sessions_of_expert)
    worklist.register("review.sessions_of_commissioner", rules.commissioner, sessions_of_commissioner)
    worklist.register("review.sessions_of_agency", agency, sessions_of_agency)
    worklist.register("review.stops_to_answer", rules.answers_stop, sessions_of_bureau_lead)
    who = agency | bureau | rules.expert | rules.commissioner
    navigation.register("review:sessions", _("评审会议"), who=who, place=26)
