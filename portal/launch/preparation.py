"""What must be done before the portal starts, each step only when what it rests on has changed since it last succeeded."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from checkout import DEMO, PACKAGES, ROOT, CannotGoOnError, command_file, in_venv, say
from processes import last_lines, run

STAMPS = DEMO / "stamps"
LOCK = ROOT / "requirements-demo.lock"
SEASON = "season"
# Applicants of an ordinary start, and of a full one; so many certificates are drawn, the worker draws the rest.
FEW, MANY = 24, 2000
MOST_PAPERS = 100


class Preparation:
    """The steps, run with these variables and logged in one file."""

    def __init__(self, variables: Mapping[str, str], log: Path) -> None:
        self.variables = variables
        self.log = log
        self.database = identity(variables["DATABASE_URL"])
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)

    def do(self, accounts: Path) -> None:
        """Bring the tables, the demonstration's people and the static files up to date."""
        migrations = [path for package in PACKAGES for path in sorted((ROOT / package).glob("**/migrations/*.py"))]
        self._once("tables", f"{self.database} {contents([LOCK, *migrations])}", "migrate", "--no-input")
        if not (ROOT / "collected").exists():
            (STAMPS / "static files").unlink(missing_ok=True)
        self._once(
            "static files", looks([LOCK, *(ROOT / "static").rglob("*")]), "collectstatic", "--no-input", "--clear"
        )
        if command_file("load_demo"):
            self._once("demonstration year", self.database, "load_demo")
        source = command_file("demo_accounts")
        if source and (not accounts.exists() or accounts.stat().st_mtime < source.stat().st_mtime):
            self._note_accounts(accounts)

    def season(self, applicants: int) -> None:
        """Lead so many invented people through last year's season, unless as many or more were before.

        What goes wrong there is told and keeps nobody from the demonstration, which rests on none of it.
        """
        stamp = STAMPS / SEASON
        known = stamp.read_text(encoding="utf-8").split() if stamp.exists() else []
        before = int(known[1]) if known[:1] == [self.database] else 0
        if command_file("simulate_year") and before < applicants:
            say(f"Preparing: last year's season with {applicants:,} applicants …")
            wanted = ("simulate_year", "--applicants", str(applicants), "--papers", str(min(applicants, MOST_PAPERS)))
            try:
                self._run(wanted, shown=applicants > FEW)
            except CannotGoOnError as problem:
                say(f"{problem}\nThe demonstration goes on without it.")
            STAMPS.mkdir(parents=True, exist_ok=True)
            stamp.write_text(f"{self.database} {applicants}", encoding="utf-8")

    def _once(self, step: str, fingerprint: str, *arguments: str) -> bool:
        """Run manage.py unless this step succeeded with the same fingerprint before; says whether it ran."""
        stamp = STAMPS / step
        if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
            return False
        say(f"Preparing: {step} …")
        self._run(arguments)
        STAMPS.mkdir(parents=True, exist_ok=True)
        stamp.write_text(fingerprint, encoding="utf-8")
        return True

    def _run(self, arguments: Sequence[str], *, shown: bool = False) -> None:
        """Run manage.py, what it says into the log; its bar goes to the terminal where somebody waits for long."""
        command, errors = [in_venv("python"), "manage.py", *arguments], None if shown else subprocess.STDOUT
        with self.log.open("ab") as log:
            failed = run(command, environment=self.variables, output=log, errors=errors)
        if failed:
            raise CannotGoOnError(f"`manage.py {' '.join(arguments)}` failed:\n{last_lines(self.log)}")

    def _note_accounts(self, accounts: Path) -> None:
        fresh = accounts.with_suffix(".new")
        with fresh.open("wb") as output:
            failed = run([in_venv("python"), "manage.py", "demo_accounts"], environment=self.variables, output=output)
        if failed:
            raise CannotGoOnError(f"`manage.py demo_accounts` failed:\n{last_lines(fresh)}")
        fresh.replace(accounts)


def identity(address: str) -> str:
    """Names a database for good: the embedded one changes its port with every start, but never its random password."""
    return digest([(os.environ.get("DATABASE_URL") or urlsplit(address).password or address).encode()])


def contents(files: Iterable[Path]) -> str:
    return digest(part for file in files for part in (str(file.relative_to(ROOT)).encode(), file.read_bytes()))


def looks(files: Iterable[Path]) -> str:
    """Names, sizes and times of many files: enough to see a change, without reading them."""
    seen = sorted((str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file())
    return digest([repr(seen).encode()])


def digest(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
