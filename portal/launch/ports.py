"""Free ports of this machine."""

import contextlib
import errno
import random
import socket

from checkout import CannotGoOnError

TRIES = 100
# Below those that systems give to callers: whoever calls while a server is down must not sit on the port it comes back to.
SERVERS = range(20000, 32000)


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now, for a server that can be started there again and again."""
    for port in random.sample(SERVERS, TRIES):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise CannotGoOnError(f"No free port between {SERVERS.start} and {SERVERS.stop} on 127.0.0.1.")


def listen(host: str, preferred: int) -> socket.socket:
    """A listening socket on the preferred port or, when that is taken, on the next free one.

    The socket is made here and handed on to the web server, so nobody can take the port between the look and
    the use, and callers wait in its queue while a crashed server is started again.
    """
    for port in range(preferred, min(preferred + TRIES, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError as problem:
            listener.close()
            if problem.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
        else:
            return listener
    message = f"No free port between {preferred} and {preferred + TRIES} on {host}; choose another with DEMO_PORT=…"
    raise CannotGoOnError(message)
