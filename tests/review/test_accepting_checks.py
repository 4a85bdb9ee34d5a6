"""The automatic checks of a batch: each finds what is wrong in the record, and says on which rule (R-148)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from applications.models import Application
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import accepting, accepting_checks, accepting_record
from review.domain.accepting_record import Record
from review.enums.sitting import ItemState
from review.models import AcceptedCase, CommitteeSession
from tests.factories import acceptances, catalogue, sessions

pytestmark = pytest.mark.django_db


def made_once() -> CommitteeSession:
    return acceptances.voted(sessions.ready(catalogue.published_entry(), 2), [9, 8])


@pytest.fixture
def signed(kept: CommitteeSession) -> CommitteeSession:
    return kept


def fresh_record(session: CommitteeSession) -> Record:
    return accepting_record.record_of(sessions.fresh(session), acceptances.TAKEN)


def without(name: str, value: Any) -> Callable[[Record], Record]:
    """Return a change of the record: ``name`` holds ``value``."""

    def change(record: Record) -> Record:
        record.__dict__[name] = value
        return record

    return change


def with_session(**fields: Any) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        for name, value in fields.items():
            setattr(record.session, name, value)
        return record

    return change


def with_item(**fields: Any) -> Callable[[Record], Record]:
    def change(record: Record) -> Record:
        for name, value in fields.items():
            setattr(record.items[0], name, value)
        return record

    return change


def fewer_seats(record: Record) -> Record:
    return replace(record, seats=record.seats[:10])


@pytest.mark.rule("R-148")
@pytest.mark.rule("R-112")
@pytest.mark.rule("A-03")
@pytest.mark.rule("A-48")
@pytest.mark.rule("E-05")
def test_each_check_finds_what_is_wrong_and_names_its_rule(signed: CommitteeSession) -> None:
    """One session, and one thing wrong at a time."""
    clean = accepting_checks.found_in(fresh_record(signed))
    assert not clean.batch.reasons
    assert not [reason for one in clean.cases.values() for reason in one.reasons]
    of_batch = {
        "signature": with_session(signature="0" * 64),
        "filing": with_session(starts_at=clock.start_of(signed.day.replace(year=2030))),
        "size": fewer_seats,
        "quorum": with_session(opened_at=None),
        "meeting": with_session(commissioner_came_at=None, commissioner_absence=""),
    }
    for name, change in of_batch.items():
        found = accepting_checks.found_in(change(fresh_record(signed))).batch
        failed = {one.check: one.basis for one in found.failed}
        assert failed.get(name) == accepting_checks.LABELS[name][1], name
    first = fresh_record(signed).items[0]
    seat = fresh_record(signed).seats[0]
    of_case = {
        "item_quorum": without("rolls", {first.pk: {seat.pk}}),
        "totals": with_item(against=7),
        "threshold": with_item(agree=8, against=5),
        "recusals": without("recused", {first.pk: {one.pk for one in fresh_record(signed).seats}}),
        "opinions": without("opinions", {first.application_id: 2}),
        "defence": without("heard", frozenset()),
        "payment": without("paid", frozenset()),
        "materials": without("snapshots", {}),
        "integrity": without("barred", frozenset({first.application.applicant_id})),
        "duplicate": without("doubled", frozenset({first.application.applicant_id})),
        "standing": _moved_on,
        "quota": _targeted,
    }
    for name, change in of_case.items():
        record = change(fresh_record(signed))
        found = accepting_checks.of_case(record.items[0], record)
        failed = {one.check: one for one in found.failed}
        assert name in failed, name
        reason = failed[name].reasons[0]
        assert (reason.basis, reason.code) == (accepting_checks.LABELS[name][1], name)
        assert first.application.applicant.full_name in str(reason.text)


def _moved_on(record: Record) -> Record:
    record.items[0].application.__dict__["state"] = "disqualified"
    return record


def _targeted(record: Record) -> Record:
    record.items[0].application.channel = "targeted"
    return record


def test_a_member_found_to_be_related_later_holds_only_that_person(signed: CommitteeSession) -> None:
    """The relation is searched anew: a register that knows more today speaks against a vote of yesterday."""
    batch = acceptances.taken(signed)
    case = batch.cases.with_all().order_by("item__order")[0]
    voter = case.item.roll.select_related("member__person").order_by("member__place")[0].member
    Membership.objects.create(
        person=voter.person, organisation=case.application.employer, role=Role.EMPLOYER_CLERK, since=signed.day
    )
    with pytest.raises(Refusal) as refused:
        accepting.accept(batch, by=acceptances.lead(), at=acceptances.DECIDED)
    assert {one.code for one in refused.value.reasons} == {"recusals"}
    assert {one.basis for one in refused.value.reasons} == {"A-48"}


def test_checks_cost_the_same_for_two_and_for_one(signed: CommitteeSession, django_assert_max_num_queries: Any) -> None:
    assert AcceptedCase.objects.count() == 0
    assert Application.objects.count() == 2
    with django_assert_max_num_queries(40):
        found = accepting_checks.found_in(fresh_record(signed))
    assert len(found.cases) == 2
    assert sessions.items(signed)[0].state == ItemState.DECIDED_PASS
