"""Taking files away: an owner's own, where its purpose allows and nothing refers to it."""

import datetime as dt
from functools import partial

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.documents import purposes, storage
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal


def remove(file: StoredFile, *, by: Actor, at: dt.datetime) -> None:
    """Delete the row now and the bytes after the commit; the ledger keeps the receipt.

    Raises Refusal where the purpose does not let owners remove, or where something still refers to the file.
    """
    purpose = purposes.purpose_of(file.purpose)
    if purpose is None or not purpose.owner_may_remove or not is_own(by, file):
        raise Refusal([Reason(_("该文件已用于办理业务，不能删除。"), code="not_removable")])
    discard(file, by=by, at=at)


def discard(file: StoredFile, *, by: Actor, at: dt.datetime) -> None:
    """Delete a file on behalf of the room that owns its purpose; raises Refusal where something refers to it."""
    keys = file.keys
    with transaction.atomic():
        record(file, "remove", by=by, at=at, before=file.state, facts={"sha256": file.received_sha256})
        try:
            with transaction.atomic():
                file.delete()
        except models.ProtectedError as used:
            raise Refusal([Reason(_("该文件正被使用，不能删除。"), code="in_use")]) from used
        transaction.on_commit(partial(storage.drop_all, keys), robust=True)
