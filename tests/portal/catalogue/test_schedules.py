"""The year's windows: checked, published by another, exact to the instant, amended outwards only."""

import datetime as dt
from dataclasses import replace

import pytest

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.catalogue.domain import schedules
from portal.catalogue.enums import EditionState, ScheduleKind, ScheduleState
from portal.catalogue.models import AnnualSchedule
from portal.catalogue.queries import last_safe_posting, windows
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workdays.counting import DayException
from portal.workdays.publishing import prepare as prepare_notice
from portal.workdays.publishing import publish as publish_notice
from portal.workflow import carry_out
from tests.factories import accounts
from tests.factories import catalogue as make

AT = make.PUBLISHED_AT
LATE = replace(make.PLAN, employer_to=dt.date(2026, 8, 4))
DISORDERED = replace(make.PLAN, agency_to=dt.date(2026, 8, 1))


def refused(step: str, schedule: AnnualSchedule, by: Actor, at: dt.datetime = AT, **facts: object) -> dict[str, str]:
    with pytest.raises(StepRefused) as refusal:
        carry_out(schedule, step, by=by, at=at, **facts)
    return {reason.code: str(reason.text) for reason in refusal.value.reasons}


def checked(clerk: Actor, days: schedules.Days = make.PLAN) -> AnnualSchedule:
    edition = make.edition(clerk)
    plan = make.schedule(edition, clerk, days=days)
    return carry_out(plan, "verify", by=clerk, at=AT, acknowledgement="沿用去年安排")


def running(clerk: Actor, lead: Actor) -> AnnualSchedule:
    return AnnualSchedule.objects.get(pk=make.published_entry(clerk, lead).schedule_id)


# --- Checking -------------------------------------------------------------------------------
@pytest.mark.rule("A-05")
def test_a_refusing_finding_cannot_be_acknowledged_away(bureau_clerk: Actor) -> None:
    plan = make.schedule(make.edition(bureau_clerk), bureau_clerk, days=DISORDERED)
    found = refused("verify", plan, bureau_clerk, acknowledgement="就这样")
    assert found == {
        "nothing_refuses_the_windows": "「评审服务机构首次审核」的截止日期早于「单位审核推荐」的截止日期。"
    }


@pytest.mark.rule("A-05")
def test_a_warning_is_acknowledged_with_a_reason(bureau_clerk: Actor) -> None:
    plan = make.schedule(make.edition(bureau_clerk), bureau_clerk, days=LATE)
    assert refused("verify", plan, bureau_clerk, acknowledgement=" ") == {
        "warnings_are_acknowledged": "核对发现需要确认的问题，请填写仍按此安排的理由。"
    }
    plan = carry_out(plan, "verify", by=bureau_clerk, at=AT, acknowledgement="市里统一时间")
    assert (plan.acknowledged, plan.acknowledgement) == (["last_minute_is_too_late"], "市里统一时间")


def test_windows_without_warning_need_no_reason(bureau_clerk: Actor) -> None:
    plan = make.schedule(make.edition(bureau_clerk), bureau_clerk)
    assert carry_out(plan, "verify", by=bureau_clerk, at=AT).state == ScheduleState.CHECKED


def test_a_checked_schedule_is_changed_only_after_it_was_sent_back(bureau_clerk: Actor) -> None:
    plan = checked(bureau_clerk, LATE)
    change = {"windows": make.PLAN.windows(), "notice": "", "title": "新", "by": bureau_clerk, "at": AT}
    with pytest.raises(Refusal, match="请先退回再修改"):
        schedules.change(plan, **change)
    plan = carry_out(plan, "send_back", by=bureau_clerk, at=AT)
    assert (plan.acknowledged, plan.acknowledgement) == ([], "")
    assert schedules.change(plan, **change).windows == make.PLAN.windows()


def test_days_that_end_before_they_begin_are_not_even_stored(bureau_clerk: Actor) -> None:
    with pytest.raises(Refusal) as refusal:
        make.schedule(make.edition(bureau_clerk), days=replace(make.PLAN, individual_to=dt.date(2026, 7, 1)))
    assert [(reason.field, str(reason.text)) for reason in refusal.value.reasons] == [
        ("individual_to", "截止日期不能早于开始日期。")
    ]


# --- Publishing -----------------------------------------------------------------------------
@pytest.mark.rule("R-003")
def test_windows_open_on_a_published_catalogue_only(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    assert refused("publish", checked(bureau_clerk), bureau_lead) == {
        "edition_is_published": "年度目录尚未发布，请先发布目录。"
    }


def test_whoever_checked_cannot_publish(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    plan = checked(bureau_lead)
    assert "another_prepared" in refused("publish", plan, bureau_lead)
    with pytest.raises(StepNotPermitted):
        carry_out(plan, "publish", by=bureau_clerk, at=AT)


def test_a_calendar_that_changed_since_the_check_is_looked_at_again(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    plan = checked(bureau_clerk)
    holiday = {dt.date(2026, 8, 3): DayException(is_workday=False, name="临时放假")}
    notice = prepare_notice(year=2026, title="更正", source="", days=holiday, by=bureau_clerk, at=AT)
    publish_notice(notice, by=bureau_lead, at=AT)
    assert refused("publish", plan, bureau_lead)["no_new_warnings"] == "核对之后情况有变，请退回后重新核对。"


@pytest.mark.rule("R-031")
def test_an_industry_authority_keeps_its_own_schedule(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    edition = make.published_entry(bureau_clerk, bureau_lead).edition
    office = accounts.organisation(OrganisationKind.INDUSTRY)
    officers = [accounts.actor(Role.INDUSTRY_OFFICER, at=office) for _ in range(2)]
    stranger = accounts.actor(Role.INDUSTRY_OFFICER)
    plan = make.schedule(edition, officers[0], kind=ScheduleKind.POST, owner=office)
    with pytest.raises(StepNotPermitted):
        carry_out(plan, "verify", by=stranger, at=AT)
    plan = carry_out(plan, "verify", by=officers[0], at=AT)
    assert list(refused("publish", plan, officers[0])) == ["another_prepared"]
    assert carry_out(plan, "publish", by=officers[1], at=AT).state == ScheduleState.PUBLISHED


# --- Instants -------------------------------------------------------------------------------
@pytest.mark.rule("A-33", "R-024")
@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ((2026, 7, 6, 23, 59, 59, 999999), False),
        ((2026, 7, 7, 0, 0, 0, 0), True),
        ((2026, 7, 28, 23, 59, 59, 999000), True),
        ((2026, 7, 28, 23, 59, 59, 999999), True),
        ((2026, 7, 29, 0, 0, 0, 0), False),
    ],
)
def test_the_individual_window_counts_its_last_day_to_the_end(
    bureau_clerk: Actor, bureau_lead: Actor, instant: tuple[int, ...], *, is_open: bool
) -> None:
    plan, at = running(bureau_clerk, bureau_lead), dt.datetime(*instant, tzinfo=clock.BEIJING)
    assert plan.takes_applications(at) is is_open
    assert AnnualSchedule.objects.taking_applications(at).exists() is is_open
    assert [window.is_open for window in windows(at) if window.stage == "individual"] == [is_open]


def test_the_home_page_gets_every_window_with_its_words(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime, django_assert_num_queries: object
) -> None:
    running(bureau_clerk, bureau_lead)
    with django_assert_num_queries(1):
        found = windows(now)
    assert [(window.name, window.dates, window.status) for window in found] == [
        ("个人网上申报", "7月7日—7月28日", "进行中"),
        ("单位审核推荐", "7月7日—8月6日", "进行中"),
        ("评审服务机构首次审核", "9月11日前", "进行中"),
        ("答辩评审", "11月30日前", "进行中"),
    ]


@pytest.mark.rule("A-05", "A-34")
def test_others_can_ask_for_the_last_safe_posting_day(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    assert last_safe_posting(running(bureau_clerk, bureau_lead)) == dt.date(2026, 7, 29)


# --- Amending -------------------------------------------------------------------------------
@pytest.mark.rule("A-35")
@pytest.mark.parametrize(
    ("days", "name"),
    [
        (replace(make.PLAN, individual_to=dt.date(2026, 7, 27)), "个人申报"),
        (replace(make.PLAN, individual_from=dt.date(2026, 7, 6)), "个人申报"),
        (replace(make.PLAN, employer_to=dt.date(2026, 8, 5)), "单位审核推荐"),
    ],
)
def test_a_running_window_only_grows(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime, days: schedules.Days, name: str
) -> None:
    plan = running(bureau_clerk, bureau_lead)
    found = refused("amend", plan, bureau_lead, at=now, note="调整", windows=days.windows())
    assert found["running_windows_only_grow"] == f"「{name}」已经开始，只能延后截止日期。"


def test_a_running_window_is_prolonged_with_a_reason(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    plan = running(bureau_clerk, bureau_lead)
    longer = replace(make.PLAN, individual_to=dt.date(2026, 7, 30), employer_to=dt.date(2026, 8, 10))
    assert "reason_given" in refused("amend", plan, bureau_lead, at=now, windows=longer.windows())
    plan = schedules.amend(plan, windows=longer.windows(), note="系统故障补时", by=bureau_lead, at=now)
    assert (plan.state, plan.individual_closes_at) == (
        ScheduleState.AMENDED,
        dt.datetime(2026, 7, 31, tzinfo=clock.BEIJING),
    )
    again = replace(longer, individual_to=dt.date(2026, 7, 31))
    assert schedules.amend(plan, windows=again.windows(), note="再延", by=bureau_lead, at=now).state == plan.state


def test_before_it_opens_a_window_may_move_both_ways(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    plan = running(bureau_clerk, bureau_lead)
    earlier = replace(make.PLAN, individual_from=dt.date(2026, 7, 3), individual_to=dt.date(2026, 7, 27))
    assert (
        schedules.amend(plan, windows=earlier.windows(), note="提前", by=bureau_lead, at=AT).windows
        == earlier.windows()
    )


def test_amended_windows_must_be_sound(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    plan = running(bureau_clerk, bureau_lead)
    found = refused(
        "amend",
        plan,
        bureau_lead,
        at=now,
        note="延",
        windows=replace(make.PLAN, individual_to=dt.date(2026, 8, 7)).windows(),
    )
    assert found["amended_windows_are_sound"] == "「单位审核推荐」的截止日期早于「个人申报」的截止日期。"


@pytest.mark.rule("R-028")
def test_a_schedule_ends_after_its_last_day(bureau_clerk: Actor, bureau_lead: Actor) -> None:
    plan = running(bureau_clerk, bureau_lead)
    last_moment = plan.committee_closes_at - dt.timedelta(microseconds=1)
    assert refused("close", plan, bureau_lead, at=last_moment) == {"every_window_is_over": "评审尚未全部结束。"}
    closed = carry_out(plan, "close", by=bureau_lead, at=plan.committee_closes_at)
    assert closed.state == ScheduleState.CLOSED
    assert carry_out(plan.edition, "close", by=bureau_lead, at=plan.committee_closes_at).state == EditionState.CLOSED
