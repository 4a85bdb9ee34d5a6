"""Facts that must hold before a failed delivery is tried again."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.notifications.channels import address_of
from portal.notifications.enums import Channel
from portal.workflow import Attempt, guard

if TYPE_CHECKING:
    from portal.notifications.models import Delivery


@guard(gettext_lazy("提醒对应的事项已经办结，不必再发。"), basis="R-107")
def still_matters(delivery: "Delivery", attempt: Attempt) -> bool:
    """A reminder whose task is done is not sent any more."""
    return delivery.notification.lapsed_at is None


@guard(gettext_lazy("没有收件地址，请先由本人补充联系方式。"), basis="R-107")
def address_is_known(delivery: "Delivery", attempt: Attempt) -> bool | str:
    """There is somewhere to send it to."""
    if address_of(delivery):
        return True
    return _("收件人没有登记%(what)s，请先由本人补充。") % {
        "what": _("手机号码") if delivery.channel == Channel.SMS else _("电子邮箱")
    }
