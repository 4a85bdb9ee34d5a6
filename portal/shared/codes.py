"""Public codes: what addresses and papers carry instead of primary keys."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code(prefix: str, length: int = 10) -> str:
    """Return ``prefix`` and a random tail that cannot be guessed or counted (31 signs, no 0/O/1/I/L)."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(length))
