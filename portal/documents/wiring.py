"""What this room brings along: the purpose of files that people keep for later use, its page, its checks."""

from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import acts_personally
from portal.documents import checks, purposes
from portal.documents.enums import PAPERS
from portal.documents.purposes import PERSONAL, Purpose
from portal.documents.rules import is_own
from portal.http import navigation


def connect() -> None:
    """Register the room with the house."""
    purposes.register(
        Purpose(
            name=PERSONAL,
            label=_("个人材料"),
            kinds=PAPERS,
            may_upload=acts_personally,
            may_read=is_own,
            owner_may_remove=True,
        )
    )
    navigation.register("documents:mine", _("我的材料"), who=acts_personally, place=60)
    register(checks.storage_is_private, Tags.security)
    register(checks.storage_is_chosen, Tags.security, deploy=True)
    register(checks.scanner_is_configured, Tags.security, deploy=True)
    register(checks.fonts_draw_chinese, deploy=True)
    register(checks.fonts_draw_rare_names, deploy=True)
