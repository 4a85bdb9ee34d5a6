"""Who acts: a person for themselves, a person for an organisation, the public, or the system."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.accounts.models import Organisation, Person
    from portal.accounts.roles import Role


class ActorKind(StrEnum):
    """Whose step it is."""

    PERSON = "person"
    PUBLIC = "public"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """One who takes a step.

    ``organisation`` and ``roles`` are those chosen for acting now, never all that the person holds elsewhere:
    a person with two posts does one thing at a time, in one of them.
    """

    kind: ActorKind
    person: "Person | None" = None
    organisation: "Organisation | None" = None
    roles: "frozenset[Role]" = frozenset()

    @property
    def is_logged_in(self) -> bool:
        """Whether a known person acts."""
        return self.person is not None

    @property
    def acts_personally(self) -> bool:
        """Whether a person acts for themselves and not for an organisation."""
        return self.person is not None and self.organisation is None

    def __str__(self) -> str:
        """Name the actor for logs: kind and codes, never names."""
        parts = [
            self.kind.value,
            self.person.code if self.person else "",
            self.organisation.code if self.organisation else "",
        ]
        return ":".join(part for part in parts if part)


SYSTEM = Actor(ActorKind.SYSTEM)
PUBLIC = Actor(ActorKind.PUBLIC)


def acting_personally(person: "Person") -> Actor:
    """Return ``person`` acting for themselves."""
    return Actor(ActorKind.PERSON, person=person)


def acting_for(person: "Person", organisation: "Organisation", roles: "frozenset[Role]") -> Actor:
    """Return ``person`` acting for ``organisation`` with ``roles``; use ``accounts.queries.actor_of`` to look them up."""
    return Actor(ActorKind.PERSON, person=person, organisation=organisation, roles=roles)
