"""What the agency changes after it planned: who sits on a panel, and the date of a person who was told."""

import datetime as dt
import re
from typing import Any

import pytest

from applications.models import Application
from portal.accounts.actors import Actor, acting_personally
from portal.accounts.models import Membership
from portal.accounts.roles import Role
from portal.catalogue.models import CatalogueEntry
from portal.deadlines import setting
from portal.deadlines.ringing import ring_due
from portal.http.once import new_key
from portal.ledger.models import Entry
from portal.notifications.models import Notification
from portal.shared import clock
from portal.shared.errors import Refusal
from review.domain import attending, opining, planning, recusing, releasing, rescheduling, rounds
from review.enums.defending import NO_SHOW, DefenceState
from review.models import Defence, Panel, Slot
from tests.factories import accounts, applications, catalogue, defences
from tests.factories.calls import Caller, bases, fields
from tests.factories.calls import codes as codes_in
from tests.factories.defences import BEGINS, PLANNED, TOLD, on

pytestmark = pytest.mark.django_db
WHY = "该专家因公出国，不能参加答辩评议。"
MOVED = "答辩当日楼宇停电，须另行安排。"


def made_once() -> tuple[CatalogueEntry, Application]:
    entry = catalogue.published_entry()
    return entry, defences.paid(entry)


@pytest.fixture
def entry(kept: tuple[CatalogueEntry, Application]) -> CatalogueEntry:
    return kept[0]


@pytest.fixture
def paid(kept: tuple[CatalogueEntry, Application]) -> Application:
    return kept[1]


@pytest.fixture
def clerk(entry: CatalogueEntry) -> Actor:
    return defences.agency_staff(entry.agency)


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def panel_with(entry: CatalogueEntry, sitting: list[Actor]) -> Panel:
    return defences.panel(defences.round_of(entry.committee), sitting)


# --- Who sits ---------------------------------------------------------------------------------
@pytest.mark.rule("R-110")
def test_an_expert_leaves_a_panel_that_stays_large_enough(entry: CatalogueEntry, clerk: Actor) -> None:
    sitting = defences.experts(entry.agency, 4)
    panel = panel_with(entry, sitting)
    (slot,) = defences.slots(panel)
    releasing.release(panel, sitting[0].person, reason=WHY, by=clerk, at=PLANNED)
    left = {one.person for one in sitting[1:]}
    assert set(panel.experts.all()) == left
    assert {one.expert for one in slot.sittings.all()} == left
    entry_ = Entry.objects.get(subject_type="review.Panel", step="leave")
    assert (entry_.note, entry_.facts) == (WHY, {"expert": sitting[0].person.code, "replacement": ""})
    with pytest.raises(Refusal) as refused:
        releasing.release(panel, sitting[1].person, reason=WHY, by=clerk, at=PLANNED)
    assert codes(refused) == ["panel_too_small"]
    with pytest.raises(Refusal) as refused:
        releasing.release(panel, sitting[0].person, reason="病假", by=clerk, at=PLANNED)
    assert codes(refused) == ["reason_given", "not_seated"]


@pytest.mark.rule("R-110", "A-48")
def test_another_expert_takes_the_seat_in_the_same_step(paid: Application, entry: CatalogueEntry, clerk: Actor) -> None:
    sitting, (other, colleague) = defences.experts(entry.agency), defences.experts(entry.agency, 2)
    panel = panel_with(entry, sitting)
    (slot,) = defences.slots(panel)
    defence = defences.notified(paid, slot)
    applications.know(colleague.person, paid.employer)
    told = {"reason": WHY, "by": clerk, "at": on(9, 15)}
    with pytest.raises(Refusal, match=re.escape(defence.blind_number)) as refused:
        releasing.release(panel, sitting[0].person, replacement=colleague.person, **told)
    assert codes(refused) == ["panel_can_hear"]
    assert set(panel.experts.all()) == {one.person for one in sitting}
    releasing.release(panel, sitting[0].person, replacement=other.person, **told)
    assert {one.expert for one in slot.sittings.all()} == {one.person for one in (*sitting[1:], other)}
    assert not Defence.objects.of_expert(sitting[0]).exists()
    (void,) = Notification.objects.filter(kind="review.panel_released")
    assert (void.person, WHY in void.body) == (sitting[0].person, True)
    assert Notification.objects.filter(kind="review.panel_called", person=other.person).count() == 1


@pytest.mark.rule("R-110")
def test_who_handed_in_an_opinion_stays(paid: Application, entry: CatalogueEntry, clerk: Actor) -> None:
    sitting = defences.experts(entry.agency, 4)
    defence = defences.begun(paid, defences.slots(panel_with(entry, sitting))[0])
    panel, during = Panel.objects.get(), on(9, 20, 9, 20)
    writer, silent = defences.panel_of(defence)[:2]
    defences.write(defence, writer, at=during)
    opining.hand_in(defence, by=writer, at=during)
    with pytest.raises(Refusal) as refused:
        releasing.release(panel, writer.person, reason=WHY, by=clerk, at=during)
    assert codes(refused) == ["handed_in"]
    newcomer = defences.experts(entry.agency, 1)[0].person
    releasing.release(panel, silent.person, reason=WHY, replacement=newcomer, by=clerk, at=during)
    heard_by = {one.expert for one in Slot.objects.get().sittings.all()}
    assert heard_by == {one.person for one in sitting} - {silent.person}  # who comes later did not hear the person


# --- A hearing that loses an expert -----------------------------------------------------------
DURING = on(9, 20, 9, 20)
BROKEN_OFF = "评审专家突发疾病，答辩无法继续进行。"


@pytest.fixture
def short(paid: Application, entry: CatalogueEntry) -> tuple[Defence, list[Actor]]:
    """A hearing of three in which two handed in and the third keeps out since."""
    defence = defences.begun(paid, defences.slots(panel_with(entry, defences.experts(entry.agency)))[0])
    *writers, leaving = defences.panel_of(defence)
    for writer in writers:
        defences.write(defence, writer, at=DURING)
        opining.hand_in(defence, by=writer, at=DURING)
    recusing.declare(defence, "co_author", "曾合作项目", by=leaving, at=DURING)
    return defence, [*writers, leaving]


@pytest.mark.rule("R-105", "R-110")
@pytest.mark.parametrize("is_replaced", [True, False])
def test_an_expert_who_joins_a_hearing_that_lost_one_lets_it_be_finished(
    short: tuple[Defence, list[Actor]], entry: CatalogueEntry, clerk: Actor, *, is_replaced: bool
) -> None:
    defence, (*_writers, leaving) = short
    with pytest.raises(Refusal) as refused:
        attending.complete(defence, by=clerk, at=DURING)
    assert codes(refused) == ["panel_handed_in"]
    (other,), panel = defences.experts(entry.agency, 1), Panel.objects.get()
    if is_replaced:
        releasing.release(panel, leaving.person, reason=WHY, replacement=other.person, by=clerk, at=DURING)
        assert Notification.objects.filter(kind="review.panel_called", person=other.person).count() == 1
    else:
        rounds.add_expert(panel, other.person, by=clerk, at=DURING)
    defences.write(defence, other, at=DURING)
    opining.hand_in(defence, by=other, at=DURING)
    assert attending.complete(defence, by=clerk, at=DURING).state == DefenceState.COMPLETED


@pytest.mark.rule("R-105", "A-27")
def test_a_hearing_is_broken_off_with_a_reason_and_held_anew(
    short: tuple[Defence, list[Actor]], entry: CatalogueEntry, clerk: Actor
) -> None:
    defence, (first, second, _leaving) = short
    with pytest.raises(Refusal) as refused:
        attending.break_off(defence, reason="生病", by=clerk, at=DURING)
    assert codes(refused) == ["change_explained"]
    done = attending.break_off(defence, reason=BROKEN_OFF, by=clerk, at=DURING)
    assert (done.state, done.slot, done.reschedules, done.started_at) == (DefenceState.RESCHEDULED, None, 0, None)
    told = Notification.objects.get(kind="review.defence_put_off", person=defence.application.applicant)
    assert BROKEN_OFF in told.body
    ring_due(at=on(9, 25))
    fresh = [first, *defences.experts(entry.agency, 2)]
    (slot,) = defences.slots(
        defences.panel(Panel.objects.get().round, fresh, name="第二评议组"), begins_at=on(10, 8, 9)
    )
    planning.notify(done, slot=slot, by=clerk, at=on(9, 28))
    again = defences.let_in(Defence.objects.with_all().get(), at=on(10, 8, 9))
    for expert in fresh[1:]:
        defences.write(again, expert, at=on(10, 8, 9, 20))
        opining.hand_in(again, by=expert, at=on(10, 8, 9, 20))
    assert attending.complete(again, by=clerk, at=on(10, 8, 9, 30)).state == DefenceState.COMPLETED
    # Two hearings, four opinions; who sat in the first one alone does not count.
    assert set(again.opinions.values_list("expert", flat=True)) >= {second.person.pk}
    assert set(again.opinions.counted().values_list("expert", flat=True)) == {one.person.pk for one in fresh}


@pytest.mark.rule("A-48")
def test_who_joins_later_keeps_out_of_the_own_employers_cases(
    paid: Application, entry: CatalogueEntry, clerk: Actor
) -> None:
    panel = panel_with(entry, defences.experts(entry.agency))
    defence = defences.notified(paid, defences.slots(panel)[0])
    (colleague,) = defences.experts(entry.agency, 1)
    applications.know(colleague.person, paid.employer)
    rounds.add_expert(panel, colleague.person, by=clerk, at=on(9, 15))
    assert paid.recusals.get().expert == colleague.person
    assert not Defence.objects.of_expert(colleague).filter(pk=defence.pk).exists()


# --- The date of a person who was told --------------------------------------------------------
@pytest.fixture
def two(paid: Application, entry: CatalogueEntry) -> tuple[Defence, Slot]:
    """One who was told of a slot, and another slot two days later."""
    panel = panel_with(entry, defences.experts(entry.agency))
    (first,) = defences.slots(panel)
    (second,) = defences.slots(panel, begins_at=on(9, 22, 9))
    return defences.notified(paid, first), second


@pytest.mark.rule("R-107", "A-27")
def test_the_agencys_own_change_is_told_anew_and_uses_up_nothing(two: tuple[Defence, Slot], clerk: Actor) -> None:
    defence, slot = two
    before = attending.code_of(defence)
    done = planning.change(defence, slot, reason=MOVED, by=clerk, at=on(9, 15))
    assert (done.state, done.slot, done.reschedules) == (DefenceState.NOTIFIED, slot, 0)
    assert attending.found_by(before, clerk) is None
    told = Notification.objects.get(kind="review.defence_changed", person=defence.application.applicant)
    for words in (MOVED, "2026年9月20日（星期日）09:00，作废", "2026年9月22日（星期二）09:00", "不占用您的改期机会"):
        assert words in told.body
    step = Entry.objects.get(subject_type="review.Defence", step="change_slot")
    assert (step.person, step.facts["reason"]) == (clerk.person, MOVED)
    ring_due(at=on(9, 21, 1))
    assert Defence.objects.get().state == DefenceState.NOTIFIED
    deadline = setting.waiting(NO_SHOW, defence.application)
    assert deadline is not None
    assert deadline.due_at == on(9, 23, 0)
    asked = defences.asked(done, at=on(9, 16))
    assert rescheduling.agree(asked, by=clerk, at=on(9, 16)).state == DefenceState.RESCHEDULED


@pytest.mark.rule("R-107")
def test_it_is_refused_late_without_reason_and_over_a_waiting_request(two: tuple[Defence, Slot], clerk: Actor) -> None:
    defence, slot = two
    for to, reason, at, expected in (
        (slot, MOVED, on(9, 18), "told_early_enough"),
        (slot, "停电", on(9, 15), "change_explained"),
        (defence.slot, MOVED, on(9, 15), "slot_is_another"),
    ):
        with pytest.raises(Refusal) as refused:
            planning.change(defence, to, reason=reason, by=clerk, at=at)
        assert codes(refused) == [expected]
    defences.asked(defence, at=on(9, 15))
    with pytest.raises(Refusal) as refused:
        planning.change(defence, slot, reason=MOVED, by=clerk, at=on(9, 15))
    assert codes(refused) == ["no_request_waits"]
    with pytest.raises(Refusal) as refused:
        planning.change(defence, slot, reason=MOVED, by=acting_personally(defence.application.applicant), at=TOLD)
    assert codes(refused) == ["step_not_permitted"]


def test_who_downloaded_the_first_notice_downloads_the_second(two: tuple[Defence, Slot], clerk: Actor) -> None:
    defence, slot = two
    clock.move_to(on(9, 15))
    person = Caller(acting_personally(defence.application.applicant))
    first = person.post(f"defences/{defence.code}/steps/acknowledge/").json()["file"]
    planning.change(defence, slot, reason=MOVED, by=clerk, at=on(9, 15, 11))
    shown = person.get(f"defences/{defence.code}/").json()
    assert (shown["state"], shown["acknowledged_at"], shown["notice"]) == ("notified", None, None)
    assert person.post(f"defences/{defence.code}/steps/acknowledge/").json()["file"] != first


# --- On screen and by programs ----------------------------------------------------------------
def post(browser: Any, path: str, **given: Any) -> Any:
    return browser.post(path, {"_key": new_key(), **given}, follow=True)


def words(answer: Any) -> str:
    return re.sub(r"<[^>]+>", "", answer.content.decode())


def test_both_are_done_on_screen(two: tuple[Defence, Slot], entry: CatalogueEntry, clerk: Actor) -> None:
    defence, slot = two
    (other,) = defences.experts(entry.agency, 1)
    clock.move_to(on(9, 15))
    browser, panel = accounts.client(clerk), Panel.objects.get()
    page = f"/review/defences/panels/{panel.code}/release/"
    assert page in browser.get(f"/review/defences/rounds/{panel.round.code}/").content.decode()
    leaving = panel.experts.order_by("pk").first()
    answer = post(browser, page, expert=leaving.code, replacement="", reason=WHY)
    assert "请同时指定接替的专家" in words(answer)
    post(browser, page, expert=leaving.code, replacement=other.person.code, reason=WHY)
    assert set(panel.experts.all()) & {leaving, other.person} == {other.person}
    page = f"/review/defences/{defence.code}/change-slot/"
    assert page in browser.get(f"/review/defences/{defence.code}/").content.decode()
    assert "调整原因" in words(post(browser, page, slot=slot.code, reason="停电"))
    assert "并已重新通知申报人" in words(post(browser, page, slot=slot.code, reason=MOVED))
    assert Defence.objects.get().slot == slot


def test_both_are_done_by_programs(two: tuple[Defence, Slot], entry: CatalogueEntry, clerk: Actor) -> None:
    defence, slot = two
    (other,) = defences.experts(entry.agency, 1)
    clock.move_to(on(9, 15))
    caller, panel = Caller(clerk), Panel.objects.get()
    path = f"rounds/{panel.round.code}/panels/{panel.code}/steps/release/"
    leaving = panel.experts.order_by("pk").first()
    refused = caller.post(path, {"expert": leaving.code, "reason": WHY})
    assert (codes_in(refused), bases(refused), fields(refused)) == (["panel_too_small"], ["R-110"], ["replacement"])
    assert codes_in(caller.post(path, {"expert": other.person.code, "reason": WHY})) == ["expert_unknown"]
    done = caller.post(path, {"expert": leaving.code, "reason": WHY, "replacement": other.person.code}).json()
    assert other.person.code in {one["code"] for one in done["experts"]}
    path = f"hearings/{defence.code}/steps/change_slot/"
    assert codes_in(caller.post(path, {"slot": slot.code, "reason": "停电"})) == ["change_explained"]
    assert caller.post(path, {"slot": slot.code, "reason": MOVED}).json()["slot"]["code"] == slot.code
    stranger = Caller(accounts.actor(Role.AGENCY_LEAD))
    assert stranger.post(path, {"slot": slot.code, "reason": MOVED}).status_code == 404


def test_who_is_no_expert_any_more_takes_no_seat(entry: CatalogueEntry, clerk: Actor) -> None:
    sitting, (other,) = defences.experts(entry.agency), defences.experts(entry.agency, 1)
    panel = panel_with(entry, sitting)
    Membership.objects.filter(person=other.person).update(until=PLANNED.date() - dt.timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        releasing.release(
            panel, sitting[0].person, reason=WHY, replacement=other.person, by=clerk, at=BEGINS - dt.timedelta(days=3)
        )
    assert codes(refused) == ["not_an_expert"]
    assert panel.seats.count() == 3


def test_a_hearing_is_broken_off_on_screen_and_by_programs(paid: Application, clerk: Actor) -> None:
    defence = defences.begun(paid)
    clock.move_to(DURING)
    browser, page = accounts.client(clerk), f"/review/defences/{defence.code}/break-off/"
    assert page in browser.get(f"/review/defences/{defence.code}/").content.decode()
    assert "至少10个字" in words(post(browser, page, reason="生病"))
    caller, path = Caller(clerk), f"hearings/{defence.code}/steps/break_off/"
    assert codes_in(caller.post(path, {"reason": "生病"})) == ["change_explained"]
    assert "新的时间" in words(post(browser, page, reason=BROKEN_OFF))
    assert Defence.objects.get().state == DefenceState.RESCHEDULED
    assert codes_in(caller.post(path, {"reason": BROKEN_OFF})) == ["step_not_open"]
    assert "须重新安排" in words(
        accounts.client(acting_personally(paid.applicant)).get(f"/review/own-defences/{defence.code}/")
    )
