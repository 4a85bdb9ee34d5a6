"""The portal's own processes in the demonstration: web, worker, beat and the sandbox of outside systems."""

import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from checkout import DEMO, ROOT, in_venv
from ports import free_port
from processes import Program

WEB_WORKERS, WEB_THREADS, TASK_WORKERS = "2", "4", "2"
EVERYWHERE = "0.0.0.0"  # noqa: S104 (to recognise, not to use)
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def sandbox_address() -> str:
    return f"http://127.0.0.1:{free_port()}"


def all_of_them(variables: Mapping[str, str], listener: socket.socket, logs: Path) -> Iterator[Program]:
    """What to start, each when the one before answers: what people wait for comes before what works for them."""
    host, port = listener.getsockname()
    here = "127.0.0.1" if host == EVERYWHERE else host

    def python(
        name: str, *arguments: str, sockets: tuple[int, ...] = (), answers: Callable[[], bool] | None = None
    ) -> Program:
        command = [in_venv("python"), "-m", *arguments]
        return Program(name, command, logs / f"{name}.log", variables, sockets=sockets, answers=answers)

    if any((ROOT / "portal" / "connectors" / name).exists() for name in ("sandbox.py", "sandbox/__main__.py")):
        address = variables["SANDBOX_URL"]
        yield python("sandbox", "portal.connectors.sandbox", answers=lambda: answers(address))
    yield python(
        "web",
        *("gunicorn", "portal.wsgi", "--bind", f"fd://{listener.fileno()}", "--no-control-socket", "--preload"),
        *("--worker-class", "gthread", "--workers", WEB_WORKERS, "--threads", WEB_THREADS),
        *("--graceful-timeout", "5", "--access-logfile", "-"),
        sockets=(listener.fileno(),),
        answers=lambda: answers(f"http://{here}:{port}/readyz"),
    )
    celery = ("celery", "--app", "portal")
    yield python("worker", *celery, "worker", "--pool", "prefork", "--concurrency", TASK_WORKERS, "--loglevel", "INFO")
    yield python("beat", *celery, "beat", "--schedule", str(DEMO / "beat-schedule"), "--pidfile=", "--loglevel", "INFO")


def answers(address: str) -> bool:
    """Whether a page answers, straight and not through a proxy; a server that says that it is not ready does not."""
    try:
        with NO_PROXY.open(address, timeout=5) as reply:
            return bool(reply.status)
    except urllib.error.HTTPError as reply:
        return reply.code < 500  # noqa: PLR2004 (a server's own fault)
    except OSError:
        return False
