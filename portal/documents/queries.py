"""Lists of files."""

from django.db.models import QuerySet

from portal.accounts.actors import Actor
from portal.documents.enums import State
from portal.documents.models import StoredFile

USABLE = frozenset({State.RECEIVED, State.CLEAN})


def own_files(by: Actor, purpose: str) -> QuerySet[StoredFile]:
    """Return the files of ``purpose`` that ``by`` owns in the present capacity, newest first."""
    return StoredFile.objects.owned_by(by).filter(purpose=purpose).order_by("-received_at", "-pk")


def usable(code: str, by: Actor, purpose: str) -> StoredFile | None:
    """Return the file of ``purpose`` that ``by`` owns and may still use in a form, or None."""
    return StoredFile.objects.owned_by(by).filter(code=code, purpose=purpose, state__in=USABLE).first()
