"""Guides: one for each desk, with pictures that exist, rules that are known, and addresses that lead somewhere."""

from collections.abc import Callable

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from portal.accounts.actors import Actor
from portal.accounts.roles import Role
from portal.web.guides import GUIDES, guides_for
from portal.web.rulebook import by_number

pytestmark = pytest.mark.django_db
STEPS = [step for guide in GUIDES.values() for step in guide.steps]


@pytest.mark.parametrize("slug", GUIDES)
def test_a_guide_shows_its_steps_in_order_with_rule_and_way(client: Client, slug: str) -> None:
    page = client.get(reverse("web:guide", args=[slug]), headers={"accept-language": "zh-CN"}).text
    places = [page.index(f"<h2>{number}. {step.heading}") for number, step in enumerate(GUIDES[slug].steps, start=1)]
    assert places == sorted(places)
    for step in GUIDES[slug].steps:
        assert f'href="{reverse(step.page)}"' in page
        assert all(f'href="{reverse("web:rule", args=[rule])}"' in page for rule in step.rules.split(","))


def test_nothing_in_a_guide_leads_nowhere() -> None:
    assert [
        step.picture for step in STEPS if step.picture and not finders.find(f"img/guides/{step.picture}.webp")
    ] == []
    assert {rule for step in STEPS for rule in step.rules.split(",")} <= set(by_number())


def test_an_unknown_guide_is_not_found(client: Client) -> None:
    assert client.get("/help/nobody/").status_code == 404


@pytest.mark.parametrize(
    ("role", "slug"),
    [
        (Role.AGENCY_CLERK, "agency"),
        (Role.COMMISSIONER, "expert"),
        (Role.COMPETENT_OFFICER, "office"),
        (Role.SYSADMIN, "watch"),
        (None, "applicant"),
    ],
)
def test_a_desk_leads_to_its_own_guide_alone(
    visit: Callable[..., Client], actor: Callable[..., Actor], role: Role | None, slug: str
) -> None:
    page = visit(actor(role) if role else actor()).get(reverse("web:desk")).text
    assert [one for one in GUIDES if reverse("web:guide", args=[one]) in page] == [slug]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.UNIT_ADMIN}))  # whose desk comes with autonomous evaluation
def test_every_role_has_a_guide(actor: Callable[..., Actor], role: Role) -> None:
    assert guides_for(actor(role))
