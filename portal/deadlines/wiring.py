"""What the deadlines register with the rooms below."""

from portal.deadlines import ringing, setting
from portal.workdays import publishing
from portal.workflow import register_settler


def connect() -> None:
    """Settle due deadlines before steps, and count anew when a year's notice comes into force."""
    register_settler(ringing.settle_due)
    publishing.on_published(setting.recompute_all)
