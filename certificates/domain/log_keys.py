"""The log's own keys: the one that signs, and every one by which anybody checks what was ever signed."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from certificates.domain import checkpoints
from portal.sealing.keys import keyring

GROUP = 8


@dataclass(frozen=True)
class PublishedKey:
    """A public key of the log as 32 bytes, and as everybody gets it."""

    public: bytes

    @property
    def line(self) -> str:
        """The log's name and this key as verifiers of signed notes take it."""
        return checkpoints.verifier_key(settings.CERTIFICATE_LOG_ORIGIN, self.public)

    @property
    def fingerprint(self) -> str:
        """The key's SHA-256 in groups that can be read to each other over the telephone."""
        told = hashlib.sha256(self.public).hexdigest()
        return " ".join(told[start : start + GROUP] for start in range(0, len(told), GROUP))


def private_key() -> Ed25519PrivateKey:
    """Return the key that signs; raises KeysUnfitError where this process has none."""
    return keyring().log.private


def published_keys() -> list[PublishedKey]:
    """Return the public keys, the one in use first; raises KeysUnfitError where none are named."""
    keys = keyring().log
    in_turn = sorted(keys.public, key=lambda name: name != keys.in_use)
    return [PublishedKey(keys.public[name].public_bytes_raw()) for name in in_turn]
