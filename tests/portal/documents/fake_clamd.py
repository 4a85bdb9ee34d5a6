"""A clamd that speaks the protocol and nothing more: ``fake_clamd.py ADDRESS MODE``.

Modes: ``honest`` finds the test virus, ``small`` takes no more than 1000 bytes and closes as clamd does,
``hang`` reads and never answers, ``babble`` answers nonsense. Prints its address when it listens.
"""

import contextlib
import socketserver
import struct
import sys
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR"
SMALL = 1_000


class Conversation(socketserver.StreamRequestHandler):
    mode = "honest"

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if self.mode == "small" and len(content) > SMALL:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if self.mode == "hang":
            threading.Event().wait()
        answers = {
            "babble": b"\xff\xfe what?\0",
            "honest": b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0",
        }
        self.wfile.write(answers.get(self.mode, b"stream: OK\0"))


class Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    where, Conversation.mode = sys.argv[1:3]
    server = Unix(where, Conversation) if where.startswith("/") else Tcp(("127.0.0.1", 0), Conversation)
    address = f"unix://{where}" if where.startswith("/") else f"tcp://127.0.0.1:{server.server_address[1]}"
    print(address, flush=True)  # noqa: T201 - its starter waits for it
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
