"""Checking, submitting and following in a browser: sound at every width, with and without scripts."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.domain import receiving, submitting
from applications.models import Application
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.shared import clock
from tests.factories import applications, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def moment(month: int, day: int) -> dt.datetime:
    return dt.datetime(2026, month, day, 10, tzinfo=clock.BEIJING)


def page(application: Application, name: str, *more: object) -> str:
    return reverse(f"applications:{name}", args=[application.code, *more])


def test_checking_and_following_are_sound(open_window) -> None:
    entry, me = catalogue.published_entry(), applications.applicant()
    clock.move_to(applications.NOW)
    application, empty = applications.filled(entry, me), applications.applicant()
    bare = applications.draft(entry, empty)
    window, other = open_window(by=me), open_window(by=empty)
    window.open(page(application, "check"))
    window.must_be_sound("check")
    other.open(page(bare, "check"))
    other.must_be_sound("check-missing")
    submitting.submit(application, commitment=True, by=me, at=applications.NOW)
    for name, more in (("mine", ()), ("take_back", ()), ("withdraw", ()), ("submitted", (1,))):
        window.open(page(application, name, *more))
        window.must_be_sound(f"following-{name}")


def test_later_stages_are_sound(open_window) -> None:
    entry, me = catalogue.published_entry(), applications.applicant()
    recommendation, notice = applications.publicised(entry, me, at=moment(7, 13))
    statement = Statement("该同志并非所列专利的发明人，请核实。")
    objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=moment(7, 14))
    clock.move_to(moment(7, 15))
    window = open_window(by=me)
    window.open(page(recommendation.application, "mine"))
    window.must_be_sound("following-held")
    another = applications.applicant()
    returned = applications.returned(entry, another)
    clock.move_to(moment(7, 30))
    window = open_window(by=another)
    window.open(page(returned, "progress"))
    window.must_be_sound("following-returned")
    refused = applications.applicant()
    ended = applications.received(entry, refused, at=moment(7, 13))
    head = applications.head_of(ended.organisation)
    receiving.refuse(ended, ground="untrue", reason="业绩证明与实际不符，经核实。", by=head, at=moment(7, 14))
    window = open_window(by=refused)
    window.open(page(ended.application, "mine"))
    window.must_be_sound("following-ended")


@pytest.mark.parametrize("scripts", [True, False])
def test_submitting_with_and_without_scripts(open_window, scripts) -> None:
    entry, me = catalogue.published_entry(), applications.applicant()
    clock.move_to(applications.NOW)
    application = applications.filled(entry, me)
    window = open_window(375, by=me, scripts=scripts)
    shown = window.open(page(application, "check"))
    shown.get_by_role("button", name="提交申报").click()
    summary = shown.get_by_role("alert")
    expect(summary).to_contain_text("请阅读并确认个人诚信承诺。")
    summary.get_by_role("link", name="请阅读并确认个人诚信承诺。").click()
    shown.get_by_label("本人已阅读并作出以上承诺").check()
    shown.get_by_role("button", name="提交申报").click()
    expect(shown.get_by_role("heading", name="提交回执")).to_be_visible()
    expect(shown.get_by_text(application.snapshots.get().sha256)).to_be_visible()
