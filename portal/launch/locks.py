"""The locks: every distribution with version and hashes, in step with pyproject.toml, and none that must not be there.

The test lock contains the demo lock, which contains the runtime lock, each in the same versions.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path

from checkout import ROOT, VENV, CannotGoOnError, say

GROUPS = {
    "requirements-test.lock": ("demo", "test"),
    "requirements-demo.lock": ("demo",),
    "requirements.lock": (),
}
NOTE = "# Made by `make lock` from the requirements of pyproject.toml with this fingerprint: "
FORBIDDEN = {
    "django-fsm": "the name's licence changed; we use django-fsm-2",
    "psycopg": "Django silently prefers it to psycopg2 when it is installed",
}
FORM = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"),
    *("--no-header", "--no-emit-index-url", "--no-annotate"),
)


def lock(options: Sequence[str]) -> int:
    return check() if "--check" in options else make(options)


def make(options: Sequence[str] = ()) -> int:
    """Resolve pyproject.toml anew, keeping versions that still fit unless `options` says --upgrade."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(VENV / "bin"))
    if uv is None:
        raise CannotGoOnError("`make lock` needs uv: python3 -m pip install uv")
    constraint: tuple[str, ...] = ()
    for name, groups in GROUPS.items():
        wanted = [argument for group in groups for argument in ("--group", group)]
        command = [uv, "pip", "compile", "pyproject.toml", *wanted, *FORM, *constraint, *options, "--output-file", name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        lock = ROOT / name
        lock.write_text(f"{NOTE}{fingerprint(groups)}\n{lock.read_text(encoding='utf-8')}", encoding="utf-8")
        constraint = ("--constraint", "requirements-test.lock")
        options = [option for option in options if not option.startswith("--upgrade")]
        say(f"{name}: {len(pins(lock))} distributions")
    return check()


def check() -> int:
    """Say what is wrong with the locks; 0 when nothing is."""
    wrong = [problem for name in GROUPS for problem in problems(ROOT / name)]
    for problem in wrong:
        say(problem)
    return int(bool(wrong))


def problems(lock: Path) -> list[str]:
    if not lock.read_text(encoding="utf-8").startswith(NOTE + fingerprint(GROUPS[lock.name]) + "\n"):
        return [f"{lock.name} is not in step with pyproject.toml; run `make lock`"]
    locked = pins(lock)
    whole = pins(ROOT / "requirements-test.lock")
    return [
        *(f"{lock.name} holds {name}: {why}" for name, why in FORBIDDEN.items() if name in locked),
        *(
            f"{lock.name} has {name} in another version than the test lock"
            for name in locked
            if locked[name] != whole.get(name)
        ),
    ]


def pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(found)


def fingerprint(groups: Sequence[str]) -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project["project"]["requires-python"], *project["project"]["dependencies"]]
    for group in groups:
        parts += project["dependency-groups"][group]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
