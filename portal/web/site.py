"""What the frame of a page shows: whose portal, who acts, where one can go, in which language and size."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language

from portal.accounts.actors import PUBLIC, Actor
from portal.accounts.roles import Role
from portal.http import navigation
from portal.shared import clock

SIZE_COOKIE = "size"
LARGE = "large"
HTML_TAGS = {"zh-hans": "zh-CN"}


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the service navigation on this page."""

    label: str | Promise
    address: str
    is_active: bool
    count: int = 0


@dataclass(frozen=True)
class Tongue:
    """One language and the address that switches to it and comes back to this page."""

    name: str
    tag: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class DemoTime:
    """The reading of the demonstration clock."""

    now: dt.datetime
    is_moved: bool


class BareSite:
    """The frame without anything that needs the database: for pages that tell of a fault."""

    name = settings.PORTAL_NAME
    owner = settings.PORTAL_OWNER
    hotline = settings.HOTLINE
    filings = settings.SITE_FILINGS

    actor: Actor = PUBLIC
    clock: DemoTime | None = None
    navigation: tuple[NavigationItem, ...] = ()

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def address(self) -> str:
        """Return the address of this page with its query."""
        return self.request.get_full_path()

    @property
    def large_type(self) -> bool:
        """Whether the reader chose large type (关怀版)."""
        return self.request.COOKIES.get(SIZE_COOKIE) == LARGE

    @property
    def size_switch(self) -> str:
        """Return the address that changes the size of type and comes back to this page."""
        return self._and_back(reverse("web:size", args=["normal" if self.large_type else LARGE]))

    @property
    def languages(self) -> list[Tongue]:
        """Return the languages of the portal."""
        current = get_language()
        return [
            Tongue(name, HTML_TAGS.get(tag, tag), self._and_back(reverse("web:language", args=[tag])), tag == current)
            for tag, name in settings.LANGUAGES
        ]

    def _and_back(self, address: str) -> str:
        return f"{address}?{urlencode({'next': self.address})}"


class Site(BareSite):
    """The frame of an ordinary page; each part is worked out only when the template asks for it."""

    @cached_property
    def actor(self) -> Actor:  # type: ignore[override]
        """Return who acts in this request."""
        return getattr(self.request, "actor", PUBLIC)

    @property
    def roles(self) -> list[str | Promise]:
        """Return the names of the roles in which the actor acts."""
        return [role.label for role in Role if role in self.actor.roles]

    @cached_property
    def clock(self) -> DemoTime | None:  # type: ignore[override]
        """Return the demonstration clock, or None where there is none."""
        return DemoTime(clock.now(), clock.is_moved()) if settings.DEMO_CLOCK else None

    @cached_property
    def navigation(self) -> tuple[NavigationItem, ...]:  # type: ignore[override]
        """Return the bar's entries. Of the whole desk the entry that fits this page best is active, in the bar or not."""
        entries = [(entry, entry.address) for entry in navigation.entries_for(self.actor)]
        path, home = self.request.path, reverse("web:home")
        fitting = [at for _, at in entries if (path == at if at == home else path.startswith(at))]
        active = max(fitting, key=len, default=None)
        return tuple(
            NavigationItem(entry.label, address, address == active, entry.count_for(self.actor))
            for entry, address in entries
            if entry.is_in_bar
        )
