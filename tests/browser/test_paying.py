"""Paying in a browser through the sandbox's own page, on a desk and on a telephone; and the agency's pages about money."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portal.accounts.roles import Role
from portal.shared import clock
from review.domain import crediting, reconciling
from review.models import Payment, Reconciliation, Refund
from tests.factories import accounts, payments
from tests.factories.payments import DUE_AT, PAID_AT
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def address(name: str, *args: str) -> str:
    return reverse(f"review:{name}", args=args)


@pytest.mark.rule("R-101")
def test_a_person_pays_on_the_gateways_page_and_comes_back(open_window, sandbox: Sandbox) -> None:  # noqa: F811
    payment = payments.due()
    clock.move_to(PAID_AT)
    window = open_window(375, by=payments.payer(payment))
    page = window.open(reverse("applications:mine", args=[payment.application.code]))
    page.get_by_role("link", name="去缴费").click()
    window.must_be_sound("fee-due")
    page.get_by_role("button", name="去缴费").click()
    link = page.get_by_role("button", name="前往支付700元")
    expect(link).to_be_visible()
    window.must_be_sound("fee-order")
    link.click()
    expect(page.get_by_text("¥ 700.00")).to_be_visible()
    page.get_by_role("button", name="立即支付").click()
    expect(page.get_by_text("财政电子票据号")).to_be_visible(timeout=15000)
    window.must_be_sound("fee-paid")
    assert Payment.objects.get().state == "succeeded"


def test_the_agencys_pages_about_money_are_sound(open_window, sandbox: Sandbox) -> None:  # noqa: F811
    order = payments.ordered()
    crediting.credit(order, payments.money(order, paid_at=DUE_AT + dt.timedelta(minutes=1)), at=DUE_AT)
    application, refund = order.payment.application, Refund.objects.get()
    reconciling.ask(DUE_AT.date(), by=accounts.actor(Role.BUREAU_LEAD), at=DUE_AT + dt.timedelta(days=1))
    reconciling.run_due(at=DUE_AT + dt.timedelta(days=1))
    clock.move_to(DUE_AT + dt.timedelta(days=1))
    window = open_window(by=payments.agency_lead_of(application))
    day = Reconciliation.objects.get()
    pages = {
        "fees": (),
        "fee": (order.payment.code,),
        "refunds": (),
        "refund": (refund.code,),
        "approve_refund": (refund.code,),
        "decline_refund": (refund.code,),
        "reconciliations": (),
        "reconciliation": (day.code,),
        "settle_difference": (day.differences.get().code,),
    }
    for name, args in pages.items():
        window.open(address(name, *args))
        window.must_be_sound(f"money-{name}")
    bureau = open_window(by=accounts.actor(Role.BUREAU_CLERK))
    bureau.open(address("reconciliation", day.code))
    bureau.must_be_sound("money-reconciliation-bureau")


def test_the_pages_about_stray_notices_are_sound(open_window) -> None:
    clock.move_to(PAID_AT)
    one = payments.stray()
    window = open_window(by=accounts.actor(Role.BUREAU_LEAD))
    for name, args in {"stray_notices": (), "settle_stray_notice": (one.code,)}.items():
        window.open(address(name, *args))
        window.must_be_sound(f"money-{name}")
