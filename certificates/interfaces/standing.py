"""What each standing of a certificate means for its holder, and what they can do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from certificates.enums import CertificateState as S
from certificates.models import Certificate


@dataclass(frozen=True)
class Standing:
    """What the state means, what the holder can do, and the rule that it rests on."""

    meaning: Any
    to_do: Any
    basis: str


STANDINGS: dict[str, Standing] = {
    S.ISSUED: Standing(
        _("证书有效，他人查验时显示有效。"),
        _("请下载并妥善保存证书文件。信息有误的，请携带证明材料向市人力资源社会保障局申请更正。"),
        "R-123",
    ),
    S.SUSPENDED: Standing(
        _("证书正在核查，暂停使用；他人查验时显示核查中。"),
        _("请查看告知的理由，可以向市人力资源社会保障局说明情况、提交材料。核查未发现问题的，证书恢复使用。"),
        "A-45",
    ),
    S.REVOKED: Standing(
        _("职称已被撤销，证书不再有效；他人查验时显示已撤销。"),
        _("对撤销决定不服的，可以在收到决定书之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。"),
        "R-141",
    ),
    S.SUPERSEDED: Standing(
        _("证书已更正，由新证书替代；他人查验原编号时显示新编号。"), _("请下载并使用新证书。"), "R-123"
    ),
}


def standing_of(certificate: Certificate) -> Standing:
    """Return what the state of an issued certificate means; raises KeyError for one that was never handed out."""
    return STANDINGS[certificate.state]
