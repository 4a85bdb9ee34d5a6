"""Notices, objections, the calendar and the operations page in a real browser."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.publicity import registry
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Notice, Objection
from portal.publicity.registry import Owner
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import publicity as factory
from tests.portal.documents.conftest import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
POSTED = dt.datetime(2026, 9, 28, 10, 0, tzinfo=clock.BEIJING)
FACTS = "公示的专利发明人中没有此人，见专利公告第三页。"


def test_public_pages_are_sound(open_window: OpenWindow, bureau_clerk: Actor) -> None:
    clock.move_to(POSTED)
    notice = factory.posted(bureau_clerk, POSTED, "张甲", "李乙")
    window = open_window()
    for name, path in {
        "board": "/notices/",
        "notice": f"/notices/{notice.code}/",
        "object": f"/notices/{notice.code}/object/1/",
        "find-objection": "/notices/objections/",
        "find-objection-wrong": "/notices/objections/?code=YY-2345678923",
        "calendar": "/calendar/",
        "calendar-year": "/calendar/2026/",
    }.items():
        window.open(path)
        window.must_be_sound(name)


def test_pages_of_the_bureau_are_sound(open_window: OpenWindow, actor: Callable[..., Actor]) -> None:
    clock.move_to(POSTED)
    lead = actor(Role.BUREAU_LEAD, Role.SYSADMIN)
    notice = factory.draft(lead, POSTED, "张甲")
    running = factory.posted(lead, POSTED, "张甲", "李乙")
    ended = factory.posted(lead, POSTED - dt.timedelta(days=14), "张甲", "李乙")
    ringing.ring_due(at=POSTED)
    window = open_window(by=lead)
    for name, path in {
        "own-notice-ended": f"/notices/own/{ended.code}/",
        "own-notices": "/notices/own/",
        "own-notice": f"/notices/own/{notice.code}/",
        "own-notice-running": f"/notices/own/{running.code}/",
        "compose": "/notices/own/compose/",
        "post-notice": f"/notices/own/{notice.code}/post/",
        "objections": "/notices/settling/",
        "holiday-notices": "/calendar/notices/",
        "holiday-notice-new": "/calendar/notices/prepare/",
        "operations": "/operations/",
    }.items():
        window.open(path)
        window.must_be_sound(name)


def test_pages_of_an_employers_head_are_sound(
    open_window: OpenWindow,
    actor: Callable[..., Actor],
    bureau_lead: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.move_to(POSTED)
    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, Owner())
    head = actor(Role.EMPLOYER_HEAD)
    notice = factory.posted(head, POSTED, "张甲", "李乙", kind=NoticeKind.EMPLOYER)
    statement = Statement(FACTS, name="赵丁", contact="010-65001234")
    paper = SimpleUploadedFile("专利公告.pdf", pdf())
    line = notice.lines.get(number=1)
    objection = objecting.lodge(line, statement, by=PUBLIC, at=POSTED, evidence=[paper])
    objecting.accept(objection, by=head, at=POSTED)
    window = open_window(by=head)
    for name, path in {
        "own-notice-inside": f"/notices/own/{notice.code}/",
        "objection-trail": f"/notices/settling/{objection.code}/",
        "objection-fatal": f"/notices/settling/{objection.code}/fatal/",
    }.items():
        window.open(path)
        window.must_be_sound(name)


@pytest.mark.rule("R-072", "A-05", "A-08")
def test_from_posting_to_the_end_with_one_line_held(open_window: OpenWindow, bureau_lead: Actor) -> None:
    """Posted on Monday 28 September, it closes on Saturday 10 October at 24:00, and an objection holds one line only."""
    clock.move_to(POSTED)
    draft = factory.draft(bureau_lead, POSTED, "张甲", "李乙")
    desk, public = open_window(1280, by=bureau_lead), open_window(375)
    desk.open(f"/notices/own/{draft.code}/")
    desk.page.click("text=发布公示")
    desk.page.click("main form button")
    public.open(f"/notices/{draft.code}/")
    assert "2026年10月10日（星期六）24:00" in public.page.inner_text("main")
    public.page.click("a:has-text('提出异议')")
    public.page.fill("[name=facts]", FACTS)
    public.page.set_input_files("[name=evidence]", {"name": "公告.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    public.page.click("main form button:has-text('提交异议')")
    expect(public.page.locator("main")).to_contain_text(Objection.objects.get().code)
    public.must_be_sound("objection-status")
    clock.move_to(clock.start_of(dt.date(2026, 10, 11)))
    ringing.ring_due(at=clock.now())
    desk.open(f"/notices/own/{draft.code}/")
    rows = desk.page.locator("table tbody tr").all_inner_texts()
    assert ["异议核查中" in rows[0], "公示无异议" in rows[1]] == [True, True]
    assert Notice.objects.get().proof in desk.page.inner_text("main")
    desk.open(f"/notices/settling/{Objection.objects.get().code}/")
    assert "异议材料-1.pdf" in desk.page.inner_text("main")
    desk.must_be_sound("objection")
