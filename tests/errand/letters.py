"""Letters of the smallest process: one of each sort."""

from portal.notifications.enums import Channel, Need, Occasion
from portal.notifications.kinds import Letter, letter
from tests.errand.models import Errand


@letter
class ReturnedErrand(Letter):
    occasion = Occasion.RETURNED
    label = "退回补正"
    facts = ("defects", "due_at")
    channels = {Channel.SMS: Need.OPTIONAL, Channel.EMAIL: Need.OPTIONAL}
    must_say = ("只有一次机会",)


@letter
class Summoned(Letter):
    occasion = Occasion.DEFENCE
    label = "答辩通知"
    facts = ("on",)
    channels = {Channel.SMS: Need.REQUIRED}
    required_by = "R-107"


@letter
class Warned(Letter):
    occasion = Occasion.SANCTION
    label = "处理告知"
    facts = ("grounds",)
    registered = True


@letter
class DueSoon(Letter):
    occasion = Occasion.EMPLOYER_DEADLINE
    label = "到期提醒"
    facts = ("remaining",)
    reminder = True


@letter
class Noted(Letter):
    occasion = Occasion.OVERDUE
    label = "提示"
    channels = {}
    page = "notifications:message"


@letter
class Answered(Letter):
    occasion = Occasion.OBJECTION
    label = "答复"
    channels = {Channel.SMS: Need.OPTIONAL, Channel.EMAIL: Need.OPTIONAL}
    outside = True


def reach(about_id: int, channel: Channel) -> str:
    """Take the errand's opinion for a telephone number, so that a test writes it where the portal keeps nothing."""
    if channel is not Channel.SMS:
        return ""
    return str(Errand.objects.values_list("opinion", flat=True).get(pk=about_id))
