"""The translated texts: compiled from their catalogues, as the compiled files are not kept in the repository."""

from pathlib import Path

from checkout import ROOT, CannotGoOnError, in_venv
from processes import run

COMPILE = """
import polib, sys
for name in sys.argv[1:]:
    polib.pofile(name).save_as_mofile(name.removesuffix("po") + "mo")
"""


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
