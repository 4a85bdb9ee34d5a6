"""The agency's check by the domain's own functions: each step, each refusal with its reason."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.domain import submitting
from applications.enums import CORRECTION, FIRST_CHECK
from applications.models import Application
from applications.views.addresses import defects_of
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.ledger.queries import history_of
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepNotPermitted, StepRefused
from review.domain import checking, deciding, passing
from review.domain.checking import Found
from review.enums.checking import Ground, Proposal, Verdict
from review.models import AgencyReview, Finding
from tests.factories import accounts, agency_reviews, scoring

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 7, 29, 10, 0, tzinfo=clock.BEIJING)
TEXT = "请补充近三年的业绩证明材料。"


def reasons(refused: Any) -> dict[str, str]:
    return {reason.code: reason.basis for reason in refused.value.reasons}


def kinds_told(application: Application) -> set[str]:
    return set(Notification.objects.filter(about_id=application.pk).values_list("kind", flat=True))


@pytest.mark.rule("R-026", "R-097")
def test_a_recommended_file_is_queued_with_the_time_of_the_first_check(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    assert (review.state, review.assignee, review.agency) == ("queued", None, review.committee.agency)
    assert review.due_at == entry.schedule.agency_closes_at
    assert setting.waiting(FIRST_CHECK, review.application).due_at == review.due_at
    assert review.snapshot == review.application.recommendation.snapshot
    assert [one.step for one in history_of(review)] == ["arrive"]


@pytest.mark.rule("R-090")
def test_only_its_own_agency_sees_and_takes_it(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    stranger, clerk = accounts.actor(Role.AGENCY_CLERK), agency_reviews.clerk_of(review)
    assert not AgencyReview.objects.at(stranger).exists()
    assert AgencyReview.objects.at(clerk).get() == review
    with pytest.raises(StepNotPermitted) as refused:
        checking.take(review, by=stranger, at=AT)
    assert "step_not_permitted" in reasons(refused)
    taken = checking.take(review, by=clerk, at=AT)
    assert (taken.state, taken.assignee) == ("checking", clerk.person)
    assert Application.objects.get(pk=review.application_id).state == "under_review"
    with pytest.raises(StepNotOpen):
        checking.take(review, by=clerk, at=AT)


@pytest.mark.rule("R-090")
def test_what_was_given_to_one_is_not_taken_by_another_but_by_the_lead(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    clerk, lead = agency_reviews.clerk_of(review), agency_reviews.lead_of(review)
    other = accounts.actor(Role.AGENCY_CLERK, at=review.agency)
    checking.assign(review, other.person, by=lead, at=AT)
    with pytest.raises(StepRefused) as refused:
        checking.take(review, by=clerk, at=AT)
    assert reasons(refused) == {"not_anothers": "R-090"}
    with pytest.raises(StepNotPermitted) as refused:
        checking.assign(review, clerk.person, by=clerk, at=AT)
    assert reasons(refused) == {"not_anothers": "R-090"}
    outsider = accounts.actor(Role.AGENCY_CLERK)
    with pytest.raises(StepRefused) as refused:
        checking.assign(review, outsider.person, by=lead, at=AT)
    assert reasons(refused) == {"not_a_colleague": "R-090"}
    checking.take(review, by=other, at=AT)
    checking.assign(review, clerk.person, by=other, at=AT, note="出差")
    assert agency_reviews.fresh(review).assignee == clerk.person
    assert [one.step for one in history_of(review)].count("assign") == 2


@pytest.mark.rule("R-091")
def test_a_defect_needs_ten_signs_and_a_rule_and_the_rest_is_kept(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk = agency_reviews.clerk_of(review)
    found = {
        "person": Found(Verdict.FINE),
        "post": Found(Verdict.DEFECT, "太短", Ground.FORM),
        "summary": Found(Verdict.DEFECT, TEXT, ""),
        "nothing": Found(Verdict.FINE),
    }
    saved = checking.find(review, found, by=clerk, at=AT)
    assert saved.stored == ("person",)
    assert {key: reason.code for key, reason in saved.unfit.items()} == {
        "post": "text_too_short",
        "summary": "basis_missing",
        "nothing": "item_unknown",
    }
    kept = {"person": "fine", "post": "unfinished", "summary": "unfinished"}
    assert dict(Finding.objects.values_list("item", "verdict")) == kept


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk = agency_reviews.clerk_of(review)
    first = checking.find(review, {"post": Found(Verdict.DEFECT, TEXT, Ground.FORM, version=0)}, by=clerk, at=AT)
    assert first.version == 1
    late = checking.find(review, {"post": Found(Verdict.FINE, version=0)}, by=clerk, at=AT)
    assert late.conflicts["post"].text == TEXT
    assert Finding.objects.get(item="post").verdict == "defect"
    checking.find(review, {"post": Found(Verdict.FINE, version=1)}, by=clerk, at=AT)
    assert Finding.objects.get(item="post").verdict == "fine"


def test_only_who_checks_finds_and_not_while_a_proposal_waits(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk, lead = agency_reviews.clerk_of(review), agency_reviews.lead_of(review)
    with pytest.raises(StepNotPermitted) as refused:
        checking.find(review, {"post": Found(Verdict.FINE)}, by=lead, at=AT)
    assert reasons(refused) == {"handled_by_maker": "R-090"}
    agency_reviews.found(review, at=AT)
    checking.propose(review, Proposal.PASS, by=clerk, at=AT)
    with pytest.raises(StepNotOpen) as refused:
        checking.find(review, {"post": Found(Verdict.FINE)}, by=clerk, at=AT)
    assert reasons(refused) == {"nothing_proposed": "R-096"}
    with pytest.raises(StepNotOpen):
        checking.assign(review, lead.person, by=lead, at=AT)


@pytest.mark.rule("R-090", "R-091", "R-096")
def test_what_speaks_against_a_proposal(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk = agency_reviews.clerk_of(review)
    for kind, codes in {
        Proposal.PASS: {"everything_decided"},
        Proposal.RETURN: {"everything_decided", "defects_when_returning"},
        Proposal.REJECT: {"reason_when_rejecting", "rule_when_rejecting"},
        "whatever": {"proposal_chosen", "everything_decided"},
    }.items():
        with pytest.raises(StepRefused) as refused:
            checking.propose(review, kind, by=clerk, at=AT)
        assert set(reasons(refused)) == codes
    agency_reviews.found(review, {"summary": TEXT}, at=AT)
    with pytest.raises(StepRefused) as refused:
        checking.propose(review, Proposal.PASS, by=clerk, at=AT)
    assert reasons(refused) == {"no_defect_when_passing": "R-096"}
    with pytest.raises(StepRefused) as refused:
        checking.propose(review, Proposal.RETURN, by=agency_reviews.lead_of(review), at=AT)
    assert reasons(refused) == {"handled_by_maker": "R-090"}
    checking.propose(review, Proposal.RETURN, by=clerk, at=AT)
    with pytest.raises(StepRefused) as refused:
        checking.propose(review, Proposal.RETURN, by=clerk, at=AT)
    assert reasons(refused) == {"nothing_proposed": "R-096"}


@pytest.mark.rule("R-096")
def test_who_proposes_does_not_confirm(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    lead, second = agency_reviews.lead_of(review), accounts.actor(Role.AGENCY_LEAD, at=review.agency)
    review = checking.take(review, by=lead, at=AT)
    keys = [item.key for item in checking.items_of(review.snapshot, review.committee)]
    checking.find(review, {key: Found(Verdict.FINE) for key in keys}, by=lead, at=AT)
    checking.propose(review, Proposal.PASS, by=lead, at=AT)
    with pytest.raises(StepRefused) as refused:
        passing.pass_review(review, by=lead, at=AT)
    assert reasons(refused) == {"another_proposed": "R-096"}
    with pytest.raises(StepNotPermitted):
        passing.pass_review(review, by=agency_reviews.clerk_of(review), at=AT)
    passed = passing.pass_review(review, by=second, at=AT)
    assert (passed.state, passed.decided_by) == ("passed", second.person)
    with pytest.raises(IntegrityError, match="review_by_four_eyes"), transaction.atomic():
        AgencyReview.objects.filter(pk=review.pk).update(decided_by=passed.proposed_by)


@pytest.mark.rule("R-096")
def test_who_found_does_not_confirm_what_a_colleague_proposes(entry: CatalogueEntry) -> None:
    review = agency_reviews.queued(entry)
    lead, clerk = agency_reviews.lead_of(review), agency_reviews.clerk_of(review)
    review = checking.take(review, by=lead, at=AT)
    fine = {item.key: Found(Verdict.FINE) for item in checking.items_of(review.snapshot, review.committee)}
    checking.find(review, fine, by=lead, at=AT)
    checking.assign(review, clerk.person, by=lead, at=AT)
    checking.propose(review, Proposal.PASS, by=clerk, at=AT)
    with pytest.raises(StepRefused, match="本件有您作出的审核结果") as refused:
        passing.pass_review(review, by=lead, at=AT)
    assert reasons(refused) == {"another_proposed": "R-096"}
    checking.reconsider(review, reason="请逐项重新审核本件材料。", by=lead, at=AT)
    checking.find(review, fine, by=clerk, at=AT)
    checking.propose(review, Proposal.PASS, by=clerk, at=AT)
    assert passing.pass_review(review, by=lead, at=AT).decided_by == lead.person


@pytest.mark.rule("R-096", "R-101")
def test_passing_ends_the_check_and_tells_both(entry: CatalogueEntry) -> None:
    application = agency_reviews.passed(entry)
    assert (application.state, application.review.state) == ("review_passed", "passed")
    assert setting.waiting(FIRST_CHECK, application) is None
    assert "review.review_passed" in kinds_told(application)
    assert Notification.objects.filter(kind="review.review_passed_to_employer").exists()
    with pytest.raises(StepNotOpen):
        passing.pass_review(application.review, by=agency_reviews.lead_of(application.review), at=AT)


@pytest.mark.rule("R-090")
def test_a_rejection_tells_reason_rule_and_rights(entry: CatalogueEntry) -> None:
    application = agency_reviews.rejected(entry)
    assert (application.state, application.review.state) == ("rejected", "rejected")
    assert application.end_reason == agency_reviews.REASON
    letter = Notification.objects.filter(kind="review.review_rejected").get()
    assert agency_reviews.REASON in letter.body
    assert "R-057" in letter.body
    assert "15个工作日" in letter.body
    assert setting.kinds_waiting(application) == set()


@pytest.mark.rule("R-096")
def test_the_lead_confirms_only_what_was_proposed_or_sends_it_back(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry)
    clerk, lead = agency_reviews.clerk_of(review), agency_reviews.lead_of(review)
    for decide, code in ((deciding.return_once, "return_proposed"), (deciding.reject, "rejection_proposed")):
        with pytest.raises(StepRefused) as refused:
            decide(review, by=lead, at=AT)
        assert code in reasons(refused)
    with pytest.raises(StepRefused) as refused:
        checking.reconsider(review, by=lead, at=AT)
    assert reasons(refused) == {"remark_unless_own": "R-096"}
    colleague = accounts.actor(Role.AGENCY_CLERK, at=review.agency)
    with pytest.raises(StepRefused) as refused:
        checking.reconsider(review, reason="我认为还需要再看一看材料", by=colleague, at=AT)
    assert reasons(refused) == {"own_or_lead": "R-096"}
    back = checking.reconsider(review, reason="第二项成果的证明请再核实一次。", by=lead, at=AT)
    assert (back.proposal, back.proposed_by, back.remark) == ("", None, "第二项成果的证明请再核实一次。")
    checking.propose(review, Proposal.PASS, by=clerk, at=AT)
    assert checking.reconsider(review, by=clerk, at=AT).remark == ""


@pytest.mark.rule("R-091", "R-092")
def test_everything_found_is_told_at_once_with_its_place(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    result = review.application.works.get().item.code
    agency_reviews.found(review, {result: TEXT, "summary": "请写明本人在项目中的作用。"}, at=AT)
    checking.propose(review, Proposal.RETURN, by=agency_reviews.clerk_of(review), at=AT)
    returned = deciding.return_once(review, by=agency_reviews.lead_of(review), at=AT)
    application = Application.objects.get(pk=review.application_id)
    assert (returned.state, application.state, application.return_count) == ("returned", "returned", 1)
    assert application.defects == [
        {"text": "请写明本人在项目中的作用。", "place": "summary", "basis": "R-063"},
        {"text": TEXT, "place": f"result.{result}", "basis": "R-065"},
    ]
    assert setting.kinds_waiting(application) == {CORRECTION}
    letter = Notification.objects.get(kind="applications.returned")
    assert all(one["text"] in letter.body for one in application.defects)


@pytest.mark.rule("R-091", "R-092")
def test_a_defect_leads_to_the_very_field_and_one_without_a_place_to_the_tasks(entry: CatalogueEntry) -> None:
    review = agency_reviews.taken(entry)
    clerk, result = agency_reviews.clerk_of(review), review.application.works.get().item.code
    scoring.guide(review.application.entry)
    agency_reviews.found(review, {"guide:materials": TEXT}, at=AT)
    defects = {
        "post": Found(Verdict.DEFECT, TEXT, Ground.FORM, field="department"),
        result: Found(Verdict.DEFECT, TEXT, Ground.MATERIALS, field="finished_on"),
        "summary": Found(Verdict.DEFECT, TEXT, Ground.FORM, field="nothing"),
    }
    assert len(checking.find(review, defects, by=clerk, at=AT).stored) == 3
    checking.propose(review, Proposal.RETURN, by=clerk, at=AT)
    deciding.return_once(review, by=agency_reviews.lead_of(review), at=AT)
    application = Application.objects.get(pk=review.application_id)
    places = ["post.department", "summary", f"result.{result}.finished_on", ""]
    assert [one["place"] for one in application.defects] == places
    addresses = [one.address for one in defects_of(application)]
    tasks = reverse("applications:mine", args=[application.code])
    assert [address.partition("#")[2] for address in addresses] == ["id_department", "", "id_finished_on", ""]
    assert addresses[-1] == tasks


@pytest.mark.rule("R-097")
def test_late_is_flagged_and_told_once_and_nobody_suffers(entry: CatalogueEntry) -> None:
    late, other = agency_reviews.queued(entry), agency_reviews.taken(entry)
    accounts.actor(Role.BUREAU_LEAD)
    ring_due(at=late.due_at - dt.timedelta(seconds=1))
    assert not AgencyReview.objects.overdue().exists()
    ring_due(at=late.due_at)
    assert set(AgencyReview.objects.overdue()) == {late, other}
    assert Notification.objects.filter(kind="review.first_check_overdue").values("about_id").distinct().count() == 1
    assert Application.objects.get(pk=late.application_id).state == "recommended"
    checking.take(late, by=agency_reviews.clerk_of(late), at=late.due_at)


@pytest.mark.rule("R-093", "R-067")
def test_a_correction_that_is_not_made_closes_the_file(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry, kind=Proposal.RETURN)
    deciding.return_once(review, by=agency_reviews.lead_of(review), at=AT)
    ring_due(at=AT + dt.timedelta(days=30))
    assert agency_reviews.fresh(review).state == "closed_expired"
    assert Application.objects.get(pk=review.application_id).state == "deemed_withdrawn"


@pytest.mark.rule("A-25")
def test_a_withdrawn_application_closes_its_file(entry: CatalogueEntry) -> None:
    review = agency_reviews.proposed(entry)
    submitting.withdraw(review.application, by=acting_personally(review.application.applicant), at=AT)
    assert agency_reviews.fresh(review).state == "closed"
    with pytest.raises(StepNotOpen):
        passing.pass_review(review, by=agency_reviews.lead_of(review), at=AT)
