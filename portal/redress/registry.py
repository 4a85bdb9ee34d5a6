"""What can be reviewed: each room above registers in its wiring what of its rows a request may be about, and what follows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from portal.accounts.actors import Actor
from portal.accounts.models import Organisation, Person
from portal.shared.errors import Reason

if TYPE_CHECKING:
    from portal.redress.models import ReviewRequest


@dataclass(frozen=True)
class Outcome:
    """What stands against a person: the state reached, when it was told, from where the time counts, and the reason told."""

    result: str
    at: dt.datetime
    reason: str = ""


class Matter:
    """Answers for one kind of rows; every method that changes something is called in the transaction of its step.

    ``own_page`` is the URL name of the person's own page of a row, which takes its public code.
    """

    own_page: ClassVar[str]

    def outcome(self, subject: Any) -> Outcome | None:
        """Return the outcome that may be reviewed, or None while there is none."""
        raise NotImplementedError

    def person(self, subject: Any) -> Person:
        """Return whose row it is; nobody else may ask."""
        raise NotImplementedError

    def title(self, subject: Any) -> str:
        """Return what the person applied for, in words."""
        raise NotImplementedError

    def words(self, result: str) -> str:
        """Return what a reviewed result is called."""
        raise NotImplementedError

    def handler(self, subject: Any) -> Organisation | None:
        """Return who answers first; None where only the second instance can."""
        raise NotImplementedError

    def involved(self, subject: Any) -> frozenset[int]:
        """Return who took part in what is reviewed, by their keys: they do not handle it (domain §8.17 #3)."""
        return frozenset()

    def file_page(self, subject: Any, actor: Actor) -> tuple[str, str] | None:
        """Return the URL name and the code of the page on which ``actor``, who handles a request, reads the subject."""
        return None

    def reasons_against_upholding(self, request: "ReviewRequest", at: dt.datetime) -> list[Reason]:
        """Return what at ``at`` keeps the outcome from being taken back, such as another application this year."""
        return []

    def upheld(self, request: "ReviewRequest", at: dt.datetime) -> None:
        """Procedure or facts were found wrong: the subject goes on where it stood."""
        raise NotImplementedError

    def what_follows(self, request: "ReviewRequest") -> str:
        """Return in a sentence where an upheld request leaves the subject."""
        raise NotImplementedError

    def following(self, request: "ReviewRequest") -> Iterable[Organisation]:
        """Return which offices, besides the one that answered first, learn of an upheld request."""
        return ()


_matters: dict[type[models.Model], Matter] = {}


def register(model: type[models.Model], matter: Matter) -> None:
    """Have ``matter`` answer for rows of ``model``; raises ValueError where another already does."""
    if model in _matters and type(_matters[model]) is not type(matter):
        raise ValueError(f"Reviews of {model.__name__} already have an owner.")
    _matters[model] = matter


def matter_of(subject: models.Model) -> Matter:
    """Return who answers for ``subject``; raises LookupError where nobody does."""
    try:
        return _matters[type(subject)]
    except KeyError:
        raise LookupError(f"No room answers for reviews of {type(subject).__name__}.") from None


def reviewable_models() -> dict[str, type[models.Model]]:
    """Return the models whose rows a request may be about, by the prefix of their public codes."""
    return {model.CODE_PREFIX: model for model in _matters}  # type: ignore[attr-defined]
