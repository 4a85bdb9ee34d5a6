"""States and kinds of a committee's filing, and its timers (domain §8.12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FilingState(models.TextChoices):
    """Where the filing of one committee stands (domain §8.12)."""

    DRAFT = "draft", _("编制中")
    SUBMITTED = "submitted", _("已报送，待备案")
    SENT_BACK = "sent_back", _("退回修改")
    REFUSED = "refused", _("不予备案")
    FILED = "filed", _("已备案")
    AMENDED = "amended", _("已备案，调整中")
    EXPIRING = "expiring", _("即将到期")
    EXPIRED = "expired", _("已到期")
    REVOKED = "revoked", _("已撤销")


F = FilingState
EDITABLE = frozenset({F.DRAFT, F.SENT_BACK})
# Sessions may be drawn from these: while a change is prepared, the roll filed before goes on holding.
IN_FORCE = frozenset({F.FILED, F.AMENDED, F.EXPIRING})
TONES = {
    F.DRAFT: "action",
    F.SUBMITTED: "waiting",
    F.SENT_BACK: "action",
    F.REFUSED: "bad",
    F.FILED: "good",
    F.AMENDED: "waiting",
    F.EXPIRING: "action",
    F.EXPIRED: "ended",
    F.REVOKED: "bad",
}


class Duty(models.TextChoices):
    """What a member does in the committee."""

    CHAIR = "chair", _("主任委员")
    DEPUTY = "deputy", _("副主任委员")
    MEMBER = "member", _("委员")


class Change(models.TextChoices):
    """What a prepared amendment does with one member; it counts once the bureau confirmed it."""

    NONE = "", _("不变")
    CHAIR = "chair", _("改任主任委员")
    DEPUTY = "deputy", _("改任副主任委员")
    MEMBER = "member", _("改任委员")
    OUT = "out", _("退出")


FILING_EXPIRING, FILING_EXPIRED = "review.filing_expiring", "review.filing_expired"
