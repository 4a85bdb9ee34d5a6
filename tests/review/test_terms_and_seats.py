"""An expert whose term is paused or ended after the draw: the seat goes on, nobody checks in or votes (R-144, R-163, E-14)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.integrity.enums import Act, Measure, SubjectRole
from portal.integrity.papers import Intent
from portal.shared.errors import Refusal
from review.domain import agenda, appointing, seating, sitting
from review.enums.sitting import MemberState
from review.models import CommitteeSession, ExpertTerm, SessionMember
from tests.factories import catalogue, integrity, sessions
from tests.factories.sessions import BEGUN, CONVENED

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R-144", "R-163", "E-14")]
Stop = Callable[[SessionMember], object]


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def term_of(member: SessionMember) -> ExpertTerm:
    return ExpertTerm.objects.with_all().get(pk=member.term_id)


def pause(member: SessionMember) -> object:
    by = sessions.clerk(member.session)
    return appointing.pause(term_of(member), reason="出国进修一年。", by=by, at=CONVENED)


def end(member: SessionMember) -> object:
    by = sessions.lead(member.session)
    return appointing.end(term_of(member), reason="本人提出辞聘。", by=by, at=CONVENED)


def disqualify(member: SessionMember) -> object:
    measures = (Measure.RECORD, Measure.CANCEL_EXPERT)
    intent = Intent(Act.LEAK, "泄露评审会议情况。", measures, is_serious=False)
    ruling = replace(integrity.RULING, text="取消评审专家资格。", measures=measures, is_serious=False)
    return integrity.Bureau().decided(person=member.person, role=SubjectRole.EXPERT, intent=intent, ruling=ruling)


def made_once() -> CommitteeSession:
    return sessions.accepted(members=13, size=11)


@pytest.fixture
def accepted(kept: CommitteeSession) -> CommitteeSession:
    return kept


@pytest.mark.rule("A-52")
@pytest.mark.parametrize("stop", [pause, end, disqualify])
def test_a_seat_to_come_goes_on_in_the_draws_order(accepted: CommitteeSession, stop: Stop) -> None:
    gone = sessions.ordinary(accepted)[0]
    stop(gone)
    now = SessionMember.objects.select_related("replaced_by").get(pk=gone.pk)
    assert now.state == MemberState.DECLINED
    assert "聘期" in now.decline_reason
    assert now.replaced_by.state == MemberState.INVITED
    assert accepted.members.seated().count() == 11


@pytest.mark.rule("A-52")
def test_a_pause_that_is_told_again_after_it_was_lifted_frees_nothing(accepted: CommitteeSession) -> None:
    term = ExpertTerm.objects.with_all().exclude(sessions__session=accepted).order_by("code").first()
    assert term is not None
    by, say = sessions.clerk(accepted), {"reason": "出国进修一年。", "key": "once"}
    appointing.pause(term, by=by, at=CONVENED, **say)
    appointing.resume(term, by=by, at=CONVENED)
    seated = sessions.ordinary(accepted)[0]
    SessionMember.objects.filter(pk=seated.pk).update(term=term)
    appointing.pause(term, by=by, at=CONVENED, **say)
    assert accepted.members.get(pk=seated.pk).state == MemberState.ACCEPTED


def test_whoever_comes_late_without_a_term_is_refused() -> None:
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry), present=10)
    (late,) = [one for one in sessions.members(session) if not one.is_present]
    pause(late)
    for call in (
        lambda: seating.check_in(late, by=sessions.clerk(session), at=BEGUN),
        lambda: seating.check_in_many(session, [late.code], by=sessions.clerk(session), at=BEGUN),
    ):
        with pytest.raises(Refusal) as refused:
            call()
        assert codes(refused) == ["serves_on_the_day"]
        assert late.person.full_name in str(refused.value.reasons[0].text)


@pytest.mark.rule("A-03")
@pytest.mark.parametrize("stop", [pause, end, disqualify])
def test_no_meeting_opens_on_somebody_in_the_room_who_serves_no_more(stop: Stop) -> None:
    entry = catalogue.published_entry()
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    sessions.check_in(session, 8)
    gone = [one for one in sessions.ordinary(session) if one.is_present][-1]
    stop(gone)
    opening = {"commissioner_absence": "监督委员临时因公出差，已报备。", "by": sessions.chair(session), "at": BEGUN}
    with pytest.raises(Refusal) as refused:
        sitting.open_session(session, **opening)
    assert codes(refused) == ["everybody_in_the_room_serves"]
    assert gone.person.full_name in str(refused.value.reasons[0].text)
    seating.leave(gone, by=sessions.clerk(session), at=BEGUN)
    with pytest.raises(Refusal) as refused:
        sitting.open_session(session, **opening)
    assert codes(refused) == ["quorum_at_opening"], "seven of eleven are too few"


@pytest.mark.parametrize("stop", [pause, disqualify])
def test_no_vote_opens_with_somebody_in_the_room_who_serves_no_more(stop: Stop) -> None:
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry))
    present = sessions.ordinary(session)[-1]
    shown = sessions.presented(sessions.items(session)[0])
    stop(present)
    with pytest.raises(Refusal) as refused:
        agenda.open_vote(shown, by=sessions.leader(shown), at=BEGUN)
    assert codes(refused) == ["everybody_serves"]
    assert present.person.full_name in str(refused.value.reasons[0].text)
    seating.leave(present, by=sessions.clerk(session), at=BEGUN)
    voting = agenda.open_vote(shown, by=sessions.leader(shown), at=BEGUN)
    assert voting.present_for_item == 10
    assert not voting.roll.filter(member=present).exists()
