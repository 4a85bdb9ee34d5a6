"""A review that is upheld after somebody was told that they did not pass: the bureau carries its decision out (A-24)."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import acting_personally
from portal.accounts.roles import Role
from portal.documents.enums import Kind
from portal.documents.intake import keep
from portal.documents.models import StoredFile
from portal.http.once import FIELD, new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.redress.domain import answering, filing
from portal.redress.models import ReviewRequest
from portal.shared.errors import Refusal, StepNotPermitted
from review.domain import accepting, drawing, upheld_reviews
from review.domain.redress import ApplicationMatter
from review.enums.accepting import APPEAL_DECISION, AcceptanceState, CaseState
from review.enums.sitting import ItemState
from review.models import CommitteeSession
from tests.factories import acceptances, accounts, applications, catalogue, sessions
from tests.factories.calls import Caller, codes
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
WHY = "计票时一名应当回避的委员没有离场，程序有误。"
NUMBER = "京人社复〔2026〕3号"
LATER = on(11, 3)


def made_once() -> tuple[list[Application], CommitteeSession]:
    """Two people of one session, of whom the first passes and the second does not."""
    pair = sessions.ready(catalogue.published_entry(), 2)
    return pair, acceptances.voted(pair, [9, 8])


@pytest.fixture
def pair(kept: tuple[list[Application], CommitteeSession]) -> list[Application]:
    return kept[0]


@pytest.fixture
def signed(kept: tuple[list[Application], CommitteeSession]) -> CommitteeSession:
    return kept[1]


def decision() -> StoredFile:
    owner = acceptances.bureau()
    return keep(b"%PDF-1.7", name="决定书.pdf", purpose=APPEAL_DECISION, kind=Kind.PDF, owner=owner, at=LATER)


def paper() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def reasons(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.rule("A-24", "R-130")
def test_a_review_upheld_after_the_outcome_was_told_has_others_vote(
    signed: CommitteeSession, pair: list[Application]
) -> None:
    batch = acceptances.accepted(signed)
    case = acceptances.case_of(pair[1])
    assert Application.objects.get(pk=pair[1].pk).state == ApplicationState.NOT_PASSED
    told: dict[str, Any] = {"reason": WHY, "decision_number": NUMBER, "decision": None}
    with pytest.raises(Refusal) as refused:
        accepting.revote_on_appeal(case, **told, by=acceptances.lead(), at=LATER)
    assert reasons(refused) == ["decision_shown"]
    told["decision"] = decision()
    with pytest.raises(StepNotPermitted):
        accepting.revote_on_appeal(case, **told, by=sessions.lead(signed), at=LATER)
    done = accepting.revote_on_appeal(case, **told, by=acceptances.lead(), at=LATER)
    assert (done.state, done.decision_number) == (CaseState.REVOTED, NUMBER)
    revived = Application.objects.get(pk=pair[1].pk)
    assert (revived.state, revived.ended_at, revived.end_reason) == (ApplicationState.READY_FOR_COMMITTEE, None, "")
    assert revived.recommendation.state == "recommended"
    assert sessions.items(signed)[1].state == ItemState.VOIDED
    assert Notification.objects.filter(kind="review.voted_again", person=revived.applicant).count() == 1
    assert acceptances.fresh(batch).state == AcceptanceState.ACCEPTED, "the others stand"
    entry = Entry.objects.get(step="revote_on_appeal")
    assert entry.facts["decision_number"] == NUMBER
    sat = set(signed.members.filter(state="present").values_list("term__code", flat=True))
    assert not sat & set(drawing.pool_of(sessions.planned(signed.committee)).eligible)


@pytest.mark.rule("A-25")
def test_a_person_with_another_application_this_year_is_not_revived_beside_it(
    signed: CommitteeSession, pair: list[Application]
) -> None:
    acceptances.accepted(signed)
    failed = Application.objects.get(pk=pair[1].pk)
    applications.draft(failed.entry, acting_personally(failed.applicant))
    with pytest.raises(Refusal) as refused:
        accepting.revote_on_appeal(
            acceptances.case_of(failed),
            reason=WHY,
            decision_number=NUMBER,
            decision=decision(),
            by=acceptances.lead(),
            at=LATER,
        )
    assert reasons(refused) == ["no_other_this_year"]
    assert acceptances.case_of(failed).state == CaseState.ACCEPTED


@pytest.fixture
def answered(signed: CommitteeSession, pair: list[Application]) -> ReviewRequest:
    """The review of a vote that the agency found faulty, asked for by the person who did not pass."""
    acceptances.accepted(signed)
    failed = Application.objects.get(pk=pair[1].pk)
    request = filing.ask(failed, facts=WHY, by=acting_personally(failed.applicant), at=acceptances.DECIDED)
    first, second = (accounts.actor(role, at=failed.entry.agency) for role in (Role.AGENCY_CLERK, Role.AGENCY_LEAD))
    admitted = answering.admit(request, by=first, at=acceptances.DECIDED)
    return answering.uphold(admitted, answer=WHY, by=second, at=acceptances.DECIDED)


@pytest.mark.rule("A-24", "R-130")
def test_a_review_upheld_on_the_portal_needs_no_document(
    answered: ReviewRequest, pair: list[Application], at: Callable[[dt.datetime], None]
) -> None:
    failed, lead = acceptances.case_of(pair[1]), acceptances.lead()
    assert failed.application.state == ApplicationState.NOT_PASSED, "the bureau orders the new vote"
    assert list(upheld_reviews.new_votes_to_order(lead)) == [failed]
    told = Notification.objects.filter(kind="redress.request_upheld", person=lead.person)
    assert WHY in told.get().body
    at(LATER)
    office = accounts.client(lead)
    address = reverse("review:result_revote_on_appeal", args=[failed.code])
    assert f'value="{answered.code}"' in office.get(address).content.decode()
    other = {"decision_number": NUMBER, "reason": WHY, FIELD: new_key()}
    assert "上传决定书" in office.post(address, other, follow=True).content.decode()
    entered = {"decision_number": answered.code, "reason": WHY, FIELD: new_key()}
    shown = office.post(address, entered, follow=True).content.decode()
    assert reverse("redress:request", args=[answered.code]) in shown
    assert Application.objects.get(pk=pair[1].pk).state == ApplicationState.READY_FOR_COMMITTEE
    assert not upheld_reviews.new_votes_to_order(lead).exists()


@pytest.mark.rule("A-24")
def test_whoever_sat_in_the_session_or_accepted_its_results_does_not_handle_the_review(
    signed: CommitteeSession, pair: list[Application]
) -> None:
    acceptances.accepted(signed)
    involved = ApplicationMatter().involved(Application.objects.get(pk=pair[1].pk))
    for who in (sessions.chair(signed), acceptances.clerk(), acceptances.lead(), sessions.clerk(signed)):
        assert who.person is not None
        assert who.person.pk in involved
    assert pair[1].applicant_id in involved


def test_the_bureau_carries_a_review_out_on_its_pages(
    signed: CommitteeSession, pair: list[Application], at: Callable[[dt.datetime], None]
) -> None:
    acceptances.accepted(signed)
    passed, failed = acceptances.case_of(pair[0]), acceptances.case_of(pair[1])
    at(LATER)
    office = accounts.client(acceptances.lead())
    address = reverse("review:result_revote_on_appeal", args=[failed.code])
    assert address in office.get(reverse("review:result", args=[failed.code])).content.decode()
    assert "复查决定" not in office.get(reverse("review:result", args=[passed.code])).content.decode()
    assert 'enctype="multipart/form-data"' in office.get(address).content.decode()
    brought = SimpleUploadedFile("决定书.pdf", paper(), content_type="application/pdf")
    fields = {"decision_number": NUMBER, "reason": WHY, "decision": brought, FIELD: new_key()}
    shown = office.post(address, fields, follow=True).content.decode()
    assert NUMBER in shown
    assert "重新评审" in shown


def test_programs_carry_a_review_out(
    signed: CommitteeSession, pair: list[Application], at: Callable[[dt.datetime], None]
) -> None:
    acceptances.accepted(signed)
    failed = acceptances.case_of(pair[1])
    at(LATER)
    office, path = Caller(acceptances.lead()), f"results/{failed.code}/"
    steps = {one["step"]: one for one in office.get(path).json()["steps"]}
    body = {"reason": WHY, "decision_number": NUMBER, "file": "WJ-UNKNOWN"}
    address = steps["revote_on_appeal"]["address"].partition("/api/")[2]
    assert codes(office.post(address, body)) == ["offer_unknown"]
    body["file"] = office.upload(paper(), APPEAL_DECISION)
    assert office.post(address, body).json()["state"] == "revoted"
