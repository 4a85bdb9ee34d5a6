"""States of a request to work for an organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """From the proposal to the membership."""

    PROPOSED = "proposed", _("待批准")
    INVITED = "invited", _("待本人接受")
    ACCEPTED = "accepted", _("已接受")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")
    LAPSED = "lapsed", _("已过期")


OPEN = frozenset({RequestState.PROPOSED, RequestState.INVITED})
