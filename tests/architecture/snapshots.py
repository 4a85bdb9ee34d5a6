"""Texts kept beside the tests and compared with what the code says now."""

import os
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


def assert_same(name: str, text: str, folder: Path = HERE) -> None:
    """Compare ``text`` with the kept file; with ``UPDATE_SNAPSHOTS=1`` in the environment keep it instead."""
    path = folder / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    assert text.splitlines() == kept, f"{name} differs; read the difference, then keep it with UPDATE_SNAPSHOTS=1"
