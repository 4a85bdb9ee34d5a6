"""Deadlines as the API shows them."""

from typing import Any

from rest_framework import serializers

from portal.deadlines.models import Deadline
from portal.deadlines.registry import kind_named


class DeadlineSerializer(serializers.ModelSerializer[Deadline]):
    """A timer that runs; ``due_at`` is exclusive and null while the clock stands still."""

    label: Any = serializers.SerializerMethodField()
    days = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Deadline
        fields: tuple[str, ...] = (
            "kind",
            "label",
            "started_at",
            "workdays",
            "due_at",
            "is_provisional",
            "basis",
            "days",
        )

    def get_label(self, deadline: Deadline) -> str:
        return str(kind_named(deadline.kind).label)
