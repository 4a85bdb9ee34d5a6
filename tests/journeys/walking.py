"""People who use the portal over HTTP as a browser does: they log in, read pages and send the forms that stand on them."""

import datetime as dt
import re
from html import unescape
from io import BytesIO
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.accounts import demo as accounts_demo
from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import Role
from portal.deadlines.ringing import ring_due
from portal.documents.scanning import scan_waiting
from portal.http.once import FIELD, new_key
from portal.shared import clock
from tests.factories import accounts
from tests.journeys.telephone import code_for

DAY_OR_MONTH = re.compile(r"^\d{4}-\d{2}(-\d{2})?$")
COUNTED = re.compile(r'<li class="is-(?:counted|makeup)[^"]*"><b><time datetime="2026-(\d\d)-(\d\d)"')
WHEN = re.compile(r"^(?P<weekday>\w{3}) (?P<day>\d{1,2}) (?P<month>\w{3})(?: (?P<hour>\d\d):(?P<minute>\d\d))?$")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(when: str) -> dt.datetime:
    """Return the instant of 2026 that the scenarios write as "Wed 8 Jul" (at ten), "Mon 20 Jul 24:00" or "Wed 22 Jul 16:40"."""
    told = WHEN.match(when)
    assert told is not None, when
    day = dt.date(2026, MONTHS.index(told["month"]) + 1, int(told["day"]))
    assert WEEKDAYS[day.weekday()] == told["weekday"], f"{when} is a {WEEKDAYS[day.weekday()]}"
    passed = dt.timedelta(hours=int(told["hour"] or 10), minutes=int(told["minute"] or 0))
    return dt.datetime.combine(day, dt.time(), clock.BEIJING) + passed


def on(when: str) -> None:
    """Let time pass: the demonstration's clock moves, and the sweeps do what they do every half minute."""
    clock.move_to(moment(when))
    ring_due(at=moment(when))
    scan_waiting(at=moment(when))


class Walker:
    """One person at one desk: a browser of their own, in which they come in through the page of log-in."""

    def __init__(self, who: Actor | None = None) -> None:
        """Open the portal; whoever is named logs in and switches to the organisation that they act for."""
        self.client = Client()
        if who is not None:
            assert who.person is not None
            self._enters(_with_password(who.person), who.organisation)

    @classmethod
    def logs_in(cls, username: str) -> "Walker":
        """Come in with one of the demonstration's accounts; staff act for the one organisation where they work."""
        walker, person = cls(), Person.objects.get(username=username)
        walker._enters(person, Organisation.objects.filter(memberships__person=person).distinct().first())
        return walker

    def _enters(self, person: Person, place: Organisation | None) -> None:
        door = page("account_login")
        self.sees(door, "账号", "密码")
        led = self.does(door, login=person.username, password=accounts_demo.PASSWORD)
        assert led == page("entrance:switch" if place else "web:desk")
        if self.client.get(led).headers.get("Location", "").startswith(page("mfa_activate_totp")):
            self._enrols()
        if place is not None:
            assert self.does(led, organisation=place.code) == page("web:desk")

    def _enrols(self) -> None:
        """Set up the second factor, which staff owe before anything else opens."""
        again, door = page("account_reauthenticate"), page("mfa_activate_totp")
        assert self.client.get(door)["Location"].startswith(again)
        self.does(again, password=accounts_demo.PASSWORD)
        self.does(door, code=code_for(self.client.get(door).content.decode()))

    def sees(self, address: str, *words: str) -> str:
        """Open a page and return its text; every one of ``words`` stands on it."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        text = text_of(answer)
        for word in words:
            assert word in text, f"{word} is not on {address}:\n{text}"
        return text

    def takes(self, address: str) -> bytes:
        """Open a file and return it."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return b"".join(answer)

    def sees_counted(self, address: str) -> str:
        """Open a page that explains a period day by day; return the days that count: "14 15 16 17 20 Jul"."""
        days = COUNTED.findall(self.client.get(address).content.decode())
        assert days, f"No days are explained on {address}"
        words = []
        for place, (month, day) in enumerate(days):
            is_last_of_month = place + 1 == len(days) or days[place + 1][0] != month
            words += [str(int(day)), *([MONTHS[int(month) - 1]] if is_last_of_month else [])]
        return " ".join(words)

    def sends(self, address: str, /, **entered: Any) -> HttpResponse:
        """Send a form that is accepted and follow where it leads; returns that page."""
        return self.client.get(self.does(address, **entered))

    def does(self, address: str, /, **entered: Any) -> str:
        """Send a form that is accepted, and look no further: for what many do one after the other; returns where it leads."""
        answer = self.tries(address, **entered)
        assert answer.status_code == 302, f"{address} was refused:\n{text_of(answer)}"
        leads = str(answer["Location"])
        assert "next=" not in leads, f"{address} asks to log in first: {leads}"
        return leads

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

    def may_not(self, address: str, /, **entered: Any) -> None:
        """Send a form that is somebody else's to send."""
        assert self.tries(address, **entered).status_code in {403, 404}


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


def upload(name: str, content: bytes = b"") -> SimpleUploadedFile:
    """Return a file as a form sends it; without ``content`` one page of PDF."""
    return SimpleUploadedFile(name, content or _one_page(), content_type="application/pdf")


def _one_page() -> bytes:
    paper, content = pikepdf.Pdf.new(), BytesIO()
    paper.add_blank_page()
    paper.save(content)
    return content.getvalue()


def page(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def staff_of(organisation: Organisation, *roles: Role) -> Actor:
    """Return a new person who acts for the organisation."""
    return accounts.actor(*roles, at=organisation)


def _with_password(person: Person) -> Person:
    """Give somebody invented the demonstration's password, which its own accounts have."""
    if not person.has_usable_password():
        person.set_password(accounts_demo.PASSWORD)
        person.save(update_fields=["password"])
    return person
