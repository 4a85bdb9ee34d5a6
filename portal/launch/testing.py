"""`make test`: proofs about the code, then the tests, against real servers with throw-away data."""

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import environment
import keys
import messages
import places
import servers
import system
from checkout import TEST, CannotGoOnError, in_venv, say, seconds_since
from checkout import environment as environment_for
from checks import Check, python, run_checks
from processes import Supervisor, run

# Whoever has nothing left to do takes over what waits for another: some tests take a minute, most a tenth of a second.
SIDE_BY_SIDE = ("--numprocesses", "2", "--dist", "worksteal")
# Two testers would wait for it with nothing to do; the checks leave a processor free.
DATABASE = Check("database", python("manage.py", "fill_test_database"))


@contextmanager
def test_bed(*, durable: bool) -> Iterator[dict[str, str]]:
    """Everything that a check or a test may count on; gives the addresses of the servers."""
    environment.prepare("test")
    system.prepare("test")
    keys.prepare(TEST)
    messages.compile_all()
    start = time.monotonic()
    with places.throwaway() as place, Supervisor(place / "records") as supervisor:
        addresses = servers.start(supervisor, place, durable=durable)
        say(f"PostgreSQL and Redis up in {seconds_since(start)}")
        yield addresses


def test(arguments: Sequence[str]) -> int:
    """All checks and all tests; with arguments, pytest alone with these."""
    with test_bed(durable=False) as addresses:
        if arguments:
            return pytest(addresses, arguments)
        failed = run_checks(addresses, first=(DATABASE,))
        filled = {} if DATABASE.name in failed else {"FILLED": "1"}
        result = pytest({**addresses, **filled}, SIDE_BY_SIDE)
        if failed:
            say(f"Failed before the tests: {', '.join(failed)}")
        return result or len(failed)


def check(names: Sequence[str]) -> int:
    with test_bed(durable=False) as addresses:
        return len(run_checks(addresses, names))


def run_program(command: Sequence[str]) -> int:
    """Run a program, such as a load or failure test, against a database that writes to disk what it has promised."""
    with test_bed(durable=True) as addresses:
        variables = environment_for("test", **addresses)
        program, *arguments = command or ["python"]
        found = shutil.which(program, path=variables["PATH"])
        if found is None:
            raise CannotGoOnError(f"There is no program {program}.")
        return run([found, *arguments], environment=variables)


def pytest(addresses: Mapping[str, str], arguments: Sequence[str]) -> int:
    browser = {"CHROMIUM": system.chromium() or ""}
    return run(
        [in_venv("python"), "-m", "pytest", *arguments], environment=environment_for("test", **addresses, **browser)
    )
