"""Encrypting what identifies people: columns that a stolen database or backup does not show.

A stored value reads ``<key id>.<base64url of nonce, ciphertext and tag>``. AES-256-GCM binds it to its column, so a
value copied into another column does not open. Keys are rotated by putting a new one first in ``FIELD_KEYS``:
the first writes, all read, and ``manage.py reencrypt`` writes everything anew under the first.

Encrypted columns cannot be searched. What must be found again has a blind index beside it: an HMAC under a key of
its own, which tells equal from unequal and nothing else to whoever has no key.
"""

import base64
import binascii
import hashlib
import hmac
import os
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

KEY_BYTES = 32
NONCE_BYTES = 12


class CannotDecrypt(Exception):  # noqa: N818
    """A stored value does not open: its key is missing, or it was changed or moved; tells the column, never the value."""


def encrypt(text: str, context: str) -> str:
    """Return ``text`` under the first key, bound to ``context`` (the column's ``app.model.field``)."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), context.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """Return the text of a stored value; raises CannotDecrypt."""
    key_id, _, body = stored.partition(".")
    key = _keys().get(key_id)
    if key is None:
        raise CannotDecrypt(f"{context}: the key {key_id[:12]!r} is not in FIELD_KEYS.")
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotDecrypt(f"{context}: the stored value was changed or moved.") from error


def key_id_of(stored: str) -> str:
    """Return under which key a value is stored."""
    return stored.partition(".")[0]


def writing_key_id() -> str:
    """Return the key under which values are written now."""
    return next(iter(_keys()))


def blind_index(value: str, purpose: str) -> str:
    """Return 64 hexadecimal signs by which equal values of one ``purpose`` are found, however they were typed.

    Width, case, spaces and hyphens do not count. The same value has unrelated indexes for different purposes.
    """
    return hmac.new(_index_key(), f"{purpose}\0{_plain(value)}".encode(), hashlib.sha256).hexdigest()


def _plain(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).upper()
    return "".join(sign for sign in folded if sign != "-" and not sign.isspace())


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """A text that is encrypted in the database and plain in Python; None and the empty text stay as they are.

    It can be asked only whether it is null: put a ``blind_index`` column beside it to look values up.
    Renaming the model or the field changes the context and needs a migration that decrypts with the old one.
    """

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        super().contribute_to_class(cls, name, private_only)
        self.context = f"{cls._meta.app_label}.{cls._meta.model_name}.{name}"

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        plain = super().get_db_prep_save(value, connection)
        return encrypt(plain, self.context) if isinstance(plain, str) and plain else plain

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return decrypt(value, self.context) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def _keys() -> dict[str, bytes]:
    """Return the keys by id, the writing one first; each is configured as ``id:base64``."""
    keys = {}
    for configured in settings.FIELD_KEYS:
        key_id, _, encoded = configured.partition(":")
        keys[key_id] = _key_bytes(encoded, f"FIELD_KEYS ({key_id})")
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS holds no key.")
    return keys


def _index_key() -> bytes:
    return _key_bytes(settings.FIELD_INDEX_KEY, "FIELD_INDEX_KEY")


def _key_bytes(encoded: str, name: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must hold {KEY_BYTES} bytes.")
    return key
