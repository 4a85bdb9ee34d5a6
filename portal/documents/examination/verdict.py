"""The answer about one file."""

from dataclasses import dataclass, field


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The file is not acceptable; ``code`` says why, ``detail`` holds numbers or names for the words to people."""

    def __init__(self, code: str, **detail: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Limits:
    """How much a file may unfold to.

    ``pixels`` per image, ``pages`` per document, ``unpacked`` bytes of everything packed inside, ``entries`` per
    package, ``ratio`` of unpacked to packed bytes above which packing is an attack.
    """

    pixels: int = 50_000_000
    pages: int = 1_000
    unpacked: int = 200 * 1024 * 1024
    entries: int = 3_000
    ratio: int = 200


@dataclass(frozen=True)
class Accepted:
    """The file is what it claims to be; ``changed`` says that a harmless copy was written beside it."""

    kind: str
    changed: bool
    removed: list[str] = field(default_factory=list)
