"""The keys that the portal seals certificates with, made where a demonstration or a test run has none yet."""

from pathlib import Path

from checkout import ROOT, CannotGoOnError, environment, in_venv
from processes import run

FOLDER = "sealing"
MAKER = ROOT / "portal" / "sealing"


def prepare(place: Path, *organisation: str) -> Path:
    """A ring of keys below ``place``; its certificates are for demonstrations unless an organisation is named."""
    ring = place / FOLDER
    if MAKER.exists() and not ring.exists():
        command = [in_venv("python"), "-m", "portal.sealing.founding", str(ring), *organisation]
        if run(command, environment=environment("test")):
            raise CannotGoOnError(f"The keys for {ring} could not be made; Python says why above.")
    return ring
