"""What a guide is made of."""

from dataclasses import dataclass

from django.utils.functional import Promise
from rules.predicates import Predicate


@dataclass(frozen=True)
class Step:
    """One thing that is done at a desk; ``picture`` names the screen that shows it, ``page`` the address where it is done."""

    heading: str | Promise
    text: str | Promise
    rules: str
    page: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Guide:
    """What one kind of people does; ``who`` are those whose own desk leads to it."""

    slug: str
    desk: str | Promise
    readers: str | Promise
    who: Predicate | None
    steps: tuple[Step, ...]
