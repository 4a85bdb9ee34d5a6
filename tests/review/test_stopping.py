"""The bureau's answer to a commissioner who asks to stop a meeting (A-47)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, HEADER, new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import agenda, seating, sitting, stopping
from review.enums.sitting import ItemState, SessionState, StopDecision
from review.models import CommitteeSession
from tests.factories import accounts, catalogue, sessions

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN
ASKED, WHY = "发现无关人员在场，建议停止会议。", "经核实会场秩序严重违反规定。"
WAITING = "停止会议的建议待决定"


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> int:
    """Keep an open session with three cases."""

    def make() -> int:
        entry: CatalogueEntry = catalogue.published_entry()
        return sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 3)).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def opened(made: int, at: Callable[..., None]) -> CommitteeSession:
    at(AT)
    return CommitteeSession.objects.with_all().get(pk=made)


def asked(session: CommitteeSession) -> CommitteeSession:
    return seating.ask_to_stop(session, ASKED, by=sessions.commissioner_of(session), at=AT)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def states(session: CommitteeSession) -> list[str]:
    return [item.state for item in sessions.items(session)]


@pytest.mark.rule("A-47")
def test_a_lead_lets_the_meeting_go_on_by_page_and_everybody_concerned_learns_it(opened: CommitteeSession) -> None:
    asked(opened)
    lead = accounts.actor(Role.BUREAU_LEAD)
    browser = accounts.client(lead)
    answer = reverse("review:session_stop_answer", args=[opened.code])
    assert WAITING in browser.get("/desk/").content.decode()
    assert WAITING in browser.get(reverse("review:sessions")).content.decode()
    assert answer in browser.get(reverse("review:session", args=[opened.code])).content.decode()
    assert ASKED in browser.get(answer).content.decode()
    clerk = accounts.client(accounts.actor(Role.BUREAU_CLERK))
    assert answer not in clerk.get(reverse("review:session", args=[opened.code])).content.decode()
    told = {FIELD: new_key(), "decision": "go_on", "reason": "无关人员已经离场，会议继续进行。"}
    assert browser.post(answer, told).status_code == 302
    screen = browser.get(reverse("review:session", args=[opened.code])).content.decode()
    assert "无关人员已经离场" in screen
    assert answer not in screen
    assert WAITING not in browser.get("/desk/").content.decode()
    assert sessions.fresh(opened).state == SessionState.OPEN
    entry = Entry.objects.get(step="answer_stop")
    assert (entry.person, entry.facts) == (lead.person, {"decision": "go_on"})
    letters = Notification.objects.filter(kind="review.stop_answered")
    people = {sessions.chair(opened).person, sessions.commissioner_of(opened).person}
    assert people <= {one.person for one in letters}
    assert letters.filter(organisation=opened.committee.agency).exists()


@pytest.mark.rule("A-47")
def test_only_the_lead_answers_and_only_what_was_asked(opened: CommitteeSession) -> None:
    lead = accounts.actor(Role.BUREAU_LEAD)
    with pytest.raises(Refusal) as refused:
        stopping.answer(opened, StopDecision.STOP, WHY, by=lead, at=AT)
    assert codes(refused) == ["not_asked"]
    asked(opened)
    for other in (accounts.actor(Role.BUREAU_CLERK), sessions.lead(opened), sessions.commissioner_of(opened)):
        with pytest.raises(StepNotPermitted):
            stopping.answer(opened, StopDecision.STOP, WHY, by=other, at=AT)
    with pytest.raises(Refusal) as refused:
        stopping.answer(opened, "perhaps", "不行", by=lead, at=AT)
    assert codes(refused) == ["decision_missing", "reason_given"]
    assert sessions.fresh(opened).state == SessionState.OPEN


@pytest.mark.rule("A-47")
def test_stopping_puts_off_what_is_not_decided_and_closes(opened: CommitteeSession) -> None:
    first, second, third = sessions.items(opened)
    sessions.decided(first, agree=9, against=2)
    sessions.presented(second)
    asked(opened)
    browser = accounts.client(accounts.actor(Role.BUREAU_LEAD))
    told = {"headers": {HEADER: new_key()}, "content_type": "application/json"}
    body = {"decision": "stop", "reason": WHY}
    assert browser.post(f"/api/meetings/{opened.code}/steps/answer_stop/", body, **told).status_code == 200
    assert states(opened) == [ItemState.DECIDED_PASS, ItemState.DEFERRED, ItemState.DEFERRED]
    assert sessions.fresh(opened).state == SessionState.CLOSED
    for item in (second, third):
        waits = Application.objects.get(pk=item.application_id)
        assert waits.state == ApplicationState.READY_FOR_COMMITTEE
    one = sessions.fresh(opened)
    sitting.write_minutes(one, sessions.MINUTES, by=sessions.chair(one), at=AT)
    seating.remark(one, "因会场秩序建议停止会议。", by=sessions.commissioner_of(one), at=AT)
    signed = sitting.sign(one, by=sessions.chair(one), at=AT)
    voided = sitting.void(signed, reason=WHY, by=accounts.actor(Role.BUREAU_LEAD), at=AT)
    assert (voided.state, states(opened)[0]) == (SessionState.VOIDED, ItemState.VOIDED)


@pytest.mark.rule("A-47", "E-09")
def test_a_vote_that_runs_is_counted_before_the_stopped_meeting_closes(opened: CommitteeSession) -> None:
    item = sessions.voting(sessions.items(opened)[0])
    asked(opened)
    stopping.answer(opened, StopDecision.STOP, WHY, by=accounts.actor(Role.BUREAU_LEAD), at=AT)
    assert states(opened) == [ItemState.VOTING, ItemState.DEFERRED, ItemState.DEFERRED]
    assert sessions.fresh(opened).state == SessionState.OPEN
    done = agenda.close_vote(item, by=sessions.leader(item), at=AT)
    sessions.counted_on_paper(done, 9, 2)
    assert sessions.closed(opened).state == SessionState.CLOSED


@pytest.mark.rule("A-47")
def test_what_is_closed_cannot_be_stopped_and_may_be_asked_about_again(opened: CommitteeSession) -> None:
    lead = accounts.actor(Role.BUREAU_LEAD)
    asked(opened)
    stopping.answer(opened, StopDecision.GO_ON, "无关人员已经离场，会议继续进行。", by=lead, at=AT)
    for item in sessions.items(opened):
        agenda.defer(item, reason="需要补充证明材料", by=sessions.chair(opened), at=AT)
    closed = asked(sessions.closed(opened))
    assert closed.waits_for_stop_answer
    with pytest.raises(Refusal) as refused:
        stopping.answer(closed, StopDecision.STOP, WHY, by=lead, at=AT)
    assert codes(refused) == ["too_late"]
    done = stopping.answer(closed, StopDecision.GO_ON, "已核实，签署时一并审查。", by=lead, at=AT)
    assert not done.waits_for_stop_answer


@pytest.mark.rule("A-47", "R-118")
def test_a_convened_session_that_is_stopped_is_cancelled(at: Callable[..., None]) -> None:
    entry = catalogue.published_entry()
    cases = sessions.ready(entry, 1)
    convened = sessions.convened(sessions.planned(entry.committee, members=13, size=11), cases)
    watching = sessions.commissioner_of(convened)
    seating.ask_to_stop(convened, ASKED, by=watching, at=AT)
    done = stopping.answer(convened, StopDecision.STOP, WHY, by=accounts.actor(Role.BUREAU_LEAD), at=AT)
    assert (done.state, done.end_reason) == (SessionState.CANCELLED, WHY)
    assert Application.objects.get(pk=cases[0].pk).state == ApplicationState.READY_FOR_COMMITTEE
