"""The browser's modules make and take exactly what the shared vectors say."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "fixtures" / "ballot_vectors.json"
ORIGIN = (
    "http://localhost:1"  # nothing listens: every answer comes from the checkout; local, so that WebCrypto is there
)
SERVED = {".js": "text/javascript", ".mjs": "text/javascript"}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.route(f"{ORIGIN}/**", serve)
    yield context.new_page()
    context.close()


def serve(route: Route) -> None:
    path = ROOT / route.request.url.removeprefix(f"{ORIGIN}/")
    if path.suffix in SERVED and path.is_file():
        route.fulfill(body=path.read_text("utf-8"), content_type=SERVED[path.suffix])
    else:
        route.fulfill(body="<!doctype html><title>vectors</title>", content_type="text/html")


def test_the_browser_agrees_with_the_portal(page: Page) -> None:
    page.goto(f"{ORIGIN}/")
    agree = "async (vectors) => (await import('/tests/portal/ballot/agree.mjs')).agree(vectors)"
    assert page.evaluate(agree, json.loads(VECTORS.read_text("utf-8"))) == []
