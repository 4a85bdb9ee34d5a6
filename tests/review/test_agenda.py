"""Cases of a session: listed, presented, voted on, counted and decided, with every reason against (domain §8.6, AgendaItem)."""

import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from applications.domain import submitting
from applications.enums import ApplicationState, Hold
from applications.models import Application, Recommendation
from portal.accounts.actors import SYSTEM
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry, PolicyVersion
from portal.catalogue.queries import policy_of
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted
from portal.workflow import carry_out
from review.domain import agenda, case_papers, deciding_items, keeping_out, paper_counting, seating, sitting
from review.enums.defending import OpinionState, Relation
from review.enums.sitting import ItemState, RecusalSource
from review.models import AgendaItem, ItemVoter, PanelOpinion, PaperCount
from tests.factories import accounts, catalogue, sessions

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN


@pytest.fixture
def entry(at_the_door: tuple[int, int]) -> CatalogueEntry:
    return CatalogueEntry.objects.with_all().get(pk=at_the_door[0])


@pytest.fixture
def case(at_the_door: tuple[int, int]) -> Application:
    return Application.objects.get(pk=at_the_door[1])


@pytest.fixture
def item(in_the_room: int) -> AgendaItem:
    return AgendaItem.objects.with_all().get(session=in_the_room)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


# --- The formula (A-01, A-02, A-03) -----------------------------------------------------------
@pytest.mark.rule("A-01")
@pytest.mark.parametrize(
    ("agree", "present", "passes"),
    [
        (8, 12, True),  # exactly two thirds
        (7, 12, False),
        (7, 11, False),  # 21 < 22
        (8, 11, True),
        (9, 13, True),
        (8, 13, False),  # 24 < 26
        (2, 3, True),
        (1, 2, False),
        (0, 0, False),  # nobody there decides nothing
        (6, 8, True),  # scenario S2
        (9, 10, True),  # scenario S1
    ],
)
def test_two_thirds_in_integers(case: Application, agree: int, present: int, *, passes: bool) -> None:
    assert policy_of(case.policy_code).reaches("vote", agree, present) is passes


@pytest.mark.rule("A-03")
@pytest.mark.parametrize(("present", "size", "holds"), [(10, 15, True), (9, 15, False), (12, 14, True), (8, 11, True)])
def test_the_quorum_in_integers(case: Application, present: int, size: int, *, holds: bool) -> None:
    assert policy_of(case.policy_code).reaches("quorum", present, size) is holds


def test_the_fraction_is_the_policys(case: Application) -> None:
    policy = PolicyVersion.objects.get(code=case.policy_code)
    assert policy.fraction("vote") == (2, 3, True)


@pytest.mark.rule("A-02")
def test_scenario_s5(entry: CatalogueEntry) -> None:
    """Sat 10 Oct 2026: 15 drawn, 13 present; X 8 of 12 passes, Y 8 of 13 fails, Z is X under a strict formula."""
    case_x, case_y = sessions.ready(entry, 2)
    session = sessions.opened(sessions.planned(entry.committee, members=17, size=15), [case_x, case_y], present=13)
    item_x, item_y = sessions.items(session)
    inventor = next(one for one in sessions.ordinary(session) if one.is_present and not hasattr(one, "scrutiny"))
    keeping_out.declare(item_x, Relation.CO_AUTHOR, "专利共同发明人", by=sessions.acting(inventor), at=AT)
    now = agenda.attendance_for(item_x)
    assert (now.present, now.size) == (12, 14)
    done = sessions.decided(item_x, agree=8, against=3, abstain=1)
    assert (done.state, done.present_for_item, done.not_cast) == (ItemState.DECIDED_PASS, 12, 0)
    assert not 3 * done.agree > 2 * done.present_for_item
    assert sessions.decided(item_y, agree=8, against=5).state == ItemState.DECIDED_FAIL
    assert not ItemVoter.objects.filter(item=item_x, member=inventor).exists()


@pytest.mark.rule("A-02")
@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ((8, 3, 0, 0), ItemState.DECIDED_PASS),
        ((8, 0, 3, 0), ItemState.DECIDED_PASS),
        ((8, 0, 0, 3), ItemState.DECIDED_PASS),
        ((7, 0, 0, 4), ItemState.DECIDED_FAIL),  # who does not vote does not agree
        ((7, 0, 4, 0), ItemState.DECIDED_FAIL),
    ],
)
def test_whoever_is_present_and_does_not_agree_counts_against(
    item: AgendaItem, counts: tuple[int, int, int, int], state: str
) -> None:
    agree, against, abstain, not_cast = counts
    done = sessions.decided(item, agree, against, abstain)
    assert (done.state, done.not_cast) == (state, not_cast)
    assert done.agree + done.against + done.abstain + done.not_cast == done.present_for_item == 11


# --- Listing (row 1) --------------------------------------------------------------------------
@pytest.mark.rule("R-096")
def test_listing_waits_for_convening_and_for_the_case(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.accepted(sessions.planned(entry.committee, members=13, size=11))
    clerk = sessions.clerk(session)
    with pytest.raises(Refusal) as refused:
        agenda.put_on(session, case, by=clerk, at=AT)
    assert codes(refused) == ["session_not_convened"]
    sessions.sitting.convene(session, by=clerk, at=sessions.CONVENED)
    Application.objects.filter(pk=case.pk).update(hold=Hold.OBJECTION)
    with pytest.raises(Refusal) as refused:
        agenda.put_on(session, case, by=clerk, at=AT)
    assert codes(refused) == ["nothing_holds_it"]
    with pytest.raises(StepNotPermitted):
        agenda.put_on(session, case, by=accounts.actor(Role.AGENCY_CLERK), at=AT)
    Application.objects.filter(pk=case.pk).update(hold=Hold.NONE)
    once, again = (agenda.put_on(session, case, by=clerk, at=AT) for _each in range(2))
    assert once == again
    assert Application.objects.get(pk=case.pk).state == ApplicationState.ON_AGENDA


def test_another_committees_case_is_refused(entry: CatalogueEntry) -> None:
    other = sessions.defences.paid(catalogue.published_entry())
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11))
    with pytest.raises(Refusal) as refused:
        agenda.put_on(session, other, by=sessions.clerk(session), at=AT)
    assert codes(refused) == ["other_committee"]


def test_the_order_is_the_agencys_before_and_the_chairs_after_opening(entry: CatalogueEntry) -> None:
    cases = sessions.ready(entry, 2)
    session = sessions.convened(sessions.planned(entry.committee, members=13, size=11), cases)
    numbers = [one.code for one in sessions.items(session)]
    agenda.reorder(session, numbers[::-1], by=sessions.clerk(session), at=AT)
    assert [one.code for one in sessions.items(session)] == numbers[::-1]
    with pytest.raises(Refusal) as refused:
        agenda.reorder(session, numbers[:1], by=sessions.clerk(session), at=AT)
    assert codes(refused) == ["agenda_changed"]


# --- Presenting (row 2) -----------------------------------------------------------------------
@pytest.mark.rule("R-074")
def test_the_recommendation_is_shown(item: AgendaItem) -> None:
    """The database keeps an unsigned recommendation out; the members read the signed one."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(application=item.application_id).update(opinion="")
    papers = case_papers.papers_of(item)
    assert papers.recommendation is not None
    assert papers.recommendation.opinion
    assert len(papers.panel) == 3
    assert "person" not in {part.key for part in papers.parts}


@pytest.mark.rule("R-106")
def test_three_members_write_where_no_panel_heard_the_person(item: AgendaItem) -> None:
    writers = sessions.ordinary(item.session)[:3]
    for writer in writers:
        agenda.write_opinion(item, sessions.OPINION, by=sessions.acting(writer), at=AT)
    assert item.opinions.count() == 3
    with pytest.raises(Refusal) as refused:
        agenda.write_opinion(item, "同意", by=sessions.acting(writers[0]), at=AT)
    assert codes(refused) == ["opinion_written"]


@pytest.mark.rule("E-10", "A-48")
def test_what_somebody_wrote_who_keeps_out_is_neither_read_nor_counted(item: AgendaItem) -> None:
    with pgtrigger.ignore():  # the panel's own have a test of their own
        PanelOpinion.objects.filter(defence=item.application.defence).update(state=OpinionState.DRAFT)
    first, second, third, fourth = sessions.ordinary(item.session)[3:7]
    for writer in (first, second, third):
        agenda.write_opinion(item, sessions.OPINION, by=sessions.acting(writer), at=AT)
    keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(first), at=AT)
    assert [one.who for one in case_papers.papers_of(item).members] == [one.person.full_name for one in (second, third)]
    with pytest.raises(Refusal) as refused:
        agenda.present(item, by=sessions.leader(item), at=AT)
    assert codes(refused) == ["opinions_written"]
    agenda.write_opinion(item, sessions.OPINION, by=sessions.acting(fourth), at=AT)
    shown = agenda.present(item, by=sessions.leader(item), at=AT)
    keeping_out.declare(shown, Relation.KIN, "", by=sessions.acting(second), at=AT)
    with pytest.raises(Refusal) as refused:
        agenda.open_vote(shown, by=sessions.leader(shown), at=AT)
    assert codes(refused) == ["opinions_left"]


@pytest.mark.rule("E-10", "A-48")
def test_nor_is_what_such_a_member_wrote_on_the_panel(item: AgendaItem) -> None:
    member = sessions.ordinary(item.session)[3]
    written = PanelOpinion.objects.filter(defence=item.application.defence)
    of_panel = written.first()
    assert of_panel is not None
    item.application.defence.slot.sittings.filter(expert=of_panel.expert_id).update(expert=member.person)
    with pgtrigger.ignore("review.PanelOpinion:opinions_handed_in_are_fixed"):
        written.filter(pk=of_panel.pk).update(expert=member.person)
    assert len(case_papers.papers_of(item).panel) == 3
    keeping_out.declare(item, Relation.TEACHER, "", by=sessions.acting(member), at=AT)
    assert len(case_papers.papers_of(item).panel) == 2
    with pytest.raises(Refusal) as refused:
        agenda.present(item, by=sessions.leader(item), at=AT)
    assert codes(refused) == ["opinions_written"]


def test_one_case_at_a_time(entry: CatalogueEntry) -> None:
    cases = sessions.ready(entry, 2)
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), cases)
    first, second = sessions.items(session)
    agenda.present(first, by=sessions.leader(first), at=AT)
    with pytest.raises(Refusal) as refused:
        agenda.present(second, by=sessions.leader(second), at=AT)
    assert codes(refused) == ["no_other_item_open"]


# --- Keeping out (row 3) ----------------------------------------------------------------------
@pytest.mark.rule("A-48")
def test_a_member_keeps_out_by_their_own_word_until_the_vote(item: AgendaItem) -> None:
    member = sessions.ordinary(item.session)[4]
    actor = sessions.acting(member)
    with pytest.raises(Refusal) as refused:
        keeping_out.declare(item, Relation.SAME_EMPLOYER, "", by=actor, at=AT)
    assert codes(refused) == ["relation_missing"]
    made = keeping_out.declare(item, Relation.TEACHER, "博士导师", by=actor, at=AT)
    assert (made.source, made.member) == (RecusalSource.OWN, member)
    assert item not in AgendaItem.objects.shown_to_member(actor)
    assert item in AgendaItem.objects.shown_to_member(sessions.acting(sessions.ordinary(item.session)[5]))
    voting = sessions.voting(item)
    assert voting.present_for_item == 10
    with pytest.raises(Refusal) as refused:
        keeping_out.declare(item, Relation.KIN, "", by=sessions.chair(item.session), at=AT)
    assert codes(refused) == ["too_late"]


@pytest.mark.rule("A-48")
def test_the_office_orders_and_the_system_finds(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), [case])
    (item,) = sessions.items(session)
    ordered, found = sessions.ordinary(session)[3:5]
    accounts.Membership.objects.create(
        person=found.person, organisation=case.employer, role=Role.EMPLOYER_CLERK, since=accounts.SINCE
    )
    keeping_out.order(item, ordered, Relation.INTEREST, "", by=sessions.clerk(session), at=AT)
    with pytest.raises(StepNotPermitted):
        keeping_out.order(item, found, Relation.KIN, "", by=sessions.acting(ordered), at=AT)
    voting = sessions.voting(item)
    sources = dict(voting.recusals.values_list("member", "source"))
    assert sources == {ordered.pk: RecusalSource.OFFICE, found.pk: RecusalSource.COMPUTED}
    assert not voting.roll.filter(member__in=[ordered, found]).exists()


@pytest.mark.rule("R-114")
def test_a_deputy_leads_where_the_chair_keeps_out(item: AgendaItem) -> None:
    session = item.session
    deputy = sessions.ordinary(session)[6]
    type(deputy).objects.filter(pk=deputy.pk).update(duty="deputy")
    keeping_out.declare(item, Relation.KIN, "", by=sessions.chair(session), at=AT)
    with pytest.raises(StepNotPermitted):
        agenda.present(item, by=sessions.chair(session), at=AT)
    assert agenda.present(item, by=sessions.acting(deputy), at=AT).state == ItemState.PRESENTED


# --- Voting and counting (rows 4 to 6) --------------------------------------------------------
@pytest.mark.rule("A-03")
def test_the_quorum_holds_again_without_those_who_keep_out(entry: CatalogueEntry, case: Application) -> None:
    session = sessions.opened(sessions.planned(entry.committee, members=13, size=11), [case], present=8)
    (item,) = sessions.items(session)
    for member in [one for one in sessions.ordinary(session) if one.is_present][3:6]:
        keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(member), at=AT)
    shown = sessions.presented(item)
    with pytest.raises(Refusal) as refused:
        agenda.open_vote(shown, by=sessions.leader(shown), at=AT)
    assert codes(refused) == ["quorum_for_item"]
    assert "应到8人，实到5人" in str(refused.value.reasons[0].text)
    put_off = agenda.defer(shown, reason="出席人数不足", by=sessions.chair(session), at=AT)
    assert put_off.state == ItemState.DEFERRED
    assert Application.objects.get(pk=case.pk).state == ApplicationState.READY_FOR_COMMITTEE


def test_a_vote_that_began_cannot_be_put_off(item: AgendaItem) -> None:
    voting = sessions.voting(item)
    with pytest.raises(StepNotOpen):
        agenda.defer(voting, reason="材料需要补充", by=sessions.chair(item.session), at=AT)
    with pytest.raises(StepNotOpen):
        agenda.remove(voting, reason="正在核查", by=sessions.clerk(item.session), at=AT)


def test_a_double_click_freezes_one_roll(item: AgendaItem) -> None:
    shown = sessions.presented(item)
    for _each in range(2):
        agenda.open_vote(shown, by=sessions.leader(shown), at=AT, key="once")
    assert shown.roll.count() == 11


@pytest.mark.rule("R-111")
def test_two_scrutineers_count_on_their_own(item: AgendaItem) -> None:
    counted = sessions.counted(item)
    first, second, _third = sessions.scrutineers(counted)
    for other in (sessions.chair(item.session), sessions.clerk(item.session)):
        with pytest.raises(StepNotPermitted):
            paper_counting.enter(counted, (11, 0, 0), by=other, at=AT)
    for counts, told in (((10, 2, 0), "too_many"), ((-1, 0, 0), "negative")):
        with pytest.raises(Refusal) as refused:
            paper_counting.enter(counted, counts, by=first, at=AT)
        assert codes(refused) == [told]
    paper_counting.enter(counted, (8, 3, 0), by=first, at=AT)
    with pytest.raises(Refusal) as refused:
        paper_counting.confirm(counted, (8, 3, 0), by=first, at=AT)
    assert codes(refused) == ["another_scrutineer"]
    assert paper_counting.confirm(counted, (7, 3, 1), by=second, at=AT).state == ItemState.COUNTED
    assert not PaperCount.objects.filter(item=item).exists()
    paper_counting.enter(counted, (8, 3, 0), by=second, at=AT)
    assert paper_counting.confirm(counted, (8, 3, 0), by=first, at=AT).state == ItemState.DECIDED_PASS


@pytest.mark.rule("R-111", "A-48")
def test_a_paper_vote_waits_for_two_scrutineers_without_relation(item: AgendaItem) -> None:
    first, second, third, fourth, fifth = sessions.ordinary(item.session)[:5]
    for related in (first, second):
        keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(related), at=AT)
    shown = sessions.presented(item)
    with pytest.raises(Refusal) as refused:
        agenda.open_vote(shown, by=sessions.leader(shown), at=AT)
    assert codes(refused) == ["two_can_open"]
    assert "更换监票人" in str(refused.value.reasons[0].text)
    chair = sessions.chair(item.session)
    sitting.name_scrutineers(item.session, [third, fourth, fifth], by=chair, at=AT)
    agenda.open_vote(shown, by=sessions.leader(shown), at=AT)
    counted = agenda.close_vote(shown, by=sessions.leader(shown), at=AT)
    assert sessions.counted_on_paper(counted, 9).state == ItemState.DECIDED_PASS


@pytest.mark.rule("R-111", "A-48")
def test_others_count_on_paper_where_the_scrutineers_cannot(item: AgendaItem) -> None:
    """One keeps out and another went home: the chair names others in the room, of whom two may count the case."""
    session, chair = item.session, sessions.chair(item.session)
    first, second, third, fourth, fifth, sixth = sessions.ordinary(session)[:6]
    for related in (first, fourth):
        keeping_out.declare(item, Relation.KIN, "", by=sessions.acting(related), at=AT)
    voting = sessions.voting(item)
    with pytest.raises(Refusal) as refused:
        sitting.name_scrutineers(session, [third, fifth, sixth], by=chair, at=AT)
    assert codes(refused) == ["vote_running"]
    agenda.close_vote(voting, by=sessions.leader(voting), at=AT)
    seating.leave(second, by=sessions.acting(second), at=AT)
    for chosen, told in (([first, third, fourth], "scrutineers_recused"), ([second, fifth, sixth], "not_present")):
        with pytest.raises(Refusal) as refused:
            sitting.name_scrutineers(session, chosen, by=chair, at=AT)
        assert codes(refused) == [told]
    sitting.name_scrutineers(session, [third, fifth, sixth], by=chair, at=AT)
    with pytest.raises(StepNotPermitted):
        paper_counting.enter(voting, (9, 0, 0), by=sessions.acting(second), at=AT)
    assert sessions.counted_on_paper(voting, 9).state == ItemState.DECIDED_PASS


def test_no_outcome_but_the_formulas(item: AgendaItem) -> None:
    counted = sessions.counted(item)
    totals = deciding_items.totals_of(counted, 7, 4, 0)
    with pytest.raises(Refusal) as refused:
        carry_out(counted, "pass_item", by=SYSTEM, at=AT, totals=totals)
    assert codes(refused) == ["enough_agree"]
    with pytest.raises(Refusal) as refused:
        deciding_items.decide(counted, 8, 4, 0, at=AT)
    assert codes(refused) == ["totals_fit"]
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(state=ItemState.DECIDED_PASS, agree=12)


# --- Off the agenda (rows 7 and 8) ------------------------------------------------------------
@pytest.mark.rule("A-08")
def test_the_agency_removes_whoever_is_held(item: AgendaItem) -> None:
    case = item.application
    Application.objects.filter(pk=case.pk).update(hold=Hold.INVESTIGATION)
    with pytest.raises(Refusal) as refused:
        agenda.present(item, by=sessions.leader(item), at=AT)
    assert codes(refused) == ["application_not_held"]
    with pytest.raises(Refusal) as refused:
        agenda.remove(item, reason="", by=sessions.clerk(item.session), at=AT)
    assert codes(refused) == ["reason_given"]
    agenda.remove(item, reason="诚信核查中", by=sessions.clerk(item.session), at=AT)
    assert Application.objects.get(pk=case.pk).state == ApplicationState.READY_FOR_COMMITTEE


@pytest.mark.rule("R-140")
def test_a_disqualified_person_leaves_the_agenda(item: AgendaItem) -> None:
    ended = carry_out(item.application, "disqualify", by=SYSTEM, at=AT, reason="申报材料造假")
    with transaction.atomic():
        submitting.close(ended, AT)
    assert AgendaItem.objects.get(pk=item.pk).state == ItemState.REMOVED


def test_few_voters_are_warned_of() -> None:
    assert agenda.Attendance(voters=(), size=7).reveals_all_if_unanimous
    assert agenda.FEW == 5
