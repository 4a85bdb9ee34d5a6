"""What must hold before a quota for targeted titles is in force (R-226)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from review.models import TargetedQuota

FEWEST_SIGNS = 10


@guard(gettext_lazy("提出人不能同时批准，请由另一位负责人批准。"), basis="R-226")
def another_proposed(quota: "TargetedQuota", attempt: Attempt) -> bool:
    """Four eyes."""
    return attempt.by.person is None or quota.proposed_by_id != attempt.by.person.pk


@guard(gettext_lazy("名额不能少于已经使用的数量。"), basis="R-226", needs=("used",))
def covers_what_was_granted(quota: "TargetedQuota", attempt: Attempt) -> bool | str:
    """What was accepted is not taken back by a smaller number."""
    used = int(attempt.facts.get("used") or 0)
    if quota.total >= used:
        return True
    return _("名额不能少于已经使用的%(used)s个。") % {"used": used}


@guard(gettext_lazy("请写明理由，至少10个字。"), basis="R-226", needs=("reason",), field="reason")
def reason_given(quota: "TargetedQuota", attempt: Attempt) -> bool:
    """Whoever proposed learns why."""
    return len(str(attempt.facts.get("reason", "")).strip()) >= FEWEST_SIGNS
