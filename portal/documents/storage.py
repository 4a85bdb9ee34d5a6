"""Where the bytes lie: a private storage that no web server reads, under random names sorted by day.

A key is used once and never again. The day in it lets the sweep for orphans look at a few folders instead of all.
"""

import datetime as dt
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext_lazy as _

from portal.shared.errors import Reason, Refusal

ALIAS = "documents"
FILES = "files"
PARTS = "parts"
FAULTS = (OSError, BotoCoreError, ClientError)


class StorageUnavailable(Refusal):
    """The bytes could not be written or read: disk full, read-only, or the service does not answer."""

    def __init__(self) -> None:
        text = _("文件存储暂时不可用，您的文件没有保存。请稍后再试；已填写的其他内容不受影响。")
        super().__init__([Reason(text, code="storage_unavailable")])


class PrivateFiles(FileSystemStorage):
    """Files on a disk of our own, readable by the portal alone, on the platter before their row is committed."""

    def __init__(self, location: str) -> None:
        super().__init__(
            location=location, base_url=None, file_permissions_mode=0o600, directory_permissions_mode=0o700
        )

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Write beside the name, flush to the disk, then rename: a name never stands for half a file."""
        target = Path(self.path(name))
        _make_private(target.parent, Path(self.location))
        beside = target.with_name(target.name + ".part")
        try:
            beside.touch(mode=0o600, exist_ok=False)
            with beside.open("wb") as half:
                half.writelines(content.chunks())
                half.flush()
                os.fsync(half.fileno())
            beside.rename(target)
        except OSError:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        _flush_folder(target.parent)
        return name


def store() -> Storage:
    """Return the storage of documents."""
    return storages[ALIAS]


def new_key(folder: str, at: dt.datetime) -> str:
    """Return a fresh key in ``folder`` (FILES or PARTS) under the day of ``at`` in UTC: 128 random bits."""
    return f"{folder}/{at.astimezone(dt.UTC):%Y/%m/%d}/{secrets.token_hex(16)}"


def put(content: "File[bytes]", folder: str, at: dt.datetime) -> str:
    """Write ``content`` under a new key and return the key; raises StorageUnavailable.

    Write first, then the row that names it: a row without its file cannot come about, and a file without a row is
    removed by the sweep.
    """
    key = new_key(folder, at)
    with faults_told():
        return store().save(key, content)


def drop(key: str) -> None:
    """Remove the bytes under ``key``; what cannot be removed now is left to the sweep."""
    with suppress(*FAULTS):
        store().delete(key)


def drop_all(keys: Iterable[str]) -> None:
    """Remove the bytes under every key, as ``drop`` does."""
    for key in keys:
        drop(key)


@contextmanager
def faults_told() -> Iterator[None]:
    """Turn faults of disks and services into a refusal that people can read."""
    try:
        yield
    except FAULTS as fault:
        raise StorageUnavailable from fault


def days_kept(folder: str) -> Iterator[tuple[dt.date, str]]:
    """Yield every day for which ``folder`` holds files, with its path."""
    for year in _folders(folder):
        for month in _folders(f"{folder}/{year}"):
            for day in _folders(f"{folder}/{year}/{month}"):
                yield dt.date(int(year), int(month), int(day)), f"{folder}/{year}/{month}/{day}"


def keys_in(path: str) -> list[str]:
    """Return the keys directly under ``path``."""
    return [f"{path}/{name}" for name in store().listdir(path)[1]]


def is_private(storage: Any, public: list[Path]) -> bool:
    """Return whether ``storage`` lies outside every folder that web servers hand out."""
    if not isinstance(storage, FileSystemStorage):
        return True
    place = Path(storage.location).resolve()
    return not any(place == folder or folder in place.parents for folder in public)


def _folders(path: str) -> list[str]:
    try:
        return sorted(name for name in store().listdir(path)[0] if name.isdigit())
    except FileNotFoundError:
        return []


def _make_private(folder: Path, root: Path) -> None:
    """Make ``folder`` and every folder between it and ``root``, open to the portal alone."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    between = folder.relative_to(root).parts
    for depth in range(len(between)):
        root.joinpath(*between[: depth + 1]).mkdir(mode=0o700, exist_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
