"""Whichever module of the API a process imports first, it starts.

The API framework imports what the settings name while it is being imported itself, and Django runs its start-up checks
in no fixed order: a circle here stops one start out of a few.
"""

import subprocess
import sys

from tests.architecture.sources import ROOT, python_files

FORKED = """
import importlib, os, sys
import django
django.setup()
for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error}", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def modules() -> list[str]:
    """Return the modules that need the API framework, and the view that the settings name."""
    found = [path for path in python_files() if "rest_framework" in path.read_text(encoding="utf-8")]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in found}
    return sorted({*names, "portal.web.views.errors"} - {"portal.settings.base"})


def broken(*names: str) -> str:
    """Return what each of ``names`` said against being the first, each in a process of its own."""
    done = subprocess.run([sys.executable, "-c", FORKED, *names], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_each_may_be_the_first() -> None:
    assert len(modules()) > 20
    assert broken(*modules()) == ""


def test_one_that_fails_is_named() -> None:
    assert broken("portal.http.nowhere").startswith("portal.http.nowhere: ")
