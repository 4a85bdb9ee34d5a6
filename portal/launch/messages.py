"""The translated texts: gathered from the code, and compiled, as the compiled files are not kept in the repository."""

from collections.abc import Sequence
from pathlib import Path

import environment
import system
from checkout import ROOT, CannotGoOnError, in_venv
from checkout import environment as environment_for
from processes import run

# The settings want the servers' addresses; gathering texts reads files and asks no server.
NOBODY = {"DATABASE_URL": "postgres://nobody@localhost/nothing", "REDIS_URL": "redis://localhost"}

COMPILE = """
import polib, sys
for name in sys.argv[1:]:
    polib.pofile(name).save_as_mofile(name.removesuffix("po") + "mo")
"""


def gather(_: Sequence[str] = ()) -> int:
    """Bring the catalogues in step with the code; a text that is new comes out without its translation."""
    environment.prepare("test")
    system.prepare("messages")
    return run([in_venv("python"), "manage.py", "makemessages"], environment=environment_for("test", **NOBODY))


def compile_all() -> None:
    """Compile every catalogue that is newer than its compiled file."""
    stale = [
        str(catalogue) for catalogue in sorted(ROOT.glob("portal/locale/*/LC_MESSAGES/*.po")) if is_stale(catalogue)
    ]
    if stale and run([in_venv("python"), "-c", COMPILE, *stale]):
        raise CannotGoOnError(f"Could not compile {', '.join(stale)}")


def is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < catalogue.stat().st_mtime
