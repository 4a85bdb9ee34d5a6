"""Signed notices of the gateway that name no known order: seen once, masked, and cleared up by a lead with words."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import stray_notices
from tests.factories import accounts, payments
from tests.factories.calls import Caller, bases, codes
from tests.factories.payments import PAID_AT, stray

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-10")]
PAGE = "/review/reconciliations/strays/"
WHY = "与缴费渠道核实，为其测试订单，未实际收款。"


@pytest.fixture(autouse=True)
def _at(db: None) -> None:
    clock.move_to(PAID_AT)


@pytest.fixture
def lead() -> Actor:
    return accounts.actor(Role.BUREAU_LEAD)


def words(answer: Any) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_the_same_message_again_is_the_same_matter(lead: Actor) -> None:
    stray()
    stray(later=5)
    (shown,) = stray_notices.seen_by(lead)
    assert (shown.times, shown.last_at) == (2, PAID_AT + dt.timedelta(minutes=5))


def test_the_bureau_sees_what_it_said_but_for_the_numbers(lead: Actor) -> None:
    stray()
    shown = words(accounts.client(accounts.actor(Role.BUREAU_CLERK)).get(PAGE))
    for expected in ("缴费成功", "700.00元", "••••0001", "••••7766", "共 1 次", "待负责人处理"):
        assert expected in shown
    assert "P-202608210001" not in shown
    assert "待处理 1 项" in words(accounts.client(lead).get("/review/reconciliations/"))
    assert "未对应订单的缴费通知待处理" in words(accounts.client(lead).get("/desk/"))


def test_a_lead_settles_it_with_a_reason(lead: Actor) -> None:
    one, browser = stray(), accounts.client(lead)
    page = f"{PAGE}{one.code}/"
    assert "至少10个字" in words(browser.post(page, {"_key": new_key(), "note": "测试"}))
    assert browser.post(page, {"_key": new_key(), "note": WHY}).status_code == 302
    assert WHY in words(browser.get(PAGE))
    entry = Entry.objects.get(subject_type="review.StrayNotice", step="settle")
    assert (entry.note, entry.person) == (WHY, lead.person)
    with pytest.raises(Refusal, match="已经处理"):
        stray_notices.settle(one, note=WHY, by=lead, at=PAID_AT)


def test_nobody_else_settles_it() -> None:
    one, clerk = stray(), accounts.actor(Role.BUREAU_CLERK)
    assert accounts.client(clerk).get(f"{PAGE}{one.code}/").status_code == 403
    with pytest.raises(StepNotPermitted):
        stray_notices.settle(one, note=WHY, by=clerk, at=PAID_AT)
    assert stray_notices.waiting(clerk) == 0


def test_an_agencys_lead_sees_what_names_its_own_order_alone() -> None:
    order = payments.ordered()
    stray()
    refund = stray(order.order_number, order=order, refund_number="R-20260001")
    agency = order.payment.application.entry.agency
    own, other = accounts.actor(Role.AGENCY_LEAD, at=agency), accounts.actor(Role.AGENCY_LEAD)
    assert list(stray_notices.seen_by(own)) == [refund]
    assert list(stray_notices.seen_by(other)) == []
    assert accounts.client(other).get(f"{PAGE}{refund.code}/").status_code == 404
    assert accounts.client(accounts.actor(Role.AGENCY_CLERK, at=agency)).get(PAGE).status_code == 403


def test_programs_read_and_settle_as_well(lead: Actor) -> None:
    one, caller = stray(), Caller(lead)
    (row,) = caller.get("stray-notices/").json()["results"]
    assert (row["order_number"], row["amount"], row["times"]) == ("••••0001", "700.00", 1)
    path = f"stray-notices/{one.code}/steps/settle/"
    refused = caller.post(path, {"note": "测试"})
    assert (codes(refused), bases(refused)) == (["note_given"], ["A-10"])
    assert caller.post(path, {"note": WHY}).json()["note"] == WHY
    assert codes(caller.post(path, {"note": WHY})) == ["settled_before"]
    assert Caller(accounts.actor(Role.BUREAU_CLERK)).post(path, {"note": WHY}).status_code == 403


def test_the_lists_take_the_same_queries_for_one_row_and_thirty(lead: Actor) -> None:
    browser, counted = accounts.client(lead), []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            stray(f"P-{number:08}")
        for path in (PAGE, "/api/stray-notices/?size=100"):
            browser.get(path)
            with CaptureQueriesContext(connection) as met:
                browser.get(path)
            counted.append(len(met))
    assert counted[:2] == counted[2:]
