"""Who meets which page of a vote on devices, what it shows, and the record that the stand-alone verifier takes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from portal.ballot.casting import Choice
from portal.catalogue.models import CatalogueEntry
from portal.http.once import new_key
from review.domain import keeping_out, seating, sitting
from review.enums.defending import Relation
from review.views.voting import VERIFIER
from tests.factories import accounts, catalogue, sessions
from tests.factories import voting as electronic
from tests.factories.sessions import BEGUN
from tests.factories.voting import fresh
from tests.portal.ballot.curve import verifier

pytestmark = pytest.mark.django_db
YES, NO, ABSTAIN = Choice.AGREE, Choice.AGAINST, Choice.ABSTAIN


@pytest.fixture
def entry(at: Callable[..., Any]) -> CatalogueEntry:
    at(BEGUN)
    return catalogue.published_entry()


@pytest.mark.rule("R-111", "R-112")
def test_the_members_count_again(entry: CatalogueEntry) -> None:
    """The published record, as downloaded, is sound for the verifier; somebody who keeps out of a case gets it without."""
    planned = sessions.planned(entry.committee, mode="electronic")
    meeting = electronic.opened(planned, sessions.ready(entry, 2), present=13)
    first, second = sessions.items(meeting.session)
    meeting.counted(sessions.voting(first), [YES] * 9 + [NO] * 2 + [ABSTAIN])
    kept_out = sessions.ordinary(meeting.session)[4]
    keeping_out.declare(fresh(second), Relation.KIN, "", by=sessions.acting(kept_out), at=BEGUN)
    meeting.counted(sessions.voting(fresh(second)), [YES] * 12, seats=(2, 3))
    address = reverse("review:ballot_record", args=[meeting.session.code])
    reply = accounts.client(sessions.chair(meeting.session)).get(address)
    said: list[str] = []
    assert verifier().problems(json.loads(reply.content), say=said.append) == []
    assert [line.partition(": ")[2] for line in said[1:]] == [
        "9 agree, 2 against, 1 abstain, 1 not cast: passed",
        "12 agree, 0 against, 0 abstain, 0 not cast: passed",
    ]
    own = json.loads(accounts.client(sessions.acting(kept_out)).get(address).content)
    assert [item["item"] for item in own["items"]] == [first.code]
    assert accounts.client(sessions.commissioner_of(meeting.session)).get(address).status_code == 200
    assert accounts.client(sessions.clerk(meeting.session)).get(address).status_code == 404  # before the signature (§9)


@pytest.mark.rule("R-111")
def test_nothing_shows_before_the_count(entry: CatalogueEntry) -> None:
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    meeting.cast_all(item, [YES] * 11)
    scrutineer = accounts.client(sessions.acting(meeting.in_seat(1)))
    ballots = reverse("review:ballots_of_case", args=[item.code])
    assert scrutineer.get(ballots).status_code == 404
    assert scrutineer.get(reverse("review:ballot_record", args=[meeting.session.code])).status_code == 404
    meeting.cast(item, meeting.roll(item)[11], NO)
    assert len(scrutineer.get(ballots).json()["ballots"]) == 12
    assert accounts.client(sessions.chair(meeting.session)).get(ballots).status_code == 404  # the chair counts nothing


@pytest.mark.rule("R-111")
def test_the_ballot_page_sends_ciphertext_alone(entry: CatalogueEntry) -> None:
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    member = meeting.roll(item)[0]
    browser, address = accounts.client(sessions.acting(member)), reverse("review:cast_ballot", args=[item.code])
    page = browser.get(address).content.decode()
    form = page[page.index("data-ballot-form") :]
    form = form[: form.index("</form>")]
    assert "choice" not in form
    assert "改用纸质表决" in page  # what it says without scripts
    refused = browser.post(address, {"choice": "agree", "_key": new_key()})
    assert "请启用 JavaScript" in refused.content.decode()
    assert not item.roll.exclude(ballot=None).exists()


def test_strangers_find_nothing(entry: CatalogueEntry) -> None:
    meeting = electronic.opened(sessions.planned(entry.committee, mode="electronic"), sessions.ready(entry), present=12)
    item = sessions.voting(sessions.items(meeting.session)[0])
    stranger = accounts.client(accounts.actor(sessions.Role.EXPERT))
    code = meeting.session.code
    for name, argument in (
        ("ballots", code),
        ("ballot_key", code),
        ("joint_key", code),
        ("ballot_record", code),
        ("cast_ballot", item.code),
        ("count_ballots", item.code),
        ("ballots_of_case", item.code),
    ):
        assert stranger.get(reverse(f"review:{name}", args=[argument])).status_code == 404, name
    ordinary = sessions.ordinary(meeting.session)[5]
    assert accounts.client(sessions.acting(ordinary)).get(reverse("review:joint_key", args=[code])).status_code == 404


@pytest.mark.rule("R-111", "E-09")
def test_the_rooms_screen_says_what_is_next(entry: CatalogueEntry) -> None:
    """Before the vote devices and key, in it who is still to vote, after it the parts; never a button for what is done."""
    planned = sessions.planned(entry.committee, mode="electronic")
    session = sessions.convened(planned, sessions.ready(entry))
    sessions.check_in(session, 12)
    seat = session.scrutineers.select_related("member").get(place=1).member
    seen = accounts.client(sessions.acting(seat))
    screen = reverse("review:session", args=[session.code])
    before = seen.get(screen).content.decode()
    assert before.index("生成表决密钥") < before.index("登记本人设备") < before.index("离场")
    _key, three = electronic.keyed(session)
    meeting = electronic.Meeting(session, three)
    meeting.register([one for one in sessions.members(session) if one.is_present])
    ready = seen.get(screen).content.decode()
    assert "生成表决密钥" not in ready
    assert "登记本人设备" not in ready
    seating.commissioner_comes(session, by=sessions.commissioner_of(session), at=BEGUN)
    sitting.open_session(session, by=sessions.chair(session), at=BEGUN)
    meeting.session = sessions.fresh(session)
    item = sessions.voting(sessions.items(meeting.session)[0])
    address = f'href="{reverse("review:cast_ballot", args=[item.code])}" role="button"'
    assert address in seen.get(screen).content.decode()
    meeting.cast(item, seat, YES)
    for page in (screen, reverse("review:ballots", args=[session.code])):
        voted = seen.get(page).content.decode()
        assert "已投票 1 人，共 12 人" in voted
        assert address not in voted
    chair = accounts.client(sessions.chair(meeting.session))
    closing = chair.get(reverse("review:item_close_vote", args=[item.code])).content.decode()
    assert "还有 11 人没有投票" in closing
    assert (
        seat.person.full_name
        not in closing[closing.index("还有 11 人") : closing.index("</strong>", closing.index("还有 11 人"))]
    )
    for member in meeting.roll(item):
        if member != seat:
            meeting.cast(item, member, YES)
    meeting.give_part(fresh(item), 1)
    counting = seen.get(screen).content.decode()
    assert "您已提交开票分量" in counting
    assert reverse("review:count_ballots", args=[item.code]) not in counting
    assert "已有 1 份" in chair.get(screen).content.decode()
    program = seen.get(reverse("review:ballot_verifier"))
    assert program.content == VERIFIER.read_bytes()
