"""Where people find the checks of certificates."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import acts_personally, employer
from portal.http import navigation


def connect_checking() -> None:
    """Register everything."""
    # Who acts personally finds it on the home page, and their own certificates on the bar.
    navigation.register("certificates:check", _("证书查验"), who=~acts_personally, place=42)
    navigation.register("certificates:check_sheet", _("批量查验证书"), who=employer, place=140)
