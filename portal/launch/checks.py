"""Proofs about the code that need no test run: style, types, import order, templates, migrations, deployment, locks."""

import base64
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

import keys
from checkout import PACKAGES, ROOT, TEST, CannotGoOnError, environment, in_venv, say, seconds_since
from processes import tied_to_parent

AT_ONCE = 2
LAUNCHER = "portal/launch"
IMAGINED = TEST / "imagined"
EXAMPLE = ROOT / LAUNCHER / "production" / "installation.env.example"
# The rest of what docker-compose.yml sets, in its shape; nothing is ever contacted with it.
COMPOSED = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "ALLOWED_HOSTS": "titles.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://titles.example.org",
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DOCUMENTS_ROOT": "/var/lib/portal/documents",
    "CLAMD_URL": "tcp://clamav:3310",
    "FIELD_KEYS": f"first:{base64.b64encode(bytes(32)).decode()}",
    "FIELD_INDEX_KEY": base64.b64encode(bytes(range(32))).decode(),
    "SEALING_KEYS": str(IMAGINED / keys.FOLDER),
}


def an_installation() -> dict[str, str]:
    """The variables of an imagined installation: the documented example, and what the composition adds to it."""
    keys.prepare(IMAGINED, "An imagined installation")
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    return COMPOSED | dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True)
class Check:
    """One command that must succeed."""

    name: str
    command: Sequence[str]
    settings: str = "test"
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Begun:
    check: Check
    child: "subprocess.Popen[bytes]"
    output: IO[bytes]
    since: float


def python(*arguments: str) -> tuple[str, ...]:
    return (in_venv("python"), *arguments)


def checks() -> list[Check]:
    launcher = sorted(str(path.relative_to(ROOT)) for path in (ROOT / LAUNCHER).glob("*.py"))
    return [
        Check("types", python("-m", "mypy", *PACKAGES)),
        Check("launcher", python("-m", "mypy", "--explicit-package-bases", *launcher), extra={"MYPYPATH": LAUNCHER}),
        Check("style", python("-m", "ruff", "check", ".")),
        Check("format", python("-m", "ruff", "format", "--check", ".")),
        Check("imports", (in_venv("lint-imports"), "--no-cache")),
        Check("templates", python("-m", "djlint", "templates", "--lint", "--quiet")),
        Check("migrations", python("manage.py", "makemigrations", "--check", "--dry-run")),
        Check(
            "deployment",
            python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            "production",
            an_installation(),
        ),
        Check(
            "compose", python("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
        ),
        Check("locks", (sys.executable, LAUNCHER, "lock", "--check")),
    ]


def run_checks(addresses: Mapping[str, str], names: Sequence[str] = (), first: Sequence[Check] = ()) -> list[str]:
    """Run ``first`` and all checks, or those named, two at a time; give the names of those that failed."""
    waiting = [*first, *(check for check in checks() if not names or check.name in names)]
    unknown = set(names) - {check.name for check in waiting}
    if unknown:
        raise CannotGoOnError(
            f"No such check: {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in checks())}"
        )
    begun: list[Begun] = []
    failed: list[str] = []
    while waiting or begun:
        while waiting and len(begun) < AT_ONCE:
            begun.append(begin(waiting.pop(0), addresses))
        for one in [one for one in begun if one.child.poll() is not None]:
            begun.remove(one)
            if not passed(one):
                failed.append(one.check.name)
        time.sleep(0.05)
    return failed


def begin(check: Check, addresses: Mapping[str, str]) -> Begun:
    output = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the check has ended)
    child = subprocess.Popen(
        list(check.command),
        cwd=ROOT,
        env=environment(check.settings, **{**addresses, **check.extra}),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        preexec_fn=tied_to_parent(signal.SIGTERM),
    )
    return Begun(check, child, output, time.monotonic())


def passed(one: Begun) -> bool:
    """Say how a finished check went: one line when well, all it had to say when not."""
    good = one.child.returncode == 0
    say(f"{'ok    ' if good else 'FAILED'} {one.check.name:<12} {seconds_since(one.since):>8}")
    if not good:
        one.output.seek(0)
        say(one.output.read().decode(errors="replace").rstrip())
        say(f"Repeat with: python3 {LAUNCHER} check {one.check.name}\n")
    one.output.close()
    return good
