"""Tidying: complete uploads that nobody finished, uploads that expired, bytes without a row; and proof of what is kept."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from portal.accounts import queries as accounts
from portal.documents import storage, uploading
from portal.documents.models import StoredFile, Upload, UploadPart
from portal.shared import clock

logger = logging.getLogger(__name__)

# Longer than any request may take between writing bytes and committing their row.
ORPHAN_AFTER = dt.timedelta(hours=24)
LOOK_BACK = dt.timedelta(days=8)
AT_ONCE = 500


@dataclass(frozen=True)
class Fault:
    """A file whose bytes are not what its row says."""

    code: str
    key: str
    why: str


def finish_complete(at: dt.datetime, limit: int = 50) -> int:
    """Finish up to ``limit`` uploads whose last reply was lost before they became a file; return how many."""
    done = 0
    for upload in Upload.objects.to_finish().select_related("person", "organisation").order_by("pk")[:limit]:
        try:
            done += _finish(upload, at)
        except storage.StorageUnavailable:
            logger.warning("upload %s could not be finished: its bytes cannot be read now", upload.code)
    return done


def drop_expired(at: dt.datetime, limit: int = 500) -> int:
    """Delete up to ``limit`` uploads whose time is over, ended or not, and return how many; their files stay."""
    uploads = list(Upload.objects.filter(expires_at__lte=at).order_by("expires_at")[:limit])
    for upload in uploads:
        uploading.abandon(upload)
    return len(uploads)


def drop_orphans(at: dt.datetime, *, look_back: dt.timedelta | None = LOOK_BACK) -> int:
    """Remove bytes that no row names and that are old enough that none ever will; return how many.

    Looks at the days of ``look_back``, or at all of them where it is None.
    """
    newest = (at.astimezone(dt.UTC) - ORPHAN_AFTER).date()
    oldest = newest - look_back if look_back is not None else dt.date.min
    dropped = 0
    for folder in (storage.FILES, storage.PARTS):
        for day, path in storage.days_kept(folder):
            if oldest <= day < newest:
                dropped += _drop_orphans_in(path)
    return dropped


def faults() -> Iterator[Fault]:
    """Yield every kept file whose bytes are missing or changed: reads all of them, so run it at night or after a restore."""
    for file in StoredFile.objects.order_by("pk").iterator():
        for key, expected in {file.original_key: file.received_sha256, file.storage_key: file.sha256}.items():
            why = _fault_of(key, expected)
            if why:
                yield Fault(file.code, key, why)


def _finish(upload: Upload, at: dt.datetime) -> int:
    """Finish ``upload`` in the capacity in which it was begun; 0 while another request is at it."""
    with transaction.atomic():
        if not Upload.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=upload.pk).exists():
            return 0
        organisation = upload.organisation.code if upload.organisation else ""
        by = accounts.actor_of(upload.person, organisation, on=clock.day_of(at))
        uploading.finish(upload, by=by, at=at)
    return 1


def _drop_orphans_in(path: str) -> int:
    dropped, found = 0, storage.keys_in(path)
    for start in range(0, len(found), AT_ONCE):
        keys = found[start : start + AT_ONCE]
        for key in set(keys) - _named(keys):
            logger.warning("bytes without a row were removed: %s", key)
            storage.drop(key)
            dropped += 1
    return dropped


def _named(keys: list[str]) -> set[str]:
    """Return those of ``keys`` that a row names."""
    files = StoredFile.objects.filter(Q(storage_key__in=keys) | Q(original_key__in=keys))
    named = {key for pair in files.values_list("storage_key", "original_key") for key in pair}
    return named | set(UploadPart.objects.filter(key__in=keys).values_list("key", flat=True))


def _fault_of(key: str, expected: str) -> str:
    digest = hashlib.sha256()
    try:
        with storage.store().open(key) as content:
            for chunk in content.chunks():
                digest.update(chunk)
    except storage.FAULTS as fault:
        return f"cannot be read: {type(fault).__name__}"
    return "" if digest.hexdigest() == expected else "its SHA-256 differs"
