"""What can be said of a file that somebody shows us."""

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The one word about a file; every file has exactly one."""

    GENUINE = "genuine"
    """Sealed by us, and since then nothing was changed."""
    CHANGED = "changed"
    """Sealed by us, but something was added afterwards that shows something else, or may."""
    ALTERED = "altered"
    """Says that it is sealed by us, but these are not the bytes that we sealed."""
    FOREIGN = "foreign"
    """Sealed by somebody else, whatever names stand in it."""
    UNSEALED = "unsealed"
    """A PDF without any seal."""
    PROTECTED = "protected"
    """Cannot be read without a password; we never seal such files."""
    BROKEN = "broken"
    """No PDF, one that cannot be read to its end, or one whose seal contradicts itself."""
    TOO_LARGE = "too_large"
    """Much larger than anything that we ever sealed; was not read."""
    TOO_COMPLEX = "too_complex"
    """Could not be read within the time and memory that our own files need many times over."""


class Changes(StrEnum):
    """What was added to the file after it was sealed."""

    NONE = "none"
    ALLOWED = "allowed"
    """Proofs of time and validity alone, which change nothing that anybody sees."""
    FORBIDDEN = "forbidden"


@dataclass(frozen=True)
class Finding:
    """What the reading process says; times as ISO texts, bytes in Base64.

    ``key`` is the id of the public key that made the first seal, where that is one of ours; ``stamp`` is a time-stamp
    response over ``signature``, whose authority nobody has judged yet; ``files`` are attached in the sealed part.
    """

    verdict: Verdict
    key: str = ""
    changes: Changes | None = None
    signed_at: str = ""
    stamp: str = ""
    signature: str = ""
    files: dict[str, str] = field(default_factory=dict)
