"""Many files to clerks at once: shared out evenly, each by itself, with the reasons of what was not given."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.domain.holding import set_hold
from applications.enums import Hold
from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.http import worklist
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import allotting, checking
from review.models import AgencyReview, Allotment
from review.tasks import work_off_allotments
from tests.factories import accounts, agency_reviews, applications, catalogue

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING)
NAMES = ("林书言", "赵清和", "钱若水", "孙一鸣")


def made_once() -> list[AgencyReview]:
    clock.move_to(AT)
    entry, unit = catalogue.published_entry(), applications.employer()
    return [agency_reviews.queued(entry, applications.applicant(unit, full_name=name)) for name in NAMES]


@pytest.fixture
def four(kept: list[AgencyReview]) -> list[AgencyReview]:
    return kept


@pytest.fixture
def lead(four: list[AgencyReview]) -> Actor:
    return agency_reviews.lead_of(four[0])


@pytest.fixture
def clerk(four: list[AgencyReview]) -> Actor:
    return agency_reviews.clerk_of(four[0])


@pytest.fixture
def other(four: list[AgencyReview]) -> Actor:
    return accounts.actor(Role.AGENCY_CLERK, at=four[0].agency)


def assignees(reviews: list[AgencyReview]) -> list[int | None]:
    return [AgencyReview.objects.get(pk=one.pk).assignee_id for one in reviews]


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("R-090")
def test_several_clerks_get_the_same_number_and_who_has_fewest_begins(four, lead, clerk, other) -> None:
    checking.assign(four[0], clerk.person, by=lead, at=AT)
    allotment = allotting.ask(four[1:], [clerk.person, other.person], note="按专业分配", by=lead, at=AT)
    assert allotment.finished_at is not None
    assert assignees(four) == [clerk.person.pk, other.person.pk, clerk.person.pk, other.person.pk]
    assert [one.step for one in history_of(allotment)] == ["ask"]
    entry = list(history_of(four[1]))[-1]
    assert (entry.step, entry.note, entry.facts["to"]) == ("assign", "按专业分配", other.person.code)


@pytest.mark.parametrize(
    ("count", "have", "given"), [(4, {}, "ABAB"), (3, {1: 5}, "BAB"), (1, {1: 1, 2: 1}, "A"), (0, {}, "")]
)
def test_sharing_out(count: int, have: dict[int, int], given: str) -> None:
    people = [type("Clerk", (), {"pk": number, "name": name})() for number, name in enumerate("AB", start=1)]
    assert "".join(one.name for one in allotting.shared_out(count, people, have)) == given


@pytest.mark.rule("R-090")
def test_who_may_not_is_told_why_and_the_others_are_given(four, lead, clerk, other, visit) -> None:
    checking.assign(four[0], lead.person, by=lead, at=AT)
    client = visit(clerk)
    told = {"code": [one.code for one in four[:2]], "to": [other.person.code], "_key": "1"}
    answer = client.post(reverse("review:assign_many"), told)
    page = client.get(answer.url).content.decode()
    assert "共 2 件，已分配 1 件，未分配 1 件" in page
    assert "本件由他人审核，只有本机构负责人可以改派" in page
    assert page.index("林书言") < page.index("赵清和"), "what was refused stands first"
    assert assignees(four[:2]) == [lead.person.pk, other.person.pk]
    assert client.post(reverse("review:assign_many"), told).url == answer.url
    assert Allotment.objects.count() == 1
    assert visit(accounts.actor(Role.AGENCY_CLERK)).get(answer.url).status_code == 404


def test_everything_that_the_filter_leaves_is_handed_over(four, lead, clerk, other, visit) -> None:
    for review in four[:2]:
        checking.assign(review, clerk.person, by=lead, at=AT)
    client = visit(lead)
    query = {"state": "all", "assignee": clerk.person.code, "all": "1"}
    page = client.get(reverse("review:assign_many"), query).content.decode()
    assert "已选 2 件" in page
    assert f"{clerk.person.full_name}（在办2件）" in page
    client.post(reverse("review:assign_many"), {**query, "to": [other.person.code], "_key": "1"})
    assert assignees(four) == [other.person.pk, other.person.pk, None, None]


def test_what_does_not_fit_is_refused_with_reasons(four, lead, clerk, monkeypatch, visit) -> None:
    with pytest.raises(Refusal) as refused:
        allotting.ask([], [], by=lead, at=AT)
    assert codes(refused) == ["how_many", "nobody_chosen"]
    with pytest.raises(Refusal) as refused:
        allotting.ask(four, [accounts.actor(Role.AGENCY_CLERK).person], by=lead, at=AT)
    assert codes(refused) == ["not_a_colleague"]
    monkeypatch.setattr(allotting, "MOST", 3)
    with pytest.raises(Refusal) as refused:
        allotting.ask(four, [clerk.person], by=lead, at=AT)
    assert codes(refused) == ["how_many"]
    page = visit(lead).get(reverse("review:assign_many"), {"all": "1"}).content.decode()
    assert "一次最多 3 件" in page
    assert "没有选中" in visit(lead).get(reverse("review:assign_many")).content.decode()


def test_files_of_another_agency_cannot_be_chosen(four, visit) -> None:
    stranger = accounts.actor(Role.AGENCY_LEAD)
    told = {"code": [four[0].code], "to": [stranger.person.code], "_key": "1"}
    assert "没有选中" in visit(stranger).post(reverse("review:assign_many"), told).content.decode()
    assert assignees(four[:1]) == [None]


def test_many_are_given_in_the_background(four, lead, clerk, monkeypatch, visit) -> None:
    monkeypatch.setattr(allotting, "AT_ONCE", 1)
    allotment = allotting.ask(four, [clerk.person], by=lead, at=AT)
    assert assignees(four) == [None] * 4
    address = reverse("review:allotment", args=[allotment.code])
    assert "正在后台办理" in visit(lead).get(address).content.decode()
    work_off_allotments()
    assert assignees(four) == [clerk.person.pk] * 4
    assert "共 4 件，已分配 4 件，未分配 0 件" in visit(lead).get(address).content.decode()


def test_the_desk_counts_the_clerks_own_files_and_nobodys(four, lead, clerk) -> None:
    checking.assign(four[0], clerk.person, by=lead, at=AT)
    found = {str(group.label): group for group in worklist.waiting_for(clerk, AT)}
    assert (found["分配给我的申报材料"].count, found["分配给我的申报材料"].first_due_at) == (1, four[0].due_at)
    assert found["未分配的申报材料"].count == 3


@pytest.mark.rule("R-097", "R-148", "R-152")
def test_the_desks_first_end_is_of_a_file_whose_clock_runs(four, lead, clerk) -> None:
    """The agency's desk and the clerk's own name the same: what stands still has no end now (domain §8.1 #34)."""
    for review in four:
        checking.assign(review, clerk.person, by=lead, at=AT)
    for days, review in enumerate(four):
        AgencyReview.objects.filter(pk=review.pk).update(due_at=four[0].due_at + dt.timedelta(days=days))
    AgencyReview.objects.filter(pk=four[0].pk).update(suspended_since=AT)
    set_hold(four[1].application, Hold.INVESTIGATION, at=AT, basis="R-148")
    set_hold(four[2].application, Hold.OBJECTION, at=AT, basis="A-08")
    ends = AgencyReview.objects.get(pk=four[2].pk).due_at
    found = {str(group.label): group for group in worklist.waiting_for(clerk, AT)}
    assert [found[name].first_due_at for name in ("申报材料待审核", "分配给我的申报材料")] == [ends, ends]
