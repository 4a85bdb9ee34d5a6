"""What draws the charts: the bundle that was read, loaded where charts are and nowhere else."""

import hashlib
import re

import pytest
from django.conf import settings

from portal.accounts.actors import Actor

FOLDER = settings.BASE_DIR / "static" / "js" / "charts"


def test_the_bundle_of_d3_is_the_one_that_was_read() -> None:
    told = re.search(r"SHA-256 of d3.min.js: ([0-9a-f]{64})", (FOLDER / "d3.licence.txt").read_text("utf-8"))
    assert told is not None
    assert hashlib.sha256((FOLDER / "d3.min.js").read_bytes()).hexdigest() == told[1]


def test_nothing_in_it_asks_the_policy_to_give_way() -> None:
    """No code from text, no sheet of its own, no style attribute: what a strict policy refuses."""
    for name in ("d3.min.js", "chart.js"):
        text = (FOLDER / name).read_text("utf-8")
        assert not re.search(r"\beval\(|new Function|createElement\(.style|attr\(.style|setAttribute\(.style", text), (
            name
        )


@pytest.mark.django_db
def test_only_pages_with_charts_load_it(visit, bureau_clerk: Actor) -> None:
    browser = visit(bureau_clerk)
    assert "js/charts/" in browser.get("/cockpit/").content.decode()
    for address in ("/desk/", "/cockpit/list/?what=reached.0"):
        assert "js/charts/" not in browser.get(address).content.decode()
