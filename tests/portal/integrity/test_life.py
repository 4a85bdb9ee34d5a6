"""A record from the clue to its end, on the days of scenario S12, and what is refused on the way."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.actors import SYSTEM, acting_personally
from portal.accounts.roles import OrganisationKind, Role
from portal.deadlines import ringing
from portal.integrity import queries
from portal.integrity.domain import deciding, noticing, serving, terms
from portal.integrity.enums import BarKind, Measure, RecordState, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.ledger.queries import history_of
from portal.shared.errors import StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories.integrity import DECIDED, HEARD, INTENT, NOTICED, RULING, SERVED, Bureau, on

STATEMENT = "论文由本人写作，编辑部来函所指并非此文。"


def codes(act) -> set[str]:
    with pytest.raises(StepRefused) as refused:
        act()
    return {reason.code for reason in refused.value.reasons}


def fresh(record):
    return IntegrityRecord.objects.get(pk=record.pk)


# --- Before the notice ----------------------------------------------------------------------
@pytest.mark.rule("R-148")
def test_nothing_is_put_to_anybody_before_it_was_investigated(bureau: Bureau) -> None:
    record = bureau.opened()
    assert codes(lambda: noticing.give_notice(record, INTENT, by=bureau.lead, at=NOTICED)) == {"investigated"}
    assert codes(lambda: noticing.close(record, reason="查无实据。", by=bureau.lead, at=NOTICED)) == {"investigated"}
    assert codes(lambda: noticing.investigate(record, findings=" ", by=bureau.clerk, at=NOTICED)) == {"findings_given"}


def test_a_clue_that_came_to_nothing_is_closed_with_its_reason(bureau: Bureau) -> None:
    record = bureau.investigated()
    assert codes(lambda: noticing.close(record, reason="", by=bureau.lead, at=NOTICED)) == {"reason_given"}
    closed = noticing.close(record, reason="来函经核实系误认。", by=bureau.lead, at=NOTICED)
    assert (closed.state, closed.closing_reason) == (RecordState.CLOSED_NO_CASE, "来函经核实系误认。")
    assert not queries.cases_open_against(closed.person).exists()


def test_a_clerk_neither_closes_nor_notices_nor_decides(bureau: Bureau) -> None:
    record = bureau.investigated()
    with pytest.raises(StepNotPermitted):
        noticing.close(record, reason="查无实据。", by=bureau.clerk, at=NOTICED)
    with pytest.raises(StepNotPermitted):
        noticing.give_notice(record, INTENT, by=bureau.clerk, at=NOTICED)


@pytest.mark.rule("A-45", "R-140")
def test_a_notice_names_act_grounds_and_fitting_measures(bureau: Bureau) -> None:
    record = bureau.investigated()
    wrong = replace(INTENT, act="leak", grounds="", measures=(Measure.WITHDRAW,))
    found = codes(lambda: noticing.give_notice(record, wrong, by=bureau.lead, at=NOTICED))
    assert found == {"act_fits", "grounds_given", "intended_measures_fit"}


@pytest.mark.rule("R-153")
def test_authority_is_withdrawn_only_in_serious_cases(bureau: Bureau) -> None:
    agency = accounts.organisation(OrganisationKind.AGENCY)
    record = bureau.investigated(organisation=agency, role=SubjectRole.AGENCY)
    intent = replace(INTENT, act="broken_procedure", measures=(Measure.WITHDRAW,), is_serious=False)
    with pytest.raises(StepRefused, match="只适用于情节严重的"):
        noticing.give_notice(record, intent, by=bureau.lead, at=NOTICED)


# --- The statement --------------------------------------------------------------------------
@pytest.mark.rule("A-45")
def test_the_time_to_answer_is_ten_working_days_from_the_notice(bureau: Bureau) -> None:
    due = noticing.time_to_state(bureau.noticed())
    assert due.due_at == HEARD  # 24:00 of 9 December


@pytest.mark.rule("A-45")
def test_no_decision_before_the_subject_spoke_or_the_time_is_over(bureau: Bureau) -> None:
    record = bureau.noticed()
    early = HEARD - dt.timedelta(seconds=1)
    assert codes(lambda: deciding.decide(record, RULING, by=bureau.lead, at=early)) == {"heard_or_time_over"}
    assert deciding.decide(record, RULING, by=bureau.lead, at=HEARD).state == RecordState.DECIDED
    assert "statement_time_over" in [entry.step for entry in history_of(record)]


@pytest.mark.rule("A-45")
def test_a_statement_ends_the_waiting_and_must_be_answered(bureau: Bureau) -> None:
    record = bureau.noticed()
    subject = acting_personally(record.person)
    noticing.state_own_case(record, statement=STATEMENT, by=subject, at=on(12, 1))
    assert codes(lambda: deciding.decide(record, RULING, by=bureau.lead, at=on(12, 2))) == {"statement_considered"}
    ruling = replace(RULING, considered="不予采纳，来函附有投稿编号。")
    decided = deciding.decide(record, ruling, by=bureau.lead, at=on(12, 2))
    assert decided.considered == "不予采纳，来函附有投稿编号。"
    assert all(STATEMENT not in str(entry.facts) for entry in history_of(record))


@pytest.mark.rule("A-45")
def test_only_the_subject_speaks_once_and_in_time(bureau: Bureau, actor) -> None:
    record = bureau.noticed()
    subject = acting_personally(record.person)

    def state(by, at, words=STATEMENT):
        return noticing.state_own_case(record, statement=words, by=by, at=at)

    for other in (actor(), bureau.lead, SYSTEM):
        with pytest.raises(StepNotPermitted):
            state(other, on(12, 1))
    assert codes(lambda: state(subject, on(12, 1), "不是我")) == {"statement_given"}
    state(subject, HEARD - dt.timedelta(seconds=1))
    assert codes(lambda: state(subject, HEARD - dt.timedelta(seconds=1))) == {"not_yet_stated", "time_to_state_runs"}


def test_a_statement_after_the_time_is_late(bureau: Bureau) -> None:
    record = bureau.noticed()
    late = lambda: noticing.state_own_case(  # noqa: E731
        record, statement=STATEMENT, by=acting_personally(record.person), at=HEARD
    )
    assert codes(late) == {"time_to_state_runs"}


def test_for_an_organisation_its_head_speaks(bureau: Bureau, actor) -> None:
    head, clerk = actor(Role.EMPLOYER_HEAD), actor(Role.EMPLOYER_CLERK)
    intent = replace(INTENT, act="careless_check", measures=(Measure.UNIT_LIABILITY,), is_serious=False)
    record = bureau.noticed(organisation=head.organisation, role=SubjectRole.EMPLOYER, intent=intent)
    with pytest.raises(StepNotPermitted):
        noticing.state_own_case(record, statement=STATEMENT, by=clerk, at=on(12, 1))
    assert noticing.state_own_case(record, statement=STATEMENT, by=head, at=on(12, 1)).statement == STATEMENT


# --- The decision ---------------------------------------------------------------------------
@pytest.mark.rule("A-45")
def test_whoever_investigated_cannot_decide_even_if_another_did_so_later(bureau: Bureau, actor) -> None:
    record = bureau.opened()
    noticing.investigate(record, findings="初步核查。", by=bureau.lead, at=NOTICED)
    noticing.investigate(record, findings="复核。", by=bureau.clerk, at=NOTICED)
    record = noticing.give_notice(record, INTENT, by=bureau.lead, at=NOTICED)
    assert codes(lambda: deciding.decide(record, RULING, by=bureau.lead, at=DECIDED)) == {"another_investigated"}
    other = actor(Role.BUREAU_LEAD, at=bureau.lead.organisation)
    assert deciding.decide(record, RULING, by=other, at=DECIDED).decided_by == other.person


def test_nobody_works_on_a_record_about_themselves(bureau: Bureau) -> None:
    record = bureau.investigated(person=bureau.lead.person, role=SubjectRole.STAFF)
    assert "not_involved" in codes(lambda: noticing.close(record, reason="误会。", by=bureau.lead, at=NOTICED))


@pytest.mark.rule("A-45")
def test_a_decision_is_never_heavier_than_what_was_told(bureau: Bureau) -> None:
    record = bureau.noticed(intent=replace(INTENT, measures=(), is_serious=False))
    heavier = replace(RULING, measures=(Measure.REVOKE_TITLE,), is_serious=False)
    with pytest.raises(StepRefused, match="撤销职称"):
        deciding.decide(record, heavier, by=bureau.lead, at=DECIDED)
    with pytest.raises(StepRefused, match="情节严重"):
        deciding.decide(record, replace(RULING, measures=()), by=bureau.lead, at=DECIDED)
    lighter = deciding.decide(record, replace(heavier, measures=()), by=bureau.lead, at=DECIDED)
    assert lighter.measures == [Measure.RECORD]


def test_a_decision_needs_words_deliberation_and_remedies(bureau: Bureau) -> None:
    record = bureau.noticed()
    empty = replace(RULING, text="", deliberation=" ", remedies="")
    found = codes(lambda: deciding.decide(record, empty, by=bureau.lead, at=DECIDED))
    assert found == {"decision_worded", "deliberated", "remedies_told"}


@pytest.mark.django_db(transaction=True)
def test_two_leads_decide_at_once_and_one_wins(actor) -> None:
    bureau = Bureau()
    record = bureau.noticed()
    leads = [bureau.lead, actor(Role.BUREAU_LEAD, at=bureau.lead.organisation)]

    def decide(lead):
        try:
            return deciding.decide(record, RULING, by=lead, at=DECIDED).state
        except StepNotOpen:
            return "too late"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, leads)) == ["decided", "too late"]
    assert [entry.step for entry in history_of(record)].count("decide") == 1


# --- Terms and bars -------------------------------------------------------------------------
@pytest.mark.rule("A-13", "A-55", "R-142", "R-143")
def test_record_and_bars_run_three_years_from_the_decision_to_24_oclock(bureau: Bureau) -> None:
    record = bureau.decided()
    end = on(12, 19, 0, year=2029)
    assert (record.record_until, record.apply_bar_until, record.promotion_bar_until) == (end, end, end)
    assert record.policy_code == "BJ-2025-12"
    who, last = record.person, end - dt.timedelta(microseconds=1)
    assert not queries.is_barred(who, DECIDED - dt.timedelta(microseconds=1))
    assert queries.is_barred(who, DECIDED)
    assert queries.is_barred(who, last)
    assert not queries.is_barred(who, end)
    kinds = {bar.kind for bar in queries.bars_on(who, at=last)}
    assert kinds == {BarKind.APPLY, BarKind.PROMOTION}
    (bar,) = queries.bars_on(who, at=last, kinds={BarKind.APPLY})
    assert bar.reason.basis == "R-143, A-13"
    assert "2029年12月18日24:00" in bar.reason.text
    assert str(who) not in bar.text


@pytest.mark.rule("A-55")
@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (dt.date(2028, 2, 29), dt.date(2031, 2, 28)),
        (dt.date(2025, 2, 28), dt.date(2028, 2, 28)),
        (dt.date(2026, 12, 31), dt.date(2029, 12, 31)),
    ],
)
def test_the_corresponding_day_also_around_29_february(decided: dt.date, last: dt.date) -> None:
    assert terms.years_after(decided, 3) == last


def test_29_february_four_years_later_exists() -> None:
    assert terms.years_after(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)


@pytest.mark.rule("A-13", "A-53")
def test_the_bar_from_applying_needs_no_seriousness_nor_a_title(bureau: Bureau) -> None:
    light = replace(INTENT, measures=(Measure.CANCEL_APPLICATION,), is_serious=False)
    ruling = replace(RULING, measures=(Measure.CANCEL_APPLICATION,), is_serious=False)
    record = bureau.decided(intent=light, ruling=ruling)
    assert {bar.kind for bar in queries.bars_on(record.person, at=DECIDED)} == {BarKind.APPLY}


def test_a_whole_batch_is_asked_at_once(bureau: Bureau, django_assert_num_queries) -> None:
    barred, clean = bureau.decided().person, bureau.opened().person
    with django_assert_num_queries(1):
        assert queries.barred_among([barred.pk, clean.pk], at=DECIDED) == {barred.pk}
    assert queries.barred_among([barred.pk], at=DECIDED, kind=BarKind.EXPERT) == frozenset()


@pytest.mark.rule("R-144")
def test_an_expert_is_barred_from_drawing_and_not_from_applying(bureau: Bureau) -> None:
    intent = replace(INTENT, act="no_recusal", measures=(Measure.CANCEL_EXPERT,), is_serious=False)
    ruling = replace(RULING, measures=(Measure.CANCEL_EXPERT,), is_serious=False)
    record = bureau.decided(role=SubjectRole.EXPERT, intent=intent, ruling=ruling)
    assert {bar.kind for bar in queries.bars_on(record.person, at=DECIDED)} == {BarKind.EXPERT}


@pytest.mark.rule("R-152", "R-153")
@pytest.mark.parametrize(("measure", "still_barred"), [(Measure.SUSPEND, False), (Measure.WITHDRAW, True)])
def test_an_agency_holds_no_sessions_from_the_decision_on(bureau: Bureau, measure, still_barred) -> None:
    agency = accounts.organisation(OrganisationKind.AGENCY)
    intent = replace(INTENT, act="broken_procedure", measures=(measure,))
    ruling = replace(RULING, measures=(measure,))
    record = bureau.decided(organisation=agency, role=SubjectRole.AGENCY, intent=intent, ruling=ruling)
    assert queries.is_barred(agency, DECIDED, BarKind.SESSIONS)
    serving.serve(record, how="邮寄送达。", by=bureau.clerk, at=SERVED)
    # Once in force, a suspension stands in the catalogue, where it also ends.
    assert queries.is_barred(agency, SERVED, BarKind.SESSIONS) is still_barred


# --- Correction, service, end ---------------------------------------------------------------
def test_an_error_is_corrected_before_service_and_the_years_stay(bureau: Bureau) -> None:
    record = bureau.decided()
    ruling = replace(RULING, text="更正后的决定。", is_serious=False)
    assert codes(lambda: deciding.amend(record, ruling, reason="", by=bureau.lead, at=SERVED)) == {"reason_given"}
    amended = deciding.amend(record, ruling, reason="情节认定有误。", by=bureau.lead, at=SERVED)
    assert (amended.state, amended.decided_at, amended.amended_at) == (RecordState.AMENDED, DECIDED, SERVED)
    assert (amended.apply_bar_until, amended.promotion_bar_until) == (on(12, 19, 0, year=2029), None)
    served = serving.serve(amended, how="邮寄送达。", by=bureau.clerk, at=on(12, 23))
    assert served.state == RecordState.IN_FORCE
    with pytest.raises(StepNotOpen):
        deciding.amend(served, ruling, reason="再改。", by=bureau.lead, at=on(12, 24))


def test_what_was_decided_cannot_be_rewritten_in_the_database(bureau: Bureau) -> None:
    record = bureau.in_force()
    for change in ({"decision": "另一个决定"}, {"apply_bar_until": None}, {"person": accounts.person()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            IntegrityRecord.objects.filter(pk=record.pk).update(**change)


def test_a_decision_takes_effect_only_by_its_service(bureau: Bureau) -> None:
    record = bureau.decided()
    assert codes(lambda: carry_out(record, "enter_into_force", by=SYSTEM, at=DECIDED)) == {"was_served"}
    assert codes(lambda: serving.serve(record, how="", by=bureau.clerk, at=SERVED)) == {"service_described"}
    in_force = serving.serve(record, how="直接送达。", by=bureau.clerk, at=SERVED, key="a key")
    assert (in_force.state, in_force.served_at, in_force.in_force_at) == (RecordState.IN_FORCE, SERVED, SERVED)
    assert list(queries.in_force_about([record.person_id])) == [in_force]


@pytest.mark.rule("R-142", "A-55")
def test_the_record_expires_by_itself_at_its_last_24_oclock(bureau: Bureau) -> None:
    record = bureau.in_force()
    end = on(12, 19, 0, year=2029)
    ringing.ring_due(at=end - dt.timedelta(seconds=1))
    assert fresh(record).state == RecordState.IN_FORCE
    ringing.ring_due(at=end + dt.timedelta(days=40))
    expired = fresh(record)
    assert (expired.state, expired.ended_at) == (RecordState.EXPIRED, end)
    assert not queries.bars_on(record.person, at=end)
    assert codes(lambda: carry_out(bureau.in_force(), "expire", by=SYSTEM, at=SERVED)) == {"term_is_over"}


@pytest.mark.rule("A-45")
def test_quashing_lifts_every_bar_at_once_and_stops_the_clock(bureau: Bureau) -> None:
    record = bureau.in_force()
    assert queries.bars_on(record.person, at=on(12, 22))
    assert codes(lambda: deciding.quash(record, reason="", by=bureau.lead, at=on(12, 22))) == {"reason_given"}
    with pytest.raises(StepNotPermitted):
        deciding.quash(record, reason="复议决定。", by=bureau.clerk, at=on(12, 22))
    quashed = deciding.quash(record, reason="京政复〔2027〕1号。", by=bureau.lead, at=on(12, 22))
    assert quashed.state == RecordState.QUASHED
    assert not queries.bars_on(record.person, at=on(12, 22))
    ringing.ring_due(at=on(1, 1, year=2030))
    assert fresh(record).state == RecordState.QUASHED
