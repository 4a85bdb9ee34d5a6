"""States and kinds of a result batch before the bureau, of its cases and its papers (domain §8.7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AcceptanceState(models.TextChoices):
    """Where one batch of results stands."""

    SUBMITTED = "submitted", _("已报送，待受理")
    CHECKING = "checking", _("验收中")
    SENT_BACK = "sent_back", _("已退回补正材料")
    ACCEPTED = "accepted", _("验收通过")
    PARTLY_ACCEPTED = "partly_accepted", _("部分验收通过")
    REFUSED = "refused", _("验收不通过")
    PUBLICISED = "publicised", _("公示已办结")
    CERTIFIED = "certified", _("已核发证书，办结")


class CaseState(models.TextChoices):
    """Where one person of a batch stands, besides the application itself."""

    REPORTED = "reported", _("待验收")
    ACCEPTED = "accepted", _("已验收")
    HELD = "held", _("暂缓验收")
    REVOTED = "revoted", _("重新评审")
    VOIDED = "voided", _("结果已作废")
    CLOSED = "closed", _("申报已终止")


class PaperKind(models.TextChoices):
    """What is attached to a report; minutes and count sheet are written from the signed record."""

    REPORT = "report", _("评审工作报告")
    MINUTES = "minutes", _("评审会议记录")
    COUNT_SHEET = "count_sheet", _("计票单")
    OTHER = "other", _("补充材料")


A = AcceptanceState
UNDECIDED = frozenset({A.SUBMITTED, A.CHECKING, A.SENT_BACK})
DECIDED_YES = frozenset({A.ACCEPTED, A.PARTLY_ACCEPTED})
AFTER_DECISION = DECIDED_YES | {A.PUBLICISED, A.CERTIFIED}
NEEDED_PAPERS = frozenset({PaperKind.REPORT, PaperKind.MINUTES, PaperKind.COUNT_SHEET})
BROUGHT_PAPERS = (PaperKind.REPORT, PaperKind.OTHER)

# The decision of a review or appeal that the bureau carries out for somebody who did not pass.
APPEAL_DECISION = "review.appeal_decision"

# The promise of R-006, on the batch; why its clock may stand still.
PROMISE = "review.acceptance_promise"
AT_THE_AGENCY, ON_SHOW, LOOKED_INTO = "review.sent_back", "review.on_show", "review.looked_into"

TONES = {
    A.SUBMITTED: "action",
    A.CHECKING: "running",
    A.SENT_BACK: "action",
    A.ACCEPTED: "good",
    A.PARTLY_ACCEPTED: "running",
    A.REFUSED: "bad",
    A.PUBLICISED: "good",
    A.CERTIFIED: "good",
}
CASE_TONES = {
    CaseState.REPORTED: "waiting",
    CaseState.ACCEPTED: "good",
    CaseState.HELD: "action",
    CaseState.REVOTED: "bad",
    CaseState.VOIDED: "bad",
    CaseState.CLOSED: "ended",
}
