"""Where the embedded servers keep their data, and who holds which directory.

PostgreSQL refuses to run as root, and a checkout of root's may lie where no other account can look. So for root
the data stand outside the checkout, in a place that everybody may enter, each directory of PostgreSQL owned by
an unprivileged account that the system already has. For everybody else they stand in the checkout.

A directory is held by a lock of the operating system, which ends with its holder however that dies: a free lock is
proof of a dead owner.
"""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from checkout import DEMO, ROOT, TEST, CannotGoOnError
from processes import stop_leftovers

AS_ROOT = os.geteuid() == 0
ROOTS_PLACE = Path("/var/lib/title-evaluation-portal")
UNPRIVILEGED = ("nobody", "daemon")
ROOTS_LINK = "servers-of-root"
CHECKOUT_NOTE = "checkout"


def database_account() -> pwd.struct_passwd | None:
    """The account under which PostgreSQL runs; None means our own."""
    if not AS_ROOT:
        return None
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise CannotGoOnError("PostgreSQL does not run as root, and there is no account `nobody` to run it as.")


@contextlib.contextmanager
def held(lock: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold a lock file; gives False when somebody else, still alive, holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as file:
        yield _locked(file, wait=wait)


def _locked(file: IO[str], *, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def throwaway() -> Iterator[Path]:
    """A directory for one run, removed after it; what killed runs left behind is removed first."""
    base = ROOTS_PLACE if AS_ROOT else TEST
    with contextlib.ExitStack() as holding:
        with held(base / "lock", wait=True):
            remove_dead(base)
            place = base / f"run-{secrets.token_hex(4)}"
            place.mkdir(mode=0o755)
            holding.enter_context(held(place / "lock"))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def lasting() -> Iterator[Path]:
    """The directory of this checkout's demonstration; the caller holds the demonstration's lock."""
    place = _roots_lasting_place() if AS_ROOT else DEMO / "servers"
    place.mkdir(parents=True, exist_ok=True)
    with held(place / "lock"):
        yield place


def _roots_lasting_place() -> Path:
    """Outside the checkout, found again by a link in it; a checkout without the link begins afresh."""
    link = DEMO / ROOTS_LINK
    with held(ROOTS_PLACE / "lock", wait=True):
        remove_dead(ROOTS_PLACE)
        if not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(ROOTS_PLACE / f"demo-{secrets.token_hex(4)}")
        place = link.resolve()
        place.mkdir(mode=0o755, exist_ok=True)
        (place / CHECKOUT_NOTE).write_text(str(ROOT), encoding="utf-8")
    return place


def remove_dead(base: Path) -> None:
    """Remove throw-away directories whose owner is dead and demonstrations whose checkout is gone."""
    for place in base.glob("run-*"):
        with held(place / "lock") as free:
            if free:
                _remove(place)
    for place in base.glob("demo-*"):
        with held(place / "lock") as free:
            if free and not _has_its_checkout(place):
                _remove(place)


def _has_its_checkout(place: Path) -> bool:
    note = place / CHECKOUT_NOTE
    return note.exists() and (Path(note.read_text(encoding="utf-8")) / DEMO.name / ROOTS_LINK).resolve() == place


def _remove(place: Path) -> None:
    stop_leftovers(place / "records")
    for _ in range(50):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(0.1)
