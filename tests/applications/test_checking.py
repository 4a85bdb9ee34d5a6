"""Receiving and checking part by part: what is stored, what is refused, what a correction leaves standing."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from applications.domain import receiving, standing
from applications.domain.receiving import Found
from applications.models import Application, Check, Recommendation
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.shared.errors import Refusal
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


@pytest.fixture
def entry():
    clock.move_to(moment(7, 9))
    return catalogue.published_entry()


@pytest.fixture
def received(entry) -> Recommendation:
    return applications.received(entry)


def parts_of(recommendation: Recommendation) -> list[str]:
    return receiving.present_snapshot(recommendation).content["parts"]


def check_page(recommendation: Recommendation) -> str:
    return reverse("applications:check_file", args=[recommendation.code])


def post(client: Client, recommendation: Recommendation, key: str, **fields: str):
    snapshot = receiving.present_snapshot(recommendation).code
    return client.post(check_page(recommendation), {"_key": key, "snapshot": snapshot, **fields})


@pytest.mark.rule("R-071")
def test_receiving_by_the_page(entry, visit) -> None:
    recommendation = applications.submitted(entry).recommendation
    client = visit(applications.clerk_of(recommendation.organisation))
    address = reverse("applications:open", args=[recommendation.code])
    assert "受理审核" in client.get(address).content.decode()
    for _twice in range(2):
        assert client.post(address, {"_key": "once"}).url == check_page(recommendation)
    assert Recommendation.objects.get(pk=recommendation.pk).state == "checking"
    assert [entry.step for entry in history_of(recommendation)].count("open") == 1


@pytest.mark.rule("R-071")
def test_some_parts_now_and_the_rest_later(received, visit) -> None:
    client, parts = visit(applications.clerk_of(received.organisation)), parts_of(received)
    page = client.get(check_page(received)).content.decode()
    assert all(f'id="part-{part}"' in page for part in parts)
    answer = post(client, received, "1", **{f"found-{parts[0]}": "right", "go": "save"})
    assert answer.url == check_page(received)
    assert list(received.checks.values_list("part", "is_right")) == [(parts[0], True)]
    answer = post(client, received, "2", **{f"found-{parts[0]}": "right", "go": "all_right"})
    assert answer.url == reverse("applications:file", args=[received.code])
    assert set(received.checks.filter(is_right=True).values_list("part", flat=True)) == set(parts)
    assert next(entry.facts["parts"] for entry in history_of(received) if entry.step == "check") == [parts[0]]


@pytest.mark.rule("R-071")
def test_what_is_wrong_needs_a_remark_and_stays_wrong(received, visit) -> None:
    client, part = visit(applications.clerk_of(received.organisation)), parts_of(received)[-1]
    page = post(client, received, "1", **{f"found-{part}": "wrong", "go": "save"}).content.decode()
    assert "不属实的请写明情况" in page
    assert not received.checks.exists()
    told = {f"found-{part}": "wrong", part: "考核年度与档案不符", "go": "all_right"}
    post(client, received, "2", **told)
    assert received.checks.filter(is_right=False).get().remark == "考核年度与档案不符"
    page = client.get(reverse("applications:file", args=[received.code])).content.decode()
    assert "不属实 1 项" in page
    assert "考核年度与档案不符" in client.get(reverse("applications:send_back", args=[received.code])).content.decode()
    assert "核对为不属实" in client.get(reverse("applications:publicise", args=[received.code])).content.decode()


def test_the_same_page_saved_again_writes_nothing(received) -> None:
    clerk, parts = applications.clerk_of(received.organisation), parts_of(received)
    for _twice in range(2):
        receiving.check(received, {parts[0]: Found(is_right=True)}, by=clerk, at=moment(7, 9))
    assert [entry.step for entry in history_of(received)].count("check") == 1


def test_a_page_of_an_older_version_stores_nothing(received, visit) -> None:
    client = visit(applications.clerk_of(received.organisation))
    answer = client.post(check_page(received), {"_key": "1", "snapshot": "KZ-OLD", "go": "all_right"}, follow=True)
    assert "申报内容已更新" in answer.content.decode()
    assert not received.checks.exists()


@pytest.mark.rule("R-071")
def test_sending_back_needs_ten_signs_and_tells_the_person(received, visit) -> None:
    client = visit(applications.clerk_of(received.organisation))
    address = reverse("applications:send_back", args=[received.code])
    assert "至少10个字" in client.post(address, {"_key": "1", "reason": "太短"}).content.decode()
    for _twice in range(2):
        answer = client.post(address, {"_key": "2", "reason": "请补充二〇二五年度的业绩证明。"})
        assert answer.status_code == 302
    application = Application.objects.get(pk=received.application_id)
    assert (application.state, application.recommendation.state) == ("draft", "sent_back")


@pytest.mark.rule("R-024")
def test_after_the_window_nothing_is_sent_back(received, visit) -> None:
    clock.move_to(moment(7, 29))
    client = visit(applications.clerk_of(received.organisation))
    words = "个人申报时间"
    assert words in client.get(reverse("applications:file", args=[received.code])).content.decode()
    address = reverse("applications:send_back", args=[received.code])
    page = client.post(address, {"_key": "1", "reason": "请补充二〇二五年度的业绩证明。"}).content.decode()
    assert words in page
    assert Recommendation.objects.get(pk=received.pk).state == "checking"


@pytest.mark.rule("R-071")
def test_only_the_head_refuses_and_says_why(received, visit) -> None:
    address = reverse("applications:refuse", args=[received.code])
    clerk, head = (visit(make(received.organisation)) for make in (applications.clerk_of, applications.head_of))
    told = {"ground": "untrue", "reason": "所列成果并非本人主持完成，已核实。"}
    assert clerk.get(address).status_code == 403
    answer = clerk.post(address, {"_key": "1", **told})
    assert answer.status_code == 403
    assert "不能办理「不予推荐」" in answer.content.decode()
    assert "15个工作日内" in head.get(address).content.decode()
    assert "请选择不予推荐的理由" in head.post(address, {"_key": "2", "reason": told["reason"]}).content.decode()
    assert head.post(address, {"_key": "3", **told}).status_code == 302
    assert Application.objects.get(pk=received.application_id).state == "not_recommended"


@pytest.fixture
def rechecking(entry) -> Recommendation:
    """After the agency's return the person renamed a result and submitted again."""
    application = applications.returned(entry, at=moment(7, 14))
    recommendation = applications.corrected(application, at=moment(8, 5))
    clock.move_to(moment(8, 6))
    return recommendation


@pytest.mark.rule("R-078")
def test_a_correction_shows_what_changed_and_carries_over_the_rest(rechecking, visit) -> None:
    client = visit(applications.clerk_of(rechecking.organisation))
    page = client.get(check_page(rechecking)).content.decode()
    assert "与上次核对相比的变化" in page
    assert page.index("更名后的成果") < page.index("part-person-title")
    snapshot = receiving.present_snapshot(rechecking)
    difference = standing.difference_of(rechecking, snapshot)
    assert difference is not None
    changed = difference.changes[0].key
    assert len(difference.changes) == 1
    assert changed not in [part for parts in difference.to_carry_over.values() for part in parts]
    address = reverse("applications:carry_over", args=[rechecking.code])
    for number, section in enumerate(difference.to_carry_over):
        assert client.post(address, {"_key": f"k{number}", "section": section}).status_code == 302
    stored = Check.objects.filter(recommendation=rechecking, snapshot=snapshot)
    assert stored.count() == len(parts_of(rechecking)) - 1
    assert standing.progress_of(snapshot, standing.checks_of(rechecking, snapshot)).is_complete is False


@pytest.mark.rule("R-078")
def test_what_changed_cannot_be_carried_over(rechecking) -> None:
    clerk = applications.clerk_of(rechecking.organisation)
    difference = standing.difference_of(rechecking, receiving.present_snapshot(rechecking))
    assert difference is not None
    with pytest.raises(Refusal, match="不能沿用"):
        receiving.carry_over(rechecking, [difference.changes[0].key], by=clerk, at=moment(8, 6))
