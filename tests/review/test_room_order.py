"""Who finds the way to hand over the chair, to change the scrutineers and to paper, wherever the domain takes the step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.catalogue.models import CatalogueEntry
from portal.http.once import FIELD, new_key
from review.domain import voting as voting_domain
from review.enums.filing import Duty
from review.enums.sitting import BallotMode
from review.models import CommitteeSession, SessionMember
from tests.factories import accounts, catalogue, sessions, voting

pytestmark = pytest.mark.django_db
AT = sessions.BEGUN
WAYS = ("session_chair", "session_scrutineers", "go_on_on_paper")


@pytest.fixture
def entry() -> CatalogueEntry:
    return catalogue.published_entry()


def ways(session: CommitteeSession, actor: Actor) -> list[str]:
    """Return which of the ways stand on the actor's screen."""
    screen = accounts.client(actor).get(reverse("review:session_screen", args=[session.code])).content.decode()
    return [name for name in WAYS if reverse(f"review:{name}", args=[session.code]) in screen]


@pytest.mark.rule("R-114", "R-111")
def test_in_an_open_meeting_chair_and_agency_find_the_way_to_change_its_order(
    entry: CatalogueEntry, at: Callable[..., Any]
) -> None:
    at(AT)
    opened = sessions.opened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 1))
    chair, clerk = sessions.chair(opened), sessions.clerk(opened)
    assert ways(opened, chair) == ways(opened, clerk) == ["session_chair", "session_scrutineers"]
    for other in (sessions.acting(sessions.ordinary(opened)[5]), sessions.commissioner_of(opened)):
        assert ways(opened, other) == []
    item = sessions.voting(sessions.items(opened)[0])
    assert ways(opened, chair) == ways(opened, clerk) == ["session_chair"], "no scrutineer changes during a vote"
    deputy = sessions.ordinary(opened)[6]
    SessionMember.objects.filter(pk=deputy.pk).update(duty=Duty.DEPUTY)
    press = {FIELD: new_key(), "member": deputy.code}
    address = reverse("review:session_chair", args=[opened.code])
    assert accounts.client(clerk).post(address, press).status_code == 302
    assert ways(opened, chair) == []
    assert ways(opened, sessions.acting(deputy)) == ["session_chair"]
    assert item.session_id == opened.pk


@pytest.mark.rule("R-111")
def test_with_devices_the_way_to_paper_is_the_agencys_too(entry: CatalogueEntry, at: Callable[..., Any]) -> None:
    at(AT)
    planned = sessions.planned(entry.committee, mode=BallotMode.ELECTRONIC, members=13, size=11)
    opened = voting.opened(planned, sessions.ready(entry, 1)).session
    chair, clerk = sessions.chair(opened), sessions.clerk(opened)
    assert ways(opened, chair) == ways(opened, clerk) == ["session_chair", "go_on_on_paper"]
    ballots = accounts.client(clerk).get(reverse("review:ballots", args=[opened.code])).content.decode()
    assert "改用纸质表决" in ballots
    voting_domain.go_on_on_paper(opened, reason="现场网络中断", by=clerk, at=AT)
    assert ways(opened, clerk) == ["session_chair", "session_scrutineers"]


@pytest.mark.rule("A-52")
def test_before_the_opening_the_agency_finds_them_once(entry: CatalogueEntry, at: Callable[..., Any]) -> None:
    convened = sessions.convened(sessions.planned(entry.committee, members=13, size=11), sessions.ready(entry, 1))
    at(sessions.PREPARED)
    page = accounts.client(sessions.clerk(convened)).get(reverse("review:session", args=[convened.code]))
    for name in WAYS[:2]:
        assert page.content.decode().count(reverse(f"review:{name}", args=[convened.code])) == 1
