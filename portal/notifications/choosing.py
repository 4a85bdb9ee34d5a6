"""Which optional messages a person wants, and by which channel."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from portal.accounts.actors import Actor
from portal.accounts.models import Person
from portal.ledger.record import record
from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import all_letters
from portal.notifications.models import Declined


@dataclass(frozen=True)
class Choice:
    """What one occasion offers: the channels that may be declined, and those that may not, each with its rule."""

    occasion: Occasion
    optional: tuple[Channel, ...]
    required: tuple[tuple[Channel, str], ...]


def choices() -> list[Choice]:
    """Return what can be chosen, one row per occasion of which some room sends letters outside the inbox."""
    rows = []
    for occasion in Occasion:
        needs = [
            (channel, need, letter.required_by)
            for letter in all_letters()
            if letter.occasion == occasion
            for channel, need in letter.channels.items()
        ]
        optional = tuple(each for each in Channel if (each, Need.OPTIONAL) in {need[:2] for need in needs})
        required = tuple(dict.fromkeys((channel, basis) for channel, need, basis in needs if need is Need.REQUIRED))
        if optional or required:
            rows.append(Choice(occasion, optional, required))
    return rows


def declinable() -> frozenset[tuple[str, str]]:
    """Return every (occasion, channel) pair that may be declined."""
    return frozenset((str(row.occasion), str(channel)) for row in choices() for channel in row.optional)


@transaction.atomic
def choose(person: Person, declined: Iterable[tuple[str, str]], *, by: Actor, at: dt.datetime) -> None:
    """Store exactly the declined pairs; pairs that may not be declined are left out. The ledger keeps the choice."""
    wanted = declinable()
    chosen = sorted(set(declined) & wanted)
    Declined.objects.filter(person=person).delete()
    Declined.objects.bulk_create(Declined(person=person, occasion=occasion, channel=via) for occasion, via in chosen)
    record(
        person, "choose_messages", by=by, at=at, facts={"declined": [f"{occasion}:{via}" for occasion, via in chosen]}
    )
