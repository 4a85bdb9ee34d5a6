"""Certificates in real browsers: proposed, given, written by the worker and downloaded, and every page kind sound."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from certificates.domain import changing, making
from certificates.domain.changing import Wanted
from certificates.enums import ChangeKind
from certificates.models import Certificate, NationalPush
from portal.accounts.models import Person
from portal.sealing import pdf
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import acceptances, certificates
from tests.factories.certificates import MADE, ORDERED, PROPOSED
from tests.fixtures.sandbox import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
WHY = "姓名中的一个字录入有误，以身份证件为准。"


@pytest.mark.rule("R-123", "R-124", "R-125")
def test_from_the_proposal_to_the_holders_download(open_window: OpenWindow, sandbox: object) -> None:
    """Clerk, lead and holder, each on pages without a script; the paper that is downloaded is the one that was sealed."""
    case = certificates.cleared()[0]
    clock.move_to(PROPOSED)
    clerk = open_window(1280, by=acceptances.clerk(), scripts=False)
    desk = clerk.open("/certificates/orders/")
    desk.get_by_role("button", name="新建发证批次").click()
    desk.get_by_role("checkbox").check()
    desk.get_by_role("button", name="提出发证批次").click()
    expect(desk.get_by_text("等待负责人签发")).to_be_visible()
    lead = open_window(375, by=acceptances.lead(), scripts=False)
    giving = lead.open(desk.url.removeprefix(lead.origin))
    giving.get_by_role("button", name="签发").click()
    giving.locator("main form button.govuk-button").click()
    expect(giving.get_by_text("已完成 0 份，共 1 份")).to_be_visible()
    assert making.work_off(seconds=30) == 1
    giving.goto(giving.url)
    expect(giving.get_by_text("已办结").first).to_be_visible()
    one = Certificate.objects.get(case=case)
    holder = open_window(375, by=certificates.holder_of(one), scripts=False)
    page = holder.open("/certificates/own/")
    page.get_by_role("link", name=one.title).click()
    with page.expect_download() as begun:
        page.get_by_role("button", name="下载电子职称证书").click()
    assert pdf.judge(begun.value.path().read_bytes()).is_intact
    assert not [*clerk.complaints, *lead.complaints, *holder.complaints]


def test_pages_of_certificates_are_sound(open_window: OpenWindow) -> None:
    """Every page kind, for the one who meets it; widths are tried by the window itself."""
    cases = certificates.cleared(3)
    Person.objects.filter(pk=cases[2].application.applicant_id).update(born_on=None)
    clock.move_to(PROPOSED)
    lead = open_window(1280, by=acceptances.lead())
    batch = cases[0].acceptance.code
    _sound(lead, {"waiting": "/certificates/orders/new/", "waiting-people": f"/certificates/orders/new/{batch}/"})
    order = certificates.proposed(cases[:2])
    own = f"/certificates/orders/{order.code}/"
    _sound(lead, {"order-proposed": own, "order-give": f"{own}give/"})
    clock.move_to(ORDERED)
    first, second = certificates.given(order).certificates.order_by("serial")
    Certificate.objects.filter(pk=second.pk).update(not_before=None, trouble="时间戳服务没有应答。")
    one = certificates.issued(first)
    NationalPush.objects.update(not_before=None, last_error="invalid_holder")
    clock.move_to(MADE)
    register = f"/certificates/register/{one.code}/"
    _sound(lead, {"orders": "/certificates/orders/", "order-running": own, "stuck": "/certificates/stuck/"})
    _sound(lead, {"register": "/certificates/register/", "certificate": register})
    _sound(lead, {"stuck-again": f"/certificates/stuck/{second.code}/again/"})
    _sound(lead, {"change-correct": f"{register}changes/correct/", "change-revoke": f"{register}changes/revoke/"})
    wanted = Wanted(ChangeKind.CORRECT, WHY, {"holder_name": "张更正"}, certificates.proof(acceptances.bureau()))
    change = changing.propose(one, wanted, by=acceptances.clerk(), at=MADE)
    _sound(lead, {"changes": "/certificates/changes/", "change": f"/certificates/changes/{change.code}/"})
    _sound(lead, {"change-approve": f"/certificates/changes/{change.code}/approve/"})
    holder = open_window(375, by=certificates.holder_of(one))
    _sound(holder, {"own": "/certificates/own/", "mine": f"/certificates/own/{one.code}/"})


def _sound(window: Visitor, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        window.open(path)
        window.must_be_sound(f"certificates-{name}")
