"""A result that shall not be listed waits for a second approver, who learns of it and finds it (A-12, R-213)."""

import pytest
from django.urls import reverse

from applications.domain import submitting
from applications.enums import ApplicationState
from applications.models import Application
from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.roles import Role
from portal.http import worklist
from portal.notifications.models import Notification
from portal.workflow import carry_out
from review.domain import result_notices
from review.models import AcceptedCase
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories.acceptances import DECIDED

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A-12"), pytest.mark.rule("R-213")]
LABEL, WHY = "不公开公示待批准", "该成果的工艺和地点不宜公开。"


def made_once() -> AcceptedCase:
    """One accepted result of the talent channel, which stands on no notice."""
    (one,) = sessions.ready(catalogue.published_entry(), 1)
    acceptances.accepted(acceptances.voted([one], [10]))
    Application.objects.filter(pk=one.pk).update(channel="talent")
    return acceptances.case_of(one)


@pytest.fixture
def case(kept: AcceptedCase) -> AcceptedCase:
    acceptances.clerk()
    return result_notices.propose_exemption(
        acceptances.case_of(kept.application), reason=WHY, by=acceptances.lead(), at=DECIDED
    )


def waiting(actor: Actor) -> list[str]:
    """Return where the actor's desk sends for exemptions that wait."""
    return [one.address for one in worklist.waiting_for(actor, DECIDED) if str(one.label) == LABEL]


def test_it_waits_on_every_desk_of_the_bureau_but_the_proposers(case: AcceptedCase) -> None:
    page = reverse("review:acceptances")
    assert waiting(acceptances.clerk()) == [page]
    assert waiting(acceptances.officer(Role.BUREAU_LEAD, another=True)) == [page]
    assert waiting(acceptances.lead()) == []
    assert waiting(sessions.clerk(case.acceptance.session)) == []


def test_the_bureau_is_told_once_and_not_why(case: AcceptedCase) -> None:
    again = result_notices.propose_exemption(case, reason=WHY, by=acceptances.lead(), at=DECIDED)
    told = Notification.objects.filter(kind="review.exemption_proposed", about_id=again.pk)
    (one,) = told.filter(person=acceptances.clerk().person)
    assert acceptances.lead().person.full_name in one.body  # type: ignore[union-attr]
    assert (WHY in one.body, case.application.applicant.full_name in one.body) == (False, False)


def test_list_and_batch_show_the_bureau_alone_who_waits(case: AcceptedCase) -> None:
    clerk, agency = accounts.client(acceptances.clerk()), accounts.client(sessions.clerk(case.acceptance.session))
    pages = [reverse("review:acceptances"), reverse("review:acceptance", args=[case.acceptance.code])]
    for page in pages:
        assert LABEL in clerk.get(page).content.decode()
        assert LABEL not in agency.get(page).content.decode()
    assert reverse("review:result", args=[case.code]) in clerk.get(pages[1]).content.decode()


@pytest.mark.parametrize(
    ("decide", "after"),
    [
        (result_notices.approve_exemption, ApplicationState.CLEARED),
        (result_notices.decline_exemption, ApplicationState.ACCEPTED),
    ],
)
def test_whatever_the_second_decides_nothing_waits_any_more(
    case: AcceptedCase, decide: object, after: ApplicationState
) -> None:
    clerk = acceptances.clerk()
    decide(case, by=clerk, at=DECIDED)  # type: ignore[operator]
    assert acceptances.case_of(case.application).application.state == after
    assert waiting(clerk) == []


def test_it_waits_no_more_once_the_application_ended(case: AcceptedCase) -> None:
    submitting.close(carry_out(case.application, "disqualify", by=SYSTEM, at=DECIDED, reason="申报材料造假"), DECIDED)
    assert waiting(acceptances.clerk()) == []
