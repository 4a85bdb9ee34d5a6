"""Signing by the pages: who may, on what facts, once; and two heads at the same moment."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applications.domain import recommending, submitting
from applications.models import Application, Recommendation
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.deadlines.ringing import ring_due
from portal.ledger.models import Entry
from portal.publicity.models import Notice
from portal.shared import clock
from portal.shared.errors import StepNotOpen
from tests.factories import accounts, applications, catalogue

OPINION = "该同志业绩突出，群众公认，同意推荐。"


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


def clean() -> Recommendation:
    """Return a recommendation whose notice ended without objection on Monday 20 July at 24:00."""
    recommendation, _notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    ring_due(at=moment(7, 21, 0))
    clock.move_to(moment(7, 21))
    return Recommendation.objects.with_all().get(pk=recommendation.pk)


def page_of(one: Recommendation, step: str = "recommend") -> str:
    return reverse(f"applications:{step}", args=[one.code])


def post(client: Client, one: Recommendation, key: str = "1", step: str = "recommend", **fields: str) -> HttpResponse:
    told = {"opinion": OPINION, "assessment": "近三年考核均为优秀", "truth": "on", **fields}
    return client.post(page_of(one, step), {"_key": key, **{name: text for name, text in told.items() if text}})


@pytest.mark.django_db
@pytest.mark.rule("R-073", "R-075", "R-076")
def test_the_head_signs_once(visit) -> None:
    one = clean()
    head = visit(applications.head_of(one.organisation))
    page = head.get(page_of(one)).content.decode()
    assert "2025年优秀" in page
    assert "真实性负责" in page
    for _twice in range(2):
        assert post(head, one, "same").url == reverse("applications:file", args=[one.code])
    done = Recommendation.objects.get(pk=one.pk)
    assert (done.state, done.opinion, done.application.state) == ("recommended", OPINION, "recommended")
    page = head.get(reverse("applications:file", args=[one.code])).content.decode()
    assert OPINION in page
    assert done.signature in page
    assert Entry.objects.filter(step="sign").count() == 1


@pytest.mark.django_db
@pytest.mark.rule("R-073")
def test_a_clerk_cannot_sign_and_reads_why(visit) -> None:
    one = clean()
    clerk = visit(applications.clerk_of(one.organisation))
    page = clerk.get(page_of(one))
    assert page.status_code == 403
    assert "须由本单位主要负责人办理" in page.content.decode()
    answer = post(clerk, one)
    assert answer.status_code == 403
    assert "您当前的身份不能办理「签署推荐」" in answer.content.decode()
    assert Recommendation.objects.get(pk=one.pk).state == "publicised"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ({"opinion": "同意"}, "请填写推荐意见，至少10个字"),
        ({"opinion": ""}, "请填写推荐意见"),
        ({"assessment": ""}, "请填写单位考核结果"),
        ({"truth": ""}, "请确认"),
    ],
)
@pytest.mark.rule("R-073", "R-075", "R-076")
def test_what_is_missing_is_named(visit, missing: dict[str, str], words: str) -> None:
    one = clean()
    head = visit(applications.head_of(one.organisation))
    assert words in post(head, one, **missing).content.decode()
    assert Recommendation.objects.get(pk=one.pk).state == "publicised"


@pytest.mark.django_db
@pytest.mark.rule("R-072")
def test_before_the_notice_ended_nothing_is_signed(visit) -> None:
    recommendation, _notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    clock.move_to(moment(7, 20, 23, 59))
    head = visit(applications.head_of(recommendation.organisation))
    assert "当前状态为「公示中」" in post(head, recommendation).content.decode()


@pytest.mark.django_db
@pytest.mark.rule("R-025")
def test_after_the_window_it_has_lapsed(visit) -> None:
    one = clean()
    clock.move_to(moment(8, 7, 0))
    head = visit(applications.head_of(one.organisation))
    assert "当前状态为「逾期未推荐」" in post(head, one).content.decode()
    assert Application.objects.get(pk=one.application_id).state == "lapsed"


@pytest.mark.django_db
@pytest.mark.rule("R-078", "A-09")
def test_confirming_an_unchanged_correction(visit) -> None:
    application = applications.returned(catalogue.published_entry(), at=moment(7, 14))
    who = applications.acting_personally(application.applicant)
    submitting.resubmit(application, commitment=True, by=who, at=moment(8, 5))
    one = Recommendation.objects.get(application=application)
    head = visit(applications.head_of(one.organisation))
    clock.move_to(moment(8, 6))
    assert "项未核对" in post(head, one, step="confirm").content.decode()
    applications.checked(one, at=moment(8, 6))
    page = head.get(page_of(one, "confirm")).content.decode()
    assert applications.OPINION.text in page
    assert post(head, one, "2", step="confirm").status_code == 302
    assert Application.objects.get(pk=application.pk).state == "under_second_review"


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("R-073")
def test_two_heads_at_the_same_moment_sign_once() -> None:
    one = clean()
    unit = one.organisation
    first = applications.head_of(unit)
    second = accounts.person()
    Membership.objects.create(person=second, organisation=unit, role=Role.EMPLOYER_HEAD, since=accounts.SINCE)
    heads = [first, applications.acting_for(second, unit, frozenset({Role.EMPLOYER_HEAD}))]
    start, outcomes = threading.Barrier(2), []

    def sign(head: Any) -> None:
        try:
            start.wait()
            recommending.recommend(one, applications.OPINION, by=head, at=moment(7, 21, 11))
            outcomes.append("signed")
        except StepNotOpen as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=[head]) for head in heads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == sorted(["signed", "当前状态为「已推荐」，不能办理「签署推荐」。"])
    assert Entry.objects.filter(step="sign").count() == 1
    assert Notice.objects.count() == 1
