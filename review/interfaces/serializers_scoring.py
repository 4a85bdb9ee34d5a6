"""Score sheets over the API: a member's own lines, and the summary as far as it is for the member."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.catalogue.enums import Heading, Indicator
from portal.http.bodies import Body
from review.enums.scoring import LineSource, SheetState

MOST_POINTS = 1000
TENTHS: dict[str, Any] = {"max_digits": 5, "decimal_places": 1}


# --- Answers ----------------------------------------------------------------------------------
class ScoreLineSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(source="criterion.order")
    heading = serializers.ChoiceField(Heading.choices, source="criterion.heading")
    indicator = serializers.ChoiceField(Indicator.choices, source="criterion.indicator")
    text = serializers.CharField(source="criterion.text")
    max_score = serializers.IntegerField(source="criterion.max_score", help_text=_("最高分即权重。"))
    source: Any = serializers.ChoiceField(LineSource.choices, help_text=_("只有 member 由委员评分。"))
    points = serializers.DecimalField(**TENTHS, allow_null=True, help_text=_("未评分，或者没有可折算的为空。"))
    origin = serializers.CharField(help_text=_("折算的依据。"), allow_blank=True)


class HeadingMeanSerializer(serializers.Serializer[Any]):
    heading = serializers.ChoiceField(Heading.choices)
    points = serializers.DecimalField(**TENTHS)
    most = serializers.IntegerField()


class ScoreNumbersSerializer(serializers.Serializer[Any]):
    mean = serializers.DecimalField(**TENTHS, help_text=_("加权平均，按100分折算。"))
    spread = serializers.DecimalField(**TENTHS, help_text=_("最高与最低相差，按100分折算。"))
    headings = HeadingMeanSerializer(many=True)


class ScoreSummarySerializer(serializers.Serializer[Any]):
    """What all sheets say; it changes nothing of the vote."""

    sheets = serializers.IntegerField()
    awaited = serializers.IntegerField(help_text=_("在场而没有提交的委员人数。"))
    least = serializers.IntegerField(help_text=_("少于该份数的不汇总。"))
    threshold = serializers.IntegerField(help_text=_("相差超过该分数的，提示分歧。"))
    is_divergent = serializers.BooleanField(allow_null=True)
    numbers = ScoreNumbersSerializer(allow_null=True, help_text=_("在场委员全部提交或者开始投票后才有。"))


class ScoreSheetSerializer(serializers.Serializer[Any]):
    """The member's own sheet; nobody else's is ever answered."""

    state = serializers.ChoiceField(SheetState.choices)
    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)
    handed_in_at = serializers.DateTimeField(allow_null=True)
    lines = ScoreLineSerializer(many=True)
    summary = ScoreSummarySerializer(allow_null=True, help_text=_("提交本人评分表后才有。"))


# --- Bodies -----------------------------------------------------------------------------------
class ScoringBody(Body):
    """``points`` maps the number of a line to whole points or null; ``version`` is the one that the change is based on."""

    points = serializers.DictField(child=serializers.IntegerField(min_value=0, max_value=MOST_POINTS, allow_null=True))
    version = serializers.IntegerField(min_value=0)
