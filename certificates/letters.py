"""What holders and their employers are told about certificates (N-11); texts stand under ``templates/certificates/letters``."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


class _ToHolder(Letter):
    occasion = Occasion.CERTIFICATE


class _ToEmployer(Letter):
    occasion = Occasion.CERTIFICATE
    organisation_page = "applications:file"


class _ToBureau(Letter):
    occasion = Occasion.CERTIFICATE
    channels: ClassVar = {}


@letter
class CertificateIssued(_ToHolder):
    label = _("职称证书已核发")
    facts = ("title", "number")


@letter
class CertificateIssuedToEmployer(_ToEmployer):
    label = _("推荐人员已取得职称证书")
    facts = ("name", "title", "number")


@letter
class CertificateCorrected(_ToHolder):
    label = _("职称证书已更正换发")
    facts = ("title", "number", "replaced")


@letter
class CertificateSuspended(_ToHolder):
    label = _("职称证书暂停使用")
    facts = ("title", "number", "reason")


@letter
class CertificateResumed(_ToHolder):
    label = _("职称证书恢复使用")
    facts = ("title", "number")


@letter
class CertificateRevoked(_ToHolder):
    label = _("职称证书已撤销")
    facts = ("title", "number", "reason", "on", "remedies")


@letter
class CertificateRevokedToEmployer(_ToEmployer):
    label = _("推荐人员的职称证书已撤销")
    facts = ("name", "title", "number", "on")


@letter
class CertificateRestored(_ToHolder):
    label = _("职称证书已恢复")
    facts = ("title", "number")


@letter
class CertificateRestoredToEmployer(_ToEmployer):
    label = _("推荐人员的职称证书已恢复")
    facts = ("name", "title", "number")


@letter
class OrderWaits(_ToBureau):
    label = _("发证批次待签发")
    facts = ("people",)


@letter
class RegisterReady(_ToBureau):
    label = _("证书登记簿已导出")
    facts = ("number", "kept_days")
    page = "certificates:exported"


@letter
class RegisterFailed(_ToBureau):
    label = _("证书登记簿未能导出")
    facts = ("asked_at",)
    page = "certificates:exported"
