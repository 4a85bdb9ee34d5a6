"""`make demo`: the whole portal on one machine, and manage.py against its servers."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import environment
import places
import servers
from checkout import DEMO, CannotGoOnError, in_venv, say
from checkout import environment as environment_for
from processes import Supervisor, run

LOCK = DEMO / "lock"
STATE = DEMO / "running.json"


def demo() -> int:
    raise CannotGoOnError("`make demo` lands with the next slice.")


def manage(arguments: Sequence[str]) -> int:
    """Run manage.py against the servers of the running demonstration, or else start them for this one command."""
    environment.prepare("demo")
    command = [in_venv("python"), "manage.py", *arguments]
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return run(command, environment=environment_for("demo"))
    with places.held(LOCK) as ours:
        if not ours:
            return run(command, environment=environment_for("demo", **addresses_in_use()))
        with started_servers() as (_, addresses):
            return run(command, environment=environment_for("demo", **addresses))


@contextmanager
def started_servers() -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """The demonstration's own servers; the caller holds its lock. Others find their addresses in a file."""
    place = places.lasting()
    with Supervisor(place / "records") as supervisor:
        addresses = servers.start(supervisor, place, durable=True)
        note_state(addresses=addresses)
        try:
            yield supervisor, addresses
        finally:
            STATE.unlink(missing_ok=True)


def note_state(**state: object) -> None:
    """Replace the note in one step, readable by us alone: the addresses carry passwords."""
    fresh = STATE.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(state), encoding="utf-8")
    fresh.replace(STATE)


def addresses_in_use(within: float = 30.0) -> dict[str, str]:
    limit = time.monotonic() + within
    while not STATE.exists():
        if time.monotonic() > limit:
            raise CannotGoOnError("The demonstration is being set up; try again when it runs.")
        time.sleep(0.2)
    say("Using the servers of the running demonstration.")
    addresses: dict[str, str] = json.loads(STATE.read_text(encoding="utf-8"))["addresses"]
    return addresses
