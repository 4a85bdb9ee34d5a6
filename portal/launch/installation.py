"""The secrets of one production installation, as the files that docker-compose.yml hands to its containers."""

import base64
import secrets
from collections.abc import Sequence

from checkout import ROOT, say

DIRECTORY = ROOT / "secrets"


def make_secrets(_: Sequence[str] = ()) -> int:
    """Make every secret that is missing and leave those that are there: running it twice changes nothing.

    The directory is closed to others. The files are not, because they are handed into containers one by one, where
    the portal's own account, not ours, must read them.
    """
    DIRECTORY.mkdir(mode=0o700, exist_ok=True)
    keep("secret_key", secrets.token_urlsafe(64))
    database = keep("database_password", secrets.token_hex(24))
    broker = keep("redis_password", secrets.token_hex(24))
    keep("field_keys", f"first:{key()}")
    keep("field_index_key", key())
    keep("database_url", f"postgres://portal:{database}@postgres:5432/portal")
    keep("redis_url", f"redis://:{broker}@redis:6379/0")
    say(f"The secrets stand in {DIRECTORY}; back them up, and give them to nobody.")
    return 0


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def keep(name: str, fresh: str) -> str:
    """The secret of this name, made from `fresh` if there is none yet."""
    file = DIRECTORY / name
    if not file.exists():
        file.touch(mode=0o644)
        file.write_text(fresh, encoding="utf-8")
    return file.read_text(encoding="utf-8")
