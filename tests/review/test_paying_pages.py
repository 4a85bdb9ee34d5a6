"""The pages of the fee: the payer's way through the gateway and back, the agency's list, refunds in four eyes, the daily comparison."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import unquote

import httpx
import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.shared import clock
from review.domain import crediting, reconciling
from review.models import Difference, Payment, Reconciliation, Refund
from tests.factories import accounts, applications, payments
from tests.factories.payments import DUE_AT, PAID_AT
from tests.fixtures.sandbox import Sandbox, sandbox, sandbox_process  # noqa: F401

pytestmark = pytest.mark.django_db
Visit = Callable[[Actor], Client]
MINUTE = dt.timedelta(minutes=1)


def text(client: Client, name: str, *args: str) -> str:
    answer = client.get(reverse(f"review:{name}", args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.mark.rule("R-100", "R-101", "R-102")
def test_a_person_pays_through_the_gateway_and_comes_back(visit: Visit, sandbox: Sandbox) -> None:  # noqa: F811
    sandbox.tell(notices={"hold": True})
    payment = payments.due()
    clock.move_to(PAID_AT)
    client = visit(payments.payer(payment))
    page = text(client, "payment", payment.code)
    assert "700元" in page
    assert "2026年8月26日（星期三）24:00" in page
    start = reverse("review:start_order", args=[payment.code])
    for _twice in range(2):
        assert client.post(start, {"_key": "1"}).url == reverse("review:payment", args=[payment.code])
    assert "前往支付700元" in text(client, "payment", payment.code)
    away = client.get(reverse("review:cashier", args=[payment.code]))
    assert away.status_code == 302
    assert away.url.startswith(f"{sandbox.url}/pay/")
    assert client.get(reverse("review:cashier", args=[payment.code])).url == away.url
    assert "正在确认到账" in text(client, "payment_return", payment.code)
    paid = httpx.post(away.url, data={"outcome": "succeeded"})
    back = reverse("review:payment_return", args=[payment.code])
    assert paid.headers["Location"] == f"http://testserver{back}"
    clock.move_to(PAID_AT + MINUTE)
    assert client.get(reverse("review:fee_waiting", args=[payment.code])).json() == {"waiting": False}
    page = client.get(back).content.decode()
    assert payment.orders.get().receipt_number in page
    paper = client.get(reverse("review:payment_receipt", args=[payment.code]))
    assert paper.content.startswith(b"%PDF")
    address = f"/api/payments/{payment.code}/receipt/"
    assert client.get(address).content == paper.content
    assert visit(accounts.actor()).get(address).status_code == 404
    assert visit(payments.payer(payments.due())).get(address).status_code == 404


@pytest.mark.rule("A-46")
def test_a_dead_gateway_is_said_and_the_order_waits(visit: Visit, sandbox: Sandbox) -> None:  # noqa: F811
    payment = payments.due()
    clock.move_to(PAID_AT)
    client = visit(payments.payer(payment))
    client.post(reverse("review:start_order", args=[payment.code]), {"_key": "1"})
    sandbox.set("payment", "dead")
    answer = client.get(reverse("review:cashier", args=[payment.code]))
    assert answer.status_code == 409
    assert "没有产生任何扣款" in answer.content.decode()
    assert payment.orders.get().state == "prepared"


def test_nobody_is_sent_to_a_foreign_address(visit: Visit, sandbox: Sandbox) -> None:  # noqa: F811
    order = payments.ordered()  # its address is not the gateway's
    clock.move_to(PAID_AT)
    answer = visit(payments.payer(order.payment)).get(reverse("review:cashier", args=[order.payment.code]))
    assert answer.status_code == 409
    assert "已停止跳转" in answer.content.decode()


def test_after_the_last_day_and_for_others(visit: Visit) -> None:
    payment = payments.due()
    clock.move_to(DUE_AT + MINUTE)
    client = visit(payments.payer(payment))
    page = text(client, "payment", payment.code)
    assert "正在等待截止前支付的款项到账确认" in page
    answer = client.post(reverse("review:start_order", args=[payment.code]), {"_key": "1"})
    assert "缴费时间已过" in answer.content.decode()
    assert visit(accounts.actor()).get(reverse("review:payment", args=[payment.code])).status_code == 404
    other = visit(accounts.actor(Role.AGENCY_CLERK))
    assert other.get(reverse("review:fee", args=[payment.code])).status_code == 404
    assert "没有符合条件的评审费" in text(other, "fees")


@pytest.mark.rule("A-10")
def test_a_refund_takes_two_people_of_the_agency(visit: Visit, sandbox: Sandbox) -> None:  # noqa: F811
    application = payments.paid(payments.passed())
    payment = Payment.objects.get(application=application)
    order = payment.orders.get()
    clock.move_to(PAID_AT + MINUTE)
    clerk = visit(applications.agency_clerk_of(application))
    assert payment.application.applicant.full_name in text(clerk, "fees")
    found = clerk.post(f"{reverse('review:fees')}?state=succeeded", {"words": payment.application.applicant.full_name})
    assert payment.application.applicant.full_name not in unquote(found.url)
    assert payment.application.applicant.full_name in clerk.get(found.url).content.decode()
    nobody = clerk.post(reverse("review:fees"), {"words": "无此人"}, follow=True).content.decode()
    assert "没有符合条件的评审费" in nobody
    assert order.order_number in text(clerk, "fee", payment.code)
    propose = reverse("review:propose_refund", args=[payment.code, order.order_number])
    assert "提出退费" in clerk.get(propose).content.decode()
    told = {"ground": "agency_error", "reason": "审核差错，应当退费"}
    lead = payments.agency_lead_of(application)
    assert visit(lead).post(propose, {"_key": "1", **told}).status_code == 302
    refund = Refund.objects.get()
    approve = reverse("review:approve_refund", args=[refund.code])
    assert "提出退费的人不能审批" in visit(lead).post(approve, {"_key": "2"}).content.decode()
    second = visit(payments.agency_lead_of(application))
    assert "请申报人撤回申报" in second.post(approve, {"_key": "3"}).content.decode()
    assert application.applicant.full_name in text(second, "refunds")
    payments.withdrawn(application)
    assert second.post(approve, {"_key": "4"}).url == reverse("review:refund", args=[refund.code])
    assert "已批准" in text(second, "refund", refund.code)
    assert Payment.objects.get().state == "refund_pending"
    assert clerk.get(approve).status_code == 403


def test_a_proposal_is_declined_for_a_reason(visit: Visit) -> None:
    order = payments.ordered()
    crediting.credit(order, payments.money(order, paid_at=DUE_AT + MINUTE), at=DUE_AT + 2 * MINUTE)
    clock.move_to(DUE_AT + 3 * MINUTE)
    lead = visit(payments.agency_lead_of(order.payment.application))
    refund = Refund.objects.get()
    decline = reverse("review:decline_refund", args=[refund.code])
    assert "至少5个字" in lead.post(decline, {"_key": "1", "reason": "不"}).content.decode()
    assert lead.post(decline, {"_key": "2", "reason": "款项已由银行撤销"}).status_code == 302
    assert "款项已由银行撤销" in text(lead, "refund", refund.code)


@pytest.mark.rule("A-10")
def test_a_day_is_compared_and_a_difference_settled(visit: Visit, sandbox: Sandbox) -> None:  # noqa: F811
    application = payments.paid(payments.passed())  # the sandbox knows nothing of this money
    clock.move_to(PAID_AT + dt.timedelta(days=1))
    lead = visit(payments.agency_lead_of(application))
    assert "还没有核对过" in text(lead, "reconciliations")
    days = reverse("review:reconciliations")
    assert "只能核对今天以前的日期" in lead.post(days, {"_key": "1", "day": "2026-08-22"}).content.decode()
    asked = lead.post(days, {"_key": "2", "day": "2026-08-21"})
    day = Reconciliation.objects.get()
    assert asked.url == reverse("review:reconciliation", args=[day.code])
    assert "正在取得缴费渠道账单" in text(lead, "reconciliation", day.code)
    assert reconciling.run_due(at=clock.now()) == 1
    page = text(lead, "reconciliation", day.code)
    assert "缴费渠道缺少记录" in page
    assert "笔数" not in page
    bureau = visit(accounts.actor(Role.BUREAU_CLERK))
    assert "笔数" in text(bureau, "reconciliation", day.code)
    difference = Difference.objects.get()
    settle = reverse("review:settle_difference", args=[difference.code])
    assert "至少5个字" in lead.post(settle, {"_key": "3", "note": "好"}).content.decode()
    assert lead.post(settle, {"_key": "4", "note": "渠道次日补记，已核实"}).status_code == 302
    assert "渠道次日补记，已核实" in text(bureau, "reconciliation", day.code)
    stranger = visit(accounts.actor(Role.AGENCY_LEAD))
    assert "没有涉及本机构的差异" in text(stranger, "reconciliation", day.code)
    assert stranger.get(settle).status_code == 404
