"""Policy versions: what may be entered, four eyes, which one is in force on a day, frozen once approved."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from portal.accounts.actors import Actor
from portal.catalogue.domain import policies
from portal.catalogue.enums import LevelKey, PolicyState
from portal.catalogue.models import NoPolicyInForceError, PolicyValue, PolicyVersion
from portal.catalogue.parameters import REGISTRY, reasons_against
from portal.catalogue.queries import differences, fee_for, policy_in_force, policy_of
from portal.ledger.queries import history_of
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workflow import carry_out
from tests.factories.catalogue import level

NEXT = dt.date(2026, 9, 1)


def draft(by: Actor, at: dt.datetime, **fields: object) -> PolicyVersion:
    defaults = {"code": "BJ-2026-09", "title": "新参数", "source": "通知", "valid_from": NEXT, "values": {}}
    return policies.prepare(**{**defaults, **fields}, by=by, at=at)


def refused(step: str, version: PolicyVersion, by: Actor, at: dt.datetime, **facts: object) -> list[tuple[str, str]]:
    with pytest.raises(StepRefused) as refusal:
        carry_out(version, step, by=by, at=at, **facts)
    return [(reason.code, str(reason.text)) for reason in refusal.value.reasons]


@pytest.mark.rule("R-019", "A-44")
@pytest.mark.parametrize(
    ("on", "code"),
    [
        (dt.date(2023, 6, 14), "BJ-2023"),
        (dt.date(2024, 6, 18), "BJ-2023"),
        (dt.date(2024, 6, 19), "BJ-2024"),
        (dt.date(2025, 11, 30), "BJ-2024"),
        (dt.date(2025, 12, 1), "BJ-2025-12"),
        (dt.date(2026, 7, 8), "BJ-2025-12"),
    ],
)
def test_each_day_has_the_version_that_began_last(db: None, on: dt.date, code: str) -> None:
    assert policy_in_force(on).code == code


def test_before_the_first_version_there_is_none(db: None) -> None:
    with pytest.raises(NoPolicyInForceError):
        policy_in_force(dt.date(2023, 6, 13))


def test_values_are_read_by_type(db: None) -> None:
    policy = policy_of("BJ-2025-12")
    assert (policy.days("correction.workdays"), policy.flag("publicity.count_posting_day")) == (10, False)
    assert policy.fraction("vote") == (2, 3, True)
    assert policy.series("examreview.series") == {"15", "17", "18", "19", "25"}
    assert policy.month_day("seniority.cutoff", 2026) == dt.date(2026, 12, 31)
    assert policy.valid_until is None
    assert policy_of("BJ-2024").valid_until == dt.date(2025, 11, 30)


def test_reading_a_policy_costs_one_query(db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        policy = policy_in_force(NEXT)
        assert policy.days("payment.workdays") + policy.days("promise.workdays") == 25


def test_a_key_that_nobody_registered_is_a_mistake(db: None) -> None:
    with pytest.raises(KeyError):
        policy_of("BJ-2024").days("correction.days")


@pytest.mark.rule("R-100")
@pytest.mark.parametrize(
    ("key", "yuan"),
    [
        (LevelKey.FULL, 700),
        (LevelKey.ASSOCIATE, 700),
        (LevelKey.INTERMEDIATE, 500),
        (LevelKey.ASSISTANT, 200),
        (LevelKey.ENTRY, 200),
    ],
)
def test_fees_follow_the_level(db: None, key: LevelKey, yuan: int) -> None:
    assert fee_for(level(key), policy_of("BJ-2024")) == yuan


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("publicity.min_workdays", 4, "「公示最短天数」不能为4个工作日：允许范围不少于 5。"),
        ("publicity.count_posting_day", True, "「公示发布当日计入公示期」不能为是：允许范围只能为否。"),
        ("correction.workdays", 21, "「补正期限」不能为21个工作日：允许范围5 至 20。"),
        ("correction.max_returns", 2, "「退回补正次数」不能为2次：允许范围只能为1。"),
        ("payment.workdays", 2, "「缴费期限」不能为2个工作日：允许范围3 至 15。"),
        ("panel.min", 2, "「评议组最少人数」不能为2人：允许范围不少于 3。"),
        ("peer.talent", 2, "「考核认定专家举荐人数」不能为2人：允许范围不少于 3。"),
        ("fee.senior", "700", "「高级评审费」须为整数。"),
        ("correction.workdays", True, "「补正期限」须为整数。"),
        ("vote.inclusive", 1, "「恰好达到比例即通过」须为是或者否。"),
        ("skilled.series", ["05", "05"], "「高技能人才可申报的系列」须为01至27的系列代码，不得重复。"),
        ("skilled.series", ["28"], "「高技能人才可申报的系列」须为01至27的系列代码，不得重复。"),
        ("seniority.cutoff", "02-30", "「年限计算截止日（评审年度内）」须为月-日，如12-31。"),
        ("seniority.cutoff", "02-29", "「年限计算截止日（评审年度内）」须为月-日，如12-31。"),
    ],
)
def test_values_outside_their_range_are_refused_with_the_range(key: str, value: object, text: str) -> None:
    reason = REGISTRY[key].reason_against(value)
    assert (str(reason.text), reason.basis, reason.field) == (text, REGISTRY[key].basis, key)


def test_every_default_is_lawful() -> None:
    assert reasons_against({key: parameter.default for key, parameter in REGISTRY.items()}) == []


def test_missing_and_unknown_keys_are_named() -> None:
    values = {key: parameter.default for key, parameter in REGISTRY.items() if key != "fee.junior"}
    assert [str(reason.text) for reason in reasons_against({**values, "fee.senor": 1})] == [
        "缺少参数「初级评审费」。",
        "未知的参数：fee.senor。",
    ]


def test_a_draft_never_holds_values_out_of_range(bureau_clerk: Actor, now: dt.datetime) -> None:
    version = draft(bureau_clerk, now)
    with pytest.raises(Refusal, match="公示最短天数"):
        policies.change(version, {"publicity.min_workdays": policies.Entered(4)}, by=bureau_clerk, at=now)
    changed = policies.change(
        version, {"publicity.min_workdays": policies.Entered(7, "新通知")}, by=bureau_clerk, at=now
    )
    assert changed.days("publicity.min_workdays") == 7
    assert history_of(version).last().facts == {"publicity.min_workdays": [5, 7]}


@pytest.mark.rule("R-001")
def test_whoever_prepared_cannot_approve(bureau_lead: Actor, now: dt.datetime) -> None:
    assert refused("approve", draft(bureau_lead, now), bureau_lead, now) == [
        ("another_prepared", "参与编制的人员不能审批，请由另一位负责人办理。")
    ]


def test_whoever_changed_one_number_cannot_approve(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    version = policies.change(
        draft(bureau_clerk, now), {"payment.workdays": policies.Entered(7)}, by=bureau_lead, at=now
    )
    assert [code for code, _text in refused("approve", version, bureau_lead, now)] == ["another_prepared"]


def test_a_clerk_may_not_approve(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    with pytest.raises(StepNotPermitted):
        carry_out(draft(bureau_lead, now), "approve", by=bureau_clerk, at=now)


def test_a_version_with_a_missing_value_is_not_approved(
    bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime
) -> None:
    version = draft(bureau_clerk, now)
    PolicyValue.objects.filter(version=version, key="fee.junior").delete()
    assert refused("approve", version, bureau_lead, now) == [("values_are_lawful", "缺少参数「初级评审费」。")]


def test_published_it_follows_the_one_before(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    changes = {"payment.workdays": policies.Entered(7, "新通知")}
    version = policies.change(draft(bureau_clerk, now), changes, by=bureau_clerk, at=now)
    version = policies.publish(carry_out(version, "approve", by=bureau_lead, at=now), by=bureau_lead, at=now)
    before = policy_of("BJ-2025-12")
    assert (before.state, before.successor, before.valid_until) == (
        PolicyState.SUPERSEDED,
        version,
        dt.date(2026, 8, 31),
    )
    assert policy_in_force(dt.date(2026, 8, 31)) == before
    assert policy_in_force(NEXT) == version
    assert [(each.parameter.key, each.before, each.after) for each in differences(before, version)] == [
        ("payment.workdays", 5, 7)
    ]


def test_versions_form_one_chain(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    version = draft(bureau_clerk, now, valid_from=dt.date(2025, 12, 1))
    assert refused("approve", version, bureau_lead, now) == [
        ("begins_after_every_other", "施行日期须晚于「BJ-2025-12」的施行日期2025-12-01。")
    ]


def test_nothing_is_put_in_force_for_the_past(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    version = carry_out(draft(bureau_clerk, now, valid_from=now.date()), "approve", by=bureau_lead, at=now)
    tomorrow = now + dt.timedelta(days=1)
    assert [code for code, _text in refused("publish", version, bureau_lead, tomorrow)] == ["begins_today_or_later"]
    assert policies.publish(version, by=bureau_lead, at=now).state == PolicyState.PUBLISHED


def test_only_a_published_later_version_supersedes(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    found = refused("supersede", policy_of("BJ-2025-12"), bureau_lead, now, successor=draft(bureau_clerk, now))
    assert [code for code, _text in found] == ["successor_begins_later"]


def test_an_approved_version_is_frozen(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    version = carry_out(draft(bureau_clerk, now), "approve", by=bureau_lead, at=now)
    with pytest.raises(Refusal, match="参数不能再改"):
        policies.change(version, {"payment.workdays": policies.Entered(7)}, by=bureau_clerk, at=now)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        PolicyValue.objects.filter(version=version, key="payment.workdays").update(value=15)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        PolicyValue.objects.filter(version=version).delete()


def test_sent_back_it_can_be_changed_again(bureau_clerk: Actor, bureau_lead: Actor, now: dt.datetime) -> None:
    version = carry_out(draft(bureau_clerk, now), "approve", by=bureau_lead, at=now)
    version = carry_out(version, "send_back", by=bureau_lead, at=now)
    changed = policies.change(version, {"payment.workdays": policies.Entered(7)}, by=bureau_clerk, at=now)
    assert changed.days("payment.workdays") == 7


def test_a_code_is_used_once(bureau_clerk: Actor, now: dt.datetime) -> None:
    draft(bureau_clerk, now)
    with pytest.raises(Refusal, match="BJ-2026-09已被使用"):
        draft(bureau_clerk, now)
