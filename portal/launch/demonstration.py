"""`make demo`: the whole portal on one machine, and manage.py against its servers."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import environment
import keys
import messages
import places
import portal_programs
import servers
import system
from checkout import DEMO, STARTED, CannotGoOnError, in_venv, say, seconds_since
from checkout import environment as environment_for
from ports import listen
from preparation import FEW, MANY, Preparation
from processes import Supervisor, run

LOCK = DEMO / "lock"
STATE = DEMO / "running.json"
LOGS = DEMO / "logs"
ACCOUNTS = DEMO / "accounts.txt"
LOOK_EVERY = 0.3


def demo(arguments: Sequence[str] = ()) -> int:
    """Run the demonstration until it is stopped; beside a running one, only say where that is.

    ``--full`` has more people in last year's season, and DEMO_PEOPLE says how many.
    """
    with places.held(LOCK) as ours:
        if not ours:
            return point_to_the_running_one()
        try:
            run_it(int(os.environ.get("DEMO_PEOPLE") or (MANY if "--full" in arguments else FEW)))
        except KeyboardInterrupt:
            say("\nStopped.")
        return 0


def run_it(applicants: int) -> None:
    environment.prepare("demo")
    system.prepare("demo")
    keys.prepare(DEMO)
    messages.compile_all()
    for log in LOGS.glob("*.log"):
        log.replace(log.with_suffix(".previous"))
    with started_servers() as (guards, addresses):
        variables = environment_for("demo", **addresses, SANDBOX_URL=portal_programs.sandbox_address())
        preparation = Preparation(variables, LOGS / "preparation.log")
        preparation.do(ACCOUNTS)
        host, port = os.environ.get("DEMO_HOST", "127.0.0.1"), int(os.environ.get("DEMO_PORT", "8000"))
        with listen(host, port) as listener, Supervisor(DEMO / "records") as programs:
            variables["PORTAL_ADDRESS"] = f"http://{host}:{listener.getsockname()[1]}"
            for program in portal_programs.all_of_them(variables, listener, LOGS):
                if program.name == "web":  # the sandbox answers now, and nobody uses the portal yet
                    preparation.season(applicants)
                programs.start(program)
                programs.wait_until_started()
            address = f"{variables['PORTAL_ADDRESS']}/"
            note_state(addresses=addresses, address=address)
            announce(address)
            while True:
                guards.watch()
                programs.watch()
                time.sleep(LOOK_EVERY)


def announce(address: str) -> None:
    say(f"\nThe portal is ready after {seconds_since(STARTED)}: {address}")
    if ACCOUNTS.exists():
        say(f"\n{ACCOUNTS.read_text(encoding='utf-8').rstrip()}")
    say(f"\nLogs: {LOGS}\nCtrl-C stops everything.")


def point_to_the_running_one(within: float = 300.0) -> int:
    """A demonstration of this checkout already runs, or is just being set up: wait for its address and print it."""
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        address = state().get("address")
        if address:
            say(f"The demonstration of this checkout already runs: {address}")
            return 0
        with places.held(LOCK) as free:
            if free:
                raise CannotGoOnError("The demonstration that was being set up has ended; start it again.")
        time.sleep(LOOK_EVERY)
    raise CannotGoOnError("Another command holds this checkout's demonstration; wait for it or end it.")


def manage(arguments: Sequence[str]) -> int:
    """Run manage.py against the servers of the running demonstration, or else start them for this one command."""
    environment.prepare("demo")
    with places.held(LOCK) as ours:
        if not ours:
            return manage_with(addresses_in_use() | servers.given(), arguments)
        with started_servers() as (_, addresses):
            return manage_with(addresses, arguments)


def manage_with(addresses: Mapping[str, str], arguments: Sequence[str]) -> int:
    return run([in_venv("python"), "manage.py", *arguments], environment=environment_for("demo", **addresses))


@contextmanager
def started_servers() -> Iterator[tuple[Supervisor, dict[str, str]]]:
    """The demonstration's own servers; the caller holds its lock. Others find their addresses in a file."""
    STATE.unlink(missing_ok=True)
    with places.lasting() as place, Supervisor(place / "records") as supervisor:
        addresses = servers.start(supervisor, place, durable=True)
        note_state(addresses=addresses)
        try:
            yield supervisor, addresses
        finally:
            STATE.unlink(missing_ok=True)


def note_state(**facts: object) -> None:
    """Replace the note in one step, readable by us alone: the addresses carry passwords."""
    fresh = STATE.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(facts), encoding="utf-8")
    fresh.replace(STATE)


def state() -> dict[str, object]:
    try:
        facts: dict[str, object] = json.loads(STATE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return facts


def addresses_in_use(within: float = 30.0) -> dict[str, str]:
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        addresses = state().get("addresses")
        if isinstance(addresses, dict):
            return addresses
        time.sleep(LOOK_EVERY)
    raise CannotGoOnError("The demonstration is being set up; try again when it runs.")
