"""Taking a file in: measured, hashed, examined, stored, and only then a row; or refused with the reason."""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from portal.accounts.actors import SYSTEM, Actor
from portal.accounts.models import Organisation, Person
from portal.documents import purposes, quota, storage
from portal.documents.enums import Kind
from portal.documents.examining import Finding, examine
from portal.documents.models import StoredFile
from portal.documents.naming import clean_name
from portal.documents.purposes import Purpose
from portal.documents.quota import Owner
from portal.ledger.record import record
from portal.shared.errors import Reason, Refusal
from portal.workflow import carry_out

NO_SCANNER = "not scanned: no scanner configured"
OWN_HAND = "written by the portal"


@dataclass(frozen=True)
class Receipt:
    """Exactly what came in: bytes and SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class _Taken:
    """A file that passed the examination, still in the room where it was examined."""

    name: str
    receipt: Receipt
    finding: Finding
    came: Path
    served: Receipt
    shown: Path


@dataclass(frozen=True)
class _Kept:
    """What the row says of the bytes: as they came, and as they are shown."""

    name: str
    kind: Kind
    came: Receipt
    original_key: str
    shown: Receipt
    storage_key: str
    removed: tuple[str, ...] = ()


def accept(
    content: Iterable[bytes], *, name: str, purpose: str, by: Actor, at: dt.datetime, owner: Owner | None = None
) -> StoredFile:
    """Take in a file from outside and return its row.

    ``owner`` is by default the organisation for which ``by`` acts, or the person acting personally; give it where the
    public hands something in. The row waits for the scanner, unless this installation has none and says that it needs none.
    Raises Refusal: too large, empty, not an accepted kind, harmful, quota exceeded; StorageUnavailable where it cannot be stored.
    """
    wanted = permitted_purpose(purpose, by)
    holder = owner or owner_of(by)
    with tempfile.TemporaryDirectory(prefix="examine-") as room:
        came, shown = Path(room, "came"), Path(room, "shown")
        receipt = _lay_down(content, came, wanted)
        finding = examine(came, shown, wanted)
        served = _measured(shown) if finding.changed else receipt
        taken = _Taken(clean_name(name), receipt, finding, came, served, shown if served != receipt else came)
        with transaction.atomic():
            quota.refuse_beyond(holder, receipt.size)
            return _store(taken, wanted, holder, by, at)


def keep(
    content: bytes, *, name: str, purpose: str, kind: Kind, owner: Owner, at: dt.datetime, by: Actor = SYSTEM
) -> StoredFile:
    """Store a document that the portal itself wrote and return its row, open for reading at once; raises StorageUnavailable."""
    wanted = purposes.purpose_of(purpose)
    if wanted is None or kind not in wanted.kinds:
        raise LookupError(f"No purpose {purpose!r} takes {kind}.")
    receipt = Receipt(len(content), hashlib.sha256(content).hexdigest())
    with transaction.atomic(), _put([ContentFile(content)], at) as (key,):
        kept = _Kept(clean_name(name), kind, receipt, key, receipt, key)
        file = _row(kept, purpose=wanted, owner=owner, by=by, at=at)
        return carry_out(file, "pass_scan", by=SYSTEM, at=at, scanner=OWN_HAND)


def permitted_purpose(name: str, by: Actor) -> Purpose:
    """Return the purpose for which ``by`` may hand in files; raises Refusal for any other and for an unknown one."""
    wanted = purposes.purpose_of(name)
    if wanted is None or not wanted.may_upload.test(by):
        raise Refusal([Reason(_("您当前的身份不能上传此类文件。"), code="purpose_not_permitted", field="file")])
    return wanted


def owner_of(by: Actor) -> Owner:
    """Return who owns what ``by`` hands in: the organisation acted for, or the person; raises LookupError for the public."""
    owner = by.organisation or by.person
    if owner is None:
        raise LookupError("Files of the public and of the system need an owner named by the caller.")
    return owner


def too_large(purpose: Purpose) -> Refusal:
    """Return the refusal of a file beyond the limit of ``purpose``."""
    text = _("文件超过 %(limit)s 的上限。请压缩、拆分或降低扫描分辨率后上传。") % {
        "limit": filesizeformat(purpose.max_bytes)
    }
    return Refusal([Reason(text, code="too_large", field="file")])


def empty() -> Refusal:
    """Return the refusal of a file without a single byte."""
    return Refusal([Reason(_("文件是空的，请重新选择。"), code="empty", field="file")])


def _lay_down(content: Iterable[bytes], place: Path, purpose: Purpose) -> Receipt:
    """Write what comes to ``place``, counting and hashing; stops as soon as it is too much."""
    size, digest = 0, hashlib.sha256()
    with storage.faults_told(), place.open("wb") as file:
        for chunk in content:
            size += len(chunk)
            if size > purpose.max_bytes:
                raise too_large(purpose)
            digest.update(chunk)
            file.write(chunk)
    if not size:
        raise empty()
    return Receipt(size, digest.hexdigest())


def _store(taken: _Taken, purpose: Purpose, owner: Owner, by: Actor, at: dt.datetime) -> StoredFile:
    found = taken.finding
    with taken.came.open("rb") as came, taken.shown.open("rb") as shown:
        contents = [File(came)] if taken.shown == taken.came else [File(came), File(shown)]
        with _put(contents, at) as keys:
            kept = _Kept(taken.name, found.kind, taken.receipt, keys[0], taken.served, keys[-1], found.removed)
            file = _row(kept, purpose=purpose, owner=owner, by=by, at=at)
            return file if _scanner_decides() else carry_out(file, "pass_scan", by=SYSTEM, at=at, scanner=NO_SCANNER)


@contextmanager
def _put(contents: "list[File[bytes]]", at: dt.datetime) -> Iterator[list[str]]:
    """Write every content under a key of its own; what the caller does not use after all is taken back.

    Must stand inside the transaction, not around it: a commit whose reply is lost may have happened all the same.
    """
    keys: list[str] = []
    try:
        for content in contents:
            keys.append(storage.put(content, storage.FILES, at))  # noqa: PERF401 - what was written before a fault counts
        yield keys
    except BaseException:
        storage.drop_all(keys)
        raise


def _row(kept: _Kept, *, purpose: Purpose, owner: Owner, by: Actor, at: dt.datetime) -> StoredFile:
    file = StoredFile.objects.create(
        owner_person=owner if isinstance(owner, Person) else None,
        owner_organisation=owner if isinstance(owner, Organisation) else None,
        uploaded_by=by.person,
        purpose=purpose.name,
        original_name=kept.name,
        kind=kept.kind,
        received_at=at,
        received_size=kept.came.size,
        received_sha256=kept.came.sha256,
        original_key=kept.original_key,
        size=kept.shown.size,
        sha256=kept.shown.sha256,
        storage_key=kept.storage_key,
        removed=list(kept.removed),
        next_scan_at=at,
    )
    facts = {"purpose": purpose.name, "kind": kept.kind, "size": kept.came.size, "sha256": kept.came.sha256}
    record(file, "receive", by=by, at=at, after=file.state, facts=facts)
    return file


def _measured(path: Path) -> Receipt:
    with path.open("rb") as file:
        return Receipt(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _scanner_decides() -> bool:
    return bool(settings.CLAMD_URL) or not settings.DOCUMENTS_WITHOUT_SCANNER
