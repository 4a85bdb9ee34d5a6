"""The README's house and pictures are those that stand there."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
LARGEST = 60_000
PACKAGES = sorted(
    [place.parent.name for place in ROOT.glob("*/__init__.py") if place.parent.name != "tests"]
    + [f"portal.{place.parent.name}" for place in ROOT.glob("portal/*/__init__.py")]
)


def test_every_picture_is_there_and_small() -> None:
    pictures = [ROOT / one for one in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)]
    assert pictures
    assert [str(one) for one in pictures if not one.is_file() or one.stat().st_size > LARGEST] == []
    assert {one.name for one in (ROOT / "docs" / "img").iterdir()} <= {one.name for one in pictures}


def test_every_page_of_docs_is_named_and_there() -> None:
    named = set(re.findall(r"`(docs/[^`]+)`", README))
    assert [one for one in sorted(named) if not (ROOT / one).exists()] == []
    pages = {f"docs/{one.name}" for one in (ROOT / "docs").iterdir() if one.suffix in {".md", ".py"}}
    assert pages - named == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_stands_on_the_map(package: str) -> None:
    house = README[README.index("## The house") : README.index("## Where to read next")]
    assert re.search(rf"(?<![\w.]){re.escape(package)}(?!\w)", house)


def test_the_map_has_the_floors_in_the_order_that_is_proved() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    floors = [re.findall(r"[\w.]+", floor) for floor in told["contracts"][0]["layers"]]
    drawn = "\n".join(line for line in README[README.index("## The house") :].splitlines() if line.startswith("    "))
    heights = [min(drawn.index(f"{each} ") for each in floor if f"{each} " in drawn) for floor in floors]
    assert heights == sorted(heights)
