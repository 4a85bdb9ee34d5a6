"""Submitting by the page: the last second, two windows, one key, nothing lost; taking back and withdrawing."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from applications.domain import archiving, compiling, submitting
from applications.enums import ApplicationState, RecommendationState
from applications.models import Application, ArchiveItem, Snapshot
from applications.sections import ItemKind
from portal.catalogue.models import AnnualSchedule
from portal.documents.models import StoredFile
from portal.http.once import new_key
from portal.ledger.queries import history_of
from portal.shared import clock
from portal.shared.errors import StepNotOpen, StepRefused
from portal.workflow import settle_due
from tests.factories import applications, catalogue

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=clock.BEIJING)


OVER = moment(7, 29, 0)
LAST_INSTANT = OVER - dt.timedelta(milliseconds=1)


@pytest.fixture
def entry():
    return catalogue.published_entry()


@pytest.fixture
def me():
    return applications.applicant()


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def page(application: Application, name: str = "check", **more: Any) -> str:
    return reverse(f"applications:{name}", kwargs={"code": application.code, **more})


def submit(browser, application: Application, **more: Any):
    return browser.post(page(application), {"commitment": "on", "_key": new_key(), **more})


# --- The page -------------------------------------------------------------------------------
@pytest.mark.rule("R-063", "R-064")
def test_everything_stands_on_the_page(visit, at, entry, me) -> None:
    application = applications.filled(entry, me)
    at(applications.NOW)
    shown = visit(me).get(page(application)).content.decode()
    for words in (
        "2026年7月28日（星期二）24:00",
        "低功耗信号处理芯片",
        "燕京理工大学",
        "审核清单",
        "本人承诺：所填报内容",
    ):
        assert words in shown, words
    assert "提交前还需要处理以下内容" not in shown


def test_what_is_missing_leads_to_its_field(visit, at, entry, me) -> None:
    application = applications.draft(entry, me)
    at(applications.NOW)
    found = visit(me).get(page(application)).context["problems"]
    by_text = {str(problem.text): problem for problem in found}
    assert by_text["请填写「岗位与申报身份」的「现任岗位」。"].address.endswith("post")
    assert all(problem.basis for problem in found)
    assert len(by_text) == len(found)


@pytest.mark.rule("R-091")
def test_the_list_of_the_agency_says_what_it_would_find(visit, at, entry, me) -> None:
    whole, bare = applications.filled(entry, me), applications.applicant()
    empty = applications.draft(entry, bare)
    at(applications.NOW)
    found = {str(tick.name): tick.tone for tick in visit(me).get(page(whole)).context["ticks"]}
    assert found["业绩成果的证明材料齐全"] == found["学历学位"] == "good"
    lacking = {str(tick.name): tick.tone for tick in visit(bare).get(page(empty)).context["ticks"]}
    assert lacking["业绩成果的证明材料齐全"] == "bad"


@pytest.mark.rule("R-064")
def test_without_the_commitment_nothing_is_lost(visit, at, entry, me) -> None:
    application = applications.filled(entry, me)
    at(applications.NOW)
    answer = visit(me).post(page(application), {"_key": new_key()})
    assert answer.status_code == 200
    assert [problem.text for problem in answer.context["problems"]] == ["请阅读并确认个人诚信承诺。"]
    assert answer.context["problems"][0].address == "#id_commitment"
    assert "没有提交成功" in answer.content.decode()
    assert fresh(application).state == ApplicationState.DRAFT
    assert not Snapshot.objects.exists()


def test_every_reason_comes_at_once(visit, at, entry, me) -> None:
    application = applications.draft(entry, me)
    at(applications.NOW)
    answer = visit(me).post(page(application), {"_key": new_key()})
    texts = [str(problem.text) for problem in answer.context["problems"]]
    assert "请阅读并确认个人诚信承诺。" in texts
    assert "请从业绩成果中至少选择一项代表性成果。" in texts or any("业绩成果" in text for text in texts)
    assert len(texts) == len(set(texts))


def test_a_stranger_and_the_employer_meet_nothing(visit, at, entry, me) -> None:
    application = applications.submitted(entry, me)
    at(applications.NOW)
    stranger = visit(applications.applicant())
    for name in ("check", "take_back", "withdraw", "mine"):
        assert stranger.get(page(application, name)).status_code == 404, name
    clerk = visit(applications.clerk_of(application.employer))
    assert clerk.get(page(application)).status_code == 403


# --- The instant ----------------------------------------------------------------------------
@pytest.mark.rule("R-024", "A-33")
def test_the_last_instant_is_in(visit, at, entry, me) -> None:
    application = applications.filled(entry, me)
    submitting.submit(application, commitment=True, by=me, at=LAST_INSTANT)
    assert fresh(application).state == ApplicationState.SUBMITTED


@pytest.mark.rule("R-024", "A-33")
def test_at_midnight_it_has_lapsed(visit, at, entry, me) -> None:
    application = applications.filled(entry, me)
    at(OVER)
    answer = visit(me).post(page(application), {"commitment": "on", "_key": new_key()}, follow=True)
    lapsed = fresh(application)
    assert (lapsed.state, lapsed.ended_at) == (ApplicationState.LAPSED, OVER)
    shown = answer.content.decode()
    assert "逾期失效" in shown
    assert "个人申报截止时未提交。" in shown
    with pytest.raises(StepNotOpen):
        submitting.submit(application, commitment=True, by=me, at=OVER)


@pytest.mark.rule("R-024")
def test_what_arrived_in_time_counts_however_long_it_waits(entry, me) -> None:
    """The sweep of the next minute finds it submitted, whatever it saw before."""
    application = applications.filled(entry, me)
    submitting.submit(application, commitment=True, by=me, at=LAST_INSTANT)
    with pytest.raises(StepRefused):
        submitting.submit(application, commitment=True, by=me, at=OVER)
    assert fresh(application).submitted_at == LAST_INSTANT


# --- Twice ----------------------------------------------------------------------------------
def test_one_key_twice_is_once(visit, at, entry, me) -> None:
    application, browser, key = applications.filled(entry, me), visit(me), new_key()
    at(applications.NOW)
    answers = [submit(browser, application, _key=key) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, page(application, "mine"))] * 2
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("later", [dt.timedelta(0), dt.timedelta(seconds=5)])
def test_one_key_twice_in_the_domain_is_once(entry, me, later: dt.timedelta) -> None:
    application = applications.filled(entry, me)
    for at in (applications.NOW, applications.NOW + later):
        done = submitting.submit(application, commitment=True, by=me, at=at, key="once")
    assert (done.state, Snapshot.objects.count()) == (ApplicationState.SUBMITTED, 1)


def test_two_windows_submit_once_and_the_second_learns_it(visit, at, entry, me) -> None:
    application, browser = applications.filled(entry, me), visit(me)
    at(applications.NOW)
    submit(browser, application)
    answer = browser.post(page(application), {"commitment": "on", "_key": new_key()}, follow=True)
    assert "这份申报现在的状态是「已提交，等单位受理」，不能办理「提交申报」。" in answer.content.decode()
    assert Snapshot.objects.count() == 1


# --- The snapshot ---------------------------------------------------------------------------
def test_it_is_frozen_when_the_archive_goes_on(entry, me) -> None:
    application = applications.submitted(entry, me)
    snapshot = application.snapshots.get()
    result = ArchiveItem.objects.get(person=me.person, kind=ItemKind.RESULT)
    archiving.save_item(result, {"name": "改过的名称"}, based_on=result.versions, by=me, at=applications.NOW)
    same = Snapshot.objects.get(pk=snapshot.pk)
    assert same.is_intact
    assert same.content == snapshot.content
    assert "改过的名称" in str(compiling.compile_dossier(fresh(application), at=applications.NOW).content)
    entries = [entry for entry in history_of(snapshot) if entry.step == "freeze"]
    assert [entry.facts["sha256"] for entry in entries] == [same.sha256]


@pytest.mark.parametrize("column", ["content = '{}'", "sha256 = ''", "made_at = now()", "number = 9"])
def test_the_database_refuses_to_change_it(entry, me, column: str) -> None:
    snapshot = applications.submitted(entry, me).snapshots.get()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE applications_snapshot SET {column} WHERE id = %s", [snapshot.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM applications_snapshot WHERE id = %s", [snapshot.pk])


def test_a_file_that_it_shows_stays(entry, me) -> None:
    application = applications.submitted(entry, me)
    shown = application.snapshots.get().files.values_list("file", flat=True)
    assert StoredFile.objects.filter(pk__in=shown).count() == len(set(shown)) > 0


# --- Back and out ---------------------------------------------------------------------------
@pytest.mark.rule("R-024")
def test_taken_back_by_the_page_and_submitted_again(visit, at, entry, me) -> None:
    application, browser = applications.submitted(entry, me), visit(me)
    at(applications.NOW + dt.timedelta(hours=1))
    assert "取回后申报回到填写状态" in browser.get(page(application, "take_back")).content.decode()
    browser.post(page(application, "take_back"), {"_key": new_key()})
    assert fresh(application).state == ApplicationState.DRAFT
    assert fresh(application).recommendation.state == RecommendationState.SENT_BACK
    submit(browser, application)
    again = fresh(application)
    assert again.state == ApplicationState.SUBMITTED
    assert [one.discarded_at is None for one in again.snapshots.order_by("number")] == [False, True]


@pytest.mark.rule("R-072")
def test_after_publicity_it_is_not_taken_back_and_the_page_says_why(visit, at, entry, me) -> None:
    recommendation, _notice = applications.publicised(entry, me)
    at(applications.NOW)
    browser, application = visit(me), recommendation.application
    words = "单位已发布公示，不能取回。如需停止申报，可以撤回申报。"
    assert words in browser.get(page(application, "take_back")).content.decode()
    answer = browser.post(page(application, "take_back"), {"_key": new_key()})
    assert words in answer.content.decode()
    assert fresh(application).state == ApplicationState.WITH_EMPLOYER


@pytest.mark.rule("A-25")
def test_withdrawn_with_open_eyes(visit, at, entry, me) -> None:
    application, browser = applications.submitted(entry, me), visit(me)
    at(applications.NOW)
    shown = browser.get(page(application, "withdraw")).content.decode()
    assert "撤回后这份申报终止，不能恢复。" in shown
    assert "在此之前可以重新填写一份申报" in shown
    unasked = browser.post(page(application, "withdraw"), {"_key": new_key()})
    assert "请确认：我已了解撤回后不能恢复" in unasked.content.decode()
    browser.post(page(application, "withdraw"), {"understood": "on", "reason": "个人原因", "_key": new_key()})
    ended = fresh(application)
    assert (ended.state, ended.end_reason) == (ApplicationState.WITHDRAWN, "个人原因")
    assert ended.recommendation.state == RecommendationState.CLOSED
    assert browser.get(page(application, "withdraw")).status_code == 302


# --- Work of the database -------------------------------------------------------------------
def test_the_page_asks_as_often_for_many_items(visit, at, entry, me, django_assert_max_num_queries) -> None:
    application, browser = applications.filled(entry, me), visit(me)
    at(applications.NOW)
    browser.get(page(application))
    with django_assert_max_num_queries(45) as first:
        browser.get(page(application))
    for year in range(2016, 2025):
        archiving.add_item(ItemKind.ASSESSMENT, {"year": year, "result": "excellent"}, by=me, at=applications.NOW)
    with django_assert_max_num_queries(len(first)):
        browser.get(page(application))


@pytest.mark.django_db(transaction=True)
def test_the_page_and_the_sweep_at_once_end_in_one_state() -> None:
    """One submits at the last instant while the sweep rings the window: whoever comes first, it is submitted or lapsed, never both."""
    entry, me = catalogue.published_entry(), applications.applicant()
    application = applications.filled(entry, me)
    gate, seen = threading.Barrier(2), []

    def person() -> None:
        gate.wait()
        try:
            seen.append(submitting.submit(application, commitment=True, by=me, at=LAST_INSTANT).state)
        except StepNotOpen:
            seen.append("refused")
        finally:
            connection.close()

    def sweep() -> None:
        gate.wait()
        try:
            settle_due(application, OVER)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (person, sweep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended = fresh(application)
    expected = {ApplicationState.SUBMITTED: (["submitted"], 1), ApplicationState.LAPSED: (["refused"], 0)}
    assert (seen, ended.snapshots.count()) == expected[ended.state]
    assert AnnualSchedule.objects.get(pk=application.schedule.pk).individual_closes_at == OVER
