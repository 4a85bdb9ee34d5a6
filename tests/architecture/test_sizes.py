"""Short files, short functions, no junk drawers."""

import statistics
from pathlib import Path

from tests.architecture.sources import ROOT, functions, line_count, python_files, templates

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_VIEWS, LONGEST_TEST, LONGEST_TEMPLATE = 40, 400, 250, 600, 130
NINE_TENTHS_OF_FUNCTIONS, NINE_TENTHS_OF_FILES = 25, 250
JUNK_DRAWERS = {"utils", "helpers", "misc", "common", "lib", "tools", "services"}


def over_budget(root: Path) -> list[str]:
    """Return what is longer than its budget or has a junk drawer's name, below ``root``."""
    found = []
    for path in python_files(root):
        limit = LONGEST_VIEWS if "views" in path.parts or path.stem == "views" else LONGEST_FILE
        found += _too_long(root, path, limit)
        found += [
            f"{path.relative_to(root)}: {function.name} has {function.lines} lines"
            for function in functions(path)
            if function.lines > LONGEST_FUNCTION
        ]
        if JUNK_DRAWERS & {path.stem, path.parent.name}:
            found.append(f"{path.relative_to(root)}: the name says nothing")
    for path in python_files(root, "tests"):
        found += _too_long(root, path, LONGEST_TEST)
    for path in templates(root):
        found += _too_long(root, path, LONGEST_TEMPLATE)
    return found


def _too_long(root: Path, path: Path, limit: int) -> list[str]:
    lines = line_count(path)
    return [f"{path.relative_to(root)}: {lines} lines, at most {limit}"] if lines > limit else []


def nine_tenths(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def test_nothing_is_over_its_budget() -> None:
    assert over_budget(ROOT) == []


def test_nine_tenths_are_short() -> None:
    files = python_files()
    assert nine_tenths([function.lines for path in files for function in functions(path)]) <= NINE_TENTHS_OF_FUNCTIONS
    assert nine_tenths([line_count(path) for path in files]) <= NINE_TENTHS_OF_FILES


def test_planted_violations_are_found(tmp_path: Path) -> None:
    long_function = "def long():\n" + "    pass\n" * 40
    planted = {
        "portal/room/domain.py": long_function,
        "portal/room/views/desk.py": "x = 1\n" * 251,
        "portal/room/utils.py": "",
        "tests/test_room.py": "x = 1\n" * 601,
        "templates/room/page.html": "<p>\n" * 131,
    }
    for name, text in planted.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert over_budget(tmp_path) == [
        "portal/room/domain.py: long has 41 lines",
        "portal/room/utils.py: the name says nothing",
        "portal/room/views/desk.py: 251 lines, at most 250",
        "tests/test_room.py: 601 lines, at most 600",
        "templates/room/page.html: 131 lines, at most 130",
    ]
