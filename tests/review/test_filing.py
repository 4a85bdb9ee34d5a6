"""Filing a committee: handed in complete, sent back, filed, amended, running out, revoked (domain §8.12)."""

import datetime as dt
from typing import Any

import pytest

from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.models import CatalogueEntry
from portal.deadlines.ringing import ring_due
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from review.domain import filing_queries, filing_roll, filing_steps
from review.domain.filing import filing_of
from review.domain.pooling import drawable
from review.enums.filing import Change, Duty, FilingState
from review.enums.pooling import TermState
from review.guards import filing as guards
from review.models import CommitteeFiling, Expert, ExpertTerm
from tests.factories import accounts, catalogue, experts

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 8, 10, 0, tzinfo=clock.BEIJING)
FROM, TO = dt.date(2026, 8, 1), dt.date(2029, 7, 31)


class Desk:
    """The agency of one committee of the catalogue with its filing in hand, and the bureau."""

    def __init__(self, entry: CatalogueEntry) -> None:
        assert entry.committee is not None
        self.entry, self.committee = entry, entry.committee
        self.agency = self.committee.agency
        self.clerk = accounts.actor(Role.AGENCY_CLERK, at=self.agency)
        bureau = accounts.organisation(OrganisationKind.BUREAU)
        self.bureau = accounts.actor(Role.BUREAU_CLERK, at=bureau)
        self.head = accounts.actor(Role.BUREAU_LEAD, at=bureau)

    def told(self, **changes: object) -> filing_roll.Told:
        defaults: dict[str, object] = {
            "name": self.committee.name,
            "band": Band.SENIOR,
            "series": self.entry.specialty.series,
            "specialty": self.entry.specialty,
            "size": 11,
        }
        return filing_roll.Told(**{**defaults, **changes})  # type: ignore[arg-type]

    def started(self, members: int = 0, **changes: object) -> CommitteeFiling:
        filing = filing_roll.start(self.agency, self.told(**changes), by=self.clerk, at=AT)
        if members:
            terms = experts.appointed(self.agency, members, of=filing.series, ends_on=TO)
            self.put(filing, terms)
        return filing

    def put(self, filing: CommitteeFiling, terms: list[ExpertTerm]) -> None:
        filing_roll.put(filing, terms, by=self.clerk, at=AT)

    def chaired(self, filing: CommitteeFiling) -> CommitteeFiling:
        filing_roll.give_duty(filing, filing.roll()[0], Duty.CHAIR, by=self.clerk, at=AT)
        return filing

    def submitted(self, members: int = 13, **changes: object) -> CommitteeFiling:
        return filing_steps.submit(self.chaired(self.started(members, **changes)), by=self.clerk, at=AT)

    def filed(self, *, number: str = "京人社评备〔2026〕1号", valid_to: dt.date = TO) -> CommitteeFiling:
        filing = self.submitted()
        return filing_steps.record(filing, number=number, valid_from=FROM, valid_to=valid_to, by=self.head, at=AT)


@pytest.fixture
def desk(entry: CatalogueEntry) -> Desk:
    return Desk(entry)


def codes(refusal: Refusal) -> set[str]:
    return {reason.code for reason in refusal.reasons}


def told(kind: str) -> int:
    return Notification.objects.filter(kind=f"review.{kind}").count()


def fresh(filing: CommitteeFiling) -> CommitteeFiling:
    return CommitteeFiling.objects.get(pk=filing.pk)


# --- Making one -------------------------------------------------------------------------------
@pytest.mark.rule("R-003")
def test_an_agency_files_only_what_the_list_lets_it_evaluate(desk: Desk) -> None:
    other = catalogue.specialty(desk.entry.specialty.series.code)
    for changes in ({"band": Band.JUNIOR}, {"specialty": other}, {"series": experts.series("06"), "specialty": None}):
        with pytest.raises(StepRefused) as refused:
            desk.started(**changes)
        assert codes(refused.value) == {"authority_covers"}
    stranger = accounts.actor(Role.AGENCY_CLERK)
    with pytest.raises(StepNotPermitted):
        filing_roll.start(desk.agency, desk.told(), by=stranger, at=AT)


def test_one_committee_has_one_filing_under_way(desk: Desk) -> None:
    desk.started()
    with pytest.raises(StepRefused) as refused:
        desk.started()
    assert codes(refused.value) == {"already_under_way"}


def test_a_specialty_of_another_series_is_no_scope(desk: Desk) -> None:
    with pytest.raises(StepRefused) as refused:
        desk.started(specialty=catalogue.specialty("06"))
    assert "one_scope" in codes(refused.value)


@pytest.mark.rule("A-36")
@pytest.mark.parametrize(
    ("band", "by_series", "least"),
    [(Band.SENIOR, True, 25), (Band.SENIOR, False, 11), (Band.INTERMEDIATE, False, 11), (Band.JUNIOR, True, 7)],
)
def test_the_least_number_comes_from_the_policy(desk: Desk, band: Band, least: int, *, by_series: bool) -> None:
    filing = CommitteeFiling(band=band, is_by_series=by_series, size=least)
    assert guards.least_size(filing, AT.date()) == least
    filing.approved_least = 5
    assert guards.least_size(filing, AT.date()) == 5


@pytest.mark.rule("A-36")
def test_everything_that_is_missing_is_named_at_once(desk: Desk) -> None:
    filing = desk.started(size=9)
    with pytest.raises(StepRefused) as refused:
        filing_steps.submit(filing, by=desk.clerk, at=AT)
    assert codes(refused.value) == {"size_suffices", "roll_suffices", "chair_named"}
    with pytest.raises(StepRefused) as refused:
        filing_roll.revise(filing, desk.told(size=12), by=desk.clerk, at=AT)
    assert codes(refused.value) == {"size_is_odd"}


def test_only_those_who_serve_in_the_pool_come_on_the_roll(desk: Desk) -> None:
    filing = desk.started(11)
    (stranger,) = experts.appointed(accounts.organisation(OrganisationKind.AGENCY))
    (junior,) = experts.appointed(desk.agency, band=Band.JUNIOR)
    for term in (stranger, junior, filing.roll()[0].term):
        with pytest.raises(Refusal) as refused:
            desk.put(filing, [term])
        assert codes(refused.value) == {"not_in_the_pool"}


def test_who_left_the_pool_or_holds_too_low_a_title_stops_the_filing(desk: Desk) -> None:
    filing = desk.chaired(desk.started(13))
    chair, first, second, *_rest = filing.roll()
    ExpertTerm.objects.filter(pk=first.term_id).update(state=TermState.ENDED)
    Expert.objects.filter(pk=second.term.expert_id).update(level=catalogue.level(LevelKey.INTERMEDIATE))
    with pytest.raises(StepRefused) as refused:
        filing_steps.submit(filing, by=desk.clerk, at=AT)
    texts = {reason.code: str(reason.text) for reason in refused.value.reasons}
    assert texts.keys() == {"terms_hold", "levels_suffice"}
    assert first.term.expert.person.full_name in texts["terms_hold"]
    assert second.term.expert.person.full_name in texts["levels_suffice"]
    filing_roll.take_out(filing, first, by=desk.clerk, at=AT)
    filing_roll.take_out(filing, second, by=desk.clerk, at=AT)
    assert filing_steps.submit(filing, by=desk.clerk, at=AT).state == FilingState.SUBMITTED
    assert [one.duty for one in filing.roll()][:2] == [Duty.CHAIR, Duty.MEMBER]
    assert filing.roll()[0].pk == chair.pk


def test_a_new_chair_makes_the_one_before_a_member(desk: Desk) -> None:
    filing = desk.chaired(desk.started(3))
    _chair, second, _third = filing.roll()
    filing_roll.give_duty(filing, second, Duty.CHAIR, by=desk.clerk, at=AT)
    assert [(one.pk == second.pk, one.duty) for one in filing.roll()] == [
        (True, Duty.CHAIR),
        (False, Duty.MEMBER),
        (False, Duty.MEMBER),
    ]


# --- The bureau -------------------------------------------------------------------------------
def test_the_bureau_sends_back_and_the_agency_hands_in_again(desk: Desk) -> None:
    filing = desk.submitted()
    assert told("filing_submitted") == 2
    with pytest.raises(StepRefused) as refused:
        filing_steps.send_back(filing, reason="", by=desk.bureau, at=AT)
    assert codes(refused.value) == {"reason_given"}
    back = filing_steps.send_back(filing, reason="请补充青年专家。", by=desk.bureau, at=AT)
    assert (back.state, back.reason) == (FilingState.SENT_BACK, "请补充青年专家。")
    assert filing_steps.submit(filing, by=desk.clerk, at=AT).state == FilingState.SUBMITTED
    with pytest.raises(StepNotPermitted):
        filing_steps.refuse(filing, reason="超出权限。", by=desk.bureau, at=AT)
    assert filing_steps.refuse(filing, reason="超出权限。", by=desk.head, at=AT).state == FilingState.REFUSED
    assert (told("filing_sent_back"), told("filing_refused")) == (1, 1)


@pytest.mark.rule("A-36")
def test_fewer_members_are_asked_for_with_a_reason_and_approved_before_the_filing(desk: Desk) -> None:
    filing = desk.chaired(desk.started(9, size=9, small_reason="全市该专业正高级专家不足。"))
    filing = filing_steps.submit(filing, by=desk.clerk, at=AT)
    book: dict[str, Any] = {"number": "备1", "valid_from": FROM, "valid_to": TO}
    with pytest.raises(StepRefused) as refused:
        filing_steps.record(filing, **book, by=desk.head, at=AT)
    assert codes(refused.value) == {"size_suffices"}
    with pytest.raises(StepRefused) as refused:
        filing_steps.approve_size(filing, least=8, reason="同意。", by=desk.head, at=AT)
    assert codes(refused.value) == {"least_is_odd"}
    filing_steps.approve_size(filing, least=9, reason="专业人员稀缺，同意。", by=desk.head, at=AT)
    done = filing_steps.record(filing, **book, by=desk.head, at=AT)
    assert done.state == FilingState.FILED


@pytest.mark.rule("A-55")
def test_a_filing_holds_three_years_to_the_day_under_a_number_of_its_own(desk: Desk) -> None:
    filing = desk.submitted()
    for last, text in (
        (TO + dt.timedelta(days=1), "备案有效期不超过3年，最晚到2029年7月31日。"),
        (FROM - dt.timedelta(days=1), "有效期截止日期不能早于起始日期和今天。"),
    ):
        with pytest.raises(StepRefused) as refused:
            filing_steps.record(filing, number="备1", valid_from=FROM, valid_to=last, by=desk.head, at=AT)
        assert [str(reason.text) for reason in refused.value.reasons] == [text]
    with pytest.raises(StepRefused) as refused:
        filing_steps.record(filing, number=" ", valid_from=FROM, valid_to=TO, by=desk.head, at=AT)
    assert codes(refused.value) == {"number_is_new"}
    with pytest.raises(StepNotPermitted):
        filing_steps.record(filing, number="备1", valid_from=FROM, valid_to=TO, by=desk.bureau, at=AT)
    done = filing_steps.record(filing, number="备1", valid_from=FROM, valid_to=TO, by=desk.head, at=AT)
    assert filing_of(desk.committee, FROM) == done
    assert told("filing_recorded") == 1


def test_a_renewal_begins_after_the_last_day_of_the_one_before(desk: Desk) -> None:
    filing = desk.filed(number="备1")
    renewal = filing_roll.start_renewal(filing, by=desk.clerk, at=AT)
    assert len(renewal.roll()) == 13
    assert renewal.roll()[0].duty == Duty.CHAIR
    filing_steps.submit(renewal, by=desk.clerk, at=AT)
    days: dict[str, Any] = {"valid_from": TO, "valid_to": TO + dt.timedelta(days=300)}
    with pytest.raises(StepRefused) as refused:
        filing_steps.record(renewal, number="备1", **days, by=desk.head, at=AT)
    assert codes(refused.value) == {"no_two_at_once", "number_is_new"}
    days["valid_from"] += dt.timedelta(days=1)
    assert filing_steps.record(renewal, number="备2", **days, by=desk.head, at=AT).state == FilingState.FILED
    assert filing_of(desk.committee, TO) == filing
    assert filing_of(desk.committee, TO + dt.timedelta(days=1)) == renewal


# --- Amendments -------------------------------------------------------------------------------
def test_a_change_counts_once_the_bureau_confirmed_it(desk: Desk) -> None:
    filing = desk.filed()
    chair, leaving, deputy, *_rest = filing.roll()
    filing_steps.amend(filing, reason="委员退休。", by=desk.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        filing_steps.hand_in_change(filing, by=desk.clerk, at=AT)
    assert codes(refused.value) == {"something_changes"}
    (new,) = experts.appointed(desk.agency, of=filing.series, ends_on=TO)
    desk.put(filing, [new])
    filing_roll.take_out(filing, leaving, by=desk.clerk, at=AT)
    filing_roll.give_duty(filing, deputy, Duty.CHAIR, by=desk.clerk, at=AT)

    before = set(drawable(filing, FROM).values_list("pk", flat=True))
    assert leaving.term_id in before
    assert new.pk not in before
    assert filing_of(desk.committee, FROM) == filing
    with pytest.raises(StepRefused) as refused:
        filing_steps.confirm_change(filing, by=desk.bureau, at=AT)
    assert codes(refused.value) == {"change_handed_in"}
    filing_steps.hand_in_change(filing, by=desk.clerk, at=AT)
    done = filing_steps.confirm_change(filing, by=desk.bureau, at=AT)

    after = set(drawable(filing, FROM).values_list("pk", flat=True))
    assert after == before - {leaving.term_id} | {new.pk}
    assert done.state == FilingState.FILED
    duties = {one.term_id: one.duty for one in done.roll()}
    assert (duties[deputy.term_id], duties[chair.term_id]) == (Duty.CHAIR, Duty.MEMBER)
    assert told("filing_change_confirmed") == 1


def test_a_change_after_handing_in_is_handed_in_again_and_a_dropped_one_leaves_no_trace(desk: Desk) -> None:
    filing = desk.filed()
    one, other, *_rest = filing.roll()[1:]
    filing_steps.amend(filing, reason="委员退休。", by=desk.clerk, at=AT)
    filing_roll.take_out(filing, one, by=desk.clerk, at=AT)
    filing_steps.hand_in_change(filing, by=desk.clerk, at=AT)
    filing_roll.take_out(filing, other, by=desk.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        filing_steps.confirm_change(filing, by=desk.bureau, at=AT)
    assert codes(refused.value) == {"change_handed_in"}
    filing_roll.keep(filing, other, by=desk.clerk, at=AT)
    filing_steps.drop_change(filing, reason="委员留任。", by=desk.clerk, at=AT)
    assert all(member.change == Change.NONE and member.is_listed for member in filing.roll())
    assert len(filing.roll()) == 13


def test_too_few_members_left_cannot_be_handed_in_and_nobody_changes_while_a_session_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    filing = desk.filed()
    filing_steps.amend(filing, reason="委员退休。", by=desk.clerk, at=AT)
    for member in filing.roll()[-3:]:
        filing_roll.take_out(filing, member, by=desk.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        filing_steps.hand_in_change(filing, by=desk.clerk, at=AT)
    assert codes(refused.value) == {"roll_suffices"}
    filing_steps.drop_change(filing, reason="暂不调整。", by=desk.clerk, at=AT)
    monkeypatch.setattr(guards, "_sitting", [lambda filing: True])
    with pytest.raises(StepRefused) as refused:
        filing_steps.amend(filing, reason="委员退休。", by=desk.clerk, at=AT)
    assert codes(refused.value) == {"no_session_open"}


def test_what_is_filed_is_not_edited_by_hand(desk: Desk) -> None:
    filing = desk.filed()
    with pytest.raises(Refusal) as refused:
        filing_roll.take_out(filing, filing.roll()[1], by=desk.clerk, at=AT)
    assert codes(refused.value) == {"not_editable"}


# --- The end ----------------------------------------------------------------------------------
@pytest.mark.rule("A-55")
def test_a_filing_runs_out_by_itself_after_ninety_days_of_warning(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing_steps, "_listeners", [])
    filing = desk.filed()
    ended: list[int] = []

    def listener(row: CommitteeFiling, at: dt.datetime) -> None:
        ended.append(row.pk)

    filing_steps.on_end(listener)
    over = clock.end_of(TO)
    ring_due(at=over - dt.timedelta(days=90, seconds=1))
    assert fresh(filing).state == FilingState.FILED
    ring_due(at=over - dt.timedelta(days=90))
    assert (fresh(filing).state, told("filing_expiring")) == (FilingState.EXPIRING, 1)
    assert filing_of(desk.committee, TO) is not None
    ring_due(at=over - dt.timedelta(seconds=1))
    assert fresh(filing).state == FilingState.EXPIRING
    ring_due(at=over + dt.timedelta(days=2))
    assert fresh(filing).state == FilingState.EXPIRED
    assert ended == [filing.pk]
    assert told("filing_expired") == 3
    assert history_of(filing).last().at == over  # type: ignore[union-attr]


def test_a_change_confirmed_in_the_last_ninety_days_does_not_hide_them(desk: Desk) -> None:
    filing = desk.filed()
    near = clock.end_of(TO) - dt.timedelta(days=60)
    ExpertTerm.objects.filter(places__filing=filing).update(ends_on=TO)
    filing_steps.amend(filing, reason="委员退休。", by=desk.clerk, at=near)
    filing_roll.take_out(filing, filing.roll()[-1], by=desk.clerk, at=near)
    filing_steps.hand_in_change(filing, by=desk.clerk, at=near)
    assert filing_steps.confirm_change(filing, by=desk.bureau, at=near).state == FilingState.EXPIRING
    assert told("filing_expiring") == 1


def test_a_revoked_filing_ends_what_hangs_on_it_and_its_timers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing_steps, "_listeners", [])
    filing = desk.filed()
    ended: list[int] = []

    def listener(row: CommitteeFiling, at: dt.datetime) -> None:
        ended.append(row.pk)

    filing_steps.on_end(listener)
    with pytest.raises(StepNotPermitted):
        filing_steps.revoke(filing, reason="超范围评审。", by=desk.clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        filing_steps.revoke(filing, reason=" ", by=desk.head, at=AT)
    assert codes(refused.value) == {"reason_given"}
    filing_steps.revoke(filing, reason="超范围评审。", by=desk.head, at=AT)
    assert ended == [filing.pk]
    assert filing_of(desk.committee, FROM) is None
    ring_due(at=clock.end_of(TO))
    assert (fresh(filing).state, told("filing_expired")) == (FilingState.REVOKED, 0)


def test_the_bureau_sees_what_was_handed_in_and_an_agency_its_own(desk: Desk) -> None:
    draft = desk.started()
    assert list(CommitteeFiling.objects.at(desk.clerk)) == [draft]
    assert not CommitteeFiling.objects.at(desk.bureau).exists()
    assert not CommitteeFiling.objects.at(accounts.actor(Role.AGENCY_LEAD)).exists()


@pytest.mark.rule("R-161")
def test_too_few_from_outside_are_a_warning_and_no_refusal(desk: Desk) -> None:
    filing = desk.started(11)
    own = [one.term.expert_id for one in filing.planned_roll()][:8]
    assert not filing_queries.from_outside(filing, AT).is_low
    Expert.objects.filter(pk__in=own).update(employer_name=filing.agency.name)
    fresh = CommitteeFiling.objects.with_all().get(pk=filing.pk)
    share = filing_queries.from_outside(fresh, AT)
    assert (share.outside, share.total, share.percent, share.line, share.is_low) == (3, 11, 27, 30, True)
    assert filing_steps.submit(desk.chaired(fresh), by=desk.clerk, at=AT).state == FilingState.SUBMITTED
