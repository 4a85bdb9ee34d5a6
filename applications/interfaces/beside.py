"""What rooms above show on the page of a person's own application: the defence that waits, the fee that is due."""

import datetime as dt
from collections.abc import Callable

from applications.models import Application
from portal.accounts.actors import Actor

# A card brings ``template`` and whatever that template asks of ``card``; None where there is nothing to show.
Card = dict[str, object]
Maker = Callable[[Application, Actor, dt.datetime], Card | None]

_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Have ``maker(application, by, at)`` asked on every application's page of its applicant; ``name`` is unique."""
    _makers[name] = maker


def cards_for(application: Application, *, by: Actor, at: dt.datetime) -> list[Card]:
    """Return what stands beside the application now, in the order of the makers' names.

    The rooms above begin with a recommended application; before, none of them is asked.
    """
    if application.recommended_at is None:
        return []
    made = (_makers[name](application, by, at) for name in sorted(_makers))
    return [card for card in made if card is not None]
