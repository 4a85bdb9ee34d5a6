"""What a clerk is told of a sheet of the queue that was written in the background."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


@letter
class SheetReady(Letter):
    occasion = Occasion.REVIEWED
    label = _("审核列表已导出")
    facts = ("number", "kept_days")
    page = "review:exported"
    channels = {}


@letter
class SheetFailed(Letter):
    occasion = Occasion.REVIEWED
    label = _("审核列表未能导出")
    facts = ("asked_at",)
    page = "review:exported"
    channels = {}
