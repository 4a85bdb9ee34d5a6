"""A real browser on a real server: headless Chromium, with everything it complains about written down."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, Route, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.accounts.actors import Actor
from tests.factories import accounts

# The browser's driver runs an event loop in this thread, which makes Django suspect every query of being asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TABLET = 1024
PATIENCE = 4  # seconds
WIDTHS = (1280, 375, 320)
LAYOUT = ["target-size", "scrollable-region-focusable"]
# Nothing listens there; local, so that the browser offers its cryptography.
NOWHERE = "http://localhost:1"
SCRIPTS = {".js", ".mjs"}
PICTURES = Path(settings.BASE_DIR) / ".test" / "screenshots"
PRELOADED = {"assets": ["media"]}  # of these rules none reads style sheets, which are else asked for again and parsed
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Visitor:
    """A browser window that remembers what went wrong in it."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, status: int = 200) -> Page:
        """Open ``path`` and expect ``status``."""
        response = self._go(path) or self._go(path)
        assert response is not None
        assert response.status == status, f"{path} answered {response.status}"
        return self.page

    def _go(self, path: str) -> Response | None:
        """Return the answer; None where the page was just going somewhere by itself, as pages that follow others do."""
        try:
            return self.page.goto(self.origin + path)
        except Error as failed:
            if "ERR_ABORTED" not in failed.message:
                raise
            self.page.wait_for_load_state()
            return None

    def hold(self, pattern: str) -> list[Route]:
        """Keep back what the page asks at ``pattern``; continue the returned routes to let it through."""
        held: list[Route] = []

        def keep(route: Route) -> None:
            held.append(route)

        self.page.route(pattern, keep)
        return held

    def hear(self, message: ConsoleMessage) -> None:
        """Write down errors and broken policies; a page that is meant to be missing is none."""
        if message.type in {"error", "warning"} and "status of 40" not in message.text:
            self.complaints.append(f"{message.text} {message.location['url']}")

    def must_be_sound(self, name: str) -> None:
        """Demand no violation of WCAG 2.2 AA and no sideways scrolling at any width, and no complaint.

        All rules are asked at the window's own width, and those that the layout decides at the narrowest. With PICTURES=1
        in the environment, pictures of all widths are kept.
        """
        self.page.wait_for_load_state()  # a click waits until the next page has begun, not until it is there
        own = self.page.viewport_size
        assert own is not None
        pictured = WIDTHS if "PICTURES" in os.environ else ()
        for width in sorted(WIDTHS, key=lambda one: one == own["width"]):
            self.page.set_viewport_size({**own, "width": width})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls at {width}"
            if width == own["width"]:
                self._obeys({"type": "tag", "values": WCAG})
            elif width == min(WIDTHS):
                self._obeys({"type": "rule", "values": LAYOUT})
            if width in pictured:
                PICTURES.mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        assert not self.complaints

    def _obeys(self, rules: dict[str, object]) -> None:
        # Half a megabyte of script, handed to each page once and not for each width.
        is_loaded = self.page.evaluate("'axe' in window")
        judge = Axe("0") if is_loaded else Axe()
        found = judge.run(self.page, options={"runOnly": rules, "resultTypes": ["violations"], "preload": PRELOADED})
        assert found.violations_count == 0, found.generate_report()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.fail("No Chromium was found; name it in CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visitor]]:
    """Return a maker of windows: ``open_window(375)``, as somebody with ``by=actor``, without scripts on demand."""
    contexts = []

    def make(width: int = 1280, *, by: Actor | None = None, scripts: bool = True, tongue: str = "zh-CN") -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale=tongue,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if by is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(by), "url": live_server.url}])
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.page.on("console", visitor.hear)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        return visitor

    with answering() as threads:
        yield make
        for context in contexts:
            context.close()
        _served(threads)


@pytest.fixture
def bare_page(browser: Browser) -> Iterator[Page]:
    """An empty page without a server, for scripts alone: they come from the checkout as they stand there."""
    context = browser.new_context()
    context.route(f"{NOWHERE}/**", _from_the_checkout)
    page = context.new_page()
    page.goto(f"{NOWHERE}/")
    yield page
    context.close()


@pytest.fixture
def gallery(settings: Settings) -> str:
    """Serve the page of all parts besides the portal's own pages; returns its address."""
    settings.ROOT_URLCONF = "tests.browser.gallery"
    return "/gallery/"


def _from_the_checkout(route: Route) -> None:
    path = Path(settings.BASE_DIR) / route.request.url.removeprefix(f"{NOWHERE}/")
    if path.suffix in SCRIPTS and path.is_file():
        route.fulfill(body=path.read_text("utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>scripts</title>", content_type="text/html")


@contextmanager
def answering() -> Iterator[set[int]]:
    """Keep the threads that are at an answer; a thread whose browser merely keeps the line is none."""
    threads: set[int] = set()

    def begin(**_signal: object) -> None:
        threads.add(threading.get_ident())

    def end(**_signal: object) -> None:
        threads.discard(threading.get_ident())

    request_started.connect(begin)
    request_finished.connect(end)
    yield threads
    request_started.disconnect(begin)
    request_finished.disconnect(end)


def _served(threads: set[int]) -> None:
    """Wait for the server's answers still on their way: a stream notices within a second that nobody reads it."""
    until = time.monotonic() + PATIENCE
    while threads - {threading.get_ident()} and time.monotonic() < until:
        time.sleep(0.01)


def _session(by: Actor) -> str:
    cookie = accounts.client(by).cookies[settings.SESSION_COOKIE_NAME]
    assert SessionStore(cookie.value).exists(cookie.value)
    return str(cookie.value)
