"""A review that is upheld brings an application back to where it stood, whatever ended it, and it is led on (A-24)."""

import datetime as dt
from dataclasses import replace

import pytest

from applications.domain import recommending
from applications.enums import CORRECTION, FEE, FIRST_CHECK, ApplicationState, Hold
from applications.models import Application, Recommendation
from portal.accounts.actors import PUBLIC, SYSTEM, acting_personally
from portal.accounts.districts import District
from portal.accounts.models import Organisation
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.enums import Channel
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import failing, ring_due
from portal.integrity.enums import Measure
from portal.notifications.models import Notification
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.models import Notice
from portal.shared import clock
from portal.shared.errors import Refusal, StepRefused
from portal.web.invariants import inspecting
from portal.workflow import carry_out
from review.domain import (
    attending,
    checking,
    crediting,
    deciding,
    ordering,
    passing,
    planning,
    promising,
    quotas,
    refunding,
    rescheduling,
    unheard,
)
from review.domain.reviving import REVIVED, reasons_against_reviving, revive
from review.enums.accepting import PROMISE, AcceptanceState, CaseState
from review.enums.checking import Proposal, ReviewState
from review.enums.defending import DefenceState
from review.enums.paying import OrderState, Outcome, PaymentState, RefundGround
from review.guards.paying import MARGIN
from review.models import Defence, Order, Payment, Refund
from tests.factories import (
    acceptances,
    accounts,
    agency_reviews,
    applications,
    catalogue,
    defences,
    integrity,
    payments,
    sessions,
)
from tests.factories.defences import on

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-24", "R-130")]
A_MINUTE = dt.timedelta(minutes=1)
UPHELD = on(8, 31)
CORRECT_BY = on(9, 15, 0)  # ten working days later: 24:00 of Monday 14 September
PAY_BY = on(9, 8, 0)  # five: 24:00 of Monday 7 September
SAID = Statement("2024年的论文署名与事实不符，可向期刊核实。", name="吴某", contact="13800001111")
ANSWER = "经核查，署名与期刊记录不一致，异议成立。"


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def due(kind: str, application: Application) -> dt.datetime | None:
    found = setting.waiting(kind, application)
    assert found is not None
    return found.due_at


def breaches(at: dt.datetime) -> list[str]:
    found: list[str] = []
    clock.move_to(at)
    list(inspecting.inspect(lambda invariant, breach: found.append(f"{invariant.number}: {breach}")))
    return found


def goes_on(application: Application, *, at: dt.datetime) -> Application:
    """Revive what ended, prove that it stands as if it never had, that nothing rings at once and no invariant is broken.

    What the factories make short of the real steps, such as the terms of experts, was found before as well.
    """
    ring_due(at=at)
    before = breaches(at)
    assert reasons_against_reviving(fresh(application), at) == []
    revived = revive(application, at=at)
    assert (revived.state_since, revived.ended_at, revived.end_reason) == (at, None, "")
    assert [one.code for one in reasons_against_reviving(revived, at)] == ["not_revivable"]
    assert ring_due(at=at + A_MINUTE).rung == 0
    assert breaches(at + A_MINUTE) == before
    return revived


# --- Rejected ---------------------------------------------------------------------------------
def test_a_rejected_file_is_decided_anew_by_another_lead(entry: CatalogueEntry) -> None:
    ended = agency_reviews.rejected(entry)
    who_rejected = agency_reviews.lead_of(ended.review)
    another = accounts.actor(Role.AGENCY_LEAD, at=entry.agency)
    revived = goes_on(ended, at=on(8, 10))
    assert (revived.state, revived.recommendation.state) == (ApplicationState.UNDER_REVIEW, "recommended")
    review = agency_reviews.fresh(revived.review)
    told = (review.state, review.proposal, review.reason, review.decided_by, review.rejected_by)
    assert told == (ReviewState.CHECKING, "", "", None, who_rejected.person)
    found = review.findings.count()
    assert found, "what was found stands"
    checking.propose(review, Proposal.PASS, by=agency_reviews.clerk_of(review), at=on(8, 11))
    with pytest.raises(StepRefused) as refused:
        passing.pass_review(agency_reviews.fresh(review), by=who_rejected, at=on(8, 11))
    assert codes(refused) == ["not_corrected_by_a_review"]
    passing.pass_review(agency_reviews.fresh(review), by=another, at=on(8, 11))
    assert fresh(ended).state == ApplicationState.REVIEW_PASSED
    assert Payment.objects.get(application=ended).state == PaymentState.DUE
    assert setting.kinds_waiting(ended) == {FEE}


def test_the_only_lead_who_can_decide_decides_again(entry: CatalogueEntry) -> None:
    ended = agency_reviews.rejected(entry)
    lead = agency_reviews.lead_of(ended.review)
    clerk = agency_reviews.clerk_of(ended.review)
    revive(ended, at=UPHELD)
    review = agency_reviews.fresh(ended.review)
    why = {"reason": agency_reviews.REASON, "basis": "R-057"}
    checking.propose(review, Proposal.REJECT, **why, by=clerk, at=UPHELD)
    deciding.reject(agency_reviews.fresh(review), by=lead, at=UPHELD)
    assert fresh(ended).state == ApplicationState.REJECTED
    assert goes_on(ended, at=on(9, 1)).state == ApplicationState.UNDER_REVIEW


@pytest.mark.parametrize(
    ("at", "until"),
    [(on(8, 10), on(9, 12, 0)), (UPHELD, on(9, 21, 0))],
    ids=["the schedule's own day", "fifteen working days"],
)
def test_the_first_check_has_the_later_of_two_ends(entry: CatalogueEntry, at: dt.datetime, until: dt.datetime) -> None:
    ended = agency_reviews.rejected(entry)
    revive(ended, at=at)
    review = agency_reviews.fresh(ended.review)
    assert (due(FIRST_CHECK, ended), review.due_at) == (until, until)
    ring_due(at=until - A_MINUTE)
    assert not agency_reviews.fresh(review).overdue
    ring_due(at=until)
    assert agency_reviews.fresh(review).overdue


def corrected_and_rejected(entry: CatalogueEntry) -> Application:
    """Reject a file in its second check, after the employer confirmed what was corrected."""
    application = applications.returned(entry)
    back_at_the_agency(application, at=on(8, 4))
    review = agency_reviews.fresh(application.review)
    why = {"reason": agency_reviews.REASON, "basis": "R-057"}
    checking.propose(review, Proposal.REJECT, **why, by=agency_reviews.clerk_of(review), at=on(8, 20))
    deciding.reject(agency_reviews.fresh(review), by=agency_reviews.lead_of(review), at=on(8, 20))
    return fresh(application)


def back_at_the_agency(application: Application, *, at: dt.datetime) -> None:
    """Correct a returned file; the employer publicises what changed and confirms it eight days later."""
    recommendation = applications.checked(applications.corrected(application, at=at), at=at)
    head, later = applications.head_of(recommendation.organisation), at + dt.timedelta(days=10)
    applications.publicising.publicise([recommendation], contact=applications.CONTACT, by=head, at=at)
    ring_due(at=later)
    recommendation = Recommendation.objects.get(pk=recommendation.pk)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=later)


def test_a_file_that_was_rejected_after_its_correction_goes_on_in_its_second_check(entry: CatalogueEntry) -> None:
    ended = corrected_and_rejected(entry)
    revived = goes_on(ended, at=UPHELD)
    review = agency_reviews.fresh(revived.review)
    assert (revived.state, review.state) == (ApplicationState.UNDER_SECOND_REVIEW, ReviewState.RECHECKING)
    assert setting.kinds_waiting(revived) == set(), "a second check has no day"
    clerk = agency_reviews.clerk_of(review)
    with pytest.raises(StepRefused) as refused:
        checking.propose(review, Proposal.RETURN, by=clerk, at=UPHELD)
    assert "returned_only_once" in codes(refused)
    review = agency_reviews.found(review, at=UPHELD)
    checking.propose(review, Proposal.PASS, by=clerk, at=UPHELD)
    passing.pass_review(agency_reviews.fresh(review), by=agency_reviews.lead_of(review), at=UPHELD)
    assert fresh(ended).state == ApplicationState.REVIEW_PASSED


# --- The correction ---------------------------------------------------------------------------
def uncorrected(entry: CatalogueEntry) -> Application:
    """Let the time to correct, to 24:00 of Wednesday 12 August, run out."""
    application = applications.returned(entry)
    ring_due(at=on(8, 13, 0))
    assert fresh(application).state == ApplicationState.DEEMED_WITHDRAWN
    return fresh(application)


def test_a_correction_that_was_late_through_no_fault_is_made_in_a_whole_new_time(entry: CatalogueEntry) -> None:
    revived = goes_on(uncorrected(entry), at=UPHELD)
    assert (revived.state, revived.return_count) == (ApplicationState.RETURNED, 1)
    assert (revived.review.state, revived.recommendation.state) == (ReviewState.RETURNED, "recommended")
    assert due(CORRECTION, revived) == CORRECT_BY
    reminded = Notification.objects.filter(person=revived.applicant, kind__contains="correction")
    before = reminded.count()
    assert ring_due(at=on(9, 9, 10)).reminded == 1
    assert reminded.count() == before + 1
    back_at_the_agency(revived, at=on(9, 14, 23))
    done = fresh(revived)
    assert (done.state, done.review.state) == (ApplicationState.UNDER_SECOND_REVIEW, ReviewState.RECHECKING)
    assert breaches(on(9, 28)) == []


def test_the_new_time_to_correct_runs_out_like_the_first_one(entry: CatalogueEntry) -> None:
    ended = uncorrected(entry)
    revive(ended, at=UPHELD)
    ring_due(at=CORRECT_BY - A_MINUTE)
    assert fresh(ended).state == ApplicationState.RETURNED
    ring_due(at=CORRECT_BY)
    done = fresh(ended)
    assert (done.state, done.ended_at) == (ApplicationState.DEEMED_WITHDRAWN, CORRECT_BY)
    assert (done.review.state, done.recommendation.state) == (ReviewState.CLOSED_EXPIRED, "closed")
    assert breaches(CORRECT_BY) == []
    assert goes_on(ended, at=on(9, 21)).state == ApplicationState.RETURNED


# --- The fee ----------------------------------------------------------------------------------
def unpaid() -> Payment:
    """Let the time to pay, to 24:00 of Wednesday 26 August, and the margin run out."""
    payment = payments.due()
    ring_due(at=payments.DUE_AT + 2 * MARGIN)
    return again(payment)


def again(payment: Payment) -> Payment:
    return Payment.objects.with_all().get(pk=payment.pk)


def test_a_fee_that_was_late_through_no_fault_is_paid_in_a_whole_new_time() -> None:
    payment = unpaid()
    assert payment.state == PaymentState.EXPIRED
    revived = goes_on(payment.application, at=UPHELD)
    payment = again(payment)
    assert (revived.state, revived.recommendation.state) == (ApplicationState.REVIEW_PASSED, "recommended")
    assert (payment.state, payment.due_at, due(FEE, revived)) == (PaymentState.DUE, PAY_BY, PAY_BY)
    assert Notification.objects.filter(kind="review.fee_due", posted_at=UPHELD).count() == 1
    assert payments.paid(revived, at=on(9, 7, 23)).state == ApplicationState.PAID
    assert again(payment).state == PaymentState.SUCCEEDED
    assert setting.kinds_waiting(revived) == set()
    assert breaches(on(9, 8)) == []


def test_the_new_time_to_pay_runs_out_like_the_first_one() -> None:
    payment = unpaid()
    revive(payment.application, at=UPHELD)
    ring_due(at=PAY_BY)
    assert again(payment).state == PaymentState.DUE, "money may still be on its way"
    ring_due(at=PAY_BY + MARGIN)
    ended = fresh(payment.application)
    assert (ended.state, again(payment).state) == (ApplicationState.DEEMED_WITHDRAWN, PaymentState.EXPIRED)
    assert goes_on(ended, at=on(9, 21)).state == ApplicationState.REVIEW_PASSED


def left_with_an_order() -> Order:
    """Let the time to pay run out while the gateway has not said what became of an order."""
    order = payments.ordered(payments.due())
    ring_due(at=payments.DUE_AT + 2 * MARGIN)
    assert again(order.payment).state == PaymentState.EXPIRED
    return order


@pytest.mark.rule("A-10")
def test_an_order_that_is_still_open_is_waited_for_and_no_second_one_made_beside_it() -> None:
    order = left_with_an_order()
    payment = again(order.payment)
    revived = goes_on(payment.application, at=UPHELD)
    assert again(payment).state == PaymentState.PROCESSING
    assert ordering.start(again(payment), by=payments.payer(payment), at=UPHELD) == order
    assert Order.objects.get(pk=order.pk).next_at == UPHELD, "asked about at once"
    crediting.close(order, at=UPHELD + A_MINUTE)
    assert again(payment).state == PaymentState.DUE
    assert payments.paid(revived, at=on(9, 1)).state == ApplicationState.PAID
    assert Order.objects.get(pk=order.pk).state == OrderState.CLOSED


@pytest.mark.rule("A-10")
def test_money_of_an_old_order_counts_by_the_new_day_once_it_is_told() -> None:
    order = left_with_an_order()
    crediting.close(order, at=on(8, 28))
    revive(order.payment.application, at=UPHELD)
    money = payments.money(order, paid_at=on(8, 27, 9))
    assert crediting.credit(order, money, at=on(9, 1)) == Outcome.TOOK_EFFECT
    assert fresh(order.payment.application).state == ApplicationState.PAID
    assert again(order.payment).settled_by == order
    assert not Refund.objects.exists()


@pytest.mark.rule("A-10")
def test_money_that_was_late_before_goes_back_and_the_fee_is_paid_anew() -> None:
    order = left_with_an_order()
    crediting.credit(order, payments.money(order, paid_at=on(8, 27, 9)), at=on(8, 28))
    revived = goes_on(order.payment.application, at=UPHELD)
    assert payments.paid(revived, at=on(9, 1)).state == ApplicationState.PAID
    refund = Refund.objects.get()
    assert (refund.order, refund.ground) == (order, RefundGround.LATE)
    assert again(order.payment).settled_by != order
    assert breaches(on(9, 2)) == []


# --- The defence ------------------------------------------------------------------------------
def absent() -> Defence:
    """Return the defence of somebody who did not come, and whose excuse was refused."""
    defence = defences.notified()
    assert defence.slot is not None
    clerk = defences.staff_of(defence.application)
    missed = attending.miss(defence, by=clerk, at=defence.slot.starts_at + A_MINUTE)
    request = defences.asked(missed, at=on(9, 21))
    rescheduling.refuse(request, decision="证明材料不能说明原因，不予同意。", by=clerk, at=on(9, 22))
    return Defence.objects.get(pk=defence.pk)


def told_again(defence: Defence, *, day: int = 20, at: dt.datetime) -> Defence:
    panel = defences.panel(defences.round_of(defence.application.entry.committee, title="补充答辩", days=DAYS))
    (slot,) = defences.slots(panel, begins_at=on(10, day, 9), room="答辩室二")
    return planning.notify(
        Defence.objects.get(pk=defence.pk), slot=slot, by=defences.staff_of(defence.application), at=at
    )


DAYS = (dt.date(2026, 10, 12), dt.date(2026, 10, 30))


def test_who_was_absent_through_no_fault_is_heard_on_another_day() -> None:
    defence = absent()
    ended = fresh(defence.application)
    assert (ended.state, defence.state) == (ApplicationState.DEEMED_WITHDRAWN, DefenceState.ABSENT_FINAL)
    revived = goes_on(ended, at=on(9, 28))
    assert revived.state == ApplicationState.AWAITING_DEFENCE
    defence = Defence.objects.get(pk=defence.pk)
    assert (defence.state, defence.slot, defence.reschedules) == (DefenceState.RESCHEDULED, None, 0)
    told = told_again(defence, at=on(10, 12))
    assert told.state == DefenceState.NOTIFIED
    assert defences.let_in(told, at=on(10, 20, 8)).state == DefenceState.IN_PROGRESS
    assert breaches(on(10, 20)) == []


@pytest.mark.rule("A-27")
def test_a_second_absence_has_its_own_time_for_an_excuse() -> None:
    defence = absent()
    revive(defence.application, at=on(9, 28))
    told = told_again(defence, at=on(10, 12))
    clerk = defences.staff_of(defence.application)
    missed = attending.miss(told, by=clerk, at=on(10, 20, 10))
    with pytest.raises(Refusal) as refused:
        attending.give_up(missed, by=clerk, at=on(10, 20, 11))
    assert codes(refused) == ["no_excuse_left"], "the excuse that was refused was that of the first absence"
    ring_due(at=on(10, 23, 0))
    assert fresh(defence.application).state == ApplicationState.DEEMED_WITHDRAWN


@pytest.mark.rule("R-028")
def test_after_the_session_period_the_person_stands_on_the_bureaus_list_until_it_is_longer() -> None:
    defence = absent()
    revived = goes_on(fresh(defence.application), at=on(12, 3))
    assert [one.application for one in unheard.overdue(on(12, 3))] == [revived]


@pytest.mark.rule("R-096")
def test_who_got_the_fee_back_does_not_go_on_without_having_paid() -> None:
    defence = absent()
    order = Order.objects.get(settles__application=defence.application)
    clerk, lead = defences.staff_of(defence.application), payments.agency_lead_of(defence.application)
    why = {"ground": RefundGround.AGENCY_ERROR, "reason": "机构安排有误，退还评审费"}
    refund = refunding.propose(order, **why, by=clerk, at=on(9, 24))
    assert reasons_against_reviving(fresh(defence.application), UPHELD) == []
    refunding.approve(refund, by=lead, at=on(9, 24))
    assert [one.code for one in reasons_against_reviving(fresh(defence.application), UPHELD)] == ["fee_went_back"]


@pytest.mark.rule("R-029")
def test_nothing_goes_on_in_a_year_whose_schedule_is_closed() -> None:
    defence = absent()
    schedule = defence.application.entry.schedule
    carry_out(schedule, "close", by=accounts.actor(Role.BUREAU_LEAD), at=on(12, 3))
    with pytest.raises(Refusal) as refused:
        revive(defence.application, at=on(12, 3))
    assert codes(refused) == ["schedule_closed"]
    assert fresh(defence.application).state == ApplicationState.DEEMED_WITHDRAWN


# --- The result -------------------------------------------------------------------------------
def unrecognised(pair: list[Application]) -> tuple[Notice, list[Application]]:
    """Let an objection take the first result away; the others of the notice are cleared at its end."""
    batch = acceptances.accepted(acceptances.voted(pair, [10] * len(pair)))
    notice = acceptances.posted(batch)
    line = notice.lines.select_related("notice").get(person=pair[0].applicant)
    objection = objecting.lodge(line, SAID, by=PUBLIC, at=on(10, 21))
    agency = defences.agency_staff(pair[0].entry.agency)
    objection = objecting.escalate(objection, by=agency, at=on(10, 21))
    objection = objecting.accept(objection, by=acceptances.clerk(), at=on(10, 22))
    objecting.decide(objection, "find_fatal", answer=ANSWER, by=acceptances.lead(), at=on(10, 23))
    ring_due(at=on(10, 24, 0))
    return notice, [fresh(one) for one in pair]


@pytest.mark.rule("R-123")
def test_a_result_that_stands_after_all_is_shown_anew_and_cleared(entry: CatalogueEntry) -> None:
    notice, (ended, other) = unrecognised(sessions.ready(entry, 2))
    batch = acceptances.case_of(ended).acceptance
    assert (ended.state, other.state) == (ApplicationState.NOT_RECOGNISED, ApplicationState.CLEARED)
    assert batch.state == AcceptanceState.PUBLICISED
    revived = goes_on(ended, at=on(11, 2))
    case = acceptances.case_of(ended)
    assert (revived.state, revived.recommendation.state) == (ApplicationState.ACCEPTED, "recommended")
    assert (case.state, case.waits_for_a_new_notice, case.notice) == (CaseState.ACCEPTED, True, notice)
    assert acceptances.fresh(batch).state == AcceptanceState.ACCEPTED
    before, struck = breaches(on(11, 3)), notice.lines.get(person=ended.applicant)
    second = acceptances.posted(acceptances.fresh(batch), at=on(11, 3))
    assert ([one.person for one in second.lines.all()], second.corrects) == ([ended.applicant], notice)
    assert fresh(ended).state == ApplicationState.IN_RESULT_NOTICE
    ring_due(at=on(11, 11, 0))
    assert (fresh(ended).state, fresh(other).state) == (ApplicationState.CLEARED, ApplicationState.CLEARED)
    assert acceptances.fresh(batch).state == AcceptanceState.PUBLICISED
    assert notice.lines.get(pk=struck.pk).cleared_at is None
    assert breaches(on(11, 11)) == before


@pytest.mark.rule("A-06")
def test_a_batch_that_was_done_is_promised_anew_for_whoever_stands_again(entry: CatalogueEntry) -> None:
    _notice, (ended,) = unrecognised(sessions.ready(entry, 1))
    batch = acceptances.case_of(ended).acceptance
    assert batch.state == AcceptanceState.CERTIFIED
    assert setting.waiting(PROMISE, batch) is None
    goes_on(ended, at=on(11, 2))
    promise = promising.clock_of(batch)
    assert promise is not None
    assert (acceptances.fresh(batch).state, promise.due_at) == (AcceptanceState.ACCEPTED, on(12, 1, 0))
    acceptances.posted(acceptances.fresh(batch), at=on(11, 3))
    promise.refresh_from_db()
    assert promise.due_at is None, "it stands while the result is on show"


@pytest.mark.rule("A-23")
def test_a_result_whose_session_was_voided_since_does_not_stand_again(entry: CatalogueEntry) -> None:
    _notice, (ended,) = unrecognised(sessions.ready(entry, 1))
    item = acceptances.case_of(ended).item
    carry_out(item, "void", by=SYSTEM, at=on(10, 28), reason="回避情形未处理，表决结果无效。")
    assert [one.code for one in reasons_against_reviving(ended, UPHELD)] == ["vote_is_void"]
    with pytest.raises(Refusal):
        revive(ended, at=on(11, 2))


@pytest.mark.rule("R-226")
def test_a_targeted_result_stands_again_while_its_quota_has_a_place(entry: CatalogueEntry) -> None:
    pair = sessions.ready(entry, 2)
    Application.objects.filter(pk__in=[one.pk for one in pair]).update(channel=Channel.TARGETED)
    Organisation.objects.filter(applications__in=pair).update(district=District.MIYUN)
    granted(entry, 2)
    _notice, (ended, _other) = unrecognised([fresh(one) for one in pair])
    granted(entry, 1)
    assert [one.code for one in reasons_against_reviving(ended, UPHELD)] == ["quota_used_up"]
    granted(entry, 2)
    assert goes_on(ended, at=on(11, 2)).state == ApplicationState.ACCEPTED


def granted(entry: CatalogueEntry, total: int) -> None:
    ground, at = "京人社事业发〔2026〕1号，下达2026年度名额。", acceptances.TAKEN
    of = (District.MIYUN, entry.specialty.series, 2026)
    quota = quotas.propose(*of, total=total, ground=ground, by=acceptances.clerk(), at=at)
    quotas.approve(quota, by=acceptances.lead(), at=at)


# --- What stands against it, and what stops it ------------------------------------------------
@pytest.mark.rule("A-25")
def test_a_person_with_another_application_this_year_is_not_revived_beside_it(entry: CatalogueEntry) -> None:
    ended = uncorrected(entry)
    applications.draft(catalogue.published_entry(), acting_personally(ended.applicant))
    assert [one.code for one in reasons_against_reviving(ended, UPHELD)] == ["no_other_this_year"]
    with pytest.raises(Refusal) as refused:
        revive(ended, at=UPHELD)
    assert codes(refused) == ["no_other_this_year"]
    assert (fresh(ended).state, fresh(ended).review.state) == (ended.state, ReviewState.CLOSED_EXPIRED)


def test_who_gave_up_is_not_revived(entry: CatalogueEntry) -> None:
    given_up = payments.withdrawn(applications.submitted(entry), at=on(7, 9))
    with pytest.raises(Refusal) as refused:
        revive(given_up, at=UPHELD)
    assert codes(refused) == ["not_revivable"]
    assert ApplicationState.NOT_PASSED not in REVIVED, "others vote on that: revoting.void_told_case"


@pytest.mark.rule("R-140")
def test_who_was_disqualified_meanwhile_is_not_revived(entry: CatalogueEntry) -> None:
    ended = uncorrected(entry)
    ruling = replace(integrity.RULING, measures=(Measure.CANCEL_APPLICATION,))
    intent = replace(integrity.INTENT, measures=(Measure.CANCEL_APPLICATION,))
    integrity.Bureau().in_force(person=ended.applicant, ruling=ruling, intent=intent)
    assert [one.code for one in reasons_against_reviving(ended, UPHELD)] == ["cancelled_since"]


@pytest.mark.rule("R-148")
def test_an_investigation_that_began_meanwhile_stops_the_new_time(entry: CatalogueEntry) -> None:
    ended = uncorrected(entry)
    integrity.Bureau().opened(person=ended.applicant, at=on(8, 20))
    revived = goes_on(ended, at=UPHELD)
    assert revived.hold == Hold.INVESTIGATION
    assert due(CORRECTION, revived) is None


@pytest.mark.rule("R-152")
def test_an_agency_that_was_suspended_meanwhile_stops_the_new_time_until_it_works_again(entry: CatalogueEntry) -> None:
    ended, lead = uncorrected(entry), accounts.actor(Role.BUREAU_LEAD)
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    until = dt.date(2026, 9, 30)
    suspended = standing.suspend(authority, reason="程序违规", remedy_due_on=until, by=lead, at=on(8, 20))
    revived = goes_on(ended, at=UPHELD)
    assert due(CORRECTION, revived) is None
    standing.restore(suspended, reason="整改到位", by=lead, at=on(9, 1))
    assert due(CORRECTION, revived) == on(9, 16, 0), "the day on which it stood does not count"
    assert not failing().exists()
