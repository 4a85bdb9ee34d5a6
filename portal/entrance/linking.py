"""Whom an identity service means: the person with the verified document that it names."""

import unicodedata
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest

from portal.accounts.identifiers import DocumentKind, compact, identify
from portal.accounts.models import IdentityDocument, Person
from portal.accounts.queries import organisations_of
from portal.http.middleware import ACTING_FOR
from portal.shared import clock
from portal.shared.errors import Refusal

log = structlog.get_logger("portal.entrance")


def person_of(claims: dict[str, Any]) -> Person | None:
    """Return the active person whose current, verified document and name the service states, or None.

    The document is found by its blind index; the name must agree too, so that a slip in a number lets nobody in as
    somebody else.
    """
    names = settings.IDENTITY_CLAIMS
    kind, number = claims.get(names["kind"]), claims.get(names["number"])
    if kind not in DocumentKind.values or not number:
        log.info("identity_claims_incomplete")
        return None
    try:
        found = identify(DocumentKind(kind), str(number), on=clock.today())
    except Refusal:
        log.info("identity_claims_malformed")
        return None
    document = (
        IdentityDocument.objects.numbered(found.kind, found.number, str(claims.get(names["country"]) or ""))
        .filter(person__is_active=True)
        .select_related("person")
        .first()
    )
    if document is None or not document.is_valid_on(clock.today()):
        return None
    return document.person if _same(document.person.full_name, str(claims.get(names["name"]) or "")) else None


def choose_organisation(request: HttpRequest, sociallogin: Any) -> None:
    """Have the person act for the organisation that a legal-person service names, where they work for it.

    Like every choice it only names the organisation; whether the person works there is asked again at each request.
    """
    code = compact(str(sociallogin.claims.get(settings.IDENTITY_CLAIMS["credit_code"]) or ""))
    if not code:
        return
    own = organisations_of(sociallogin.user, on=clock.today()).filter(credit_code=code).first()
    if own is not None:
        request.session[ACTING_FOR] = own.code


def _same(ours: str, theirs: str) -> bool:
    return unicodedata.normalize("NFKC", ours).casefold() == unicodedata.normalize("NFKC", theirs).casefold()
