"""What a filing and a session do to each other, and what a signed session says of its experts' duty."""

import datetime as dt

import pytest

from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.shared.errors import StepRefused
from review.domain import duties, filing_steps, pool_queries
from review.enums.pooling import Attendance
from review.enums.sitting import SessionState
from review.models import CommitteeFiling, CommitteeSession, DutyRecord, SessionMember
from tests.factories import accounts, sessions

pytestmark = pytest.mark.django_db


def opened(entry: CatalogueEntry) -> CommitteeSession:
    assert entry.committee is not None
    return sessions.opened(sessions.planned(entry.committee), sessions.ready(entry))


def test_a_revoked_filing_cancels_what_did_not_open() -> None:
    session = sessions.accepted()
    head = accounts.actor(Role.BUREAU_LEAD)
    filing = CommitteeFiling.objects.get(pk=session.filing_id)
    filing_steps.revoke(filing, reason="超范围评审。", by=head, at=sessions.STARTS - dt.timedelta(hours=2))
    done = sessions.fresh(session)
    assert (done.state, done.end_reason) == (SessionState.CANCELLED, "评审委员会备案已撤销。")


def test_nobody_changes_on_the_roll_while_a_session_is_open(entry: CatalogueEntry) -> None:
    session = opened(entry)
    clerk = sessions.clerk(session)
    filing = CommitteeFiling.objects.get(pk=session.filing_id)
    with pytest.raises(StepRefused) as refused:
        filing_steps.amend(filing, reason="委员退休。", by=clerk, at=sessions.STARTS)
    assert [reason.code for reason in refused.value.reasons] == ["no_session_open"]


@pytest.mark.rule("R-164")
def test_a_signed_session_leaves_a_duty_record_for_each_who_answered_once(entry: CatalogueEntry) -> None:
    session = opened(entry)
    duties.note(session)
    duties.note(session)
    records = DutyRecord.objects.filter(session=session.code)
    came = session.members.exclude(checked_in_at=None).count()
    assert records.filter(attendance=Attendance.PRESENT).count() == came > 0
    assert records.count() == session.members.seated().count()
    term = SessionMember.objects.filter(session=session).exclude(checked_in_at=None).first().term  # type: ignore[union-attr]
    assert pool_queries.duty_of(term).present == 1
