"""The secret vote on devices: one right, one ballot, one count; who may vote, when, and every reason against."""

import pytest

from applications.models import Application
from portal.ballot import casting
from portal.ballot.casting import Choice
from portal.ledger.models import Entry
from portal.shared.errors import Refusal, StepRefused
from review.domain import agenda, keeping_out, paper_counting, seating, sitting, voting, voting_keys
from review.enums.defending import Relation
from review.enums.sitting import BallotMode, ItemState
from review.models import AgendaItem, Ballot
from tests.factories import catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN, STARTS
from tests.factories.voting import Meeting, fresh

pytestmark = pytest.mark.django_db
YES, NO, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


@pytest.fixture
def case(at_the_door: tuple[int, int]) -> Application:
    return Application.objects.get(pk=at_the_door[1])


def made_once() -> tuple[Meeting, AgendaItem]:
    """An open vote of twelve present on one case."""
    (case,) = sessions.ready(catalogue.published_entry())
    meeting = electronic.opened(sessions.planned(case.entry.committee, mode="electronic"), [case], present=12)
    return meeting, sessions.voting(sessions.items(meeting.session)[0])


@pytest.fixture
def vote(kept: tuple[Meeting, AgendaItem]) -> tuple[Meeting, AgendaItem]:
    return kept


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- Counting ---------------------------------------------------------------------------------
@pytest.mark.rule("R-111", "R-112", "A-01")
@pytest.mark.parametrize(
    ("agree", "against", "abstain", "outcome"),
    [
        (8, 4, 0, ItemState.DECIDED_PASS),
        (7, 5, 0, ItemState.DECIDED_FAIL),
        (8, 0, 4, ItemState.DECIDED_PASS),
        (7, 0, 0, ItemState.DECIDED_FAIL),
    ],
    ids=["exactly two thirds", "one short", "abstaining counts as present", "not cast counts as present"],
)
def test_the_sum_decides(
    vote: tuple[Meeting, AgendaItem], agree: int, against: int, abstain: int, outcome: str
) -> None:
    meeting, item = vote
    done = meeting.counted(item, [YES] * agree + [NO] * against + [ABSTAIN] * abstain)
    assert (done.state, done.agree, done.against, done.abstain) == (outcome, agree, against, abstain)
    assert done.not_cast == 12 - agree - against - abstain


@pytest.mark.rule("R-111")
def test_nobody_voting_needs_no_opening(vote: tuple[Meeting, AgendaItem]) -> None:
    _meeting, item = vote
    done = agenda.close_vote(item, by=sessions.leader(item), at=BEGUN)
    assert (done.state, done.not_cast) == (ItemState.DECIDED_FAIL, 12)


@pytest.mark.rule("R-111")
def test_the_last_ballot_closes_the_vote_and_shows_nothing(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    meeting.cast_all(item, [YES] * 11)
    assert fresh(item).state == ItemState.VOTING
    meeting.cast(item, meeting.roll(item)[11], NO)
    done = fresh(item)
    assert (done.state, done.agree, done.against) == (ItemState.COUNTED, None, None)
    assert meeting.give_part(done, 3).agree is None
    assert meeting.give_part(fresh(item), 1).state == ItemState.DECIDED_PASS


@pytest.mark.rule("A-02", "A-48")
def test_who_keeps_out_neither_votes_nor_counts(case: Application) -> None:
    meeting = electronic.opened(sessions.planned(case.entry.committee, mode="electronic"), [case], present=13)
    (item,) = sessions.items(meeting.session)
    kept_out = meeting.in_seat(1)
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(kept_out), at=BEGUN)
    item = sessions.voting(fresh(item))
    assert item.present_for_item == 12
    with pytest.raises(Refusal) as refused:
        meeting.cast(item, kept_out, YES)
    assert codes(refused) == ["not_on_roll"]
    meeting.cast_all(item, [YES] * 12)
    with pytest.raises(Refusal) as refused:
        meeting.give_part(fresh(item), 1)
    assert codes(refused) == ["scrutineer_recused"]
    meeting.give_part(fresh(item), 2)
    assert meeting.give_part(fresh(item), 3).state == ItemState.DECIDED_PASS


# --- One right, used once ---------------------------------------------------------------------
@pytest.mark.rule("E-09")
def test_a_vote_is_final(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    member = meeting.roll(item)[0]
    sent = meeting.ballot(item, member, YES)
    first = voting.cast(item, *sent, by=sessions.acting(member), at=BEGUN)
    assert voting.cast(item, *sent, by=sessions.acting(member), at=BEGUN) == first  # the same, sent again
    with pytest.raises(Refusal) as refused:
        meeting.cast(item, member, NO)
    assert codes(refused) == ["cast_already"]
    assert Ballot.objects.filter(voter__item=item).count() == 1
    assert Entry.objects.filter(step="cast").count() == 1


@pytest.mark.rule("E-09")
def test_no_vote_before_or_after(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    late = meeting.roll(item)[0]
    sent = meeting.ballot(item, late, YES)
    agenda.close_vote(item, by=sessions.leader(item), at=BEGUN)
    with pytest.raises(Refusal) as refused:
        voting.cast(item, *sent, by=sessions.acting(late), at=BEGUN)
    assert codes(refused) == ["vote_closed"]


@pytest.mark.rule("E-09")
def test_who_left_the_room_does_not_vote(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    member = meeting.roll(item)[3]
    sent = meeting.ballot(item, member, YES)
    seating.leave(member, by=sessions.acting(member), at=BEGUN)
    with pytest.raises(Refusal) as refused:
        voting.cast(item, *sent, by=sessions.acting(member), at=BEGUN)
    assert codes(refused) == ["not_present"]


@pytest.mark.rule("R-111", "E-09")
def test_no_ballot_counts_for_another(vote: tuple[Meeting, AgendaItem]) -> None:
    """Copied, replayed, altered, or signed by another device."""
    meeting, item = vote
    one, other = meeting.roll(item)[:2]
    content, signature = meeting.ballot(item, one, YES)
    with pytest.raises(Refusal) as refused:
        voting.cast(item, content, signature, by=sessions.acting(other), at=BEGUN)
    assert codes(refused) == ["ballot_signature"]
    altered = content[:100] + bytes([content[100] ^ 1]) + content[101:]
    booth = voting.booth_of(item)
    for attempt in (altered, content[:-1]):
        with pytest.raises(Refusal) as refused:
            voting.cast(item, attempt, signature, by=sessions.acting(one), at=BEGUN)
        assert codes(refused) == ["ballot_signature"]
    copied = meeting.device(other)
    with pytest.raises(Refusal) as refused:
        voting.cast(item, content, casting.sign(booth, copied.seed, content), by=sessions.acting(other), at=BEGUN)
    assert codes(refused) == ["ballot_proof"]
    assert not Ballot.objects.exists()


# --- Keys -------------------------------------------------------------------------------------
@pytest.mark.rule("R-111")
def test_no_meeting_on_devices_opens_without_the_key(case: Application) -> None:
    session = sessions.convened(sessions.planned(case.entry.committee, mode="electronic"), [case])
    sessions.check_in(session)
    seating.commissioner_comes(session, by=sessions.commissioner_of(session), at=STARTS)
    with pytest.raises(StepRefused) as refused:
        sitting.open_session(session, by=sessions.chair(session), at=BEGUN)
    assert codes(refused) == ["joint_key_ready"]


@pytest.mark.rule("R-111")
def test_other_scrutineers_make_another_key(case: Application) -> None:
    session = sessions.convened(sessions.planned(case.entry.committee, mode="electronic"), [case])
    sessions.check_in(session)
    first, _three = electronic.keyed(session)
    others = sessions.ordinary(session)[3:6]
    sitting.name_scrutineers(session, others, by=sessions.clerk(session), at=STARTS)
    assert voting_keys.live_key(session) is None
    second, _three = electronic.keyed(session)
    first.refresh_from_db(fields=["end_reason"])
    assert (second.state, first.end_reason) == ("ready", "监票人已更换。")


@pytest.mark.rule("R-111", "E-09")
def test_a_case_waits_for_everybodys_key(case: Application) -> None:
    meeting = electronic.opened(sessions.planned(case.entry.committee, mode="electronic"), [case], present=12)
    late = next(one for one in sessions.members(meeting.session) if not one.is_present)
    seating.check_in(late, by=sessions.clerk(meeting.session), at=BEGUN)
    item = sessions.presented(sessions.items(meeting.session)[0])
    with pytest.raises(StepRefused) as refused:
        agenda.open_vote(item, by=sessions.leader(item), at=BEGUN)
    assert codes(refused) == ["everybody_has_a_key"]
    assert late.person.full_name in str(refused.value)
    meeting.register([one for one in sessions.members(meeting.session) if one == late], at=BEGUN)
    assert agenda.open_vote(item, by=sessions.leader(item), at=BEGUN).present_for_item == 13


@pytest.mark.rule("E-09")
def test_a_key_is_ones_own_and_stays_while_a_vote_runs(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    one, other = meeting.roll(item)[:2]
    for by, key, code in (
        (sessions.acting(other), bytes(range(32)), "step_not_permitted"),
        (sessions.acting(one), bytes(32), "ballot_point"),
        (sessions.acting(one), meeting.device(other).key, "key_taken"),
    ):
        with pytest.raises(Refusal) as refused:
            voting_keys.register(one, key, by=by, at=BEGUN)
        assert code in codes(refused)
    with pytest.raises(Refusal) as refused:
        voting_keys.register(one, electronic.Voter().key, by=sessions.acting(one), at=BEGUN)
    assert codes(refused) == ["vote_running"]


@pytest.mark.rule("R-111")
def test_two_lost_devices_leave_paper(vote: tuple[Meeting, AgendaItem]) -> None:
    meeting, item = vote
    meeting.cast_all(item, [YES] * 12)
    counted = fresh(item)
    voting.go_on_on_paper(meeting.session, reason="两名监票人的设备损坏", by=sessions.chair(meeting.session), at=BEGUN)
    with pytest.raises(Refusal) as refused:
        meeting.give_part(fresh(counted), 1)
    assert codes(refused) == ["on_paper"]
    first, second, *_third = sessions.scrutineers(fresh(item))
    paper_counting.enter(fresh(item), (9, 3, 0), by=first, at=BEGUN)
    done = paper_counting.confirm(fresh(item), (9, 3, 0), by=second, at=BEGUN)
    assert done.state == ItemState.DECIDED_PASS


@pytest.mark.rule("R-111")
def test_a_cancelled_session_does_not_go_on_on_paper(case: Application) -> None:
    convened = sessions.convened(sessions.planned(case.entry.committee, mode=BallotMode.ELECTRONIC), [case])
    clerk = sessions.clerk(convened)
    sitting.cancel(convened, reason="主任委员因故不能主持会议。", by=sessions.lead(convened), at=STARTS)
    with pytest.raises(Refusal) as refused:
        voting.go_on_on_paper(convened, reason="现场网络中断", by=clerk, at=STARTS)
    assert codes(refused) == ["too_late"]
    assert "取消" in str(refused.value.reasons[0].text)
    assert not sessions.fresh(convened).is_on_paper
