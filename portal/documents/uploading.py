"""Files that arrive in pieces: what has come is never sent again, whatever breaks in between.

The bytes of a piece are stored before the row counts them, and the row counts them only where nobody else did: a
kill between the two costs a piece, never the truth of ``offset``. Nothing is locked while bytes travel.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.documents import intake, quota, storage
from portal.documents.models import Upload, UploadPart
from portal.documents.naming import clean_name
from portal.documents.quota import Owner
from portal.shared.errors import Reason, Refusal

KEEPS_FOR = dt.timedelta(days=3)
IN_MEMORY = 1024 * 1024
READ = 256 * 1024
ALGORITHMS = ("sha1", "sha256")


class OffsetMismatch(Refusal):
    """The piece does not begin where the stored bytes end; ask for the offset and go on from there."""

    def __init__(self) -> None:
        super().__init__([Reason(_("续传位置不符，请从已收到的位置继续。"), code="offset_mismatch")])


class ChecksumMismatch(Refusal):
    """The bytes of the piece changed on the way; nothing of it was stored."""

    def __init__(self) -> None:
        super().__init__([Reason(_("数据在传输中损坏，请重新发送。"), code="checksum_mismatch")])


class UploadEnded(Refusal):
    """The upload takes no more bytes: it has expired, or it has become a file or a refusal."""

    def __init__(self) -> None:
        super().__init__([Reason(_("该上传已结束或已过期，请重新上传。"), code="upload_ended")])


class TooManyBytes(Refusal):
    """More bytes came than were announced."""

    def __init__(self) -> None:
        super().__init__([Reason(_("收到的数据超过了声明的长度，请重新上传。"), code="too_many_bytes")])


@dataclass(frozen=True)
class Checksum:
    """What the sender says of one piece: ``algorithm`` is one of ALGORITHMS."""

    algorithm: str
    digest: bytes


def begin(*, name: str, length: int, purpose: str, by: Actor, at: dt.datetime) -> Upload:
    """Announce a file of ``length`` bytes and return its upload.

    Raises Refusal at once where the finished file could not be taken: purpose, size, quota, too many uploads.
    """
    wanted = intake.permitted_purpose(purpose, by)
    if by.person is None:
        raise LookupError("Only known people upload in pieces.")
    if length <= 0:
        raise intake.empty()
    if length > wanted.max_bytes:
        raise intake.too_large(wanted)
    with transaction.atomic():
        quota.refuse_beyond(intake.owner_of(by), length)
        quota.refuse_too_many_uploads(by.person)
        return Upload.objects.create(
            person=by.person,
            organisation=by.organisation,
            purpose=purpose,
            original_name=clean_name(name),
            length=length,
            expires_at=at + KEEPS_FOR,
        )


def receive(
    upload: Upload, content: Iterable[bytes], *, offset: int, at: dt.datetime, checksum: Checksum | None = None
) -> Upload:
    """Store a piece that begins at ``offset`` and return the upload as it then stands.

    A piece that breaks off counts as far as it came, unless a ``checksum`` was to prove it whole. Of two pieces for
    the same offset one is stored. Raises OffsetMismatch, ChecksumMismatch, TooManyBytes, UploadEnded or StorageUnavailable.
    """
    _refuse_unless_open(upload, offset, at)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as piece:
        with storage.faults_told():
            size = _lay_down(content, piece, upload.length - offset, checksum)
        if not size:
            return upload
        piece.seek(0)
        key = storage.put(File(piece), storage.PARTS, at)
    try:
        with transaction.atomic():
            row = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
            _refuse_unless_open(row, offset, at)
            UploadPart.objects.create(upload=row, offset=offset, size=size, key=key)
            row.offset, row.expires_at = offset + size, at + KEEPS_FOR
            row.save(update_fields=["offset", "expires_at", "updated_at"])
    except (Refusal, Upload.DoesNotExist):
        storage.drop(key)
        raise
    return row


def finish(upload: Upload, *, by: Actor, at: dt.datetime, owner: Owner | None = None) -> Upload:
    """Turn a complete upload into a file or a refusal and return it; doing it again changes nothing.

    Raises StorageUnavailable, after which it can be tried again.
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
        if row.has_ended or not row.is_complete:
            return row
        try:
            row.file = intake.accept(
                _bytes_of(row), name=row.original_name, purpose=row.purpose, by=by, at=at, owner=owner or _owner_of(row)
            )
        except storage.StorageUnavailable:
            raise
        except Refusal as refusal:
            row.refusal = [reason.as_dict() for reason in refusal.reasons]
        row.save(update_fields=["file", "refusal", "updated_at"])
        _forget_parts(row)
    return row


def abandon(upload: Upload) -> None:
    """Delete an upload with all that came of it; a file that it became stays."""
    with transaction.atomic():
        _forget_parts(upload)
        Upload.objects.filter(pk=upload.pk).delete()


def _refuse_unless_open(upload: Upload, offset: int, at: dt.datetime) -> None:
    if upload.has_ended or upload.has_expired(at):
        raise UploadEnded
    if upload.offset != offset:
        raise OffsetMismatch


def _lay_down(content: Iterable[bytes], piece: IO[bytes], room: int, checksum: Checksum | None) -> int:
    digest = hashlib.new(checksum.algorithm) if checksum else None
    size = 0
    for chunk in content:
        size += len(chunk)
        if size > room:
            raise TooManyBytes
        piece.write(chunk)
        if digest:
            digest.update(chunk)
    if checksum and digest and digest.digest() != checksum.digest:
        raise ChecksumMismatch
    return size


def _bytes_of(upload: Upload) -> Iterator[bytes]:
    """Yield the bytes of every piece in their order."""
    with storage.faults_told():
        for part in upload.parts.order_by("offset"):
            with storage.store().open(part.key) as piece:
                while chunk := piece.read(READ):
                    yield chunk


def _owner_of(upload: Upload) -> Owner:
    return upload.organisation or upload.person


def _forget_parts(upload: Upload) -> None:
    keys = list(upload.parts.values_list("key", flat=True))
    upload.parts.all().delete()
    transaction.on_commit(partial(storage.drop_all, keys), robust=True)
