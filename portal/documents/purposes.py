"""What files are for: each purpose says which kinds and sizes it takes, who may hand in and who may read.

Rooms above register their purposes in their wiring; a file of a purpose that nobody registered is shown to nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from rules.predicates import Predicate

from portal.accounts.actors import Actor
from portal.documents.enums import PAPERS, Kind
from portal.shared.phrases import joined

if TYPE_CHECKING:
    from portal.documents.models import StoredFile

MEGABYTE = 1024 * 1024
PERSONAL = "personal"  # the room's own: what people keep for later use

MayRead = Predicate | Callable[[Actor, "StoredFile"], bool]


@dataclass(frozen=True)
class Purpose:
    """One use of files.

    ``may_upload`` is asked about the actor, ``may_read`` about the actor and the file: give ``is_own | …`` where the
    owner reads too, for nothing is readable by default. ``max_bytes`` counts what is handed in. DOCX and XLSX keep
    the names of their authors inside, so no purpose with blind readers may take them.
    """

    name: str
    label: str | Promise
    may_upload: Predicate
    may_read: MayRead
    kinds: frozenset[Kind] = PAPERS
    max_bytes: int = 20 * MEGABYTE
    owner_may_remove: bool = False

    @property
    def kinds_in_words(self) -> str:
        """Name the kinds for people: ``PDF 文档、JPEG 图片``."""
        return joined(str(kind.label) for kind in Kind if kind in self.kinds)

    def is_readable(self, actor: Actor, file: "StoredFile") -> bool:
        """Return whether ``actor`` may read ``file``; anything but a plain yes is a no."""
        if isinstance(self.may_read, Predicate):
            return self.may_read.test(actor, file) is True
        return self.may_read(actor, file) is True


_purposes: dict[str, Purpose] = {}


def register(purpose: Purpose) -> None:
    """Make ``purpose`` known; raises ValueError where another room already took its name."""
    if _purposes.setdefault(purpose.name, purpose) != purpose:
        raise ValueError(f"The purpose {purpose.name!r} is registered twice.")


def purpose_of(name: str) -> Purpose | None:
    """Return the purpose of that name, or None where nobody registered it."""
    return _purposes.get(name)


def known() -> list[Purpose]:
    """Return every purpose, by name."""
    return [_purposes[name] for name in sorted(_purposes)]
