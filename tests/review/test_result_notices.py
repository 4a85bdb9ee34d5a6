"""Accepted results on the public page: what it shows, from when to when, and what an objection does to one person (A-08)."""

import datetime as dt
from urllib.parse import unquote

import pytest
from django.urls import reverse

from applications.domain.holding import set_hold
from applications.enums import ApplicationState, Hold
from applications.models import Application
from portal.accounts.actors import PUBLIC, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import setting
from portal.integrity.models import IntegrityRecord
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.publicity.domain import availability, objecting, posting
from portal.publicity.domain.objecting import Statement
from portal.publicity.enums import NoticeState
from portal.publicity.models import Line, Notice, Objection
from portal.shared import clock
from portal.shared.errors import Refusal, StepNotPermitted, StepRefused
from portal.workflow import settle_due
from review.domain import promising, result_notices
from review.domain.acceptance_queries import cleared_cases
from review.enums.accepting import PROMISE, AcceptanceState, CaseState
from review.models import ResultAcceptance
from tests.factories import acceptances, accounts, catalogue, sessions
from tests.factories.applications import OPINION
from tests.factories.defences import on

pytestmark = pytest.mark.django_db
ENDS = on(10, 24, 0)  # 24:00 of Friday 23 October
SAID = Statement("2024年的论文署名与事实不符，可向期刊核实。", name="吴某", contact="13800001111")
ANSWER = "经核查，署名与期刊记录一致，异议不成立。"


def state_of(application: Application) -> str:
    return str(Application.objects.get(pk=application.pk).state)


def line_of(notice: Notice, application: Application) -> Line:
    return notice.lines.select_related("notice").get(person=application.applicant)


def agency_of(application: Application, role: Role = Role.AGENCY_CLERK) -> object:
    return sessions.defences.agency_staff(application.entry.committee.agency, role)


def made_once() -> tuple[list[Application], ResultAcceptance]:
    """Two people who both passed."""
    pair = sessions.ready(catalogue.published_entry(), 2)
    return pair, acceptances.accepted(acceptances.voted(pair, [10, 9]))


@pytest.fixture
def pair(kept: tuple[list[Application], ResultAcceptance]) -> list[Application]:
    return kept[0]


@pytest.fixture
def batch(kept: tuple[list[Application], ResultAcceptance]) -> ResultAcceptance:
    return kept[1]


@pytest.mark.rule("R-122")
@pytest.mark.rule("R-123")
def test_s5_posted_on_16_october_ends_on_23_october(batch: ResultAcceptance, pair: list[Application]) -> None:
    notice = acceptances.posted(batch)
    assert {state_of(one) for one in pair} == {ApplicationState.IN_RESULT_NOTICE}
    assert [set(line.content) for line in notice.lines.all()] == [{"name", "unit", "specialty", "level"}] * 2
    end = posting.end_of(notice)
    assert end is not None
    assert end.due_at == ENDS
    employers = Notification.objects.filter(kind="review.on_result_notice_to_employer")
    assert len(set(employers.values_list("about_id", flat=True))) == 2
    assert Notification.objects.filter(kind="publicity.on_notice", person=pair[0].applicant).exists()
    settle_due(notice, ENDS - dt.timedelta(seconds=1))
    assert {state_of(one) for one in pair} == {ApplicationState.IN_RESULT_NOTICE}
    settle_due(acceptances.fresh(batch), ENDS)
    assert {state_of(one) for one in pair} == {ApplicationState.CLEARED}
    assert acceptances.fresh(batch).state == AcceptanceState.PUBLICISED
    ready = list(cleared_cases())
    assert [one.application_id for one in ready] == [one.pk for one in pair]
    assert {(one.is_restricted, one.district_limited, one.passed_on) for one in ready} == {
        (False, "", dt.date(2026, 10, 10))
    }


@pytest.mark.rule("N-10", "R-122")
def test_an_outage_that_moves_the_end_is_told_to_whoever_was_told_it(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    notice = acceptances.posted(batch)
    availability.seen(on(10, 20))
    availability.seen(on(10, 20, 17))
    told = Notification.objects.filter(kind="publicity.notice_lengthened", about_id=notice.pk)
    expected = {notice.publisher, *(one.recommendation.organisation for one in pair)}
    assert {one.person for one in told if one.organisation is None} == {one.applicant for one in pair}
    assert {one.organisation for one in told} - {None} == expected
    assert all("10月26日" in one.body for one in told)


@pytest.mark.rule("A-06")
def test_the_promise_stands_while_results_are_on_show(batch: ResultAcceptance) -> None:
    acceptances.posted(batch)
    stopped = promising.clock_of(batch)
    assert stopped is not None
    assert stopped.due_at is None
    settle_due(acceptances.fresh(batch), ENDS)
    running = promising.clock_of(batch)
    assert running is not None
    assert running.due_at is not None
    # Reported on Monday 12: 13, 14, 15 and 16 October were the bureau's, then 26 October.
    assert promising.used(running, on(10, 26)) == 5


@pytest.mark.rule("A-08")
def test_one_is_held_and_the_other_goes_on(batch: ResultAcceptance, pair: list[Application]) -> None:
    notice = acceptances.posted(batch)
    objection = objecting.lodge(line_of(notice, pair[0]), SAID, by=PUBLIC, at=on(10, 21))
    assert objection.handler == pair[0].entry.committee.agency  # type: ignore[union-attr]
    assert Application.objects.get(pk=pair[0].pk).hold == Hold.OBJECTION
    settle_due(acceptances.fresh(batch), ENDS)
    assert [state_of(one) for one in pair] == [ApplicationState.IN_RESULT_NOTICE, ApplicationState.CLEARED]
    assert acceptances.fresh(batch).state == AcceptanceState.ACCEPTED
    agency, agency_lead = agency_of(pair[0]), agency_of(pair[0], Role.AGENCY_LEAD)
    objection = objecting.accept(objection, by=agency, at=on(10, 26))  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        objecting.decide(objection, "find_unfounded", answer=ANSWER, by=agency_lead, at=on(10, 26))  # type: ignore[arg-type]
    assert [one.code for one in refused.value.reasons] == ["bureau_decides"]
    objection = objecting.escalate(objection, by=agency, at=on(10, 26))  # type: ignore[arg-type]
    assert objection.handler == acceptances.bureau()
    objection = objecting.accept(objection, by=acceptances.clerk(), at=on(10, 27))
    objecting.decide(objection, "find_unfounded", answer=ANSWER, by=acceptances.lead(), at=on(10, 28))
    assert state_of(pair[0]) == ApplicationState.CLEARED  # at once, without a new notice
    assert acceptances.fresh(batch).state == AcceptanceState.PUBLICISED


@pytest.mark.rule("R-191")
def test_an_upheld_objection_takes_the_result_away(batch: ResultAcceptance, pair: list[Application]) -> None:
    notice = acceptances.posted(batch)
    objection = objecting.lodge(line_of(notice, pair[0]), SAID, by=PUBLIC, at=on(10, 21))
    objection = objecting.escalate(objection, by=agency_of(pair[0]), at=on(10, 21))  # type: ignore[arg-type]
    objection = objecting.accept(objection, by=acceptances.clerk(), at=on(10, 22))
    objecting.decide(objection, "find_fatal", answer=ANSWER, suspects_fraud=True, by=acceptances.lead(), at=on(10, 23))
    assert state_of(pair[0]) == ApplicationState.NOT_RECOGNISED
    assert acceptances.case_of(pair[0]).state == CaseState.CLOSED
    kinds = set(Notification.objects.filter(kind__contains="not_recognised").values_list("kind", flat=True))
    assert len(kinds) == 3
    settle_due(acceptances.fresh(batch), ENDS)
    assert [one.application_id for one in cleared_cases()] == [pair[1].pk]


def test_a_correction_and_a_withdrawal_are_followed_by_a_new_full_notice(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    notice = acceptances.posted(batch)
    objection = objecting.lodge(line_of(notice, pair[0]), SAID, by=PUBLIC, at=on(10, 19))
    objection = objecting.escalate(objection, by=agency_of(pair[0]), at=on(10, 19))  # type: ignore[arg-type]
    objection = objecting.accept(objection, by=acceptances.clerk(), at=on(10, 20))
    objecting.decide(objection, "find_correctable", answer=ANSWER, by=acceptances.lead(), at=on(10, 20))
    assert [state_of(one) for one in pair] == [ApplicationState.ACCEPTED, ApplicationState.IN_RESULT_NOTICE]
    second = acceptances.posted(acceptances.fresh(batch), at=on(10, 21))
    assert [line.person for line in second.lines.all()] == [pair[0].applicant]
    posting.withdraw(second, reason="单位名称有误，更正后重新公示。", by=acceptances.lead(), at=on(10, 22))
    assert state_of(pair[0]) == ApplicationState.ACCEPTED
    settle_due(notice, ENDS)
    assert [state_of(one) for one in pair] == [ApplicationState.ACCEPTED, ApplicationState.CLEARED]


@pytest.mark.rule("A-08")
def test_a_withdrawn_notice_is_corrected_before_it_is_posted_anew(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    first, why = acceptances.posted(batch), "单位名称漏写「有限公司」，专业名称录入有误。"
    clerk, case = acceptances.clerk(), acceptances.case_of(pair[0])
    wanted = {"unit": "北京晨星电子有限公司", "specialty": "嵌入式系统", "reason": why}
    with pytest.raises(StepRefused) as running:
        result_notices.correct_shown(case, **wanted, by=clerk, at=on(10, 19))
    assert [(one.code, one.basis) for one in running.value.reasons] == [("waits_for_a_new_notice", "A-08")]
    posting.withdraw(first, reason="单位名称有误，更正后重新公示。", by=acceptances.lead(), at=on(10, 20))
    case = acceptances.case_of(pair[0])
    same = {"unit": case.unit_in_force, "specialty": case.specialty_in_force, "reason": why}
    with pytest.raises(StepRefused) as unchanged:
        result_notices.correct_shown(case, **same, by=clerk, at=on(10, 20))
    assert [one.code for one in unchanged.value.reasons] == ["something_is_corrected"]
    browser = accounts.client(clerk)
    address = reverse("review:result_correct_shown", args=[case.code])
    assert same["unit"] in browser.get(address).content.decode()
    assert browser.post(address, {**wanted, "_key": "correct-1"}).status_code == 302
    browser.get(reverse("review:result", args=[case.code]))  # with the message that it is corrected
    preview = browser.get(reverse("review:acceptance_notice", args=[batch.code])).content.decode()
    assert wanted["unit"] in preview
    assert (preview.count("已更正"), preview.count("与原公示相同")) == (1, 1)
    second = acceptances.posted(acceptances.fresh(batch), at=on(10, 21))
    assert (second.corrects, second.title[-4:]) == (first, "（更正）")
    content = line_of(second, pair[0]).content
    assert (content["unit"], content["specialty"]) == (wanted["unit"], wanted["specialty"])
    assert content["name"] == pair[0].applicant.full_name
    told = Entry.objects.filter(step="put_on_notice", subject_id=case.pk).order_by("pk").last()
    assert told is not None
    assert told.facts["corrected"] == ["unit", "specialty"]
    assert line_of(first, pair[0]).content["specialty"] == case.specialty  # what was shown stays in the record
    end = posting.end_of(second)
    assert end is not None
    assert end.due_at == on(10, 29, 0)  # five full working days anew


@pytest.mark.rule("R-143")
def test_an_investigation_outlasts_the_notice(batch: ResultAcceptance, pair: list[Application]) -> None:
    acceptances.posted(batch)
    set_hold(pair[0], Hold.INVESTIGATION, at=on(10, 20), basis="R-148")
    settle_due(acceptances.fresh(batch), ENDS)
    assert [state_of(one) for one in pair] == [ApplicationState.IN_RESULT_NOTICE, ApplicationState.CLEARED]
    set_hold(pair[0], Hold.NONE, at=on(11, 2), basis="R-148")
    assert state_of(pair[0]) == ApplicationState.CLEARED


@pytest.mark.rule("R-121")
def test_nothing_is_publicised_before_acceptance(entry: CatalogueEntry) -> None:
    batch = acceptances.taken(acceptances.voted(sessions.ready(entry, 2), [10, 9]))
    with pytest.raises(Refusal) as refused:
        acceptances.posted(batch)
    assert [one.code for one in refused.value.reasons] == ["nobody_to_show"]
    with pytest.raises(StepNotPermitted):
        result_notices.post(batch, contact="x", by=sessions.clerk(batch.session), at=acceptances.DECIDED)


def test_the_person_reads_the_employers_opinion_once_the_result_is_known(entry: CatalogueEntry) -> None:
    application, _other = pair = sessions.ready(entry, 2)
    browser = accounts.client(acting_personally(application.applicant))

    def read() -> tuple[str, str]:
        page = browser.get(reverse("applications:mine", args=[application.code]))
        told = browser.get(f"/api/applications/{application.code}/").json()
        return page.content.decode(), told["recommendation"]["opinion"]

    session = acceptances.voted(pair, [10, 3])
    page, opinion = read()
    assert (OPINION.text in page, opinion) == (False, "")
    acceptances.accepted(session)
    clock.move_to(acceptances.DECIDED)
    page, opinion = read()
    assert (OPINION.text in page, opinion) == (True, OPINION.text)
    assert OPINION.assessment not in page


@pytest.mark.rule("A-12")
def test_an_exemption_needs_the_talent_channel_and_two_people(batch: ResultAcceptance, pair: list[Application]) -> None:
    case, why = acceptances.case_of(pair[0]), "该成果的工艺和地点不宜公开。"
    with pytest.raises(Refusal) as refused:
        result_notices.propose_exemption(case, reason=why, by=acceptances.lead(), at=acceptances.DECIDED)
    assert [one.code for one in refused.value.reasons] == ["may_be_exempted"]
    Application.objects.filter(pk=pair[0].pk).update(channel="talent")
    case = acceptances.case_of(pair[0])
    case = result_notices.propose_exemption(case, reason=why, by=acceptances.lead(), at=acceptances.DECIDED)
    with pytest.raises(Refusal) as refused:
        result_notices.approve_exemption(case, by=acceptances.lead(), at=acceptances.DECIDED)
    assert [one.code for one in refused.value.reasons] == ["second_approver"]
    done = result_notices.approve_exemption(case, by=acceptances.clerk(), at=acceptances.DECIDED)
    assert done.is_restricted
    assert state_of(pair[0]) == ApplicationState.CLEARED
    assert Notification.objects.filter(kind="review.result_restricted").exists()
    notice = acceptances.posted(acceptances.fresh(batch))
    assert [line.person for line in notice.lines.all()] == [pair[1].applicant]


def test_the_public_finds_results_by_name_and_number(batch: ResultAcceptance, pair: list[Application]) -> None:
    clock.move_to(on(10, 19))
    notice = acceptances.posted(batch)
    objecting.lodge(line_of(notice, pair[0]), SAID, by=PUBLIC, at=on(10, 19))
    client, page = accounts.client(), reverse("publicity:results")
    listed = client.get(page)
    assert listed["X-Robots-Tag"] == "noindex, nofollow"
    assert notice.title in listed.content.decode()
    for words in (pair[0].applicant.full_name, notice.code):
        answer = client.post(page, {"words": words})
        assert words not in unquote(answer.url)
        found = client.get(answer.url).content.decode()
        assert pair[0].applicant.full_name in found
        assert reverse("publicity:object", args=[notice.code, 1]) in found
        assert "异议核查中" not in found  # nothing but the line is for everybody
    assert "没有找到" in client.post(page, {"words": "无此人"}, follow=True).content.decode()
    assert client.get(page, {"found": "1.AAAA", "q": pair[0].applicant.full_name}).status_code == 200
    clock.move_to(on(10, 19, 11, 10))
    assert pair[0].applicant.full_name not in client.get(answer.url).content.decode()  # an hour is over
    setting.lift(PROMISE, batch, at=on(10, 19))
    settle_due(notice, ENDS)
    settle_due(notice, ENDS + dt.timedelta(days=40))
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.ARCHIVED
    assert "没有找到" in client.post(page, {"words": pair[0].applicant.full_name}, follow=True).content.decode()


def decided(objection: Objection, step: str, application: Application, *, at: dt.datetime, **facts: bool) -> None:
    """The agency hands the objection up, and the bureau decides."""
    objection = objecting.escalate(objection, by=agency_of(application), at=at)  # type: ignore[arg-type]
    objection = objecting.accept(objection, by=acceptances.clerk(), at=at)
    objecting.decide(objection, step, answer=ANSWER, by=acceptances.lead(), at=at, **facts)


@pytest.mark.rule("A-08", "R-191")
@pytest.mark.parametrize(
    ("step", "ends_in"),
    [
        ("find_unfounded", ApplicationState.ACCEPTED),
        ("find_correctable", ApplicationState.ACCEPTED),
        ("find_fatal", ApplicationState.NOT_RECOGNISED),
    ],
)
def test_a_second_objection_holds_after_the_first_was_put_right(
    batch: ResultAcceptance, pair: list[Application], step: str, ends_in: ApplicationState
) -> None:
    notice = acceptances.posted(batch)
    line = line_of(notice, pair[0])
    first, second = [objecting.lodge(line, SAID, by=PUBLIC, at=on(10, 19, hour)) for hour in (9, 10)]
    decided(first, "find_correctable", pair[0], at=on(10, 20))
    held = Application.objects.get(pk=pair[0].pk)
    assert (held.state, held.hold) == (ApplicationState.ACCEPTED, Hold.OBJECTION)
    with pytest.raises(Refusal, match="没有已验收、待公示的人员"):
        acceptances.posted(acceptances.fresh(batch), at=on(10, 21))
    decided(second, step, pair[0], at=on(10, 22))
    settle_due(acceptances.fresh(batch), ENDS)
    assert [state_of(one) for one in pair] == [ends_in, ApplicationState.CLEARED]
    assert Application.objects.get(pk=pair[0].pk).hold == Hold.NONE
    if ends_in == ApplicationState.ACCEPTED:
        again = acceptances.posted(acceptances.fresh(batch), at=on(10, 26))
        settle_due(again, on(11, 3))
        assert state_of(pair[0]) == ApplicationState.CLEARED


@pytest.mark.rule("A-08")
def test_an_objection_outlasts_a_withdrawn_notice(batch: ResultAcceptance, pair: list[Application]) -> None:
    notice = acceptances.posted(batch)
    objection = objecting.lodge(line_of(notice, pair[0]), SAID, by=PUBLIC, at=on(10, 19))
    posting.withdraw(notice, reason="单位名称有误，更正后重新公示。", by=acceptances.lead(), at=on(10, 20))
    told = Notification.objects.filter(kind="review.result_notice_withdrawn")
    employers = {one.recommendation.organisation for one in pair}
    assert {(one.organisation, "单位名称有误" in one.body) for one in told} == {(one, True) for one in employers}
    named = Notification.objects.filter(kind="publicity.notice_withdrawn")
    assert {one.person for one in named} == {one.applicant for one in pair}
    second = acceptances.posted(acceptances.fresh(batch), at=on(10, 21))
    assert [line.person for line in second.lines.all()] == [pair[1].applicant]  # whoever is held follows later
    promise = promising.clock_of(batch)
    assert promise is not None
    assert promise.due_at is None  # nobody waits for the bureau alone
    decided(objection, "find_unfounded", pair[0], at=on(10, 22))
    third = acceptances.posted(acceptances.fresh(batch), at=on(10, 22))
    assert [line.person for line in third.lines.all()] == [pair[0].applicant]


@pytest.mark.rule("A-53", "R-140")
def test_fraud_found_after_the_result_was_taken_away_is_recorded(
    batch: ResultAcceptance, pair: list[Application]
) -> None:
    line = line_of(acceptances.posted(batch), pair[0])
    first, second = [objecting.lodge(line, SAID, by=PUBLIC, at=on(10, 19, hour)) for hour in (9, 10)]
    decided(first, "find_fatal", pair[0], at=on(10, 20))
    assert not IntegrityRecord.objects.filter(person=pair[0].applicant).exists()
    decided(second, "find_fatal", pair[0], at=on(10, 21), suspects_fraud=True)
    assert state_of(pair[0]) == ApplicationState.NOT_RECOGNISED
    assert IntegrityRecord.objects.get(person=pair[0].applicant).source == "objection"
