"""What the certificates register with the rooms below."""

from django.utils.translation import gettext_lazy as _

from applications.domain import neighbours
from certificates.domain import following
from certificates.enums import CERTIFICATE_FILE, CHANGE_PROOF, NOTICE_FILE
from portal.accounts.rules import bureau, is_system
from portal.documents.purposes import Purpose
from portal.documents.purposes import register as register_purpose
from portal.documents.rules import is_own
from portal.integrity import registry as integrity

PURPOSES = (
    Purpose(CERTIFICATE_FILE, _("电子职称证书"), may_upload=is_system, may_read=is_own | bureau),
    Purpose(NOTICE_FILE, _("电子职称评价结果通知书"), may_upload=is_system, may_read=is_own | bureau),
    Purpose(CHANGE_PROOF, _("证书更正的证明材料"), may_upload=bureau, may_read=bureau),
)


def connect() -> None:
    """Register everything."""
    for purpose in PURPOSES:
        register_purpose(purpose)
    neighbours.register(following.OfApplications())
    integrity.register(following.OfRecords())
