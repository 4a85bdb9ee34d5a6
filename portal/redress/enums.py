"""States of review requests, why one is not admitted, and the named sets the rules speak of (domain §8.17, A-24)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The timer of a request: until when it must be answered.
ANSWER = "redress.request_is_answered"
# What files are kept for.
EVIDENCE = "review_request_evidence"


class RequestState(models.TextChoices):
    """Where a request stands."""

    FILED = "filed", _("已提交，待受理")
    NOT_ADMITTED = "not_admitted", _("不予受理")
    HANDLING = "handling", _("复查中")
    EXTENDED = "extended", _("延期复查中")
    ANSWERED_UPHELD = "answered_upheld", _("维持原结果")
    UPHELD_PROCEDURE = "upheld_procedure", _("认定程序或者事实有误")
    SECOND_INSTANCE = "second_instance", _("市人力资源社会保障局复核中")
    CLOSED = "closed", _("复核办结")
    WITHDRAWN = "withdrawn", _("已撤回")
    MOOT = "moot", _("原结果已变更，复查终结")


class NotAdmittedGround(models.TextChoices):
    """Why a request is not looked into."""

    NO_FAULT = "no_fault", _("办理记录显示程序和期限无误，申请未提出与之不符的事实")
    ACADEMIC = "academic", _("只对专家的学术评价有异议")
    NOT_OWN = "not_own", _("不属于本人的评审结果")


S = RequestState
AT_FIRST_INSTANCE = (S.HANDLING, S.EXTENDED)
AWAITING_ANSWER = frozenset({S.FILED, *AT_FIRST_INSTANCE, S.SECOND_INSTANCE})
# An answer with which the person may turn to the second instance.
MAY_GO_HIGHER = (S.NOT_ADMITTED, S.ANSWERED_UPHELD)
TONES = {
    S.FILED: "waiting",
    S.HANDLING: "running",
    S.EXTENDED: "running",
    S.SECOND_INSTANCE: "running",
    S.UPHELD_PROCEDURE: "good",
}
