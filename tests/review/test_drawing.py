"""The draw: who can be drawn, the two secrets, the order, replacements, and a stand-alone script that repeats it all."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import Error, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as prepared
from hypothesis import strategies as st

from portal.accounts.roles import Role
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import agenda, drawing, drawing_order, keeping_out, seating, sitting
from review.enums.defending import Relation
from review.enums.sitting import MemberState, SessionState
from review.models import CommitteeSession, Draw, ExpertTerm, ItemRecusal, Recusal
from tests.factories import accounts, catalogue, sessions

SCRIPT = Path(settings.BASE_DIR) / "docs" / "verify_draw.py"
SLOW = prepared(suppress_health_check=[HealthCheck.too_slow], deadline=None)
SEEDS = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
CODES = st.lists(st.text("ABCDEFGH0123456789", min_size=6, max_size=6), min_size=5, max_size=30, unique=True)


def verified(record: dict[str, Any], tmp_path: Path) -> tuple[int, str]:
    """Run the script as anybody would, outside of the portal."""
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stdout


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- The arithmetic ---------------------------------------------------------------------------
@SLOW
@given(eligible=CODES, seed=SEEDS)
def test_the_order_depends_on_seed_and_set_alone(eligible: list[str], seed: str) -> None:
    order = drawing_order.order_of(seed, eligible)
    assert order == drawing_order.order_of(seed, reversed(eligible))
    assert sorted(order) == sorted(eligible)
    assert drawing_order.hash_of(eligible) == drawing_order.hash_of(sorted(eligible))


@SLOW
@given(eligible=CODES, seed=SEEDS, share=st.integers(3, 5))
def test_a_head_always_has_a_seat(eligible: list[str], seed: str, share: int) -> None:
    order = drawing_order.order_of(seed, eligible)
    for head in eligible:
        seats = drawing_order.seated(order, {head}, share)
        assert head in seats
        assert len(set(seats)) == share


def test_known_values_of_the_draw() -> None:
    """Fixed for good: a record of this year must verify in ten years."""
    eligible_hash = drawing_order.hash_of(["PQ-B", "PQ-A"])
    assert eligible_hash == drawing_order.digest("eligible", "PQ-A", "PQ-B")
    seed = drawing_order.seed_of("HY-1", eligible_hash, "00", "123456")
    assert seed == "926be979e8eb3552007e63abb387b0c5ba1acea955e3da3acee3b1157297b419"
    assert drawing_order.order_of(seed, ["PQ-B", "PQ-A"]) == ["PQ-A", "PQ-B"]


# --- The draw itself --------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.rule("R-116")
def test_the_record_is_repeated_by_the_script(tmp_path: Path) -> None:
    session = sessions.drawn()
    draw = Draw.objects.get(session=session)
    assert session.state == SessionState.DRAWN
    assert len(draw.seats) == session.size == 15
    assert [one.term.code for one in session.members.order_by("pk")] == draw.seats
    seating.invite_all(session, by=sessions.clerk(session), at=sessions.DRAWN)
    for member in [one for one in sessions.members(session) if not one.can_chair][:2]:
        seating.decline(member, reason="出差不能到会", by=sessions.acting(member), at=sessions.DRAWN)
    record = drawing.record_of(Draw.objects.get(session=session))
    assert len(record["replacements"]) == 2
    status, said = verified(record, tmp_path)
    assert (status, said[:5]) == (0, "SOUND")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        (lambda record: record.update(share="anothernumber"), "seed"),
        (lambda record: record.update(secret="00"), "commitment"),
        (lambda record: record["eligible"].pop(), "eligible_hash"),
        (lambda record: record["order"].reverse(), "order"),
        (lambda record: record["seats"].reverse(), "seats"),
        (
            lambda record: record["excluded"].append({"code": record["eligible"][0], "text": "", "basis": ""}),
            "excluded",
        ),
    ],
)
def test_the_script_finds_what_was_changed(tampered: Any, told: str, tmp_path: Path) -> None:
    record = copy.deepcopy(drawing.record_of(Draw.objects.get(session=sessions.drawn())))
    tampered(record)
    status, said = verified(record, tmp_path)
    assert status == 1
    assert told in said


@pytest.mark.django_db
def test_the_script_finds_a_replacement_out_of_turn(tmp_path: Path) -> None:
    session = sessions.drawn()
    seating.invite_all(session, by=sessions.clerk(session), at=sessions.DRAWN)
    leaving = next(one for one in sessions.members(session) if not one.can_chair)
    seating.decline(leaving, reason="出差不能到会", by=sessions.acting(leaving), at=sessions.DRAWN)
    record = drawing.record_of(Draw.objects.get(session=session))
    unused = [code for code in record["order"] if code not in {*record["seats"], record["replacements"][0]["seat"]}]
    record["replacements"][0]["seat"] = unused[-1]
    assert verified(record, tmp_path) == (1, "WRONG  replacement 1: it is not the next of the order\n")


@pytest.mark.django_db
def test_only_the_commissioner_opens_the_draw() -> None:
    session = sessions.planned()
    draw = drawing.freeze(session, by=sessions.clerk(session), at=sessions.DRAWN)
    for other in (sessions.clerk(session), accounts.actor(Role.COMMISSIONER, at=session.committee.agency)):
        with pytest.raises(StepNotPermitted):
            drawing.share(draw, sessions.SHARE, by=other, at=sessions.DRAWN)
    with pytest.raises(Refusal) as refused:
        drawing.share(draw, "short", by=sessions.commissioner_of(session), at=sessions.DRAWN)
    assert codes(refused) == ["share_given"]
    assert refused.value.reasons[0].basis == "R-115"
    assert not session.members.exists()


@pytest.mark.django_db
def test_a_drawn_order_cannot_be_changed_even_in_the_database() -> None:
    draw = Draw.objects.get(session=sessions.drawn())
    for change in (lambda: Draw.objects.filter(pk=draw.pk).update(order=[]), draw.delete):
        with pytest.raises(Error), transaction.atomic():
            change()
    with pytest.raises(Refusal) as refused:
        drawing.freeze(draw.session, by=sessions.clerk(draw.session), at=sessions.DRAWN)
    assert codes(refused) == ["drawn_already"]


# --- Who can be drawn -------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.rule("A-48")
def test_whoever_is_related_to_somebody_waiting_is_left_out() -> None:
    entry = catalogue.published_entry()
    case, *_rest = sessions.ready(entry)
    session = sessions.planned(entry.committee)
    kin, colleague, *_others = ExpertTerm.objects.select_related("expert__person").order_by("code")
    Recusal.objects.create(
        application=case, expert=kin.expert.person, relation=Relation.KIN, declared_at=sessions.PREPARED
    )
    accounts.Membership.objects.create(
        person=colleague.expert.person, organisation=case.employer, role=Role.EMPLOYER_CLERK, since=accounts.SINCE
    )
    pool = drawing.pool_of(session)
    left_out = {one["code"]: one for one in pool.excluded}
    assert left_out.keys() == {kin.code, colleague.code}
    assert left_out[kin.code]["basis"] == "A-48"
    assert "近亲属" in left_out[kin.code]["text"]
    assert "同一单位" in left_out[colleague.code]["text"]
    assert case.applicant.full_name not in left_out[kin.code]["text"]
    assert not {kin.code, colleague.code} & set(pool.eligible)
    assert kin.code in drawing.pool_of(session, related_limit=1).eligible


@pytest.mark.rule("A-48")
@pytest.mark.django_db
@pytest.mark.parametrize("source", ["own", "office"])
def test_who_kept_out_of_somebodys_case_once_keeps_out_of_it_in_the_next_session(source: str) -> None:
    entry = catalogue.published_entry()
    (case,) = sessions.ready(entry)
    session = sessions.opened(sessions.planned(entry.committee, members=19, size=11), [case])
    (item,) = sessions.items(session)
    member, neighbour = sessions.ordinary(session)[3:5]
    if source == "own":
        keeping_out.declare(item, Relation.KIN, "配偶", by=sessions.acting(member), at=sessions.BEGUN)
    else:
        keeping_out.order(item, member, Relation.KIN, "配偶", by=sessions.clerk(session), at=sessions.BEGUN)
    ItemRecusal.objects.create(
        item=item, member=neighbour, relation=Relation.CO_AUTHOR, source="computed", declared_at=sessions.BEGUN
    )
    agenda.defer(item, reason="需要补充材料", by=sessions.chair(session), at=sessions.BEGUN)
    sessions.closed(session)
    pool = drawing.pool_of(sessions.planned(entry.committee))
    (told,) = [one for one in pool.excluded if one["code"] == member.term.code]
    assert told["basis"] == "A-48"
    assert member.term.code not in pool.eligible
    assert neighbour.term.code in pool.eligible  # what the records show is looked for anew


@pytest.mark.django_db
@pytest.mark.rule("A-54")
def test_who_signed_the_recommendation_is_left_out() -> None:
    entry = catalogue.published_entry()
    case, *_rest = sessions.ready(entry)
    session = sessions.planned(entry.committee)
    term = ExpertTerm.objects.select_related("expert__person").order_by("code")[3]
    type(case.recommendation).objects.filter(pk=case.recommendation.pk).update(signed_by=term.expert.person)
    (left_out,) = drawing.pool_of(session).excluded
    assert left_out["code"] == term.code
    assert "推荐人" in left_out["text"]


@pytest.mark.django_db
@pytest.mark.rule("E-05")
def test_too_few_experts_cannot_be_drawn_from() -> None:
    session = sessions.planned(members=13, size=13)
    ExpertTerm.objects.filter(pk=session.filing.members.order_by("pk").last().term_id).update(promised_at=None)
    with pytest.raises(Refusal) as refused:
        drawing.freeze(session, by=sessions.clerk(session), at=sessions.DRAWN)
    assert codes(refused) == ["enough_to_draw"]
    assert "只有12名" in str(refused.value.reasons[0].text)


@pytest.mark.django_db
def test_a_set_that_changed_is_frozen_again() -> None:
    session = sessions.planned()
    clerk, watching = sessions.clerk(session), sessions.commissioner_of(session)
    draw = drawing.freeze(session, by=clerk, at=sessions.DRAWN)
    changing = next(code for code in draw.eligible if code not in draw.heads)
    ExpertTerm.objects.filter(code=changing).update(promised_at=None)
    with pytest.raises(Refusal) as refused:
        drawing.share(draw, sessions.SHARE, by=watching, at=sessions.DRAWN)
    assert codes(refused) == ["nothing_changed_since"]
    again = drawing.freeze(session, by=clerk, at=sessions.DRAWN)
    assert again.commitment != draw.commitment
    assert drawing.share(again, sessions.SHARE, by=watching, at=sessions.DRAWN).drawn_at is not None


@pytest.mark.django_db
@pytest.mark.rule("R-115")
def test_without_a_commissioner_nothing_is_drawn() -> None:
    session = sessions.planned()
    CommitteeSession.objects.filter(pk=session.pk).update(commissioner=None)
    with pytest.raises(Refusal) as refused:
        drawing.freeze(session, by=sessions.clerk(session), at=sessions.DRAWN)
    assert codes(refused) == ["commissioner_missing"]


@pytest.mark.django_db
@pytest.mark.rule("A-52")
def test_a_chair_who_declines_is_followed_by_somebody_who_can_chair() -> None:
    session = sessions.planned()
    second = session.filing.members.order_by("pk")[1]
    session.filing.members.filter(pk=second.pk).update(duty="deputy")
    drawn = sessions.drawn(session)
    seating.invite_all(drawn, by=sessions.clerk(drawn), at=sessions.DRAWN)
    for head in [one for one in sessions.members(drawn) if one.can_chair][:1]:
        seating.decline(head, reason="出差不能到会", by=sessions.acting(head), at=sessions.DRAWN)
    assert [one for one in sessions.members(drawn) if one.can_chair]
    assert len(sessions.members(drawn)) == drawn.size


@pytest.mark.django_db
@pytest.mark.rule("A-24")
def test_other_members_vote_again() -> None:
    entry = catalogue.published_entry()
    (case,) = sessions.ready(entry)
    session = sessions.opened(sessions.planned(entry.committee, members=35), [case])
    sessions.decided(sessions.items(session)[0], agree=3, against=12)
    signed = sessions.signed(session)
    lead = accounts.actor(Role.BUREAU_LEAD)
    sitting.void(signed, reason="会议期间有无关人员在场，程序违规。", by=lead, at=sessions.BEGUN)
    sat = set(session.members.values_list("term__code", flat=True))
    pool = drawing.pool_of(sessions.planned(entry.committee))
    assert not sat & set(pool.eligible)
    assert {one["basis"] for one in pool.excluded} == {"A-24"}
    assert {one.state for one in session.members.all()} == {MemberState.PRESENT}


@pytest.mark.django_db
@pytest.mark.rule("R-116")
def test_nobody_is_drawn_into_two_sessions_of_one_day(tmp_path: Path) -> None:
    """Who was drawn elsewhere is left out with the reason; given back, the place in that session frees them again."""
    first = sessions.planned(members=30, size=11)
    second = sessions.planned(first.committee)
    sessions.drawn(first)
    taken = set(first.members.values_list("term__code", flat=True))
    head = ExpertTerm.objects.get(code=first.draw.heads[0])
    second.filing.members.filter(term__code__in=sorted(set(first.draw.order) - taken)[:1]).update(duty="deputy")
    sessions.drawn(second)
    record = drawing.record_of(Draw.objects.get(session=second))
    left_out = {one["code"]: one for one in record["excluded"]}
    assert head.code in taken
    assert set(left_out) == taken
    assert {(one["basis"], one["text"]) for one in left_out.values()} == {
        ("R-116", "会议当日已被抽取参加另一场评审会议。")
    }
    assert not taken & set(record["seats"])
    assert verified(record, tmp_path)[0] == 0
    sitting.cancel(first, reason="场地突发停电，不能按期召开。", by=sessions.lead(first), at=sessions.DRAWN)
    assert taken <= set(drawing.pool_of(sessions.fresh(second)).eligible)


@pytest.mark.django_db
@pytest.mark.rule("R-116")
def test_who_was_drawn_elsewhere_meanwhile_is_passed_over() -> None:
    """Frozen first and drawn second: the set is to be fixed again, for some of it are taken."""
    first = sessions.planned(members=30, size=11)
    second = sessions.planned(first.committee)
    frozen = drawing.freeze(second, by=sessions.clerk(second), at=sessions.DRAWN)
    sessions.drawn(first)
    with pytest.raises(Refusal) as refused:
        drawing.share(frozen, sessions.SHARE, by=sessions.commissioner_of(second), at=sessions.DRAWN)
    assert "nothing_changed_since" in codes(refused)
