"""Notices of hundreds of lines: the same number of questions as for a few, pages that stay light, every line within reach."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.actors import Actor
from portal.deadlines import ringing
from portal.publicity.domain import objecting, posting
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Line, Notice
from tests.factories import accounts
from tests.factories import publicity as factory
from tests.portal.publicity.conftest import ENDS, OBJECTED, POSTED, Recording, accepted, object_to

MANY = 500
CONTENT = {
    "name": "欧阳若兰",
    "unit": "北京示例科技有限公司",
    "series": "工程技术",
    "specialty": "电子信息",
    "level": "副高级",
    "title": "高级工程师",
    "education": "硕士研究生",
    "years": "12年",
    "achievements": "主持完成示例系统研发，获省部级科技进步二等奖1项；发明专利3件，均已转化应用；发表论文5篇。",
}


@pytest.fixture
def many(owner: Recording, head: Actor) -> Notice:
    contents = [{**CONTENT, "name": f"{CONTENT['name']}{number}"} for number in range(MANY)]
    return factory.posted(head, POSTED, contents=contents, kind=NoticeKind.EMPLOYER)


def questions(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_composing_posting_and_ending_ask_the_same_whether_few_or_many(owner: Recording, head: Actor) -> None:
    """Few are asked twice, because the first time also reads what is remembered from then on."""

    def asked(size: int) -> list[int]:
        drafts: list[Notice] = []
        contents = [CONTENT] * size
        composed = questions(
            lambda: drafts.append(factory.draft(head, POSTED, kind=NoticeKind.EMPLOYER, contents=contents))
        )
        posted = questions(lambda: posting.post(drafts[0], by=head, at=POSTED))
        ended = questions(lambda: ringing.ring_due(at=ENDS))
        assert Line.objects.filter(notice=drafts[0], cleared_at=ENDS).count() == size
        return [composed, posted, ended]

    asked(3)
    assert asked(3) == asked(60)


def test_people_on_a_public_notice_are_told_without_asking_for_each(bureau_clerk: Actor) -> None:
    def posted(size: int) -> int:
        people = [accounts.person() for _ in range(size)]
        notice = factory.draft(bureau_clerk, POSTED, people=people)
        return questions(lambda: posting.post(notice, by=bureau_clerk, at=POSTED))

    posted(1)
    assert posted(2) == posted(20)


def test_five_hundred_are_cleared_each_once_and_a_held_one_later(many: Notice, owner: Recording, head: Actor) -> None:
    objection = accepted(many, head, number=7)
    ringing.ring_due(at=ENDS)
    told = [number for what, number in owner.told if what == "cleared"]
    assert told == [number for number in range(1, MANY + 1) if number != 7]
    objecting.decide(objection, "find_unfounded", answer="不成立。", by=head, at=ENDS)
    assert owner.told[-1] == ("cleared", 7)
    assert not many.lines.filter(cleared_at=None).exists()


def test_the_readers_page_is_light_and_every_line_can_be_reached(
    many: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    reader, address = visit(), f"/notices/by-link/{many.access_code}/"
    page = reader.get(address).content
    assert len(page) < 60_000
    text = page.decode()
    assert "共 500 项" in text
    assert 'id="line-20"' in text
    assert 'id="line-21"' not in text
    last = reader.get(address, {"page": 25}).content.decode()
    assert f'href="{address}object/500/"' in last
    found = reader.post(address, {"words": "500"}, follow=True).content.decode()
    assert (found.count('id="line-'), "object/500/" in found) == (1, True)
    assert reader.get(f"{address}object/500/").status_code == 200


def test_pages_of_a_notice_ask_the_same_whether_few_or_many(
    owner: Recording, head: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    reader, desk = visit(), visit(head)

    def asked(size: int) -> list[int]:
        notice = factory.posted(head, POSTED, *"甲乙丙"[:size], kind=NoticeKind.EMPLOYER)
        for number in range(1, size + 1):
            object_to(notice, number)
        pages = [(reader, f"/notices/by-link/{notice.access_code}/"), (desk, f"/notices/own/{notice.code}/")]
        pages += [(desk, "/notices/own/"), (desk, "/notices/settling/")]
        for browser, address in pages:
            browser.get(address)
        return [questions(lambda page=page: page[0].get(page[1])) for page in pages]  # type: ignore[misc]

    assert asked(1) == asked(3)


def test_the_publisher_pages_through_all_lines_and_sees_open_objections(
    many: Notice, head: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    object_to(many, 7)
    object_to(many, 8)
    desk = visit(head)
    last = desk.get(f"/notices/own/{many.code}/", {"page": 25}).content.decode()
    assert ('id="line-500"' in last, 'id="line-1"' in last) == (True, False)
    (row,) = desk.get("/notices/own/").context["page"].object_list
    assert row.open_objections == 2
