"""People and organisations; dull on purpose."""

import datetime as dt
import itertools

from django.test import Client

from portal.accounts.actors import Actor, acting_for, acting_personally
from portal.accounts.models import Membership, Organisation, Person
from portal.accounts.roles import ROLES_OF_KIND, OrganisationKind, Role
from portal.http.middleware import ACTING_FOR

_serial = itertools.count(1)
SINCE = dt.date(2020, 1, 1)


def person(**fields: object) -> Person:
    number = next(_serial)
    defaults: dict[str, object] = {"username": f"person{number}", "full_name": f"张三{number}"}
    return Person.objects.create_user(**{**defaults, **fields})  # type: ignore[arg-type]


def organisation(kind: OrganisationKind = OrganisationKind.EMPLOYER, **fields: object) -> Organisation:
    number = next(_serial)
    defaults: dict[str, object] = {"name": f"示例单位{number}", "credit_code": f"T{number:017d}", "kind": kind}
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
    browser.force_login(who.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if who.organisation is not None:
        session = browser.session
        session[ACTING_FOR] = who.organisation.code
        session.save()
    return browser
