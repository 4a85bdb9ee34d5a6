"""Notices on paper: what hangs on the notice-board, and the code that leads from it to the screen."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from pypdfium2 import PdfDocument
from pytest_django import Settings

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.publicity import registry
from portal.publicity.domain import papers
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Notice
from portal.publicity.registry import Owner
from portal.shared import clock
from tests.factories import publicity as factory

POSTED = dt.datetime(2026, 9, 28, 10, 0, tzinfo=clock.BEIJING)
ENDS = dt.datetime(2026, 10, 11, 0, 0, tzinfo=clock.BEIJING)


@pytest.fixture(autouse=True)
def _fresh(at: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch) -> None:
    at(POSTED)
    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, Owner())


@pytest.fixture
def head(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.EMPLOYER_HEAD)


@pytest.fixture
def inside(head: Actor) -> Notice:
    return factory.posted(head, POSTED, "张甲", "李乙", kind=NoticeKind.EMPLOYER, title="内部公示", text="现予公示。")


def words(paper: bytes) -> str:
    with PdfDocument(paper) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


@pytest.mark.rule("R-072", "A-05", "A-08")
def test_the_paper_says_what_until_when_and_whom_to_tell(
    head: Actor, inside: Notice, visit: Callable[..., Client]
) -> None:
    answer = visit(head).get(f"/notices/own/{inside.code}/print/")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (
        "application/pdf",
        f'attachment; filename="{inside.code}.pdf"',
    )
    said = words(answer.content)
    for expected in (
        "公示内部公示现予公示。",
        "公示时间：2026年9月28日（星期一）发布，公示5个工作日，至2026年10月10日（星期六）24:00结束，发布当日不计入。",
        "异议受理方式：010-12345678",
        "序号姓名工作单位专业级别",
        "1张甲示例单位电子信息副高级2李乙示例单位电子信息副高级",
        f"{head.organisation.name}2026年9月28日",
        f"testserver/notices/by-link/{inside.access_code}/",
    ):
        assert expected in said


def test_readers_print_what_they_may_read(inside: Notice, bureau_clerk: Actor, visit: Callable[..., Client]) -> None:
    outside = factory.posted(bureau_clerk, POSTED, "王丙")
    reader = visit()
    assert "张甲" in words(reader.get(f"/notices/by-link/{inside.access_code}/print/").content)
    on_board = words(reader.get(f"/notices/{outside.code}/print/").content)
    assert f"testserver/notices/{outside.code}/" in on_board
    assert reader.get(f"/notices/{inside.code}/print/").status_code == 404
    assert reader.get(f"/notices/own/{inside.code}/print/").status_code == 302


def test_another_publisher_and_a_draft_have_no_paper(
    head: Actor, inside: Notice, actor: Callable[..., Actor], visit: Callable[..., Client]
) -> None:
    draft = factory.draft(head, POSTED, "张甲")
    assert visit(actor(Role.EMPLOYER_HEAD)).get(f"/notices/own/{inside.code}/print/").status_code == 404
    assert visit(head).get(f"/notices/own/{draft.code}/print/").status_code == 404


def test_a_paper_that_the_browser_has_is_not_sent_again_until_the_end_moves(
    inside: Notice, visit: Callable[..., Client]
) -> None:
    address = f"/notices/by-link/{inside.access_code}/print/"
    first = visit().get(address)
    again = visit().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    cache.clear()
    assert visit().get(address).content == first.content


def test_without_the_cache_it_is_written_all_the_same(
    inside: Notice, visit: Callable[..., Client], settings: Settings
) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert visit().get(f"/notices/by-link/{inside.access_code}/print/").status_code == 200


def test_a_long_notice_fills_several_papers(
    head: Actor, inside: Notice, visit: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "LINES_A_PAPER", 1)
    address, desk = f"/notices/own/{inside.code}/print/", visit(head)
    first, second = (words(desk.get(address, {"part": part}).content) for part in ("1", "2"))
    assert ("张甲" in first, "李乙" in first, "张甲" in second, "李乙" in second) == (True, False, False, True)
    assert "（第2部分，共2部分）" in second
    assert [desk.get(address, {"part": part}).status_code for part in ("0", "3", "x", "01", "²")] == [404] * 5
    assert f"{address}?part=2" in desk.get(f"/notices/own/{inside.code}/").content.decode()


def test_only_columns_that_somebody_fills_are_drawn(head: Actor) -> None:
    full = {
        "name": "张甲",
        "unit": "单位",
        "series": "工程",
        "specialty": "电子",
        "level": "中级",
        "achievements": "专利",
    }
    notice = factory.posted(head, POSTED, kind=NoticeKind.EMPLOYER, contents=[full, {"name": "李乙"}])
    table = papers.table_of(notice.lines.order_by("number"))
    assert [str(label) for label in table.labels] == ["姓名", "工作单位", "系列", "专业", "级别", "主要业绩成果"]
    assert table.rows[1] == (2, ("李乙", "", "", "", "", ""))
    assert table.is_wide


def test_the_publisher_is_given_the_link_and_its_code(
    head: Actor, inside: Notice, visit: Callable[..., Client]
) -> None:
    desk = visit(head)
    page = desk.get(f"/notices/own/{inside.code}/").content.decode()
    assert f'value="http://testserver/notices/by-link/{inside.access_code}/" readonly' in page
    assert "不出现在公示公告栏" in page
    assert '<img src="data:image/svg+xml' in page
    code = desk.get(f"/notices/own/{inside.code}/qr/")
    assert (code["Content-Type"], code.content[:5]) == ("image/svg+xml", b"<?xml")
    assert code["Content-Disposition"] == f'attachment; filename="{inside.code}.svg"'


def test_what_is_for_everybody_is_linked_on_the_board(bureau_clerk: Actor, visit: Callable[..., Client]) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "王丙")
    page = visit(bureau_clerk).get(f"/notices/own/{notice.code}/").content.decode()
    assert f"http://testserver/notices/{notice.code}/" in page
    assert "面向社会" in page


def test_a_notice_that_nobody_can_open_is_not_linked(
    head: Actor, bureau_clerk: Actor, visit: Callable[..., Client]
) -> None:
    draft = factory.draft(head, POSTED, "张甲")
    assert "二维码" not in visit(head).get(f"/notices/own/{draft.code}/").content.decode()
    shown = factory.posted(bureau_clerk, POSTED, "张甲")
    ringing.ring_due(at=ENDS)
    ringing.ring_due(at=dt.datetime(2026, 11, 11, tzinfo=clock.BEIJING))
    assert "二维码" not in visit(bureau_clerk).get(f"/notices/own/{shown.code}/").content.decode()
