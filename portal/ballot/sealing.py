"""A short secret on its way from one browser to another, through a portal that must not read it.

X25519 between a key made for this one message and the recipient's box key; the hash of both keys, the shared secret and the
context gives key and nonce of AES-256-GCM. Key and nonce serve one message only, as the sender's key does.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings as sodium
from nacl.exceptions import RuntimeError as SodiumError

from portal.ballot.errors import BallotRefused, Fault
from portal.ballot.group import SIZE, digest

SEALED_SIZE: Final = 2 * SIZE + 16
_PURPOSE = "sealed share"


def box_key_of(secret: bytes) -> bytes:
    """Return the public box key of a secret of 32 random bytes."""
    return sodium.crypto_scalarmult_base(secret)


def seal(message: bytes, box_key: bytes, context: bytes, *, secret: bytes) -> bytes:
    """Encrypt 32 bytes for the holder of ``box_key``: 80 bytes. ``secret``: 32 random bytes, never used again."""
    sender = box_key_of(secret)
    key, nonce = _key(secret, box_key, sender, box_key, context)
    return sender + AESGCM(key).encrypt(nonce, message, context)


def unseal(sealed: bytes, secret: bytes, context: bytes) -> bytes:
    """Decrypt what was sealed for the box key of ``secret`` in the same context.

    Raises BallotRefused: wrong size, altered, or meant for another recipient or context.
    """
    if len(sealed) != SEALED_SIZE:
        raise BallotRefused(Fault.LENGTH, f"a sealed share has {SEALED_SIZE} bytes, not {len(sealed)}")
    sender = sealed[:SIZE]
    key, nonce = _key(secret, sender, sender, box_key_of(secret), context)
    try:
        return AESGCM(key).decrypt(nonce, sealed[SIZE:], context)
    except InvalidTag as error:
        raise BallotRefused(Fault.SHARE, "the sealed share was altered or is meant for another") from error


def _key(secret: bytes, other: bytes, sender: bytes, recipient: bytes, context: bytes) -> tuple[bytes, bytes]:
    try:
        shared = sodium.crypto_scalarmult(secret, other)
    except SodiumError as error:
        raise BallotRefused(Fault.POINT, "a box key of small order") from error
    material = digest(_PURPOSE, context, sender, recipient, shared)
    return material[:32], material[32:44]
