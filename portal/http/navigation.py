"""The service navigation: each room adds its entries, a page shows those of the actor's desk."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from rules.predicates import Predicate

from portal.accounts.actors import Actor

Count = Callable[[Actor], int]

BAR_ENDS = 100


def no_count(actor: Actor) -> int:
    """Show no number."""
    return 0


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, its words, for whom, its place (smaller stands further left), and its red number."""

    url_name: str
    label: str | Promise
    who: Predicate
    place: int
    count_for: Count

    @property
    def room(self) -> str:
        """Return the namespace of the room that added the entry."""
        return self.url_name.rpartition(":")[0]

    @property
    def is_in_bar(self) -> bool:
        """Whether the entry is one of the few in the bar of every page."""
        return self.place < BAR_ENDS

    @property
    def address(self) -> str:
        """Return where the entry leads."""
        return _address(self.url_name)


# Every page asks for the addresses of its whole desk, and they never change while a process lives.
@cache
def _address(url_name: str) -> str:
    return reverse(url_name)


_entries: dict[str, Entry] = {}


def register(url_name: str, label: str | Promise, *, who: Predicate, place: int = 100, count: Count = no_count) -> None:
    """Show an entry to every actor for whom ``who`` holds; ``url_name`` takes no arguments and is unique.

    Places below 100 stand in the bar of every page, the others on the desk page alone: the bar must stay short.

    ``count`` gives the number beside it (unread messages); it is asked once per page, so it must be one cheap query.
    """
    _entries[url_name] = Entry(url_name, label, who, place, count)


def entries_for(actor: Actor, *, besides: str | None = None) -> list[Entry]:
    """Return the entries of ``actor``'s desk from left to right; ``besides`` leaves out those of one room."""
    offered = [entry for entry in _entries.values() if entry.who.test(actor) and entry.room != besides]
    return sorted(offered, key=lambda entry: entry.place)
