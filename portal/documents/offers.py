"""What a form brought for a file field, turned into a kept file."""

import dataclasses
import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.documents import intake, queries
from portal.documents.models import StoredFile
from portal.documents.quota import Owner
from portal.shared.errors import Reason, Refusal


def take(
    offer: "UploadedFile[bytes] | str",
    *,
    purpose: str,
    by: Actor,
    at: dt.datetime,
    field: str = "file",
    owner: Owner | None = None,
) -> StoredFile:
    """Return the kept file for what the form field ``field`` brought: a chosen file, or the code of one handed in.

    A code counts only for a file of the same purpose that ``by`` owns and that is not known to be harmful.
    Raises Refusal with reasons beside ``field``.
    """
    try:
        if isinstance(offer, UploadedFile):
            return intake.accept(offer.chunks(), name=offer.name or "", purpose=purpose, by=by, at=at, owner=owner)
        return _handed_in_before(offer, purpose, by)
    except Refusal as refusal:
        refusal.reasons = [dataclasses.replace(reason, field=field) for reason in refusal.reasons]
        raise


def _handed_in_before(code: str, purpose: str, by: Actor) -> StoredFile:
    file = queries.usable(code, by, purpose)
    if file is None:
        raise Refusal([Reason(_("没有找到已上传的文件，请重新选择文件上传。"), code="offer_unknown")])
    return file
