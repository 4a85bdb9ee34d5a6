"""Objections: one line is held and no other; who answers, by when, and what each outcome does."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from portal.accounts.actors import Actor
from portal.accounts.roles import OrganisationKind, Role
from portal.deadlines import ringing
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.publicity.domain import objecting
from portal.publicity.enums import NoticeKind, ObjectionState
from portal.publicity.models import Notice, Objection
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from tests.factories import accounts
from tests.factories import publicity as factory
from tests.portal.publicity.conftest import ENDS, FACTS, OBJECTED, POSTED, Recording, accepted, instant, object_to


def fresh(objection: Objection) -> Objection:
    return Objection.objects.get(pk=objection.pk)


@pytest.mark.rule("A-08")
def test_an_objection_holds_one_line_and_never_the_others(notice: Notice, owner: Recording) -> None:
    object_to(notice, 1)
    ringing.ring_due(at=ENDS)
    assert owner.told == [("held", 1), ("cleared", 2)]
    assert list(notice.lines.with_hold().order_by("number").values_list("is_held", "cleared_at")) == [
        (True, None),
        (False, ENDS),
    ]


@pytest.mark.rule("A-08")
def test_unfounded_after_the_end_the_line_is_cleared_at_once_without_a_new_notice(
    notice: Notice, owner: Recording, head: Actor
) -> None:
    objection = accepted(notice, head)
    ringing.ring_due(at=ENDS)
    decided = instant("2026-08-05T15:00")
    objecting.decide(objection, "find_unfounded", answer="经查，其为第二发明人。", by=head, at=decided)
    assert owner.told == [("held", 1), ("cleared", 2), ("released", 1), ("cleared", 1)]
    assert notice.lines.get(number=1).cleared_at == decided


def test_unfounded_before_the_end_the_line_waits_for_the_end_like_the_others(
    notice: Notice, owner: Recording, head: Actor
) -> None:
    objecting.decide(accepted(notice, head), "find_unfounded", answer="不成立。", by=head, at=OBJECTED)
    assert owner.told == [("held", 1), ("released", 1)]
    ringing.ring_due(at=ENDS)
    assert owner.told[2:] == [("cleared", 1), ("cleared", 2)]


def test_of_two_objections_the_last_open_one_holds(notice: Notice, owner: Recording, head: Actor) -> None:
    first, second = accepted(notice, head), accepted(notice, head)
    objecting.decide(first, "find_unfounded", answer="不成立。", by=head, at=OBJECTED)
    assert ("released", 1) not in owner.told
    objecting.decide(second, "find_unfounded", answer="不成立。", by=head, at=OBJECTED)
    assert owner.told[-1] == ("released", 1)


@pytest.mark.rule("R-191", "A-08")
@pytest.mark.parametrize("step", ["find_correctable", "find_fatal"])
def test_an_upheld_objection_strikes_the_line_for_good(
    notice: Notice, owner: Recording, head: Actor, step: str
) -> None:
    closed = objecting.decide(accepted(notice, head), step, answer="情况属实。", by=head, at=OBJECTED)
    ringing.ring_due(at=ENDS)
    assert owner.told == [("held", 1), (closed.state, 1), ("cleared", 2)]
    line = notice.lines.get(number=1)
    assert (line.struck_at, line.cleared_at) == (OBJECTED, None)


@pytest.mark.rule("A-08")
def test_the_public_reads_of_a_person_the_same_whatever_is_said_against_them(
    notice: Notice, head: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    """One anonymous objection must not show (domain §8.8 #1: name, unit, specialty, level); the publisher follows it."""
    at(OBJECTED)
    address, own = f"/notices/by-link/{notice.access_code}/", f"/notices/own/{notice.code}/"

    def lines_of(page: str) -> list[str]:
        return visit().get(page).content.decode().split('<tr class="govuk-table__row" id="line-')[1:]

    def without(line: str, *own_words: str) -> str:
        row = line.partition("</tr>")[0]
        return row if not own_words else without(row.replace(own_words[0], ""), *own_words[1:])

    objection = accepted(notice, head)
    assert "异议核查中" in visit(head).get(own).content.decode()
    first, second = lines_of(address)
    assert without(first, notice.access_code, "1", "孙甲") == without(second, notice.access_code, "2", "李乙")
    objecting.decide(objection, "find_fatal", answer="情况属实。", by=head, at=OBJECTED)
    assert "异议成立" in visit(head).get(own).content.decode()
    at(ENDS)
    ringing.ring_due(at=ENDS)
    first, second = lines_of(address)
    assert without(first, notice.access_code, "1", "孙甲") == without(second, notice.access_code, "2", "李乙")


@pytest.mark.rule("R-140")
def test_only_the_bureau_finds_fraud(notice: Notice, head: Actor) -> None:
    with pytest.raises(StepNotPermitted):
        objecting.decide(accepted(notice, head), "find_fraud", answer="属实。", by=head, at=OBJECTED)


@pytest.mark.rule("A-08")
def test_one_second_after_the_end_it_is_a_report_and_no_objection(notice: Notice) -> None:
    with pytest.raises(Refusal) as refused:
        object_to(notice, at=ENDS)
    (reason,) = refused.value.reasons
    assert reason.code == "notice_ended"
    assert "2026-07-23 24:00" in str(reason.text)
    assert "举报" in str(reason.text)


def test_in_the_last_second_it_is_an_objection(notice: Notice) -> None:
    assert object_to(notice, at=ENDS - dt.timedelta(microseconds=1)).state == ObjectionState.RECEIVED


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"facts": "不对"}, ["facts_too_short"]),
        ({"name": "赵丁"}, ["contact_missing"]),
        ({"contact": "13800138000"}, ["name_missing"]),
    ],
)
def test_what_is_missing_in_a_statement_is_named(notice: Notice, said: dict[str, str], codes: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        object_to(notice, **said)
    assert [reason.code for reason in refused.value.reasons] == codes


@pytest.mark.rule("A-08")
def test_ten_working_days_to_answer_and_ten_more_once(notice: Notice, head: Actor) -> None:
    objection = accepted(notice, head)
    due = objecting.answer_due(objection)
    assert due is not None
    assert due.due_at == instant("2026-08-06T00:00")
    with pytest.raises(StepRefused):
        objecting.extend(objection, reason="", by=head, at=OBJECTED)
    objecting.extend(objection, reason="需调取档案", by=head, at=OBJECTED)
    due = objecting.answer_due(objection)
    assert due is not None
    assert due.due_at == instant("2026-08-20T00:00")


def test_overdue_it_goes_up_with_the_full_time_anew(notice: Notice, owner: Recording, head: Actor) -> None:
    owner.above = accounts.organisation(OrganisationKind.AGENCY)
    objection = accepted(notice, head)
    ringing.ring_due(at=instant("2026-08-06T00:00"))
    escalated = fresh(objection)
    assert (escalated.state, escalated.handler, escalated.investigator) == (ObjectionState.ESCALATED, owner.above, None)
    due = objecting.answer_due(escalated)
    assert due is not None
    assert due.due_at == instant("2026-08-21T00:00")


@pytest.mark.rule("N-13")
def test_overdue_at_the_top_the_leads_are_told(notice: Notice, head: Actor, bureau_lead: Actor) -> None:
    object_to(notice)
    ringing.ring_due(at=instant("2026-08-06T00:00"))
    told = Notification.objects.filter(occasion="N-13")
    assert {row.person for row in told} == {head.person, bureau_lead.person}


@pytest.mark.rule("A-08")
def test_overdue_at_the_top_it_is_still_answered_and_not_extended(notice: Notice, head: Actor) -> None:
    objection, late = object_to(notice, name="赵丁", contact="13800138000"), instant("2026-08-06T09:00")
    ringing.ring_due(at=late)
    objection = objecting.accept(objection, by=head, at=late)
    told = Notification.objects.get(kind="publicity.objector_accepted")
    assert "答复期限已过" in told.body
    with pytest.raises(StepRefused) as refused:
        objecting.extend(objection, reason="需调取档案", by=head, at=late)
    assert [reason.code for reason in refused.value.reasons] == ["time_to_answer_runs"]
    closed = objecting.decide(objection, "find_unfounded", answer="不成立。", by=head, at=late)
    assert closed.state == ObjectionState.UNFOUNDED


def test_at_the_top_nobody_hands_it_further_up(notice: Notice, head: Actor) -> None:
    with pytest.raises(StepRefused) as refused:
        objecting.escalate(object_to(notice), by=head, at=OBJECTED)
    assert [reason.code for reason in refused.value.reasons] == ["somebody_stands_above"]


def test_where_an_authority_answers_another_person_decides(
    notice: Notice, owner: Recording, head: Actor, actor: Callable[..., Actor]
) -> None:
    lead = actor(Role.AGENCY_LEAD)
    owner.above = lead.organisation
    escalated = objecting.escalate(object_to(notice), by=head, at=OBJECTED)
    objection = objecting.accept(escalated, by=lead, at=OBJECTED)
    with pytest.raises(StepRefused) as refused:
        objecting.decide(objection, "find_unfounded", answer="不成立。", by=lead, at=OBJECTED)
    assert [reason.code for reason in refused.value.reasons] == ["another_investigated"]
    other = actor(Role.AGENCY_LEAD, at=lead.organisation)
    objecting.decide(objection, "find_unfounded", answer="不成立。", by=other, at=OBJECTED)


def test_the_person_concerned_never_handles_it(owner: Recording, head: Actor) -> None:
    assert head.person is not None
    own = factory.posted(head, POSTED, people=(head.person,), kind=NoticeKind.EMPLOYER)
    with pytest.raises(StepRefused) as refused:
        objecting.accept(object_to(own), by=head, at=OBJECTED)
    assert [reason.code for reason in refused.value.reasons] == ["not_involved"]


@pytest.mark.parametrize(
    ("said", "ground", "codes"),
    [
        ({}, "no_facts", []),
        ({"name": "赵丁", "contact": "a@b.cn"}, "no_facts", ["lacks_checkable_facts"]),
        ({}, "duplicate", ["lacks_checkable_facts"]),
    ],
)
def test_what_may_be_turned_away_without_a_look(
    notice: Notice, head: Actor, said: dict[str, str], ground: str, codes: list[str]
) -> None:
    objection = object_to(notice, **said)
    try:
        objecting.decide(objection, "reject_form", answer="不予受理。", ground=ground, by=head, at=OBJECTED)
        refused: list[str] = []
    except StepRefused as refusal:
        refused = [reason.code for reason in refusal.reasons]
    assert refused == codes


def test_the_person_concerned_is_told_and_never_learns_who(owner: Recording, head: Actor) -> None:
    person = accounts.person(full_name="孙木")
    notice = factory.posted(head, POSTED, people=(person,), kind=NoticeKind.EMPLOYER)
    objection = accepted(notice, head, name="告密者", contact="13912345678")
    objecting.decide(objection, "find_fatal", answer="情况属实。", by=head, at=OBJECTED)
    told = list(Notification.objects.filter(person=person).order_by("pk").values_list("subject", "body"))
    assert [subject for subject, _body in told] == ["公示收到涉及您的异议", "公示异议已办结"]
    everything = str(told) + str(list(Entry.objects.values_list("note", "facts")))
    assert "告密者" not in everything
    assert "13912345678" not in everything


def test_an_employer_sees_who_objects_only_with_consent_and_on_a_recorded_click(
    notice: Notice, head: Actor, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    shy = object_to(notice, name="告密者", contact="a@b.cn")
    open_one = object_to(notice, 2, name="光明者", contact="c@d.cn", may_be_named_to_employer=True)
    browser = visit(head)
    assert browser.post(f"/notices/settling/{shy.code}/objector/").status_code == 404
    assert "光明者" not in browser.get(f"/notices/settling/{open_one.code}/").content.decode()
    assert "光明者" in browser.post(f"/notices/settling/{open_one.code}/objector/").content.decode()
    assert Entry.objects.get(step="read").facts == {"what": "objector"}


def test_objections_of_others_look_unknown(
    notice: Notice, actor: Callable[..., Actor], visit: Callable[..., Client]
) -> None:
    browser = visit(actor(Role.EMPLOYER_HEAD))
    assert browser.get(f"/notices/settling/{object_to(notice).code}/").status_code == 404


def test_from_the_public_form_to_the_answer_on_screen(
    head: Actor, notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    public, desk = visit(), visit(head)
    form = f"/notices/by-link/{notice.access_code}/object/1/"
    wrong = public.post(form, {"_key": "k1", "facts": "不对", "name": "赵丁", "contact": "a@b.cn"})
    assert "请写明可以核查的事实，至少10个字。（依据 A-08）" in wrong.content.decode()
    assert "赵丁" in wrong.content.decode()
    done = public.post(form, {"_key": "k1", "facts": FACTS, "name": "赵丁", "contact": "a@b.cn"})
    code = Objection.objects.get().code
    assert done["Location"] == f"/notices/objections/{code}/"
    assert "2026年8月5日" in public.get(done["Location"]).content.decode()
    own = f"/notices/settling/{code}/"
    assert desk.post(f"{own}accept/", {"_key": "k2"})["Location"] == own
    answer = desk.post(f"{own}fatal/", {"_key": "k3", "answer": "情况属实，不予推荐。"})
    assert answer["Location"] == own
    shown = public.get(done["Location"]).content.decode()
    assert ("情况属实，不予推荐。" in shown, "赵丁" in shown) == (True, False)


def test_one_address_cannot_flood_a_notice(
    notice: Notice, visit: Callable[..., Client], at: Callable[[dt.datetime], None]
) -> None:
    at(OBJECTED)
    form = f"/notices/by-link/{notice.access_code}/object/1/"
    answers = [visit().post(form, {"_key": f"k{turn}", "facts": FACTS}) for turn in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [200]
    assert "操作过于频繁，请一小时后再试。" in answers[-1].content.decode()
