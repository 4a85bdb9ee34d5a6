"""Notices: what may be shown, how long they run, what is frozen, and what their end does."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.deadlines.terms import explanation_of
from portal.notifications.models import Notification
from portal.publicity import registry
from portal.publicity.domain import availability, posting
from portal.publicity.enums import NoticeKind, NoticeState
from portal.publicity.models import Line, Notice, Outage, Presence
from portal.publicity.registry import Owner
from portal.shared import clock
from portal.shared.errors import Reason, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories import publicity as factory


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)


POSTED = instant("2026-09-28T10:00")
ENDS = instant("2026-10-11T00:00")


def reasons(notice: Notice, by: Actor) -> list[tuple[str, str]]:
    with pytest.raises(StepRefused) as refused:
        posting.post(notice, by=by, at=POSTED)
    return [(reason.code, str(reason.text)) for reason in refused.value.reasons]


def fresh(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


@pytest.mark.rule("R-072", "R-122", "A-05")
def test_posted_on_28_september_it_runs_to_the_make_up_saturday(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲", "李乙")
    end = posting.end_of(notice)
    assert end is not None
    assert end.due_at == ENDS
    assert [day.date.isoformat()[5:] for day in explanation_of(end) if day.is_workday] == [
        "09-29",
        "09-30",
        "10-08",
        "10-09",
        "10-10",
    ]
    ringing.ring_due(at=ENDS - dt.timedelta(seconds=1))
    assert fresh(notice).state == NoticeState.POSTED
    ringing.ring_due(at=ENDS)
    ended = fresh(notice)
    assert (ended.state, ended.ended_at) == (NoticeState.ENDED, ENDS)
    assert set(notice.lines.values_list("cleared_at", flat=True)) == {ENDS}


def test_what_was_shown_is_sealed_and_anybody_can_hash_it_again(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    ringing.ring_due(at=ENDS)
    ended = fresh(notice)
    assert ended.proof == hashlib.sha256(ended.canonical().encode()).hexdigest()
    assert '"posted_at":"2026-09-28T02:00:00+00:00"' in ended.canonical()
    assert "张甲" in ended.canonical()


@pytest.mark.parametrize(
    ("names", "fields", "expected"),
    [
        ((), {}, ("has_lines", "请先添加公示内容。")),
        (("张甲",), {"contact": " "}, ("names_a_contact", "请写明异议受理方式（部门、电话或邮箱）。")),
        (
            ("张甲 11010519491231002X",),
            {},
            ("shows_only_what_may_be_shown", "第1行含有身份证件号码或手机号码，请删除后再发布。"),
        ),
        (
            ("张甲",),
            {"text": "电话13800138000"},
            ("shows_only_what_may_be_shown", "标题或正文含有身份证件号码或手机号码，请删除后再发布。"),
        ),
        (("张甲",), {"kind": NoticeKind.RESULT_UNIT}, ("somebody_answers", "这类公示不能在本系统发布。")),
    ],
)
def test_what_keeps_a_notice_from_being_posted(
    bureau_clerk: Actor, names: tuple[str, ...], fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert reasons(factory.draft(bureau_clerk, POSTED, *names, **fields), bureau_clerk) == [expected]


def test_a_field_that_its_kind_does_not_show_is_refused_by_name(bureau_clerk: Actor) -> None:
    notice = factory.draft(bureau_clerk, POSTED, "张甲")
    Line.objects.filter(notice=notice).update(content={"name": "张甲", "birth_date": "1980-01-01"})
    assert reasons(notice, bureau_clerk) == [
        ("shows_only_what_may_be_shown", "第1行含有本类公示不得公开的项目：birth_date。")
    ]


def test_the_owner_of_a_kind_may_know_more_against_it(bureau_clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cautious(Owner):
        def reasons_against_posting(self, notice: Notice, at: dt.datetime) -> list[Reason]:
            return [Reason("结果尚未验收。", basis="R-121")]

    monkeypatch.setitem(registry._owners, NoticeKind.DEMONSTRATION, Cautious())
    assert reasons(factory.draft(bureau_clerk, POSTED, "张甲"), bureau_clerk) == [("owner_agrees", "结果尚未验收。")]


@pytest.mark.rule("R-072")
def test_less_than_five_working_days_is_refused_by_the_database_too(bureau_clerk: Actor) -> None:
    with pytest.raises(DatabaseError, match="notice_runs_five_days"), transaction.atomic():
        factory.draft(bureau_clerk, POSTED, "张甲", workdays=4)


def test_another_organisation_cannot_post_it(bureau_clerk: Actor, actor: Callable[..., Actor]) -> None:
    notice = factory.draft(bureau_clerk, POSTED, "张甲")
    with pytest.raises(StepNotPermitted):
        posting.post(notice, by=actor(Role.EMPLOYER_HEAD), at=POSTED)


def test_nobody_ends_it_early_not_even_the_system(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    with pytest.raises(StepRefused) as refused:
        carry_out(notice, "end", by=SYSTEM, at=ENDS - dt.timedelta(seconds=1))
    assert [reason.code for reason in refused.value.reasons] == ["ran_its_full_time"]


@pytest.mark.parametrize("change", ["update", "delete", "insert"])
def test_posted_lines_are_frozen_by_the_database(bureau_clerk: Actor, change: str) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    acts: dict[str, Callable[[], object]] = {
        "update": lambda: notice.lines.update(content={"name": "王丙"}),
        "delete": lambda: notice.lines.all().delete(),
        "insert": lambda: Line.objects.create(notice=notice, number=2, content={}),
    }
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        acts[change]()


def test_a_withdrawn_notice_clears_nobody(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    notice = factory.posted(bureau_lead, POSTED, "张甲")
    with pytest.raises(StepRefused):
        posting.withdraw(notice, reason=" ", by=bureau_lead, at=POSTED)
    posting.withdraw(notice, reason="名单有误", by=bureau_lead, at=POSTED)
    ringing.ring_due(at=ENDS)
    assert fresh(notice).state == NoticeState.WITHDRAWN
    assert notice.lines.filter(cleared_at=None).count() == 1


def test_a_clerk_cannot_withdraw(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    with pytest.raises(StepNotPermitted):
        posting.withdraw(notice, reason="名单有误", by=bureau_clerk, at=POSTED)


def test_many_lines_are_cleared_in_small_transactions(bureau_clerk: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "CLEARED_AT_ONCE", 2)
    notice = factory.posted(bureau_clerk, POSTED, *"甲乙丙丁戊")
    done = ringing.ring_due(at=ENDS)
    assert (done.rung, done.failed) == (4, 0)
    assert notice.lines.filter(cleared_at=ENDS).count() == 5


def test_names_leave_the_board_after_a_month(bureau_clerk: Actor, visit: Callable[..., Client]) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    ringing.ring_due(at=ENDS)
    ringing.ring_due(at=instant("2026-11-10T00:00"))
    assert fresh(notice).state == NoticeState.ARCHIVED
    assert visit().get(f"/notices/{notice.code}/").status_code == 404


@pytest.mark.rule("N-10")
def test_those_named_are_told_from_when_to_when(bureau_clerk: Actor) -> None:
    person = accounts.person(full_name="林木")
    factory.posted(bureau_clerk, POSTED, people=(person,))
    told = Notification.objects.get(person=person)
    assert "2026年10月10日" in told.body
    assert "24:00" in told.body


@pytest.mark.parametrize(
    ("began", "ended", "lengthens"),
    [
        ("2026-09-29T10:00", "2026-09-29T14:00", False),
        ("2026-09-29T10:00", "2026-09-29T14:01", True),
        ("2026-09-29T17:00", "2026-09-30T10:00", False),
        ("2026-10-01T08:00", "2026-10-07T20:00", False),
    ],
)
def test_only_a_long_outage_in_service_hours_lengthens(
    bureau_clerk: Actor, began: str, ended: str, *, lengthens: bool
) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    availability.seen(instant(began))
    availability.seen(instant(ended))
    assert Outage.objects.get().lengthens is lengthens
    end = posting.end_of(notice)
    assert end is not None
    assert end.due_at == (instant("2026-10-13T00:00") if lengthens else ENDS)


LAST_SEEN, BACK = instant("2026-10-10T12:00"), instant("2026-10-12T08:00")  # the last day is a make-up Saturday


def test_an_outage_over_its_end_lengthens_it_once(bureau_clerk: Actor) -> None:
    """The board is down from noon of the last day: whether the sweep or the probe comes first, one working day is added."""
    person = accounts.person(full_name="林木")
    notice = factory.posted(bureau_clerk, POSTED, "张甲", people=(person,))
    availability.seen(LAST_SEEN)
    ringing.ring_due(at=ENDS + dt.timedelta(minutes=1))
    assert due_of(notice) == (NoticeState.POSTED, instant("2026-10-13T00:00"))
    availability.seen(BACK)
    assert Outage.objects.get().lengthens
    assert due_of(notice) == (NoticeState.POSTED, instant("2026-10-13T00:00"))
    told = Notification.objects.filter(kind="publicity.notice_lengthened")
    assert sorted(one.person.full_name for one in told) == sorted([person.full_name, bureau_clerk.person.full_name])
    assert all("2026年10月12日" in one.body for one in told)
    Presence.objects.filter(since=BACK).update(last_seen_at=instant("2026-10-13T00:00"))
    ringing.ring_due(at=instant("2026-10-13T00:01"))
    assert fresh(notice).state == NoticeState.ENDED


def test_a_probe_back_before_the_sweep_adds_the_same_day(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    availability.seen(LAST_SEEN)
    availability.seen(BACK)
    ringing.ring_due(at=BACK)
    assert due_of(notice) == (NoticeState.POSTED, instant("2026-10-13T00:00"))


@pytest.mark.parametrize("first", ["sweep", "probe"])
def test_only_what_of_an_outage_a_notice_ran_through_lengthens_it(bureau_clerk: Actor, first: str) -> None:
    """Three hours before the end and three after: nothing for whoever had ended by then, a day for whoever runs on."""
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    later = factory.posted(bureau_clerk, instant("2026-10-09T10:00"), "李乙")
    availability.seen(instant("2026-10-10T15:00"))
    if first == "sweep":
        ringing.ring_due(at=ENDS)
    availability.seen(instant("2026-10-12T12:00"))
    ringing.ring_due(at=instant("2026-10-12T12:00"))
    assert due_of(notice) == (NoticeState.ENDED, ENDS)
    assert due_of(later) == (NoticeState.POSTED, instant("2026-10-17T00:00"))


def test_a_probe_that_never_comes_back_keeps_no_notice_for_ever(bureau_clerk: Actor) -> None:
    notice = factory.posted(bureau_clerk, POSTED, "张甲")
    availability.seen(POSTED)
    ringing.ring_due(at=instant("2026-10-13T00:00"))
    assert due_of(notice) == (NoticeState.ENDED, instant("2026-10-13T00:00"))


def due_of(notice: Notice) -> tuple[str, dt.datetime | None]:
    end = posting.end_of(notice)
    return fresh(notice).state, end and end.due_at


def test_short_pauses_of_the_probe_are_no_outage(db: None) -> None:
    for minute in (0, 5, 20):
        availability.seen(instant("2026-09-29T10:00") + dt.timedelta(minutes=minute))
    assert not Outage.objects.exists()


def test_the_board_shows_only_what_is_for_everybody(
    bureau_clerk: Actor,
    visit: Callable[..., Client],
    at: Callable[[dt.datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, Owner())
    at(POSTED)
    factory.draft(bureau_clerk, POSTED, "张甲", title="草稿公示")
    inside = factory.posted(bureau_clerk, POSTED, "李乙", title="内部公示", kind=NoticeKind.EMPLOYER)
    factory.posted(bureau_clerk, POSTED, "王丙", title="公开公示")
    page = visit().get("/notices/").content.decode()
    assert ("公开公示" in page, "草稿公示" in page, "内部公示" in page) == (True, False, False)
    assert visit().get(f"/notices/{inside.code}/").status_code == 404
    by_link = visit().get(f"/notices/by-link/{inside.access_code}/")
    assert (by_link.status_code, "李乙" in by_link.content.decode()) == (200, True)
    assert by_link["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("size", [1, 3])
def test_the_board_asks_the_same_number_of_questions(
    bureau_clerk: Actor,
    visit: Callable[..., Client],
    at: Callable[[dt.datetime], None],
    django_assert_num_queries: Any,
    size: int,
) -> None:
    at(POSTED)
    cache.clear()
    for _ in range(size):
        factory.posted(bureau_clerk, POSTED, "张甲")
    browser = visit()
    browser.get("/notices/")
    with django_assert_num_queries(2):
        browser.get("/notices/")


def test_lines_are_found_by_name_number_and_unit(
    bureau_clerk: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(POSTED)
    notice = factory.posted(bureau_clerk, POSTED, "张甲", "李乙")

    def found(words: str) -> tuple[bool, bool]:
        page = visit().post(f"/notices/{notice.code}/", {"words": words}, follow=True).content.decode()
        return "张甲" in page, "李乙" in page

    assert [found(words) for words in ("张", "2", "示例单位", "无此人")] == [
        (True, False),
        (False, True),
        (True, True),
        (False, False),
    ]
