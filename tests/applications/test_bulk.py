"""Many at once: one opinion with exceptions, each person's state apart, and batches that are worked off later."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain import batches, publicising, receiving, recommending
from applications.domain.recommending import Opinion
from applications.enums import EMPLOYER_WINDOW, RECHECK, ApplicationState, Hold
from applications.models import Application, Batch, Recommendation
from portal.accounts.models import Organisation
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due, settle_due
from portal.publicity.models import Notice
from portal.shared import clock
from portal.shared.errors import Refusal, StepRefused
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db

OPINION = "该同志业绩突出，群众公认，同意推荐。"
OWN = "该同志为本单位首席专家，特别推荐。"


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


@pytest.fixture
def unit() -> Organisation:
    clock.move_to(moment(7, 13))
    return applications.employer()


@pytest.fixture
def three(unit) -> list[Recommendation]:
    """Three people whose common notice ended without objection."""
    entry = catalogue.published_entry()
    people = [applications.applicant(unit, full_name=name) for name in ("林书言", "赵清和", "钱若水")]
    chosen = [applications.checked(applications.received(entry, who)) for who in people]
    publicising.publicise(chosen, contact="x", by=applications.clerk_of(unit), at=moment(7, 13))
    ring_due(at=moment(7, 21, 0))
    clock.move_to(moment(7, 21))
    return list(Recommendation.objects.with_all().order_by("application"))


def fresh(one: Recommendation) -> Recommendation:
    return Recommendation.objects.get(pk=one.pk)


def to_check_again(unit: Organisation, *, at: dt.datetime) -> Recommendation:
    """Return what the employer has checked again at ``at``, after a correction of 5 August that changed what was shown."""
    who = applications.applicant(unit)
    application = applications.returned(catalogue.published_entry(), who, at=moment(7, 14))
    return applications.checked(applications.corrected(application, at=moment(8, 5)), at=at)


def asked(client: Client, people: list[Recommendation], key: str = "1", **fields: Any):
    told = {"opinion": OPINION, "truth": "on", "code": [one.code for one in people], "_key": key, **fields}
    return client.post(reverse("applications:recommend_many"), told)


@pytest.mark.rule("R-073", "R-076")
def test_one_opinion_for_many_and_one_of_her_own(unit, three, visit) -> None:
    head = visit(applications.head_of(unit))
    page = head.get(reverse("applications:recommend_many"), {"all": "1"}).content.decode()
    assert all(one.application.applicant.full_name in page for one in three)
    answer = asked(head, three, **{f"opinion-{three[1].code}": OWN})
    assert asked(head, three).url == answer.url
    result = head.get(answer.url).content.decode()
    assert "已推荐 3 人" in result
    assert [fresh(one).opinion for one in three] == [OPINION, OWN, OPINION]
    assert {fresh(one).assessment for one in three} == {"2025年优秀"}
    assert Batch.objects.count() == 1


@pytest.mark.rule("A-08")
def test_whoever_cannot_be_recommended_stays_and_the_others_go_on(unit, three, visit) -> None:
    Application.objects.filter(pk=three[0].application_id).update(hold=Hold.INVESTIGATION)
    head = visit(applications.head_of(unit))
    result = head.get(asked(head, three).url).content.decode()
    assert "已推荐 2 人，未推荐 1 人" in result
    assert "诚信核查" in result
    assert [fresh(one).state for one in three] == ["publicised", "recommended", "recommended"]


@pytest.mark.rule("R-073")
def test_a_clerk_cannot_sign_for_many(unit, three, visit) -> None:
    clerk = visit(applications.clerk_of(unit))
    answer = asked(clerk, three)
    assert answer.status_code == 403
    assert "须由本单位主要负责人办理" in answer.content.decode()
    assert {fresh(one).state for one in three} == {"publicised"}
    assert not Batch.objects.exists()


def test_a_batch_is_seen_by_its_organisation_only(unit, three, visit) -> None:
    head = visit(applications.head_of(unit))
    address = asked(head, three).url
    assert visit(applications.head_of(applications.employer())).get(address).status_code == 404


def test_a_large_batch_is_worked_off_later_as_of_when_it_was_asked(unit, three, visit, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    head = visit(applications.head_of(unit))
    clock.move_to(moment(8, 6, 23))
    address = asked(head, three).url
    assert "正在后台办理" in head.get(address).content.decode()
    assert {fresh(one).state for one in three} == {"publicised"}
    clock.move_to(moment(8, 6, 23))
    batches.work_off(seconds=60)
    assert {fresh(one).state for one in three} == {"recommended"}
    assert {fresh(one).signed_at for one in three} == {Batch.objects.get().asked_at}
    assert "已推荐 3 人" in head.get(address).content.decode()
    assert batches.work_off(seconds=60) == 0


@pytest.mark.rule("A-33", "R-025")
def test_what_was_asked_in_time_is_done_however_late_it_is_worked_off(unit, three, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    last = moment(8, 7, 0) - dt.timedelta(minutes=1)
    Application.objects.filter(pk=three[1].application_id).update(hold=Hold.INVESTIGATION)
    batches.ask_to_recommend(three[:2], applications.OPINION, {}, by=applications.head_of(unit), at=last)
    ring_due(at=moment(8, 7, 0) + dt.timedelta(minutes=2))
    assert [fresh(one).state for one in three] == ["publicised", "publicised", "expired"]
    settle_due(three[0].application, moment(8, 7, 9))
    clock.move_to(moment(8, 7, 9))
    batches.work_off(seconds=60)
    assert (fresh(three[0]).state, fresh(three[0]).signed_at) == ("recommended", last)
    assert setting.waiting(EMPLOYER_WINDOW, three[0].application) is None
    ring_due(at=moment(8, 7, 11))
    assert fresh(three[1]).state == "expired"
    assert Application.objects.get(pk=three[1].application_id).state == ApplicationState.LAPSED


@pytest.mark.rule("A-33", "R-025")
def test_what_waits_with_many_is_not_done_singly_meanwhile_nor_after_the_employers_time(
    unit, three, visit, monkeypatch
) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    head, last, over = applications.head_of(unit), moment(8, 6, 23), moment(8, 7, 0)
    batch = batches.ask_to_recommend(three[:2], applications.OPINION, {}, by=head, at=last)
    ring_due(at=over + dt.timedelta(minutes=2))
    for later in (last + dt.timedelta(minutes=1), over + dt.timedelta(minutes=5)):
        for step in (
            lambda now: recommending.recommend(three[0], Opinion(OWN, "优秀", truth=True), by=head, at=now),
            lambda now: receiving.refuse(three[1], ground="other", reason="本人已调离本单位。", by=head, at=now),
        ):
            with pytest.raises(StepRefused) as refused:
                step(later)
            (reason,) = refused.value.reasons
            assert reason.code == "asked_with_many"
            assert batch.code in str(reason.text)
    batches.work_off(seconds=60)
    assert [(fresh(one).state, fresh(one).signed_at) for one in three[:2]] == [("recommended", last)] * 2
    clock.move_to(over + dt.timedelta(minutes=6))
    told = {"opinion": OWN, "assessment": "优秀", "truth": "on", "_key": "1"}
    page = visit(head).post(reverse("applications:recommend", args=[three[0].code]), told).content.decode()
    assert "当前状态为「已推荐" in page
    assert fresh(three[0]).opinion == applications.OPINION.text


@pytest.mark.rule("R-073")
def test_whoever_was_signed_singly_first_stays_so_and_the_batch_says_why(unit, three, visit, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    head, asked_at = applications.head_of(unit), moment(7, 21, 11)
    recommending.recommend(three[0], Opinion(OWN, "优秀", truth=True), by=head, at=moment(7, 21))
    batch = batches.ask_to_recommend(three, applications.OPINION, {}, by=head, at=asked_at)
    batches.work_off(seconds=60)
    assert [fresh(one).opinion for one in three] == [OWN, applications.OPINION.text, applications.OPINION.text]
    page = visit(head).get(reverse("applications:batch", args=[batch.code])).content.decode()
    assert "已推荐 2 人，未推荐 1 人" in page
    assert "当前状态为「已推荐" in page


@pytest.mark.rule("A-33", "A-09")
def test_a_second_notice_asked_in_time_is_posted_after_the_time_to_check_again(unit, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    last, over = moment(8, 10, 23), moment(8, 11, 0)
    again = to_check_again(unit, at=last)
    batches.ask_to_publicise([again], contact="人力资源部", text="", by=applications.clerk_of(unit), at=last)
    ring_due(at=over + dt.timedelta(minutes=2))
    clock.move_to(over + dt.timedelta(minutes=5))
    batches.work_off(seconds=60)
    ring_due(at=moment(8, 18, 0))
    assert fresh(again).state == "publicised"
    assert setting.waiting(RECHECK, again.application).due_at == moment(8, 20, 0)
    head = applications.head_of(unit)
    assert recommending.recommend(fresh(again), applications.OPINION, by=head, at=moment(8, 19)).state == "recommended"


@pytest.mark.rule("A-33", "R-025")
def test_time_prolonged_for_what_was_asked_in_time_serves_nothing_else(unit, three, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    head, over = applications.head_of(unit), moment(8, 7, 0)
    refused = Opinion("短", "优秀", truth=True)
    batches.ask_to_recommend(three, refused, {}, by=head, at=over - dt.timedelta(minutes=1))
    ring_due(at=over + dt.timedelta(minutes=2))
    clock.move_to(over + dt.timedelta(minutes=3))
    batches.work_off(seconds=60)
    assert {fresh(one).state for one in three} == {"publicised"}
    late = over + dt.timedelta(minutes=40)
    for step in (
        lambda: recommending.recommend(fresh(three[0]), applications.OPINION, by=head, at=late),
        lambda: receiving.refuse(fresh(three[0]), ground="other", reason="本人已调离本单位。", by=head, at=late),
    ):
        with pytest.raises(StepRefused, match="单位推荐时间已过"):
            step()
    again = batches.ask_to_recommend(three[1:], applications.OPINION, {}, by=head, at=late)
    ring_due(at=over + dt.timedelta(hours=1, minutes=2))
    assert {fresh(one).state for one in three} == {"expired"}
    batches.work_off(seconds=60)
    assert all(item.reasons for item in again.items.all())
    assert {fresh(one).state for one in three} == {"expired"}


@pytest.mark.rule("A-33", "A-09")
def test_so_does_the_time_to_check_again(unit, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    last, over = moment(8, 10, 23), moment(8, 11, 0)
    again = to_check_again(unit, at=last)
    head, clerk = applications.head_of(unit), applications.clerk_of(unit)
    batches.ask_to_recommend([again], Opinion("短", "优秀", truth=True), {}, by=head, at=last)
    ring_due(at=over + dt.timedelta(minutes=2))
    clock.move_to(over + dt.timedelta(minutes=3))
    batches.work_off(seconds=60)
    late = over + dt.timedelta(minutes=40)
    for step in (
        lambda: publicising.publicise([fresh(again)], contact="x", by=clerk, at=late),
        lambda: recommending.recommend(fresh(again), applications.OPINION, by=head, at=late),
    ):
        with pytest.raises(StepRefused, match="单位推荐时间已过"):
            step()
    batches.ask_to_publicise([again], contact="x", text="", by=clerk, at=late)
    ring_due(at=over + dt.timedelta(hours=1))
    batches.work_off(seconds=60)
    assert fresh(again).state == "expired"
    assert Application.objects.get(pk=again.application_id).state == ApplicationState.LAPSED


@pytest.mark.rule("A-33", "R-025")
def test_what_can_not_be_worked_off_is_tried_for_an_hour_and_then_told(unit, three, monkeypatch, visit) -> None:
    asked_at = moment(7, 21, 11)
    monkeypatch.setattr(batches, "AT_ONCE", 0)
    batch = batches.ask_to_publicise(three, contact="x", text="", by=applications.clerk_of(unit), at=asked_at)
    Batch.objects.filter(pk=batch.pk).update(asked={})
    for minutes, is_given_up in ((1, False), (59, False), (60, True)):
        clock.move_to(asked_at + dt.timedelta(minutes=minutes))
        batches.work_off(seconds=60)
        batch.refresh_from_db()
        assert (batch.finished_at is not None) is is_given_up
    assert not batch.items.filter(handled_at=None).exists()
    page = visit(applications.head_of(unit)).get(reverse("applications:batch", args=[batch.code])).content.decode()
    assert "系统故障，没有发布公示" in page


def test_a_large_notice_is_posted_later_and_its_refusal_is_told(unit, visit, monkeypatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    entry = catalogue.published_entry()
    chosen = [applications.checked(applications.received(entry, applications.applicant(unit))) for _each in range(2)]
    client = visit(applications.clerk_of(unit))
    told = {"code": [one.code for one in chosen], "contact": "人力资源部", "go": "post"}
    first = client.post(reverse("applications:publicise_many"), {**told, "_key": "1"}).url
    second = client.post(reverse("applications:publicise_many"), {**told, "_key": "2"}).url
    assert not Notice.objects.exists()
    batches.work_off(seconds=60)
    assert Notice.objects.get().lines.count() == 2
    assert "公示已发布" in client.get(first).content.decode()
    assert "公示没有发布，所有人的状态不变" in client.get(second).content.decode()


def test_none_and_too_many_are_refused(unit, three, monkeypatch) -> None:
    clerk = applications.clerk_of(unit)
    with pytest.raises(Refusal, match="请选择1至500人"):
        batches.ask_to_publicise([], contact="x", text="", by=clerk, at=moment(7, 21))
    monkeypatch.setattr(batches, "MOST", 2)
    with pytest.raises(Refusal, match="请选择1至2人"):
        batches.ask_to_publicise(three, contact="x", text="", by=clerk, at=moment(7, 21))
