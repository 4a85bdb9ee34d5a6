"""People who use the portal over HTTP as a browser does: they read pages and send the forms that stand on them."""

import datetime as dt
import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from portal.accounts import demo as accounts_demo
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import Role
from portal.http.once import FIELD, new_key
from portal.shared import clock
from tests.factories import accounts

DAY_OR_MONTH = re.compile(r"^\d{4}-\d{2}(-\d{2})?$")


def moment(month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=clock.BEIJING)


class Walker:
    """One person at one desk."""

    def __init__(self, who: Actor | None = None) -> None:
        self.client = accounts.client(who)

    def sees(self, address: str, *words: str) -> str:
        """Open a page and return its text; every one of ``words`` stands on it."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        text = text_of(answer)
        for word in words:
            assert word in text, f"{word} is not on {address}:\n{text}"
        return text

    def sends(self, address: str, /, **entered: Any) -> HttpResponse:
        """Send a form that is accepted and follow where it leads; returns that page."""
        answer = self.tries(address, **entered)
        assert answer.status_code == 302, f"{address} was refused:\n{text_of(answer)}"
        return self.client.get(answer["Location"])

    def tries(self, address: str, /, **entered: Any) -> HttpResponse:
        """Send a form and return the answer, accepted or not."""
        return self.client.post(address, {FIELD: new_key(), **boxes(entered)})

    def is_refused(self, address: str, *words: str, **entered: Any) -> None:
        """Send a form that comes back with every one of ``words`` beside it."""
        answer = self.tries(address, **entered)
        assert answer.status_code in {200, 403, 404, 409}, answer.status_code
        text = text_of(answer)
        for word in words:
            assert word in text, f"{word} is not among the reasons:\n{text}"


def boxes(entered: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent: years, months and days have a box each, yes and no are words."""
    sent: dict[str, Any] = {}
    for name, value in entered.items():
        if isinstance(value, str) and DAY_OR_MONTH.match(value):
            sent |= {f"{name}_{number}": part for number, part in enumerate(value.split("-"))}
        else:
            sent[name] = str(value).lower() if isinstance(value, bool) else value
    return sent


def text_of(answer: HttpResponse) -> str:
    """Return what a reader of the page reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def page(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def person_of(username: str) -> Actor:
    """Return one of the demonstration's people, acting personally."""
    return acting_personally(Person.objects.get(username=username))


def staff_of(organisation: Organisation, *roles: Role) -> Actor:
    """Return a new person who acts for the organisation."""
    found = accounts.actor(*roles, at=organisation)
    assert found.person is not None
    return acting_for(found.person, organisation, frozenset(roles))


def load_people() -> None:
    """Load the demonstration's accounts: applicants and employers whom the registers know."""
    accounts_demo.load()
