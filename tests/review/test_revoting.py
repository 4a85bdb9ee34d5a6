"""A new vote by other members, of one case alone; and applicants whose committee may not sit any more."""

import datetime as dt

import pytest

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.catalogue.models import CatalogueEntry
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import agenda, drawing, filing_steps, revoting
from review.enums.sitting import ItemState, SessionState
from review.models import AgendaItem, CommitteeSession
from tests.factories import catalogue, filings, sessions
from tests.factories.sessions import BEGUN

pytestmark = pytest.mark.django_db
WHY = "计票时一名应当回避的委员没有离场，程序有误。"
LATER = BEGUN + dt.timedelta(days=9)


def made_once() -> CommitteeSession:
    """A signed session of two cases, one passed and one failed."""
    entry = catalogue.published_entry()
    session = sessions.opened(sessions.planned(entry.committee, members=30, size=11), sessions.ready(entry, 2))
    first, second = sessions.items(session)
    sessions.decided(first, agree=9, against=2)
    sessions.decided(second, agree=2, against=9)
    return sessions.signed(session)


@pytest.fixture
def signed(kept: CommitteeSession) -> CommitteeSession:
    return kept


def told(kind: str) -> list[int]:
    return sorted(Notification.objects.filter(kind=kind).values_list("person", flat=True))


@pytest.mark.rule("A-24")
def test_one_case_is_voted_on_again_by_other_members(signed: CommitteeSession, bureau_lead: Actor) -> None:
    passed, failed = sessions.items(signed)
    done = revoting.void_case(failed, reason=WHY, by=bureau_lead, at=LATER)
    assert (done.state, done.reason, done.agree) == (ItemState.VOIDED, WHY, 2)
    again = Application.objects.get(pk=failed.application_id)
    assert again.state == ApplicationState.READY_FOR_COMMITTEE
    assert sessions.fresh(signed).state == SessionState.SIGNED
    assert AgendaItem.objects.get(pk=passed.pk).state == ItemState.DECIDED_PASS
    assert Application.objects.get(pk=passed.application_id).state == ApplicationState.VOTED_PASS
    assert Entry.objects.get(step="order_new_vote").note == WHY
    assert told("review.voted_again") == [again.applicant_id]
    assert told("review.case_voided")
    sat = set(signed.members.values_list("term__code", flat=True))
    pool = drawing.pool_of(sessions.planned(signed.committee))
    assert not sat & set(pool.eligible)
    assert {one["basis"] for one in pool.excluded} == {"A-24"}
    assert revoting.void_case(done, reason=WHY, by=bureau_lead, at=LATER).state_since == LATER
    assert Entry.objects.filter(step="vote_again").count() == 1


@pytest.mark.rule("A-24")
def test_a_session_drawn_before_does_not_take_the_case_from_the_same_members(
    signed: CommitteeSession, bureau_lead: Actor
) -> None:
    """The same people could sit in a session that was drawn while nothing was void yet."""
    other = sessions.convened(sessions.planned(signed.committee))
    assert set(other.members.values_list("person", flat=True)) & set(signed.members.values_list("person", flat=True))
    failed = sessions.items(signed)[1]
    revoting.void_case(failed, reason=WHY, by=SYSTEM, at=LATER)
    case = Application.objects.get(pk=failed.application_id)
    with pytest.raises(Refusal) as refused:
        agenda.put_on(other, case, by=sessions.clerk(other), at=LATER)
    assert [reason.code for reason in refused.value.reasons] == ["sat_before"]


@pytest.mark.rule("A-24")
def test_nothing_is_voided_by_others_or_without_a_reason_or_too_early(
    signed: CommitteeSession, bureau_lead: Actor, bureau_clerk: Actor
) -> None:
    item = sessions.items(signed)[0]
    for other in (bureau_clerk, sessions.lead(signed), sessions.chair(signed)):
        with pytest.raises(StepNotPermitted):
            revoting.void_case(item, reason=WHY, by=other, at=LATER)
    with pytest.raises(Refusal) as refused:
        revoting.void_case(item, reason="有误", by=bureau_lead, at=LATER)
    assert [reason.code for reason in refused.value.reasons] == ["reason_given"]
    unsigned = AgendaItem(session=CommitteeSession(state=SessionState.OPEN), state=ItemState.DECIDED_PASS)
    unsigned.application = item.application
    assert [reason.code for reason in revoting._against_voiding(unsigned, revoting.VOTED, WHY, LATER)] == ["not_signed"]


@pytest.mark.rule("R-195", "E-15")
def test_whose_committee_may_not_sit_is_told_that_the_case_waits(entry: CatalogueEntry, bureau_lead: Actor) -> None:
    assert entry.committee is not None
    waiting, listed = sessions.ready(entry, 2)
    session = sessions.convened(sessions.planned(entry.committee), [listed])
    filing_steps.revoke(session.filing, reason="抽查发现备案材料不实，予以撤销。", by=bureau_lead, at=sessions.CONVENED)
    assert told("review.committee_waits") == sorted([waiting.applicant_id, listed.applicant_id])
    assert sessions.fresh(session).state == SessionState.CANCELLED


@pytest.mark.rule("E-15")
def test_where_another_filing_holds_nobody_is_told(entry: CatalogueEntry, bureau_lead: Actor) -> None:
    assert entry.committee is not None
    sessions.ready(entry)
    first = sessions.filing(entry.committee)
    filings.filed(entry.committee, 15)
    filing_steps.revoke(first, reason="抽查发现备案材料不实，予以撤销。", by=bureau_lead, at=sessions.CONVENED)
    assert told("review.committee_waits") == []
