"""States of the scrutineers' key (domain §8.6, Ballot)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyState(models.TextChoices):
    """How far three scrutineers are with the key of one session."""

    MAKING = "making", _("生成中")
    READY = "ready", _("已生成")
    ENDED = "ended", _("已作废")


# Until when encrypted ballots are kept: as long as an outcome can be appealed against.
BALLOTS_KEPT = "review.ballots_kept"

LIVE_KEYS = frozenset({KeyState.MAKING, KeyState.READY})
KEY_TONES = {KeyState.MAKING: "action", KeyState.READY: "good", KeyState.ENDED: "ended"}
