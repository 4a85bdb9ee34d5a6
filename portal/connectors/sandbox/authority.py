"""A time-stamp authority (RFC 3161) that really signs, with a key that it makes when it is first started."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from portal.connectors.sandbox import ROOTS

POLICY = "1.2.3.4.1"
KEY_FILE, CERTIFICATE_FILE = "timestamp-key.pem", "timestamp-certificate.pem"
BEGINNING, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""The certificates are valid through any time to which a demonstration clock may be moved."""


class Authority:
    """Signs stamps with the key in the folder `data`; makes key, certificate and root where there are none."""

    def __init__(self, data: Path) -> None:
        if not (data / KEY_FILE).exists():
            _found(data)
        key = serialization.load_pem_private_key((data / KEY_FILE).read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the authority signs with an elliptic curve key")
        self.key = key
        certificate = x509.load_pem_x509_certificate((data / CERTIFICATE_FILE).read_bytes())
        self.certificate = asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
        self.stranger = ec.generate_private_key(ec.SECP256R1())

    def stamp(self, query: bytes, now: datetime, *, forge: bool = False, other_data: bool = False) -> bytes:
        """Return the response to a query; `forge` signs with a stranger's key, `other_data` stamps something else.

        Raise ValueError where the query is none.
        """
        asked = tsp.TimeStampReq.load(query)
        info = self._info(asked, now, other_data=other_data).dump()
        attributes = self._signed_attributes(info)
        key = self.stranger if forge else self.key
        signature = key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
                "certificates": [self.certificate] if asked["cert_req"].native else [],
                "signer_infos": [self._signer(attributes, signature)],
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _info(self, asked: tsp.TimeStampReq, now: datetime, *, other_data: bool) -> tsp.TSTInfo:
        imprint = asked["message_imprint"].copy()
        if other_data:
            imprint["hashed_message"] = hashlib.sha256(b"something else").digest()
        info = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(120),
            "gen_time": now.astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        return tsp.TSTInfo(info)

    def _signed_attributes(self, info: bytes) -> cms.CMSAttributes:
        fingerprint = hashlib.sha256(self.certificate.dump()).digest()
        binding = tsp.SigningCertificateV2({"certs": [{"cert_hash": fingerprint}]})
        return cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(info).digest()]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [binding]}),
            ]
        )

    def _signer(self, attributes: cms.CMSAttributes, signature: bytes) -> cms.SignerInfo:
        identity = cms.IssuerAndSerialNumber(
            {"issuer": self.certificate.issuer, "serial_number": self.certificate.serial_number}
        )
        return cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": identity}),
                "digest_algorithm": {"algorithm": "sha256"},
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": signature,
            }
        )


def _found(data: Path) -> None:
    """Make a root and a certificate that it issued for stamping time, and keep them in the folder."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = _name("Sandbox Root"), _name("Sandbox Time-Stamp Authority")
    authority = x509.BasicConstraints(ca=True, path_length=0)
    root = (
        _builder(root_name, root_name, root_key).add_extension(authority, critical=True).sign(root_key, hashes.SHA256())
    )
    certificate = (
        _builder(name, root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (data / ROOTS).write_bytes(root.public_bytes(pem))
    (data / CERTIFICATE_FILE).write_bytes(certificate.public_bytes(pem))
    (data / KEY_FILE).write_bytes(private)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINNING)
        .not_valid_after(END - timedelta(days=1))
    )
