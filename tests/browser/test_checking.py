"""Checking certificates in a real browser: what a scanned code proves by itself, and what is asked of the portal."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, Request, expect

from certificates.domain import one_time_codes
from certificates.models import Certificate, CertificateCheck
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.sealing import tokens
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import checks as factory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
ADDRESS = "/certificates/check/"


def heard(page: Page) -> list[Request]:
    """Return the list into which the page's requests to the API go."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if "/api/" in request.url else None)
    return requests


def scanned(certificate: Certificate) -> str:
    return tokens.make(certificate.face().record())


def scan(window: Visitor, digits: str) -> Page:
    window.page.goto("about:blank")
    return window.open(f"{ADDRESS}#{digits}")


@pytest.mark.rule("R-126")
def test_a_scanned_code_is_verified_at_once_and_asked_about(
    open_window: OpenWindow, actor: Callable[..., Actor]
) -> None:
    cache.clear()
    clock.move_to(factory.ISSUED)
    first, second = factory.cases(2)
    certificate, restricted = factory.issued(first), factory.issued(second, is_restricted=True)
    window = open_window()
    window.open(ADDRESS)
    window.must_be_sound("check-form")

    requests, digits = heard(window.page), scanned(certificate)
    page = scan(window, digits)
    expect(page.get_by_role("heading", name="证书有效")).to_be_visible()
    expect(page.get_by_text(certificate.holder_name, exact=True)).to_be_visible()
    assert page.url.endswith(ADDRESS)
    assert [digits in (one.post_data or "") + one.url for one in requests] == [False]
    assert CertificateCheck.objects.get().way == "qr"
    window.must_be_sound("check-scanned")

    factory.moved(certificate, "suspend", reason="收到实名举报，正在核查材料真实性。")
    scan(window, digits)
    expect(page.get_by_role("heading", name="证书正在核查中，暂停使用")).to_be_visible()

    requests.clear()
    scan(window, digits[:-9] + "123456789")
    expect(page.get_by_role("alert")).to_contain_text("数字签名不正确")
    expect(page.get_by_text(certificate.holder_name)).to_have_count(0)
    window.must_be_sound("check-forged")
    scan(window, scanned(restricted))
    expect(page.get_by_role("heading", name="这份证书限制查验")).to_be_visible()
    assert requests == []

    page.get_by_label("证书编号").fill(certificate.number)
    page.get_by_label("姓名").fill(certificate.holder_name)
    page.get_by_label("查验码").fill(factory.CODE)
    page.get_by_role("button", name="查验").click()
    expect(page.get_by_text(certificate.masked_document)).to_be_visible()
    window.must_be_sound("check-result")
    _desks_are_sound(open_window, actor(Role.EMPLOYER_CLERK), certificate, restricted)


def _desks_are_sound(
    open_window: OpenWindow, employer: Actor, certificate: Certificate, restricted: Certificate
) -> None:
    window = open_window(by=employer)
    window.open(f"{ADDRESS}file/")
    window.must_be_sound("check-file")
    page = window.open(f"{ADDRESS}sheet/")
    window.must_be_sound("check-sheet")
    content = f"证书编号,姓名,查验码\n{certificate.number},{certificate.holder_name},\nZC1,张三,\n,张三,\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name="上传并查验").click()
    expect(page.get_by_role("heading", name="批量查验结果")).to_be_visible()
    window.must_be_sound("check-sheet-result")

    holder = acting_personally(restricted.holder)
    _row, code = one_time_codes.make(restricted, by=holder, at=factory.ISSUED)
    page = window.open(ADDRESS)
    for label, text in (("证书编号", restricted.number), ("姓名", restricted.holder_name), ("查验码", code)):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.get_by_role("heading", name="证书有效")).to_be_visible()
    window = open_window(by=holder)
    page = window.open(f"/certificates/own/{restricted.code}/checks/")
    page.get_by_role("button", name="生成一次性查验码").click()
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    window.must_be_sound("own-checks")
