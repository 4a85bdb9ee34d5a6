"""Where things stand in this checkout, and the launcher's one voice."""

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
DEMO = ROOT / ".demo"
TEST = ROOT / ".test"
PACKAGES = ("portal", "applications", "review", "certificates", "autonomous_units")

STARTED = time.monotonic()


class CannotGoOnError(Exception):
    """Something that only the person at the keyboard can mend; the text says what and how."""


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def seconds_since(start: float) -> str:
    return f"{time.monotonic() - start:.1f} s"


def in_venv(program: str) -> str:
    """A program of the virtual environment, by its full path."""
    return str(VENV / "bin" / program)


def environment(settings: str, **extra: str) -> dict[str, str]:
    """What our processes inherit: ours to set are the programs' path, the settings and the servers' addresses.

    Compiled modules are kept even where the environment forbids it: dozens of processes are started, and each would
    compile Django and the house anew, which takes longer than all else that a start does.
    """
    return {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "DJANGO_SETTINGS_MODULE": f"portal.settings.{settings}",
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def command_file(name: str) -> Path | None:
    """Where manage.py has this command of ours; looked up by file, as starting Django to ask takes seconds."""
    for package in PACKAGES:
        for found in (ROOT / package).glob(f"**/management/commands/{name}.py"):
            return found
    return None
