"""The pages of review requests in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.redress.domain import answering, filing
from portal.redress.models import ReviewRequest
from portal.shared import clock
from tests.browser.conftest import Visitor
from tests.factories import acceptances, accounts, agency_reviews, catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenWindow = Callable[..., Visitor]
FACTS = "审核意见所述业绩与申报书第三页的专利证书不符，请核对。"


@pytest.mark.rule("R-130", "A-24")
def test_a_review_is_asked_for_answered_and_taken_to_the_bureau_on_a_telephone(open_window: OpenWindow) -> None:
    acceptances.bureau()
    rejected = agency_reviews.rejected(catalogue.published_entry())
    assert rejected.ended_at is not None
    clock.move_to(rejected.ended_at)
    mine = open_window(375, by=acting_personally(rejected.applicant))
    page = mine.open(f"/applications/{rejected.code}/progress/")
    mine.must_be_sound("redress-ended")
    page.get_by_role("button", name="申请复查").click()
    mine.must_be_sound("redress-ask")
    page.get_by_role("button", name="提交复查申请").click()
    expect(page.get_by_role("alert").first).to_contain_text("哪个程序或者事实有误")
    page.get_by_label("哪个程序或者事实有误").fill(FACTS)
    page.get_by_role("button", name="提交复查申请").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已提交，待受理")
    mine.must_be_sound("redress-own-request")
    request = ReviewRequest.objects.get()

    clerk = open_window(by=accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency))
    desk = clerk.open("/review-requests/")
    clerk.must_be_sound("redress-requests")
    desk.get_by_role("link", name=request.code).click()
    expect(desk.get_by_text("此前向申请人的告知")).to_be_visible()
    clerk.must_be_sound("redress-request")
    desk.get_by_role("button", name="不予受理").click()
    clerk.must_be_sound("redress-not-admit")
    desk.get_by_label("只对专家的学术评价有异议").check()
    desk.get_by_label("答复的理由").fill("申请只对专家的评价提出不同意见。")
    desk.get_by_role("button", name="不予受理").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("不予受理")

    page = mine.open(f"/review-requests/own/{request.code}/")
    mine.must_be_sound("redress-answered")
    page.get_by_role("button", name="向市人力资源社会保障局申请复核").click()
    page.get_by_label("对答复中哪些程序或者事实不服").fill(FACTS)
    page.get_by_role("button", name="向市人力资源社会保障局申请复核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("市人力资源社会保障局复核中")


def test_pages_of_the_second_instance_and_of_what_was_closed_are_sound(open_window: OpenWindow) -> None:
    acceptances.bureau()
    rejected = agency_reviews.rejected(catalogue.published_entry())
    told = rejected.ended_at
    assert told is not None
    clock.move_to(told)
    me = acting_personally(rejected.applicant)
    request = filing.ask(rejected, facts=FACTS, by=me, at=told)
    handed = answering.escalate(request, by=agency_reviews.clerk_of(rejected.review), at=told)
    answering.take_up(handed, by=acceptances.clerk(), at=told)
    lead = open_window(375, by=acceptances.lead())
    page = lead.open(f"/review-requests/{request.code}/")
    lead.must_be_sound("redress-second-instance")
    page.get_by_role("button", name="复核认定程序或者事实有误").click()
    lead.must_be_sound("redress-close-upholding")
    page.get_by_label("答复的理由").fill("专利证书在申报时已经提交，审核认定的事实有误。")
    page.get_by_role("button", name="复核认定程序或者事实有误").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("复核办结")
    lead.must_be_sound("redress-closed")
    mine = open_window(by=me)
    mine.open("/review-requests/own/")
    mine.must_be_sound("redress-own-requests")
