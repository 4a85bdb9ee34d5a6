"""The pages of the integrity archive in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.accounts.actors import acting_personally
from portal.integrity.models import IntegrityRecord
from portal.notifications import inbox
from portal.notifications.models import Notification
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories.integrity import DECIDED, NOTICED, SERVED, Bureau

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]


def test_pages_of_the_bureau_are_sound(open_window: OpenWindow) -> None:
    bureau = Bureau()
    opened, noticed, decided, ended = bureau.investigated(), bureau.noticed(), bureau.decided(), bureau.in_force()
    clock.move_to(SERVED)
    window = open_window(by=bureau.lead)
    for name, path in {
        "integrity-records": "",
        "integrity-open": "open/",
        "integrity-record-in-force": f"{ended.code}/",
        "integrity-record-decided": f"{decided.code}/",
        "integrity-investigate": f"{opened.code}/investigate/",
        "integrity-notice": f"{opened.code}/notice/",
        "integrity-decide": f"{noticed.code}/decide/",
        "integrity-amend": f"{decided.code}/amend/",
        "integrity-quash": f"{ended.code}/quash/",
    }.items():
        window.open(f"/integrity/{path}")
        window.must_be_sound(name)


def test_pages_of_the_subject_are_sound(open_window: OpenWindow) -> None:
    bureau = Bureau()
    clock.move_to(NOTICED)
    noticed = bureau.noticed()
    ended, subject = bureau.in_force(person=noticed.person), acting_personally(noticed.person)
    window = open_window(by=subject)
    for name, path in {
        "integrity-own-records": "",
        "integrity-own-sealed": f"{noticed.code}/",
        "integrity-own-in-force": f"{ended.code}/",
    }.items():
        window.open(f"/integrity/own/{path}")
        window.must_be_sound(name)
    inbox.receive(Notification.objects.get(about_id=noticed.pk, registered=True), by=subject, at=NOTICED)
    for name, path in {"integrity-own-noticed": "", "integrity-statement": "statement/"}.items():
        window.open(f"/integrity/own/{noticed.code}/{path}")
        window.must_be_sound(name)


@pytest.mark.rule("A-45")
def test_a_subject_signs_reads_and_answers(open_window: OpenWindow) -> None:
    bureau = Bureau()
    clock.move_to(NOTICED)
    record = bureau.noticed()
    page = open_window(375, by=acting_personally(record.person)).open("/integrity/own/")
    page.get_by_role("link", name=record.code).click()
    page.get_by_role("link", name="前往签收").click()
    page.get_by_role("button", name="签收并查看全文").click()
    page.get_by_role("link", name="查看相关事项").click()
    page.get_by_role("button", name="陈述申辩").click()
    page.get_by_label("陈述和申辩").fill("论文由本人写作，编辑部来函所指并非此文。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("陈述申辩已提交")).to_be_visible()
    assert IntegrityRecord.objects.get().stated_at is not None


def test_a_lead_decides_on_screen(open_window: OpenWindow) -> None:
    bureau = Bureau()
    record = bureau.noticed()
    clock.move_to(DECIDED)
    page = open_window(1280, by=bureau.lead).open(f"/integrity/{record.code}/decide/")
    page.get_by_role("button", name="作出决定").click()
    expect(page.get_by_role("heading", name="请修改以下内容")).to_be_visible()
    page.get_by_label("决定", exact=True).fill("撤销职称。")
    page.get_by_label("集体讨论").fill("2026年12月17日局务会，会议纪要第8号。")
    page.get_by_role("button", name="作出决定").click()
    expect(page.get_by_text("决定已作出")).to_be_visible()
    assert IntegrityRecord.objects.get().is_serious
