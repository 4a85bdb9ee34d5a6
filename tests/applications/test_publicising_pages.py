"""Composing and posting an employer's notice by the pages: the preview, the last day, every refusal."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.domain import submitting
from applications.enums import Hold
from applications.models import Application, Batch, Recommendation
from portal.accounts.models import Organisation
from portal.deadlines.ringing import ring_due
from portal.publicity.domain import objecting, posting
from portal.publicity.domain.objecting import Statement
from portal.publicity.models import Notice
from portal.shared import clock
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db

CONTACT = "人力资源部，电话010-00000000"


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


@pytest.fixture
def entry():
    clock.move_to(moment(7, 13))
    return catalogue.published_entry()


@pytest.fixture
def unit() -> Organisation:
    return applications.employer(telephone="010-12345678")


@pytest.fixture
def clerk(unit, visit) -> Client:
    return visit(applications.clerk_of(unit))


def ready(entry, unit, at: dt.datetime | None = None, **fields: Any) -> Recommendation:
    instant = at or moment(7, 13)
    return applications.checked(
        applications.received(entry, applications.applicant(unit, **fields), at=instant), at=instant
    )


def page_of(recommendation: Recommendation) -> str:
    return reverse("applications:publicise", args=[recommendation.code])


def post(client: Client, one: Recommendation, key: str = "1", go: str = "post") -> HttpResponse:
    return client.post(page_of(one), {"_key": key, "contact": CONTACT, "text": "请监督。", "go": go})


def fresh(one: Recommendation) -> Recommendation:
    return Recommendation.objects.get(pk=one.pk)


@pytest.mark.rule("R-072", "A-05")
def test_the_last_day_is_shown_before_posting_and_kept(entry, unit, clerk) -> None:
    """S1: posted on Monday 13 July, it runs through 14, 15, 16, 17 and 20 July."""
    one = ready(entry, unit, full_name="林书言", phone="13812345678")
    page = clerk.get(page_of(one)).content.decode()
    assert "2026年7月20日（星期一）24:00" in page
    assert "010-12345678" in page
    assert "林书言" in page
    number = one.application.applicant.documents.get().number
    assert number not in page
    assert "13812345678" not in page
    preview = post(clerk, one, go="preview").content.decode()
    assert CONTACT in preview
    assert not Notice.objects.exists()
    answer = post(clerk, one)
    notice = Notice.objects.get()
    assert answer.url == reverse("publicity:own_notice", args=[notice.code])
    end = posting.end_of(notice)
    assert end is not None
    assert end.due_at == moment(7, 21, 0)
    ring_due(at=moment(7, 20, 23, 59))
    assert fresh(one).state == "publicising"
    ring_due(at=moment(7, 21, 0))
    assert fresh(one).state == "publicised"


@pytest.mark.rule("R-072")
def test_what_was_previewed_is_what_is_shown(entry, unit, clerk) -> None:
    one = ready(entry, unit)
    page = clerk.get(page_of(one)).content.decode()
    post(clerk, one)
    line = Notice.objects.get().lines.get()
    assert set(line.content) <= {
        "name",
        "unit",
        "series",
        "specialty",
        "level",
        "title",
        "education",
        "years",
        "achievements",
    }
    assert all(value.splitlines()[0] in page for value in line.content.values())


def test_twice_with_one_key_is_one_notice(entry, unit, clerk) -> None:
    one = ready(entry, unit)
    assert post(clerk, one, "same").url == post(clerk, one, "same").url
    assert Notice.objects.count() == 1
    again = post(clerk, one, "other").content.decode()
    assert "当前状态为「公示中」" in again
    assert Notice.objects.count() == 1


@pytest.mark.rule("A-34")
def test_after_the_last_safe_day_it_is_refused_naming_the_day(entry, unit, clerk) -> None:
    one = ready(entry, unit)
    clock.move_to(moment(7, 30, 0))
    words = "最迟应于2026年7月29日发布"
    assert words in clerk.get(reverse("applications:file", args=[one.code])).content.decode()
    page = clerk.get(page_of(one)).content.decode()
    assert words in page
    assert 'value="post"' not in page
    assert words in post(clerk, one).content.decode()
    assert not Notice.objects.exists()
    clock.move_to(moment(7, 29, 23, 59))
    assert post(clerk, one, "2").status_code == 302


@pytest.mark.rule("R-072")
def test_every_refusal_says_its_reason(entry, unit, clerk) -> None:
    unchecked = applications.received(entry, applications.applicant(unit))
    assert "项未核对" in post(clerk, unchecked).content.decode()
    held = ready(entry, unit)
    Application.objects.filter(pk=held.application_id).update(hold=Hold.INVESTIGATION)
    assert "诚信核查" in post(clerk, held, "2").content.decode()
    one = ready(entry, unit)
    page = clerk.post(page_of(one), {"_key": "3", "contact": "", "go": "post"}).content.decode()
    assert "请填写异议受理方式" in page
    told = {"_key": "4", "contact": CONTACT, "text": "经办人手机13812345678", "go": "post"}
    assert "标题或正文含有身份证件号码或手机号码" in clerk.post(page_of(one), told).content.decode()
    assert not Notice.objects.exists()


@pytest.mark.rule("R-072")
def test_one_notice_for_many_or_for_nobody(entry, unit, clerk) -> None:
    good = [ready(entry, unit) for _each in range(2)]
    blocks = applications.received(entry, applications.applicant(unit, full_name="钱若水"))
    codes = [one.code for one in [*good, blocks]]
    address = reverse("applications:publicise_many")
    page = clerk.get(address, {"code": codes}).content.decode()
    assert "钱若水" in page
    assert "项未核对" in page
    assert 'value="post"' not in page
    told = {"code": codes, "contact": CONTACT}
    refused = clerk.post(address, {**told, "_key": "1", "go": "post"})
    assert "移出这份公示" in refused.content.decode()
    assert not Batch.objects.exists()
    assert not Notice.objects.exists()
    assert {fresh(one).state for one in good} == {"checking"}
    left = clerk.post(address, {**told, "_key": "2", "without": blocks.code}).content.decode()
    assert "钱若水" not in left
    assert 'value="post"' in left
    done = clerk.post(address, {**told, "_key": "3", "go": "without_blocked"}).content.decode()
    assert "钱若水" not in done
    told["code"] = [one.code for one in good]
    answer = clerk.post(address, {**told, "_key": "4", "go": "post"})
    assert answer.url == reverse("publicity:own_notice", args=[Notice.objects.get().code])
    assert {fresh(one).state for one in good} == {"publicising"}
    assert fresh(blocks).state == "checking"


def test_all_that_match_and_strangers_are_left_out(entry, unit, clerk) -> None:
    mine = [ready(entry, unit) for _each in range(2)]
    strange = ready(entry, applications.employer())
    address = reverse("applications:publicise_many")
    page = clerk.get(address, {"all": "1", "state": "checking"}).content.decode()
    assert all(one.code in page for one in mine)
    assert f'value="{strange.code}"' not in page
    assert "没有可以公示的人" in clerk.get(address, {"code": [strange.code]}).content.decode()


@pytest.mark.rule("A-08")
def test_the_file_tells_what_an_objection_did(entry, unit, clerk, visit) -> None:
    one, notice = applications.publicised(entry, applications.applicant(unit), at=moment(7, 13))
    statement = Statement("该同志并非所列成果的完成人，请核实。", name="王同事", contact="13900000000")
    objection = objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=moment(7, 14))
    address = reverse("applications:file", args=[one.code])
    clock.move_to(moment(7, 15))
    page = clerk.get(address).content.decode()
    assert reverse("publicity:objection", args=[objection.code]) in page
    assert "王同事" not in page
    assert "异议核查中" in page
    head = applications.head_of(unit)
    objection = objecting.accept(objection, by=head, at=moment(7, 15))
    objecting.decide(objection, "find_correctable", answer="排名有误，请更正。", by=head, at=moment(7, 16))
    page = clerk.get(address).content.decode()
    assert "异议成立，可以更正" in page
    assert "排名有误，请更正" in page


@pytest.mark.rule("A-34")
def test_the_grace_after_an_objection_is_shown_day_by_day(entry, unit, clerk) -> None:
    one, notice = applications.publicised(entry, applications.applicant(unit), at=moment(7, 16))
    head = applications.head_of(unit)
    statement = Statement("该同志并非所列成果的完成人，请核实。")
    objection = objecting.lodge(notice.lines.get(), statement, by=applications.applicant(), at=moment(7, 22))
    objection = objecting.accept(objection, by=head, at=moment(7, 23))
    objection = objecting.extend(objection, reason="需要向专利局核实。", by=head, at=moment(8, 4))
    ring_due(at=moment(8, 10))
    objecting.decide(objection, "find_unfounded", answer="经核实，本人为第二完成人。", by=head, at=moment(8, 12))
    clock.move_to(moment(8, 13))
    page = clerk.get(reverse("applications:file", args=[one.code])).content.decode()
    assert "2026年8月17日（星期一）24:00" in page
    assert "单位推荐窗口因异议核查顺延" in page
    assert "第 3 日" in page


@pytest.mark.rule("R-072")
def test_a_withdrawn_notice_goes_back_to_checking(entry, unit, clerk) -> None:
    one, notice = applications.publicised(entry, applications.applicant(unit), at=moment(7, 13))
    posting.withdraw(notice, reason="姓名有误", by=applications.head_of(unit), at=moment(7, 14))
    clock.move_to(moment(7, 14, 11))
    assert fresh(one).state == "checking"
    assert "发布单位公示" in clerk.get(reverse("applications:file", args=[one.code])).content.decode()
    assert post(clerk, one).status_code == 302


@pytest.mark.rule("R-077")
def test_after_the_clean_end_the_proof_is_at_hand(entry, unit, clerk) -> None:
    one, notice = applications.publicised(entry, applications.applicant(unit), at=moment(7, 13))
    address = reverse("applications:file", args=[one.code])
    assert "公示内容摘要值" not in clerk.get(address).content.decode()
    ring_due(at=moment(7, 21))
    page = clerk.get(address).content.decode()
    assert Notice.objects.get(pk=notice.pk).proof in page
    assert reverse("publicity:own_line_proof", args=[notice.code, 1]) in page


@pytest.mark.rule("A-09")
def test_after_a_correction_the_domain_says_whether_a_new_notice_is_needed(entry, unit, clerk, visit) -> None:
    head = visit(applications.head_of(unit))
    same, changed = (applications.returned(entry, applications.applicant(unit), at=moment(7, 14)) for _each in range(2))
    person = applications.acting_personally(same.applicant)
    submitting.resubmit(same, commitment=True, by=person, at=moment(8, 5))
    for one in (Recommendation.objects.get(application=same), applications.corrected(changed, at=moment(8, 5))):
        applications.checked(one, at=moment(8, 6))
    clock.move_to(moment(8, 6))
    assert "公示内容没有变化" in post(clerk, same.recommendation).content.decode()
    closed = head.get(reverse("applications:confirm", args=[changed.recommendation.code])).content.decode()
    assert "公示内容有变化" in closed
    assert post(clerk, changed.recommendation, "2").status_code == 302
