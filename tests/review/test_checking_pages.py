"""The agency's desk by its pages: reading, finding item by item, proposing and confirming."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.documents.models import StoredFile
from portal.shared import clock
from review.domain import checking, deciding, looking
from review.enums.checking import Proposal
from review.models import AgencyReview, Finding
from tests.factories import accounts, agency_reviews, payments

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 11, 0, tzinfo=clock.BEIJING)
TEXT = "请补充近三年的业绩证明材料。"
Visit = Callable[..., Client]


@pytest.fixture(autouse=True)
def _at_the_agencys_time(db: None) -> None:
    clock.move_to(AT)


@pytest.fixture
def taken(entry: CatalogueEntry) -> AgencyReview:
    return agency_reviews.taken(entry)


def page(name: str, review: AgencyReview) -> str:
    return reverse(f"review:{name}", args=[review.code])


def words(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.rule("R-090")
def test_a_queued_file_is_opened_taken_and_checked(entry: CatalogueEntry, visit: Visit) -> None:
    review = agency_reviews.queued(entry)
    client = visit(agency_reviews.clerk_of(review))
    name = review.application.applicant.full_name
    assert name in words(client.get(reverse("review:queue")))
    assert "开始审核" in words(client.get(page("file", review)))
    for _twice in range(2):
        assert client.post(page("take", review), {"_key": "once"}).url == page("check", review)
    check = words(client.get(page("check", review)))
    keys = [item.key for item in looking.items_in(agency_reviews.fresh(review))]
    assert all(f'id="item-{key}"' in check for key in keys)
    assert "/beside/" in check
    answer = client.post(page("check", review), {"_key": "2", "_version": "0", "go": "all_fine"})
    assert answer.url == page("file", review)
    assert Finding.objects.filter(review=review, verdict="fine").count() == len(keys)
    answer = client.post(page("propose", review), {"_key": "3", "proposal": "pass"})
    assert answer.url == page("file", review)
    lead = visit(agency_reviews.lead_of(review))
    proposed = words(lead.get(page("file", review)))
    assert all(one in proposed for one in ("确认通过", "待复核确认", "须由另一人复核确认"))
    assert lead.post(page("pass_review", review), {"_key": "4"}).status_code == 302
    assert not any(one in words(lead.get(page("file", review))) for one in ("待复核确认", "须由另一人复核确认"))
    assert Application.objects.get(pk=review.application_id).state == "review_passed"


def test_others_do_not_find_the_file(taken: AgencyReview, visit: Visit) -> None:
    stranger = visit(accounts.actor(Role.AGENCY_LEAD))
    for name in ("file", "check", "propose", "assign", "pass_review", "return_once", "reject"):
        assert stranger.get(page(name, taken)).status_code == 404
    employer = visit(accounts.actor(Role.EMPLOYER_HEAD))
    assert employer.get(page("file", taken)).status_code == 403
    assert visit(acting_personally(taken.application.applicant)).get(page("file", taken)).status_code == 403


@pytest.mark.rule("R-091")
def test_nothing_typed_is_lost_and_a_short_text_decides_nothing(taken: AgencyReview, visit: Visit) -> None:
    client = visit(agency_reviews.clerk_of(taken))
    sent = {"_key": "1", "_version": "0", "go": "save", "verdict-person": "fine"}
    answer = client.post(page("check", taken), {**sent, "verdict-post": "defect", "post": "没写完"}, follow=True)
    assert "没写完" in words(answer)
    assert "有1项补正内容没有写完" in words(answer)
    assert dict(Finding.objects.values_list("item", "verdict")) == {"person": "fine", "post": "unfinished"}
    assert "没写完" in words(client.get(page("check", taken)))
    assert checking.tally_of(taken).decided == 1
    long = {**sent, "_key": "long", "_version": "1", "verdict-post": "defect", "post": "长" * 501}
    assert "长" * 501 in words(client.post(page("check", taken), long))
    again = {**sent, "_key": "2", "_version": "1", "verdict-post": "defect", "post": TEXT, "basis-post": "R-063"}
    assert client.post(page("check", taken), again).status_code == 302
    stored = Finding.objects.get(item="post")
    assert (stored.verdict, stored.text, stored.basis) == ("defect", TEXT, "R-063")


def test_the_script_saves_while_somebody_types(taken: AgencyReview, visit: Visit) -> None:
    client = visit(agency_reviews.clerk_of(taken))
    address, json = page("check", taken), {"Accept": "application/json"}
    sent = {"_version": "0", "verdict-post": "defect", "post": "没写完", "basis-post": "R-063"}
    answer = client.post(address, {**sent, "_key": "1"}, headers=json).json()
    assert answer["version"] == 1
    assert "1项未写完" in answer["saved"]
    late = client.post(address, {**sent, "_key": "2", "post": TEXT}, headers=json)
    assert late.status_code == 409
    assert "别处修改" in late.json()["detail"]
    shown = client.post(address, {**sent, "_key": "3", "post": TEXT, "go": "save"})
    assert "没有保存" in words(shown)
    assert TEXT in words(shown)
    assert Finding.objects.get(item="post").text == "没写完"


@pytest.mark.rule("R-096")
def test_reasons_stand_beside_the_button_and_on_the_page(taken: AgencyReview, visit: Visit) -> None:
    client, lead = visit(agency_reviews.clerk_of(taken)), visit(agency_reviews.lead_of(taken))
    refused = client.post(page("propose", taken), {"_key": "1", "proposal": "pass"})
    assert "项未审核" in words(refused)
    refused = client.post(page("propose", taken), {"_key": "2", "proposal": "reject", "reason": "太短"})
    assert "请写明不通过的原因" in words(refused)
    assert "请选择不通过所依据的规定" in words(refused)
    assert "只有本件的审核人可以提出意见" in words(lead.get(page("file", taken)))
    agency_reviews.found(taken, at=AT)
    checking.propose(taken, Proposal.PASS, by=agency_reviews.clerk_of(taken), at=AT)
    assert client.post(page("pass_review", taken), {"_key": "3"}).status_code == 403
    assert "复核人退回重审" not in words(lead.get(page("file", taken)))
    back = lead.post(page("reconsider", taken), {"_key": "4", "reason": "第二项成果请再核实一次。"})
    assert back.status_code == 302
    assert "第二项成果请再核实一次。" in words(client.get(page("file", taken)))


@pytest.mark.rule("R-090")
def test_the_lead_hands_a_file_over(taken: AgencyReview, visit: Visit) -> None:
    other = accounts.actor(Role.AGENCY_CLERK, at=taken.agency)
    lead = visit(agency_reviews.lead_of(taken))
    assert other.person.full_name in words(lead.get(page("assign", taken)))
    assert lead.post(page("assign", taken), {"_key": "1", "assignee": other.person.code}).status_code == 302
    assert agency_reviews.fresh(taken).assignee == other.person
    former = visit(agency_reviews.clerk_of(taken))
    answer = former.post(page("check", taken), {"_key": "2", "_version": "0", "verdict-post": "fine", "go": "save"})
    assert "本件由他人审核" in words(answer)
    assert not Finding.objects.exists()


@pytest.mark.rule("R-091", "R-093")
def test_the_applicant_reads_every_defect_with_the_way_to_its_place(taken: AgencyReview, visit: Visit) -> None:
    result = taken.application.works.get().item.code
    agency_reviews.found(taken, {result: TEXT, "summary": "请写明本人在项目中的作用。"}, at=AT)
    checking.propose(taken, Proposal.RETURN, by=agency_reviews.clerk_of(taken), at=AT)
    lead = visit(agency_reviews.lead_of(taken))
    shown = words(lead.get(page("return_once", taken)))
    assert TEXT in shown
    assert "10个工作日" in shown
    assert lead.post(page("return_once", taken), {"_key": "1"}).status_code == 302
    application = taken.application
    mine = words(visit(acting_personally(application.applicant)).get(f"/applications/{application.code}/"))
    assert TEXT in mine
    assert f'href="/applications/archive/{result}/?for={application.code}"' in mine
    assert f'href="/applications/{application.code}/sheets/summary/"' in mine


def test_files_beside_the_page_are_for_the_agency_and_in_no_others_page(taken: AgencyReview, visit: Visit) -> None:
    client = visit(agency_reviews.clerk_of(taken))
    file = taken.snapshot.files.first().file
    answer = client.get(reverse("documents:beside", args=[file.code]))
    assert answer.status_code in {200, 409}
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer.getvalue()
    with pgtrigger.ignore("documents.StoredFile:only_declared_steps"):
        StoredFile.objects.filter(pk=file.pk).update(state="received")
    waiting = client.get(answer.request["PATH_INFO"])
    assert (waiting.status_code, waiting["X-Frame-Options"]) == (409, "SAMEORIGIN")
    assert "frame-ancestors 'self'" in waiting["Content-Security-Policy"]
    assert visit(accounts.actor(Role.AGENCY_CLERK)).get(answer.request["PATH_INFO"]).status_code == 404


@pytest.mark.rule("R-028")
def test_the_bureau_sees_who_was_not_heard_by_the_end_of_the_period(entry: CatalogueEntry, visit: Visit) -> None:
    schedule = payments.passed(entry).entry.schedule
    assert schedule is not None
    clock.move_to(schedule.committee_closes_at)
    told = words(visit(accounts.actor(Role.BUREAU_CLERK)).get(reverse("review:unheard")))
    assert ("审核通过，待缴费" in told, "延长答辩评审的截止日期" in told) == (True, True)


@pytest.mark.rule("R-097")
def test_the_bureau_reads_along_and_decides_nothing(taken: AgencyReview, visit: Visit) -> None:
    AgencyReview.objects.filter(pk=taken.pk).update(overdue=True)
    bureau = visit(accounts.actor(Role.BUREAU_CLERK))
    assert taken.agency.name in words(bureau.get(reverse("review:overdue")))
    assert "没有逾期未完成答辩评审的申报" in words(bureau.get(reverse("review:unheard")))
    assert taken.application.title in words(bureau.get(page("file", taken)))
    assert bureau.get(page("check", taken)).status_code == 403
    assert bureau.get(page("authorise_return", taken)).status_code == 403


@pytest.mark.rule("A-09")
def test_only_the_bureaus_lead_authorises_and_only_in_a_second_check(taken: AgencyReview, visit: Visit) -> None:
    lead = visit(accounts.actor(Role.BUREAU_LEAD))
    answer = lead.post(page("authorise_return", taken), {"_key": "1", "reason": "机构漏告知了学历证明的问题。"})
    assert "只有补正后正在复审的申报" in words(answer)
    agency_reviews.found(taken, {"summary": TEXT}, at=AT)
    checking.propose(taken, Proposal.RETURN, by=agency_reviews.clerk_of(taken), at=AT)
    deciding.return_once(taken, by=agency_reviews.lead_of(taken), at=AT)
    answer = lead.post(page("authorise_return", taken), {"_key": "2", "reason": "机构漏告知了学历证明的问题。"})
    assert "只有补正后正在复审的申报" in words(answer)
