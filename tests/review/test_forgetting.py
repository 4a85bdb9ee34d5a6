"""Encrypted ballots go when nobody can appeal any more; what stays still proves the totals."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from applications.enums import Hold
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.ballot import counting
from portal.ballot.casting import Choice, Ciphertext
from portal.ballot.group import SIZE, point
from portal.deadlines import setting
from portal.ledger.models import Entry
from portal.redress.domain import answering
from portal.redress.models import ReviewRequest
from portal.workflow import settle_due
from review.domain import voting, voting_record
from review.enums.voting import BALLOTS_KEPT
from review.models import AgendaItem, Ballot, CommitteeSession, KeptSum
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories import voting as electronic
from tests.fixtures.dumping import tables_with

pytestmark = pytest.mark.django_db
YES, NO = Choice.AGREE, Choice.AGAINST


def made_once() -> AgendaItem:
    """A case of a signed session that was decided on devices, nine to three."""
    (case,) = sessions.ready(catalogue.published_entry())
    meeting = electronic.opened(sessions.planned(case.entry.committee, mode="electronic"), [case], present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    meeting.counted(item, [YES] * 9 + [NO] * 3)
    sessions.signed(meeting.session)
    return electronic.fresh(item)


@pytest.fixture
def item(kept: AgendaItem) -> AgendaItem:
    return kept


def due(session: CommitteeSession) -> dt.datetime:
    waiting = setting.waiting(BALLOTS_KEPT, session)
    assert waiting is not None and waiting.due_at is not None  # noqa: PT018
    return waiting.due_at


@pytest.mark.rule("A-24")
def test_ballots_go_after_the_time_for_appeals_and_their_sum_proves_the_totals(item: AgendaItem) -> None:
    session = item.session
    assert setting.waiting(BALLOTS_KEPT, session) is None, "nothing was told yet"
    with pytest.raises(DatabaseError, match="after the sum"), transaction.atomic():
        Ballot.objects.all().delete()
    acceptances.accepted(session)
    waiting = setting.waiting(BALLOTS_KEPT, session)
    assert waiting is not None
    assert (waiting.workdays, waiting.basis) == (90, "A-24")
    record = voting_record.record_of(session, sessions.chair(session))
    assert record is not None
    published = json.dumps(record["items"][0], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    settle_due(sessions.fresh(session), due(session) - dt.timedelta(seconds=1))
    assert Ballot.objects.count() == 12
    secrets = [part.hex() for one in Ballot.objects.all() for part in (one.content, one.signature)]
    assert tables_with(secrets) == {"review_ballot"}
    settle_due(sessions.fresh(session), due(session))
    assert not Ballot.objects.exists()
    assert tables_with(secrets) == set()
    kept = KeptSum.objects.get(item=item)
    assert (kept.cast, kept.digest) == (12, hashlib.sha256(published.encode()).hexdigest())
    votes = Ciphertext(point(kept.votes[:SIZE]), point(kept.votes[SIZE:]))
    parts = {one.seat: one.part for one in item.opening_parts.all()}
    for seat, part in parts.items():
        counting.check_part(voting.booth_of(item), voting.ceremony_of(session), seat, votes, part)
    opened = counting.opened(votes, {seat: point(part[:SIZE]) for seat, part in parts.items()}, kept.cast)
    assert opened == (9, 3, 0) == (item.agree, item.against, item.abstain)
    entry = Entry.objects.get(step="delete_ballots")
    assert (entry.facts["ballots"], entry.facts["digests"]) == (12, {item.code: kept.digest})
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptSum.objects.all().delete()


@pytest.mark.rule("A-24")
def test_while_somebody_is_looked_into_ballots_stay(item: AgendaItem) -> None:
    session = item.session
    acceptances.accepted(session)
    Application.objects.filter(pk=item.application_id).update(hold=Hold.INVESTIGATION)
    ends = due(session)
    settle_due(sessions.fresh(session), ends)
    assert Ballot.objects.count() == 12
    assert due(session) > ends
    Application.objects.filter(pk=item.application_id).update(hold=Hold.NONE)
    settle_due(sessions.fresh(session), due(session))
    assert not Ballot.objects.exists()


def test_while_a_review_waits_for_its_answer_ballots_stay(item: AgendaItem) -> None:
    acceptances.accepted(item.session)
    application, agency = item.application, item.application.entry.agency
    assert agency is not None
    asked = ReviewRequest.objects.create(
        subject=application,
        person=application.applicant,
        told_at=acceptances.DECIDED,
        filed_at=acceptances.DECIDED,
        first_handler=agency,
        handler=agency,
    )
    first = due(item.session)
    settle_due(sessions.fresh(item.session), first)
    assert Ballot.objects.count() == 12
    assert due(item.session) > first
    answering.withdraw(asked, by=acting_personally(application.applicant), at=first)
    settle_due(sessions.fresh(item.session), due(item.session))
    assert not Ballot.objects.exists()


def test_pages_say_that_ballots_are_gone(item: AgendaItem, at: Callable[[dt.datetime], None]) -> None:
    session = item.session
    acceptances.accepted(session)
    ends = due(session)
    at(ends - dt.timedelta(minutes=1))
    office = accounts.client(acceptances.lead())
    page, record = (reverse(f"review:{name}", args=[session.code]) for name in ("ballots", "ballot_record"))
    assert record in office.get(page).content.decode()
    at(ends)
    settle_due(sessions.fresh(session), ends)
    shown = office.get(page).content.decode()
    assert "加密选票已于" in shown
    assert record not in shown
    assert office.get(record).status_code == 404
