"""States of a member's score sheet, and where the points of its lines come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SheetState(models.TextChoices):
    """Where a member's sheet for one case stands."""

    DRAFT = "draft", _("草稿")
    HANDED_IN = "handed_in", _("已提交")


class LineSource(models.TextChoices):
    """Who gives the points of a line: the member, or a rule that reads another record."""

    MEMBER = "member", _("委员评分")
    EMPLOYER = "employer", _("单位考核结果和推荐")
    PANEL = "panel", _("答辩评议结果")
