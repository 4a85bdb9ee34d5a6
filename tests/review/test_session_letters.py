"""Who learns of a meeting what, besides what the screen shows (domain §8.6, Notify)."""

import pytest

from portal.notifications.models import Notification
from review.domain import agenda
from review.models import CommitteeSession
from tests.factories import catalogue, sessions

pytestmark = pytest.mark.django_db
AT, WHY = sessions.BEGUN, "需补充业绩证明材料后再行表决。"


@pytest.fixture
def opened() -> CommitteeSession:
    entry = catalogue.published_entry()
    return sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 2))


def told(kind: str) -> list[Notification]:
    return list(Notification.objects.filter(kind=f"review.{kind}").select_related("person", "organisation"))


@pytest.mark.rule("E-11")
def test_members_and_commissioner_learn_that_the_meeting_takes_place(opened: CommitteeSession) -> None:
    expected = {one.person_id for one in opened.members.seated()} | {opened.commissioner_id}
    assert {one.person_id for one in told("session_convened")} == expected
    assert "不得透露" in told("session_convened")[0].body


def test_the_agency_learns_which_case_left_the_agenda_and_why(opened: CommitteeSession) -> None:
    first, second = sessions.items(opened)
    agenda.defer(first, reason=WHY, by=sessions.chair(opened), at=AT)
    letter, *others = told("case_left_agenda")
    assert {one.organisation for one in [letter, *others]} == {opened.committee.agency}
    assert "第1项" in letter.body
    assert WHY in letter.body
    assert first.application.applicant.full_name not in letter.body
    agenda.application_ended(second.application, AT)
    assert "申报已终止" in told("case_left_agenda")[-1].body


def test_the_agency_learns_that_the_count_is_signed_and_nothing_of_it(opened: CommitteeSession) -> None:
    for item in sessions.items(opened):
        agenda.defer(item, reason=WHY, by=sessions.chair(opened), at=AT)
    assert not told("session_signed")
    sessions.signed(opened)
    letters = told("session_signed")
    assert {one.organisation for one in letters} == {opened.committee.agency}
    assert not any("同意" in one.body for one in letters)
