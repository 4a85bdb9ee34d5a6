"""What the calendar registers with the rooms below."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import bureau
from portal.http import navigation


def connect() -> None:
    """Offer the entry of holiday notices to the bureau."""
    navigation.register("workdays:notices", _("放假安排"), who=bureau, place=210)
