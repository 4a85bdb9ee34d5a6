"""The keys with which this portal seals: four families, each with one key in use and every public key that it ever used.

A ring is a folder with one folder per purpose. In it stand ``<id>.pem`` for each public key (for ``pdf`` the certificate
with its chain), ``<id>.key`` for the private key of the one in use, and ``in-use``, which names that one. An id is the
beginning of the public key's SHA-256. docs/sealing-keys.md tells how keys are made, changed and lost.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from tongsuopy.crypto import serialization as tongsuo
from tongsuopy.crypto.asymciphers.ec import EllipticCurvePrivateKey as SM2PrivateKey
from tongsuopy.crypto.asymciphers.ec import EllipticCurvePublicKey as SM2PublicKey
from tongsuopy.crypto.exceptions import UnsupportedAlgorithm as UnsupportedByTongsuo

from portal.sealing.names import DEMONSTRATION

ID_BYTES = 4
UNREADABLE = (OSError, ValueError, TypeError, UnsupportedAlgorithm, UnsupportedByTongsuo)
IN_USE = "in-use"


class Purpose(StrEnum):
    """What a key signs; the name of its folder."""

    PDF = "pdf"
    RECORDS = "records"
    TOKENS = "tokens"
    LOG = "log"


class KeysUnfitError(Exception):
    """The ring lacks a key or holds one that does not belong there; the text names the file, never its content."""


Private = TypeVar("Private")
Public = TypeVar("Public")


@dataclass(frozen=True)
class Family(Generic[Private, Public]):
    """The keys of one purpose; ``public`` by id holds the one ``in_use`` and those that no longer sign."""

    in_use: str
    public: Mapping[str, Public]
    private_file: Path
    load: Callable[[bytes], Private]
    public_of: Callable[[Private], bytes]

    @cached_property
    def private(self) -> Private:
        """The private key in use; raises KeysUnfitError where it does not lie here or is not its public key's."""
        try:
            key = self.load(self.private_file.read_bytes())
        except UNREADABLE as failure:
            raise KeysUnfitError(f"{self.private_file} holds no private key that can be read.") from failure
        if key_id(self.public_of(key)) != self.in_use:
            raise KeysUnfitError(f"{self.private_file} is not the private key of {self.in_use}.")
        return key


Chain = tuple[Certificate, ...]
"""A certificate with those that vouch for it, its own first."""
PdfKeys = Family[EllipticCurvePrivateKey | RSAPrivateKey, Chain]
RecordKeys = Family[SM2PrivateKey, SM2PublicKey]
Ed25519Keys = Family[Ed25519PrivateKey, Ed25519PublicKey]


class Keyring(Protocol):
    """Where the keys come from."""

    @property
    def pdf(self) -> PdfKeys: ...
    @property
    def records(self) -> RecordKeys: ...
    @property
    def tokens(self) -> Ed25519Keys: ...
    @property
    def log(self) -> Ed25519Keys: ...


@dataclass(frozen=True)
class FileKeyring:
    """A ring of files in the folder ``place``, each family read when it is first asked for and then kept."""

    place: Path

    @cached_property
    def pdf(self) -> PdfKeys:
        chains = self._public(Purpose.PDF, lambda pem: tuple(load_pem_x509_certificates(pem)), _of_chain)
        return self._family(Purpose.PDF, chains, _certified_key, _of_key)

    @cached_property
    def records(self) -> RecordKeys:
        found = self._public(Purpose.RECORDS, tongsuo.load_pem_public_key, _of_sm2)
        return self._family(Purpose.RECORDS, found, _sm2_key, lambda key: _of_sm2(key.public_key()))

    @cached_property
    def tokens(self) -> Ed25519Keys:
        return self._ed25519(Purpose.TOKENS)

    @cached_property
    def log(self) -> Ed25519Keys:
        return self._ed25519(Purpose.LOG)

    def _ed25519(self, purpose: Purpose) -> Ed25519Keys:
        found = self._public(purpose, lambda pem: cast("Ed25519PublicKey", load_pem_public_key(pem)), _of_public)
        return self._family(purpose, found, _ed25519_key, _of_key)

    def _family(
        self,
        purpose: Purpose,
        public: Mapping[str, Public],
        load: Callable[[bytes], Private],
        public_of: Callable[[Private], bytes],
    ) -> Family[Private, Public]:
        folder = self.place / purpose
        try:
            in_use = (folder / IN_USE).read_text("ascii").strip()
        except (OSError, ValueError) as failure:
            raise KeysUnfitError(f"{folder / IN_USE} does not name the key in use.") from failure
        if in_use not in public:
            raise KeysUnfitError(f"{folder} has no public key {in_use}.")
        return Family(in_use, public, folder / f"{in_use}.key", load, public_of)

    def _public(
        self, purpose: Purpose, load: Callable[[bytes], Public], spelled: Callable[[Public], bytes]
    ) -> dict[str, Public]:
        """Read every public key of a purpose; raises KeysUnfitError for a file that is not named by its key."""
        found = {}
        for file in sorted((self.place / purpose).glob("*.pem")):
            try:
                key = load(file.read_bytes())
                its_id = key_id(spelled(key))
            except UNREADABLE as failure:
                raise KeysUnfitError(f"{file} holds no public key that can be read.") from failure
            if its_id != file.stem:
                raise KeysUnfitError(f"{file} holds the key {its_id}.")
            found[its_id] = key
        return found


def keyring() -> Keyring:
    """Return this installation's keys; raises KeysUnfitError where none are named. A changed folder needs a restart."""
    place: str = settings.SEALING["keys"]
    if not place:
        raise KeysUnfitError("SEALING_KEYS names no folder.")
    return _ring_in(place)


@cache
def _ring_in(place: str) -> FileKeyring:
    return FileKeyring(Path(place))


def key_id(public: bytes) -> str:
    """Return by which name a public key (DER, SubjectPublicKeyInfo) is known: eight hexadecimal digits."""
    return hashlib.sha256(public).digest()[:ID_BYTES].hex()


def is_for_demonstrations(chain: Chain) -> bool:
    """Return whether the certificate says of itself that it proves nothing."""
    return any(DEMONSTRATION in str(attribute.value) for attribute in chain[0].subject)


def _of_public(key: Any) -> bytes:
    return cast("bytes", key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _of_key(key: Any) -> bytes:
    return _of_public(key.public_key())


def _of_chain(chain: Chain) -> bytes:
    if not chain:
        raise ValueError("no certificate")
    return _of_key(chain[0])


def _of_sm2(key: SM2PublicKey) -> bytes:
    return bytes(key.public_bytes(tongsuo.Encoding.DER, tongsuo.PublicFormat.SubjectPublicKeyInfo))


def _certified_key(pem: bytes) -> EllipticCurvePrivateKey | RSAPrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, EllipticCurvePrivateKey | RSAPrivateKey):
        raise TypeError("PDF files are signed with ECDSA or RSA")
    return key


def _ed25519_key(pem: bytes) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 key")
    return key


def _sm2_key(pem: bytes) -> SM2PrivateKey:
    return tongsuo.load_pem_private_key(pem, password=None)
