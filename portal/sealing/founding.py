"""Making keys: a whole ring where there is none, or one new key beside the old ones.

``python -m portal.sealing.founding FOLDER [ORGANISATION]`` makes a ring without a start of the portal and leaves one that
is there; without an organisation its certificates say that they are for demonstrations. For a real installation use
``manage.py make_sealing_keys``.
"""

import datetime as dt
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from tongsuopy.crypto import serialization as tongsuo
from tongsuopy.crypto.asymciphers import ec as tongsuo_ec

from portal.sealing.keys import IN_USE, Purpose, key_id
from portal.sealing.names import DEMONSTRATION, ROOT_CERTIFICATE, SEALING_CERTIFICATE

CertifiedKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
RSA_BITS = 3072


@dataclass(frozen=True)
class Founder:
    """For whom keys are certified and how long; the demonstration's clock can be moved to any day of this century."""

    organisation: str = DEMONSTRATION
    valid_from: dt.datetime = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    valid_until: dt.datetime = dt.datetime(2099, 12, 31, tzinfo=dt.UTC)
    rsa: bool = False


@dataclass(frozen=True)
class Made:
    """A new key as files; ``public`` is the certificate's chain for PDF files."""

    id: str
    private: bytes
    public: bytes


def found(place: Path, founder: Founder) -> bool:
    """Make a whole ring in the folder ``place`` and return True; False where one is, which is left as it stands.

    Of several that start at once one wins: the ring is made beside its place and moved there whole.
    """
    if place.exists():
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        for purpose in Purpose:
            add(unfinished, purpose, founder)
        unfinished.rename(place)
    except OSError:
        shutil.rmtree(unfinished)
        if place.exists():
            return False
        raise
    return True


def add(place: Path, purpose: Purpose, founder: Founder) -> str:
    """Make a new key for ``purpose``, put it in use and return its id; the public keys before it stay and verify."""
    made = _made(purpose, founder)
    folder = place / purpose
    folder.mkdir(mode=0o700, exist_ok=True)
    _write(folder / f"{made.id}.key", made.private, 0o600)
    _write(folder / f"{made.id}.pem", made.public, 0o644)
    turned = folder / f"{IN_USE}.new"
    _write(turned, f"{made.id}\n".encode(), 0o644)
    turned.replace(folder / IN_USE)
    return made.id


def _made(purpose: Purpose, founder: Founder) -> Made:
    if purpose is Purpose.PDF:
        return _certified(founder)
    return _sm2() if purpose is Purpose.RECORDS else _ed25519()


def _certified(founder: Founder) -> Made:
    """Make a key and a chain of two certificates that this very command issues; a public authority's may replace them."""
    key, root_key = (_new_key(founder) for _ in range(2))
    root_name, name = (_name(founder.organisation, of) for of in (ROOT_CERTIFICATE, SEALING_CERTIFICATE))
    root = (
        _builder(founder, root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _builder(founder, name, root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    chain = b"".join(each.public_bytes(Encoding.PEM) for each in (certificate, root))
    return Made(_id_of(key), _pem(key), chain)


def _new_key(founder: Founder) -> CertifiedKey:
    if founder.rsa:
        return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def _name(organisation: str, of: str) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, of)]
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts])


def _builder(founder: Founder, subject: x509.Name, issuer: x509.Name, key: CertifiedKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(founder.valid_from)
        .not_valid_after(founder.valid_until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _ed25519() -> Made:
    key = Ed25519PrivateKey.generate()
    return Made(_id_of(key), _pem(key), key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _sm2() -> Made:
    key = tongsuo_ec.generate_private_key(tongsuo_ec.SM2())
    private = key.private_bytes(tongsuo.Encoding.PEM, tongsuo.PrivateFormat.PKCS8, tongsuo.NoEncryption())
    form = tongsuo.PublicFormat.SubjectPublicKeyInfo
    der, pem = (
        key.public_key().public_bytes(encoding, form) for encoding in (tongsuo.Encoding.DER, tongsuo.Encoding.PEM)
    )
    return Made(key_id(der), private, pem)


def _id_of(key: CertifiedKey | Ed25519PrivateKey) -> str:
    return key_id(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _pem(key: CertifiedKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a file that is never there with other rights or half; raises FileExistsError rather than overwrite."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as written:
        written.write(content)
        written.flush()
        os.fsync(descriptor)


def main(arguments: list[str]) -> int:
    place, organisation = (*arguments, DEMONSTRATION)[:2]
    found(Path(place), Founder(organisation))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
