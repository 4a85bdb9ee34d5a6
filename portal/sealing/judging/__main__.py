"""Judge one file: ``__main__.py``; a line of JSON with our keys and then the PDF come in, one line of JSON goes out."""

import json
import logging
import resource
import sys
import types
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 10
MEMORY = 768 * 1024 * 1024

# An empty stand-in for the package above spares each file the quarter of a second that Celery takes to load.
package = types.ModuleType("portal")
package.__path__ = [str(ROOT / "portal")]
sys.modules["portal"] = package

from portal.sealing.judging.seals import judge  # noqa: E402 - only now can it be found
from portal.sealing.judging.verdict import Finding  # noqa: E402


def confine() -> None:
    """Give up memory and time beyond what a file of ours needs, and all writing; a parser gone wrong dies alone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def answer() -> Finding:
    """Return the finding about what comes in."""
    ours = json.loads(sys.stdin.buffer.readline())
    return judge(sys.stdin.buffer.read(), ours)


if __name__ == "__main__":
    logging.disable()
    confine()
    print(json.dumps(asdict(answer())))  # noqa: T201 - this is how it answers
