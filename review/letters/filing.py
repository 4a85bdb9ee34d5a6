"""What agencies and the bureau are told about the filing of committees; texts stand under ``templates/review/letters``."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from portal.notifications.enums import Occasion
from portal.notifications.kinds import Letter, letter


class _AboutFiling(Letter):
    occasion = Occasion.EXPIRING
    channels: ClassVar = {}
    organisation_page = "review:filing"


@letter
class FilingSubmitted(_AboutFiling):
    label = _("评审委员会报送备案")
    facts = ("agency", "name", "scope")


@letter
class FilingSentBack(_AboutFiling):
    label = _("评审委员会备案退回修改")
    facts = ("name", "reason")


@letter
class FilingRefused(_AboutFiling):
    label = _("评审委员会不予备案")
    facts = ("name", "reason")


@letter
class FilingRecorded(_AboutFiling):
    label = _("评审委员会已备案")
    facts = ("agency", "name", "scope", "number", "span")


@letter
class FilingChangeHandedIn(_AboutFiling):
    label = _("评审委员会委员调整待确认")
    facts = ("agency", "name", "number", "reason")


@letter
class FilingChangeConfirmed(_AboutFiling):
    label = _("评审委员会委员调整已确认")
    facts = ("name", "number")


@letter
class FilingChangeDropped(_AboutFiling):
    label = _("评审委员会委员调整未生效")
    facts = ("name", "number", "reason")


@letter
class FilingExpiring(_AboutFiling):
    label = _("评审委员会备案将到期")
    facts = ("name", "number", "span")
    must_say = ("不得召开评审会议",)


@letter
class FilingExpired(_AboutFiling):
    label = _("评审委员会备案已到期")
    facts = ("agency", "name", "number", "span")
    must_say = ("不得召开评审会议",)


@letter
class FilingRevoked(_AboutFiling):
    label = _("评审委员会备案已撤销")
    facts = ("name", "number", "reason")


@letter
class CommitteeWaits(Letter):
    occasion = Occasion.REVIEWED
    label = _("评审委员会备案终止，申报等候评审")
    facts = ("title", "committee")
    page = "applications:mine"
    must_say = ("无需重新申报",)
