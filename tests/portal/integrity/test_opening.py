"""Who may have misconduct looked into, about whom, and what happens to a second clue."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from portal.accounts.actors import PUBLIC, SYSTEM
from portal.accounts.roles import OrganisationKind, Role
from portal.integrity import queries, registry
from portal.integrity.domain.opening import open_record
from portal.integrity.enums import RecordState, Source, SubjectRole
from portal.integrity.models import IntegrityRecord
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal
from tests.factories import accounts

FACTS = "申报材料中的专利发明人没有当事人的姓名。"


def opened(now, **given):
    defaults = {"person": accounts.person(), "role": SubjectRole.APPLICANT, "source": Source.REPORT, "by": SYSTEM}
    return open_record(**{**defaults, "facts": FACTS, "at": now, **given})


def codes(refused):
    return {reason.code for reason in refused.value.reasons}


@pytest.mark.rule("R-148")
def test_the_bureau_opens_and_the_ledger_says_so(db, now, bureau_clerk):
    record = opened(now, by=bureau_clerk)
    assert (record.state, record.proposed_by, record.opened_by) == (RecordState.OPENED, None, bureau_clerk.person)
    entry = history_of(record).get()
    assert (entry.step, entry.after, entry.basis) == ("open", "opened", "R-148")
    assert entry.facts == {"source": "report", "role": "applicant"}


@pytest.mark.rule("R-145")
@pytest.mark.parametrize("role", [Role.AGENCY_CLERK, Role.EMPLOYER_HEAD, Role.UNIT_ADMIN])
def test_others_propose(now, actor, role):
    proposer = actor(role)
    assert opened(now, by=proposer).proposed_by == proposer.organisation


def test_the_public_and_applicants_are_sent_to_report(now, actor):
    for by in (PUBLIC, actor()):
        with pytest.raises(Refusal) as refused:
            opened(now, by=by)
        assert codes(refused) == {"may_not_open"}


@pytest.mark.rule("R-145")
def test_a_record_is_about_one_subject_that_fits_its_role(db, now):
    organisation = accounts.organisation()
    wrong = [
        {"role": SubjectRole.AGENCY},
        {"organisation": organisation},
        {"person": None},
        {"person": None, "organisation": organisation},
    ]
    for given in wrong:
        with pytest.raises(Refusal) as refused:
            opened(now, **given)
        assert codes(refused) == {"subject_does_not_fit"}
    with pytest.raises(IntegrityError, match="record_is_about_one_subject"):
        IntegrityRecord.objects.create(
            person=accounts.person(), role=SubjectRole.AGENCY, source=Source.REPORT, facts=FACTS, opened_at=now
        )


def test_every_reason_is_told_at_once(now, actor):
    agent = actor(Role.AGENCY_LEAD)
    with pytest.raises(Refusal) as refused:
        opened(now, person=agent.person, facts="抄袭", by=agent)
    assert codes(refused) == {"facts_too_short", "about_oneself"}


def test_a_second_clue_to_the_same_case_joins_the_open_record(db, now, bureau_clerk):
    who, case = accounts.person(), accounts.organisation(OrganisationKind.AGENCY)
    first = opened(now, person=who, case=case)
    second = opened(now, person=who, case=case, facts="学历证书经核验不属实，学校无此人。", source=Source.INSPECTION)
    assert second == first
    assert FACTS in second.facts
    assert "学历证书经核验不属实" in IntegrityRecord.objects.get().facts
    assert [entry.step for entry in history_of(first)] == ["open", "add_clue"]
    assert opened(now, person=accounts.person(), case=case) != first
    assert list(queries.records_of_case(case).filter(person=who)) == [first]


def test_clues_without_a_case_stand_apart(db, now):
    who = accounts.person()
    assert opened(now, person=who) != opened(now, person=who)
    assert queries.cases_open_against(who).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clues_at_once_make_one_record(now):
    who, case = accounts.person(), accounts.organisation()

    def lodge(_):
        try:
            return opened(now, person=who, case=case).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lodge, range(4)))) == 1


def test_rooms_above_are_told_once(db, now, monkeypatch):
    told = []

    class Told(registry.Handler):
        def opened(self, record, at: dt.datetime):
            told.append(record)

    monkeypatch.setattr(registry, "_handlers", [])
    registry.register(Told())
    registry.register(Told())
    who, case = accounts.person(), accounts.organisation()
    record = opened(now, person=who, case=case)
    opened(now, person=who, case=case)
    assert told == [record]


def test_a_record_begins_at_the_beginning_and_is_kept(db, now):
    record = opened(now)
    with pytest.raises(Exception, match="Cannot delete"):
        record.delete()
