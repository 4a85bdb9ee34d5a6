"""The two credit platforms: told of what is in force, through outages, and told to forget; and asked about others' records."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from portal.accounts.actors import acting_personally
from portal.accounts.roles import OrganisationKind
from portal.connectors import credit
from portal.connectors.credit import Platform
from portal.connectors.errors import Unreachable
from portal.deadlines import ringing
from portal.integrity.domain import comparing, deciding, naming, reporting, serving
from portal.integrity.enums import EntryState, Measure, SubjectRole
from portal.integrity.models import PlatformEntry
from portal.integrity.tasks import report_to_platforms
from portal.ledger.queries import history_of
from portal.notifications import inbox
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import StepRefused
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories.calls import Caller, bases, codes
from tests.factories.integrity import INTENT, RULING, SERVED, Bureau, on
from tests.fixtures.sandbox import QUICK, Sandbox, known

pytestmark = pytest.mark.rule("R-142", "A-14")


@pytest.fixture
def subject(db):
    who = accounts.person()
    accounts.document(who)
    return who


def sweep(at: dt.datetime) -> int:
    return reporting.report_waiting(seconds=30, now=lambda: at)


def entries(record) -> dict[str, str]:
    return dict(record.entries.values_list("platform", "state"))


def shown_to(who, at):
    return [credit.records(platform, naming.subject_of(who), at=at) for platform in Platform]


def test_both_platforms_get_the_act_and_the_measures_and_give_receipts(
    bureau: Bureau, sandbox: Sandbox, subject
) -> None:
    record = bureau.in_force(person=subject)
    assert not PlatformEntry.objects.exclude(record=record).exists()
    assert sweep(SERVED) == 2
    assert all(entry.receipt and entry.shown_at == SERVED for entry in record.entries.all())
    for (found,) in shown_to(subject, SERVED):
        assert (found.record_number, found.behaviour) == (record.code, "剽窃他人作品或者学术成果")
        assert found.decision == "记入职称申报评审诚信档案、撤销职称"
        assert (found.decided_on, found.record_until) == (dt.date(2026, 12, 18), dt.date(2029, 12, 18))
    assert sweep(SERVED + dt.timedelta(days=1)) == 0


def test_nothing_is_told_before_service(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.decided(person=subject)
    assert sweep(SERVED) == 0
    assert not record.entries.exists()


def test_an_outage_of_one_delays_only_this_one_and_loses_nothing(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    sandbox.set("credit_national", "dead")
    assert sweep(SERVED) == 1
    assert entries(record) == {"credit_national": EntryState.TO_SHOW, "credit_beijing": EntryState.SHOWN}
    waiting = record.entries.get(platform="credit_national")
    assert (waiting.attempts, bool(waiting.last_error)) == (1, True)
    assert waiting.not_before == SERVED + reporting.FIRST_PAUSE
    at = SERVED
    for _ in range(12):
        at = record.entries.get(platform="credit_national").not_before
        assert sweep(at) == 0
    pause = record.entries.get(platform="credit_national").not_before - at
    assert pause == reporting.LONGEST_PAUSE
    sandbox.set("credit_national")
    clock.forget()
    at += dt.timedelta(days=2)
    _wait_for_the_breaker()
    assert sweep(at) == 1
    assert set(entries(record).values()) == {EntryState.SHOWN}


def test_quashing_takes_it_off_both_after_an_outage_too(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    sweep(SERVED)
    sandbox.set("credit_beijing", "dead")
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=on(12, 22))
    assert set(entries(record).values()) == {EntryState.TO_REMOVE}
    sweep(on(12, 22))
    assert entries(record) == {"credit_national": EntryState.REMOVED, "credit_beijing": EntryState.TO_REMOVE}
    sandbox.set("credit_beijing")
    _wait_for_the_breaker()
    sweep(on(12, 23))
    assert all(entry.removal_receipt for entry in record.entries.all())
    assert shown_to(subject, on(12, 23)) == [(), ()]


def test_quashed_before_any_platform_heard_of_it(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=SERVED)
    assert sweep(SERVED) == 2
    assert {(entry.state, entry.receipt, entry.removal_receipt) for entry in record.entries.all()} == {
        (EntryState.REMOVED, "", "")
    }


def test_a_push_under_way_while_it_is_quashed_is_waited_for(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    held = reporting.claim_next(at=SERVED)
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=SERVED)
    assert sweep(SERVED) == 1  # the other platform only
    reporting._report(held, SERVED)
    late = PlatformEntry.objects.get(pk=held.pk)
    assert (late.state, bool(late.receipt)) == (EntryState.TO_REMOVE, True)
    assert sweep(SERVED + reporting.LEASE) == 1
    assert shown_to(subject, SERVED) == [(), ()]


def test_a_worker_that_died_leaves_its_entry_to_the_next(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    bureau.in_force(person=subject)
    died = reporting.claim_next(at=SERVED)
    assert sweep(SERVED) == 1
    assert sweep(SERVED + reporting.LEASE) == 1
    assert PlatformEntry.objects.get(pk=died.pk).state == EntryState.SHOWN


def test_the_years_end_on_both_platforms(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    sweep(SERVED)
    end = on(12, 19, 0, year=2029)
    ringing.ring_due(at=end)
    assert sweep(end) == 2
    assert set(entries(record).values()) == {EntryState.REMOVED}


def test_what_repeating_cannot_mend_waits_for_staff(bureau: Bureau, sandbox: Sandbox, now) -> None:
    nameless = accounts.person()
    record = bureau.in_force(person=nameless)
    entry = record.entries.first()
    with pytest.raises(StepRefused, match="没有需要重试的故障"):
        carry_out(entry, "show_again", by=bureau.clerk, at=SERVED)
    sweep(SERVED)
    stuck = reporting.stuck()
    assert {(entry.is_stuck, entry.last_error) for entry in stuck} == {(True, "no_identity_document")}
    assert sweep(SERVED + dt.timedelta(days=9)) == 0
    accounts.document(nameless)
    for entry in stuck:
        carry_out(entry, "show_again", by=bureau.clerk, at=SERVED)
    assert sweep(SERVED) == 2


def test_a_program_of_the_bureau_calls_again_what_is_stuck(bureau: Bureau, sandbox: Sandbox) -> None:
    nameless = accounts.person()
    clock.move_to(SERVED)
    entry = bureau.in_force(person=nameless).entries.first()
    step = f"integrity-entries/{entry.code}/steps/show_again/"
    refused = Caller(bureau.clerk).post(step)
    assert (refused.status_code, codes(refused), bases(refused)) == (409, ["is_stuck"], ["A-14"])
    sweep(SERVED)
    accounts.document(nameless)
    assert Caller(acting_personally(nameless)).post(step).status_code == 403
    called = Caller(bureau.clerk).post(step)
    assert (called.status_code, called.json()["state"]) == (200, EntryState.TO_SHOW)
    assert sweep(SERVED + dt.timedelta(minutes=1)) == 1


def test_an_organisation_is_named_by_its_credit_code(bureau: Bureau, sandbox: Sandbox) -> None:
    agency = accounts.organisation(OrganisationKind.AGENCY)
    intent = replace(INTENT, act="broken_procedure", measures=(Measure.SUSPEND,))
    ruling = replace(RULING, measures=(Measure.SUSPEND,))
    record = bureau.in_force(organisation=agency, role=SubjectRole.AGENCY, intent=intent, ruling=ruling)
    sweep(SERVED)
    assert [found[0].record_number for found in shown_to(agency, SERVED)] == [record.code] * 2


def test_the_task_works_off_what_waits(bureau: Bureau, sandbox: Sandbox, subject, at) -> None:
    record = bureau.in_force(person=subject)
    at(SERVED)
    report_to_platforms()
    assert set(entries(record).values()) == {EntryState.SHOWN}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_each_platform_once(sandbox: Sandbox) -> None:
    bureau, people = Bureau(), [accounts.person() for _ in range(4)]
    for who in people:
        accounts.document(who)
        bureau.in_force(person=who)

    def work(_):
        try:
            return sweep(SERVED)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 8
    assert [len(sandbox.requests(platform)) for platform in Platform] == [4, 4]


@pytest.mark.django_db(transaction=True)
def test_a_receipt_and_a_clerk_at_once_serve_once(sandbox: Sandbox) -> None:
    bureau = Bureau()
    record = bureau.decided()
    letter = Notification.objects.get(kind="integrity.sanction_decided")
    ways = [
        lambda: inbox.receive(letter, by=acting_personally(record.person), at=SERVED),
        lambda: serving.serve(record, how="直接送达。", by=bureau.clerk, at=SERVED),
    ]

    def go(way):
        try:
            way()
        except StepRefused:
            return "too late"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert "done" in list(pool.map(go, ways))
    assert record.entries.count() == 2
    assert [entry.step for entry in history_of(record)].count("enter_into_force") == 1


# --- Records that others made ---------------------------------------------------------------
@pytest.fixture
def dishonest(db):
    who = known("褚失信")
    person = accounts.person(full_name=who.name)
    accounts.document(person, number=who.number)
    return person


@pytest.mark.rule("A-46")
def test_a_record_of_others_is_found_once(sandbox: Sandbox, dishonest, now) -> None:
    (found,) = comparing.external_bar(dishonest, at=now)
    assert found.record_until == dt.date(2028, 3, 10)
    assert comparing.external_bar(dishonest, at=on(3, 11, year=2028)) == ()


@pytest.mark.rule("A-46")
@pytest.mark.parametrize("system", ["credit_national", "credit_beijing"])
def test_an_outage_of_either_blocks(sandbox: Sandbox, subject, now, system: str) -> None:
    sandbox.set(system, "dead")
    with pytest.raises(Unreachable):
        comparing.external_bar(subject, at=now)


def test_without_a_document_nobody_can_be_asked_about(db: None, now) -> None:
    with pytest.raises(naming.NoDocument):
        comparing.external_bar(accounts.person(), at=now)


def test_own_records_are_left_to_the_archive(bureau: Bureau, sandbox: Sandbox, subject) -> None:
    record = bureau.in_force(person=subject)
    sweep(SERVED)
    deciding.quash(record, reason="京政复〔2026〕1号。", by=bureau.lead, at=SERVED)
    assert [len(found) for found in shown_to(subject, SERVED)] == [1, 1]
    assert comparing.external_bar(subject, at=SERVED) == ()


def _wait_for_the_breaker() -> None:
    time.sleep(QUICK["breaker_pause"] + 0.1)
