"""States and kinds of certificates, of the orders that issue them, and of the changes that follow (domain §8.9)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateState(models.TextChoices):
    """Where one certificate stands, as anybody who checks it is told."""

    PREPARING = "preparing", _("制作中")
    ISSUED = "issued", _("有效")
    SUSPENDED = "suspended", _("核查中，暂停使用")
    REVOKED = "revoked", _("已撤销")
    SUPERSEDED = "superseded", _("已更正，由新证书替代")
    VOIDED = "voided", _("未发出，编号作废")


class OrderState(models.TextChoices):
    """Where an order to issue stands: one prepares it, another gives it."""

    PROPOSED = "proposed", _("待签发")
    RUNNING = "running", _("制作中")
    FINISHED = "finished", _("已办结")
    DROPPED = "dropped", _("已取消")


class ChangeKind(models.TextChoices):
    """What may be done to an issued certificate by two people of the bureau."""

    CORRECT = "correct", _("更正")
    SUSPEND = "suspend", _("暂停使用")
    RESUME = "resume", _("恢复使用")
    REVOKE = "revoke", _("撤销")
    RESTORE = "restore", _("撤销决定被撤销，恢复证书")


class ChangeState(models.TextChoices):
    """Where a proposed change stands."""

    PROPOSED = "proposed", _("待批准")
    APPROVED = "approved", _("已批准")
    DECLINED = "declined", _("未批准")


class PushState(models.TextChoices):
    """Where the notice of one version to the national platform stands."""

    WAITING = "waiting", _("待推送")
    TAKEN = "taken", _("已推送")


class CheckWay(models.TextChoices):
    """How somebody came to ask about a certificate."""

    QR = "qr", _("扫描证书二维码")
    NUMBER_NAME = "number_name", _("编号和姓名")
    NUMBER_NAME_CODE = "number_name_code", _("编号、姓名和查验码")
    BULK = "bulk", _("单位批量查验")
    FILE = "file", _("核对证书文件")
    ONE_TIME_CODE = "one_time_code", _("一次性查验码")


S = CertificateState
# What was issued once: its paper exists and may be checked.
OUT = frozenset({S.ISSUED, S.SUSPENDED, S.REVOKED, S.SUPERSEDED})
STANDING = frozenset({S.PREPARING, S.ISSUED, S.SUSPENDED})

# What files are for.
CERTIFICATE_FILE, NOTICE_FILE, CHANGE_PROOF = "certificate", "certificate_notice", "certificate_change"
REGISTER_FILE = "certificate_register"

BASES = {
    ChangeKind.CORRECT: "R-123",
    ChangeKind.SUSPEND: "A-45",
    ChangeKind.RESUME: "A-45",
    ChangeKind.REVOKE: "R-141",
    ChangeKind.RESTORE: "A-45",
}
# What a clerical error may have touched; title, series and level are the committee's decision.
CORRECTABLE = ("holder_name", "sex", "birth_date", "specialty", "committee", "passed_on")

TONES = {
    S.PREPARING: "running",
    S.ISSUED: "good",
    S.SUSPENDED: "held",
    S.REVOKED: "bad",
    S.SUPERSEDED: "ended",
    S.VOIDED: "ended",
}
ORDER_TONES = {
    OrderState.PROPOSED: "action",
    OrderState.RUNNING: "running",
    OrderState.FINISHED: "good",
    OrderState.DROPPED: "ended",
}
CHANGE_TONES = {ChangeState.PROPOSED: "action", ChangeState.APPROVED: "good", ChangeState.DECLINED: "ended"}
