"""Asking for a review and answering it on the pages of person, agency and bureau (R-130, A-24)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.domain import receiving
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.http.once import FIELD, new_key
from portal.redress.domain import filing
from portal.redress.enums import RequestState
from portal.redress.models import ReviewRequest
from portal.shared import clock
from tests.factories import acceptances, accounts, agency_reviews, applications, catalogue

pytestmark = pytest.mark.django_db
FACTS = "审核意见所述业绩与申报书第三页的专利证书不符，请核对。"
ANSWER = "经核对办理记录，审核程序和认定的事实无误。"


def made_once() -> Application:
    """Somebody whom the agency rejected."""
    acceptances.bureau()
    return agency_reviews.rejected(catalogue.published_entry())


@pytest.fixture
def rejected(kept: Application, at: Callable[[dt.datetime], None]) -> Application:
    assert kept.ended_at is not None
    at(kept.ended_at)
    return kept


@pytest.fixture
def mine(rejected: Application) -> Client:
    return accounts.client(acting_personally(rejected.applicant))


def page(name: str, *args: str) -> str:
    return reverse(f"redress:{name}", args=args)


def sent(client: Client, address: str, **entered: Any) -> HttpResponse:
    return client.post(address, {FIELD: new_key(), **entered}, follow=True)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def the_request() -> ReviewRequest:
    return ReviewRequest.objects.get()


@pytest.mark.rule("R-130", "A-24")
def test_from_the_page_of_what_ended_to_the_answer_and_to_the_second_instance(
    rejected: Application, mine: Client
) -> None:
    progress = reverse("applications:progress", args=[rejected.code])
    ask = page("ask", rejected.code)
    assert ask in text(mine, progress)
    shown = text(mine, ask)
    assert all(words in shown for words in ("审核不通过", "专家的学术评价", "不复查"))
    refused = sent(mine, ask, facts="不服").content.decode()
    assert "至少10个字" in refused
    assert "不服" in refused, "what was entered is kept"
    told = sent(mine, ask, facts=FACTS).content.decode()
    code = the_request().code
    assert all(words in told for words in (code, FACTS, "待受理", "答复期限"))
    after = text(mine, progress)
    assert page("own_request", code) in after
    assert ask not in after

    clerk = accounts.client(accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency))
    lead = accounts.client(accounts.actor(Role.AGENCY_LEAD, at=rejected.entry.agency))
    involved = accounts.client(agency_reviews.clerk_of(rejected.review))
    assert code in text(clerk, page("requests"))
    assert "参与过所复查的审核" in text(involved, page("request", code))
    assert "参与过所复查的审核" in sent(involved, page("admit", code)).content.decode()
    assert reverse("review:file", args=[rejected.review.code]) in text(clerk, page("request", code))
    sent(clerk, page("admit", code))
    assert the_request().state == RequestState.HANDLING
    assert "另一位负责人决定" in text(clerk, page("admit", code))
    assert "至少10个字" in sent(lead, page("let_stand", code), answer="无误").content.decode()
    sent(lead, page("let_stand", code), answer=ANSWER)
    assert the_request().state == RequestState.ANSWERED_UPHELD

    answered = text(mine, page("own_request", code))
    assert all(words in answered for words in (ANSWER, "维持原结果", "申请复核"))
    assert ANSWER in text(mine, page("go_higher", code))
    sent(mine, page("go_higher", code), objection=FACTS)
    officer, decider = accounts.client(acceptances.clerk()), accounts.client(acceptances.lead())
    sent(officer, page("take_up", code))
    closed = sent(decider, page("close_standing", code), answer=ANSWER).content.decode()
    assert "复核办结" in closed
    assert Application.objects.get(pk=rejected.pk).state == ApplicationState.REJECTED
    assert ANSWER in text(mine, page("own_request", code))


@pytest.mark.rule("R-130")
def test_nobody_else_finds_the_page_to_ask_or_a_request_of_others(rejected: Application, mine: Client) -> None:
    stranger = accounts.client(applications.applicant())
    assert stranger.get(page("ask", rejected.code)).status_code == 404
    request = filing.ask(rejected, facts=FACTS, by=acting_personally(rejected.applicant), at=clock.now())
    assert stranger.get(page("own_request", request.code)).status_code == 404
    elsewhere = accounts.client(accounts.actor(Role.AGENCY_LEAD))
    assert elsewhere.get(page("request", request.code)).status_code == 404
    assert "没有符合条件的复查申请" in text(elsewhere, page("requests"))
    assert mine.get(page("requests")).status_code == 403


@pytest.mark.rule("A-24")
def test_the_page_of_what_ended_says_that_the_time_to_ask_is_over(
    rejected: Application, mine: Client, at: Callable[[dt.datetime], None]
) -> None:
    assert rejected.ended_at is not None
    term = filing.time_to_ask(rejected.ended_at)
    at(term.ends_at)
    shown = text(mine, reverse("applications:progress", args=[rejected.code]))
    assert "申请复查的期限已过" in shown
    assert term.last_day.isoformat() in shown
    assert "申请复查的期限已过" in sent(mine, page("ask", rejected.code), facts=FACTS).content.decode()
    assert not ReviewRequest.objects.exists()


def test_the_desk_finds_a_request_by_its_number_a_name_or_its_state(rejected: Application, mine: Client) -> None:
    sent(mine, page("ask", rejected.code), facts=FACTS)
    code, name = the_request().code, rejected.applicant.full_name
    clerk = accounts.client(accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency))
    for query, is_found in ((f"q={code}", True), (f"q={name}", True), ("q=FC-0000", False), ("state=closed", False)):
        assert (page("request", code) in text(clerk, f"{page('requests')}?{query}")) is is_found, query


@pytest.mark.rule("R-130", "R-071")
def test_the_agency_answers_for_an_employers_refusal_whose_file_it_never_got(
    rejected: Application, at: Callable[[dt.datetime], None]
) -> None:
    received = applications.received(rejected.entry, applications.applicant())
    why, day = "申报材料中的岗位与本人实际岗位不一致。", dt.datetime(2026, 7, 29, 10, tzinfo=clock.BEIJING)
    head = applications.head_of(received.organisation)
    refused = receiving.refuse(received, ground="untrue", reason=why, by=head, at=day).application
    at(day)
    sent(accounts.client(acting_personally(refused.applicant)), page("ask", refused.code), facts=FACTS)
    code = the_request().code
    desk = accounts.client(accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency))
    shown = text(desk, page("request", code))
    assert all(words in shown for words in ("单位不予推荐", "申报内容不真实", why))
    assert "办理记录</a>" not in shown, "there is no file of the agency's"


def test_the_desk_shows_first_what_must_be_answered_first(rejected: Application, mine: Client) -> None:
    sent(mine, page("ask", rejected.code), facts=FACTS)
    gone = the_request().code
    sent(mine, page("withdraw", gone))
    sent(mine, page("ask", rejected.code), facts=FACTS)
    waiting = ReviewRequest.objects.exclude(code=gone).get()
    ReviewRequest.objects.filter(code=gone).update(filed_at=clock.now())
    shown = text(accounts.client(accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency)), page("requests"))
    assert shown.index(waiting.code) < shown.index(gone)
    assert "24:00" in shown


def test_the_lists_ask_as_often_for_one_request_as_for_three(rejected: Application, mine: Client) -> None:
    clerk = accounts.client(accounts.actor(Role.AGENCY_CLERK, at=rejected.entry.agency))
    counted = []
    for number in (1, 2):
        for _one in range(number):
            sent(mine, page("ask", rejected.code), facts=FACTS)
            newest = ReviewRequest.objects.latest("pk").code
            sent(mine, page("withdraw", newest))
        for client, address in ((clerk, page("requests")), (mine, page("own_requests"))):
            text(client, address)
            with CaptureQueriesContext(connection) as asked:
                assert text(client, address).count("已撤回") >= number
            counted.append(len(asked))
    assert counted[:2] == counted[2:]


def test_a_request_is_withdrawn_on_its_page_and_asked_again(rejected: Application, mine: Client) -> None:
    sent(mine, page("ask", rejected.code), facts=FACTS)
    code = the_request().code
    assert "已撤回" in sent(mine, page("withdraw", code)).content.decode()
    sent(mine, page("ask", rejected.code), facts=FACTS)
    assert ReviewRequest.objects.exclude(code=code).get().state == RequestState.FILED
    assert code in text(mine, page("own_requests"))
