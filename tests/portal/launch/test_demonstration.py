"""A second start beside a first, steps that are not repeated, and a checkout whose path has spaces."""

import os
import shutil
import subprocess
import sys

import pytest

import demonstration
import environment
import places
import preparation
from checkout import ROOT, CannotGoOnError


@pytest.fixture
def demo_files(monkeypatch, tmp_path):
    for name, file in {"LOCK": "lock", "STATE": "running.json"}.items():
        monkeypatch.setattr(demonstration, name, tmp_path / file)
    monkeypatch.setattr(demonstration, "LOOK_EVERY", 0.01)
    return tmp_path


def test_a_second_start_only_says_where_the_first_is(demo_files, capsys):
    with places.held(demonstration.LOCK) as ours:
        assert ours
        demonstration.note_state(addresses={}, address="http://127.0.0.1:8001/")
        assert demonstration.demo() == 0
    assert "already runs: http://127.0.0.1:8001/" in capsys.readouterr().out


def test_the_note_of_the_running_one_is_nobody_elses_to_read(demo_files):
    demonstration.note_state(addresses={"DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal"})
    assert demonstration.STATE.stat().st_mode & 0o077 == 0
    assert demonstration.addresses_in_use() == {"DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal"}


def test_manage_does_not_wait_for_ever_for_one_that_is_being_set_up(demo_files):
    with pytest.raises(CannotGoOnError, match="being set up"):
        demonstration.addresses_in_use(within=0.05)


@pytest.fixture
def steps(monkeypatch, tmp_path):
    monkeypatch.setattr(preparation, "STAMPS", tmp_path / "stamps")
    nowhere = {"DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return preparation.Preparation({**os.environ, **nowhere}, tmp_path / "log")


def test_a_step_is_repeated_only_when_what_it_rests_on_has_changed(steps):
    assert steps._once("tables", "one", "version")
    assert not steps._once("tables", "one", "version")
    assert steps._once("tables", "two", "version")


def test_a_step_that_failed_says_why_and_is_tried_again(steps):
    for _ in range(2):
        with pytest.raises(CannotGoOnError, match="Unknown command: 'nonsense'"):
            steps._once("tables", "one", "nonsense")


def test_the_embedded_database_is_the_same_one_on_another_port():
    here, there, other = (
        f"postgres://portal:{password}@127.0.0.1:{port}/portal" for password, port in (("a", 1), ("a", 2), ("b", 1))
    )
    assert preparation.identity(here) == preparation.identity(there) != preparation.identity(other)


def test_two_given_databases_differ_by_their_whole_address(monkeypatch):
    seen = set()
    for address in ("postgres://portal:a@one/portal", "postgres://portal:a@two/portal"):
        monkeypatch.setenv("DATABASE_URL", address)
        seen.add(preparation.identity(address))
    assert len(seen) == 2


def test_an_environment_is_made_anew_when_its_list_has_changed(monkeypatch, tmp_path):
    made, filled = [], []
    venv, lock = tmp_path / ".venv", tmp_path / "requirements-demo.lock"
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "STAMP", venv / "installed-from")
    monkeypatch.setattr(environment, "LOCKS", {"demo": lock, "test": tmp_path / "requirements-test.lock"})
    monkeypatch.setattr(environment, "in_venv", lambda program: sys.executable)
    monkeypatch.setattr(environment, "_make", lambda: (venv.mkdir(exist_ok=True), made.append(1)))
    monkeypatch.setattr(environment, "_install", lambda lock: filled.append(lock.name))
    lock.write_text("django==5.2.1")
    environment.LOCKS["test"].write_text("django==5.2.1 pytest")
    for group in ("demo", "demo", "test", "demo"):
        environment.prepare(group)
    assert (len(made), filled) == (1, ["requirements-demo.lock", "requirements-test.lock"])
    lock.write_text("django==5.2.2")
    environment.LOCKS["test"].write_text("django==5.2.2 pytest")
    environment.prepare("demo")
    assert len(made) == 2


@pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="needs the checkout's virtual environment")
def test_a_checkout_may_have_spaces_in_its_path(tmp_path):
    checkout = tmp_path / "a title portal"
    shutil.copytree(ROOT / "portal" / "launch", checkout / "portal" / "launch")
    (checkout / ".venv").symlink_to((ROOT / ".venv").resolve())
    question = "import os, psycopg2; print(psycopg2.connect(os.environ['DATABASE_URL']).server_version)"
    answer = subprocess.run(
        [sys.executable, "portal/launch", "run", "python", "-c", question],
        cwd=checkout,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[-1].startswith("18")


def test_a_season_is_led_once_and_more_of_it_only_when_more_are_wanted(steps, monkeypatch):
    led = []
    monkeypatch.setattr(preparation, "run", lambda command, **_: led.append(command[3:5]) or 0)
    for applicants in (24, 24, 2000, 24):
        steps.season(applicants)
    assert led == [["--applicants", "24"], ["--applicants", "2000"]]


@pytest.mark.parametrize(
    ("arguments", "told", "applicants"), [((), "", 24), (("--full",), "", 2000), (("--full",), "200", 200)]
)
def test_a_full_demonstration_has_more_people_and_a_variable_says_how_many(
    demo_files, monkeypatch, arguments, told, applicants
):
    led = []
    monkeypatch.setenv("DEMO_PEOPLE", told)
    monkeypatch.setattr(demonstration, "run_it", led.append)
    assert demonstration.demo(arguments) == 0
    assert led == [applicants]


def test_a_season_in_another_database_counts_for_nothing(steps, monkeypatch):
    led = []
    monkeypatch.setattr(preparation, "run", lambda command, **_: led.append(command) or 0)
    steps.season(24)
    steps.database = "another"
    steps.season(24)
    assert len(led) == 2


def test_a_season_that_went_wrong_keeps_nobody_from_the_demonstration(steps, monkeypatch, capsys):
    monkeypatch.setattr(preparation, "run", lambda command, **_: 1)
    steps.season(24)
    assert "goes on without it" in capsys.readouterr().out
