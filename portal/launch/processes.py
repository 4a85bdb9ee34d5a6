"""Child processes: started in a group of their own, watched, restarted, stopped, and never left behind."""

import contextlib
import ctypes
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, Self, TypedDict

from checkout import ROOT, CannotGoOnError, say

LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
STOP_WITHIN = 15.0
LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def tied_to_parent(ending: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program: on Linux the kernel sends it `ending` when its parent dies, however."""
    parent = os.getpid()

    def tie() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        if LINUX:
            libc.prctl(PR_SET_PDEATHSIG, int(ending))
            if os.getppid() != parent:
                os._exit(1)

    return tie


class Identity(TypedDict, total=False):
    """The arguments of Popen that say who a child is."""

    user: int
    group: int
    extra_groups: list[int]


def as_user(account: pwd.struct_passwd | None) -> Identity:
    """A child with the rights of `account` alone; with ours when it is None."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@dataclass(frozen=True)
class Program:
    """One long-running child: how it is started, when it counts as started, and which signal ends it gently."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    directory: Path = ROOT
    account: pwd.struct_passwd | None = None
    ending: signal.Signals = signal.SIGTERM
    answers: Callable[[], bool] | None = None
    sockets: Sequence[int] = ()
    typed: str = ""

    def start(self) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                list(self.command),
                cwd=self.directory,
                env=dict(self.environment),
                stdin=subprocess.PIPE if self.typed else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=tuple(self.sockets),
                process_group=0,
                preexec_fn=tied_to_parent(self.ending),
                **as_user(self.account),
            )
        if child.stdin:
            with child.stdin as keyboard:
                keyboard.write(self.typed.encode())
        return child


@dataclass
class Running:
    """A started program with what its supervisor needs to know of it."""

    program: Program
    child: "subprocess.Popen[bytes]"
    since: float
    failures: int = 0
    again_at: float | None = None


class Supervisor:
    """Starts programs, restarts those that die, and stops all of them when it is left.

    `records` keeps one file per child, so that the next run finds and stops what a killed one left behind
    on systems where the kernel does not do so by itself.
    """

    def __init__(self, records: Path) -> None:
        self.records = records
        self.running: list[Running] = []

    def __enter__(self) -> Self:
        self.records.mkdir(parents=True, exist_ok=True)
        stop_leftovers(self.records)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with undisturbed():
            self.stop()

    def start(self, program: Program) -> None:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        self.running.append(Running(program, self._launch(program), time.monotonic()))

    def wait_until_started(self, within: float = 60.0) -> None:
        """Wait until every program with a way to tell answers; a program that ends meanwhile is an error."""
        limit = time.monotonic() + within
        for one in self.running:
            while one.program.answers and not one.program.answers():
                if one.child.poll() is not None:
                    raise CannotGoOnError(f"{one.program.name} did not start:\n{last_lines(one.program.log)}")
                if time.monotonic() > limit:
                    raise CannotGoOnError(f"{one.program.name} does not answer:\n{last_lines(one.program.log)}")
                time.sleep(0.03)

    def watch(self) -> None:
        """One look at every child: a dead one is reported with its last words and started again after a pause."""
        now = time.monotonic()
        for one in self.running:
            if one.again_at is not None:
                if now >= one.again_at:
                    one.child, one.since, one.again_at = self._launch(one.program), now, None
            elif one.child.poll() is not None:
                end_group(one.child.pid)
                one.failures = 1 if now - one.since > STEADY_AFTER else one.failures + 1
                pause = min(2.0 ** (one.failures - 1), LONGEST_PAUSE)
                one.again_at = now + pause
                say(f"{one.program.name} ended with {one.child.returncode}; starting it again in {pause:.0f} s")
                say(last_lines(one.program.log))

    def stop(self) -> None:
        """Tell all to end at once, so that the slowest alone decides how long it takes, and wait for each."""
        alive = [one for one in self.running if one.again_at is None]
        for one in alive:
            one.child.send_signal(one.program.ending)
        for one in alive:
            see_it_end(one.child.pid, partial(_has_ended, one.child))
        for one in self.running:
            self._record(one.program).unlink(missing_ok=True)
        self.running.clear()

    def _launch(self, program: Program) -> "subprocess.Popen[bytes]":
        child = program.start()
        note = {"pid": child.pid, "born": birth_of(child.pid), "ending": int(program.ending)}
        self._record(program).write_text(json.dumps(note), encoding="utf-8")
        return child

    def _record(self, program: Program) -> Path:
        return self.records / f"{program.name}.json"


def birth_of(pid: int) -> str:
    """When a process began, in the system's own words: with its number it names the process for good; "" if gone."""
    if LINUX:
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return ""
        state, *rest = status.rpartition(")")[2].split()
        return "" if state == "Z" else rest[18]
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def stop_leftovers(records: Path) -> None:
    """Stop what a killed run left behind, by its records, and wait until it is gone."""
    for record in sorted(records.glob("*.json")):
        with contextlib.suppress(ValueError, ProcessLookupError):
            note = json.loads(record.read_text(encoding="utf-8"))
            if birth_of(note["pid"]) == note["born"]:
                os.kill(note["pid"], note["ending"])
                see_it_end(note["pid"], partial(_is_gone, note["pid"], note["born"]))
        record.unlink(missing_ok=True)


def _has_ended(child: "subprocess.Popen[bytes]") -> bool:
    return child.poll() is not None


def _is_gone(pid: int, born: str) -> bool:
    return birth_of(pid) != born


def see_it_end(leader: int, gone: Callable[[], bool]) -> None:
    """Wait until a process that was told to end has done so; then end what is left of its group, the slow leader too.

    Only the leader is told: it knows best in which order its own workers finish.
    """
    limit = time.monotonic() + STOP_WITHIN
    while not gone() and time.monotonic() < limit:
        time.sleep(0.02)
    end_group(leader)
    while not gone():
        time.sleep(0.02)


def end_group(leader: int) -> None:
    """End what is left of a group whose leader has just been seen; later its number could be somebody else's."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def last_lines(log: Path, count: int = 15) -> str:
    if not log.exists():
        return ""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    return "\n".join(f"    {line}" for line in lines)


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | int | None = None,
    errors: IO[bytes] | int | None = subprocess.STDOUT,
) -> int:
    """Run a command to its end in the foreground and give its exit code.

    It shares our terminal and its Ctrl-C; we wait for it to finish what it does about one. What it says goes to
    ``output``, its errors and bars to ``errors``: there too, or with None to the terminal.
    """
    child = subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=dict(environment or os.environ),
        stdout=output,
        stderr=errors if output is not None else None,
        preexec_fn=tied_to_parent(signal.SIGTERM),
    )
    try:
        return child.wait()
    except KeyboardInterrupt as reason:
        with undisturbed():
            if isinstance(reason, Terminated):
                child.terminate()
            child.wait()
        raise


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """No signal interrupts the tidying up."""
    before = {one: signal.signal(one, signal.SIG_IGN) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class Terminated(KeyboardInterrupt):
    """We were asked to end, and unlike a Ctrl-C the children in our terminal were not told."""


def end_like_ctrl_c() -> None:
    """SIGTERM and a closed terminal end us as Ctrl-C does: by an exception that unwinds everything."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise Terminated

    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        signal.signal(signal.SIGHUP, interrupt)
