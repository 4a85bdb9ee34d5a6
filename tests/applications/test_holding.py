"""What an integrity case does to a live application."""

import datetime as dt

import pytest

from applications.domain import receiving, recommending, submitting
from applications.enums import EMPLOYER_WINDOW, ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import SYSTEM
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.integrity.domain import opening
from portal.integrity.enums import Source, SubjectRole
from portal.integrity.registry import handlers
from portal.shared import clock
from portal.shared.errors import StepRefused
from portal.workflow import carry_out
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


def opened(application: Application, *, at: dt.datetime):
    facts = "举报称所列专利系他人成果，请核查。"
    return opening.open_record(
        person=application.applicant, role=SubjectRole.APPLICANT, source=Source.REPORT, facts=facts, by=SYSTEM, at=at
    )


@pytest.mark.rule("R-148", "R-140")
def test_an_investigation_stops_the_recommendation_its_refusal_and_its_clock() -> None:
    recommendation, _notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    ring_due(at=moment(7, 21))
    case = opened(recommendation.application, at=moment(8, 3))
    held = Application.objects.get(pk=recommendation.application_id)
    assert held.hold == Hold.INVESTIGATION
    assert setting.waiting(EMPLOYER_WINDOW, held).due_at is None
    head = applications.head_of(recommendation.organisation)
    with pytest.raises(StepRefused, match="正在诚信核查"):
        recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 4))
    with pytest.raises(StepRefused, match="正在诚信核查"):
        receiving.refuse(
            recommendation, ground="other", reason="本人已调离本单位，不再推荐。", by=head, at=moment(8, 4)
        )
    ring_due(at=moment(8, 10))
    for handler in handlers():
        handler.closed(case, moment(8, 10))
    freed = Application.objects.get(pk=held.pk)
    assert freed.hold == Hold.NONE
    assert setting.waiting(EMPLOYER_WINDOW, freed).due_at == moment(8, 7, 0) + dt.timedelta(days=7)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 11))
    assert Application.objects.get(pk=held.pk).state == ApplicationState.RECOMMENDED


@pytest.mark.rule("A-25")
def test_a_withdrawn_application_leaves_no_timer_and_room_for_none_this_year_but_itself() -> None:
    recommendation, _notice = applications.publicised(catalogue.published_entry(), at=moment(7, 13))
    who = applications.acting_personally(recommendation.application.applicant)
    done = submitting.withdraw(recommendation.application, reason="工作调动", by=who, at=moment(7, 14))
    assert done.state == ApplicationState.WITHDRAWN
    ring_due(at=moment(9, 1))
    assert Application.objects.get(pk=done.pk).end_reason == "工作调动"


@pytest.mark.rule("R-140")
def test_disqualification_ends_a_live_application() -> None:
    application = applications.submitted(catalogue.published_entry())
    done = carry_out(application, "disqualify", by=SYSTEM, at=moment(7, 9), reason="经查实弄虚作假")
    submitting.close(done, moment(7, 9))
    assert Application.objects.get(pk=done.pk).state == ApplicationState.DISQUALIFIED
