"""Proofs of publicity: what they say, of whom, once and for good; and the honest count of openings in them."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import Role
from portal.deadlines import ringing
from portal.documents import reading
from portal.documents.models import StoredFile
from portal.ledger.models import Entry
from portal.publicity import registry
from portal.publicity.domain import availability, course, objecting, posting, proving
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import NoticeKind
from portal.publicity.models import Line, Notice, Objection, Opening, Presence, Proof
from portal.publicity.registry import Owner
from portal.publicity.tasks import write_proofs
from portal.shared import clock
from portal.shared.errors import Refusal
from tests.factories import accounts
from tests.factories import publicity as factory
from tests.portal.publicity.test_papers import words


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.BEIJING)


POSTED = instant("2026-09-28T10:00")
ENDS = instant("2026-10-11T00:00")
LATER = instant("2026-10-11T00:01")


@pytest.fixture(autouse=True)
def _owned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, Owner())


@pytest.fixture
def head(actor: Callable[..., Actor]) -> Actor:
    return actor(Role.EMPLOYER_HEAD)


@pytest.fixture
def notice(head: Actor) -> Notice:
    return factory.posted(head, POSTED, "孙甲", "李乙", kind=NoticeKind.EMPLOYER, title="推荐人选公示")


@pytest.fixture
def ended(notice: Notice) -> Notice:
    ringing.ring_due(at=ENDS)
    return fresh(notice)


def fresh(notice: Notice) -> Notice:
    return Notice.objects.select_related("publisher").get(pk=notice.pk)


def objected(notice: Notice, number: int = 1) -> Objection:
    line, statement = notice.lines.get(number=number), Statement("公示的专利发明人中没有此人，见专利公告。")
    return objecting.lodge(line, statement, by=PUBLIC, at=POSTED)


def decided(objection: Objection, step: str, head: Actor, at: dt.datetime) -> None:
    objecting.decide(objecting.accept(objection, by=head, at=at), step, answer="已经核实。", by=head, at=at)


def codes(line_or_notice: Line | Notice, at: dt.datetime = LATER) -> list[str]:
    prove = proving.proof_of_line if isinstance(line_or_notice, Line) else proving.proof_of
    with pytest.raises(Refusal) as refused:
        prove(line_or_notice, at=at)  # type: ignore[arg-type]
    return [reason.code for reason in refused.value.reasons]


def said(file: object) -> str:
    with reading.storage.store().open(file.storage_key) as content:  # type: ignore[attr-defined]
        return words(content.read())


@pytest.mark.rule("R-077", "A-05")
def test_the_proof_tells_the_whole_course(notice: Notice, head: Actor) -> None:
    for day, times in ((28, 3), (29, 1)):
        Opening.objects.create(notice=notice, day=dt.date(2026, 9, day), times=times)
    Opening.objects.create(notice=notice, day=dt.date(2026, 10, 11), times=100)
    decided(objected(notice), "find_unfounded", head, POSTED)
    decided(objected(notice, 2), "find_fatal", head, POSTED)
    ringing.ring_due(at=ENDS)
    ended = fresh(notice)
    text = said(proving.proof_of(ended, at=LATER))
    for expected in (
        f"{head.organisation.name}在北京市职称申报评审服务平台发布的“推荐人选公示”已经期满",  # type: ignore[union-attr]
        f"公示编号{notice.code}公示类型单位内部公示",
        "2026年9月28日（星期一）10:00",
        "2026年10月10日（星期六）24:00",
        "收到2件，已全部办结：经核查不成立1件，成立，影响申报或结果1件",
        "公示期内共4次，分布在2天",
        ended.proof,
        "1孙甲示例单位电子信息副高级无异议2李乙示例单位电子信息副高级异议成立",
        "2026年9月28日（星期一）发布当日，不计入3",
        "2026年9月29日（星期二）第1个工作日1",
        "2026年10月1日（星期四）国庆节，不计入0",
        "2026年10月10日（星期六）第5个工作日（调休上班）0",
        "节假日和调休上班日依据：",
        "没有对页面进行自动监测",
    ):
        assert expected in text, text


@pytest.mark.rule("R-077")
def test_it_is_made_once_and_kept_for_good(ended: Notice) -> None:
    first = proving.proof_of(ended, at=LATER)
    again = proving.proof_of(ended, at=LATER + dt.timedelta(days=400))
    assert (first.pk, first.sha256) == (again.pk, again.sha256)
    assert first.original_name == f"公示证明-{ended.code}.pdf"
    entry = Entry.objects.get(step="prove", subject_id=ended.pk)
    assert entry.facts == {"file": first.code, "sha256": first.sha256, "line": None}
    with reading.storage.store().open(first.storage_key) as content:
        assert hashlib.sha256(content.read()).hexdigest() == first.sha256
    for spoil in (lambda: Proof.objects.update(file=None, made_at=None), Proof.objects.all().delete):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            spoil()


def test_of_two_who_write_at_once_the_second_hands_out_what_the_first_kept(
    ended: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, quicker = proving._written, []

    def overtaken(notice: Notice, line: Line | None, at: dt.datetime) -> bytes:
        monkeypatch.setattr(proving, "_written", written)
        quicker.append(proving.proof_of(notice, at=at))
        return written(notice, line, at)

    monkeypatch.setattr(proving, "_written", overtaken)
    assert proving.proof_of(ended, at=LATER) == quicker[0]
    assert StoredFile.objects.filter(purpose=proving.PURPOSE).count() == 1


@pytest.mark.rule("R-077")
def test_one_persons_proof_names_nobody_else(ended: Notice) -> None:
    line = ended.lines.get(number=2)
    file = proving.proof_of_line(line, at=LATER)
    text = said(file)
    assert ("李乙" in text, "孙甲" in text) == (True, False)
    assert "该公示共2项，本证明只载明其中第2项。" in text
    assert ended.proof in text
    assert proving.proof_of_line(line, at=LATER).pk == file.pk
    assert proving.proof_of(ended, at=LATER).pk != file.pk


@pytest.mark.rule("A-08")
def test_the_objections_of_others_are_not_counted_against_a_person(notice: Notice, head: Actor) -> None:
    decided(objected(notice), "find_fatal", head, POSTED)
    ringing.ring_due(at=ENDS)
    assert "没有收到异议" in said(proving.proof_of_line(notice.lines.get(number=2), at=LATER))
    assert "收到1件" in said(proving.proof_of_line(notice.lines.get(number=1), at=LATER))


@pytest.mark.rule("R-073", "A-08")
def test_nothing_is_proven_before_the_end_or_while_an_objection_is_open(notice: Notice, head: Actor) -> None:
    assert codes(notice, POSTED) == ["notice_not_ended"]
    objection = objected(notice)
    ringing.ring_due(at=ENDS)
    held, free = notice.lines.order_by("number")
    assert codes(fresh(notice)) == codes(held) == ["objection_open"]
    assert proving.proof_of_line(free, at=LATER)
    decided(objection, "find_unfounded", head, LATER)
    assert proving.proof_of_line(held, at=LATER)
    assert proving.proof_of(fresh(notice), at=LATER)


def test_a_withdrawn_notice_proves_nothing(notice: Notice, head: Actor) -> None:
    assert codes(posting.withdraw(notice, reason="名单有误", by=head, at=POSTED)) == ["notice_withdrawn"]


def test_an_ended_notice_is_proven_without_anybody_asking(
    notice: Notice, head: Actor, at: Callable[[dt.datetime], None]
) -> None:
    objection = objected(notice)
    ringing.ring_due(at=ENDS)
    assert proving.write_waiting(seconds=9, now=lambda: LATER) == 0
    decided(objection, "find_unfounded", head, LATER)
    at(LATER)
    write_proofs()
    written = proving.kept(notice)
    assert written is not None
    assert proving.write_waiting(seconds=9, now=lambda: LATER) == 0


def test_a_proof_that_cannot_be_written_is_tried_again_later_and_holds_up_no_other(
    head: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    rare = factory.posted(head, POSTED, "冯\U0002ebf0", kind=NoticeKind.EMPLOYER)
    usual = factory.posted(head, POSTED, "冯甲", kind=NoticeKind.EMPLOYER)
    ringing.ring_due(at=ENDS)
    assert proving.write_waiting(seconds=9, now=lambda: LATER) == 1
    assert (proving.kept(rare), proving.kept(usual) is None) == (None, False)
    assert Proof.objects.get(notice=rare).not_before == LATER + proving.LEASE
    assert proving.write_waiting(seconds=9, now=lambda: LATER + proving.LEASE) == 0
    assert Proof.objects.get(notice=rare).not_before == LATER + 3 * proving.LEASE
    assert "could not be written" in caplog.text


@pytest.mark.rule("A-05")
def test_an_outage_that_lengthened_the_notice_is_in_its_proof(notice: Notice) -> None:
    availability.seen(POSTED)
    availability.seen(instant("2026-09-28T10:10"))
    availability.seen(instant("2026-09-28T15:00"))
    Presence.objects.filter(since=instant("2026-09-28T15:00")).update(last_seen_at=instant("2026-10-12T20:00"))
    ringing.ring_due(at=instant("2026-10-13T00:00"))
    found = course.course_of(fresh(notice))
    assert [outage.lengthens for outage in found.outages] == [True]
    assert len([day for day in found.days if "第" in day.words]) == 6
    assert found.watch is not None
    assert not found.watch.is_whole
    text = said(proving.proof_of(fresh(notice), at=instant("2026-10-13T00:01")))
    assert "6个工作日，发布当日不计入" in text
    assert "公示期顺延1个工作日" in text


def test_a_notice_watched_all_the_time_says_so(notice: Notice) -> None:
    Presence.objects.create(since=POSTED - dt.timedelta(days=1), last_seen_at=ENDS - dt.timedelta(minutes=5))
    ringing.ring_due(at=ENDS)
    watch = course.course_of(fresh(notice)).watch
    assert watch is not None
    assert (watch.since, watch.is_whole) == (POSTED, True)


def test_a_very_long_notice_is_counted_and_not_listed(ended: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "MOST_LINES", 1)
    text = said(proving.proof_of(ended, at=LATER))
    assert ("孙甲" in text, "共2项。全部内容载于平台的公示记录" in text) == (False, True)


# --- Who reads it ---------------------------------------------------------------------------
def test_publisher_and_person_read_it_and_others_only_where_the_kind_admits_them(
    head: Actor, actor: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = accounts.person(full_name="林木")
    notice = factory.posted(head, POSTED, "孙甲", people=[person], kind=NoticeKind.EMPLOYER)
    ringing.ring_due(at=ENDS)
    whole = proving.proof_of(fresh(notice), at=LATER)
    single = proving.proof_of_line(notice.lines.get(number=2), at=LATER)
    agency, himself = actor(Role.AGENCY_LEAD), accounts.acting_personally(person)

    def readers(code: str) -> list[bool]:
        return [reading.readable(code, by=who) is not None for who in (head, himself, agency, actor(), PUBLIC)]

    assert readers(whole.code) == [True, False, False, False, False]
    assert readers(single.code) == [True, True, False, False, False]

    class Admitting(Owner):
        def reads_proof(self, actor: Actor, notice: Notice, line: Line | None) -> bool:
            return actor == agency and line is not None

    monkeypatch.setitem(registry._owners, NoticeKind.EMPLOYER, Admitting())
    assert readers(whole.code) == [True, False, False, False, False]
    assert readers(single.code) == [True, True, True, False, False]


def test_the_publisher_downloads_both(
    head: Actor, ended: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(LATER)
    desk = visit(head)
    page = desk.get(f"/notices/own/{ended.code}/").content.decode()
    for path, name in ((f"/notices/own/{ended.code}/proof/", ""), (f"/notices/own/{ended.code}/lines/2/proof/", "-2")):
        assert path in page
        answer = desk.get(path, follow=True)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert f"{ended.code}{name}.pdf" in answer["Content-Disposition"]
        assert answer.getvalue().startswith(b"%PDF")  # type: ignore[attr-defined]
    assert desk.get(f"/notices/own/{ended.code}/lines/3/proof/").status_code == 404


def test_a_refused_proof_says_why_and_a_long_one_comes_later(
    head: Actor,
    notice: Notice,
    visit: Callable[..., Client],
    at: Callable[[dt.datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, address = visit(head), f"/notices/own/{notice.code}/proof/"
    at(POSTED)
    refused = desk.get(address)
    assert (refused.status_code, "公示期满后才能出具公示证明。" in refused.content.decode()) == (409, True)
    at(LATER)
    monkeypatch.setattr(proving, "LINES_A_PAPER", 1)
    assert "公示证明正在生成，请稍后再下载。" in desk.get(address, follow=True).content.decode()
    proving.write_waiting(seconds=9, now=lambda: LATER)
    assert desk.get(address)["Location"].startswith("/files/")


# --- Openings -------------------------------------------------------------------------------
def test_openings_are_counted_honestly_and_hold_nobody(
    head: Actor, notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(POSTED)
    address = f"/notices/by-link/{notice.access_code}/"
    for _ in range(2):
        visit().get(address)
    visit(accounts.actor()).get(address)
    visit(head).get(address)
    visit().post(address, {"words": "孙"}, follow=True)
    visit().get(f"/notices/own/{notice.code}/")
    at(instant("2026-09-29T08:00"))
    visit().get(address)
    rows = Opening.objects.order_by("day").values_list("notice", "day", "times")
    assert list(rows) == [(notice.pk, dt.date(2026, 9, 28), 3), (notice.pk, dt.date(2026, 9, 29), 1)]
    assert {field.name for field in Opening._meta.fields} == {"id", "notice", "day", "times"}
    assert "公示页面已被打开 4 次" in visit(head).get(f"/notices/own/{notice.code}/").content.decode()
    at(LATER)
    visit().get(address)
    assert Opening.objects.count() == 2
