"""Real embedded servers: closed to others, tidy after a kill, and not started where addresses are given."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

import places
import servers
from checkout import ROOT
from processes import Supervisor

pytestmark = pytest.mark.filterwarnings("default:.*fork:DeprecationWarning")

# Starts the servers as `make test` does and holds them until it is killed.
HOLDER = """
import sys, time
import places, servers
from processes import Supervisor
with places.throwaway() as place, Supervisor(place / "records") as supervisor:
    servers.start(supervisor, place, durable=False)
    print(place, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def addresses():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("REDIS_URL", raising=False)
        with places.throwaway() as place, Supervisor(place / "records") as supervisor:
            yield servers.start(supervisor, place, durable=False)
    assert not place.exists()


def test_both_servers_are_real_and_new_enough(addresses):
    connection = psycopg2.connect(addresses["DATABASE_URL"])
    assert connection.server_version >= 180000
    connection.close()
    with redis.Redis.from_url(addresses["REDIS_URL"]) as broker:
        assert broker.ping()


def test_nobody_gets_in_without_the_password(addresses):
    user, _, rest = addresses["DATABASE_URL"].partition("@")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(f"{user.rpartition(':')[0]}:guess@{rest}")
    with (
        redis.Redis.from_url("redis://" + addresses["REDIS_URL"].partition("@")[2]) as broker,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        broker.ping()


def test_given_addresses_replace_the_servers(monkeypatch, tmp_path):
    given = {"DATABASE_URL": "postgres://elsewhere/portal", "REDIS_URL": "redis://elsewhere/0"}
    for name, address in given.items():
        monkeypatch.setenv(name, address)
    with Supervisor(tmp_path) as supervisor:
        assert servers.start(supervisor, tmp_path, durable=False) == given
        assert supervisor.running == []


def test_one_given_address_replaces_one_server(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/portal")
    with Supervisor(tmp_path) as supervisor:
        addresses = servers.start(supervisor, tmp_path, durable=False)
        assert addresses["DATABASE_URL"] == "postgres://elsewhere/portal"
        assert [one.program.name for one in supervisor.running] == ["redis"]


def test_a_killed_run_leaves_nothing_once_the_next_has_started():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER], cwd=ROOT / "portal" / "launch", stdout=subprocess.PIPE, text=True
    )
    with holder.stdout as said:
        left = Path(said.readline().strip())
    assert (left / "postgres" / "PG_VERSION").exists()
    port = int((left / "postgres" / "postmaster.pid").read_text().splitlines()[3])
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with places.throwaway():
        assert not left.exists()
    time.sleep(0.1)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_run_that_is_alive_keeps_its_directory():
    with places.throwaway() as first, places.throwaway() as second:
        assert first != second
        assert first.exists()


def test_the_password_is_for_the_servers_account_alone(addresses):
    base = places.ROOTS_PLACE if places.AS_ROOT else places.TEST
    secrets = list(base.glob("run-*/postgres-password"))
    assert secrets
    assert all(stat.S_IMODE(secret.stat().st_mode) == 0o600 for secret in secrets)


@pytest.mark.skipif(not places.AS_ROOT, reason="only root must change to another account")
def test_roots_database_runs_without_roots_rights(addresses):
    connection = psycopg2.connect(addresses["DATABASE_URL"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_read_file('postmaster.pid')")
        (pid_file,) = cursor.fetchone()
    connection.close()
    assert Path(f"/proc/{pid_file.splitlines()[0]}").stat().st_uid == places.database_account().pw_uid != os.geteuid()
