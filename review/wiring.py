"""What review registers with the rooms below, process by process."""


def connect() -> None:
    """Register everything."""
