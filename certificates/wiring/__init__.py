"""What the certificates register with the rooms below, and what they check at start."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from certificates.domain import drawing, following
from certificates.enums import CERTIFICATE_FILE, CHANGE_PROOF, NOTICE_FILE, REGISTER_FILE
from certificates.models import RegisterExport
from certificates.wiring import checking, desks
from portal.accounts.actors import Actor
from portal.accounts.rules import bureau, is_system
from portal.documents.enums import Kind
from portal.documents.models import StoredFile
from portal.documents.purposes import Purpose
from portal.documents.purposes import register as register_purpose
from portal.documents.rules import is_own
from portal.integrity import registry as integrity


def _reads_register(actor: Actor, file: StoredFile) -> bool:
    return RegisterExport.objects.of(actor).filter(file=file).exists()


PURPOSES = (
    Purpose(CERTIFICATE_FILE, _("电子职称证书"), may_upload=is_system, may_read=is_own | bureau),
    Purpose(NOTICE_FILE, _("电子职称评价结果通知书"), may_upload=is_system, may_read=is_own | bureau),
    Purpose(
        REGISTER_FILE,
        _("证书登记簿导出文件"),
        may_upload=is_system,
        may_read=_reads_register,
        kinds=frozenset({Kind.XLSX}),
    ),
    Purpose(CHANGE_PROOF, _("证书更正的证明材料"), may_upload=bureau, may_read=bureau),
)


def connect() -> None:
    """Register everything."""
    for purpose in PURPOSES:
        register_purpose(purpose)
    neighbours.register(following.OfApplications())
    integrity.register(following.OfRecords())
    desks.connect_desks()
    checking.connect_checking()
    checks.register(seal_is_own, deploy=True)


def seal_is_own(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say where certificates show the portal's drawing of a seal; refuse a seal of the office's that cannot be printed."""
    if not settings.CERTIFICATE_SEAL:
        hint = "Name the office's own in CERTIFICATE_SEAL (docs/certificate-paper.md)."
        return [checks.Info("Certificates show a seal that the portal has drawn.", hint=hint, id="certificates.I001")]
    try:
        drawing.set_up_press()
    except (OSError, ValueError) as failure:
        return [checks.Error(f"CERTIFICATE_SEAL cannot be printed: {failure}", id="certificates.E001")]
    return []
