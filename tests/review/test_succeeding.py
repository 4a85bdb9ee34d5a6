"""Another agency goes on with passed files of one whose authority is withdrawn: from which state, and what stays (R-153)."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.catalogue.domain import standing
from portal.catalogue.models import AgencyAuthority, CatalogueEntry
from portal.deadlines import setting
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import fees, planning, transferring
from review.enums.defending import NO_SHOW
from review.enums.sitting import ItemState
from review.models import AgencyReview, Defence, Payment
from tests.factories import accounts, agency_reviews, catalogue, defences, payments, sessions
from tests.factories.calls import Caller, codes

pytestmark = pytest.mark.django_db
WHY = "原机构严重违规，已收回评审权，申报人不宜再等。"


@pytest.fixture
def two() -> tuple[CatalogueEntry, CatalogueEntry]:
    """Return two rows of one specialty and level, each with the committee of another agency."""
    year = catalogue.edition()
    plan = catalogue.schedule(year)
    one = catalogue.row(year, plan)
    other = catalogue.row(year, plan, specialty=one.specialty)
    catalogue.published(one, other, of=year, plan=plan)
    rows = CatalogueEntry.objects.with_all().filter(edition=year)
    return rows.get(committee=one.committee), rows.get(committee=other.committee)


@pytest.fixture
def entry(two: tuple[CatalogueEntry, CatalogueEntry]) -> CatalogueEntry:
    return two[0]


@pytest.fixture
def target(two: tuple[CatalogueEntry, CatalogueEntry]) -> CatalogueEntry:
    return two[1]


@pytest.fixture
def taker(target: CatalogueEntry) -> Actor:
    return accounts.actor(Role.AGENCY_LEAD, at=target.agency)


@pytest.fixture
def bureau() -> Actor:
    return accounts.actor(Role.BUREAU_LEAD)


def withdraw(entry: CatalogueEntry, bureau: Actor, at: dt.datetime) -> None:
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.withdraw(authority, reason="严重违规", by=bureau, at=at)


def of(application: Application) -> AgencyReview:
    return AgencyReview.objects.with_all().get(application=application)


def moved(application: Application, to: CatalogueEntry, by: Actor, at: dt.datetime, **fields: Any) -> Application:
    transferring.transfer(of(application), to, **{"reason": WHY, "by": by, "at": at, **fields})
    return Application.objects.with_all().get(pk=application.pk)


def refused(act: Any) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        act()
    return [reason.code for reason in refusal.value.reasons]


@pytest.mark.rule("R-153", "R-101")
def test_who_has_yet_to_pay_pays_with_the_time_that_was_left(entry, target, taker, bureau) -> None:
    payment = payments.due(entry)
    application, left = payment.application, payment.due_at - payments.PASSED_AT
    stopped = payments.PASSED_AT + dt.timedelta(hours=1)
    withdraw(entry, bureau, stopped)
    done = moved(application, target, bureau, stopped + dt.timedelta(days=3))
    assert (done.state, done.entry) == (ApplicationState.REVIEW_PASSED, target)
    running = setting.waiting("applications.fee", done)
    assert running is not None
    assert running.due_at >= stopped + dt.timedelta(days=3) + left - dt.timedelta(days=2)
    assert Payment.objects.get(application=done).amount == payment.amount
    assert [one.application for one in fees.at_agency(taker)] == [done]
    old = accounts.actor(Role.AGENCY_LEAD, at=entry.agency)
    assert not fees.at_agency(old)


@pytest.mark.rule("R-153", "R-100")
def test_a_fee_that_was_paid_stays_paid(entry, target, taker, bureau) -> None:
    application = defences.paid(entry)
    at = defences.PAID + dt.timedelta(days=1)
    withdraw(entry, bureau, at)
    (row,) = transferring.waiting(bureau)
    assert row.application == application
    done = moved(application, target, bureau, at)
    review = of(done)
    assert (done.state, review.state, review.suspended_since) == (ApplicationState.PAID, "passed", None)
    assert (review.agency, review.committee, review.assignee) == (target.agency, target.committee, taker.person)
    assert (review.decided_by, review.proposal) != (None, "")
    assert Payment.objects.get(application=done).state == "succeeded"
    note = next(one for one in history_of(done) if one.step == "transfer")
    assert (note.note, note.basis, note.facts["from"]) == (WHY, "R-153", entry.agency.code)
    told = Notification.objects.get(kind="review.passed_file_transferred")
    assert (told.person, target.agency.name in told.body) == (application.applicant, True)
    handed = Notification.objects.filter(kind="review.passed_file_handed_over", person=taker.person)
    assert "已缴费" in handed.get().body
    assert not transferring.waiting(bureau).exists()


@pytest.mark.rule("R-153", "R-105", "R-107")
def test_a_defence_that_did_not_come_yet_is_arranged_anew(entry, target, taker, bureau) -> None:
    defence = defences.notified(defences.paid(entry))
    at = defences.TOLD + dt.timedelta(hours=1)
    withdraw(entry, bureau, at)
    done = moved(defence.application, target, bureau, at)
    defence = Defence.objects.get(pk=defence.pk)
    assert (defence.state, defence.slot, defence.reschedules) == ("rescheduled", None, 0)
    assert setting.waiting(NO_SHOW, done) is None
    slot = defences.slots(defences.panel(defences.round_of(target.committee)))[0]
    told = planning.notify(defence, slot=slot, by=taker, at=at)
    assert (told.state, told.slot) == ("notified", slot)


@pytest.mark.rule("R-153", "R-105")
def test_nobody_is_moved_out_of_a_running_defence(entry, target, taker, bureau) -> None:
    defence = defences.begun(defences.paid(entry))
    at = defence.started_at + dt.timedelta(minutes=1)
    withdraw(entry, bureau, at)
    assert refused(lambda: moved(defence.application, target, bureau, at)) == ["defence_running"]


@pytest.mark.rule("R-153", "R-096")
def test_a_case_leaves_the_agenda_of_the_old_committee(entry, target, taker, bureau) -> None:
    (case,) = sessions.ready(entry)
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), [case])
    (item,) = sessions.items(session)
    at = sessions.BEGUN + dt.timedelta(minutes=5)
    withdraw(entry, bureau, at)
    done = moved(case, target, bureau, at)
    assert (done.state, done.entry) == (ApplicationState.READY_FOR_COMMITTEE, target)
    (item,) = sessions.items(session)
    assert (item.state, "收回评审权" in item.reason) == (ItemState.REMOVED, True)
    assert Defence.objects.get(application=done).state == "completed"


@pytest.mark.rule("R-153", "R-111")
def test_nobody_is_moved_out_of_a_vote(entry, target, taker, bureau) -> None:
    (case,) = sessions.ready(entry)
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), [case])
    (item,) = sessions.items(session)
    sessions.voting(item)
    at = sessions.BEGUN + dt.timedelta(minutes=5)
    withdraw(entry, bureau, at)
    assert refused(lambda: moved(case, target, bureau, at)) == ["vote_running"]


@pytest.mark.rule("R-153", "R-152")
def test_a_passed_file_of_a_suspended_agency_waits(entry, target, taker, bureau) -> None:
    application = agency_reviews.passed(entry)
    at = dt.datetime(2026, 8, 3, 10, tzinfo=clock.BEIJING)
    authority = AgencyAuthority.objects.get(agency=entry.agency, edition=entry.edition)
    standing.suspend(authority, reason="程序违规", remedy_due_on=dt.date(2026, 8, 31), by=bureau, at=at)
    assert refused(lambda: moved(application, target, bureau, at)) == ["check_passed"]
    withdraw(entry, bureau, at)
    assert refused(lambda: moved(application, target, bureau, at, reason="急")) == ["reason_given"]
    assert refused(lambda: moved(application, target, accounts.actor(Role.BUREAU_CLERK), at)) == ["step_not_permitted"]
    assert moved(application, target, bureau, at).entry == target


@pytest.mark.rule("R-153")
def test_the_bureau_gives_a_passed_file_away_on_the_page_and_by_program(entry, target, taker, bureau) -> None:
    first, second = defences.paid(entry), defences.paid(entry)
    at = defences.PAID + dt.timedelta(days=1)
    withdraw(entry, bureau, at)
    clock.move_to(at)
    lead, review = accounts.client(bureau), of(first)
    address = reverse("review:transfer", args=[review.code])
    assert address in lead.get(reverse("review:file", args=[review.code])).content.decode()
    page = lead.get(address).content.decode()
    assert "已缴的评审费有效" in page
    assert "/rules/R-153" in page
    answer = lead.post(address, {"to": target.code, "reason": WHY, "_key": "1"}, follow=True)
    assert target.agency.name in answer.content.decode()
    program, path = Caller(bureau), f"suspended-files/{of(second).code}/"
    assert [one["code"] for one in program.get("suspended-files/").json()["results"]] == [of(second).code]
    refusal = program.post(f"{path}steps/transfer/", {"to": target.code, "reason": "急"})
    assert codes(refusal) == ["reason_given"]
    done = program.post(f"{path}steps/transfer/", {"to": target.code, "reason": WHY})
    assert done.json()["agency"] == target.agency.name
