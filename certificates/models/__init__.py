"""Tables of certificates."""

from certificates.models.certificate import Certificate
from certificates.models.change import CertificateChange
from certificates.models.check import CertificateCheck, OneTimeCode
from certificates.models.export import RegisterExport
from certificates.models.national import NationalPush
from certificates.models.numbers import NumberSeries
from certificates.models.order import IssueLine, IssueOrder
from certificates.models.transparency import LogCheckpoint, LogLeaf, LogNode, LogStamp

__all__ = [
    "Certificate",
    "CertificateChange",
    "CertificateCheck",
    "IssueLine",
    "IssueOrder",
    "LogCheckpoint",
    "LogLeaf",
    "LogNode",
    "LogStamp",
    "NationalPush",
    "NumberSeries",
    "OneTimeCode",
    "RegisterExport",
]
