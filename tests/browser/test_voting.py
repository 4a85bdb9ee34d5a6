"""A whole vote in real browsers: three scrutineers make the key, members vote on their devices, two open the sum."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, Request, Route

from portal.ballot.casting import Choice
from portal.shared import clock
from review.domain import agenda, seating, sitting, voting_keys
from review.enums.sitting import ItemState
from review.models import Ballot, CommitteeSession, SessionMember
from tests.browser.conftest import TABLET, Visitor
from tests.factories import catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.ballots import Scrutineers, Voter
from tests.factories.sessions import BEGUN, STARTS
from tests.factories.voting import fresh

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenWindow = Callable[..., Visitor]


@dataclass
class Room:
    """A meeting whose people have real browsers: one window each, opened once, as it holds their keys."""

    session: CommitteeSession
    open_window: OpenWindow
    windows: dict[int, Visitor] = field(default_factory=dict)

    def window(self, member: SessionMember) -> Visitor:
        if member.pk not in self.windows:
            self.windows[member.pk] = self.open_window(TABLET, by=sessions.acting(member))
        return self.windows[member.pk]

    def scrutineer(self, seat: int) -> SessionMember:
        rows = self.session.scrutineers.select_related("member__person", "member__session__committee__agency")
        return rows.get(place=seat).member


def meeting(open_window: OpenWindow, *, present: int = 12) -> Room:
    clock.move_to(BEGUN)
    entry = catalogue.published_entry()
    planned = sessions.planned(entry.committee, mode="electronic")
    session = sessions.convened(planned, sessions.ready(entry))
    sessions.check_in(session, present)
    return Room(session, open_window)


def make_key(room: Room) -> str:
    """Let three browsers make the joint key; return the digits that all of them show."""
    path = f"/review/sessions/{room.session.code}/ballots/joint-key/"
    windows = [room.window(room.scrutineer(seat)) for seat in (1, 2, 3)]
    for window in windows:
        window.open(path).click("[data-ballot-make]")
        # The last one hands out its shares on the way, and may find those of the others there already.
        window.page.wait_for_selector("[data-stage=wait], [data-stage=confirm]")
    digits = set()
    for window in windows:  # the others see what is new by themselves, hand out their shares, and come to the digits
        window.page.wait_for_selector("[data-stage=confirm]", timeout=30_000)
        window.page.locator("[data-ballot-digits]", has_text=re.compile(r"(\d{4} ?){6}")).wait_for()
        digits.add(window.page.text_content("[data-ballot-digits]"))
    for window in windows:
        window.page.click("[data-ballot-confirm]")
        window.page.wait_for_selector("[data-stage=done]")
    assert len(digits) == 1
    return str(digits.pop())


def register(room: Room, member: SessionMember) -> None:
    window = room.window(member)
    window.open(f"/review/sessions/{room.session.code}/ballots/key/").click("[data-ballot-make]")
    window.page.wait_for_url("**/ballots/")


def vote(window: Visitor, code: str, choice: str) -> list[Request]:
    """Vote; return what the window sent."""
    sent: list[Request] = []
    page = window.open(f"/review/cases/{code}/ballot/")
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108 - it takes no built-in function
    page.check(f"#{choice}")
    page.click("[data-ballot-review]")
    page.click("[data-ballot-cast]")
    page.wait_for_selector("text=选票编号")
    return sent


def register_others(room: Room, own: list[SessionMember]) -> dict[int, Voter]:
    devices = {one.pk: Voter() for one in sessions.members(room.session) if one.is_present and one not in own}
    for one in sessions.members(room.session):
        if one.pk in devices:
            voting_keys.register(one, devices[one.pk].key, by=sessions.acting(one), at=STARTS)
    return devices


def opened(room: Room) -> None:
    seating.commissioner_comes(room.session, by=sessions.commissioner_of(room.session), at=STARTS)
    sitting.open_session(room.session, by=sessions.chair(room.session), at=BEGUN)


@pytest.mark.rule("R-111")
def test_a_vote_from_the_key_to_the_outcome(open_window: OpenWindow) -> None:
    room = meeting(open_window)
    digits = make_key(room)
    own = [room.scrutineer(1), room.scrutineer(2)]
    for member in own:
        register(room, member)
    devices = register_others(room, own)
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    for member, choice in zip(own, ("against", "abstain"), strict=True):
        sent = [one for one in vote(room.window(member), item.code, choice) if one.method == "POST"]
        assert len(sent) == 1
        assert choice not in (sent[0].post_data or "")
    key = voting_keys.live_key(room.session)
    assert key is not None
    assert key.ceremony is not None
    assert key.ceremony.fingerprint == digits
    others = electronic.Meeting(room.session, None, devices)  # type: ignore[arg-type]
    for member in others.roll(item):
        if member.pk in devices:
            others.cast(fresh(item), member, Choice.AGREE)
    assert fresh(item).state == ItemState.COUNTED
    for seat in (1, 2):
        window = room.window(room.scrutineer(seat))
        page = window.open(f"/review/cases/{item.code}/count/")
        page.click("[data-ballot-check]")
        page.wait_for_selector("[data-ballot-open]", timeout=60_000)
        assert "12" in (page.text_content("[data-ballot-numbers]") or "")
        assert not page.is_visible("[data-ballot-check]")
        page.click("[data-ballot-open]")
        window.page.wait_for_url("**/ballots/")
    done = fresh(item)
    assert (done.state, done.agree, done.against, done.abstain) == (ItemState.DECIDED_PASS, 10, 1, 1)
    window = room.window(own[0])
    window.open(f"/review/sessions/{room.session.code}/ballots/")
    window.must_be_sound("ballots-decided")
    assert all(not one.complaints for one in room.windows.values())


def test_the_members_pages_are_sound(open_window: OpenWindow) -> None:
    room = meeting(open_window)
    _key, _three = electronic.keyed(room.session)
    member = room.scrutineer(1)
    window = room.window(member)
    base = f"/review/sessions/{room.session.code}/ballots/"
    for name, path in {"ballot-key": "key/", "joint-key": "joint-key/", "ballots": ""}.items():
        window.open(base + path)
        if name == "joint-key":
            window.complaints.clear()
            continue  # the factory's scrutineer has another device: the page says so
        window.must_be_sound(name)
    register(room, member)
    register_others(room, [member])
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    page = window.open(f"/review/cases/{item.code}/ballot/")
    window.must_be_sound("ballot-choose")
    page.check("#agree")
    page.click("[data-ballot-review]")
    page.wait_for_selector("[data-ballot-sure]:not([hidden])")
    window.must_be_sound("ballot-sure")
    window.page.context.set_offline(True)
    page.click("[data-ballot-cast]")
    page.wait_for_selector("[data-ballot-error]:not([hidden])")
    assert "同一张选票" in (page.text_content("[data-ballot-error]") or "")
    assert not page.is_visible("[data-ballot-back]")  # what may have left the device is not voted otherwise
    window.page.context.set_offline(False)
    window.complaints.clear()  # the browser's own words about the line
    page.dblclick("[data-ballot-cast]")
    page.wait_for_selector("text=选票编号")
    assert Ballot.objects.filter(voter__item=item).count() == 1
    window.must_be_sound("ballot-cast")
    agenda.close_vote(fresh(item), by=sessions.leader(item), at=BEGUN)
    window.open(f"/review/cases/{item.code}/count/")
    window.must_be_sound("count")


@pytest.mark.rule("R-111")
def test_a_device_takes_the_key_from_the_scrutineers_and_no_other_after_it(open_window: OpenWindow) -> None:
    """A server that tells one member a key of its own finds no ballot encrypted with it."""
    room = meeting(open_window)
    key, three = electronic.keyed(room.session)
    own, other = room.scrutineer(1), room.scrutineer(2)
    for member in (own, other):
        register(room, member)
    register_others(room, [own, other])
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    path = f"/review/cases/{item.code}/ballot/"
    true = key.announced
    foreign = ",".join(bytes(one).hex() for one in Scrutineers(room.session.code).announcements)

    def shown(member: SessionMember, announcements: str) -> Page:
        def serve(route: Route) -> None:
            route.fulfill(body=route.fetch().text().replace(true, announcements), content_type="text/html")

        window = room.window(member)
        window.page.route(f"**{path}", serve)
        page = window.open(path)
        page.wait_for_selector("[data-ballot-error]:not([hidden]), [data-ballot-on]:not([hidden])")
        window.page.unroute(f"**{path}")
        return page

    page = shown(own, true)
    assert page.text_content("[data-ballot-digits]") == three.ceremony.fingerprint
    page = shown(own, foreign)
    assert "与本设备以前见到的不同" in (page.text_content("[data-ballot-error]") or "")
    assert not page.is_visible("#agree")
    first, second, third = true.split(",")
    page = shown(other, ",".join([foreign.split(",")[0][:64] + first[64:], second, third]))
    assert "没有通过本机校验" in (page.text_content("[data-ballot-error]") or "")
    assert not page.is_visible("#agree")
    page = shown(other, foreign)
    assert page.text_content("[data-ballot-digits]") != three.ceremony.fingerprint, "the room hears that these differ"
    assert not Ballot.objects.filter(voter__item=item).exists()
    vote(room.window(own), item.code, "agree")
    assert Ballot.objects.filter(voter__item=item).count() == 1


def test_without_scripts_the_page_points_to_paper(open_window: OpenWindow) -> None:
    room = meeting(open_window)
    electronic.keyed(room.session)
    register_others(room, [])
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    window = open_window(375, by=sessions.acting(room.scrutineer(1)), scripts=False)
    page = window.open(f"/review/cases/{item.code}/ballot/")
    assert page.is_visible("text=改用纸质表决")
    assert not page.is_visible("#agree")


def test_another_device_cannot_vote_for_the_member(open_window: OpenWindow) -> None:
    room = meeting(open_window)
    electronic.keyed(room.session)
    register_others(room, [])  # keys of devices that are not these windows
    opened(room)
    item = sessions.voting(sessions.items(room.session)[0])
    page = room.window(room.scrutineer(1)).open(f"/review/cases/{item.code}/ballot/")
    page.wait_for_selector("[data-ballot-error]:not([hidden])")
    assert "本设备没有与登记一致的密钥" in (page.text_content("[data-ballot-error]") or "")
