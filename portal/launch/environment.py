"""The virtual environment, filled from a hash-locked list and made anew when that list has changed."""

import hashlib
import importlib.util
import os
import shutil
import sys
import time
import venv
from pathlib import Path

from checkout import ROOT, VENV, CannotGoOnError, in_venv, say, seconds_since
from processes import run

LOCKS = {"demo": ROOT / "requirements-demo.lock", "test": ROOT / "requirements-test.lock"}
STAMP = VENV / "installed-from"


def prepare(group: str) -> None:
    """See to it that the virtual environment holds the locked distributions of `demo` or `test`.

    `test` contains all of `demo` in the same versions, so going from one to the other only adds. A `.venv` that is a
    symbolic link belongs to somebody else and is used as it stands.
    """
    if VENV.is_symlink():
        return
    if installed() & {fingerprint(group), fingerprint("test")}:
        return
    start = time.monotonic()
    if not installed() & {fingerprint("demo")}:
        _make()
    _install(LOCKS[group])
    STAMP.write_text(fingerprint(group), encoding="utf-8")
    say(f"Virtual environment filled from {LOCKS[group].name} in {seconds_since(start)}")


def installed() -> set[str]:
    """What the stamp says of an environment that still works; nothing of one that was left half made."""
    if not STAMP.exists() or not Path(in_venv("python")).exists():
        return set()
    return {STAMP.read_text(encoding="utf-8")}


def fingerprint(group: str) -> str:
    """Names a lock file's content together with the Python that it is installed for and where."""
    version = ".".join(map(str, sys.version_info[:3]))
    return f"{hashlib.sha256(LOCKS[group].read_bytes()).hexdigest()} {version} {VENV}"


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise CannotGoOnError("This Python has no `ensurepip`; on Debian and Ubuntu: apt-get install python3-venv")
    say("Making the virtual environment …")
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True)


def _install(lock: Path) -> None:
    """Every distribution with its exact version and hash; nothing is resolved, nothing is built from source."""
    say(f"Installing the distributions of {lock.name} …")
    command = [
        *(in_venv("python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"),
        *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile", "-r", str(lock)),
    ]
    if run(command, environment={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}):
        raise CannotGoOnError(f"The distributions of {lock.name} could not be installed; pip says why above.")
