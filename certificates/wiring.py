"""What the certificates register with the rooms below."""


def connect() -> None:
    """Register everything."""
