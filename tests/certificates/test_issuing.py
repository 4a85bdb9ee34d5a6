"""From cleared results to certificates in force: who may, in which order numbers come, what speaks against, what follows."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from applications.domain import submitting
from applications.domain.holding import set_hold
from applications.enums import ApplicationState, Hold
from certificates.domain import desk_queries, making, ordering
from certificates.enums import CertificateState, OrderState
from certificates.models import Certificate, IssueOrder, LogLeaf, NationalPush, NumberSeries
from portal.accounts.actors import SYSTEM
from portal.accounts.models import IdentityDocument, Person
from portal.accounts.roles import Role
from portal.deadlines import setting
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared.errors import Refusal, StepNotOpen, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from review.domain import promising
from review.enums.accepting import PROMISE, AcceptanceState
from review.models import AcceptedCase
from tests.factories import acceptances, certificates
from tests.factories.certificates import MADE, ORDERED, PROPOSED

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cleared_keys(standing: Callable[..., Any]) -> list[int]:
    """Keep two cleared results of one batch for the module's tests; their keys."""
    return standing(lambda: [case.pk for case in certificates.cleared(2)])  # type: ignore[no-any-return]


@pytest.fixture
def cases(cleared_keys: list[int]) -> list[AcceptedCase]:
    return list(AcceptedCase.objects.with_all().filter(pk__in=cleared_keys).order_by("item__order"))


def disqualify(certificate: Certificate, at: dt.datetime) -> None:
    """Take the right to the title from the holder, as a decision in force does."""
    application = certificates.application_of(certificate)
    submitting.close(carry_out(application, "disqualify", by=SYSTEM, at=at, reason="申报材料造假"), at)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("R-123")
def test_an_order_is_given_by_another_than_who_proposed_it(cases: list[AcceptedCase]) -> None:
    lead = acceptances.lead()
    order = ordering.propose([case.code for case in cases], by=lead, at=PROPOSED)
    with pytest.raises(StepRefused) as refused:
        ordering.give(order, by=lead, at=ORDERED)
    assert codes(refused) == ["another_proposed"]
    with pytest.raises(StepNotPermitted):
        ordering.give(order, by=acceptances.clerk(), at=ORDERED)
    other = acceptances.officer(Role.BUREAU_LEAD, another=True)
    assert ordering.give(order, by=other, at=ORDERED).state == OrderState.RUNNING


@pytest.mark.rule("R-123")
def test_numbers_follow_the_order_and_the_day_is_that_of_the_order(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases))
    made = list(order.certificates.order_by("serial"))
    series = cases[0].application.entry.specialty.series.code
    assert [one.number for one in made] == [f"ZC112026{series}000001", f"ZC112026{series}000002"]
    assert [one.case_id for one in made] == [case.pk for case in cases]
    assert {one.issued_on for one in made} == {ORDERED.date()}
    assert {one.state for one in made} == {CertificateState.PREPARING}
    assert len({one.check_code for one in made}) == 2


def test_nobody_is_on_two_orders_and_a_dropped_one_sets_free(cases: list[AcceptedCase]) -> None:
    order = certificates.proposed(cases)
    with pytest.raises(Refusal) as refused:
        certificates.proposed(cases)
    assert codes(refused) == ["nobody_to_certify"]
    ordering.drop(order, by=acceptances.clerk(), at=ORDERED)
    assert certificates.proposed(cases).lines.count() == 2


def test_whoever_is_held_after_the_proposal_is_passed_over_without_a_number(cases: list[AcceptedCase]) -> None:
    order = certificates.proposed(cases)
    set_hold(cases[0].application, Hold.INVESTIGATION, at=ORDERED, basis="A-08")
    given = certificates.given(order)
    assert [one.case_id for one in given.certificates.all()] == [cases[1].pk]
    assert given.certificates.get().serial == 1
    line = given.lines.get(case=cases[0])
    assert (line.is_open, [one["basis"] for one in line.refusal]) == (False, ["A-08"])
    set_hold(cases[0].application, Hold.NONE, at=MADE, basis="A-08")
    assert [case.pk for case in ordering.free()] == [cases[0].pk]


@pytest.mark.parametrize(
    ("missing", "word"), [({"born_on": None}, "出生日期"), ({"sex": ""}, "性别"), ({"full_name": "王\ufffd"}, "U+FFFD")]
)
def test_a_face_that_is_not_whole_is_left_for_the_desk(
    cases: list[AcceptedCase], missing: dict[str, object], word: str
) -> None:
    Person.objects.filter(pk=cases[0].application.applicant_id).update(**missing)
    order = certificates.proposed(list(AcceptedCase.objects.filter(pk__in=[case.pk for case in cases])))
    assert [line.case_id for line in order.lines.all()] == [cases[1].pk]
    fresh = AcceptedCase.objects.with_all().select_related("item__session").get(pk=cases[0].pk)
    (reason,) = ordering.readiness.reasons_against([fresh], ORDERED)[fresh.pk]
    assert (reason.basis, word in str(reason.text)) == ("R-124", True)


def test_a_document_that_was_never_verified_names_nobody(cases: list[AcceptedCase]) -> None:
    people = [case.application.applicant_id for case in cases]
    IdentityDocument.objects.filter(person__in=people).update(verified_at=None, source="", verified_by=None)
    with pytest.raises(Refusal) as refused:
        certificates.proposed(cases)
    assert codes(refused) == ["nobody_to_certify"]


@pytest.mark.rule("R-123")
@pytest.mark.rule("R-124")
def test_the_issue_certifies_the_application_and_ends_batch_order_and_promise(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases))
    first, second = order.certificates.order_by("serial")
    done = certificates.issued(first)
    assert (done.state, done.version, done.issued_at) == (CertificateState.ISSUED, 1, MADE)
    assert certificates.application_of(first).state == ApplicationState.CERTIFIED
    order = IssueOrder.objects.get(pk=order.pk)
    batch = acceptances.fresh(cases[0].acceptance)
    assert (order.state, batch.state) == (OrderState.RUNNING, AcceptanceState.PUBLICISED)
    assert setting.waiting(PROMISE, batch) is not None
    certificates.issued(second)
    order = IssueOrder.objects.get(pk=order.pk)
    batch = acceptances.fresh(batch)
    assert (order.state, batch.state) == (OrderState.FINISHED, AcceptanceState.CERTIFIED)
    assert setting.waiting(PROMISE, batch) is None
    clock_ = promising.clock_of(batch)
    assert clock_ is not None
    assert promising.used(clock_, MADE) == 5  # 13 to 16 October and the 26th
    told = Notification.objects.filter(kind__startswith="certificates.certificate_issued")
    assert told.filter(person=first.holder, kind="certificates.certificate_issued").exists()
    assert told.filter(kind="certificates.certificate_issued_to_employer").exists()
    assert list(LogLeaf.objects.order_by("index").values_list("number", flat=True)) == [first.number, second.number]
    assert list(NationalPush.objects.order_by("pk").values_list("certificate", "standing")) == [
        (first.pk, "valid"),
        (second.pk, "valid"),
    ]


def test_a_hold_that_comes_while_the_paper_is_written_keeps_the_certificate_back(cases: list[AcceptedCase]) -> None:
    one = certificates.prepared(cases[0])
    set_hold(cases[0].application, Hold.INVESTIGATION, at=MADE, basis="A-08")
    with pytest.raises(StepRefused) as refused:
        certificates.issued(one)
    assert codes(refused) == ["on_hold"]
    assert Certificate.objects.get(pk=one.pk).file is None


def test_a_disqualified_application_voids_the_number_and_nobody_gets_it(cases: list[AcceptedCase]) -> None:
    one = certificates.prepared(cases[0])
    making.following.OfApplications().ended(cases[0].application, MADE)
    assert Certificate.objects.get(pk=one.pk).state == CertificateState.VOIDED
    assert certificates.prepared(cases[1]).serial == one.serial + 1


def test_an_order_ends_when_its_last_open_number_is_voided(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases))
    first, second = order.certificates.order_by("serial")
    certificates.issued(first)
    disqualify(second, MADE)
    assert Certificate.objects.get(pk=second.pk).state == CertificateState.VOIDED
    done = IssueOrder.objects.get(pk=order.pk)
    assert (done.state, done.finished_at) == (OrderState.FINISHED, MADE)
    assert not done.lines.filter(is_open=True).exists()


def test_an_order_goes_on_while_another_number_of_it_is_open(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases))
    disqualify(order.certificates.get(serial=1), MADE)
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.RUNNING
    certificates.issued(order.certificates.get(serial=2))
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED


def test_an_order_whose_last_number_ended_unnoticed_is_closed_by_the_next_round(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases[:1]))
    carry_out(order.certificates.get(), "void", by=SYSTEM, at=MADE, reason="申报资格已取消")
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.RUNNING
    making.work_off(seconds=5, now=lambda: MADE)
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED


def test_two_workers_issue_one_certificate_once(cases: list[AcceptedCase]) -> None:
    one = certificates.prepared(cases[0])
    certificates.issued(one)
    with pytest.raises(StepNotOpen):
        certificates.issued(one)
    assert NationalPush.objects.filter(certificate=one).count() == 1


def test_an_outage_however_long_is_waited_out_and_leaves_nothing_to_staff(
    cases: list[AcceptedCase], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_ATTEMPTS", 3)
    order, at = certificates.given(certificates.proposed(cases)), MADE
    for round_ in range(making.MOST_ATTEMPTS + 2):
        at = MADE + round_ * making.LONGEST_PAUSE
        assert making.work_off(seconds=60, now=lambda at=at: at) == 0
        assert list(order.certificates.values_list("attempts", flat=True)) == [0, 0]
        assert order.certificates.filter(not_before__gt=at).count() == 1  # the other was not asked for in vain
    assert not desk_queries.stuck_certificates().exists()
    settings.SEALING = {**settings.SEALING, "time_stamps": False}
    assert making.work_off(seconds=60, now=lambda: at + making.FIRST_PAUSE) == 2
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED


def test_what_fails_here_is_left_to_staff_after_many_attempts(
    cases: list[AcceptedCase], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_ATTEMPTS", 2)
    settings.SEALING = {**settings.SEALING, "keys": ""}
    certificates.given(certificates.proposed(cases))
    for round_ in range(making.MOST_ATTEMPTS):
        at = MADE + round_ * making.LONGEST_PAUSE
        assert making.work_off(seconds=60, now=lambda at=at: at) == 0
    assert desk_queries.stuck_certificates().count() == 2


def test_a_lease_keeps_others_off_and_runs_out(cases: list[AcceptedCase]) -> None:
    one = certificates.prepared(cases[0])
    assert making.claim(MADE) == one
    assert making.claim(MADE) is None
    again = making.claim(MADE + making.LEASE)
    assert again is not None
    assert (again, again.attempts) == (one, 2)


def test_the_face_and_the_number_are_frozen_in_the_database(cases: list[AcceptedCase]) -> None:
    one = certificates.prepared(cases[0])
    for change in ({"holder_name": "别人"}, {"number": "ZC1"}, {"title": "正高级工程师"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        NumberSeries.objects.update(last=0)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=one.pk).delete()


def test_readiness_asks_as_often_for_two_as_for_one(
    cases: list[AcceptedCase], django_assert_max_num_queries: Any
) -> None:
    rows = list(ordering.free())
    with django_assert_max_num_queries(6):
        ordering.readiness.reasons_against(rows, ORDERED)


def test_the_ledger_says_who_ordered_and_which_numbers(cases: list[AcceptedCase]) -> None:
    order = certificates.given(certificates.proposed(cases))
    steps = list(Entry.objects.filter(subject_type="certificates.IssueOrder", subject_id=order.pk).order_by("pk"))
    assert [entry.step for entry in steps] == ["propose", "give", "number"]
    assert steps[2].facts["count"] == 2


def test_a_long_order_is_numbered_portion_by_portion_and_ends_after_the_last(
    cases: list[AcceptedCase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "PORTION", 1)
    order = certificates.given(certificates.proposed(cases))
    certificates.issued(order.certificates.get())
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.RUNNING  # somebody has no number yet
    assert ordering.go_on(MADE)
    assert not ordering.go_on(MADE)
    second = order.certificates.get(state=CertificateState.PREPARING)
    assert (second.serial, second.issued_on) == (2, ORDERED.date())
    certificates.issued(second)
    assert IssueOrder.objects.get(pk=order.pk).state == OrderState.FINISHED
