"""Whose file it is; rooms above compose their readers from this and from their own predicates."""

from typing import TYPE_CHECKING

from rules import predicate

from portal.accounts.actors import Actor

if TYPE_CHECKING:
    from portal.documents.models import StoredFile


@predicate
def is_own(actor: Actor, file: "StoredFile") -> bool:
    """Hold for the person who owns the file and acts personally, and for whoever acts for the owning organisation."""
    if file.owner_organisation_id is not None:
        return actor.organisation is not None and actor.organisation.pk == file.owner_organisation_id
    return actor.person is not None and actor.acts_personally and actor.person.pk == file.owner_person_id


@predicate
def uploaded_it(actor: Actor, file: "StoredFile") -> bool:
    """Hold for the person who handed the file in."""
    return actor.person is not None and actor.person.pk == file.uploaded_by_id
