"""What the integrity archive registers with the rooms below."""


def connect() -> None:
    """Nothing yet."""
