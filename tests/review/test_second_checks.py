"""After the correction: what stands, what must be looked at again, and that a second return needs the bureau."""

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.domain import drafting, receiving, recommending, submitting
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.ledger.models import Entry
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepNotPermitted, StepRefused
from review.domain import authorising, checking, deciding, looking, passing
from review.domain.checking import Found
from review.enums.checking import Proposal, Verdict
from review.models import AgencyReview, Finding
from tests.factories import accounts, agency_reviews, applications, catalogue
from tests.factories.calls import Caller, bases, codes

pytestmark = pytest.mark.django_db
BACK = dt.datetime(2026, 8, 6, 10, 0, tzinfo=clock.BEIJING)
TEXT = "请写明现任部门，与单位证明一致。"
WHY = "机构首次审核时漏告知学历证明的问题。"


def made_once() -> tuple[CatalogueEntry, AgencyReview]:
    """The employer confirmed a file in which the person changed the department."""
    entry = catalogue.published_entry()
    application = applications.returned(entry)
    who = acting_personally(application.applicant)
    sheet = application.sheets.get(kind="post")
    drafting.save_sheet(application, "post", {"department": "研发二部"}, based_on=sheet.versions, by=who, at=BACK)
    submitting.resubmit(application, commitment=True, by=who, at=BACK)
    recommendation = applications.checked(receiving.Recommendation.objects.get(application=application), at=BACK)
    head = applications.head_of(recommendation.organisation)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=BACK)
    return entry, AgencyReview.objects.with_all().get(application=application)


@pytest.fixture
def entry(kept: tuple[CatalogueEntry, AgencyReview]) -> CatalogueEntry:
    return kept[0]


@pytest.fixture
def rechecking(kept: tuple[CatalogueEntry, AgencyReview]) -> AgencyReview:
    return kept[1]


def reasons(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("R-092")
def test_what_did_not_change_and_was_right_stands(rechecking: AgencyReview) -> None:
    assert (rechecking.state, rechecking.snapshot.number) == ("rechecking", 2)
    assert [change.key for change in looking.difference_of(rechecking)] == ["post"]
    carried = set(Finding.objects.filter(review=rechecking, carried=True).values_list("item", flat=True))
    items = {item.key for item in looking.items_in(rechecking)}
    defective = {"summary", rechecking.application.works.get().item.code}
    assert carried == items - {"post"} - defective
    assert looking.changed_items(rechecking) == {"post"}
    assert checking.tally_of(rechecking).undecided == 3
    assert "carry_over" in [one.step for one in history_of(rechecking)]


@pytest.mark.rule("R-091", "A-09")
def test_a_second_return_is_refused_by_guard_and_database(rechecking: AgencyReview) -> None:
    agency_reviews.found(rechecking, {"post": TEXT}, at=BACK)
    clerk = agency_reviews.clerk_of(rechecking)
    with pytest.raises(StepRefused) as refused:
        checking.propose(rechecking, Proposal.RETURN, by=clerk, at=BACK)
    assert reasons(refused) == ["returned_only_once"]
    with pytest.raises(IntegrityError, match="returned_no_more_than_allowed"), transaction.atomic():
        Application.objects.filter(pk=rechecking.application_id).update(return_count=2)
    told = {"reason": agency_reviews.REASON, "basis": "R-057"}
    checking.propose(rechecking, Proposal.REJECT, **told, by=clerk, at=BACK)
    assert deciding.reject(rechecking, by=agency_reviews.lead_of(rechecking), at=BACK).state == "rejected"


@pytest.mark.rule("A-09")
def test_the_bureau_authorises_one_more_for_the_agencys_error(rechecking: AgencyReview) -> None:
    lead = accounts.actor(Role.BUREAU_LEAD)
    with pytest.raises(StepNotPermitted):
        authorising.authorise_return(rechecking, reason=WHY, by=agency_reviews.lead_of(rechecking), at=BACK)
    with pytest.raises(StepRefused) as refused:
        authorising.authorise_return(rechecking, reason="差错", by=lead, at=BACK)
    assert reasons(refused) == ["reason_given"]
    authorising.authorise_return(rechecking, reason=WHY, by=lead, at=BACK)
    with pytest.raises(StepNotOpen) as refused:
        authorising.authorise_return(rechecking, reason=WHY, by=lead, at=BACK)
    assert reasons(refused) == ["authorised_before"]
    entry = next(one for one in history_of(rechecking) if one.step == "authorise_return")
    assert (entry.note, entry.person) == (WHY, lead.person)
    review = agency_reviews.found(agency_reviews.fresh(rechecking), {"post": TEXT}, at=BACK)
    checking.propose(review, Proposal.RETURN, by=agency_reviews.clerk_of(review), at=BACK)
    returned = deciding.return_once(review, by=agency_reviews.lead_of(review), at=BACK)
    application = Application.objects.get(pk=review.application_id)
    assert (returned.state, application.state, application.return_count) == ("returned", "returned", 2)


@pytest.mark.rule("R-096")
def test_the_second_check_passes_with_every_item_decided(rechecking: AgencyReview) -> None:
    clerk, lead = agency_reviews.clerk_of(rechecking), agency_reviews.lead_of(rechecking)
    with pytest.raises(StepRefused) as refused:
        checking.propose(rechecking, Proposal.PASS, by=clerk, at=BACK)
    assert reasons(refused) == ["everything_decided"]
    rest = {item.key: Found(Verdict.FINE) for item in looking.items_in(rechecking)}
    checking.find(rechecking, rest, by=clerk, at=BACK)
    checking.propose(rechecking, Proposal.PASS, by=clerk, at=BACK)
    assert passing.pass_review(rechecking, by=lead, at=BACK).state == "passed"


# --- The bureau's programs, and its look at the evidence ----------------------------------------
@pytest.mark.rule("A-09")
def test_the_bureaus_lead_authorises_by_programs(rechecking: AgencyReview) -> None:
    clock.move_to(BACK)
    lead, path = Caller(accounts.actor(Role.BUREAU_LEAD)), f"second-checks/{rechecking.code}/"
    (row,) = lead.get("second-checks/").json()["results"]
    assert (row["code"], row["agency"], row["returns"], row["returns_allowed"]) == (
        rechecking.code,
        rechecking.agency.name,
        1,
        1,
    )
    answer = lead.post(f"{path}steps/authorise_return/", {"reason": "差错"})
    assert (answer.status_code, codes(answer), bases(answer)) == (409, ["reason_given"], ["A-09"])
    assert lead.post(f"{path}steps/authorise_return/", {"reason": WHY}).json()["returns_allowed"] == 2
    assert codes(lead.post(f"{path}steps/authorise_return/", {"reason": WHY})) == ["authorised_before"]
    assert lead.get(path).json()["returns_allowed"] == 2
    for role in (Role.BUREAU_CLERK, Role.AGENCY_LEAD):
        assert Caller(accounts.actor(role)).get("second-checks/").status_code == 403


def test_the_list_takes_the_same_queries_for_one_row_and_more(rechecking: AgencyReview, entry: CatalogueEntry) -> None:
    clock.move_to(BACK)
    lead, counted = Caller(accounts.actor(Role.BUREAU_LEAD)), []
    for number in (1, 2):
        lead.get("second-checks/")
        with CaptureQueriesContext(connection) as met:
            assert lead.get("second-checks/").json()["count"] == number
        counted.append(len(met))
        other = agency_reviews.queued(entry).application_id
        with pgtrigger.ignore("applications.Application:only_declared_steps"):
            Application.objects.filter(pk=other).update(state="under_second_review")
    assert counted[0] == counted[1]


@pytest.mark.rule("R-152")
def test_the_bureau_opens_the_evidence_and_leaves_a_trace(entry: CatalogueEntry) -> None:
    recommendation = applications.received(entry)
    file = recommendation.application.snapshots.get().files.first().file
    clerk, address = accounts.actor(Role.BUREAU_CLERK), reverse("documents:download", args=[file.code])
    assert accounts.client(clerk).get(address).status_code == 404
    came = agency_reviews.queued(entry)
    file = came.snapshot.files.first().file
    address = reverse("documents:download", args=[file.code])
    assert accounts.client(clerk).get(address).getvalue()
    assert (
        Entry.objects.get(subject_type="documents.StoredFile", subject_id=file.pk, step="read").person == clerk.person
    )
    for role in (Role.COMMISSIONER, Role.AUDITOR):
        assert accounts.client(accounts.actor(role)).get(address).status_code == 404
