"""How the outside systems are reached: from the environment, or all of them from one sandbox."""

from typing import Any

from environs import Env

from portal.connectors import sandbox
from portal.connectors.systems import System

Ways = dict[str, dict[str, Any]]


def from_environment(env: Env) -> Ways:
    """Return what CONNECTOR_<SYSTEM>_URL, _KEY_ID and _SECRET say; a system without an address counts as unreachable."""
    ways: Ways = {system.value: _way(env, f"CONNECTOR_{system.name}_") for system in System}
    ways[System.TIMESTAMPS]["roots"] = env.str("CONNECTOR_TIMESTAMPS_ROOTS", default="")
    ways[System.PAYMENT]["payers_url"] = env.str("CONNECTOR_PAYMENT_PAYERS_URL", default="")
    return ways


def sandboxed(url: str, data: str) -> Ways:
    """Return the ways to one sandbox at `url` that keeps its files in the folder `data`."""
    ways: Ways = {
        system.value: {"url": f"{url}/{system}", "key_id": sandbox.KEY_ID, "secret": sandbox.SECRET}
        for system in System
    }
    ways[System.TIMESTAMPS]["roots"] = f"{data}/{sandbox.ROOTS}"
    return ways


def _way(env: Env, prefix: str) -> dict[str, Any]:
    return {
        "url": env.str(f"{prefix}URL", default=""),
        "key_id": env.str(f"{prefix}KEY_ID", default=""),
        "secret": env.str(f"{prefix}SECRET", default=""),
    }
