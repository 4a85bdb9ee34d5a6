"""Whom a certificate names: what the identity documents on file say of a person, and the codes printed beside."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certificates.values import Face
from portal.accounts.identifiers import DocumentKind, Sex
from portal.accounts.models import IdentityDocument, Person
from portal.catalogue.enums import LevelKey
from portal.shared.phrases import joined
from review.models import AcceptedCase

# Without signs that are read for one another: 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B.
SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 8


@dataclass(frozen=True)
class Identity:
    """What the face says of the person; empty where nothing is on file."""

    name: str
    sex: str
    birth_date: dt.date | None
    document_type: str
    masked_document: str

    @property
    def missing(self) -> str:
        """What is not on file, as one enumeration; must be called in the office's language."""
        wanted = {_("姓名"): self.name, _("性别"): self.sex, _("出生日期"): self.birth_date}
        wanted[_("经核验的身份证件")] = self.masked_document
        return joined(label for label, value in wanted.items() if not value)


NOBODY = Identity("", "", None, "", "")


def identities(people: Collection[Person]) -> dict[int, Identity]:
    """Return who each person is, by key; the resident identity card counts before other verified documents. One query."""
    on_file = IdentityDocument.objects.current().filter(person__in=people, verified_at__isnull=False)
    documents: dict[int, IdentityDocument] = {}
    for document in sorted(on_file, key=lambda one: (one.kind != DocumentKind.RESIDENT_ID, one.pk)):
        documents.setdefault(document.person_id, document)
    return {person.pk: _identity(person, documents.get(person.pk)) for person in people}


def _identity(person: Person, document: IdentityDocument | None) -> Identity:
    return Identity(
        name=person.full_name,
        sex=person.sex if person.sex in Sex.values else "",
        birth_date=person.born_on,
        document_type=str(DocumentKind(document.kind).label) if document else "",
        masked_document=document.masked_number if document else "",
    )


def new_check_code() -> str:
    """Return a random code to be printed beside the number: nobody who knows number and name alone guesses it."""
    return "".join(secrets.choice(SIGNS) for _place in range(CODE_LENGTH))


def draft(case: AcceptedCase, identity: Identity) -> Face:
    """Return the face that a certificate of ``case`` would have, without number, code and day of issue.

    Raises ValueError where the birth date is not on file. Must be called in the office's language.
    """
    if identity.birth_date is None:
        raise ValueError(f"The birth date of {case.code} is not on file.")
    return Face(
        number="",
        holder_name=identity.name,
        sex=str(Sex(identity.sex).label),
        birth_date=identity.birth_date,
        document_type=identity.document_type,
        masked_document=identity.masked_document,
        series=case.series,
        specialty=case.specialty_in_force,
        title=case.title,
        level=str(LevelKey(case.level).label),
        mode=case.application.get_channel_display(),
        committee=case.committee,
        passed_on=case.passed_on,
        issued_on=case.passed_on,
        district_limited=case.district_limited,
        is_restricted=case.is_restricted,
        check_code="",
        corrects="",
    )
