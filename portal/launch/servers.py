"""PostgreSQL and Redis for one run: the embedded ones, or those that DATABASE_URL and REDIS_URL name."""

import os
from pathlib import Path

from broker import Broker
from database import Database
from processes import Supervisor


def given() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


def start(supervisor: Supervisor, place: Path, *, durable: bool) -> dict[str, str]:
    """Start what the environment does not name, wait until it answers, and give the addresses of both."""
    addresses = given()
    started: dict[str, Database | Broker] = {}
    if "DATABASE_URL" not in addresses:
        started["DATABASE_URL"] = Database(place, durable=durable)
    if "REDIS_URL" not in addresses:
        started["REDIS_URL"] = Broker(place)
    for server in started.values():
        supervisor.start(server.program())
    supervisor.wait_until_started()
    return addresses | {name: server.url for name, server in started.items()}
