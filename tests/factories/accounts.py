"""People and organisations; dull on purpose."""

import datetime as dt
import itertools

from django.test import Client

from portal.accounts import invented
from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.identifiers import DocumentKind
from portal.accounts.models import IdentityDocument, Membership, Organisation, Person, VerificationSource
from portal.accounts.roles import ROLES_OF_KIND, OrganisationKind, Role
from portal.http.middleware import ACTING_FOR
from portal.shared import clock

_serial = itertools.count(1)
SINCE = dt.date(2020, 1, 1)


def person(**fields: object) -> Person:
    number = next(_serial)
    defaults: dict[str, object] = {"username": f"person{number}", "full_name": f"张{_han(number)}"}
    return Person.objects.create_user(**{**defaults, **fields})  # type: ignore[arg-type]


def _han(number: int) -> str:
    """Return a number in Chinese digits, which a name may hold."""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def document(of: Person, kind: DocumentKind = DocumentKind.RESIDENT_ID, **fields: object) -> IdentityDocument:
    """Return a verified document with an invented number."""
    serial = next(_serial)
    number = invented.resident_number(dt.date(1980, 1, 1) + dt.timedelta(days=serial // 999), serial % 999 + 1)
    defaults: dict[str, object] = {
        "kind": kind,
        "number": number,
        "verified_at": clock.start_of(SINCE),
        "source": VerificationSource.IDENTITY_REGISTER,
    }
    return IdentityDocument.objects.create(person=of, **{**defaults, **fields})


def organisation(kind: OrganisationKind = OrganisationKind.EMPLOYER, **fields: object) -> Organisation:
    number = next(_serial)
    defaults: dict[str, object] = {
        "name": f"示例单位{number}",
        "credit_code": invented.credit_code(number),
        "kind": kind,
    }
    return Organisation.objects.create(**{**defaults, **fields})


def actor(*roles: Role, at: Organisation | None = None, **fields: object) -> Actor:
    """Return a new person holding ``roles`` at one organisation, or acting personally without roles."""
    who = person(**fields)
    if not roles:
        return acting_personally(who)
    kind = next(kind for kind, offered in ROLES_OF_KIND.items() if roles[0] in offered)
    place = at or organisation(kind)
    for role in roles:
        Membership.objects.create(person=who, organisation=place, role=role, since=SINCE)
    return acting_for(who, place, frozenset(roles))


def client(who: Actor | None = None) -> Client:
    """Return a browser's stand-in that is logged in and acts as ``who``."""
    browser = Client()
    if who is None or who.person is None:
        return browser
    browser.force_login(who.person, backend="portal.entrance.backends.PersonBackend")
    if who.organisation is not None:
        session = browser.session
        session[ACTING_FOR] = who.organisation.code
        session.save()
    return browser
