"""Examine one file: ``__main__.py SOURCE TARGET``; one line of JSON answers on standard output."""

import json
import resource
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 20
MEMORY = 768 * 1024 * 1024
LARGEST = 256 * 1024 * 1024

# Empty stand-ins for the packages above spare each file the quarter of a second that Celery takes to load.
for name in ("portal", "portal.documents"):
    package = types.ModuleType(name)
    package.__path__ = [str(ROOT.joinpath(*name.split(".")))]
    sys.modules[name] = package

from portal.documents.examination import images, packages, pdfs  # noqa: E402 - only now can it be found
from portal.documents.examination.recognising import recognise  # noqa: E402
from portal.documents.examination.verdict import Accepted, Limits, Refused  # noqa: E402


def confine() -> None:
    """Give up memory, time and file sizes beyond what an honest file needs; a parser gone wrong dies alone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def examine(source: Path, target: Path) -> Accepted:
    """Return what ``source`` is, having written its harmless copy to ``target`` where there is one; raises Refused."""
    limits = Limits()
    kind = recognise(source)
    if kind == "pdf":
        return pdfs.examine(source, target, limits)
    if kind == "package":
        return packages.examine(source, limits)
    return images.examine(source, target, kind, limits)


def answer(source: Path, target: Path) -> dict[str, object]:
    """Return the verdict as plain values."""
    try:
        found = examine(source, target)
    except Refused as refused:
        return {"refused": refused.code, "detail": refused.detail}
    except (MemoryError, RecursionError):
        return {"refused": "too_complex", "detail": {}}
    return {"kind": found.kind, "changed": found.changed, "removed": found.removed}


if __name__ == "__main__":
    confine()
    print(json.dumps(answer(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201 - this is how it answers
