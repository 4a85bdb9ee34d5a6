"""What must hold before members are drawn."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from review.models import Draw

SHORTEST_SHARE, LONGEST_SHARE = 6, 64


@guard(gettext_lazy("可抽取的专家不足。"), basis="E-05", needs=("pool",))
def enough_to_draw(draw: "Draw", attempt: Attempt) -> bool | str:
    """As many can be drawn as there are seats, a chair or deputy among them."""
    pool = attempt.facts.get("pool")
    return pool is not None and (pool.why_not(draw.session.size) or True)


@guard(gettext_lazy("请输入6到64位字母或者数字，由您当场自行确定。"), basis="R-115", needs=("share",), field="share")
def share_given(draw: "Draw", attempt: Attempt) -> bool:
    """The commissioner's own number, as plain signs that anybody can type again."""
    share = str(attempt.facts.get("share", ""))
    return SHORTEST_SHARE <= len(share) <= LONGEST_SHARE and share.isascii() and share.isalnum()


@guard(gettext_lazy("名单固定后情况有变化，请评审服务机构重新固定名单。"), basis="R-116", needs=("pool",))
def nothing_changed_since(draw: "Draw", attempt: Attempt) -> bool | str:
    """Whoever was frozen can still be drawn: nobody was disqualified, ended or found related since."""
    pool = attempt.facts.get("pool")
    gone = sorted(set(draw.eligible) - set(pool.eligible)) if pool is not None else []
    if pool is not None and not gone:
        return True
    return _("名单固定后有%(number)s名专家不再符合抽取条件，请评审服务机构重新固定名单。") % {"number": len(gone)}
