"""Every address × every role: who may open it, as one table that a person has read."""

from collections.abc import Callable

from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.actors import PUBLIC, Actor, ActorKind
from portal.accounts.models import Person
from portal.accounts.roles import Role
from portal.http.access import access_of, all_patterns
from tests.architecture.snapshots import assert_same

PERSON = Person(username="somebody")
ACTORS: dict[str, Actor] = {
    "public": PUBLIC,
    "person": Actor(ActorKind.PERSON, person=PERSON),
    **{role.value: Actor(ActorKind.PERSON, person=PERSON, roles=frozenset({role})) for role in Role},
}
EVERYBODY, LOGGED_IN = "everybody", "whoever is logged in"
SENT_TO_LOG_IN, REFUSED = 302, 403


def open_to() -> dict[str, set[str]]:
    """Return for each address the actors who may open it."""
    table: dict[str, set[str]] = {}
    for name, pattern in all_patterns():
        access = access_of(pattern.callback, pattern.name)
        assert access is not None, name
        table[name] = {who for who, actor in ACTORS.items() if access.test(actor)}
    return table


def words(allowed: set[str]) -> str:
    if allowed == set(ACTORS):
        return EVERYBODY
    if allowed == set(ACTORS) - {"public"}:
        return LOGGED_IN
    return ", ".join(sorted(allowed)) or "nobody"


def test_the_table_is_the_one_that_was_read() -> None:
    rows = [f"{name}: {words(allowed)}" for name, allowed in sorted(open_to().items())]
    assert_same("access.txt", "\n".join(rows) + "\n")


def test_the_table_is_what_requests_meet(visit: Callable[..., Client], actor: Callable[..., Actor]) -> None:
    """A closed address sends the public to log in (the API refuses), and refuses whoever holds no role that opens it."""
    personal, public = visit(actor()), visit()
    wrong = []
    for name, allowed in open_to().items():
        try:
            address = reverse(name)
        except NoReverseMatch:
            address = reverse_with_codes(name)
        if address is None:
            continue
        if "public" not in allowed and public.get(address).status_code not in {SENT_TO_LOG_IN, REFUSED}:
            wrong.append(f"{name} is open to the public")
        if "person" not in allowed and personal.get(address).status_code != REFUSED:
            wrong.append(f"{name} is open to a person without a role")
    assert wrong == []


def reverse_with_codes(name: str) -> str | None:
    """Return an address with some code in it; access is decided before anything is looked up."""
    for arguments in (["X-2345678"], ["X-2345678", 1], ["X-2345678", "X-2345678"], [1]):
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            continue
    return None
