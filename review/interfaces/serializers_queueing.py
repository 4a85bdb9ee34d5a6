"""Files given to clerks many at once, as the API takes and shows it."""

from typing import Any

from rest_framework import serializers

from portal.http.bodies import Body, Text
from portal.http.schema import ReasonSerializer
from review.domain.allotting import MOST
from review.enums.queueing import LONGEST_NOTE
from review.models import Allotment, AllottedFile

MOST_CLERKS = 100


class AllotSerializer(Body):
    """Which files, and to whom; several clerks get the same number."""

    codes = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=MOST)
    to = serializers.ListField(child=Text(max_length=20), min_length=1, max_length=MOST_CLERKS)
    note = Text(max_length=LONGEST_NOTE, required=False, default="", allow_blank=True)


class AllottedFileSerializer(serializers.ModelSerializer[AllottedFile]):
    """One file: given, refused with reasons, or still waiting."""

    code = serializers.CharField(source="review.code")
    to = serializers.CharField(source="to.code")
    done = serializers.BooleanField(source="is_done")
    reasons = ReasonSerializer(many=True)

    class Meta:
        model = AllottedFile
        fields = ("code", "to", "done", "handled_at", "reasons")


class AllotmentSerializer(serializers.ModelSerializer[Allotment]):
    """What was asked, and what became of each file; ``finished_at`` is empty while it goes on in the background."""

    files = AllottedFileSerializer(many=True)

    class Meta:
        model = Allotment
        fields: Any = ("code", "asked_at", "note", "finished_at", "files")
