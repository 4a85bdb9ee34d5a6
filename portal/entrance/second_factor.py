"""Does this session owe a second factor? Asked of people whose clicks bind others (``NEEDS_SECOND_FACTOR``)."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from portal.accounts.actors import Actor
from portal.accounts.models import Membership, Person
from portal.accounts.roles import NEEDS_SECOND_FACTOR
from portal.shared import clock
from portal.shared.encryption import decrypt, encrypt, key_id_of, writing_key_id

CONTEXT = "mfa.authenticator.data"
SECRETS = ("secret", "seed")
OWED = "second_factor_owed"


def note_need(request: HttpRequest, person: Person) -> None:
    """Remember at log-in that ``person`` holds a role that needs a second factor, whoever they act for first."""
    held = Membership.objects.in_force(clock.today()).filter(person=person, role__in=NEEDS_SECOND_FACTOR)
    if held.exists():
        request.session[OWED] = True


def is_owed(request: HttpRequest, actor: Actor) -> bool:
    """Return whether this session must prove a second factor before anything else opens.

    Roles given during the session count as soon as the person acts in them.
    """
    if not settings.REQUIRE_SECOND_FACTOR or actor.person is None:
        return False
    if not (request.session.get(OWED) or actor.roles & NEEDS_SECOND_FACTOR):
        return False
    return not _is_proved(request, actor.person)


def is_enrolled(person: Person) -> bool:
    """Return whether ``person`` has an authenticator already."""
    return bool(is_mfa_enabled(person, [Authenticator.Type.TOTP]))


@transaction.atomic
def reencrypt_secrets() -> int:
    """Write the secrets of all second factors anew under the first key, and return how many changed their key."""
    rewritten = 0
    for authenticator in Authenticator.objects.select_for_update().order_by("pk"):
        kept = authenticator.data
        old = [name for name in SECRETS if name in kept and key_id_of(kept[name]) != writing_key_id()]
        for name in old:
            kept[name] = encrypt(decrypt(kept[name], CONTEXT), CONTEXT)
        if old:
            authenticator.save(update_fields=["data"])
            rewritten += len(old)
    return rewritten


def _is_proved(request: HttpRequest, person: Person) -> bool:
    return any(each.get("method") == "mfa" for each in get_authentication_records(request, person))
