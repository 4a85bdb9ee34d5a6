"""Who signs PDF files: a key that was read once, or a key that never leaves its PKCS#11 token."""

from importlib import import_module
from typing import Any

from asn1crypto import x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate
from django.conf import settings
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.sealing.keys import PdfKeys

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeySigner(Signer):
    """Signs with a key in memory; pyHanko's own signer reads the key anew for every signature."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, others: list[x509.Certificate]) -> None:
        algorithm = "sha256_rsa" if isinstance(key, rsa.RSAPrivateKey) else "sha256_ecdsa"
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(others)
        super().__init__(
            signing_cert=certificate,
            cert_registry=registry,
            signature_mechanism=SignedDigestAlgorithm({"algorithm": algorithm}),
        )
        self.key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def signer_for(keys: PdfKeys) -> Signer:
    """Return who signs with the key in use; its chain lies in the ring in either case."""
    certificate, *others = (_as_asn1(each) for each in keys.public[keys.in_use])
    token: dict[str, Any] = settings.SEALING["pkcs11"]
    if not token["module"]:
        return KeySigner(keys.private, certificate, others)
    pkcs11 = import_module("pyhanko.sign.pkcs11")  # needs python-pkcs11, which only such an installation has
    session = pkcs11.open_pkcs11_session(token["module"], token_label=token["label"], user_pin=token["pin"])
    signer: Signer = pkcs11.PKCS11Signer(session, signing_cert=certificate, ca_chain=others, key_label=token["key"])
    return signer


def _as_asn1(certificate: Certificate) -> x509.Certificate:
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))
