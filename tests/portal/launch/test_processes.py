"""Children are watched, restarted and never left behind."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import processes
from checkout import ROOT, CannotGoOnError
from processes import Program, Supervisor

pytestmark = pytest.mark.filterwarnings("default:.*fork:DeprecationWarning")

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# A child that writes down the number of its own child.
FAMILY = [
    sys.executable,
    "-c",
    f"import subprocess; child = subprocess.Popen({SLEEP!r}); print(child.pid, flush=True); child.wait()",
]


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(tmp_path / "records") as one:
        yield one


def program(tmp_path: Path, command: list[str], **more) -> Program:
    return Program(name="child", command=command, log=tmp_path / "child.log", **more)


def eventually(true) -> bool:
    limit = time.monotonic() + 10
    while not true() and time.monotonic() < limit:
        time.sleep(0.02)
    return true()


def test_a_crashed_child_is_reported_with_its_last_words_and_started_again(supervisor, tmp_path, capsys):
    supervisor.start(program(tmp_path, [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]))
    (one,) = supervisor.running
    first = one.child.pid
    one.child.wait()
    supervisor.watch()
    assert "child ended with 1; starting it again in 1 s" in capsys.readouterr().out
    one.again_at = time.monotonic()
    supervisor.watch()
    assert one.child.pid != first
    one.child.wait()
    supervisor.watch()
    said = capsys.readouterr().out
    assert "in 2 s" in said
    assert "the disk is full" in said


def test_a_child_that_was_steady_is_started_again_without_a_long_pause(supervisor, tmp_path, capsys):
    supervisor.start(program(tmp_path, [sys.executable, "-c", ""]))
    (one,) = supervisor.running
    one.failures, one.since = 5, time.monotonic() - processes.STEADY_AFTER - 1
    one.child.wait()
    supervisor.watch()
    assert "in 1 s" in capsys.readouterr().out


def test_a_program_that_does_not_start_says_why(supervisor, tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit('no such table')"]
    supervisor.start(program(tmp_path, command, answers=lambda: False))
    with pytest.raises(CannotGoOnError, match="child did not start:\n    no such table"):
        supervisor.wait_until_started()


def test_stopping_ends_the_grandchildren_too(tmp_path):
    log = tmp_path / "child.log"
    with Supervisor(tmp_path / "records") as supervisor:
        supervisor.start(program(tmp_path, FAMILY))
        assert eventually(lambda: log.exists() and log.read_text().endswith("\n"))
        grandchild = int(log.read_text())
        assert processes.birth_of(grandchild)
    assert eventually(lambda: not processes.birth_of(grandchild))
    assert list((tmp_path / "records").iterdir()) == []


@pytest.mark.skipif(not processes.LINUX, reason="only Linux tells a child that its parent died")
def test_children_die_with_a_launcher_that_is_killed(tmp_path):
    launcher = subprocess.Popen([sys.executable, "-c", launcher_with_a_child(tmp_path)], cwd=ROOT / "portal" / "launch")
    record = tmp_path / "records" / "child.json"
    assert eventually(record.exists)
    child = pid_in(record)
    assert processes.birth_of(child)
    launcher.kill()
    launcher.wait()
    assert eventually(lambda: not processes.birth_of(child))


def test_the_next_run_stops_what_a_killed_one_left_behind(tmp_path):
    left = subprocess.Popen(SLEEP, process_group=0)
    record = tmp_path / "records" / "child.json"
    record.parent.mkdir()
    record.write_text(f'{{"pid": {left.pid}, "born": "{processes.birth_of(left.pid)}", "ending": 15}}')
    with Supervisor(record.parent):
        assert left.wait(timeout=5) == -signal.SIGTERM
    assert not record.exists()


def test_a_stranger_with_the_number_of_a_dead_child_is_left_alone(tmp_path):
    stranger = subprocess.Popen(SLEEP, process_group=0)
    record = tmp_path / "child.json"
    record.write_text(f'{{"pid": {stranger.pid}, "born": "long ago", "ending": 15}}')
    processes.stop_leftovers(tmp_path)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def launcher_with_a_child(tmp_path: Path) -> str:
    return f"""
import time
from pathlib import Path
from processes import Program, Supervisor
with Supervisor(Path({str(tmp_path / "records")!r})) as supervisor:
    supervisor.start(Program("child", {SLEEP!r}, Path({str(tmp_path / "child.log")!r})))
    time.sleep(60)
"""


def pid_in(record: Path) -> int:
    return json.loads(record.read_text())["pid"]
