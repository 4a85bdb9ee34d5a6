"""The pages of defences, desk by desk, as people click through them."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest

from applications.models import Application
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.documents.models import StoredFile
from portal.documents.pdf import render
from portal.http.once import new_key
from portal.shared import clock
from review.domain import attending, rescheduling
from review.enums.defending import DefenceState, RequestState
from review.models import ChangeRequest, Defence, DefenceRound
from tests.factories import accounts, catalogue, defences
from tests.factories.defences import BEGINS, PLANNED, TOLD, on

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(standing: Callable[..., Any]) -> tuple[int, int]:
    """Keep somebody who paid, with the row of the catalogue."""

    def make() -> tuple[int, int]:
        entry = catalogue.published_entry()
        return entry.pk, defences.paid(entry).pk

    return standing(make)  # type: ignore[no-any-return]


@pytest.fixture
def entry(made: tuple[int, int]) -> CatalogueEntry:
    return CatalogueEntry.objects.with_all().get(pk=made[0])


@pytest.fixture
def paid(made: tuple[int, int]) -> Application:
    return Application.objects.get(pk=made[1])


def post(browser: Any, path: str, **given: Any) -> Any:
    return browser.post(path, {"_key": new_key(), **given}, follow=True)


def words(answer: Any) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def owner_of(defence: Defence) -> Actor:
    return acting_personally(defence.application.applicant)


# --- The agency -------------------------------------------------------------------------------
@pytest.mark.rule("R-105", "R-107")
def test_from_an_empty_round_to_everybody_told(paid: Application) -> None:
    clock.move_to(PLANNED)
    committee = paid.entry.committee
    agency = committee.agency
    people = defences.experts(agency)
    browser = accounts.client(defences.agency_staff(agency))
    assert "已缴费、待安排答辩的共 1 人" in words(browser.get("/review/defences/"))
    days = {"first_day": "2026-09-20", "last_day": "2026-09-30", "mode": "on_site", "to_bring": ""}
    answer = post(browser, "/review/defences/open/", committee=committee.code, title="第一次答辩", **days)
    page = answer.redirect_chain[-1][0]
    assert DefenceRound.objects.get().code in page
    post(browser, f"{page}panels/", name="第一组", experts=[one.person.code for one in people])
    panel = DefenceRound.objects.get().panels.get()
    times = {"day": "2026-09-20", "starts": "09:00", "number": 2, "minutes": 30, "pause": 10, "capacity": 1}
    post(browser, f"{page}slots/", panel=panel.code, room="答辩室一", address="示例路1号", **times)
    preview = browser.get(f"{page}arrange/")
    assert "可以安排 1 人，不能安排 0 人" in words(preview)
    digest = re.search(r'name="digest" value="(\w+)"', preview.content.decode())
    assert digest is not None
    assert "已安排1人" in words(post(browser, f"{page}arrange/", digest=digest[1]))
    assert paid.applicant.full_name in words(browser.get(f"{page}notify/"))
    assert "已通知1人" in words(post(browser, f"{page}notify/"))
    assert Defence.objects.get().state == DefenceState.NOTIFIED


def test_a_preview_that_changed_is_shown_again(paid: Application) -> None:
    clock.move_to(PLANNED)
    round_ = defences.round_of(paid.entry.committee)
    defences.slots(defences.panel(round_))
    browser = accounts.client(defences.staff_of(paid))
    answer = post(browser, f"/review/defences/rounds/{round_.code}/arrange/", digest="0" * 32)
    assert "预览后情况有变化" in words(answer)
    assert not Defence.objects.exists()


def test_what_meets_twice_is_said_beside_its_field(entry: CatalogueEntry) -> None:
    clock.move_to(PLANNED)
    round_ = defences.round_of(entry.committee)
    panel = defences.panel(round_)
    defences.slots(panel)
    browser = accounts.client(defences.agency_staff(entry.agency))
    times = {"day": "2026-09-20", "starts": "09:15", "number": 1, "minutes": 30, "pause": 0, "capacity": 1}
    page = f"/review/defences/rounds/{round_.code}/slots/"
    answer = post(browser, page, panel=panel.code, room="答辩室二", address="示例路1号", **times)
    assert "9月20日 09:15该评议组已有其他场次" in words(answer)


def test_too_late_to_tell_is_said_with_the_earliest_day(paid: Application) -> None:
    defence = defences.planned(paid)
    clock.move_to(on(9, 16))
    browser = accounts.client(defences.staff_of(paid))
    shown = browser.get(f"/review/defences/{defence.code}/")
    assert "最早可安排在2026年9月21日" in words(shown)
    answer = post(browser, f"/review/defences/{defence.code}/notify/")
    assert "最早可安排在2026年9月21日" in words(answer)


def test_one_is_moved_by_hand(paid: Application) -> None:
    slots = defences.slots(defences.panel(defences.round_of(paid.entry.committee)), 2)
    defence = defences.planned(paid, slots[0])
    clock.move_to(PLANNED)
    browser = accounts.client(defences.staff_of(paid))
    post(browser, f"/review/defences/{defence.code}/move/", slot=slots[1].code)
    assert Defence.objects.get().slot == slots[1]


@pytest.mark.rule("R-105")
def test_staff_let_a_person_in_by_the_code_and_the_document(paid: Application) -> None:
    defence = defences.notified(paid)
    clock.move_to(BEGINS)
    browser, code = accounts.client(defences.staff_of(paid)), attending.code_of(defence)
    assert "没有找到这个编码" in words(browser.get("/review/defences/check-in/", {"code": "WRONG"}))
    assert paid.applicant.full_name in words(browser.get("/review/defences/check-in/", {"code": code}))
    refused = post(browser, "/review/defences/check-in/", code=code)
    assert "请确认：已核对本人有效身份证件" in words(refused)
    assert "已签到" in words(post(browser, "/review/defences/check-in/", code=code, identity="on"))
    assert Defence.objects.get().state == DefenceState.IN_PROGRESS


def test_another_agency_finds_nothing(paid: Application) -> None:
    defence = defences.notified(paid)
    assert defence.slot is not None
    browser = accounts.client(accounts.actor(Role.AGENCY_LEAD))
    for address in (f"{defence.code}/", f"{defence.code}/answer/", f"rounds/{defence.slot.round.code}/"):
        assert browser.get(f"/review/defences/{address}").status_code == 404
    assert paid.applicant.full_name not in words(browser.get("/review/defences/"))


# --- The person -------------------------------------------------------------------------------
@pytest.mark.rule("R-107")
def test_the_person_reads_where_and_takes_the_notice(paid: Application) -> None:
    defence = defences.notified(paid)
    clock.move_to(TOLD)
    browser = accounts.client(owner_of(defence))
    application = words(browser.get(f"/applications/{paid.code}/"))
    assert "2026年9月20日（星期日）09:00" in application
    assert "答辩室一" in application
    own = f"/review/own-defences/{defence.code}/"
    assert "请携带身份证原件" in words(browser.get(own))
    answer = browser.post(f"{own}notice/", {"_key": new_key()})
    file = StoredFile.objects.get(purpose="defence_notice")
    assert answer["Location"] == f"/files/{file.code}/"
    assert Defence.objects.get().state == DefenceState.ACKNOWLEDGED
    content = b"".join(browser.get(answer["Location"]).streaming_content)
    assert content.startswith(b"%PDF")
    browser.post(f"{own}notice/", {"_key": new_key()})
    assert StoredFile.objects.filter(purpose="defence_notice").count() == 1


def test_nobody_else_sees_a_persons_defence_and_not_before_it_is_told(paid: Application) -> None:
    defence = defences.planned(paid)
    address = f"/review/own-defences/{defence.code}/"
    assert accounts.client(owner_of(defence)).get(address).status_code == 404
    other = accounts.client(acting_personally(accounts.person()))
    assert other.get(address).status_code == 404


@pytest.mark.rule("A-27")
def test_asking_and_answering_by_hand(paid: Application) -> None:
    defence = defences.notified(paid)
    clock.move_to(TOLD)
    person, clerk = accounts.client(owner_of(defence)), accounts.client(defences.staff_of(paid))
    proof = defences.proof(defence)
    own = f"/review/own-defences/{defence.code}/"
    answer = post(person, f"{own}change/", reason=defences.ASK, file_code=proof.code)
    assert "申请已提交" in words(answer)
    request = ChangeRequest.objects.get()
    assert b"".join(clerk.get(f"/files/{proof.code}/").streaming_content).startswith(b"%PDF")
    assert paid.applicant.full_name in words(clerk.get("/review/defences/"))
    page = f"/review/defences/{defence.code}/answer/"
    assert "请写明不同意的原因" in words(post(clerk, page, agree="no", decision="不行"))
    post(clerk, page, agree="yes", decision="")
    assert ChangeRequest.objects.get(pk=request.pk).state == RequestState.AGREED
    assert "新的时间确定后另行通知" in words(person.get(own))
    slot = defences.slots(defence.slot.panel, begins_at=on(9, 28, 9))[0]
    post(clerk, f"/review/defences/{defence.code}/notify/", slot=slot.code)
    assert "2026年9月28日" in words(person.get(own))
    assert "答辩只能改期一次" in words(person.get(own))


def test_an_absence_is_told_with_its_last_day(paid: Application) -> None:
    defence = defences.notified(paid)
    attending.miss(defence, by=defences.staff_of(paid), at=on(9, 20, 12))
    clock.move_to(on(9, 21))
    shown = words(accounts.client(owner_of(defence)).get(f"/review/own-defences/{defence.code}/"))
    assert "请在2026年9月22日（星期二）24:00前说明" in shown


# --- The expert -------------------------------------------------------------------------------
def test_an_expert_writes_and_hands_in_without_scripts(paid: Application) -> None:
    defences.guide(paid.entry.committee)
    defence = defences.begun(paid)
    clock.move_to(BEGINS)
    browser = accounts.client(defences.panel_of(defence)[0])
    page = f"/review/panel/{defence.blind_number}/"
    assert defence.blind_number in words(browser.get("/review/panel/"))
    given = {"questions": "问答", "opinion": defences.OPINION, "score_1": "30", "_version": "0"}
    assert "已保存" in words(post(browser, page, **given))
    refused = post(browser, f"{page}hand-in/")
    assert "请为每项评价标准打分" in words(refused)
    answer = post(browser, page, **{**given, "score_2": "55", "_version": "1", "hand_in": "1"})
    assert "提交后评分和意见不能再修改" in words(answer)
    assert "您已于" in words(post(browser, f"{page}hand-in/"))
    assert "还有2位专家未提交意见" in words(browser.get(page))


def test_saving_by_script_answers_as_the_script_expects(paid: Application) -> None:
    defence = defences.begun(paid)
    clock.move_to(BEGINS)
    browser = accounts.client(defences.panel_of(defence)[0])
    page, accept = f"/review/panel/{defence.blind_number}/", {"Accept": "application/json"}
    first = browser.post(page, {"opinion": "一", "_version": "0"}, headers=accept)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    stale = browser.post(page, {"opinion": "二", "_version": "0"}, headers=accept)
    assert stale.status_code == 409
    assert "另一个窗口" in stale.json()["detail"]


def test_who_is_no_expert_does_not_come_in(paid: Application) -> None:
    defence = defences.begun(paid)
    for who in (owner_of(defence), defences.staff_of(paid)):
        assert accounts.client(who).get(f"/review/panel/{defence.blind_number}/").status_code == 403


def test_a_request_that_nobody_answered_waits_beyond_the_day(paid: Application) -> None:
    defence = defences.notified(paid)
    request = defences.asked(defence, at=on(9, 18))
    clerk = defences.staff_of(paid)
    attending.miss(defence, by=clerk, at=on(9, 20, 12))
    done = rescheduling.agree(request, by=clerk, at=on(9, 25))
    assert done.state == DefenceState.RESCHEDULED


def test_the_notice_holds_the_code_and_can_be_written_again_alike(paid: Application) -> None:
    defence = defences.notified(paid)
    context = {
        "application": defence.application,
        "committee": defence.application.entry.committee,
        "agency": defence.application.entry.agency,
        "defence": defence,
        "slot": defence.slot,
        "round": defence.slot.round,
        "code": attending.code_of(defence),
        "picture": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E",
    }
    at = dt.datetime(2026, 9, 14, 10, tzinfo=clock.BEIJING)
    template = "documents/review/defence_notice.html"
    assert render(template, context, at=at) == render(template, context, at=at)
