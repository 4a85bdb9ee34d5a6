"""Following an application: who holds it, since when, until when, what was submitted, and nothing that is not for the person."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from applications.domain import archiving, holding, queries, receiving, recommending, submitting, timeline
from applications.enums import ApplicationState, Hold
from applications.interfaces.timeline import Step, place_of, stages_of
from applications.models import Application, Recommendation
from applications.sections import ItemKind
from portal.catalogue.enums import Band, LevelKey
from portal.catalogue.models import CatalogueEntry
from portal.deadlines.ringing import ring_due
from portal.http.parts import StageState
from portal.publicity.domain import objecting
from portal.publicity.domain.objecting import Statement
from portal.shared import clock
from portal.workflow.machine import transitions_of
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


@pytest.fixture
def entry():
    return catalogue.published_entry()


@pytest.fixture
def me():
    return applications.applicant()


@pytest.fixture
def shown(visit, at, me) -> Callable[..., str]:
    """Return the reader of the person's own page of an application on a day."""

    def read(application: Application, when: dt.datetime, name: str = "mine") -> str:
        at(when)
        reply = visit(me).get(reverse(f"applications:{name}", args=[application.code]))
        assert reply.status_code == 200
        return " ".join(reply.content.decode().split())

    return read


def fresh(application: Application) -> Application:
    return Application.objects.with_all().get(pk=application.pk)


def stages(application: Application) -> dict[str, str]:
    return {str(stage.name): str(stage.state) for stage in stages_of(timeline.course_of(fresh(application)))}


def now_of(application: Application):
    found = stages_of(timeline.course_of(fresh(application)))
    return next(stage for stage in found if stage.state in {StageState.NOW, StageState.STOPPED})


# --- Stages ---------------------------------------------------------------------------------
def test_submitted_waits_for_the_employer_with_its_last_safe_day(entry, me, shown) -> None:
    application = applications.submitted(entry, me)
    page = shown(application, moment(7, 9))
    for words in (
        application.code,
        application.snapshots.get().sha256,
        application.employer.name,
        "2026年8月6日（星期四）24:00",
        "2026年7月29日（星期三）",
        "下一步：单位公示",
        "取回修改",
    ):
        assert words in page, words
    stage = now_of(application)
    assert (stage.name, stage.since, stage.until) == ("单位审核", applications.NOW, moment(8, 7, 0))


@pytest.mark.rule("R-072")
def test_a_running_notice_is_explained_day_by_day(entry, me, shown) -> None:
    """S1: posted on Mon 13 Jul, so the days are 14, 15, 16, 17 and 20 Jul."""
    recommendation, _notice = applications.publicised(entry, me, at=moment(7, 13))
    page = shown(recommendation.application, moment(7, 15))
    assert "5 个工作日逐日说明" in page
    assert 'datetime="2026-07-20"' in page
    stage = now_of(recommendation.application)
    assert (stage.name, stage.since, stage.until) == ("单位公示", moment(7, 13), moment(7, 21, 0))
    assert "单位已发布公示，不能取回。" in page


def test_after_the_notice_the_head_signs_until_the_window_ends(entry, me) -> None:
    recommendation, _notice = applications.publicised(entry, me, at=moment(7, 13))
    ring_due(at=moment(7, 21))
    stage = now_of(recommendation.application)
    assert (stage.name, stage.since, stage.until) == ("单位推荐", moment(7, 21, 0), moment(8, 7, 0))


def test_recommended_is_with_the_agency_and_the_opinion_is_not_shown(entry, me, shown) -> None:
    application = applications.recommended(entry, me, at=moment(7, 8))
    page = shown(application, moment(7, 30))
    assert applications.OPINION.text not in page
    assert applications.OPINION.assessment not in page
    stage = now_of(application)
    assert (stage.name, stage.until) == ("评审服务机构审核", moment(9, 12, 0))
    assert stages(application)["缴费"] == "later"


@pytest.mark.rule("R-106")
def test_juniors_have_no_defence(me) -> None:
    year = catalogue.edition()
    plan, committee = catalogue.schedule(year), catalogue.committee(year, band=Band.JUNIOR, district="110108")
    row = catalogue.row(year, plan, level=catalogue.level(LevelKey.ASSISTANT), committee=committee)
    catalogue.published(row, of=year, plan=plan)
    entry = CatalogueEntry.objects.with_all().get(edition=year)
    steps = stages(applications.draft(entry, me))
    assert "答辩" not in steps
    assert "补正材料" not in steps


@pytest.mark.rule("R-091", "R-092", "R-078")
def test_returned_says_every_defect_and_goes_on_as_second_check(entry, me, shown) -> None:
    application = applications.returned(entry, me)
    page = shown(application, moment(7, 30), "progress")
    for words in (*applications.DEFECTS.values(), "只有一次机会", "2026年8月12日（星期三）24:00"):
        assert words in page, words
    assert now_of(application).name == "补正材料"
    at, result = moment(8, 3), me.person.archive.get(kind=ItemKind.RESULT)
    values = {**result.content, "summary": "功耗降低四成，已量产。"}
    archiving.save_item(result, values, based_on=result.versions, by=me, at=at)
    submitting.resubmit(application, commitment=True, by=me, at=at)
    page = shown(application, moment(8, 3, 12))
    assert "与上一版相比，以下内容有变化：" in page
    assert "低功耗信号处理芯片：内容与效果" in page
    assert "单位复核期限" in page
    stage = now_of(application)
    assert (stage.name, stage.since, stage.until) == ("单位复核推荐", at, moment(8, 7, 0))
    recommendation = applications.checked(Recommendation.objects.get(application=application), at=at)
    head = applications.head_of(application.employer)
    recommending.recommend(recommendation, applications.OPINION, by=head, at=moment(8, 4))
    assert now_of(application).name == "评审服务机构复审"


# --- Holds ----------------------------------------------------------------------------------
@pytest.mark.rule("A-08")
def test_an_objection_is_told_without_the_objector(entry, me, shown) -> None:
    recommendation, notice = applications.publicised(entry, me, at=moment(7, 13))
    statement = Statement("该同志并非所列专利的发明人，请核实。", name="王同事", contact="13800000000")
    objecting.lodge(notice.lines.get(), statement, by=applications.applicant(full_name="王同事"), at=moment(7, 14))
    page = shown(recommendation.application, moment(7, 15))
    assert "公示期间收到异议，单位正在核查。" in page
    assert "暂停办理，进行核查" in page
    assert "王同事" not in page
    assert statement.facts not in page


@pytest.mark.rule("R-148")
def test_an_investigation_is_told_without_its_matter(entry, me, shown) -> None:
    application = applications.submitted(entry, me)
    holding.set_hold(application, Hold.INVESTIGATION, at=moment(7, 9), basis="R-148")
    page = shown(application, moment(7, 10))
    assert "核查办结前暂停办理，办理期限暂停计算" in page
    assert "诚信核查中" not in page


# --- Ends -----------------------------------------------------------------------------------
@pytest.mark.rule("R-071", "A-24")
def test_not_recommended_says_ground_reason_and_rights(entry, me, shown) -> None:
    recommendation = applications.received(entry, me)
    head = applications.head_of(recommendation.organisation)
    receiving.refuse(recommendation, ground="untrue", reason="业绩证明与实际不符，经核实。", by=head, at=moment(7, 10))
    page = shown(recommendation.application, moment(7, 11))
    for words in ("申报内容不真实", "业绩证明与实际不符，经核实。", "15个工作日内", "下一年度可以重新申报"):
        assert words in page, words
    assert now_of(recommendation.application).state == StageState.STOPPED
    assert list(stages(recommendation.application).values())[-1] == "stopped"


@pytest.mark.rule("R-078", "A-24")
def test_refused_when_checked_again_is_not_recommended_with_rights(entry, me, shown) -> None:
    application = applications.returned(entry, me)
    submitting.resubmit(application, commitment=True, by=me, at=moment(8, 3))
    one, head = application.recommendation, applications.head_of(application.employer)
    receiving.refuse(one, ground="untrue", reason="补正内容与实际不符，经核实。", by=head, at=moment(8, 4))
    ended = fresh(application)
    assert (ended.state, ended.ended_at) == (ApplicationState.NOT_RECOMMENDED, moment(8, 4))
    page = shown(application, moment(8, 5))
    for words in ("单位不予推荐", "补正内容与实际不符，经核实。", "15个工作日内"):
        assert words in page, words
    assert "逾期失效" not in page
    assert now_of(application).name == "单位复核推荐"


@pytest.mark.rule("R-025")
@pytest.mark.parametrize(
    ("reached", "stopped_at"),
    [("submitted", Step.EMPLOYER), ("publicised", Step.RECOMMEND)],
)
def test_it_stops_where_it_lapsed(entry, me, reached: str, stopped_at: Step) -> None:
    made = getattr(applications, reached)(entry, me, at=moment(7, 16))
    application = made[0].application if reached == "publicised" else made
    ring_due(at=moment(8, 20))
    course = timeline.course_of(fresh(application))
    assert fresh(application).state == ApplicationState.LAPSED
    assert place_of(course) == stopped_at
    assert now_of(application).until == moment(8, 7, 0)


@pytest.mark.rule("R-093")
def test_deemed_withdrawn_after_the_correction(entry, me, shown) -> None:
    application = applications.returned(entry, me)
    page = shown(application, moment(8, 20))
    assert fresh(application).state == ApplicationState.DEEMED_WITHDRAWN
    assert "逾期未补正，视为放弃申报。" in page
    assert "申请复查" in page
    assert now_of(application).name == "补正材料"


# --- What was submitted, and when what happened ---------------------------------------------
def test_the_frozen_versions_are_read_part_by_part(entry, me, shown, visit) -> None:
    application = applications.submitted(entry, me)
    submitting.take_back(application, by=me, at=moment(7, 9))
    submitting.submit(application, commitment=True, by=me, at=moment(7, 10))
    page = shown(application, moment(7, 10))
    assert "不再生效" in page
    browser = visit(me)
    first, second, third = (
        browser.get(reverse("applications:submitted", args=[application.code, number])) for number in (1, 2, 3)
    )
    assert "本版已取回或者退回，不再生效。" in first.content.decode()
    assert "低功耗信号处理芯片" in second.content.decode()
    assert third.status_code == 404


def test_history_is_in_the_persons_words(entry, me) -> None:
    application = applications.recommended(entry, me, at=moment(7, 8))
    told = [(str(event.what), event.who) for event in timeline.history(timeline.course_of(fresh(application)))][::-1]
    name = application.employer.name
    assert told == [
        ("开始填写申报", "本人"),
        ("提交申报", "本人"),
        ("单位开始审核", name),
        ("单位发布公示", name),
        ("公示期满无异议", "系统"),
        ("单位推荐，材料转评审服务机构", name),
    ]


def test_sent_back_tells_the_reason(entry, me) -> None:
    recommendation = applications.received(entry, me)
    clerk = applications.clerk_of(recommendation.organisation)
    receiving.send_back(recommendation, reason="请补充2025年度考核结果。", by=clerk, at=moment(7, 9))
    events = timeline.history(timeline.course_of(fresh(recommendation.application)))
    assert next((event.what, event.reason) for event in events) == ("单位退回修改", "请补充2025年度考核结果。")


def test_every_step_of_both_machines_is_told_or_has_its_twin() -> None:
    """A new step must be given words here, or be named as the twin of one that is told, or as secret until acceptance."""
    twins = {
        "applications.Application: record_pass",
        "applications.Application: record_fail",
        "applications.Application: receive",
        "applications.Application: send_back",
        "applications.Application: correct_again",
        "applications.Application: recommend",
        "applications.Application: confirm_again",
        "applications.Application: not_recommend",
        "applications.Recommendation: give_back",
        "applications.Recommendation: arrive_again",
        "applications.Recommendation: hold",
        "applications.Recommendation: release",
        "applications.Recommendation: recheck",
        "applications.Recommendation: record_sealed",
        "applications.Recommendation: expire",
        "applications.Recommendation: close",
        "applications.Recommendation: reopen",
        "applications.Recommendation: take_up_again",
        "applications.Recommendation: recheck_again",
        "applications.Recommendation: go_on_correcting",
    }
    steps = {
        f"{model._meta.label}: {found.name}"
        for model in (Application, Recommendation)
        for found in transitions_of(model)
    }
    told = {f"{label}: {step}" for label, step in timeline.WORDS}
    assert steps - told == twins


# --- The usual time -------------------------------------------------------------------------
def test_a_usual_time_needs_twenty(entry, me) -> None:
    application = applications.submitted(entry, me)
    rows = [
        Application(
            applicant=applications.applicant().person,
            entry=entry,
            year=2026,
            title="高级工程师",
            state_since=moment(7, 8),
            first_submitted_at=moment(7, 8),
            recommended_at=moment(7, 8) + dt.timedelta(days=10 + number % 3, hours=1),
        )
        for number in range(20)
    ]
    for row in rows[:19]:
        row.save()
    assert queries.usual_days(entry.pk) is None
    rows[19].save()
    assert queries.usual_days(entry.pk) == 12
    assert fresh(application).state == ApplicationState.SUBMITTED


# --- Doors and work -------------------------------------------------------------------------
def test_a_draft_has_no_timeline_and_a_stranger_nothing(visit, at, entry, me) -> None:
    draft = applications.draft(entry, me)
    at(applications.NOW)
    own, stranger = visit(me), visit(applications.applicant())
    assert own.get(reverse("applications:progress", args=[draft.code])).status_code == 302
    for name, more in (("progress", []), ("submitted", [1])):
        assert stranger.get(reverse(f"applications:{name}", args=[draft.code, *more])).status_code == 404


def test_the_page_costs_the_same_for_a_long_life(visit, at, entry, me, django_assert_max_num_queries) -> None:
    application, browser = applications.submitted(entry, me), visit(me)
    address = reverse("applications:mine", args=[application.code])
    at(moment(7, 9))
    browser.get(address)
    with django_assert_max_num_queries(45) as first:
        browser.get(address)
    for day in (10, 11, 12):
        submitting.take_back(application, by=me, at=moment(7, day))
        submitting.submit(application, commitment=True, by=me, at=moment(7, day, 12))
    at(moment(7, 13))
    with django_assert_max_num_queries(len(first) + 1):
        browser.get(address)


def test_inbox_leads_here(visit, at, entry, me) -> None:
    application = applications.submitted(entry, me)
    at(applications.NOW)
    inbox = visit(me).get(reverse("notifications:inbox")).content.decode()
    assert application.title in inbox
