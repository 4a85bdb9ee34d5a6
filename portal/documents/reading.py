"""Showing a file: only a clean one, only to who may read it, and never without a trace."""

import datetime as dt

from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.accounts.actors import Actor
from portal.documents import purposes, storage
from portal.documents.enums import EXTENSIONS, Kind, State
from portal.documents.models import StoredFile
from portal.documents.rules import is_own
from portal.ledger.record import record_reading
from portal.shared.errors import Reason, Refusal

BYTES = "file"


def readable(code: str, by: Actor) -> StoredFile | None:
    """Return the file where its purpose lets ``by`` read it, otherwise None: unknown and foreign look alike."""
    file = StoredFile.objects.filter(code=code).first()
    if file is None:
        return None
    purpose = purposes.purpose_of(file.purpose)
    return file if purpose is not None and purpose.is_readable(by, file) else None


def open_for(file: StoredFile, *, by: Actor, at: dt.datetime) -> "File[bytes]":
    """Return the open copy that is shown, having entered the reading in the ledger unless the file is the reader's own.

    ``file`` comes from ``readable``. Raises Refusal while the search for viruses has not ended well,
    StorageUnavailable where the bytes cannot be read.
    """
    if not file.is_viewable:
        raise Refusal([Reason(_not_viewable(file), code=f"file_{file.state}")])
    with storage.faults_told():
        content: File[bytes] = storage.store().open(file.storage_key)
    if not is_own(by, file):
        record_reading(file, BYTES, by=by, at=at)
    return content


def name_for(file: StoredFile, by: Actor) -> str:
    """Return the name under which ``by`` saves the file: its own for the owner, for others one that tells nothing.

    People write names and employers into file names, and some readers must not learn them.
    """
    return file.original_name if is_own(by, file) else file.code + EXTENSIONS[Kind(file.kind)]


def original_of(file: StoredFile) -> bytes:
    """Return the bytes exactly as they came in, for checking a signature in them; never show them to people.

    Raises Refusal for a file that is not clean, StorageUnavailable where the bytes cannot be read.
    """
    if not file.is_viewable:
        raise Refusal([Reason(_not_viewable(file), code=f"file_{file.state}")])
    with storage.faults_told(), storage.store().open(file.original_key) as content:
        data: bytes = content.read()
        return data


def _not_viewable(file: StoredFile) -> str:
    if file.state == State.INFECTED:
        return _("该文件未通过安全检查（发现病毒），不能查看。请更换文件后重新上传。")
    if file.state == State.UNSCANNABLE:
        return _("该文件无法完成安全检查，不能查看。请转换格式或拆分后重新上传。")
    return _("该文件正在进行安全检查，通过后即可查看。")
