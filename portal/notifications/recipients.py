"""Whom a letter goes to, and where they are reached."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal.accounts import queries as accounts
from portal.accounts.models import Organisation, Person
from portal.accounts.roles import Role


@dataclass(frozen=True)
class Holders:
    """Those who hold one of ``roles`` at ``organisation`` on the day on which they are told."""

    organisation: Organisation
    roles: frozenset[Role]

    def people(self, on: dt.date) -> list[Person]:
        """Return the people behind the roles on the day ``on``."""
        return list(accounts.people_holding(self.roles, self.organisation, on=on))


@dataclass(frozen=True)
class Outsider:
    """Somebody without an account, whom the subject of an outside letter names."""


OUTSIDER = Outsider()
Recipient = Person | Holders | Outsider


@dataclass(frozen=True)
class Copy:
    """One copy of a letter: whose inbox it enters; without a person it waits until somebody takes the role, or goes outside."""

    person: Person | None
    organisation: Organisation | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def addressee(self) -> str:
        """How the letter addresses them: a person by name, an organisation by its own, and who is outside not at all."""
        return self.organisation.name if self.organisation else str(self.person or "")


def holders_at(organisation: Organisation, roles: Iterable[Role]) -> Holders:
    """Return the recipients "whoever holds one of ``roles`` at ``organisation``"."""
    return Holders(organisation, frozenset(roles))


def copies_for(to: Recipient | Iterable[Recipient], *, on: dt.date) -> list[Copy]:
    """Return one copy per person, however many ways lead to them; the first way named counts.

    An organisation where nobody holds the role on the day ``on`` gets a copy that waits for somebody.
    """
    copies: dict[int | str, Copy] = {}
    for recipient in [to] if isinstance(to, Recipient) else to:
        if isinstance(recipient, Outsider):
            copies["outside"] = Copy(None)
            continue
        if isinstance(recipient, Person):
            copies.setdefault(recipient.pk, Copy(recipient))
            continue
        people = recipient.people(on)
        for person in people:
            copies.setdefault(person.pk, Copy(person, recipient.organisation, recipient.roles))
        if not people:
            waits = Copy(None, recipient.organisation, recipient.roles)
            copies.setdefault(f"waiting at {recipient.organisation.pk}", waits)
    return list(copies.values())


def phone_of(person: Person) -> str:
    """Return the person's mobile number, or an empty text."""
    return str(person.phone)


def email_of(person: Person) -> str:
    """Return the person's e-mail address, or an empty text."""
    return person.email
