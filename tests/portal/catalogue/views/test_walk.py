"""A clerk enters the real year 2024 on screen, the lead approves and publishes, the public sees it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind
from portal.catalogue.enums import EditionState, ScheduleState
from portal.catalogue.interfaces.policy_form import PolicyValuesForm
from portal.catalogue.models import AnnualSchedule, CatalogueEntry, Edition
from portal.catalogue.queries import policy_of
from portal.shared import clock
from tests.factories import accounts
from tests.factories import catalogue as make

BEFORE = dt.datetime(2024, 6, 19, 10, 0, tzinfo=clock.BEIJING)
NOTICE_2024 = {
    "title": "2024年度专业技术资格评审",
    "kind": "qualification",
    "notice": "京人社事业字〔2024〕96号",
    "individual_from": "2024-07-02",
    "individual_to": "2024-07-23",
    "employer_from": "2024-07-02",
    "employer_to": "2024-07-30",
    "agency_to": "2024-08-30",
    "committee_to": "2024-11-30",
}


class Desk:
    """A browser's stand-in that fills in forms with their keys."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def see(self, name: str, /, *args: str, **query: str) -> str:
        response = self.client.get(reverse(name, args=args), query)
        assert response.status_code == 200, response.content.decode()
        return response.content.decode()

    def fill(self, name: str, /, *args: str, **data: object) -> str:
        """Open the form, send it, and return the page that follows."""
        page = self.see(name, *args)
        key = re.search(r'name="_key" value="([^"]+)"', page)[1]
        address = reverse(name, args=args)
        return self.client.post(address, {**data, "_key": key}, follow=True).content.decode()


def as_sent(form: forms.Form) -> dict[str, object]:
    """Return what a browser sends of an untouched form."""
    values = {field.html_name: field.field.prepare_value(field.value()) for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value is not False}


@pytest.fixture
def clerk(visit: Callable[..., Client], bureau_clerk: Actor) -> Desk:
    return Desk(visit(bureau_clerk))


@pytest.fixture
def lead(visit: Callable[..., Client], bureau_lead: Actor) -> Desk:
    return Desk(visit(bureau_lead))


@pytest.mark.journey
@pytest.mark.rule("R-020", "R-024", "R-025", "R-026", "R-028", "A-05", "A-33", "R-003")
def test_the_year_2024_from_the_first_key_to_the_public_page(
    clerk: Desk, lead: Desk, at: Callable[[dt.datetime], None]
) -> None:
    at(BEFORE)
    agency = accounts.organisation(OrganisationKind.AGENCY, name="示例评价中心", telephone="010-5555 0001")
    make.specialty(code="05999", name="集成电路")
    clerk.fill(
        "catalogue:new_edition", code="BJ-2024", year=2024, title="2024年度名录", source="京人社事业字〔2024〕96号"
    )
    edition = Edition.objects.get(code="BJ-2024")

    page = clerk.fill("catalogue:edition:new_schedule", edition.code, **NOTICE_2024)
    assert "7月25日、7月26日、7月29日、7月30日、7月31日" in page
    assert "最后可以发布公示的日期为7月22日" in page
    assert page.count("第 5 日") == 2
    schedule = AnnualSchedule.objects.get()

    refused = clerk.fill("catalogue:schedule:verify", schedule.code, acknowledgement="")
    assert "请填写仍按此安排的理由" in refused
    clerk.fill("catalogue:schedule:verify", schedule.code, acknowledgement="按已印发通知执行")

    page = clerk.fill(
        "catalogue:edition:add_committee", edition.code, name="电子信息高级评委会", band="senior", agency=agency.code
    )
    assert "电子信息高级评委会" in page
    committee = edition.committees.get()
    page = clerk.fill(
        "catalogue:edition:add_row",
        edition.code,
        specialty="05999",
        level="associate",
        method="review",
        committee=committee.code,
        schedule=schedule.code,
    )
    assert "05999 集成电路" in page
    clerk.fill("catalogue:edition:submit", edition.code)

    page = lead.see("catalogue:edition:approve", edition.code)
    assert "增加 1 条" in page
    assert "集成电路 副高级" in page
    lead.fill("catalogue:edition:approve", edition.code)
    lead.fill("catalogue:edition:publish", edition.code)
    lead.fill("catalogue:schedule:publish", schedule.code)
    assert Edition.objects.get().state == EditionState.PUBLISHED
    assert AnnualSchedule.objects.get().state == ScheduleState.PUBLISHED

    public = Desk(Client(headers={"accept-language": "zh-CN"}))
    assert "集成电路" in public.see("catalogue:browse", q="集成")
    entry = public.see("catalogue:entry", CatalogueEntry.objects.get().code)
    for fact in ["高级工程师", "示例评价中心", "010-5555 0001", "700 元", "需要现场答辩"]:
        assert fact in entry
    windows = public.see("catalogue:schedules")
    for words in ["2024年7月23日（星期二）24:00", "2024年7月30日（星期二）24:00", "未开始"]:
        assert words in windows
    at(dt.datetime(2024, 7, 23, 23, 59, tzinfo=clock.BEIJING))
    assert public.see("catalogue:schedules").count("进行中") >= 1


def test_the_approving_page_tells_the_preparer_to_step_aside(
    lead: Desk, bureau_lead: Actor, at: Callable[[dt.datetime], None]
) -> None:
    at(make.PUBLISHED_AT)
    edition = make.edition(bureau_lead)
    plan = make.schedule(edition, bureau_lead)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=bureau_lead, at=make.PREPARED_AT)
    lead.fill("catalogue:edition:submit", edition.code)
    page = lead.see("catalogue:edition:show", edition.code)
    assert "参与编制的人员不能审批，请由另一位负责人办理。" in page
    assert "disabled" in page
    page = lead.fill("catalogue:edition:approve", edition.code)
    assert "参与编制的人员不能审批" in page
    assert Edition.objects.get(pk=edition.pk).state == EditionState.SUBMITTED


def test_rows_are_changed_and_dropped_on_screen(clerk: Desk, at: Callable[[dt.datetime], None]) -> None:
    at(make.PREPARED_AT)
    edition = make.edition()
    plan = make.schedule(edition)
    make.apply(edition, make.Changes(added=[make.row(edition, plan)]), by=make.SYSTEM, at=make.PREPARED_AT)
    entry = CatalogueEntry.objects.with_all().get()
    same = {
        "specialty": entry.specialty.code,
        "level": "associate",
        "committee": entry.committee.code,
        "schedule": plan.code,
    }
    page = clerk.fill("catalogue:edition:change_row", edition.code, entry.code, **same, method="exam_only")
    assert "以考代评和不开展的级别不设评审委员会" in page
    clerk.fill("catalogue:edition:change_row", edition.code, entry.code, **same, method="review", telephone="010-7")
    changed = CatalogueEntry.objects.get()
    assert changed.telephone == "010-7"
    clerk.fill("catalogue:edition:drop_row", edition.code, changed.code)
    assert not CatalogueEntry.objects.exists()


def test_committees_are_changed_and_districts_added(clerk: Desk, at: Callable[[dt.datetime], None]) -> None:
    at(make.PREPARED_AT)
    edition = make.edition()
    committee = make.committee(edition)
    accounts.organisation(OrganisationKind.DISTRICT, district="110108")
    page = clerk.fill(
        "catalogue:edition:change_committee",
        edition.code,
        committee.code,
        name="新名称",
        band="senior",
        agency=committee.agency.code,
        correction_workdays=4,
    )
    assert "允许范围5 至 20" in page
    same = {"name": "新名称", "band": "senior", "agency": committee.agency.code, "correction_workdays": 15}
    assert "新名称" in clerk.fill("catalogue:edition:change_committee", edition.code, committee.code, **same)
    page = clerk.see("catalogue:edition:committees", edition.code)
    key = re.search(r'name="_key" value="([^"]+)"', page)[1]
    address = reverse("catalogue:edition:district_committees", args=[edition.code])
    done = clerk.client.post(address, {"_key": key}, follow=True).content.decode()
    assert "海淀区工程技术系列初级专业技术资格评审委员会" in done


def test_a_policy_version_is_made_compared_and_published(
    clerk: Desk, lead: Desk, now: dt.datetime, at: Callable[[dt.datetime], None]
) -> None:
    at(now)
    words = {"code": "BJ-2026-09", "title": "新参数", "source": "新通知", "valid_from": "2026-09-01"}
    page = clerk.fill("catalogue:new_policy", **words)
    for fact in ["允许范围：不少于 5", "R-072", "京人社事业字〔2024〕96号"]:
        assert fact in page
    address = reverse("catalogue:policy:change", args=["BJ-2026-09"])
    data = as_sent(PolicyValuesForm(version=policy_of("BJ-2026-09")))
    refused = clerk.client.post(address, {**data, "publicity.min_workdays": 4, "_key": "k1"}).content.decode()
    assert "「公示最短天数」不能为4个工作日：允许范围不少于 5。" in refused
    clerk.client.post(address, {**data, "payment.workdays": 7, "payment.workdays.source": "新通知", "_key": "k2"})
    page = lead.see("catalogue:policy:approve", "BJ-2026-09")
    assert "与 BJ-2025-12 的不同" in page
    assert page.count('<th scope="row"') == 1
    assert "5个工作日" in page
    assert "7个工作日" in page
    lead.fill("catalogue:policy:approve", "BJ-2026-09")
    lead.fill("catalogue:policy:publish", "BJ-2026-09")
    assert "7个工作日" in Desk(Client()).see("catalogue:policy_public", "BJ-2026-09")


def test_an_agency_is_suspended_and_restored(lead: Desk, now: dt.datetime, at: Callable[[dt.datetime], None]) -> None:
    at(now)
    entry = make.published_entry()
    authority = entry.edition.authorities.get()
    page = lead.fill("catalogue:authority:suspend", authority.code, reason="程序违规", remedy_due_on="2026-07-08")
    assert "整改期限须在今日之后" in page
    page = lead.fill("catalogue:authority:suspend", authority.code, reason="程序违规", remedy_due_on="2026-08-31")
    assert "暂停评审" in page
    assert "程序违规" in page
    page = lead.fill("catalogue:authority:restore", authority.code, reason="整改到位")
    assert "在册" in page


def test_a_specialty_is_set_up(clerk: Desk, now: dt.datetime, at: Callable[[dt.datetime], None]) -> None:
    at(now)
    page = clerk.fill("catalogue:add_specialty", code="06777", series="x", name="量子", valid_from="2026-07-01")
    series = re.search(r'<option value="(\d+)"[^>]*>工程技术', page)[1]
    page = clerk.fill("catalogue:add_specialty", code="06777", series=series, name="量子信息", valid_from="2026-07-01")
    assert "专业代码前两位须为系列代码05" in page
    page = clerk.fill("catalogue:add_specialty", code="05777", series=series, name="量子信息", valid_from="2026-07-01")
    assert "05777 量子信息" in page


def test_windows_are_amended_on_screen(lead: Desk, now: dt.datetime, at: Callable[[dt.datetime], None]) -> None:
    at(now)
    plan = make.published_entry().schedule
    days = {
        "individual_from": "2026-07-07",
        "individual_to": "2026-07-27",
        "employer_from": "2026-07-07",
        "employer_to": "2026-08-06",
        "agency_to": "2026-09-11",
        "committee_to": "2026-11-30",
        "note": "系统故障补时",
    }
    page = lead.fill("catalogue:schedule:amend", plan.code, **days)
    assert "「个人申报」已经开始，只能延后截止日期。" in page
    longer = {**days, "individual_to": "2026-07-30", "employer_to": "2026-08-10"}
    assert "已调整" in lead.fill("catalogue:schedule:amend", plan.code, **longer)
