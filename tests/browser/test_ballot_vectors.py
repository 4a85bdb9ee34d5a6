"""The browser's modules make and take exactly what the shared vectors say."""

import json
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "fixtures" / "ballot_vectors.json"


def test_the_browser_agrees_with_the_portal(bare_page: Page) -> None:
    agree = "async (vectors) => (await import('/tests/portal/ballot/agree.mjs')).agree(vectors)"
    assert bare_page.evaluate(agree, json.loads(VECTORS.read_text("utf-8"))) == []
