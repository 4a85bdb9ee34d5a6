"""Reading the project's own sources: what each proof about the house starts from."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "applications", "review", "certificates", "autonomous_units")


@dataclass(frozen=True)
class Function:
    """A function and how long it is, in lines without its decorators."""

    name: str
    lines: int


def python_files(root: Path = ROOT, *packages: str) -> list[Path]:
    """Return the Python files below ``packages`` (the product's when none are named), migrations apart."""
    found = [path for package in packages or PACKAGES for path in sorted((root / package).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def templates(root: Path = ROOT) -> list[Path]:
    """Return every template."""
    return sorted(path for path in (root / "templates").rglob("*") if path.is_file())


def functions(path: Path) -> Iterator[Function]:
    """Yield the functions of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(node.name, (node.end_lineno or node.lineno) - node.lineno + 1)


def line_count(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())
