"""Lives of applications by the domain's own functions, on the dates of the demonstration year."""

import datetime as dt

import pytest

from applications.domain import correcting, publicising, receiving, recommending, submitting
from applications.domain.correcting import Defect
from applications.enums import ApplicationState, Hold, RecommendationState
from applications.models import Application, Recommendation
from portal.deadlines.ringing import ring_due
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepRefused
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


@pytest.fixture
def entry():
    return catalogue.published_entry()


@pytest.mark.rule("R-072", "R-073")
def test_happy_path(entry) -> None:
    recommendation, _notice = applications.publicised(entry, at=moment(7, 13))
    ring_due(at=moment(7, 20, 23, 59))
    assert Recommendation.objects.get(pk=recommendation.pk).state == RecommendationState.PUBLICISING
    ring_due(at=moment(7, 21, 0, 0))
    assert Recommendation.objects.get(pk=recommendation.pk).state == RecommendationState.PUBLICISED
    head = applications.head_of(recommendation.organisation)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(7, 21))
    done = fresh(recommendation.application)
    assert done.state == ApplicationState.RECOMMENDED
    assert done.recommended_at == moment(7, 21)


def objected(notice, *, at: dt.datetime):
    line = notice.lines.get()
    statement = Statement("该同志并非所列专利的发明人，请核实。", name="王同事", contact="13800000000")
    return objecting.lodge(line, statement, by=applications.applicant(), at=at)


@pytest.mark.rule("A-08")
def test_objection_upheld_ends_without_recommendation(entry) -> None:
    """S4: posted Thu 16 Jul, objection Wed 22 Jul 16:40, decided Thu 30 Jul."""
    recommendation, notice = applications.publicised(entry, at=moment(7, 16))
    objection = objected(notice, at=moment(7, 22, 16, 40))
    held = fresh(recommendation.application)
    assert held.hold == Hold.OBJECTION
    ring_due(at=moment(7, 24))
    head = applications.head_of(recommendation.organisation)
    with pytest.raises(StepNotOpen):
        recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(7, 24))
    objecting.accept(objection, by=head, at=moment(7, 23))
    objecting.decide(objection, "find_fatal", answer="经核实，本人不是该专利发明人。", by=head, at=moment(7, 30))
    ended = fresh(recommendation.application)
    assert ended.state == ApplicationState.NOT_RECOMMENDED
    assert ended.hold == Hold.NONE
    assert Recommendation.objects.get(pk=recommendation.pk).ground == "objection_upheld"


@pytest.mark.rule("A-34")
def test_unfounded_on_the_last_day_but_one_is_recommended_on_the_last(entry) -> None:
    """S4 (a)."""
    recommendation, notice = applications.publicised(entry, at=moment(7, 16))
    head = applications.head_of(recommendation.organisation)
    objection = objecting.accept(objected(notice, at=moment(7, 22, 16, 40)), by=head, at=moment(7, 23))
    ring_due(at=moment(7, 24))
    objecting.decide(objection, "find_unfounded", answer="经核实，本人为第二发明人。", by=head, at=moment(8, 5))
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 6, 23, 59))
    assert fresh(recommendation.application).state == ApplicationState.RECOMMENDED


@pytest.mark.rule("A-34")
def test_grace_after_an_extended_objection(entry) -> None:
    """S4 (b): closed on Wed 12 Aug, the grace runs to Mon 17 Aug 24:00."""
    recommendation, notice = applications.publicised(entry, at=moment(7, 16))
    head = applications.head_of(recommendation.organisation)
    objection = objecting.accept(objected(notice, at=moment(7, 22, 16, 40)), by=head, at=moment(7, 23))
    objection = objecting.extend(objection, reason="需要向专利局核实。", by=head, at=moment(8, 4))
    ring_due(at=moment(8, 10))
    assert fresh(recommendation.application).state == ApplicationState.WITH_EMPLOYER
    objecting.decide(objection, "find_unfounded", answer="经核实，本人为第二发明人。", by=head, at=moment(8, 12))
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 17, 23, 59))
    assert fresh(recommendation.application).state == ApplicationState.RECOMMENDED


@pytest.mark.rule("A-34")
def test_after_the_grace_it_lapses(entry) -> None:
    recommendation, notice = applications.publicised(entry, at=moment(7, 16))
    head = applications.head_of(recommendation.organisation)
    objection = objecting.accept(objected(notice, at=moment(7, 22, 16, 40)), by=head, at=moment(7, 23))
    objection = objecting.extend(objection, reason="需要向专利局核实。", by=head, at=moment(8, 4))
    ring_due(at=moment(8, 10))
    objecting.decide(objection, "find_unfounded", answer="经核实，本人为第二发明人。", by=head, at=moment(8, 12))
    with pytest.raises(StepNotOpen):
        recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 18))
    assert fresh(recommendation.application).state == ApplicationState.LAPSED


@pytest.mark.rule("R-025")
@pytest.mark.parametrize("sweeps", [[moment(7, 24), moment(8, 7)], [moment(8, 20)], [moment(8, 20), moment(8, 20)]])
def test_a_late_sweep_ends_as_one_on_time(entry, sweeps: list[dt.datetime]) -> None:
    recommendation, _notice = applications.publicised(entry, at=moment(7, 16))
    for at in sweeps:
        ring_due(at=at)
    ended = fresh(recommendation.application)
    assert (ended.state, ended.ended_at) == (ApplicationState.LAPSED, moment(8, 7, 0))


@pytest.mark.rule("A-34")
def test_posting_too_late_names_the_last_safe_day(entry) -> None:
    recommendation = applications.checked(applications.received(entry, at=moment(7, 28, 23, 59)), at=moment(7, 29))
    clerk = applications.clerk_of(recommendation.organisation)
    with pytest.raises(StepRefused, match="最迟应于2026年7月29日发布"):
        publicising.publicise([recommendation], contact=applications.CONTACT, by=clerk, at=moment(7, 30))
    publicising.publicise([recommendation], contact=applications.CONTACT, by=clerk, at=moment(7, 29, 23, 59))


@pytest.mark.rule("A-08", "A-34")
def test_correctable_objection_leads_to_new_publicity(entry) -> None:
    """An objection put right after the individual window leaves time to correct, to publicise anew and to recommend."""
    recommendation = applications.checked(applications.received(entry, at=moment(7, 28)), at=moment(7, 29))
    clerk = applications.clerk_of(recommendation.organisation)
    notice = publicising.publicise([recommendation], contact="x", by=clerk, at=moment(7, 29))
    head = applications.head_of(recommendation.organisation)
    objection = objecting.accept(objected(notice, at=moment(8, 4)), by=head, at=moment(8, 4))
    objecting.decide(objection, "find_correctable", answer="完成日期填写有误，请更正。", by=head, at=moment(8, 6))
    application = fresh(recommendation.application)
    assert application.state == ApplicationState.DRAFT
    assert application.reopened_until == moment(8, 12, 0)
    who = applications.acting_personally(application.applicant)
    submitting.submit(application, commitment=True, by=who, at=moment(8, 11, 23, 0))
    again = Recommendation.objects.get(pk=recommendation.pk)
    receiving.receive(again, by=head, at=moment(8, 12))
    publicising.publicise([applications.checked(again, at=moment(8, 12))], contact="x", by=head, at=moment(8, 12))
    ring_due(at=moment(8, 20))
    recommending.recommend(again, applications.OPINION, by=head, at=moment(8, 24, 23, 59))
    assert fresh(application).state == ApplicationState.RECOMMENDED


@pytest.mark.rule("R-093", "A-09")
def test_returned_then_expired(entry) -> None:
    """S3: returned on Thu 10 Sep, deadline Wed 23 Sep 24:00, tried on Thu 24 Sep 09:15."""
    application = applications.recommended(entry, at=moment(7, 14))
    clerk = applications.agency_clerk_of(application)
    correcting.take(application, by=clerk, at=moment(9, 1))
    correcting.return_once(
        application, defects=[Defect("缺证书"), Defect("缺页"), Defect("未盖章")], by=clerk, at=moment(9, 10)
    )
    who = applications.acting_personally(application.applicant)
    with pytest.raises(StepNotOpen):
        submitting.resubmit(application, commitment=True, by=who, at=moment(9, 24, 9, 15))
    ended = fresh(application)
    assert (ended.state, ended.ended_at) == (ApplicationState.DEEMED_WITHDRAWN, moment(9, 24, 0))


@pytest.mark.rule("R-078", "A-09")
def test_resubmitted_and_confirmed_without_new_publicity(entry) -> None:
    application = applications.returned(entry, at=moment(7, 14))
    who = applications.acting_personally(application.applicant)
    submitting.resubmit(application, commitment=True, by=who, at=moment(8, 5))
    recommendation = applications.checked(Recommendation.objects.get(application=application), at=moment(8, 6))
    head = applications.head_of(recommendation.organisation)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 10, 23, 59))
    assert fresh(application).state == ApplicationState.UNDER_SECOND_REVIEW


@pytest.mark.rule("A-09")
def test_changed_content_is_publicised_anew_and_the_time_stands_still(entry) -> None:
    application = applications.returned(entry, at=moment(7, 14))
    recommendation = applications.checked(applications.corrected(application, at=moment(8, 5)), at=moment(8, 10))
    head = applications.head_of(recommendation.organisation)
    with pytest.raises(StepRefused, match="公示内容有变化"):
        recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 10))
    publicising.publicise([recommendation], contact="x", by=head, at=moment(8, 10))
    ring_due(at=moment(8, 18))
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 18))
    assert fresh(application).state == ApplicationState.UNDER_SECOND_REVIEW


def corrected_and_objected(entry):
    """Return an application whose corrected content is publicised and objected to, the objection, and the employer's head."""
    application = applications.returned(entry, at=moment(7, 14))
    recommendation = applications.checked(applications.corrected(application, at=moment(8, 5)), at=moment(8, 6))
    head = applications.head_of(recommendation.organisation)
    notice = publicising.publicise([recommendation], contact="x", by=head, at=moment(8, 6))
    objection = objecting.accept(objected(notice, at=moment(8, 7)), by=head, at=moment(8, 7))
    return application, objection, head


@pytest.mark.rule("A-08", "A-09")
def test_an_error_found_while_the_corrected_content_hangs_is_corrected_without_a_second_return(entry) -> None:
    application, objection, head = corrected_and_objected(entry)
    objecting.decide(objection, "find_correctable", answer="完成日期有误，请更正。", by=head, at=moment(8, 10))
    corrected = fresh(application)
    assert (corrected.state, corrected.return_count) == (ApplicationState.RETURNED, 1)
    who = applications.acting_personally(application.applicant)
    submitting.resubmit(application, commitment=True, by=who, at=moment(8, 13, 23))
    again = applications.checked(Recommendation.objects.get(application=application), at=moment(8, 14))
    publicising.publicise([again], contact="x", by=head, at=moment(8, 14))
    ring_due(at=moment(8, 22))
    recommending.recommend(again, applications.OPINION, by=head, at=moment(8, 24))
    assert fresh(application).state == ApplicationState.UNDER_SECOND_REVIEW


@pytest.mark.rule("A-08", "A-24")
def test_an_objection_upheld_against_the_corrected_content_is_no_lapse(entry) -> None:
    application, objection, head = corrected_and_objected(entry)
    objecting.decide(objection, "find_fatal", answer="经核实，本人不是该专利发明人。", by=head, at=moment(8, 10))
    ended = fresh(application)
    assert (ended.state, ended.end_reason) == (ApplicationState.NOT_RECOMMENDED, "经核实，本人不是该专利发明人。")
