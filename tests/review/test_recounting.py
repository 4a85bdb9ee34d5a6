"""Encrypted ballots are counted again before results are accepted: whatever was changed in the record is found (R-148, R-111)."""

from collections.abc import Callable

import pgtrigger
import pytest
from django.urls import reverse

from portal.ballot.casting import Choice
from portal.shared.errors import Refusal
from review.domain import accepting, accepting_checks, accepting_record, recounting, sitting, voting, voting_record
from review.models import AgendaItem, Ballot, CommitteeSession, KeySeat, OpeningPart, PaperCount, Recount
from review.tasks import recount_ballots
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories import voting as electronic

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R-148", "R-111")]
YES, NO = Choice.AGREE, Choice.AGAINST
TAMPERED = pgtrigger.ignore


def made_once() -> CommitteeSession:
    """Two cases of twelve present, of whom nine agreed, two did not and one said nothing."""
    entry = catalogue.published_entry()
    cases = sessions.ready(entry, 2)
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), cases, present=12)
    for item in sessions.items(meeting.session):
        meeting.counted(sessions.voting(item), [YES] * 9 + [NO] * 2)
    return sessions.signed(meeting.session)


@pytest.fixture
def signed(kept: CommitteeSession) -> CommitteeSession:
    return kept


def found_now(session: CommitteeSession) -> accepting_checks.Found:
    return accepting_checks.found_in(accepting_record.record_of(sessions.fresh(session), acceptances.TAKEN))


def codes(found: accepting_checks.Found, item: AgendaItem) -> set[str]:
    return {one.check for one in found.cases[item.pk].failed}


def test_a_small_session_is_counted_again_with_its_report(signed: CommitteeSession) -> None:
    batch = acceptances.reported(signed)
    found = found_now(signed)
    assert not found.reasons_without(())
    (line,) = [one for one in found.batch.rows if one["check"] == "recount"]
    assert "2项、22张" in line["note"]
    assert "2026-10-12" in line["note"]
    taken = accepting.take(batch, by=acceptances.clerk(), at=acceptances.TAKEN)
    assert accepting.accept(taken, by=acceptances.lead(), at=acceptances.DECIDED).state == "accepted"


def test_what_a_worker_still_counts_is_waited_for(signed: CommitteeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 21)
    batch = acceptances.taken(signed)
    with pytest.raises(Refusal) as refused:
        accepting.accept(batch, by=acceptances.lead(), at=acceptances.DECIDED)
    assert [(one.code, one.basis) for one in refused.value.reasons] == [("recount", "R-111")]
    assert recounting.waiting().count() == 2
    recount_ballots()
    assert Recount.objects.filter(fault="", ballots=11).count() == 2
    assert not recounting.waiting().exists()
    assert not found_now(signed).reasons_without(())


def other_ballot(item: AgendaItem) -> None:
    one, two = Ballot.objects.filter(voter__item=item)[:2]
    with TAMPERED("review.Ballot:ballots_stay"):
        Ballot.objects.filter(pk=one.pk).update(content=two.content)


def other_signature(item: AgendaItem) -> None:
    one, two = Ballot.objects.filter(voter__item=item)[:2]
    with TAMPERED("review.Ballot:ballots_stay"):
        Ballot.objects.filter(pk=one.pk).update(signature=two.signature)


def dropped_ballot(item: AgendaItem) -> None:
    with TAMPERED("review.Ballot:ballots_go_after_their_sum_is_kept"):
        Ballot.objects.filter(pk=Ballot.objects.filter(voter__item=item)[0].pk).delete()


def other_total(item: AgendaItem) -> None:
    with TAMPERED():
        AgendaItem.objects.filter(pk=item.pk).update(agree=10, against=1)


def other_part(item: AgendaItem) -> None:
    one, two = OpeningPart.objects.filter(item=item)
    with TAMPERED("review.OpeningPart:parts_stay"):
        OpeningPart.objects.filter(pk=one.pk).update(part=two.part)


def lost_part(item: AgendaItem) -> None:
    with TAMPERED("review.OpeningPart:parts_stay"):
        OpeningPart.objects.filter(pk=OpeningPart.objects.filter(item=item)[0].pk).delete()


CHANGES = {
    "signature": other_ballot,
    "signature ": other_signature,
    "partial": dropped_ballot,
    "outcome": other_total,
    "partial ": other_part,
    "threshold": lost_part,
}


@pytest.mark.parametrize(("fault", "change"), list(CHANGES.items()), ids=[one.__name__ for one in CHANGES.values()])
def test_a_changed_record_is_found(signed: CommitteeSession, fault: str, change: Callable[[AgendaItem], None]) -> None:
    changed, sound = sessions.items(signed)
    change(changed)
    acceptances.reported(signed)
    assert Recount.objects.get(item=changed).fault == fault.strip()
    found = found_now(signed)
    assert "ballots" in codes(found, changed)
    assert not codes(found, sound)
    (line,) = [one for one in found.cases[changed.pk].failed if one.check == "ballots"]
    assert changed.application.applicant.full_name in str(line.reasons[0].text)
    assert recounting.words_for(fault.strip()) in str(line.reasons[0].text)


def test_a_change_after_the_recount_is_found_by_its_digest(signed: CommitteeSession) -> None:
    acceptances.reported(signed)
    changed, sound = sessions.items(signed)
    other_ballot(changed)
    found = found_now(signed)
    assert codes(found, changed) == {"ballots"}
    assert "发生过变化" in str(found.cases[changed.pk].reasons[0].text)
    assert not codes(found, sound)


def test_a_key_that_was_exchanged_spoils_every_case(signed: CommitteeSession) -> None:
    acceptances.reported(signed)
    one, two, *_third = KeySeat.objects.filter(joint_key__session=signed)
    KeySeat.objects.filter(pk=one.pk).update(announcement=two.announcement)
    assert all(codes(found_now(signed), one) == {"ballots"} for one in sessions.items(signed))
    recounting.count_few(signed, acceptances.TAKEN)
    assert Recount.objects.filter(fault="possession", digest="").count() == 2


def test_a_case_without_any_record_of_its_vote_is_found(signed: CommitteeSession) -> None:
    record = accepting_record.record_of(sessions.fresh(signed), acceptances.TAKEN)
    record.__dict__["on_devices"] = record.items[1:]
    assert {one.check for one in accepting_checks.of_case(record.items[0], record).failed} == {"ballots"}


def test_cases_decided_on_devices_before_the_meeting_went_on_on_paper_need_no_paper_count(
    signed: CommitteeSession,
) -> None:
    record = accepting_record.record_of(sessions.fresh(signed), acceptances.TAKEN)
    record.session.mode = "paper"
    assert not [
        one for item in record.items for one in accepting_checks.of_case(item, record).failed if one.check == "totals"
    ]
    assert not PaperCount.objects.exists()


def test_other_scrutineers_on_paper_leave_what_devices_decided_to_be_counted_again() -> None:
    entry = catalogue.published_entry()
    meeting = electronic.opened(
        sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry, 2), present=12
    )
    first, second = sessions.items(meeting.session)
    meeting.counted(sessions.voting(first), [YES] * 9 + [NO] * 2)
    chair = sessions.chair(meeting.session)
    before = voting_record.record_of(meeting.session, chair)
    assert before is not None
    voting.go_on_on_paper(meeting.session, reason="两名监票人的设备损坏", by=chair, at=sessions.BEGUN)
    others = [one for one in sessions.ordinary(sessions.fresh(meeting.session)) if one.is_present][3:6]
    sitting.name_scrutineers(sessions.fresh(meeting.session), others, by=chair, at=sessions.BEGUN)
    assert voting_record.record_of(sessions.fresh(meeting.session), chair) == before
    sessions.decided(electronic.fresh(second), 9, 3)
    done = sessions.signed(sessions.fresh(meeting.session))
    acceptances.reported(done)
    assert list(Recount.objects.values_list("item", "fault")) == [(first.pk, "")]
    assert not codes(found_now(done), first)
    assert not codes(found_now(done), second)


def test_the_page_shows_the_line_with_its_time(signed: CommitteeSession) -> None:
    batch = acceptances.reported(signed)
    page = accounts.client(acceptances.clerk()).get(reverse("review:acceptance", args=[batch.code])).content.decode()
    assert "电子表决重新核验" in page
    assert "2项、22张加密选票" in page
