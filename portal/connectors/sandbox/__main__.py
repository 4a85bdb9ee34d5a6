"""Starts the sandbox: `python -m portal.connectors.sandbox --port 8099 --data DIR`.

What the command line leaves out comes from SANDBOX_URL and SANDBOX_DATA.
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from portal.connectors.sandbox.desk import Desk
from portal.connectors.sandbox.server import Server

DATA = Path(__file__).resolve().parents[3] / ".demo" / "sandbox"


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; print the address as the first line, once it answers."""
    options = _options()
    options.data.mkdir(parents=True, exist_ok=True)
    desk = Desk(options.data)
    server = Server(options.host, options.port, desk)
    desk.gateway.address = options.address or f"http://{options.host}:{server.server_port}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return


def _options() -> argparse.Namespace:
    """Read the command line; what it leaves out comes from the variables that the portal's settings read too."""
    usual = urlsplit(os.environ.get("SANDBOX_URL", "http://127.0.0.1:8099"))
    told = argparse.ArgumentParser(description="Stands in for every outside system; for demonstrations and tests.")
    told.add_argument("--host", default=usual.hostname, help="address to listen on; the sandbox has no log-in")
    told.add_argument("--port", type=int, default=usual.port, help="0 takes any free port")
    told.add_argument("--data", type=Path, default=os.environ.get("SANDBOX_DATA", DATA))
    told.add_argument("--address", help="where a payer's browser finds the sandbox, if not at host and port")
    return told.parse_args()


if __name__ == "__main__":
    main()
