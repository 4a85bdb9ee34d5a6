"""What people are told at each step of an application: the facts of domain §10, whole words of time, one line by text message."""

import datetime as dt

import pytest
from django.utils import translation

from applications import letters
from applications.domain import archiving, receiving, submitting
from applications.models import Application
from applications.sections import ItemKind
from portal.accounts.models import Organisation, Person
from portal.deadlines.ringing import ring_due
from portal.notifications.enums import Channel
from portal.notifications.kinds import Letter
from portal.notifications.models import Notification
from portal.notifications.rendering import LINE_LIMIT
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.shared import clock
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


@pytest.fixture
def entry():
    return catalogue.published_entry()


@pytest.fixture
def me():
    """A person whose employer has somebody to read its letters."""
    unit = applications.employer()
    applications.clerk_of(unit)
    return applications.applicant(unit)


def told(kind: type[Letter], to: Person | Organisation | None = None) -> Notification | None:
    """Return the newest letter of a kind, to a person or to an organisation's staff."""
    found = Notification.objects.filter(kind=kind.kind()).order_by("-pk")
    if isinstance(to, Person):
        return found.filter(person=to).first()
    return (found.filter(organisation=to) if to else found).first()


def line_of(letter: Notification) -> str:
    """Return the text message, which is the letter's own and not the line that fits always."""
    line = letter.deliveries.filter(channel=Channel.SMS).values_list("line", flat=True).get()
    assert len(line) <= LINE_LIMIT
    assert "有新消息" not in line
    return line


def must_say(letter: Notification | None, *words: str) -> None:
    assert letter is not None
    assert [each for each in words if each not in letter.body] == [], letter.body
    line_of(letter)


@pytest.mark.rule("R-069")
def test_n01_submitted_names_the_deadline_and_the_last_safe_day(entry, me) -> None:
    application = submitting.submit(applications.filled(entry, me), commitment=True, by=me, at=applications.NOW)
    unit = application.employer
    until, safe = "2026年8月6日（星期四）24:00", "2026年7月29日（星期三）"
    must_say(told(letters.Submitted, me.person), "高级工程师", application.code, unit.name, until, safe, "取回修改")
    must_say(told(letters.SubmittedToEmployer, unit), me.person.full_name, application.recommendation.code, until, safe)


@pytest.mark.rule("A-08", "A-34")
def test_n01_names_no_safe_day_where_an_objection_made_a_new_notice_necessary(entry, me) -> None:
    recommendation, notice = applications.publicised(entry, me, at=moment(7, 28))
    head = applications.head_of(recommendation.organisation)
    statement = Statement("该同志并非所列专利的发明人，请核实。", name="王同事", contact="13800000000")
    objection = objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=moment(8, 4))
    objection = objecting.accept(objection, by=head, at=moment(8, 4))
    objecting.decide(objection, "find_correctable", answer="完成日期填写有误，请更正。", by=head, at=moment(8, 6))
    application = Application.objects.get(pk=recommendation.application_id)
    submitting.submit(application, commitment=True, by=me, at=moment(8, 11))
    for letter in (told(letters.Submitted, me.person), told(letters.SubmittedToEmployer, head.organisation)):
        must_say(letter, "2026年8月14日（星期五）24:00前", "审核并发布公示", "公示期满后另有时间推荐")
        assert "7月29日" not in letter.body
        assert "最迟" not in letter.body


@pytest.mark.rule("R-025")
def test_n02_reminds_both_three_working_days_before(entry, me) -> None:
    recommendation = applications.received(entry, me)
    clerk = applications.clerk_of(recommendation.organisation)
    ring_due(at=moment(8, 3, 9))
    for reader in (me.person, clerk.organisation):
        must_say(told(letters.EmployerDeadline, reader), "还有3个工作日", "2026年8月6日（星期四）24:00", "申报将失效")


@pytest.mark.rule("R-091", "R-092")
def test_n04_returned_lists_everything_once_with_weekday_and_hour(entry, me) -> None:
    application = applications.returned(entry, me)
    last = "2026年8月12日（星期三）24:00"
    letter = told(letters.Returned, me.person)
    numbered = [f"{place}. {text}" for place, text in enumerate(applications.DEFECTS.values(), start=1)]
    must_say(letter, *numbered, last, "只有一次机会", "视为放弃申报", "调休上班")
    assert last in letter.subject
    assert last in line_of(letter)
    assert "只有一次机会" in line_of(letter)
    clerk = applications.clerk_of(application.employer)
    must_say(told(letters.ReturnedToEmployer, clerk.organisation), me.person.full_name, last, "复核并再次推荐")


@pytest.mark.rule("R-093")
def test_n05_reminds_three_and_one_day_before_and_tells_the_end(entry, me) -> None:
    """The last day is Wed 12 Aug: three working days are left after Fri 7 Aug, one after Tue 11 Aug."""
    application = applications.returned(entry, me)
    clerk = applications.clerk_of(application.employer)
    for day, remaining in ((7, 3), (11, 1)):
        ring_due(at=moment(8, day, 9))
        for reader in (me.person, clerk.organisation):
            letter = told(letters.CorrectionDeadline, reader)
            must_say(letter, f"还有{remaining}个工作日", "2026年8月12日（星期三）24:00", "视为放弃申报")
    ring_due(at=moment(8, 13, 0))
    must_say(
        told(letters.CorrectionExpired, me.person),
        "视为放弃申报",
        "2026年8月12日（星期三）24:00",
        "15个工作日内",
        "12333",
    )


def test_no_reminder_after_the_correction(entry, me) -> None:
    application = applications.returned(entry, me)
    result = me.person.archive.get(kind=ItemKind.RESULT)
    archiving.save_item(result, {"summary": "已改。"}, based_on=result.versions, by=me, at=moment(7, 30))
    submitting.resubmit(application, commitment=True, by=me, at=moment(7, 30))
    ring_due(at=moment(8, 11, 9))
    assert told(letters.CorrectionDeadline) is None
    must_say(told(letters.Resubmitted), me.person.full_name, "2026年8月4日（星期二）24:00", "重新公示")


def test_n10_on_the_employers_notice_from_and_to(entry, me) -> None:
    applications.publicised(entry, me, at=moment(7, 13))
    must_say(
        told(letters.OnEmployersNotice, me.person),
        "2026年7月13日（星期一）",
        "2026年7月20日（星期一）24:00",
        "不计入公示期",
    )


def test_sent_back_says_what_and_until_when(entry, me) -> None:
    recommendation = applications.received(entry, me)
    clerk = applications.clerk_of(recommendation.organisation)
    receiving.send_back(recommendation, reason="请补充2025年度考核结果。", by=clerk, at=moment(7, 9))
    must_say(told(letters.SentBack, me.person), "请补充2025年度考核结果。", "2026年7月28日（星期二）24:00")


@pytest.mark.rule("A-24")
def test_not_recommended_says_ground_reason_and_rights(entry, me) -> None:
    recommendation = applications.received(entry, me)
    head = applications.head_of(recommendation.organisation)
    receiving.refuse(recommendation, ground="untrue", reason="业绩证明与实际不符，经核实。", by=head, at=moment(7, 10))
    must_say(told(letters.NotRecommended, me.person), "申报内容不真实", "业绩证明与实际不符，经核实。", "15个工作日内")


def test_words_are_the_offices_whoever_acts(entry, me) -> None:
    """The employer's head reads English; what the person is told, and what is kept, stays Chinese."""
    with translation.override("en"):
        application = applications.returned(entry, me)
        ring_due(at=moment(8, 13, 0))
    must_say(told(letters.Returned, me.person), "2026年8月12日（星期三）24:00")
    must_say(told(letters.CorrectionExpired, me.person), "申请复查")
    assert Application.objects.get(pk=application.pk).end_reason == "逾期未补正，视为放弃申报。"


def test_a_text_message_names_nobody(entry, me) -> None:
    applications.submitted(entry, me)
    assert me.person.full_name not in line_of(told(letters.Submitted, me.person))
    assert me.person.full_name not in line_of(told(letters.SubmittedToEmployer))
